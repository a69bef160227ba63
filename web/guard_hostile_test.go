package web_test

import (
	"net/http"
	"net/url"
	"regexp"
	"strings"
	"testing"

	"github.com/google/uuid"
)

// odd are values for a part of an address, encoded as they travel.
func (h *house) odd() map[string]string {
	return map[string]string{
		"NUL": "%00", "NUL inside": "a%00b", "invalid UTF-8": "%ff%fe", "overlong": "%c0%af", "up": "%2e%2e%2f%2e%2e%2fetc%2fpasswd", "twice encoded": "%252e%252e%252f",
		"backslash": "..%5c..%5c", "dots": "..", "empty": "", "space": "%20", "10,000 characters": strings.Repeat("x", 10_000), "1,000 emoji": strings.Repeat("%F0%9F%90%9F", 150),
		"HTML": "%3Cscript%3Ealert(1)%3C%2Fscript%3E%3Cimg%20src=x%20onerror=alert(1)%3E", "CRLF": "a%0d%0aSet-Cookie:%20pwned=1%0d%0a%0d%0a", "RTL": "%E2%80%AEgpj.exe",
		"SQL": "%27%20or%201=1%3B%20drop%20table%20users%3B--", "negative": "-1", "huge": "999999999999999999999999", "another site": "%2f%2fevil.example", "scheme": "https:%2f%2fevil.example",
		"another studio": h.foreign.String(), "nobody": uuid.NewString(), "draft": h.draft.PublicID, "private media": h.media.String(), "star": "*", "colon": ":studio", "format": "%25s%25d%25n",
	}
}

var param = regexp.MustCompile(`:[a-z]+|\*`)

// TestRoutes_hostileParts puts each value into each part of each route, as
// somebody who may do everything and as a visitor: never a 5xx, always a page
// that speaks, never a way to another site, and nothing that is secret.
func TestRoutes_hostileParts(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	table := h.table(t)
	for _, route := range h.routes(t) {
		method, pattern, _ := strings.Cut(route, " ")
		l, own := table[route]
		if method == http.MethodHead || !own {
			continue // HEAD is held to GET elsewhere, and so is a route without a line
		}
		segments := strings.Split(pattern, "/")
		path, _, _ := strings.Cut(l.path, "?")
		example := strings.Split(path, "/")
		for i, segment := range segments {
			if !param.MatchString(segment) {
				continue
			}
			for name, value := range h.odd() {
				parts := append([]string{}, example...)
				parts[i] = param.ReplaceAllLiteralString(segment, value)
				address := strings.Join(parts, "/")
				for _, who := range []string{"visitor", "owner"} {
					v := h.ask(t, who, method, address, l.form)
					h.checkHostile(t, route+", "+name+" as "+segment+" by the "+who, who, v)
				}
			}
		}
	}
}

// TestRoutes_hostileQueries gives each page each value in each query parameter
// that any page reads, at once and twice.
func TestRoutes_hostileQueries(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	table := h.table(t)
	values := h.odd()
	values["broken"], values["semicolon"] = "%zz", "a;b=c"
	for route, l := range table {
		method, _, _ := strings.Cut(route, " ")
		if method != http.MethodGet || strings.HasPrefix(l.path, "/assets/") {
			continue
		}
		path, _, _ := strings.Cut(l.path, "?")
		for name, value := range values {
			var query []string
			for _, field := range []string{"q", "after", "state", "token", "next", "before", "page", "slug", "idempotency_key"} {
				query = append(query, field+"="+value, field+"=b", field+"[]="+value)
			}
			v := h.ask(t, "owner", method, path+"?"+strings.Join(query, "&"), nil)
			h.checkHostile(t, route+"?"+name, "owner", v)
		}
	}
	// A cursor of a page as another one makes it, and one that was tampered with.
	for _, page := range []string{"/explore", "/t/ridge", "/search?q=ridge", "/@" + h.slug, "/studio/" + h.slug} {
		for _, cursor := range []string{"9223372036854775807." + h.draft.PublicID, "-9223372036854775808_" + uuid.NewString(), "1_2_3_4_5", "9e99", "0", "NaN"} {
			sep := "?"
			if strings.Contains(page, "?") {
				sep = "&"
			}
			h.checkHostile(t, page+" after "+cursor, "owner", h.ask(t, "owner", http.MethodGet, page+sep+"after="+url.QueryEscape(cursor), nil))
		}
	}
}

func (h *house) checkHostile(t *testing.T, where, who string, v view) {
	t.Helper()
	if v.status >= 500 || v.status < 200 {
		t.Errorf("%s: %d\n%.300s", where, v.status, v.text())
	}
	if v.status >= 400 && len(strings.TrimSpace(v.body)) < 15 && !strings.Contains(where, "OPTIONS") {
		t.Errorf("%s: %d says only %q", where, v.status, v.body)
	}
	if v.header.Get("Content-Security-Policy") == "" || v.header.Get("X-Content-Type-Options") != "nosniff" {
		t.Errorf("%s: an answer without its headers: %v", where, v.header)
	}
	if v.location != "" && (!strings.HasPrefix(v.location, "/") || strings.HasPrefix(v.location, "//") || strings.HasPrefix(v.location, `/\`) || strings.ContainsAny(v.location, "\r\n\x00")) {
		t.Errorf("%s: leads to %.200q", where, v.location)
	}
	if v.Find("body script:not([src]), img[onerror], [onmouseover]").Length() > 0 {
		t.Errorf("%s: the value became markup", where)
	}
	for _, ck := range v.cookies {
		if ck.Name == "pwned" {
			t.Errorf("%s: the value became a header", where)
		}
	}
	if who == "visitor" && strings.Contains(v.body, draftTitle) {
		t.Errorf("%s: shows a draft", where)
	}
}

// TestRoutes_unknownMethods: what no route takes is answered with a page, not
// with silence, and changes nothing.
func TestRoutes_unknownMethods(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	for route, l := range h.table(t) {
		_, pattern, _ := strings.Cut(route, " ")
		for _, method := range []string{http.MethodPut, http.MethodTrace, http.MethodConnect, "PROPFIND", "FOO"} {
			v := h.ask(t, "owner", method, l.path, nil)
			h.checkHostile(t, method+" "+pattern, "owner", v)
			if v.status < 400 {
				t.Errorf("%s %s is answered with %d", method, pattern, v.status)
			}
		}
	}
}

// TestRoutes_fromAnotherSite: no form of this site is carried out for another.
func TestRoutes_fromAnotherSite(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	for route, l := range h.table(t) {
		method, _, _ := strings.Cut(route, " ")
		if method == http.MethodGet || method == http.MethodHead || method == http.MethodOptions || l.tokens {
			continue
		}
		for name, header := range map[string][]string{
			"cross-site": {"Sec-Fetch-Site", "cross-site"}, "same-site": {"Sec-Fetch-Site", "same-site"}, "rubbish": {"Sec-Fetch-Site", "same-origin, cross-site"},
			"Origin": {"Origin", "https://evil.example"}, "null": {"Origin", "null"}, "a host like ours": {"Origin", "http://example.com.evil.example"},
		} {
			v := h.ask(t, "owner", method, l.path, l.form, append(header, "Tus-Resumable", "1.0.0")...)
			if v.status != http.StatusForbidden || !strings.Contains(v.text(), "This form was sent from another site") {
				t.Errorf("%s from another site (%s): %d %.200s", route, name, v.status, v.text())
			}
		}
	}
	if n := h.Count(t, "select count(*) from sessions"); n < 4 {
		t.Error("somebody was signed out from another site")
	}
}
