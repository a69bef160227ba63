package studios_test

import (
	"reflect"
	"testing"
	"time"

	"github.com/google/uuid"

	"vitrine/app/fault"
	"vitrine/app/platform/bus"
	"vitrine/app/platform/db"
	"vitrine/app/platform/idem"
	"vitrine/app/platform/redistest"
	"vitrine/app/platform/sessioncache"
	"vitrine/app/studios"
)

// offices is a studio whose members are looked up by two processes on one
// database and one Redis.
type offices struct {
	staff    // the process that reads rows
	one, two *studios.Service
	redis    *redistest.Server
}

func newOffices(t *testing.T) offices {
	t.Helper()
	o := offices{staff: newStaff(t), redis: redistest.New(t)}
	o.one, o.two = o.process(t, o.App, false), o.process(t, o.App, false)
	return o
}

func (o offices) process(t *testing.T, d *db.DB, dropping bool) *studios.Service {
	t.Helper()
	r := o.redis.Connect(t)
	c, err := sessioncache.Open(sessioncache.Config{Kind: sessioncache.KindRedis, Redis: r, Secret: "the secret of an installation"})
	if err != nil {
		t.Fatal(err)
	}
	if dropping {
		c = c.Dropping()
	}
	s, err := studios.New(studios.Config{DB: d, Outbox: bus.NewOutbox(), Recent: c})
	if err != nil {
		t.Fatal(err)
	}
	return s
}

func (o offices) people() map[string]uuid.UUID {
	return map[string]uuid.UUID{"owner": o.owner, "admin": o.admin, "second": o.second, "editor": o.editor, "viewer": o.viewer, "nobody": o.none}
}

// asRows fails unless both processes say of everybody what the rows say. After
// it, everything is kept.
func (o offices) asRows(t *testing.T, what string) {
	t.Helper()
	for who, person := range o.people() {
		want, err := o.OfMember(t.Context(), person)
		if err != nil {
			t.Fatal(err)
		}
		for range 2 { // from the rows, and from what was kept of them
			for name, s := range map[string]*studios.Service{"one": o.one, "two": o.two} {
				got, err := s.RecentOfMember(t.Context(), person)
				if err != nil || !reflect.DeepEqual(plain(got), plain(want)) {
					t.Errorf("%s: process %s says of %s %+v, %v; the rows say %+v", what, name, who, got, err, want)
				}
			}
		}
	}
}

// plain are memberships whose times can be compared.
func plain(list []studios.Membership) (out []studios.Membership) {
	for _, m := range list {
		for _, at := range []**time.Time{&m.ClosingAt, &m.SuspendedAt} {
			if *at != nil {
				utc := (*at).UTC()
				*at = &utc
			}
		}
		out = append(out, m)
	}
	return out
}

