package links_test

import (
	"bytes"
	"context"
	"strings"
	"testing"
	"time"

	"github.com/google/uuid"

	"vitrine/app/fault"
	"vitrine/app/media"
	"vitrine/app/platform/blob"
	"vitrine/app/platform/bus"
	"vitrine/app/platform/clock"
	"vitrine/app/platform/db"
	"vitrine/app/platform/dbtest"
	"vitrine/app/platform/id"
	"vitrine/app/platform/idem"
	"vitrine/app/studios"
	"vitrine/app/works"
	"vitrine/app/works/collections"
	"vitrine/app/works/links"
)

// desk is a database with two studios and the services over it.
type desk struct {
	*dbtest.Database
	t           *testing.T
	s           *links.Service
	collections *collections.Service
	now         *clock.Manual
	ours        works.Actor
	theirs      works.Actor
}

func newDesk(t *testing.T) *desk {
	t.Helper()
	t.Parallel()
	d := &desk{Database: dbtest.New(t), t: t, now: clock.NewManual(time.Now())}
	store, err := blob.Open(blob.Config{Kind: "disk", Dir: t.TempDir()})
	d.must(err)
	files, err := media.New(media.Config{DB: d.App, Outbox: bus.NewOutbox(), Blobs: store, Dir: t.TempDir()})
	d.must(err)
	t.Cleanup(func() { _ = files.Close() })
	d.collections = collections.New(d.App, bus.NewOutbox(), files)
	d.s, err = links.New(links.Config{DB: d.App, Works: works.New(d.App, bus.NewOutbox(), files), Media: files, Secret: strings.Repeat("secret", 6), Clock: d.now.Now})
	d.must(err)
	d.ours, d.theirs = d.studio("harbour"), d.studio("nord")
	return d
}

func (d *desk) studio(slug string) works.Actor {
	d.t.Helper()
	a := works.Actor{UserID: id.New(), StudioID: id.New(), Role: studios.Editor}
	d.Exec(d.t, `insert into studios (id, slug, name, created_at, updated_at) values ($1, $2, $2, now(), now())`, a.StudioID, slug)
	d.Exec(d.t, `insert into memberships (studio_id, user_id, role, created_at, updated_at) values ($1, $2, 'editor', now(), now())`, a.StudioID, a.UserID)
	return a
}

// work makes a work with a picture of one size.
func (d *desk) work(a works.Actor, title, state string) (public string, file uuid.UUID) {
	d.t.Helper()
	work := id.New()
	file, public = id.New(), id.Public()
	d.Exec(d.t, `insert into media (id, studio_id, state, usable, kind, filename, bytes, width, height, served, created_by, created_at, updated_at)
		values ($1, $2, 'ready', true, 'image', 'a.jpg', 1, 400, 300, '{"jpeg":[320]}', $3, now(), now())`, file, a.StudioID, a.UserID)
	d.Exec(d.t, `insert into renditions (studio_id, media_id, name, format, width, height, bytes, sha256, key, store, created_at)
		values ($1, $2, 'w320.jpg', 'jpeg', 320, 240, 1, repeat('a', 64), 'k', 'disk', now())`, a.StudioID, file)
	d.Exec(d.t, `insert into works (id, studio_id, public_id, creation_key, state, title, slug, cover_id, media_count, published_at, created_by, created_at, updated_at)
		values ($1, $2, $3, $3, $4, $5, 'a', $6, 1, now(), $7, now(), now())`, work, a.StudioID, public, state, title, file, a.UserID)
	d.Exec(d.t, `insert into work_media (studio_id, work_id, media_id, position) values ($1, $2, $3, 0)`, a.StudioID, work, file)
	return public, file
}

func (d *desk) made(w links.Wish) (links.Link, string) {
	d.t.Helper()
	l, err := d.s.Make(ctx(), d.ours, w, idem.NewKey())
	d.must(err)
	return l, d.s.Plain(l.ID)
}

func (d *desk) must(err error) {
	d.t.Helper()
	if err != nil {
		d.t.Fatal(err)
	}
}

func ctx() context.Context { return db.Guard(context.Background()) }

func wantKind(t *testing.T, err error, want fault.Kind) {
	t.Helper()
	if err == nil || fault.KindOf(err) != want {
		t.Fatalf("got %v, want a fault that is %s", err, want)
	}
}

