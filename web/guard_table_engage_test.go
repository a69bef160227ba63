package web_test

import "vitrine/app/platform/idem"

// engageLines: what people do with works and studios of others.
func (h *house) engageLines() lines {
	studio := "/@" + h.slug
	at := studio + "/" + h.hung.Slug + "-" + h.hung.PublicID
	none12 := "/comments/11111111111a"
	desk := "/studio/" + h.slug + "/comments"
	return lines{
		"GET /@:studio/:work/comments":                  open(at + "/comments"),
		"GET /@:studio/:work/comments/:comment":         anybody(at+none12, none),
		"POST /@:studio/follow":                         signedIn(studio+"/follow", to).with(),
		"POST /@:studio/unfollow":                       signedIn(studio+"/unfollow", to).with(),
		"POST /@:studio/:work/like":                     signedIn(at+"/like", to).with(),
		"POST /@:studio/:work/unlike":                   signedIn(at+"/unlike", to).with(),
		"POST /@:studio/:work/bookmark":                 signedIn(at+"/bookmark", to).with(),
		"POST /@:studio/:work/unbookmark":               signedIn(at+"/unbookmark", to).with(),
		"GET /me/bookmarks":                             signedIn("/me/bookmarks", ok),
		"POST /@:studio/:work/comments":                 signedIn(at+"/comments", invalid).with("idempotency_key", idem.NewKey()),
		"GET /@:studio/:work/comments/:comment/edit":    signedIn(at+none12+"/edit", none),
		"POST /@:studio/:work/comments/:comment/edit":   signedIn(at+none12+"/edit", none).with("body", "Other words"),
		"POST /@:studio/:work/comments/:comment/delete": signedIn(at+none12+"/delete", to).with(), // gone already
		"GET /studio/:slug/comments":                    members(desk, ok),
		"POST /studio/:slug/comments/:comment/delete":   editors(desk+"/11111111111a/delete", to).with(), // gone already
		"POST /studio/:slug/comments/close/:work":       editors(desk+"/close/11111111111a", none).with(),
		"POST /studio/:slug/comments/open/:work":        editors(desk+"/open/11111111111a", none).with(),
	}
}
