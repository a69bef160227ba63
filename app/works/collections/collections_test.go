package collections_test

import (
	"context"
	"fmt"
	"strings"
	"sync"
	"testing"

	"github.com/google/uuid"

	"vitrine/app/fault"
	"vitrine/app/media"
	"vitrine/app/platform/blob"
	"vitrine/app/platform/bus"
	"vitrine/app/platform/db"
	"vitrine/app/platform/dbtest"
	"vitrine/app/platform/id"
	"vitrine/app/platform/idem"
	"vitrine/app/studios"
	"vitrine/app/works"
	"vitrine/app/works/collections"
)

// room is a database with two studios and the service over it, as requests use it.
type room struct {
	*dbtest.Database
	t      *testing.T
	s      *collections.Service
	worker *collections.Service
	ours   works.Actor
	theirs works.Actor
}

func newRoom(t *testing.T) *room {
	t.Helper()
	t.Parallel()
	r := &room{Database: dbtest.New(t), t: t}
	r.s, r.worker = collections.New(r.App, bus.NewOutbox(), r.files(r.App)), collections.New(r.Worker, bus.NewOutbox(), r.files(r.Worker))
	r.ours, r.theirs = r.studio("harbour"), r.studio("nord")
	return r
}

func (r *room) files(handle *db.DB) *media.Service {
	r.t.Helper()
	store, err := blob.Open(blob.Config{Kind: "disk", Dir: r.t.TempDir()})
	r.must(err)
	files, err := media.New(media.Config{DB: handle, Outbox: bus.NewOutbox(), Blobs: store, Dir: r.t.TempDir()})
	r.must(err)
	r.t.Cleanup(func() { _ = files.Close() })
	return files
}

func (r *room) studio(slug string) works.Actor {
	r.t.Helper()
	a := works.Actor{UserID: id.New(), StudioID: id.New(), Role: studios.Editor}
	r.Exec(r.t, `insert into studios (id, slug, name, created_at, updated_at) values ($1, $2, $2, now(), now())`, a.StudioID, slug)
	r.Exec(r.t, `insert into memberships (studio_id, user_id, role, created_at, updated_at) values ($1, $2, 'editor', now(), now())`, a.StudioID, a.UserID)
	return a
}

// work makes a work of a state with a picture, and gives its public id.
func (r *room) work(a works.Actor, title, state string) string {
	r.t.Helper()
	work, file, public := id.New(), id.New(), id.Public()
	r.Exec(r.t, `insert into media (id, studio_id, state, usable, exposed, kind, filename, bytes, width, height, served, created_by, created_at, updated_at)
		values ($1, $2, 'ready', true, $3, 'image', 'a.jpg', 1, 400, 300, '{"jpeg":[320]}', $4, now(), now())`, file, a.StudioID, state == "published", a.UserID)
	r.Exec(r.t, `insert into works (id, studio_id, public_id, creation_key, state, title, slug, cover_id, cover_alt, media_count, published_at, created_by, created_at, updated_at)
		values ($1, $2, $3, $3, $4, $5, 'a', $6, 'Alt of ' || $5, 1, now(), $7, now(), now())`, work, a.StudioID, public, state, title, file, a.UserID)
	r.Exec(r.t, `insert into work_media (studio_id, work_id, media_id, position) values ($1, $2, $3, 0)`, a.StudioID, work, file)
	return public
}

func (r *room) made(a works.Actor, title string) collections.Collection {
	r.t.Helper()
	c, err := r.s.Create(ctx(), a, collections.Words{Title: title, Shown: true}, idem.NewKey())
	r.must(err)
	return c
}

func (r *room) add(c collections.Collection, works ...string) {
	r.t.Helper()
	_, err := r.s.Add(ctx(), r.ours, c.PublicID, works)
	r.must(err)
}