func TestMake_onceAndOnlyOnesOwn(t *testing.T) {
	d := newDesk(t)
	draft, _ := d.work(d.ours, "Draft", "draft")
	foreign, _ := d.work(d.theirs, "Theirs", "published")
	key := idem.NewKey()
	first, err := d.s.Make(ctx(), d.ours, links.Wish{Work: draft, Note: " the  jury ", Days: 7}, key)
	d.must(err)
	again, err := d.s.Make(ctx(), d.ours, links.Wish{Work: draft, Days: 7}, key)
	d.must(err)
	if first.ID != again.ID || first.Note != "the jury" || d.Count(t, "select count(*) from share_links") != 1 {
		t.Errorf("made %+v, then %+v", first, again)
	}
	if d.Count(t, "select count(*) from studio_audit where action = 'links.made'") != 1 {
		t.Error("the audit has not one entry")
	}
	plain := d.s.Plain(first.ID)
	if d.Count(t, "select count(*) from share_links l where strpos(l::text, $1) > 0", plain) != 0 {
		t.Error("the secret of the address is in the database")
	}
	_, err = d.s.Make(ctx(), d.ours, links.Wish{Work: foreign, Days: 7}, idem.NewKey())
	wantKind(t, err, fault.NotFound)
	_, err = d.s.Make(ctx(), d.ours, links.Wish{Work: draft, Days: 2, Password: "short", Note: strings.Repeat("x", 121)}, idem.NewKey())
	wantKind(t, err, fault.Invalid)
	if f := fault.FieldsOf(err); f["days"] == "" || f["password"] == "" || f["note"] == "" {
		t.Errorf("the fields are %v", f)
	}
	_, err = d.s.Make(ctx(), works.Actor{UserID: d.theirs.UserID, StudioID: d.ours.StudioID, Role: studios.Owner}, links.Wish{Work: draft, Days: 7}, idem.NewKey())
	wantKind(t, err, fault.NotFound)
}

func TestOpen_aDraftAndItsFileAndNothingElse(t *testing.T) {
	d := newDesk(t)
	draft, file := d.work(d.ours, "Draft", "draft")
	other, otherFile := d.work(d.ours, "Other", "draft")
	_, plain := d.made(links.Wish{Work: draft, Days: 7})
	o, err := d.s.Open(ctx(), plain, "")
	d.must(err)
	p, pictures, err := d.s.Work(ctx(), o, o.Work)
	d.must(err)
	if p.Work.Title != "Draft" || len(p.Items) != 1 || pictures[file].Empty() {
		t.Errorf("the link shows %+v with %v", p, pictures)
	}
	_, err = d.s.File(ctx(), o, file, "w320.jpg")
	d.must(err)
	for what, err := range map[string]error{
		"another work":     second(d.s.Work(ctx(), o, other)),
		"another's file":   first(d.s.File(ctx(), o, otherFile, "w320.jpg")),
		"no such size":     first(d.s.File(ctx(), o, file, "w9999.jpg")),
		"a made-up link":   first(d.s.Open(ctx(), strings.Repeat("a", 43), "")),
		"a short one":      first(d.s.Open(ctx(), "abc", "")),
		"another's secret": first(d.s.Open(ctx(), d.s.Plain(uuid.New()), "")),
	} {
		if !fault.Is(err, fault.NotFound) {
			t.Errorf("%s: %v", what, err)
		}
	}
	d.Exec(t, "update works set hidden = true, hidden_for = 1 where public_id = $1", draft)
	if _, err = d.s.Open(ctx(), plain, ""); !fault.Is(err, fault.NotFound) {
		t.Errorf("a work that a moderator hid: %v", err)
	}
	if _, err = d.s.File(ctx(), o, file, "w320.jpg"); !fault.Is(err, fault.NotFound) {
		t.Errorf("the file of a work that a moderator hid: %v", err)
	}
}

func first[T any](_ T, err error) error          { return err }
func second[A, B any](_ A, _ B, err error) error { return err }

