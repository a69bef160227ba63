package api

import (
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"mime"
	"net/http"
	"strconv"
	"strings"

	"vitrine/web/site"
)

// common are the headers of every answer, errors among them.
func common(c *site.Context) {
	h := c.Response().Header()
	h.Set("X-Robots-Tag", "noindex")
	// Public data is open to every site's scripts. A token is for programs that
	// can keep it, which a page in a browser cannot: no preflight lets one pass.
	if r := c.Request(); r.Header.Get("Authorization") == "" && (r.Method == http.MethodGet || r.Method == http.MethodHead || r.Method == http.MethodOptions) {
		h.Set("Access-Control-Allow-Origin", "*")
		h.Set("Access-Control-Expose-Headers", "ETag, Link, Retry-After, RateLimit, RateLimit-Policy")
		// The rest of the site stays closed to others.
		h.Set("Cross-Origin-Resource-Policy", "cross-origin")
	}
}

// show answers with what was asked for, or with 304 to who has it already. The
// tag is made of the answer itself: whatever changes in it (the work, its
// studio's name, a size that was made since) changes the tag. It is weak, since
// the same answer may leave compressed.
func (a *API) show(c *site.Context, v any) error {
	body, err := json.Marshal(v)
	if err != nil {
		return err
	}
	common(c)
	sum := sha256.Sum256(body)
	tag := `W/"` + base64.RawURLEncoding.EncodeToString(sum[:12]) + `"`
	c.Header("ETag", tag)
	if matches(c.Request().Header.Values("If-None-Match"), tag) {
		return c.NoContent(http.StatusNotModified)
	}
	return c.Bytes(http.StatusOK, "application/json", append(body, '\n'))
}

// made answers with what a request has made, and where it is.
func (a *API) made(c *site.Context, path string, v any) error {
	body, err := json.Marshal(v)
	if err != nil {
		return err
	}
	common(c)
	c.Header("Location", a.Absolute(path))
	return c.Bytes(http.StatusCreated, "application/json", append(body, '\n'))
}

// matches compares tags weakly, as If-None-Match does.
func matches(headers []string, tag string) bool {
	for _, header := range headers {
		for given := range strings.SplitSeq(header, ",") {
			given = strings.TrimSpace(given)
			if given == "*" || strings.TrimPrefix(given, "W/") == strings.TrimPrefix(tag, "W/") {
				return true
			}
		}
	}
	return false
}

// readsJSON tells whether an Accept header takes our answers. No header takes
// everything; what has q=0 is taken by nobody.
func readsJSON(headers []string) bool {
	empty, best, quality := true, 0, false
	for _, header := range headers {
		for part := range strings.SplitSeq(header, ",") {
			if strings.TrimSpace(part) == "" {
				continue
			}
			empty = false
			kind, params, err := mime.ParseMediaType(part)
			if err != nil {
				continue
			}
			exact := map[string]int{"*/*": 1, "application/*": 2, "application/json": 3, "application/problem+json": 3}[kind]
			q, err := strconv.ParseFloat(params["q"], 64)
			if exact > best || exact == best && exact > 0 && !quality {
				best, quality = exact, err != nil || q > 0
			}
		}
	}
	return empty || best > 0 && quality
}

// Options says what a path answers, and lets other sites' scripts read public
// data. It names neither Authorization nor POST to them: see common.
func (a *API) Options(c *site.Context) error {
	allow := a.document.methods(c.Route())
	common(c)
	c.Header("Allow", allow)
	if c.Request().Header.Get("Origin") != "" {
		c.Header("Access-Control-Allow-Methods", "GET, HEAD, OPTIONS")
		c.Header("Access-Control-Allow-Headers", "Accept, If-None-Match")
		c.Header("Access-Control-Max-Age", "3600")
	}
	return c.NoContent(http.StatusNoContent)
}
