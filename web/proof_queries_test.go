package web_test

import (
	"fmt"
	"maps"
	"net/http"
	"slices"
	"strings"
	"testing"

	"vitrine/app/platform/dbtest"
)

// budgets are how many statements a page may send, finding out who looks apart.
// Any other page may send as many as a dashboard.
var budgets = map[string]int{
	"GET /": 5, "GET /explore": 3, "GET /t/:tag": 3, "GET /search": 3, "GET /explore/popular": 3, "GET /leaderboard": 4, "GET /@:studio": 5, "GET /@:studio/:work": 5,
	"GET /explore/feed.atom": 3, "GET /t/:tag/feed.atom": 3, "GET /@:studio/feed.atom": 4, "GET /studio/:slug": 8, "GET /feed": 3,
	"GET /api/v1/works": 3, "GET /api/v1/works/:id": 3, "GET /api/v1/search": 3, "GET /api/v1/openapi.json": 0, "GET /docs/api": 0,
	"GET /livez": 0, "GET /readyz": 0, "GET /assets/*": 0, "GET /robots.txt": 0, "GET /favicon.ico": 0,
}

const anyPage = 8

// exports send all there is, a part at a time.
var exports = []string{"GET /studio/:slug/audit.csv"}

// statementsOf walks every page as everybody and tells what each sends.
func (h *house) statementsOf(t *testing.T) map[string][]string {
	t.Helper()
	seen := &statements{}
	h.observed(t, seen)
	out := map[string][]string{}
	for route, l := range h.table(t) {
		if !strings.HasPrefix(route, "GET ") {
			continue
		}
		for _, who := range everybody {
			seen.take()
			h.ask(t, who, http.MethodGet, l.path, nil, l.header...)
			out[route+" as "+who] = seen.take()
		}
	}
	return out
}

// TestPages_budgets walks every page as everybody, in a house with a few rows and
// in one with 100,000 works: each page sends as many statements as it may, and no
// more where there is more to show.
func TestPages_budgets(t *testing.T) {
	t.Parallel()
	small := newHouse(t)
	small.index(t)
	small.label(t)
	// Whoever follows nobody, and below whose works nobody wrote, asks for less.
	small.Exec(t, "insert into follows (user_id, studio_id, created_at) select id, $1, now() from users", small.studio)
	small.Exec(t, `insert into comments (id, public_id, studio_id, work_id, user_id, body, created_at) select gen_random_uuid(), 'saysomething', studio_id, id, created_by, 'Words', now()
		from works where studio_id = $1 and state = 'published' limit 1`, small.studio)
	few := small.statementsOf(t)
	many := newLargeHouse(t).statementsOf(t)
	for _, page := range slices.Sorted(maps.Keys(few)) {
		route, who, _ := strings.Cut(page, " as ")
		if slices.Contains(exports, route) {
			continue
		}
		most, own := budgets[route]
		if !own {
			most = anyPage
		}
		if n := len(few[page]); n > most {
			t.Errorf("%s sends %d statements to show a little, and may send %d:\n%s", page, n, most, list(few[page]))
		}
		if n := len(many[page]); n > most {
			t.Errorf("%s sends %d statements to show much, and may send %d:\n%s", page, n, most, list(many[page]))
		}
		// Three pictures need no more questions than one; a page that shows
		// pictures at all asks once for them, and one that is followed by another.
		if a, b := len(few[page]), len(many[page]); b > a+1 {
			t.Errorf("%s sends %d statements to show a little and %d to show much:\n%s\n\n%s", page, a, b, list(few[page]), list(many[page]))
		}
		if route == "GET /explore" && len(few[page]) == 0 {
			t.Errorf("explore as %s asks nothing", who)
		}
	}
}

func list(statements []string) string {
	var b strings.Builder
	for _, s := range statements[:min(12, len(statements))] {
		fmt.Fprintf(&b, "\t%.150s\n", s)
	}
	return b.String()
}

// newLargeHouse is a house on the large set, whose owner has the studio of 10,000
// works and 5,000 members.
func newLargeHouse(t *testing.T) *house {
	t.Helper()
	return newHouseOn(t, newGalleryOn(t, newSiteOn(t, dbtest.NewSeeded(t, large))), func(h *house) {
		owner := h.userOf(t, "owner@harbour.example")
		h.Exec(t, "update studios set personal_of = null where personal_of = $1", owner)
		h.Exec(t, "update studios set personal_of = $1 where slug = 'large-1'", owner)
		h.Exec(t, "insert into follows (user_id, studio_id, created_at) select $1, id, now() from studios where slug ~ '^large-[0-9]{3,4}$' limit 2000", owner)
		h.Exec(t, "insert into memberships (studio_id, user_id, role, created_at, updated_at) select id, $1, 'owner', now(), now() from studios where slug = 'large-1'", owner)
	})
}
