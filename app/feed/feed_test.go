package feed_test

import (
	"context"
	"fmt"
	"testing"
	"time"

	"github.com/google/uuid"

	"vitrine/app/engagement/sources"
	"vitrine/app/feed"
	"vitrine/app/media"
	"vitrine/app/platform/blob"
	"vitrine/app/platform/bus"
	"vitrine/app/platform/db"
	"vitrine/app/platform/dbtest"
	"vitrine/app/platform/id"
	"vitrine/app/studios"
	"vitrine/app/works"
)

// house has studios with works at given minutes, and a member.
type house struct {
	*dbtest.Database
	t      *testing.T
	feed   *feed.Service
	keep   *sources.Service // as jobs use it
	member uuid.UUID
	today  time.Time // when it began: a test may run over midnight
}

func ctx() context.Context { return db.Guard(context.Background()) }

func newHouse(t *testing.T) *house {
	t.Helper()
	h := &house{Database: dbtest.New(t), t: t, member: id.New(), today: time.Now().UTC().Truncate(24 * time.Hour)}
	build := func(d *db.DB) (*sources.Service, *works.Service, *studios.Service) {
		store, err := blob.Open(blob.Config{Kind: "disk", Dir: t.TempDir()})
		h.must(err)
		files, err := media.New(media.Config{DB: d, Outbox: bus.NewOutbox(), Blobs: store, Dir: t.TempDir()})
		h.must(err)
		t.Cleanup(func() { _ = files.Close() })
		st, err := studios.New(studios.Config{DB: d, Outbox: bus.NewOutbox()})
		h.must(err)
		w := works.New(d, bus.NewOutbox(), files)
		return sources.New(d, st, w), w, st
	}
	src, w, st := build(h.App)
	h.keep, _, _ = build(h.Worker)
	var err error
	h.feed, err = feed.Open(feed.Config{Kind: feed.Query, Sources: src, Works: w, Studios: st})
	h.must(err)
	return h
}

func (h *house) must(err error) {
	h.t.Helper()
	if err != nil {
		h.t.Fatal(err)
	}
}

// studio makes a studio whose works were published so many minutes ago.
func (h *house) studio(slug string, minutes ...int) uuid.UUID {
	h.t.Helper()
	studio := id.New()
	h.Exec(h.t, "insert into studios (id, slug, name, created_at, updated_at) values ($1, $2, $3, now(), now())", studio, slug, "Studio "+slug)
	h.Exec(h.t, "insert into studio_slugs (slug, studio_id, since) values ($1, $2, now())", slug, studio)
	for _, m := range minutes {
		h.Exec(h.t, `insert into works (id, studio_id, public_id, creation_key, state, title, media_count, published_at, created_by, created_at, updated_at)
			values (gen_random_uuid(), $1, $2, gen_random_uuid()::text, 'published', $3, 1, $4, $1, now(), now())`,
			studio, id.Public(), fmt.Sprintf("%s %d", slug, m), h.today.Add(-time.Duration(m)*time.Minute))
	}
	h.must(h.keep.Keep(ctx(), studio))
	return studio
}

func (h *house) follow(studios ...uuid.UUID) {
	h.t.Helper()
	for _, s := range studios {
		h.Exec(h.t, "insert into follows (user_id, studio_id, created_at) values ($1, $2, now())", h.member, s)
	}
}

// page gives the titles of a page.
func (h *house) page(from works.Cursor, limit int) (titles []string, p feed.Page) {
	h.t.Helper()
	p, err := h.feed.Of(ctx(), h.member, nil, from, limit)
	h.must(err)
	for _, c := range p.Cards {
		titles = append(titles, c.Title)
		if p.Labels[c.StudioID].Slug == "" || p.Labels[c.StudioID].Name == "" {
			h.t.Errorf("%s has no studio", c.Title)
		}
	}
	return titles, p
}

func wantTitles(t *testing.T, got []string, want ...string) {
	t.Helper()
	if fmt.Sprint(got) != fmt.Sprint(want) {
		t.Errorf("it shows %q, want %q", got, want)
	}
}

func TestOf_mergesTheNewest(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	a, b := h.studio("harbour", 1, 2, 3, 9), h.studio("nord", 4, 8)
	h.studio("stranger", 0, 5)
	quiet := h.studio("quiet")
	h.follow(a, b, quiet)
	titles, p := h.page(works.Cursor{}, 24)
	wantTitles(t, titles, "harbour 1", "harbour 2", "harbour 3", "nord 4", "nord 8", "harbour 9")
	if p.Following != 3 || p.Next != (works.Cursor{}) || len(p.Suggested) != 0 {
		t.Errorf("it follows %d, goes on at %v and suggests %v", p.Following, p.Next, p.Suggested)
	}
	// One whose works all lie behind the first page is found on a later one.
	first, p := h.page(works.Cursor{}, 3)
	wantTitles(t, first, "harbour 1", "harbour 2", "harbour 3")
	second, p := h.page(p.Next, 2)
	wantTitles(t, second, "nord 4", "nord 8")
	third, p := h.page(p.Next, 2)
	wantTitles(t, third, "harbour 9")
	if p.Next != (works.Cursor{}) {
		t.Error("there is a page after the last")
	}
}

