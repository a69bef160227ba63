package web_test

import (
	"context"
	"fmt"
	"net/http"
	"net/url"
	"strings"
	"testing"

	"vitrine/app/kept"
	"vitrine/app/platform/cache"
	"vitrine/app/platform/redistest"
	"vitrine/web"
)

// keepsIn is a cache as a process of its own has it, which has begun to give out.
func keepsIn(t *testing.T, r *redistest.Server, kind string) *cache.Cache {
	t.Helper()
	client := r.Connect(t)
	c, err := cache.Open(cache.Config{Kind: kind, Redis: client})
	must(t, err)
	t.Cleanup(func() { _ = c.Close() })
	_, err = c.Get(t.Context(), "first", func(context.Context) (cache.Made, error) { return cache.Made{}, nil })
	must(t, err)
	return c
}

// keeping is a further web process over the same rows, which keeps pages.
func (g *gallery) keeping(t *testing.T, c *cache.Cache) *site {
	t.Helper()
	other := *g.site
	other.serve(t, web.Config{Cache: c, Build: "test"})
	return &other
}

// from is where a page comes from: hit, miss, or nothing when no cache was asked.
func (v view) from() string {
	_, from, _ := strings.Cut(v.header.Get("Server-Timing"), "cache;desc=")
	return from
}

// answersAs tells whether two answers are the same, but for when they were made.
func answersAs(t *testing.T, what string, got, want view) {
	t.Helper()
	if got.status != want.status || got.body != want.body {
		t.Errorf("%s: %d and %d bytes, want %d and %d", what, got.status, len(got.body), want.status, len(want.body))
	}
	for _, names := range []http.Header{got.header, want.header} {
		for name := range names {
			switch name {
			case "Date", "Server-Timing", "Content-Length":
				continue
			}
			if g, w := strings.Join(got.header[name], "; "), strings.Join(want.header[name], "; "); g != w {
				t.Errorf("%s: %s is %q, want %q", what, name, g, w)
			}
		}
	}
}

// Without Redis, visitors get pages that are made.
func TestKept_withoutRedis(t *testing.T) {
	t.Parallel()
	g := newGallery(t)
	r := redistest.New(t)
	owner := g.member(t, "Teresa Lima", "teresa@example.org")
	slug, _ := g.studioOf(t, "teresa@example.org")
	visitor := g.keeping(t, keepsIn(t, r, cache.KindRedis)).browser(t)
	for _, want := range []string{"miss", "hit"} {
		if v := visitor.get("/explore"); v.from() != want {
			t.Errorf("the page is a %q, want %q", v.from(), want)
		}
	}
	r.Kill()
	g.hang(t, owner, slug, "Spring Tide", "")
	if v := visitor.get("/explore"); v.status != http.StatusOK || !strings.Contains(v.body, "Spring Tide") {
		t.Errorf("without Redis: %d", v.status)
	}
}

