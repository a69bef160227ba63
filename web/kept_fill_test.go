package web_test

import (
	"fmt"
	"maps"
	"net/http"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/prometheus/client_golang/prometheus"

	"vitrine/app/kept"
	"vitrine/app/platform/cache"
	"vitrine/app/platform/db"
	"vitrine/app/platform/idem"
	"vitrine/app/platform/logtest"
	"vitrine/app/platform/redistest"
	"vitrine/app/studios"
	"vitrine/app/works"
	"vitrine/app/works/collections"
	"vitrine/web"
)

// stand is an address of each line of the table of kept pages, and a work that
// hangs on all of them.
type stand struct {
	*gallery
	slug  string
	work  works.Work
	pages map[string]string // addresses by route
}

func newStand(t *testing.T) *stand {
	t.Helper()
	s := &stand{gallery: newGallery(t)}
	owner := s.member(t, "Teresa Lima", "teresa@example.org")
	fan := s.userOf(t, "teresa@example.org")
	slug, studio := s.studioOf(t, "teresa@example.org")
	s.slug = slug
	_, edit, _ := s.hang(t, owner, slug, "Quicksilver", "A tidal flat.")
	owner.send(edit, owner.get(edit).composed(t, map[string]string{"tags": "tides", "intent": "save"}), nil).leads(t, edit)
	s.Exec(t, "update users set created_at = now() - interval '1 year'")
	s.Row(t, "select public_id, id from works where title = 'Quicksilver'")(&s.work.PublicID, &s.work.ID)
	s.member(t, "Jon Berg", "jon@example.org")
	must(t, s.Engagement.Like(t.Context(), s.userOf(t, "jon@example.org"), s.work.PublicID))
	s.rank(t)
	s.index(t)
	actor := works.Actor{UserID: fan, StudioID: studio, Role: studios.Owner}
	shelf, err := s.Collections.Create(t.Context(), actor, collections.Words{Title: "Estuaries", Shown: true}, idem.NewKey())
	must(t, err)
	_, err = s.Collections.Add(t.Context(), actor, shelf.PublicID, []string{s.work.PublicID})
	must(t, err)
	s.pages = map[string]string{
		kept.Home.Path: "/", kept.Explore.Path: "/explore", kept.Popular.Path: "/explore/popular", kept.Board.Path: "/leaderboard", kept.OneTag.Path: "/t/tides",
		kept.OneWork.Path: "/@" + slug + "/quicksilver-" + s.work.PublicID, kept.OneStudio.Path: "/@" + slug,
		kept.Shelves.Path: "/@" + slug + "/c", kept.OneShelf.Path: "/@" + slug + "/c/estuaries-" + shelf.PublicID,
		kept.Found.Path: "/search?q=quicksilver",
	}
	for _, p := range kept.Pages() {
		if s.pages[p.Path] == "" {
			t.Fatalf("%s has no address here", p.Path)
		}
	}
	return s
}

// A page that is kept asks the database nothing, and is what would be made.
func TestKept_asksNothing(t *testing.T) {
	t.Parallel()
	g := newStand(t)
	seen := &statements{}
	handle := opened(t, db.Config{URL: g.AppURL, Tracer: seen})
	d := *g.Database
	d.App = handle
	s := newSiteOn(t, &d)
	s.serve(t, web.Config{Cache: keepsIn(t, redistest.New(t), cache.KindRedis), Build: "test"})
	visitor := s.browser(t)
	for route, path := range g.pages {
		seen.take()
		visitor.get(path).want(t, http.StatusOK, "Teresa Lima")
		if made := seen.take(); len(made) == 0 {
			t.Errorf("making %s asks nothing: then this proves nothing", route)
		}
		v := visitor.get(path)
		if asked := seen.take(); len(asked) > 0 || v.from() != "hit" {
			t.Errorf("%s is a %q and asks:\n%s", route, v.from(), list(asked))
		}
	}
}

