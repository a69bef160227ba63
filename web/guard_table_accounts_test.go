package web_test

import (
	"strings"

	"vitrine/app/platform/idem"
)

// accountLines: setup, sign-up, login, reset.
func (h *house) accountLines() lines {
	key := idem.NewKey()
	link, reset := "/verify/"+strings.Repeat("a", 43), "/reset/"+strings.Repeat("a", 43)
	return lines{
		"GET /setup":                anybody("/setup", clash),
		"POST /setup":               anybody("/setup", invalid).with(),
		"GET /signup":               signedIn("/signup", to).visitors(ok), // who is signed in is led on
		"POST /signup":              anybody("/signup", invalid).with(),
		"GET /signup/sent":          anybody("/signup/sent", ok),
		"GET /verify/:token":        anybody(link, none),
		"POST /verify/:token":       anybody(link, none).with("idempotency_key", key),
		"POST /verify/:token/again": anybody(link+"/again", none).with("idempotency_key", key),
		"GET /login":                signedIn("/login", to).visitors(ok),
		"POST /login":               anybody("/login", invalid).with(),
		"POST /logout":              anybody("/logout", to).with().leaves(),
		"GET /reset":                anybody("/reset", ok),
		"POST /reset":               anybody("/reset", invalid).with(),
		"GET /reset/sent":           anybody("/reset/sent", ok),
		"GET /reset/:token":         anybody(reset, none),
		"POST /reset/:token":        anybody(reset, none).with("idempotency_key", key, "password", password),
	}
}
