package works

import (
	"encoding/base64"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/google/uuid"

	"vitrine/app/fault"
	"vitrine/app/platform/id"
	"vitrine/app/platform/idem"
)

// hangMany publishes n works of a studio by hand, several in the same moment.
func (w *world) hangMany(a Actor, n int, tag string) {
	w.t.Helper()
	m := w.file(a, true)
	w.Exec(w.t, "update media set exposed = true where id = $1", m)
	w.Exec(w.t, "insert into tags (slug, label) values ($1, $1) on conflict do nothing", tag)
	at := time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC)
	for i := range n {
		work := id.New()
		when := at.Add(time.Duration(i/3) * time.Minute)
		w.Exec(w.t, `insert into works (id, studio_id, public_id, creation_key, state, title, cover_id, media_count, published_at, created_by, created_at, updated_at)
			values ($1, $2, $3, $4, 'published', $5, $6, 1, $7, $8, $7, $7)`, work, a.StudioID, id.Public(), idem.NewKey(), fmt.Sprint("Work ", i), m, when, a.UserID)
		w.Exec(w.t, "insert into work_tags (tag_slug, published_at, work_id) values ($1, $2, $3)", tag, when, work)
	}
}

// Each page follows the one before, nothing twice and nothing missed, also
// while works are published in between.
func TestWalls_keyset(t *testing.T) {
	w := newWorld(t)
	w.hangMany(w.ours, 20, "tide")
	w.hangMany(w.theirs, 7, "tide")
	for _, page := range []struct {
		name string
		read func(c Cursor) (Wall, error)
		want int
	}{
		{"explore", func(c Cursor) (Wall, error) { return w.app.Latest(ctx(), c, 5) }, 27},
		{"studio", func(c Cursor) (Wall, error) { return w.app.LatestOf(ctx(), w.ours.StudioID, c, 5) }, 20},
		{"tag", func(c Cursor) (Wall, error) {
			wall, _, err := w.app.LatestTagged(ctx(), "tide", c, 5)
			return wall, err
		}, 27},
	} {
		name, seen := page.name, map[uuid.UUID]bool{}
		var last Card
		cursor, pages := Cursor{}, 0
		for {
			wall, err := page.read(ParseCursor(cursor.String()))
			w.must(err)
			for _, c := range wall.Cards {
				if seen[c.ID] {
					t.Fatalf("%s: %s twice", name, c.Title)
				}
				if last.ID != uuid.Nil && (c.PublishedAt.After(last.PublishedAt) || c.PublishedAt.Equal(last.PublishedAt) && c.ID.String() > last.ID.String()) {
					t.Fatalf("%s: %s stands behind %s", name, c.Title, last.Title)
				}
				seen[c.ID], last = true, c
			}
			pages++
			if cursor = wall.Next; cursor.ID == uuid.Nil {
				break
			}
			if pages == 2 && name == "explore" {
				w.Exec(t, "update work_tags set published_at = now() where work_id = (select id from works where title = 'Work 0' and studio_id = $1)", w.theirs.StudioID)
				w.Exec(t, "update works set published_at = now() where id = (select id from works where title = 'Work 0' and studio_id = $1)", w.theirs.StudioID)
				page.want-- // it moved to the front, where we have been
			}
		}
		if len(seen) != page.want {
			t.Errorf("%s: %d works on %d pages, want %d", name, len(seen), pages, page.want)
		}
	}
	_, _, err := w.app.LatestTagged(ctx(), "nothing", Cursor{}, 5)
	wantKind(t, err, fault.NotFound)
}

func TestParseCursor_hostile(t *testing.T) {
	w := newWorld(t)
	w.hangMany(w.ours, 3, "tide")
	raw := func(b byte) string {
		return base64.RawURLEncoding.EncodeToString([]byte(strings.Repeat(string(rune(b)), 24)))
	}
	for _, s := range []string{"", "x", "'; drop table works; --", strings.Repeat("A", 32), strings.Repeat("_", 32), raw(0x7f), raw(1), strings.Repeat("x", 10_000), "\x00", "🐟"} {
		c := ParseCursor(s)
		if _, err := w.app.Latest(ctx(), c, 5); err != nil {
			t.Errorf("%.40q: %v", s, err)
		}
	}
	c := Cursor{At: time.Date(2026, 1, 2, 3, 4, 5, 678000, time.UTC), ID: id.New()}
	if got := ParseCursor(c.String()); got != c {
		t.Errorf("got %+v, want %+v", got, c)
	}
}

func TestByPublicID_relatives(t *testing.T) {
	w := newWorld(t)
	first := w.published(w.ours, "First", "tide, sand")
	middle := w.published(w.ours, "Middle", "Tide, Sand, sea")
	last := w.published(w.ours, "Last", "stone")
	other := w.published(w.theirs, "Other", "sea")
	p, err := w.app.ByPublicID(ctx(), middle.PublicID)
	w.must(err)
	if p.Earlier == nil || p.Earlier.ID != first.ID || p.Later == nil || p.Later.ID != last.ID {
		t.Fatalf("the neighbours are %+v and %+v", p.Earlier, p.Later)
	}
	if len(p.Near) != 2 || p.Near[0].ID != first.ID || p.Near[1].ID != other.ID {
		t.Fatalf("near are %+v", p.Near)
	}
	for _, bad := range []string{"", "x", "000000000000", strings.Repeat("a", 500), "abc'--\x00defgh", "abcdefghijkI"} {
		_, err := w.app.ByPublicID(ctx(), bad)
		wantKind(t, err, fault.NotFound)
	}
	shelves, err := w.app.Shelves(ctx(), 5)
	if err != nil || len(shelves) != 2 || shelves[0].StudioID != w.theirs.StudioID || shelves[1].Works != 3 || len(shelves[1].Cards) != 3 {
		t.Fatalf("shelves are %+v, %v", shelves, err)
	}
}

// The tag rows are those of public works, whatever becomes of the work.
func TestTags_followTheWork(t *testing.T) {
	w := newWorld(t)
	work := w.published(w.ours, "First", "Tide, sand, TIDE")
	target := Target{PublicID: work.PublicID}
	rows := func() (n int) { return w.Count(t, "select count(*) from work_tags where work_id = $1", work.ID) }
	if rows() != 2 {
		t.Fatalf("%d tags", rows())
	}
	e := edit("First")
	e.Edition, e.Tags = work.Edition, "stone"
	_, err := w.app.Save(ctx(), w.ours, target, e)
	w.must(err)
	if w.Count(t, "select count(*) from work_tags where tag_slug = 'stone'") != 1 || rows() != 1 {
		t.Fatal("the tags did not follow")
	}
	for i, want := range []int{1, 0, 0, 0, 0} { // publish, schedule is refused, unlist, archive, draft
		_, _ = acts[i].do(w, target, idem.NewKey())
		if i == 1 {
			continue
		}
		if rows() != want {
			t.Errorf("after %s there are %d tag rows", acts[i].name, rows())
		}
	}
}