// differing is how often a cache has found a copy of a route another than the page.
func differing(t *testing.T, c *cache.Cache, route string) (n float64) {
	t.Helper()
	r := prometheus.NewRegistry()
	r.MustRegister(c)
	families, err := r.Gather()
	must(t, err)
	for _, f := range families {
		for _, m := range f.GetMetric() {
			if l := m.GetLabel(); f.GetName() == "vitrine_cache_differing_total" && l[0].GetValue() == route {
				n += m.GetCounter().GetValue()
			}
		}
	}
	return n
}

// While the cache is only filled, every page is made; and every copy that says
// something else is counted and told of, once, and shown to nobody: neither then
// nor when the cache is on.
func TestKept_fillCompares(t *testing.T) {
	t.Parallel()
	g := newStand(t)
	r := redistest.New(t)
	var told logtest.Log
	c, err := cache.Open(cache.Config{Kind: cache.KindFill, Redis: r.Connect(t), Settle: 20 * time.Millisecond, Log: told.Logger()})
	must(t, err)
	t.Cleanup(func() { _ = c.Close() })
	visitor := g.keeping(t, c).browser(t)
	look := func(path, want string) {
		t.Helper()
		if v := visitor.get(path); v.status != http.StatusOK || v.from() != "skipped" || !strings.Contains(v.body, want) {
			t.Fatalf("%s is a %q, %d, and shows %q: %t", path, v.from(), v.status, want, strings.Contains(v.body, want))
		}
	}
	copyOf := func(path string) string {
		return r.Client().HGet(t.Context(), "cache:of:page:test:"+path, "body").Val()
	}
	for n, route := range slices.Sorted(maps.Keys(g.pages)) {
		if route == kept.Found.Path {
			continue // it ends before it could be compared
		}
		path := g.pages[route]
		before, after := fmt.Sprintf("Before %d", n), fmt.Sprintf("After %d", n)
		shown := func(name string) { // past the use cases, so nobody is told
			g.Exec(t, "update studios set name = $1 where slug = $2", name, g.slug)
			g.Exec(t, "update ranked set studio_name = $1", name)
		}
		shown(before)
		look(path, before)
		look(path, before)
		first := copyOf(path)
		if first == "" || told.Count("page="+route+" ") > 0 {
			t.Fatalf("%s: %d bytes are kept, and %d lines tell of it", route, len(first), told.Count("page="+route+" "))
		}
		shown(after)
		redistest.Eventually(t, route+" is told of", func() bool {
			look(path, after)
			return told.Count("page="+route+" ") == 1
		})
		redistest.Eventually(t, "the page is kept anew", func() bool {
			look(path, after)
			is := copyOf(path)
			return is != "" && is != first
		})
		for range 5 {
			look(path, after)
		}
		if got := differing(t, c, route); got != 1 || told.Count("page="+route+" ") != 1 {
			t.Errorf("%s: %v are counted, and %d lines tell of it", route, got, told.Count("page="+route+" "))
		}
		// One that the cache has kept in between, and is not what would be made.
		shown(before)
		on := g.keeping(t, keepsIn(t, r, cache.KindRedis)).browser(t)
		for _, want := range []string{"miss", "hit"} {
			if v := on.get(path); v.from() != want || !strings.Contains(v.body, before) || strings.Contains(v.body, after) {
				t.Errorf("%s, once the cache is on, is a %q and shows what was", route, v.from())
			}
		}
	}
}

// A takedown that told nobody is found, too.
func TestKept_fillFindsWhatIsGone(t *testing.T) {
	t.Parallel()
	g := newStand(t)
	r := redistest.New(t)
	c, err := cache.Open(cache.Config{Kind: cache.KindFill, Redis: r.Connect(t), Settle: 20 * time.Millisecond})
	must(t, err)
	t.Cleanup(func() { _ = c.Close() })
	visitor := g.keeping(t, c).browser(t)
	path := g.pages[kept.OneWork.Path]
	visitor.get(path).want(t, http.StatusOK, "Quicksilver")
	g.Exec(t, "update works set hidden = true, hidden_for = 1 where id = $1", g.work.ID)
	redistest.Eventually(t, "it is counted", func() bool {
		if v := visitor.get(path); v.status != http.StatusNotFound {
			t.Fatalf("it is a %d", v.status)
		}
		return differing(t, c, kept.OneWork.Path) == 1
	})
}
