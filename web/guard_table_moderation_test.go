package web_test

// moderationLines: what moderators see and decide.
func (h *house) moderationLines() lines {
	return lines{}
}
