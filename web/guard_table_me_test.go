package web_test

// meLines: what people see and change of their own account.
func (h *house) meLines() lines {
	return lines{}
}
