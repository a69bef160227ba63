package web_test

// adminLines: what those who run the installation see and do.
func (h *house) adminLines() lines {
	return lines{
		"POST /demo/fill":   roots("/demo/fill", none).with(), // there is none in this house
		"POST /demo/remove": roots("/demo/remove", none).with(),
	}
}
