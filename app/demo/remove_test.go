package demo_test

import (
	"encoding/json"
	"testing"
	"time"

	"github.com/google/uuid"

	"vitrine/app/demo"
	"vitrine/app/fault"
	"vitrine/app/media"
	"vitrine/app/platform/bus"
	"vitrine/app/works"
)

func envelope(t *testing.T, ev bus.Event) bus.Envelope {
	t.Helper()
	raw, err := json.Marshal(ev)
	if err != nil {
		t.Fatal(err)
	}
	return bus.Envelope{ID: uuid.New(), Name: ev.EventName(), Payload: raw, Attempt: 1}
}

func wantedAt(since time.Time) demo.Wanted { return demo.Wanted{Since: since} }

// theirs is every id of the demo data.
func (h *house) theirs() (ids []string) {
	h.t.Helper()
	rows, err := h.Owner.QueryContext(h.t.Context(), `select studio_id::text from demo_studios union all select owner_id::text from demo_studios union all select user_id::text from demo_members
		union all select id::text from works union all select id::text from media`)
	h.must(err)
	defer func() { _ = rows.Close() }()
	for rows.Next() {
		var id string
		h.must(rows.Scan(&id))
		ids = append(ids, id)
	}
	h.must(rows.Err())
	return ids
}

// traces walks every column of every table that could name one of the ids.
// What happened (outbox) and what was done with it (inbox) are history that
// retention forgets; they name ids and show nothing.
func (h *house) traces(ids []string) (found []string) {
	h.t.Helper()
	rows, err := h.Owner.QueryContext(h.t.Context(), `select c.table_name, c.column_name, c.data_type from information_schema.columns c
		join information_schema.tables t using (table_schema, table_name)
		where c.table_schema = 'public' and t.table_type = 'BASE TABLE' and c.data_type in ('uuid', 'text', 'jsonb') and c.table_name not in ('outbox', 'inbox', 'goose_db_version')`)
	h.must(err)
	defer func() { _ = rows.Close() }()
	looked := 0
	for rows.Next() {
		var table, column, kind string
		h.must(rows.Scan(&table, &column, &kind))
		looked++
		query := `select count(*) from "` + table + `" where "` + column + `"::text = any($1)`
		if kind != "uuid" {
			query = `select count(*) from "` + table + `" x where exists (select from unnest($1::text[]) i where strpos(x."` + column + `"::text, i) > 0)`
		}
		if h.Count(h.t, query, ids) > 0 {
			found = append(found, table+"."+column)
		}
	}
	h.must(rows.Err())
	if looked < 50 {
		h.t.Errorf("only %d columns were looked at", looked)
	}
	return found
}

func (h *house) checkGone(ids []string) {
	h.t.Helper()
	if found := h.traces(ids); len(found) > 0 {
		h.t.Errorf("they are still named in %q", found)
	}
	if keys := h.objects(); len(keys) > 0 {
		h.t.Errorf("%d objects are left: %q", len(keys), keys[0])
	}
	for _, table := range []string{"works", "work_tags", "media", "renditions", "search_documents", "demo_studios", "demo_members", "collections", "collection_works", "follows", "likes", "bookmarks", "comments", "commenters", "work_counters", "studio_counters", "storage_ledger"} {
		if n := h.Count(h.t, "select count(*) from "+table); n != 0 {
			h.t.Errorf("%d rows are left in %s", n, table)
		}
	}
}

func TestRemove(t *testing.T) {
	t.Parallel()
	h := newHouse(t, small(t))
	h.fill()
	ids := h.theirs()
	if found := h.traces(ids); len(found) < 10 {
		t.Fatalf("the walk sees them in %q only", found)
	}
	if len(h.objects()) == 0 {
		t.Fatal("the store is empty")
	}
	admin := uuid.New()

	// Nothing runs: what is gone now is gone by the press alone.
	h.must(h.demo.Remove(ctx(), admin, "the-first-press-of-it"))
	h.must(h.demo.Remove(ctx(), admin, "the-first-press-of-it"))
	h.must(h.demo.Remove(ctx(), admin, "another-press-of-the-button"))
	if n := h.Count(t, "select count(*) from outbox where event = 'demo.unwanted.v1'"); n != 1 {
		t.Errorf("it was told %d times", n)
	}
	wall, err := h.works.Latest(ctx(), works.Cursor{}, works.PerPage)
	if err != nil || len(wall.Cards) != 0 {
		t.Errorf("%d works still hang, %v", len(wall.Cards), err)
	}
	if n := h.Count(t, "select (select count(*) from media where exposed) + (select count(*) from work_tags)"); n != 0 {
		t.Errorf("%d files and tags are still public", n)
	}
	if err := h.demo.Fill(ctx(), admin, "too-early-for-a-new-one"); !fault.Is(err, fault.Conflict) {
		t.Errorf("filling while removing: %v", err)
	}

	h.run()
	began := time.Now()
	h.await("select state = 'removed' from demo")
	t.Logf("studios and people were gone after %s", time.Since(began).Round(time.Millisecond))
	h.awaitRest()
	h.checkGone(ids)
	if n := h.Count(t, "select count(*) from users"); n != 0 {
		t.Errorf("%d people are left", n)
	}

	// The same names are free again.
	h.must(h.demo.Fill(ctx(), admin, "and-now-all-of-it-again"))
	h.must(h.demo.Fill(ctx(), admin, "and-now-all-of-it-again"))
	h.await("select state = 'full' from demo")
	h.awaitRest()
	h.checkFilled()
	if n := h.Count(t, "select count(*) from studios where slug ~ '-[0-9]+$'"); n != 0 {
		t.Errorf("%d studios have a number in their address", n)
	}
}

// TestRemove_whileFilling presses the button in the middle, with files on their
// way, and leaves a person's work alone.
func TestRemove_whileFilling(t *testing.T) {
	t.Parallel()
	h := newHouse(t, small(t))
	teresa := h.person()
	h.must(h.demo.Fill(ctx(), teresa.UserID, "fill-it-for-me-please"))
	h.run()
	h.await("select count(*) >= 1 from works where state = 'published'")
	h.must(h.demo.Remove(ctx(), teresa.UserID, "no-i-do-not-like-them"))
	h.await("select state = 'removed' from demo")
	h.awaitRest()
	h.checkGone(h.theirs())
	if n := h.Count(t, "select count(*) from users"); n != 1 {
		t.Errorf("%d people are left, want one", n)
	}
	// A person's file goes its way meanwhile and afterwards.
	_, err := h.media.Begin(ctx(), media.Begin{Sender: teresa, Filename: "ridges.jpg", Size: 1000})
	h.must(err)
}