func TestOpen_untilItEnds(t *testing.T) {
	d := newDesk(t)
	draft, _ := d.work(d.ours, "Draft", "draft")
	l, plain := d.made(links.Wish{Work: draft, Days: 1})
	forever, lasting := d.made(links.Wish{Work: draft})
	d.now.Advance(23 * time.Hour)
	d.must(first(d.s.Open(ctx(), plain, "")))
	d.now.Advance(2 * time.Hour)
	wantKind(t, first(d.s.Open(ctx(), plain, "")), fault.NotFound)
	d.must(first(d.s.Open(ctx(), lasting, "")))
	wantKind(t, d.s.Revoke(ctx(), d.theirs, forever.ID), fault.NotFound)
	for range 2 {
		d.must(d.s.Revoke(ctx(), d.ours, forever.ID))
	}
	wantKind(t, first(d.s.Open(ctx(), lasting, "")), fault.NotFound)
	if n := d.Count(t, "select count(*) from studio_audit where action = 'links.revoked'"); n != 1 {
		t.Errorf("the audit has %d entries of it", n)
	}
	list, _, err := d.s.List(ctx(), d.ours.StudioID, works.Cursor{}, 10)
	d.must(err)
	if len(list) != 2 || list[0].ID != forever.ID || list[1].ID != l.ID || list[0].Live(d.now.Now()) || list[0].Title != "Draft" {
		t.Errorf("the list is %+v", list)
	}
}

func TestUnlock_countsGuessesOfTheLink(t *testing.T) {
	d := newDesk(t)
	draft, file := d.work(d.ours, "Draft", "draft")
	l, plain := d.made(links.Wish{Work: draft, Days: 7, Password: "twelve mornings"})
	o, err := d.s.Open(ctx(), plain, "")
	d.must(err)
	if !o.Locked || o.Work != "" || o.Link.ID != uuid.Nil {
		t.Errorf("a locked link says %+v", o)
	}
	wantKind(t, first(d.s.File(ctx(), o, file, "w320.jpg")), fault.NotFound)
	wantKind(t, second(d.s.Work(ctx(), o, draft)), fault.NotFound)
	key, err := d.s.Unlock(ctx(), plain, "twelve mornings")
	d.must(err)
	if o, err = d.s.Open(ctx(), plain, key); err != nil || o.Locked || o.Work != draft {
		t.Errorf("the key opens %+v, %v", o, err)
	}
	_, elsewhere := d.made(links.Wish{Work: draft, Days: 7, Password: "twelve mornings"})
	if o, err = d.s.Open(ctx(), elsewhere, key); err != nil || !o.Locked {
		t.Errorf("the key opens another link: %+v, %v", o, err)
	}
	refused := 0
	for range 8 {
		_, err := d.s.Unlock(ctx(), plain, "guess guess")
		if fault.Is(err, fault.TooMany) {
			refused++
		} else {
			wantKind(t, err, fault.Invalid)
		}
	}
	if refused != 3 {
		t.Errorf("of eight guesses %d were refused unlooked at, want 3", refused)
	}
	wantKind(t, first(d.s.Unlock(ctx(), plain, "twelve mornings")), fault.TooMany)
	d.must(d.s.Revoke(ctx(), d.ours, l.ID))
	wantKind(t, first(d.s.Open(ctx(), plain, key)), fault.NotFound)
	wantKind(t, first(d.s.Unlock(ctx(), plain, "twelve mornings")), fault.NotFound)
}

func TestCollection_allOfItInAnyState(t *testing.T) {
	d := newDesk(t)
	c, err := d.collections.Create(ctx(), d.ours, collections.Words{Title: "For the client"}, idem.NewKey())
	d.must(err)
	draft, file := d.work(d.ours, "Draft", "draft")
	open, _ := d.work(d.ours, "Open", "published")
	hidden, hiddenFile := d.work(d.ours, "Hidden", "published")
	alone, aloneFile := d.work(d.ours, "Alone", "draft")
	_, err = d.collections.Add(ctx(), d.ours, c.PublicID, []string{open, draft, hidden})
	d.must(err)
	d.Exec(t, "update works set hidden = true, hidden_for = 1 where public_id = $1", hidden)
	_, plain := d.made(links.Wish{Collection: c.PublicID, Days: 30})
	o, err := d.s.Open(ctx(), plain, "")
	d.must(err)
	got, members, covers, err := d.s.Collection(ctx(), o)
	d.must(err)
	if got.Title != "For the client" || len(members) != 2 || members[0].Title != "Open" || members[1].Title != "Draft" || covers[file].Empty() {
		t.Errorf("the link shows %+v: %+v", got, members)
	}
	d.must(second(d.s.Work(ctx(), o, draft)))
	d.must(first(d.s.File(ctx(), o, file, "w320.jpg")))
	for _, err := range []error{
		second(d.s.Work(ctx(), o, hidden)), second(d.s.Work(ctx(), o, alone)), first(d.s.File(ctx(), o, hiddenFile, "w320.jpg")), first(d.s.File(ctx(), o, aloneFile, "w320.jpg")),
	} {
		wantKind(t, err, fault.NotFound)
	}
	d.must(d.collections.Do(ctx(), d.ours, c.PublicID, draft, collections.Remove, 1))
	wantKind(t, first(d.s.File(ctx(), o, file, "w320.jpg")), fault.NotFound)
	d.must(d.collections.Delete(ctx(), d.ours, c.PublicID))
	wantKind(t, first(d.s.Open(ctx(), plain, "")), fault.NotFound)
}