// Whoever has just changed something sees it, although the page is kept for
// others, the word of the change has not come, and they sign out right after it.
func TestKept_showsWritersWhatTheyWrote(t *testing.T) {
	t.Parallel()
	g := newGallery(t)
	s := g.keeping(t, keepsIn(t, redistest.New(t), cache.KindRedis))
	owner := g.member(t, "Teresa Lima", "teresa@example.org")
	slug, _ := g.studioOf(t, "teresa@example.org")
	g.hang(t, owner, slug, "Quicksilver", "A tidal flat.")
	var public string
	g.Row(t, "select public_id from works where title = 'Quicksilver'")(&public)
	at := "/@" + slug + "/quicksilver-" + public
	g.Exec(t, "update users set created_at = now() - interval '1 year'")
	visitor, fan := s.browser(t), s.browser(t)
	for _, want := range []string{"miss", "hit"} {
		if v := visitor.get(at); v.from() != want {
			t.Fatalf("the page is a %q, want %q", v.from(), want)
		}
	}
	fan.signIn("teresa@example.org", "")
	said := fan.post(at+"/comments", fan.get(at).fill(t, at+"/comments", map[string]string{"body": "The fourth ridge."}))
	said.leads(t, at+"#talk")
	if v := fan.get(at); !strings.Contains(v.body, "The fourth ridge.") {
		t.Error("who wrote a comment does not see it")
	}
	fan.post("/logout", nil).leads(t, "/")
	fan.get("/") // takes the message that one is signed out
	if v := fan.get(at); v.from() != "skipped" || !strings.Contains(v.body, "The fourth ridge.") || strings.Contains(v.body, "Teresa Lima</summary>") {
		t.Errorf("signed out, who wrote a comment gets a %q that shows it: %t", v.from(), strings.Contains(v.body, "The fourth ridge."))
	}
	if v := visitor.get(at); v.from() != "hit" {
		t.Errorf("others get a %q: then nothing is proven", v.from())
	}
	mark := func(v view) string {
		for _, ck := range (&http.Response{Header: v.header}).Cookies() {
			if ck.Name == "wrote" {
				return fmt.Sprint(ck.MaxAge, " ", ck.HttpOnly, " ", ck.SameSite == http.SameSiteLaxMode)
			}
		}
		return ""
	}
	if got := mark(said); got != "10 true true" {
		t.Errorf("the mark is %q", got)
	}
	// What was refused, what was only read and what is only counted mark nobody.
	stamp, _ := visitor.get(at).seen(t)
	for what, v := range map[string]view{
		"a refusal":  visitor.post(at+"/comments", url.Values{"body": {"x"}}),
		"a question": visitor.get("/explore"),
		"a beacon":   visitor.post(stamp, nil),
	} {
		if got := mark(v); got != "" && v.status != http.StatusSeeOther {
			t.Errorf("%s, answered %d, marks: %q", what, v.status, got)
		}
	}
}

// Who is not just anybody gets the page made: a member, who is told something,
// who asks for something else.
func TestKept_forVisitorsAlone(t *testing.T) {
	t.Parallel()
	g := newGallery(t)
	r := redistest.New(t)
	g.member(t, "Teresa Lima", "teresa@example.org")
	s := g.keeping(t, keepsIn(t, r, cache.KindRedis))
	visitor, member := s.browser(t), s.browser(t)
	member.signIn("teresa@example.org", "")
	if v := member.get("/explore"); v.from() != "" || v.header.Get("Cache-Control") != "private, no-cache" {
		t.Errorf("a member's page is a %q, %q", v.from(), v.header.Get("Cache-Control"))
	}
	if v := visitor.get("/explore"); v.from() != "miss" || strings.Contains(v.body, "Teresa") {
		t.Errorf("a visitor's page is a %q", v.from())
	}
	if v := member.get("/explore"); v.from() != "" || !strings.Contains(v.body, "Teresa") {
		t.Errorf("a member's page is a %q", v.from())
	}
	for path, from := range map[string]string{"/explore?after=x": "", "/explore?utm_source=x": "", "/explore?": "hit"} {
		if v := visitor.get(path); v.from() != from {
			t.Errorf("%s is a %q, want %q", path, v.from(), from)
		}
	}
	told := s.browser(t)
	told.header.Set("Cookie", "flash=eyJLaW5kIjoiZ29vZCIsIk1lc3NhZ2UiOiJZb3UgYXJlIHNpZ25lZCBvdXQuIn0")
	if v := told.get("/explore"); v.from() != "" || !strings.Contains(v.body, "You are signed out.") {
		t.Errorf("the page of who is told something is a %q", v.from())
	}
	if v := visitor.get("/explore"); v.from() != "hit" || strings.Contains(v.body, "signed out") {
		t.Errorf("a visitor's page is a %q", v.from())
	}
	plain := s.browser(t)
	plain.header.Set("Accept-Encoding", "identity")
	if v := plain.get("/explore"); v.from() != "hit" || v.header.Get("Content-Encoding") != "" || !strings.Contains(v.body, "</html>") {
		t.Errorf("unpacked, the page is a %q in %q", v.from(), v.header.Get("Content-Encoding"))
	}
	_, timing, found := strings.Cut(visitor.get("/explore").header.Get("Server-Timing"), ", age;dur=")
	if age, _, _ := strings.Cut(timing, ","); !found || strings.Trim(age, "0123456789") != "" || age == "" {
		t.Errorf("the age of what was kept is %q", timing)
	}
	packed := s.browser(t)
	packed.header.Set("Accept-Encoding", "gzip")
	if v := packed.get("/explore"); v.from() != "hit" || v.header.Get("Content-Encoding") != "gzip" || !strings.HasPrefix(v.body, "\x1f\x8b") {
		t.Errorf("packed, the page is a %q in %q", v.from(), v.header.Get("Content-Encoding"))
	}
}

