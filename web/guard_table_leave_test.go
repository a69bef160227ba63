package web_test

import (
	"github.com/google/uuid"

	"vitrine/app/platform/idem"
)

// leaveLines: export and deletion.
func (h *house) leaveLines() lines {
	key := idem.NewKey()
	at, nobodys := "/studio/"+h.slug, "/export/"+uuid.NewString()+"/1"
	return lines{
		"GET /me/export":                           signedIn("/me/export", ok),
		"POST /me/export":                          signedIn("/me/export", to).with("idempotency_key", key).proof(),
		"GET /me/export/:export/:volume":           signedIn("/me"+nobodys, none).proof(),
		"GET /me/delete":                           signedIn("/me/delete", ok),
		"POST /me/delete":                          signedIn("/me/delete", invalid).with("confirm", "not my address").proof(),
		"POST /me/delete/keep":                     signedIn("/me/delete/keep", to).with(), // nothing is to end
		"GET /studio/:slug/export":                 admins(at+"/export", ok),
		"POST /studio/:slug/export":                admins(at+"/export", invalid).with().proof(), // without its key
		"GET /studio/:slug/export/:export/:volume": admins(at+nobodys, none).proof(),
		"GET /studio/:slug/delete":                 owners(at+"/delete", ok),
		"POST /studio/:slug/delete":                owners(at+"/delete", clash).with("confirm", h.slug).proof(), // a personal studio
		"POST /studio/:slug/delete/keep":           owners(at+"/delete/keep", to).with(),
	}
}