// order is the titles of a collection as its studio sees them.
func (r *room) order(c collections.Collection) string {
	r.t.Helper()
	_, members, _, err := r.s.Own(ctx(), c.StudioID, c.PublicID)
	r.must(err)
	var titles []string
	for i, m := range members {
		if m.Position != i {
			r.t.Errorf("place %d has position %d", i, m.Position)
		}
		titles = append(titles, m.Title)
	}
	return strings.Join(titles, " ")
}

func (r *room) must(err error) {
	r.t.Helper()
	if err != nil {
		r.t.Fatal(err)
	}
}

func ctx() context.Context { return db.Guard(context.Background()) }

func wantKind(t *testing.T, err error, want fault.Kind) {
	t.Helper()
	if err == nil || fault.KindOf(err) != want {
		t.Fatalf("got %v, want a fault that is %s", err, want)
	}
}

func TestCreate_onceByKey(t *testing.T) {
	r := newRoom(t)
	key := idem.NewKey()
	first, err := r.s.Create(ctx(), r.ours, collections.Words{Title: "  North   light ", About: "Twelve\n\nmornings."}, key)
	r.must(err)
	again, err := r.s.Create(ctx(), r.ours, collections.Words{Title: "North light"}, key)
	r.must(err)
	if again.ID != first.ID || first.Title != "North light" || first.Slug != "north-light" || r.Count(t, "select count(*) from collections") != 1 {
		t.Errorf("made %+v, then %+v", first, again)
	}
	_, err = r.s.Create(ctx(), r.ours, collections.Words{Title: " ", About: strings.Repeat("ä", 2001)}, idem.NewKey())
	wantKind(t, err, fault.Invalid)
	if f := fault.FieldsOf(err); f["title"] == "" || f["about"] == "" {
		t.Errorf("the fields are %v", f)
	}
	viewer := r.ours
	viewer.Role = studios.Viewer
	_, err = r.s.Create(ctx(), viewer, collections.Words{Title: "x"}, idem.NewKey())
	wantKind(t, err, fault.Forbidden)
	_, err = r.s.Create(ctx(), works.Actor{UserID: r.theirs.UserID, StudioID: r.ours.StudioID, Role: studios.Owner}, collections.Words{Title: "x"}, idem.NewKey())
	wantKind(t, err, fault.NotFound) // the session said owner; the row says nobody
}

func TestCreate_upToTheLimit(t *testing.T) {
	r := newRoom(t)
	r.Exec(t, `insert into collections (id, studio_id, public_id, title, slug, created_at, updated_at)
		select gen_random_uuid(), $1, 'c' || n, 'c', 'c', now(), now() from generate_series(1, 59) n`, r.ours.StudioID)
	var wg sync.WaitGroup
	var made, refused int
	var mu sync.Mutex
	for range 5 {
		wg.Go(func() {
			_, err := r.s.Create(ctx(), r.ours, collections.Words{Title: "one more"}, idem.NewKey())
			mu.Lock()
			defer mu.Unlock()
			if fault.Is(err, fault.Conflict) {
				refused++
			} else if err == nil {
				made++
			}
		})
	}
	wg.Wait()
	if made != 1 || refused != 4 {
		t.Errorf("%d were made and %d refused, of five for one place", made, refused)
	}
}

func TestSave_twiceAndStale(t *testing.T) {
	r := newRoom(t)
	c := r.made(r.ours, "Light")
	w := collections.Words{Version: 1, Title: "Northern light", Shown: true}
	saved, err := r.s.Save(ctx(), r.ours, c.PublicID, w)
	r.must(err)
	if saved.Slug != "northern-light" || saved.Version != 2 {
		t.Errorf("saved %+v", saved)
	}
	_, err = r.s.Save(ctx(), r.ours, c.PublicID, w)
	r.must(err) // the second of a form that was sent twice
	w.Title = "Southern light"
	_, err = r.s.Save(ctx(), r.ours, c.PublicID, w)
	wantKind(t, err, fault.Conflict)
	_, err = r.s.Save(ctx(), r.theirs, c.PublicID, collections.Words{Version: 2, Title: "Taken"})
	wantKind(t, err, fault.NotFound)
}