// TestOf_pages compares every page with a plain query over all.
func TestOf_pages(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	for n := range 40 {
		var minutes []int
		for m := range n % 7 {
			minutes = append(minutes, (n*31+m*m*17)%200) // many at the same moment
		}
		if s := h.studio(fmt.Sprintf("studio-%d", n), minutes...); n%3 != 0 {
			h.follow(s)
		}
	}
	var want []string
	rows, err := h.Owner.QueryContext(t.Context(), `select w.title from works w join follows f on f.studio_id = w.studio_id where f.user_id = $1 order by w.published_at desc, w.id desc`, h.member)
	h.must(err)
	defer func() { _ = rows.Close() }()
	for rows.Next() {
		var title string
		h.must(rows.Scan(&title))
		want = append(want, title)
	}
	h.must(rows.Err())
	for _, limit := range []int{1, 2, 5, 24, 100} {
		var got []string
		for from, n := (works.Cursor{}), 0; n <= len(want); n++ {
			titles, p := h.page(from, limit)
			got = append(got, titles...)
			if from = p.Next; from == (works.Cursor{}) {
				break
			}
		}
		wantTitles(t, got, want...)
	}
	if len(want) < 60 {
		t.Errorf("there are only %d works", len(want))
	}
}

// TestOf_oneStudio has nothing but one studio's works, more than a page of them.
func TestOf_oneStudio(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	h.follow(h.studio("harbour", 1, 2, 3))
	first, p := h.page(works.Cursor{}, 2)
	wantTitles(t, first, "harbour 1", "harbour 2")
	rest, p := h.page(p.Next, 2)
	wantTitles(t, rest, "harbour 3")
	if p.Next != (works.Cursor{}) {
		t.Error("there is a page after the last")
	}
}

func TestOf_mutedAndHidden(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	a, b := h.studio("harbour", 1, 2), h.studio("nord", 3, 4)
	h.follow(a, b)
	h.Exec(t, "insert into mutes (user_id, kind, subject_id, created_at) values ($1, 'studio', $2, now())", h.member, a)
	titles, p := h.page(works.Cursor{}, 24)
	wantTitles(t, titles, "nord 3", "nord 4")
	if p.Following != 1 || p.Quiet != 1 {
		t.Errorf("it follows %d, and %d are quiet", p.Following, p.Quiet)
	}
	h.Exec(t, "update works set hidden = true, hidden_for = 1 where title = 'nord 3'")
	h.Exec(t, "delete from mutes")
	titles, _ = h.page(works.Cursor{}, 24)
	wantTitles(t, titles, "harbour 1", "harbour 2", "nord 4")
}

func TestOf_justOpened(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	h.follow(h.studio("harbour", 1))
	h.Exec(t, "delete from studio_labels") // nobody has told engagement yet
	titles, _ := h.page(works.Cursor{}, 24)
	wantTitles(t, titles, "harbour 1")
}

func TestOf_suggests(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	var all []uuid.UUID
	for n := range 9 {
		all = append(all, h.studio(fmt.Sprintf("studio-%d", n), n, n+10, n+20, n+30))
	}
	h.studio("empty")
	h.Exec(t, "insert into studio_counters (studio_id, followers) values ($1, 7), ($2, 9)", all[5], all[8])
	p, err := h.feed.Of(ctx(), h.member, []uuid.UUID{all[0]}, works.Cursor{}, 24)
	h.must(err)
	var slugs []string
	for _, s := range p.Suggested {
		slugs = append(slugs, s.Slug)
		if len(s.Cards) != 3 {
			t.Errorf("%s shows %d works", s.Slug, len(s.Cards))
		}
	}
	wantTitles(t, slugs, "studio-8", "studio-5", "studio-1", "studio-2", "studio-3", "studio-4")
	if p.Suggested[0].Followers != 9 || len(p.Cards) != 0 || p.Following != 0 {
		t.Errorf("%+v", p)
	}
	// Whoever follows somebody is left alone.
	h.follow(all[1])
	if p, err = h.feed.Of(ctx(), h.member, nil, works.Cursor{}, 24); err != nil || len(p.Suggested) != 0 {
		t.Errorf("%v, %v", p.Suggested, err)
	}
}

// TestKeep follows a studio's label through what happens to it.
func TestKeep(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	s := h.studio("harbour", 5, 9)
	label := func() (out string) {
		h.must(h.keep.Keep(ctx(), s))
		h.Row(t, `select concat(l.slug, ' ', l.name, ' ', coalesce((select title from works w where w.published_at = l.shown_at), '-')) from studio_labels l where studio_id = $1`, s)(&out)
		return out
	}
	for _, step := range []struct{ change, want string }{
		{"select 1", "harbour Studio harbour harbour 5"},
		{"update studios set name = 'Quay', slug = 'quay'", "quay Quay harbour 5"},
		{"update works set state = 'archived' where title = 'harbour 5'", "quay Quay harbour 9"},
		{"update works set hidden = true, hidden_for = 1", "quay Quay -"},
	} {
		h.Exec(t, step.change)
		if got := label(); got != step.want {
			t.Errorf("after %s it is %q, want %q", step.change, got, step.want)
		}
	}
	h.Exec(t, "delete from works")
	h.Exec(t, "delete from studios")
	h.must(h.keep.Keep(ctx(), s))
	if n := h.Count(t, "select count(*) from studio_labels"); n != 0 {
		t.Errorf("%d labels are left of a studio that is gone", n)
	}
	h.must(h.keep.OnStudioTouched(ctx(), bus.Envelope{Name: "studios.changed.v1", Payload: []byte(`{"studio_id":"` + s.String() + `"}`), At: time.Now()}))
	if err := h.keep.OnStudioTouched(ctx(), bus.Envelope{Name: "studios.changed.v1", Payload: []byte(`{}`)}); err == nil {
		t.Error("an event without a studio was taken")
	}
}

func TestOpen_unknownKind(t *testing.T) {
	t.Parallel()
	if _, err := feed.Open(feed.Config{Kind: "projection"}); err == nil {
		t.Error("a kind that is not built was opened")
	}
}