// A search is kept by its words alone, when works have just these, and for seconds.
func TestKept_search(t *testing.T) {
	t.Parallel()
	g := newGallery(t)
	r := redistest.New(t)
	owner := g.member(t, "Teresa Lima", "teresa@example.org")
	slug, _ := g.studioOf(t, "teresa@example.org")
	g.hang(t, owner, slug, "Spring Tide", "")
	g.index(t)
	visitor := g.keeping(t, keepsIn(t, r, cache.KindRedis)).browser(t)
	for _, line := range []struct{ query, from, holds string }{
		{"q=tide", "miss", "Spring Tide"},
		{"q=tide", "hit", "Spring Tide"},
		{"q=%74ide", "hit", `value="tide"`}, // the same in other letters
		{"q=spring+tide", "miss", "Spring Tide"},
		{"q=spring%20tide", "hit", `value="spring tide"`},
		{"", "miss", "Search"},
		{"q=tide&in=tags", "", "Tags"},
		{"q=tide&kind=picture", "", "Spring Tide"},
		{"q=tide&q=ebb", "", "Spring Tide"},
		{"q=tide&utm_source=x", "", "Spring Tide"},
		{"q=tide;in=tags", "", "Search"},
		{"q=qqqq", "miss", "Nothing found"}, // what anybody may make up
		{"q=qqqq", "miss", "Nothing found"},
		{"q=tdie", "miss", "Did you mean"},
		{"q=tdie", "miss", "Did you mean"},
	} {
		if v := visitor.get("/search?" + line.query); v.status != http.StatusOK || v.from() != line.from || !strings.Contains(v.body, line.holds) {
			t.Errorf("%q: %d, a %q, want a %q that holds %q", line.query, v.status, v.from(), line.from, line.holds)
		}
	}
	visitor.get("/search?q=tide") // what came first may be over by now
	if lives := r.Client().PTTL(t.Context(), "cache:of:page:test:/search?q=tide").Val().Seconds(); lives <= 0 || lives > 8 {
		t.Errorf("it is kept for %v s", lives)
	}
}

// Before it is given to anybody, what is kept is only kept.
func TestKept_fill(t *testing.T) {
	t.Parallel()
	g := newGallery(t)
	r := redistest.New(t)
	fill := g.keeping(t, keepsIn(t, r, cache.KindFill)).browser(t)
	for range 2 {
		if v := fill.get("/explore"); v.status != http.StatusOK || v.from() != "skipped" {
			t.Errorf("a fill: %d, %q", v.status, v.from())
		}
	}
}

// Each page of the table has a route, and its line is whole.
func TestKept_table(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	routes := map[string]bool{}
	for _, r := range s.server.Routes() {
		routes[r.Path] = true
	}
	for _, p := range kept.Pages() {
		if !routes[p.Path] || p.Class <= 0 || p.From == "" {
			t.Errorf("the line of %s is not whole", p.Path)
		}
	}
}
