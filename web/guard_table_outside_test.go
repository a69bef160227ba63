package web_test

import (
	"strings"

	"github.com/google/uuid"

	"vitrine/app/platform/idem"
)

// outsideLines: collections, share links, and what other sites and search
// engines ask for.
func (h *house) outsideLines() lines {
	col, link := "/studio/"+h.slug+"/collections", "/studio/"+h.slug+"/links"
	none12, none43 := strings.Repeat("a", 12), strings.Repeat("a", 43)
	key := idem.NewKey()
	return lines{
		"GET /@:studio/c":             open("/@" + h.slug + "/c"),
		"GET /@:studio/c/:collection": anybody("/@"+h.slug+"/c/none-"+none12, none),
		"GET /oembed":                 open("/oembed?url=http://vitrine.test/@" + h.slug + "/" + h.hung.Slug + "-" + h.hung.PublicID),
		"GET /embed/:id":              open("/embed/" + h.hung.PublicID),
		"GET /sitemap.xml":            open("/sitemap.xml"),
		"GET /sitemap-:page":          open("/sitemap-house.xml"),

		"GET /s/:token":                anybody("/s/"+none43, none),
		"POST /s/:token":               anybody("/s/"+none43, none).with("password", "guess guess"),
		"GET /s/:token/:work":          anybody("/s/"+none43+"/"+h.draft.PublicID, none),
		"GET /s/:token/m/:media/:name": anybody("/s/"+none43+"/m/"+h.media.String()+"/w320.jpg", none),

		"GET /studio/:slug/collections":                          members(col, ok),
		"GET /studio/:slug/collections/new":                      editors(col+"/new", ok),
		"POST /studio/:slug/collections/new":                     editors(col+"/new", invalid).with("idempotency_key", key),
		"GET /studio/:slug/collections/:collection":              editors(col+"/"+none12, none),
		"POST /studio/:slug/collections/:collection":             editors(col+"/"+none12, none).with("title", "T"),
		"GET /studio/:slug/collections/:collection/add":          editors(col+"/"+none12+"/add", none),
		"POST /studio/:slug/collections/:collection/add":         editors(col+"/"+none12+"/add", none).with("work", h.hung.PublicID),
		"POST /studio/:slug/collections/:collection/delete":      editors(col+"/"+none12+"/delete", to).with(), // gone already
		"POST /studio/:slug/collections/:collection/works/:work": editors(col+"/"+none12+"/works/"+h.hung.PublicID, none).with("act", "up", "at", "1"),
		"GET /studio/:slug/links":                                members(link, ok).secrets(),
		"POST /studio/:slug/links":                               editors(link, invalid).with("idempotency_key", key).secrets(),
		"POST /studio/:slug/links/:link/revoke":                  editors(link+"/"+uuid.NewString()+"/revoke", none).with(),
	}
}
