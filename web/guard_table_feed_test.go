package web_test

// feedLines: what a member follows.
func (h *house) feedLines() lines {
	return lines{
		"GET /feed":         signedIn("/feed", ok),
		"GET /me/following": signedIn("/me/following", ok),
	}
}
