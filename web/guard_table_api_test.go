package web_test

import (
	"net/http"

	"vitrine/app/platform/idem"
)

// apiLines: the JSON API. Whoever asks with a cookie alone is a visitor here; what
// tokens may do, the tests of the API ask.
func (h *house) apiLines() lines {
	const works, media = "/api/v1/works", "/api/v1/media"
	one, file := works+"/"+h.hung.PublicID, media+"/AAAAAAAAAAAAAAAAAAAAAA"
	public := func(path string) line { return open(path).bearer() }
	closed := func(path string) line { return anybody(path, who).bearer() }
	asked := func(path string) line { l := anybody(path, http.StatusNoContent).bearer(); l.shared = true; return l }
	return lines{
		"GET /api/v1/works":            public(works),
		"POST /api/v1/works":           closed(works),
		"OPTIONS /api/v1/works":        asked(works),
		"GET /api/v1/works/:id":        public(one),
		"OPTIONS /api/v1/works/:id":    asked(one),
		"GET /api/v1/search":           public("/api/v1/search?q=ridge"),
		"OPTIONS /api/v1/search":       asked("/api/v1/search"),
		"POST /api/v1/media":           closed(media),
		"OPTIONS /api/v1/media":        asked(media),
		"GET /api/v1/media/:id":        closed(file),
		"DELETE /api/v1/media/:id":     closed(file),
		"OPTIONS /api/v1/media/:id":    asked(file),
		"GET /api/v1/openapi.json":     public("/api/v1/openapi.json"),
		"OPTIONS /api/v1/openapi.json": asked("/api/v1/openapi.json"),

		"GET /docs/api":          open("/docs/api"),
		"GET /me/tokens":         signedIn("/me/tokens", ok),
		"POST /me/tokens":        signedIn("/me/tokens", invalid).with("idempotency_key", idem.NewKey()).proof(),
		"POST /me/tokens/revoke": signedIn("/me/tokens/revoke", to).with("token", "7hGq2LkPz9Rt"),
	}
}
