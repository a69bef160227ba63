package web_test

// discoverLines: how people find what they did not know. Search stands with the
// walls.
func (h *house) discoverLines() lines {
	return lines{
		"GET /explore/popular": open("/explore/popular"),
		"GET /leaderboard":     open("/leaderboard?of=studios&time=month"),
	}
}