func TestAdd_ownWorksOnceInOrder(t *testing.T) {
	r := newRoom(t)
	c := r.made(r.ours, "Light")
	a, b, d := r.work(r.ours, "A", "published"), r.work(r.ours, "B", "draft"), r.work(r.ours, "D", "published")
	strangers := r.work(r.theirs, "X", "published")
	r.add(c, b, strangers, a, "nothing")
	r.add(c, a, d, b)
	if got := r.order(c); got != "B A D" {
		t.Errorf("the order is %q", got)
	}
	var workID uuid.UUID
	r.Row(t, "select id from works where public_id = $1", strangers)(&workID)
	if _, err := r.Owner.ExecContext(t.Context(), `insert into collection_works (studio_id, collection_id, work_id, position) values ($1, $2, $3, 9)`, r.ours.StudioID, c.ID, workID); err == nil {
		t.Error("the tables let a work of another studio in")
	}
}

func TestDo_movesOnceFromWhereItWas(t *testing.T) {
	r := newRoom(t)
	c := r.made(r.ours, "Light")
	a, b, d := r.work(r.ours, "A", "published"), r.work(r.ours, "B", "published"), r.work(r.ours, "D", "published")
	r.add(c, a, b, d)
	for _, step := range []struct {
		work string
		act  collections.Act
		at   int
		want string
	}{
		{d, collections.Up, 2, "A D B"},
		{d, collections.Up, 2, "A D B"}, // a double click
		{d, collections.Up, 1, "D A B"},
		{d, collections.Up, 0, "D A B"}, // at the end of the row
		{d, collections.Last, 0, "A B D"},
		{b, collections.Down, 1, "A D B"},
		{b, collections.First, 2, "B A D"},
		{b, "sideways", 0, "B A D"},
		{a, collections.Remove, 7, "B D"},
		{a, collections.Remove, 7, "B D"},
		{a, collections.Up, 0, "B D"},
	} {
		r.must(r.s.Do(ctx(), r.ours, c.PublicID, step.work, step.act, step.at))
		if got := r.order(c); got != step.want {
			t.Fatalf("%s of the work at %d: %q, want %q", step.act, step.at, got, step.want)
		}
	}
	wantKind(t, r.s.Do(ctx(), r.theirs, c.PublicID, d, collections.Up, 1), fault.NotFound)
}

// Two people press buttons at once: whatever the order, it is one, without gaps.
func TestDo_atOnce(t *testing.T) {
	r := newRoom(t)
	c := r.made(r.ours, "Light")
	var all []string
	for n := range 8 {
		all = append(all, r.work(r.ours, fmt.Sprint(n), "published"))
	}
	r.add(c, all...)
	var wg sync.WaitGroup
	for n, w := range all {
		wg.Go(func() {
			act := collections.Up
			if n%3 == 0 {
				act = collections.Remove
			}
			if err := r.s.Do(ctx(), r.ours, c.PublicID, w, act, n); err != nil {
				t.Error(err)
			}
		})
	}
	wg.Wait()
	if got := len(strings.Fields(r.order(c))); got != 5 {
		t.Errorf("%d works are left, want 5", got)
	}
}