// Whatever changes where somebody belongs, in one process or in a job, the next
// request at another knows.
func TestRecent_obeyedByEveryProcessAtOnce(t *testing.T) {
	t.Parallel()
	o := newOffices(t)
	ctx, st := t.Context(), o.st.ID
	job := o.process(t, o.Worker, true)
	in := func(do func(tx db.Tx) error) error { return o.App.Tenant(ctx, st, do) }
	toEnd := func() error {
		return in(func(tx db.Tx) error {
			_, err := o.one.BeginClosing(ctx, tx, o.admin, st, tx.Now().Add(time.Hour), false)
			return err
		})
	}
	o.asRows(t, "at first")
	var opened string
	for _, act := range []struct {
		what string
		do   func() error
	}{
		{"a role is changed", func() error { return o.one.ChangeRole(ctx, o.owner, st, o.editor, studios.Admin) }},
		{"a member is removed", func() error { return o.one.Remove(ctx, o.owner, st, o.viewer) }},
		{"a member leaves", func() error { return o.one.Leave(ctx, o.second, st) }},
		{"ownership is handed on", func() error {
			return o.one.TransferOwnership(ctx, o.owner, st, studios.Transfer{Key: idem.NewKey(), To: o.admin})
		}},
		{"a studio is opened", func() (err error) {
			opened, err = o.one.Open(ctx, o.none, studios.Opening{Key: idem.NewKey(), Name: "North Light"})
			return err
		}},
		{"the studio is renamed", func() error {
			now, err := o.one.ByID(ctx, st)
			if err != nil {
				return err
			}
			form := profile(now)
			form.Name, form.Slug = "Harbour", "harbour-alone"
			_, err = o.one.Update(ctx, o.admin, st, form)
			return err
		}},
		{"the studio is suspended", func() error {
			return o.Worker.Transact(ctx, func(tx db.Tx) error { _, err := job.Suspend(ctx, tx, st, o.none, "Spam."); return err })
		}},
		{"the studio is reinstated", func() error {
			return o.Worker.Transact(ctx, func(tx db.Tx) error { _, err := job.Reinstate(ctx, tx, st, o.none); return err })
		}},
		{"the studio is to end", toEnd},
		{"the studio is kept", func() error {
			return in(func(tx db.Tx) error { _, err := o.one.EndClosing(ctx, tx, o.admin, st); return err })
		}},
		{"the studio is to end once more", toEnd},
		{"the studio ends at once", func() error {
			return o.Worker.Transact(ctx, func(tx db.Tx) error { return job.Hasten(ctx, tx, st) })
		}},
		{"a person is erased", func() error {
			return o.Worker.Transact(ctx, func(tx db.Tx) error { return job.EraseMember(ctx, tx, o.admin, nil) })
		}},
		{"the studio is erased", func() error {
			return o.Worker.Transact(ctx, func(tx db.Tx) error { return job.Erase(ctx, tx, st) })
		}},
	} {
		before, err := o.OfMember(ctx, o.owner)
		if err != nil {
			t.Fatal(err)
		}
		all := o.all(t)
		if err := act.do(); err != nil {
			t.Fatalf("%s: %v", act.what, err)
		}
		if reflect.DeepEqual(all, o.all(t)) {
			t.Errorf("%s, and nobody's memberships are other: %+v", act.what, before)
		}
		o.asRows(t, act.what)
	}
	if opened == "" {
		t.Error("no studio was opened")
	}
}

// all is what the rows say of everybody.
func (o offices) all(t *testing.T) map[string][]studios.Membership {
	t.Helper()
	out := map[string][]studios.Membership{}
	for who, person := range o.people() {
		list, err := o.OfMember(t.Context(), person)
		if err != nil {
			t.Fatal(err)
		}
		out[who] = plain(list)
	}
	return out
}

// Whoever joins belongs at once.
func TestRecent_join(t *testing.T) {
	t.Parallel()
	p := newPost(t)
	o := offices{staff: p.staff, redis: redistest.New(t)}
	o.one, o.two = o.process(t, o.App, false), o.process(t, o.App, false)
	o.one.AskAbout(p.book)
	o.asRows(t, "at first")
	code := p.letter(t, p.invite(t, p.book[o.none].Email, studios.Editor))
	for range 2 {
		if _, err := o.one.Join(t.Context(), o.none, code); err != nil {
			t.Fatal(err)
		}
		o.asRows(t, "joined")
	}
}

// While Redis is away a change of a role fails, though the row is written: copies
// may say otherwise for up to a minute. Sent again once Redis is back, it works.
func TestRecent_away(t *testing.T) {
	t.Parallel()
	o := newOffices(t)
	o.asRows(t, "at first")
	change := func() error { return o.one.ChangeRole(t.Context(), o.owner, o.st.ID, o.editor, studios.Viewer) }
	o.redis.Kill()
	if err := change(); !fault.Is(err, fault.Unavailable) || fault.MessageOf(err) == "" {
		t.Errorf("without Redis: %v", err)
	}
	o.asRows(t, "without Redis")
	o.redis.Start()
	for deadline := time.Now().Add(30 * time.Second); change() != nil; {
		if time.Now().After(deadline) {
			t.Fatalf("Redis is back: %v", change())
		}
	}
	o.asRows(t, "Redis is back")
	o.redis.Flush()
	o.asRows(t, "flushed")
}
