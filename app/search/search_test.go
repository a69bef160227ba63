package search

import (
	"context"
	"encoding/json"
	"fmt"
	"strings"
	"sync"
	"testing"

	"github.com/google/uuid"

	"vitrine/app/media"
	"vitrine/app/platform/blob"
	"vitrine/app/platform/bus"
	"vitrine/app/platform/db"
	"vitrine/app/platform/dbtest"
	"vitrine/app/platform/id"
	"vitrine/app/platform/idem"
	"vitrine/app/studios"
	"vitrine/app/works"
)

// world is a database with search over it: app finds, worker indexes.
type world struct {
	*dbtest.Database
	t           testing.TB
	app, worker *Service
	works       *works.Service
}

func newWorld(t testing.TB) *world {
	t.Helper()
	w := &world{Database: dbtest.New(t), t: t}
	build := func(d *db.DB) (*works.Service, *Service) {
		dir := t.TempDir()
		store, err := blob.Open(blob.Config{Kind: "disk", Dir: dir + "/blobs"})
		w.must(err)
		files, err := media.New(media.Config{DB: d, Outbox: bus.NewOutbox(), Blobs: store, Dir: dir})
		w.must(err)
		t.Cleanup(func() { _ = files.Close() })
		st, err := studios.New(studios.Config{DB: d, Outbox: bus.NewOutbox()})
		w.must(err)
		ws := works.New(d, bus.NewOutbox(), files)
		return ws, New(d, ws, st)
	}
	w.works, w.app = build(w.App)
	_, w.worker = build(w.Worker)
	return w
}

func (w *world) must(err error) {
	w.t.Helper()
	if err != nil {
		w.t.Fatal(err)
	}
}

func ctx() context.Context { return db.Guard(context.Background()) }

func (w *world) studio(slug, name string) works.Actor {
	a := works.Actor{UserID: id.New(), StudioID: id.New(), Role: studios.Owner}
	w.Exec(w.t, `insert into studios (id, slug, name, created_at, updated_at) values ($1, $2, $3, now(), now())`, a.StudioID, slug, name)
	w.Exec(w.t, `insert into memberships (studio_id, user_id, role, created_at, updated_at) values ($1, $2, $3, now(), now())`, a.StudioID, a.UserID, string(a.Role))
	return a
}

// hang publishes a work and indexes it.
func (w *world) hang(a works.Actor, title, tags, story string) works.Work {
	w.t.Helper()
	t, m := works.Target{CreationKey: idem.NewKey()}, id.New()
	w.Exec(w.t, `insert into media (id, studio_id, state, usable, kind, filename, bytes, width, height, served, created_by, created_at, updated_at)
		values ($1, $2, 'ready', true, 'image', 'a.jpg', 1, 16, 9, '{"jpeg":[320]}', $3, now(), now())`, m, a.StudioID, a.UserID)
	_, err := w.works.AddMedia(ctx(), a, t, nil, m, idem.NewKey())
	w.must(err)
	work, err := w.works.Publish(ctx(), a, t, &works.Edit{Title: title, Tags: tags, Story: story, FormKey: "test"}, idem.NewKey())
	w.must(err)
	w.must(w.worker.Index(ctx(), a.StudioID, work.ID))
	return work
}

func (w *world) find(query string) (Result, string) {
	w.t.Helper()
	res, err := w.app.Find(ctx(), Query{Text: query}, 24)
	if err != nil {
		w.t.Fatalf("%.60q: %v", query, err)
	}
	var titles []string
	for _, h := range res.Hits {
		titles = append(titles, h.Title)
	}
	return res, strings.Join(titles, ", ")
}