func TestPublic_onlyWhatEverybodySees(t *testing.T) {
	r := newRoom(t)
	c := r.made(r.ours, "Light")
	draft, open, unlisted := r.work(r.ours, "Draft", "draft"), r.work(r.ours, "Open", "published"), r.work(r.ours, "Unlisted", "unlisted")
	r.add(c, draft)
	_, _, err := r.s.Public(ctx(), c.PublicID)
	wantKind(t, err, fault.NotFound) // nobody may see anything of it yet
	r.add(c, unlisted, open)
	for name, s := range map[string]*collections.Service{"app": r.s, "worker": r.worker} {
		found, n, err := s.Public(ctx(), c.PublicID)
		r.must(err)
		cards, next, err := s.Hanging(ctx(), found.ID, 0, 10)
		r.must(err)
		if n != 1 || next != 0 || len(cards) != 1 || cards[0].Title != "Open" {
			t.Errorf("as the %s everybody sees %d works: %+v", name, n, cards)
		}
	}
	list, more, works, err := r.s.Shelf(ctx(), r.ours.StudioID, 4)
	r.must(err)
	if len(list) != 1 || more || works != 1 || list[0].Cover.MediaID == nil || list[0].Cover.Alt != "Alt of Open" {
		t.Errorf("the shelf is %+v of %d works", list, works)
	}
	r.must(r.s.Do(ctx(), r.ours, c.PublicID, draft, collections.OnCover, 0))
	if list, _, _, err = r.s.Shelf(ctx(), r.ours.StudioID, 4); err != nil || list[0].Cover.Alt != "Alt of Open" {
		t.Errorf("a draft stands on the cover that everybody sees: %+v, %v", list, err)
	}
	r.Exec(t, "update works set hidden = true, hidden_for = 1 where title = 'Open'")
	_, _, err = r.s.Public(ctx(), c.PublicID)
	wantKind(t, err, fault.NotFound)
	r.Exec(t, "update works set hidden = false, hidden_for = 0, sensitive = true where title = 'Open'")
	if list, _, _, err = r.s.Shelf(ctx(), r.ours.StudioID, 4); err != nil || len(list) != 1 || list[0].Cover.MediaID != nil {
		t.Errorf("a sensitive picture is a cover: %+v, %v", list, err)
	}
	_, err = r.s.Save(ctx(), r.ours, c.PublicID, collections.Words{Version: 1, Title: "Light"})
	r.must(err)
	_, _, err = r.s.Public(ctx(), c.PublicID)
	wantKind(t, err, fault.NotFound)
	if r.Count(t, "select count(*) from collections") != 1 {
		t.Error("hiding it removed it")
	}
}

// A page of a collection begins where the one before ended, whatever the works
// are that nobody sees.
func TestHanging_pages(t *testing.T) {
	r := newRoom(t)
	c := r.made(r.ours, "Light")
	var all []string
	for n := range 10 {
		all = append(all, r.work(r.ours, fmt.Sprint(n), map[bool]string{true: "draft", false: "published"}[n%2 == 0]))
	}
	r.add(c, all...)
	var seen []string
	for from, pages := 0, 0; pages < 5; pages++ {
		cards, next, err := r.s.Hanging(ctx(), c.ID, from, 2)
		r.must(err)
		for _, card := range cards {
			seen = append(seen, card.Title)
		}
		if from = next; next == 0 {
			break
		}
	}
	if got := strings.Join(seen, " "); got != "1 3 5 7 9" {
		t.Errorf("the pages show %q", got)
	}
}

func TestDelete_leavesTheWorks(t *testing.T) {
	r := newRoom(t)
	c := r.made(r.ours, "Light")
	r.add(c, r.work(r.ours, "A", "published"))
	wantKind(t, r.s.Delete(ctx(), works.Actor{UserID: r.ours.UserID, StudioID: r.ours.StudioID, Role: studios.Viewer}, c.PublicID), fault.Forbidden)
	for range 2 {
		r.must(r.s.Delete(ctx(), r.ours, c.PublicID))
	}
	if r.Count(t, "select count(*) from works") != 1 || r.Count(t, "select count(*) from collection_works") != 0 {
		t.Error("the work did not stay, or its place did")
	}
}

