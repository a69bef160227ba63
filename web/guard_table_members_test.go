package web_test

// memberLines: who belongs to a studio, and how they join and leave.
func (h *house) memberLines() lines {
	return lines{}
}
