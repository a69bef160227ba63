package audit_test

import (
	"strings"
	"testing"

	"github.com/google/uuid"

	"vitrine/app/platform/audit"
	"vitrine/app/platform/db"
	"vitrine/app/platform/dbtest"
	"vitrine/app/platform/id"
)

func must(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

func studio(t *testing.T, d *dbtest.Database, slug string) uuid.UUID {
	t.Helper()
	s := id.New()
	d.Exec(t, "insert into studios (id, slug, name, created_at, updated_at) values ($1, $2, $2, now(), now())", s, slug)
	return s
}

func TestWrite_staysWithItsStudio(t *testing.T) {
	t.Parallel()
	d := dbtest.New(t)
	a, b, person := studio(t, d, "harbour"), studio(t, d, "quarry"), id.New()
	must(t, d.App.Tenant(t.Context(), a, func(tx db.Tx) error {
		return audit.Write(t.Context(), tx, audit.Entry{ActorID: person, StudioID: a, Action: "studios.member_removed", Subject: audit.Subject("user", person), Note: strings.Repeat("ä", 2500)})
	}))
	if err := d.App.Tenant(t.Context(), b, func(tx db.Tx) error {
		return audit.Write(t.Context(), tx, audit.Entry{StudioID: a, Action: "studios.member_removed"})
	}); err == nil {
		t.Error("an entry of one studio was written in the scope of another")
	}
	for _, c := range []struct {
		in   uuid.UUID
		want int
	}{{a, 1}, {b, 0}} {
		must(t, d.App.TenantRead(t.Context(), c.in, func(r db.Reader) error {
			list, err := audit.OfStudio(t.Context(), r, a, audit.Filter{}, uuid.Nil, 10)
			if len(list) != c.want {
				t.Errorf("the scope of %s sees %d entries, want %d", c.in, len(list), c.want)
			}
			for _, row := range list {
				if row.ActorID != person || row.StudioID != a || len([]rune(row.Note)) != 2000 || row.At.IsZero() {
					t.Errorf("read back: %+v", row)
				}
			}
			return err
		}))
	}
}

func TestWrite_rollsBackWithItsAct(t *testing.T) {
	t.Parallel()
	d := dbtest.New(t)
	_ = d.App.Transact(t.Context(), func(tx db.Tx) error {
		must(t, audit.Write(t.Context(), tx, audit.Entry{Action: "accounts.closed"}))
		return strings.NewReader("").UnreadByte() // any error
	})
	if n := d.Count(t, "select count(*) from audit"); n != 0 {
		t.Errorf("%d entries of an act that did not happen", n)
	}
}

func TestAll_mergesAndPages(t *testing.T) {
	t.Parallel()
	d := dbtest.New(t)
	a, person, other := studio(t, d, "harbour"), id.New(), id.New()
	for i := range 7 {
		must(t, d.Worker.Transact(t.Context(), func(tx db.Tx) error {
			e := audit.Entry{ActorID: person, Action: "accounts.renamed", Subject: audit.Subject("user", person)}
			if i%2 == 0 {
				e = audit.Entry{ActorID: other, StudioID: a, Action: "studios.member_removed"}
			}
			return audit.Write(t.Context(), tx, e)
		}))
	}
	var seen []audit.Row
	for before := uuid.Nil; ; {
		page, err := audit.All(t.Context(), d.Worker.Read(t.Context()), audit.Filter{}, before, 3)
		must(t, err)
		if seen = append(seen, page...); len(page) < 3 {
			break
		}
		before = page[2].ID
	}
	if len(seen) != 7 {
		t.Fatalf("%d entries in pages, want 7", len(seen))
	}
	for i := range seen[1:] {
		if seen[i].ID.String() <= seen[i+1].ID.String() {
			t.Errorf("%d is not newer than %d", i, i+1)
		}
	}
	for _, c := range []struct {
		f    audit.Filter
		want int
	}{
		{audit.Filter{StudioID: a}, 4}, {audit.Filter{ActorID: person}, 3}, {audit.Filter{Action: "accounts.renamed"}, 3},
		{audit.Filter{Subject: audit.Subject("user", person)}, 3}, {audit.Filter{ActorID: person, StudioID: a}, 0},
	} {
		list, err := audit.All(t.Context(), d.Worker.Read(t.Context()), c.f, uuid.Nil, 10)
		must(t, err)
		if len(list) != c.want {
			t.Errorf("%+v finds %d entries, want %d", c.f, len(list), c.want)
		}
	}
	if _, err := audit.All(t.Context(), d.App.Read(t.Context()), audit.Filter{}, uuid.Nil, 10); err == nil {
		t.Error("the app's role reads the audit of the installation")
	}
}