func TestExport_andRestore(t *testing.T) {
	r := newRoom(t)
	c := r.made(r.ours, "Light")
	a, b := r.work(r.ours, "A", "published"), r.work(r.ours, "B", "draft")
	r.add(c, b, a)
	r.must(r.s.Do(ctx(), r.ours, c.PublicID, a, collections.OnCover, 1))
	var got []collections.Exported
	r.must(r.worker.Export(ctx(), r.ours.StudioID, func(e collections.Exported) error { got = append(got, e); return nil }))
	if len(got) != 1 || got[0].ID != c.PublicID || got[0].Cover != a || strings.Join(got[0].Works, " ") != b+" "+a {
		t.Fatalf("exported %+v", got)
	}
	a2, b2 := r.work(r.theirs, "A", "published"), r.work(r.theirs, "B", "draft")
	for range 2 {
		r.must(r.Worker.Tenant(ctx(), r.theirs.StudioID, func(tx db.Tx) error {
			return r.worker.Restore(ctx(), tx, r.theirs.StudioID, got[0], map[string]string{a: a2, b: b2})
		}))
	}
	var fresh string
	r.Row(t, "select public_id from collections where studio_id = $1", r.theirs.StudioID)(&fresh) // one, and not the one that is taken
	restored, members, _, err := r.s.Own(ctx(), r.theirs.StudioID, fresh)
	r.must(err)
	if len(members) != 2 || members[0].Title != "B" || restored.CoverID == nil || *restored.CoverID != members[1].ID || !restored.Shown {
		t.Errorf("restored %+v with %d works", restored, len(members))
	}
}

// What moderators hide nobody outside sees, whatever the studio ticks and however
// it travels; shown again, it is as its studio wanted it meanwhile.
func TestSetHidden(t *testing.T) {
	r := newRoom(t)
	c := r.made(r.ours, "North light")
	r.add(c, r.work(r.ours, "A", "published"))
	hide := func(on bool) {
		t.Helper()
		for range 2 {
			r.must(r.Worker.Tenant(ctx(), c.StudioID, func(tx db.Tx) error { return r.worker.SetHidden(ctx(), tx, c.StudioID, c.ID, on) }))
		}
	}
	seen := func(by *collections.Service) bool {
		t.Helper()
		_, _, err := by.Public(ctx(), c.PublicID)
		if err != nil && !fault.Is(err, fault.NotFound) {
			t.Fatal(err)
		}
		list, _, _, listErr := by.Shelf(ctx(), c.StudioID, 5)
		r.must(listErr)
		if (err == nil) != (len(list) == 1) {
			t.Errorf("the page is there: %t; the list has %d", err == nil, len(list))
		}
		return err == nil
	}
	hide(true)
	for _, by := range []*collections.Service{r.s, r.worker} {
		if seen(by) {
			t.Error("what is hidden is seen")
		}
	}
	if n := r.Count(t, "select count(*) from collections where shown"); n != 0 {
		t.Error("the row says that it is shown")
	}
	for _, shown := range []bool{false, true} {
		saved, err := r.s.Save(ctx(), r.ours, c.PublicID, collections.Words{Version: c.Version, Title: "Northern light", Shown: shown})
		r.must(err)
		if saved.Shown || saved.Wanted != shown || seen(r.s) {
			t.Errorf("saved as %+v", saved)
		}
		c.Version = saved.Version
	}
	var out []collections.Exported
	r.must(r.worker.Export(ctx(), c.StudioID, func(e collections.Exported) error { out = append(out, e); return nil }))
	if len(out) != 1 || !out[0].Hidden || !out[0].Shown {
		t.Fatalf("the archive has %+v", out)
	}
	r.must(r.Worker.Tenant(ctx(), r.theirs.StudioID, func(tx db.Tx) error { return r.worker.Restore(ctx(), tx, r.theirs.StudioID, out[0], nil) }))
	if n := r.Count(t, "select count(*) from collections where studio_id = $1 and hidden and not shown and wanted", r.theirs.StudioID); n != 1 {
		t.Error("an import shows what is hidden")
	}
	hide(false)
	if !seen(r.s) {
		t.Error("it is not back")
	}
	r.must(r.s.Delete(ctx(), r.ours, c.PublicID))
	hide(true)
}