func TestFind(t *testing.T) {
	w := newWorld(t)
	field, nord := w.studio("harbour-field", "Field & Co"), w.studio("nord", "Atelier Nord")
	w.hang(field, "Harbour, Five in the Morning", "sea, dawn", "Boats at anchor.")
	w.hang(field, "Low Water", "sea", "A tidal flat near the old harbour.")
	w.hang(nord, "Kammermusik", "poster", "")
	w.hang(nord, "Été à Orléans", "heat", "")
	w.hang(nord, "المدينة بعد الظهر", "city", "")
	for query, want := range map[string]string{
		"harbour":              "Harbour, Five in the Morning, Low Water", // the title before the story
		"HARBOUR dawn":         "Harbour, Five in the Morning",
		"harb":                 "Harbour, Five in the Morning, Low Water", // unfinished
		"ete orleans":          "Été à Orléans",
		"Orléa":                "Été à Orléans",
		"المدينة":              "المدينة بعد الظهر",
		"nord poster":          "Kammermusik",
		`"low water"`:          "Low Water",
		`"water low"`:          "Low Water", // not the phrase, but like it
		"sea -dawn":            "Low Water",
		"kammermusik or heat ": "", // ordered below
		"the":                  "Harbour, Five in the Morning, Low Water",
	} {
		if query == "kammermusik or heat " {
			if res, _ := w.find(query); len(res.Hits) != 2 {
				t.Errorf("%q found %d", query, len(res.Hits))
			}
			continue
		}
		if _, got := w.find(query); got != want {
			t.Errorf("%q found %q, want %q", query, got, want)
		}
	}
	for query, meant := range map[string]string{"harbur": "harbour", "harbuor dawn": "harbour dawn", "Kamermusick": "kammermusik", "lwo watr": "low water"} {
		res, got := w.find(query)
		if !res.Similar || res.Meant != meant || got == "" {
			t.Errorf("%q found %q, similar %t, meant %q", query, got, res.Similar, res.Meant)
		}
	}
	if _, got := w.find("harbur"); !strings.HasPrefix(got, "Harbour") {
		t.Errorf("a typing error finds %q first", got)
	}
	if res, got := w.find("zzzzqqq"); got != "" || res.Total != 0 {
		t.Errorf("nonsense finds %q", got)
	}
}

// Whatever is asked, the answer is a result and never an error.
func TestFind_hostile(t *testing.T) {
	w := newWorld(t)
	w.hang(w.studio("harbour", "Harbour"), "Harbour's 100% \"Best\"", "a", "")
	for _, q := range []string{
		"", " ", "\x00", "a\x00b", "\xff\xfe", "'", `"`, `""`, `"unclosed`, `\`, `\\'`, "&", "|", "!", "a & b | !c", "a:*", ":*", "(((", ")", "<->", "a <-> b", "- - -", "--",
		"-", "or", "or or", "and not", "%", "_", "{", "}", "{\"a\"}", "$1", "?", "@words", "ŉ", "½", "№", "ﬁ", "İ", "ß", "\u202e\u200b", "🐟", "👩‍👩‍👧‍👦🏳️‍🌈", "\u0301", "a\u0301\u0301", "\u200d-\u0301:", "'; drop table works; --",
		"' or 1=1", "日本語", strings.Repeat("a", 10_000), strings.Repeat("a ", 5000), strings.Repeat("\"", 10_000), strings.Repeat("-x ", 4000), strings.Repeat("🐟", 5000),
	} {
		res, err := w.app.Find(ctx(), Query{Text: q}, 24)
		if err != nil {
			t.Errorf("%.40q: %v", q, err)
		}
		if len([]rune(res.Query)) > MaxQuery {
			t.Errorf("%.40q is not cut", q)
		}
	}
	for _, c := range []string{"", "x", strings.Repeat("A", 32), strings.Repeat("_", 32), strings.Repeat("f", 32), "\x00", strings.Repeat("x", 9999)} {
		if _, err := w.app.Find(ctx(), Query{Text: "harbour", From: ParseCursor(c)}, 24); err != nil {
			t.Errorf("cursor %.40q: %v", c, err)
		}
	}
	if _, got := w.find("100 best"); got == "" {
		t.Error("signs in the title hide it")
	}
}

