package ranking

import (
	"context"
	"fmt"
	"math"
	"os"
	"strings"
	"testing"
	"time"

	"github.com/google/uuid"

	"vitrine/app/accounts"
	"vitrine/app/engagement"
	"vitrine/app/media"
	"vitrine/app/platform/blob"
	"vitrine/app/platform/bus"
	"vitrine/app/platform/clock"
	"vitrine/app/platform/db"
	"vitrine/app/platform/dbtest"
	"vitrine/app/platform/id"
	"vitrine/app/studios"
	"vitrine/app/works"
)

// world is a database with rankings over it: app shows, worker makes.
type world struct {
	*dbtest.Database
	t           testing.TB
	app, worker *Service
	now         time.Time
}

func ctx() context.Context { return db.Guard(context.Background()) }

func newWorld(t testing.TB) *world {
	t.Helper()
	w := &world{Database: dbtest.New(t), t: t, now: time.Date(2026, 11, 1, 12, 0, 0, 0, time.UTC)}
	build := func(d *db.DB) *Service {
		dir := t.TempDir()
		store, err := blob.Open(blob.Config{Kind: "disk", Dir: dir + "/blobs"})
		w.must(err)
		files, err := media.New(media.Config{DB: d, Outbox: bus.NewOutbox(), Blobs: store, Dir: dir})
		w.must(err)
		t.Cleanup(func() { _ = files.Close() })
		st, err := studios.New(studios.Config{DB: d, Outbox: bus.NewOutbox()})
		w.must(err)
		people, err := accounts.New(accounts.Config{DB: d, Outbox: bus.NewOutbox(), Studios: st, Secret: strings.Repeat("secret", 6)})
		w.must(err)
		ws := works.New(d, bus.NewOutbox(), files)
		en, err := engagement.New(engagement.Config{DB: d, Outbox: bus.NewOutbox(), Accounts: people, Studios: st, Works: ws})
		w.must(err)
		s, err := New(Config{DB: d, Works: ws, Studios: st, Engagement: en, Clock: clock.Clock(func() time.Time { return w.now })})
		w.must(err)
		return s
	}
	w.app, w.worker = build(w.App), build(w.Worker)
	return w
}

func (w *world) must(err error) {
	w.t.Helper()
	if err != nil {
		w.t.Fatal(err)
	}
}

// studio makes a studio with as many public works, and gives the ids of both.
func (w *world) studio(slug string, n int) (studio uuid.UUID, ids []uuid.UUID) {
	w.t.Helper()
	studio = id.New()
	w.Exec(w.t, `insert into studios (id, slug, name, created_at, updated_at) values ($1, $2, $3, now(), now())`, studio, slug, strings.ToUpper(slug))
	for i := range n {
		work, cover := id.New(), id.New()
		w.Exec(w.t, `insert into media (id, studio_id, state, usable, exposed, kind, filename, bytes, width, height, served, created_by, created_at, updated_at)
			values ($1, $2, 'ready', true, true, 'image', 'a.jpg', 1, 16, 9, '{"jpeg":[320]}', $1, now(), now())`, cover, studio)
		w.Exec(w.t, `insert into works (id, studio_id, public_id, creation_key, state, title, cover_id, media_count, published_at, created_by, created_at, updated_at)
			values ($1, $2, $3, $3, 'published', $4, $5, 1, now(), $1, now(), now())`, work, studio, id.Public(), fmt.Sprint(slug, " ", i), cover)
		ids = append(ids, work)
	}
	return studio, ids
}

// like is n people who like a work, so long before now.
func (w *world) like(studio, work uuid.UUID, n int, before time.Duration) {
	w.t.Helper()
	w.Exec(w.t, `insert into likes (work_id, user_id, studio_id, created_at) select $1, gen_random_uuid(), $2, $3 from generate_series(1, $4)`, work, studio, w.now.Add(-before), n)
	w.Exec(w.t, `insert into work_counters (work_id, studio_id, likes) values ($1, $2, $3) on conflict (work_id) do update set likes = work_counters.likes + $3`, work, studio, n)
}

