package web_test

import "net/http"

// liveLines: what pages ask by themselves.
func (h *house) liveLines() lines {
	return lines{
		"GET /live":      signedIn("/live", http.StatusUpgradeRequired), // a page that is opened by hand is no connection
		"GET /live/poll": signedIn("/live/poll?after=0", ok),
	}
}
