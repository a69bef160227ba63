package web_test

import (
	"context"
	"net/http"
	"strings"
	"testing"

	"github.com/google/uuid"

	"vitrine/app/kept"
	"vitrine/app/platform/cache"
	"vitrine/app/platform/db"
	"vitrine/app/platform/mediatool/mediatest"
	"vitrine/app/platform/redistest"
	"vitrine/app/works"
	"vitrine/jobs"
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

// A visitor gets the page that another process has made, and it is the one that
// would be made now, whatever has happened since.
func TestKept_followsEveryChange(t *testing.T) {
	t.Parallel()
	g := newGallery(t)
	r := redistest.New(t)
	owner := g.member(t, "Teresa Lima", "teresa@example.org")
	slug, studioID := g.studioOf(t, "teresa@example.org")
	_, edit, _ := g.hang(t, owner, slug, "Quicksilver", "A tidal flat.")
	caches := []*cache.Cache{keepsIn(t, r, cache.KindRedis), keepsIn(t, r, cache.KindRedis)}
	blue, green := g.keeping(t, caches[0]).browser(t), g.keeping(t, caches[1]).browser(t)
	plain := g.browser(t)
	var workID string
	g.Row(t, "select id::text from works where title = 'Quicksilver'")(&workID)

	look := func(what, sign string, there bool) {
		t.Helper()
		for _, env := range g.happened(t) {
			must(t, jobs.Cache{Kept: caches[1]}.OnChanged(t.Context(), env))
		}
		want := plain.get("/explore")
		if strings.Contains(want.body, sign) != there {
			t.Fatalf("%s: the page shows %q: %t", what, sign, !there)
		}
		first := blue.get("/explore")
		answersAs(t, what+", made", first, want)
		if first.from() != "miss" {
			t.Errorf("%s: the page is a %q", what, first.from())
		}
		for _, b := range []*browser{green, blue} {
			again := b.get("/explore")
			answersAs(t, what+", kept", again, want)
			if again.from() != "hit" {
				t.Errorf("%s: the page is a %q", what, again.from())
			}
		}
	}
	hide := func(ctx context.Context, tx db.Tx, on bool) error {
		return g.Works.SetHidden(ctx, tx, studioID, uuid.MustParse(workID), works.HiddenByModeration, on)
	}
	hang := func(title string, width int) { // another picture each time: the same one is refused
		at := owner.get("/studio/" + slug + "/new").location
		owner.send(at, owner.get(at).composed(t, map[string]string{"title": title, "intent": "upload"}), map[string][]byte{"a.jpg": mediatest.JPEG(t, width, 400)}).leads(t, at+"#files")
		g.process(t)
		owner.send(at, owner.get(at).composed(t, map[string]string{"intent": "publish"}), nil)
	}
	look("a work", "Quicksilver", true)
	hang("Low Water", 640)
	look("another work", "Low Water", true)
	owner.send(edit, owner.get(edit).composed(t, map[string]string{"title": "Mercury", "intent": "save"}), nil).leads(t, edit)
	look("another title", "Mercury", true)
	must(t, g.Worker.Tenant(t.Context(), studioID, func(tx db.Tx) error { return hide(t.Context(), tx, true) }))
	look("taken down", "Mercury", false)
	must(t, g.Worker.Tenant(t.Context(), studioID, func(tx db.Tx) error { return hide(t.Context(), tx, false) }))
	look("put up again", "Mercury", true)
	must(t, g.Worker.Tenant(t.Context(), studioID, func(tx db.Tx) error {
		return g.Works.HideStudio(t.Context(), tx, studioID, works.HiddenBySuspension)
	}))
	look("a studio that is suspended", "Low Water", false)
	must(t, g.Worker.Tenant(t.Context(), studioID, func(tx db.Tx) error {
		return g.Works.ShowStudio(t.Context(), tx, studioID, works.HiddenBySuspension)
	}))
	look("and is not any more", "Low Water", true)
	settings := "/studio/" + slug + "/settings"
	owner.post(settings, owner.get(settings).fill(t, settings, map[string]string{"name": "Estuary Press"}))
	look("a studio's name", "Estuary Press", true)
	owner.send(edit, owner.get(edit).composed(t, map[string]string{"intent": "draft"}), nil)
	look("taken back", "Mercury", false)

	r.Kill()
	hang("Spring Tide", 700)
	for what, b := range map[string]*browser{"blue": blue, "green": green} {
		if v := b.get("/explore"); v.status != http.StatusOK || !strings.Contains(v.body, "Spring Tide") {
			t.Errorf("without Redis, on %s: %d", what, v.status)
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
