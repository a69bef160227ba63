package web_test

// docsLines: the decisions, and the switch of the glass box.
func (h *house) docsLines() lines {
	return lines{
		"GET /docs/adr":       open("/docs/adr"),
		"GET /docs/adr/:name": open("/docs/adr/0004-reads-and-writes-apart"),
		"GET /me/glass":       signedIn("/me/glass", ok),
		"POST /me/glass":      signedIn("/me/glass", to).with("on", "1"),
	}
}