// comment is one person who comments n times.
func (w *world) comment(studio, work, person uuid.UUID, n int, before time.Duration) {
	w.t.Helper()
	w.Exec(w.t, `insert into comments (id, public_id, studio_id, work_id, user_id, body, created_at)
		select gen_random_uuid(), left(gen_random_uuid()::text, 12), $2, $1, $3, 'Well.', $4 from generate_series(1, $5)`, work, studio, person, w.now.Add(-before), n)
	w.Exec(w.t, `insert into work_counters (work_id, studio_id, comments) values ($1, $2, $3) on conflict (work_id) do update set comments = work_counters.comments + $3`, work, studio, n)
}

func (w *world) page(list List, from Cursor, limit int) Page {
	w.t.Helper()
	p, err := w.app.Page(ctx(), list, from, limit)
	w.must(err)
	return p
}

// scores are the works, or studios, of a list by their scores.
func (w *world) scores(list List) (ids []uuid.UUID, scores []float64) {
	w.t.Helper()
	for _, e := range w.page(list, Cursor{}, 100).Entries {
		if strings.HasPrefix(string(list), "studios") {
			ids = append(ids, e.StudioID)
		} else {
			ids = append(ids, *e.WorkID)
		}
		scores = append(scores, e.Score)
	}
	return ids, scores
}

func (w *world) want(list List, ids []uuid.UUID, scores ...float64) {
	w.t.Helper()
	got, values := w.scores(list)
	if len(got) != len(ids) {
		w.t.Errorf("%s has %d lines with %v, want %v", list, len(got), values, scores)
		return
	}
	for i := range got {
		if got[i] != ids[i] || math.Abs(values[i]-scores[i]) > 1e-9 {
			w.t.Errorf("%s: line %d is %s with %v, want %s with %v", list, i+1, got[i], values[i], ids[i], scores[i])
		}
	}
}

// The formula: an act counts half after each half-life, and nothing after the
// window.
func TestMake_formula(t *testing.T) {
	w := newWorld(t)
	studio, works := w.studio("harbour", 4)
	fresh, old, talked, past := works[0], works[1], works[2], works[3]
	w.like(studio, fresh, 3, 0)
	w.like(studio, old, 10, 2*HalfLife)
	w.comment(studio, talked, id.New(), 5, HalfLife) // one person, however much they say
	w.like(studio, past, 100, Window+time.Minute)
	w.must(w.worker.Make(ctx()))
	w.want(Popular, []uuid.UUID{fresh, old, talked}, 3, 2.5, 1)
	w.want(WorksWeek, []uuid.UUID{old, fresh, talked}, 10, 3, 2)
	w.want(WorksMonth, []uuid.UUID{old, fresh, talked}, 10, 3, 2)
	w.want(WorksAll, []uuid.UUID{past, talked, old, fresh}, 100, 10, 10, 3)
}

func TestMake_whatCounts(t *testing.T) {
	w := newWorld(t)
	studio, works := w.studio("harbour", 3)
	other, others := w.studio("nord", 1)
	w.like(studio, works[0], 2, time.Hour)
	shut := id.New()
	w.Exec(t, "insert into commenters (user_id, name, shut) values ($1, 'Somebody', true)", shut)
	w.comment(studio, works[0], shut, 1, time.Hour)
	w.Exec(t, "insert into likes (work_id, user_id, studio_id, created_at) values ($1, $2, $3, $4)", works[0], shut, studio, w.now)
	w.comment(studio, works[1], id.New(), 1, time.Hour)
	w.Exec(t, "update comments set by_member = true where work_id = $1", works[1])
	w.like(studio, works[2], 50, time.Hour)
	w.Exec(t, "update works set state = 'unlisted' where id = $1", works[2])
	w.like(other, others[0], 1, time.Hour)
	w.Exec(t, "insert into follows (user_id, studio_id, created_at) select gen_random_uuid(), $1, $2 from generate_series(1, 3)", other, w.now.Add(-time.Hour))
	w.Exec(t, "insert into studio_counters (studio_id, followers) values ($1, 3)", other)
	w.must(w.worker.Make(ctx()))
	w.want(WorksWeek, []uuid.UUID{works[0], others[0]}, 2, 1)
	p := w.page(StudiosWeek, Cursor{}, 10)
	if len(p.Entries) != 2 || p.Entries[1].StudioID != other || p.Entries[1].Score != 7 || p.Entries[1].Followers != 3 || *p.Entries[1].WorkID != others[0] {
		t.Errorf("studios of the week: %+v", p.Entries)
	}
	if p := w.page(StudiosAll, Cursor{}, 10); len(p.Entries) != 2 || p.Entries[1].Followers != 3 || !p.MadeAt.Equal(w.now) {
		t.Errorf("studios of all time: %+v", p)
	}
	w.Exec(t, "update studios set suspended_at = now(), suspended_reason = 'x' where id = $1", other)
	w.now = w.now.Add(Every)
	w.must(w.worker.Make(ctx()))
	if p := w.page(StudiosWeek, Cursor{}, 10); len(p.Entries) != 1 {
		t.Errorf("a suspended studio leads: %+v", p.Entries)
	}
	w.must(w.Worker.Transact(ctx(), func(tx db.Tx) error { return Erase(ctx(), tx, studio) }))
	if n := w.Count(t, "select count(*) from ranked where studio_id = $1", studio); n != 0 {
		t.Errorf("%d lines are left of a studio that is gone", n)
	}
}