func TestUsed_onceInAWhile(t *testing.T) {
	d := newDesk(t)
	draft, _ := d.work(d.ours, "Draft", "draft")
	_, plain := d.made(links.Wish{Work: draft, Days: 7})
	var version []byte
	for n := range 3 {
		o, err := d.s.Open(ctx(), plain, "")
		d.must(err)
		d.must(d.s.Used(ctx(), o))
		var now []byte
		d.Row(t, "select xmin::text::bytea from share_links")(&now)
		if n > 0 && !bytes.Equal(now, version) {
			t.Error("the second use within five minutes was written down")
		}
		version = now
	}
	if d.Count(t, "select count(*) from share_links where used_at is not null") != 1 {
		t.Error("the use was not written down")
	}
}

func TestForget_afterAMonth(t *testing.T) {
	d := newDesk(t)
	draft, _ := d.work(d.ours, "Draft", "draft")
	for range 3 {
		d.made(links.Wish{Work: draft, Days: 7})
	}
	d.Exec(t, "update share_links set revoked_at = now() - interval '31 days' where id = (select min(id::text)::uuid from share_links)")
	d.Exec(t, "update share_links set expires_at = now() - interval '29 days' where id = (select max(id::text)::uuid from share_links)")
	d.must(d.Worker.Transact(ctx(), func(tx db.Tx) error {
		n, err := links.Forget(ctx(), tx)
		if n != 1 {
			t.Errorf("%d links were forgotten", n)
		}
		return err
	}))
}

func TestTargets_whatIsAskedForIsThere(t *testing.T) {
	d := newDesk(t)
	_, err := d.collections.Create(ctx(), d.ours, collections.Words{Title: "Light"}, idem.NewKey())
	d.must(err)
	old, _ := d.work(d.ours, "Old", "published")
	for range 20 {
		d.work(d.ours, "New", "published")
	}
	list, err := d.s.Targets(ctx(), d.ours.StudioID, old)
	d.must(err)
	if len(list) != 17 || list[0].Title != "Light" || list[1].PublicID != old {
		t.Errorf("%d are offered: %+v", len(list), list)
	}
	theirs, err := d.s.Targets(ctx(), d.theirs.StudioID, old)
	d.must(err)
	if len(theirs) != 0 {
		t.Errorf("another studio is offered %+v", theirs)
	}
}

func TestOfWork_liveOnesOfOneWork(t *testing.T) {
	d := newDesk(t)
	draft, _ := d.work(d.ours, "Draft", "draft")
	other, _ := d.work(d.ours, "Other", "draft")
	week, _ := d.made(links.Wish{Work: draft, Days: 7})
	gone, _ := d.made(links.Wish{Work: draft, Days: 30})
	short, _ := d.made(links.Wish{Work: draft, Days: 1})
	d.made(links.Wish{Work: other, Days: 7})
	d.must(d.s.Revoke(ctx(), d.ours, gone.ID))
	list, more, err := d.s.OfWork(ctx(), d.ours.StudioID, *week.WorkID, 1)
	d.must(err)
	if len(list) != 1 || !more || list[0].ID != short.ID {
		t.Errorf("the newest is %+v, more: %v", list, more)
	}
	d.now.Advance(2 * 24 * time.Hour)
	list, more, err = d.s.OfWork(ctx(), d.ours.StudioID, *week.WorkID, 5)
	d.must(err)
	if len(list) != 1 || more || list[0].ID != week.ID {
		t.Errorf("two days later they are %+v", list)
	}
	list, _, err = d.s.OfWork(ctx(), d.theirs.StudioID, *week.WorkID, 5)
	d.must(err)
	if len(list) != 0 {
		t.Errorf("another studio sees %+v", list)
	}
}
