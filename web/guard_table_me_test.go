package web_test

import (
	"strings"

	"vitrine/app/platform/idem"
)

// meLines: what people see and change of their own account.
func (h *house) meLines() lines {
	key := idem.NewKey()
	token := strings.Repeat("a", 43)
	const nobody = "018f0000-0000-7000-8000-000000000000"
	return lines{
		"POST /admin/users/:user/second-factor/off": roots("/admin/users/"+nobody+"/second-factor/off", to).with("known", "A voice that I know.").proof(),
		"GET /login/second":                         anybody("/login/second", to), // nothing waits in this browser
		"POST /login/second":                        anybody("/login/second", to).with("code", "000000"),
		"GET /me":                                   signedIn("/me", ok),
		"POST /me":                                  signedIn("/me", invalid).with(),
		"GET /me/confirm":                           signedIn("/me/confirm", to), // everybody has proven it
		"POST /me/confirm":                          signedIn("/me/confirm", invalid).with(),
		"GET /me/sessions":                          signedIn("/me/sessions", ok),
		"POST /me/sessions/end":                     signedIn("/me/sessions/end", to).with("session", h.foreign.String()),
		"GET /me/security":                          signedIn("/me/security", ok),
		"POST /me/security/password":                signedIn("/me/security/password", invalid).with("idempotency_key", key),
		"GET /me/address":                           signedIn("/me/address", ok),
		"POST /me/address":                          signedIn("/me/address", invalid).with("idempotency_key", key).proof(),
		"GET /me/address/:token":                    signedIn("/me/address/"+token, none),
		"POST /me/address/:token":                   signedIn("/me/address/"+token, none).with(),

		"POST /me/sessions/end-others":     signedIn("/me/sessions/end-others", to).with(),
		"GET /me/security/factor":          signedIn("/me/security/factor", to).proof(), // none is being set up
		"POST /me/security/factor":         signedIn("/me/security/factor", to).with().proof(),
		"POST /me/security/factor/confirm": signedIn("/me/security/factor/confirm", invalid).with("code", "none").proof(),
		"POST /me/security/factor/off":     signedIn("/me/security/factor/off", to).with().proof(),
		"GET /me/security/codes":           signedIn("/me/security/codes", to).proof(),
		"POST /me/security/codes":          signedIn("/me/security/codes", to).with().proof(),
		"POST /me/security/codes/kept":     signedIn("/me/security/codes/kept", to).with().proof(),
		"GET /me/address/undone":           anybody("/me/address/undone", ok),
		"GET /me/address/undo/:token":      anybody("/me/address/undo/"+token, none),
		"POST /me/address/undo/:token":     anybody("/me/address/undo/"+token, none).with(),
	}
}