// Whoever pages reads the list that they began with, while newer ones are made;
// when it is gone they begin again.
func TestPage_isOfOneList(t *testing.T) {
	w := newWorld(t)
	if p := w.page(Popular, Cursor{}, 5); len(p.Entries) != 0 || !p.MadeAt.IsZero() {
		t.Errorf("before any list: %+v", p)
	}
	studio, works := w.studio("harbour", 9)
	for i, work := range works {
		w.like(studio, work, 9-i, 0)
	}
	w.must(w.worker.Make(ctx()))
	first := w.page(Popular, Cursor{}, 4)
	for i, work := range works { // everything turns round
		w.like(studio, work, 100*i, 0)
	}
	w.now = w.now.Add(Every)
	w.must(w.worker.Make(ctx()))
	var seen []uuid.UUID
	for p := first; ; p = w.page(Popular, ParseCursor(p.Next.String()), 4) {
		for _, e := range p.Entries {
			seen = append(seen, *e.WorkID)
		}
		if p.Next == (Cursor{}) {
			break
		}
	}
	if fmt.Sprint(seen) != fmt.Sprint(works) {
		t.Errorf("paging gave %d works, in another order or twice", len(seen))
	}
	if p := w.page(Popular, Cursor{}, 1); *p.Entries[0].WorkID != works[8] {
		t.Error("the first page is of an older list")
	}
	w.now = w.now.Add(Keep + time.Minute)
	w.must(w.worker.Make(ctx()))
	if p := w.page(Popular, first.Next, 4); len(p.Entries) != 4 || p.Entries[0].Position != 1 {
		t.Errorf("behind a list that is gone: %+v", p.Entries)
	}
	if n := w.Count(t, "select count(*) from rankings where list = 'popular'"); n != 1 {
		t.Errorf("%d lists are kept", n)
	}
	for _, c := range []string{"", "x", strings.Repeat("A", 32), strings.Repeat("_", 32), "\x00"} {
		w.page(Popular, ParseCursor(c), 4)
	}
}

// The decision record says the numbers that count.
func TestFormula_isWrittenDown(t *testing.T) {
	raw, err := os.ReadFile("../../../docs/adr/0036-popular-and-the-leaderboard.md")
	if err != nil {
		t.Fatal(err)
	}
	text := string(raw)
	for _, part := range []string{
		fmt.Sprintf("0.5 ^ (age / %.0f h)", HalfLife.Hours()), fmt.Sprintf("a like counts %d", LikeWeight), fmt.Sprintf("a comment %d", CommentWeight),
		fmt.Sprintf("a new follower %d", FollowWeight), fmt.Sprintf("%.0f days", Window.Hours()/24), fmt.Sprintf("every %.0f minutes", Every.Minutes()),
	} {
		if !strings.Contains(text, part) {
			t.Errorf("the record does not say %q", part)
		}
	}
}
