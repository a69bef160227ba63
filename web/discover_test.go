package web_test

import (
	"net/http"
	"net/url"
	"strings"
	"testing"

	"vitrine/app/analytics/ranking"
	"vitrine/app/engagement"
	"vitrine/app/platform/bus"
	"vitrine/app/studios"
	"vitrine/app/works"
)

// rank makes the lists as the task would.
func (s *site) rank(t *testing.T) {
	t.Helper()
	st, err := studios.New(studios.Config{DB: s.Worker, Outbox: bus.NewOutbox()})
	must(t, err)
	ws := works.New(s.Worker, bus.NewOutbox(), s.Media)
	en, err := engagement.New(engagement.Config{DB: s.Worker, Outbox: bus.NewOutbox(), Accounts: s.Accounts, Studios: st, Works: ws})
	must(t, err)
	lists, err := ranking.New(ranking.Config{DB: s.Worker, Works: ws, Studios: st, Engagement: en})
	must(t, err)
	must(t, lists.Make(t.Context()))
}

// What people like hangs on the popular page and leads the board, and a takedown
// does not wait for the next list.
func TestDiscover_popularAndTheBoard(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	get := func(path string) view { return h.ask(t, "visitor", http.MethodGet, path, nil) }
	empty := get("/explore/popular")
	if empty.status != http.StatusOK || !strings.Contains(empty.text(), "Nothing stands out yet") {
		t.Errorf("before any list: %d %.300s", empty.status, empty.text())
	}
	if v := get("/leaderboard"); !strings.Contains(v.text(), "Nobody leads yet") {
		t.Errorf("before any list: %.300s", v.text())
	}
	h.Exec(t, "insert into likes (work_id, user_id, studio_id, created_at) select $1, gen_random_uuid(), $2, now() from generate_series(1, 3)", h.hung.ID, h.studio)
	h.Exec(t, "insert into work_counters (work_id, studio_id, likes) values ($1, $2, 3)", h.hung.ID, h.studio)
	h.rank(t)
	v := get("/explore/popular")
	if v.Find(".hang article").Length() != 1 || !strings.Contains(v.text(), "half of that every three days") || v.Find("nav.tabs [aria-current]").Text() == "" {
		t.Errorf("popular: %.600s", v.text())
	}
	if href, _ := v.Find(`p a[href^="/docs/adr/0036"]`).Attr("href"); get(href).status != http.StatusOK {
		t.Errorf("the formula at %q answers %d", href, get(href).status)
	}
	for _, path := range []string{"/leaderboard", "/leaderboard?of=works&time=month", "/leaderboard?time=all", "/leaderboard?of=studios", "/leaderboard?of=studios&time=all", "/leaderboard?of=nothing&time=%00"} {
		v := get(path)
		if v.Find(".board li").Length() != 1 || v.Find(".board img").Length() != 1 || !strings.Contains(v.Find(".board").Text(), "3 likes") {
			t.Errorf("%s: %.400s", path, v.Find(".board").Text())
		}
		if v.Find(".choice [aria-current]").Length() != 2 {
			t.Errorf("%s does not say which list it is", path)
		}
	}
	h.Exec(t, "update works set hidden_for = 1, hidden = true where id = $1", h.hung.ID)
	for _, path := range []string{"/explore/popular", "/leaderboard"} {
		if v := get(path); strings.Contains(v.text(), "Open ridge") {
			t.Errorf("%s shows what was taken down", path)
		}
	}
	h.Exec(t, "update studios set suspended_at = now(), suspended_reason = 'x' where id = $1", h.studio)
	if v := get("/leaderboard?of=studios"); v.Find(".board li").Length() != 0 {
		t.Error("a suspended studio leads the board")
	}
}

// A search is narrowed by links, keeps its filters in the form, and says how it
// could be wider.
func TestDiscover_search(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	get := func(path string) view { return h.ask(t, "visitor", http.MethodGet, path, nil) }
	h.Exec(t, "insert into works (id, studio_id, public_id, creation_key, state, title, tags, cover_id, media_count, published_at, year, created_by, created_at, updated_at) select gen_random_uuid(), studio_id, 'narrow' || n, 'n' || n, 'published', 'Closed ridge ' || n, '[]', cover_id, 1, now(), 2000 + n, created_by, now(), now() from works, generate_series(1, 3) n where id = $1", h.hung.ID)
	h.index(t)
	v := get("/search?q=ridge")
	if v.Find(".hang article").Length() != 4 || !strings.Contains(v.Find(".sieve").Text(), "4 works") {
		t.Fatalf("%.800s", v.text())
	}
	year := v.Find(`.sieve a[href*="year=2002"]`)
	if year.Length() != 1 || !strings.Contains(year.Text(), "1") {
		t.Fatalf("the menu of years: %.600s", v.Find(".sieve").Text())
	}
	to, _ := year.Attr("href")
	v = get(to)
	if v.Find(".hang article").Length() != 1 || v.Find(`form#nothing, form[role=search] input[type=hidden][name=year][value="2002"]`).Length() != 1 {
		t.Errorf("narrowed: %.600s", v.text())
	}
	if back, _ := v.Find(`.sieve a.tag`).Attr("href"); back != "/search?q=ridge" {
		t.Errorf("the filter leads back to %q", back)
	}
	v = get("/search?q=ridge&year=1999")
	if !strings.Contains(v.text(), "Nothing with these filters") || !strings.Contains(v.text(), "4 works") || v.Find(`.empty a[href="/search?q=ridge"]`).Length() != 1 {
		t.Errorf("too narrow: %.600s", v.text())
	}
	v = get("/search?q=rigde&kind=picture")
	meant, _ := v.Find(".mean a").Attr("href")
	if meant != "/search?kind=picture&q=ridge" || !strings.Contains(v.text(), "Did you mean ridge") {
		t.Errorf("did you mean %q: %.400s", meant, v.text())
	}
	if v = get("/search?q=qqqq"); !strings.Contains(v.text(), "Nothing found") || v.Find(`a.tag[href="/t/ridge"]`).Length() != 1 {
		t.Errorf("nothing: %.600s", v.text())
	}
	if v = get("/search?q=ridge&in=tags"); v.Find(`a.tag[href="/t/ridge"]`).Length() != 1 || v.Find(".hang").Length() != 0 {
		t.Errorf("tags: %.600s", v.text())
	}
	if v = get("/search?q=owner&in=studios"); v.Find(".index a").Length() != 1 || v.Find("mark").Length() != 1 {
		t.Errorf("studios: %.600s", v.text())
	}
	// Nothing of drafts, and nothing that cannot be asked.
	for _, q := range []string{"undisclosed", "undiscolsed", "undisclose"} {
		for _, in := range []string{"", "studios", "tags"} {
			if v := get("/search?q=" + q + "&in=" + in); strings.Contains(v.text(), draftTitle) || v.Find(".mean").Length() != 0 {
				t.Errorf("%s gives a draft away", q)
			}
		}
	}
	for _, hostile := range []string{"<script>", "%", "\x00", "{a,b}", strings.Repeat("ü", 300)} {
		at := url.Values{"q": {hostile}, "tag": {hostile}, "year": {hostile}, "kind": {hostile}, "colour": {hostile}, "shape": {hostile}, "in": {hostile}, "after": {hostile}}
		if v := get("/search?" + at.Encode()); v.status != http.StatusOK || v.Find("script:not([src])").Length() != 0 {
			t.Errorf("%q: %d", hostile, v.status)
		}
	}
}