func TestFind_pages(t *testing.T) {
	w := newWorld(t)
	a := w.studio("harbour", "Harbour")
	for i := range 9 {
		w.hang(a, fmt.Sprint("Tide ", i), "", "")
	}
	seen := map[uuid.UUID]bool{}
	for cursor, page := (Cursor{}), 0; page < 5; page++ {
		res, err := w.app.Find(ctx(), Query{Text: "tide", From: ParseCursor(cursor.String())}, 4)
		w.must(err)
		for _, h := range res.Hits {
			if seen[h.ID] {
				t.Fatalf("%s twice", h.Title)
			}
			seen[h.ID] = true
		}
		if res.Total != 9 {
			t.Errorf("page %d counts %d", page, res.Total)
		}
		if cursor = res.Next; cursor.ID == uuid.Nil {
			break
		}
	}
	if len(seen) != 9 {
		t.Fatalf("%d of 9", len(seen))
	}
}

// A takedown holds at once, before the index has heard of it.
func TestFind_takedown(t *testing.T) {
	w := newWorld(t)
	a := w.studio("harbour", "Harbour")
	work := w.hang(a, "Low Water", "", "")
	_, err := w.works.Archive(ctx(), a, works.Target{PublicID: work.PublicID}, nil, idem.NewKey())
	w.must(err)
	if _, got := w.find("water"); got != "" {
		t.Fatalf("found %q after the takedown", got)
	}
	w.must(w.worker.Index(ctx(), a.StudioID, work.ID))
	if n := w.Count(t, "select count(*) from search_documents"); n != 0 {
		t.Fatal("the document is left")
	}
}

// Events may come twice, late and in any order, while the work changes.
func TestIndex_anyOrder(t *testing.T) {
	w := newWorld(t)
	a := w.studio("harbour", "Harbour")
	work := w.hang(a, "Low Water", "", "")
	target := works.Target{PublicID: work.PublicID}
	var all sync.WaitGroup
	for range 4 {
		all.Go(func() {
			for range 5 {
				if err := w.worker.Index(ctx(), a.StudioID, work.ID); err != nil {
					t.Error(err)
				}
			}
		})
	}
	all.Go(func() {
		for i := range 6 {
			var err error
			if i%2 == 0 {
				_, err = w.works.Unpublish(ctx(), a, target, nil, idem.NewKey())
			} else {
				_, err = w.works.Publish(ctx(), a, target, nil, idem.NewKey())
			}
			if err != nil {
				t.Error(err)
			}
		}
		if _, err := w.works.Archive(ctx(), a, target, nil, idem.NewKey()); err != nil {
			t.Error(err)
		}
	})
	all.Wait()
	env := func(ev bus.Event) bus.Envelope {
		raw, err := json.Marshal(ev)
		w.must(err)
		return bus.Envelope{ID: uuid.New(), Name: ev.EventName(), Payload: raw}
	}
	// The last event says published, the row says archived: the row is right.
	w.must(w.worker.OnUnpublished(ctx(), env(works.Unpublished{StudioID: a.StudioID, WorkID: work.ID, Version: 9})))
	w.must(w.worker.OnPublished(ctx(), env(works.Published{StudioID: a.StudioID, WorkID: work.ID, Version: 2})))
	if n := w.Count(t, "select count(*) from search_documents"); n != 0 {
		t.Fatal("a document outlived its work")
	}
	if w.worker.OnDeleted(ctx(), env(works.Published{})) == nil {
		t.Fatal("an event was read as another")
	}
}

func TestOnStudioChanged(t *testing.T) {
	w := newWorld(t)
	a := w.studio("harbour", "Harbour")
	w.hang(a, "Low Water", "", "")
	w.Exec(t, "update studios set name = 'Salt Office', slug = 'salt-office' where id = $1", a.StudioID)
	raw, err := json.Marshal(studios.Changed{StudioID: a.StudioID, Version: 2})
	w.must(err)
	w.must(w.worker.OnStudioChanged(ctx(), bus.Envelope{ID: uuid.New(), Name: studios.Changed{}.EventName(), Payload: raw}))
	res, got := w.find("salt")
	if got != "Low Water" || res.Hits[0].StudioSlug != "salt-office" {
		t.Fatalf("found %q", got)
	}
	if res, _ := w.find("harbour"); len(res.Hits) != 0 {
		t.Fatal("the old name still finds it")
	}
}
