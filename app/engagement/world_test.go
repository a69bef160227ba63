package engagement_test

import (
	"context"
	"strings"
	"testing"
	"time"

	"github.com/google/uuid"

	"vitrine/app/accounts"
	"vitrine/app/engagement"
	"vitrine/app/fault"
	"vitrine/app/media"
	"vitrine/app/moderation"
	"vitrine/app/platform/blob"
	"vitrine/app/platform/bus"
	"vitrine/app/platform/db"
	"vitrine/app/platform/dbtest"
	"vitrine/app/platform/id"
	"vitrine/app/platform/idem"
	"vitrine/app/studios"
	"vitrine/app/works"
)

// world is a database with the contexts over it: app as requests use them, job as
// tasks do.
type world struct {
	*dbtest.Database
	t        testing.TB
	works    *works.Service
	app, job *engagement.Service
	accounts *accounts.Service
}

func newWorld(t testing.TB) *world {
	t.Helper()
	w := &world{Database: dbtest.New(t), t: t}
	w.app, w.works, w.accounts = w.build(w.App)
	w.job, _, _ = w.build(w.Worker)
	return w
}

func (w *world) build(d *db.DB) (*engagement.Service, *works.Service, *accounts.Service) {
	w.t.Helper()
	dir, out := w.t.TempDir(), bus.NewOutbox()
	store, err := blob.Open(blob.Config{Kind: "disk", Dir: dir + "/blobs"})
	w.must(err)
	files, err := media.New(media.Config{DB: d, Outbox: out, Blobs: store, Dir: dir})
	w.must(err)
	w.t.Cleanup(func() { _ = files.Close() })
	st, err := studios.New(studios.Config{DB: d, Outbox: out})
	w.must(err)
	acc, err := accounts.New(accounts.Config{DB: d, Outbox: out, Studios: st})
	w.must(err)
	ws := works.New(d, out, files)
	gate, err := moderation.New(moderation.Config{DB: d, Outbox: out, Accounts: acc, Studios: st, Works: ws})
	w.must(err)
	s, err := engagement.New(engagement.Config{DB: d, Outbox: out, Accounts: acc, Studios: st, Works: ws})
	w.must(err)
	s.GuardWith(gate)
	return s, ws, acc
}

func (w *world) must(err error) {
	w.t.Helper()
	if err != nil {
		w.t.Fatal(err)
	}
}

func ctx() context.Context { return db.Guard(context.Background()) }

func wantKind(t testing.TB, err error, want fault.Kind) {
	t.Helper()
	if err == nil || fault.KindOf(err) != want {
		t.Fatalf("got %v, want a fault that is %s", err, want)
	}
}

// person makes an account of that age.
func (w *world) person(name string, age time.Duration) uuid.UUID {
	w.t.Helper()
	u := id.New()
	address := strings.ToLower(name) + "-" + u.String()[24:] + "@example.org"
	w.Exec(w.t, `insert into users (id, email, email_key, name, password_hash, password_set_at, verified_at, created_at, updated_at)
		values ($1, $2, $2, $3, '!', now(), now(), now() - $4::float8 * interval '1 s', now())`, u, address, name, age.Seconds())
	return u
}

// fan is somebody who has been here for a while.
func (w *world) fan(name string) uuid.UUID { return w.person(name, 90*24*time.Hour) }

// studio makes a studio of a person who has been here for a while.
func (w *world) studio(slug string) works.Actor {
	w.t.Helper()
	a := works.Actor{UserID: w.fan(slug), StudioID: id.New(), Role: studios.Owner}
	w.Exec(w.t, `insert into studios (id, slug, name, created_at, updated_at) values ($1, $2, $2, now(), now())`, a.StudioID, slug)
	w.Exec(w.t, `insert into studio_slugs (slug, studio_id, since) values ($1, $2, now())`, slug, a.StudioID)
	w.join(a, a.UserID, studios.Owner)
	return a
}

func (w *world) join(a works.Actor, userID uuid.UUID, role studios.Role) {
	w.t.Helper()
	w.Exec(w.t, `insert into memberships (studio_id, user_id, role, created_at, updated_at) values ($1, $2, $3, now(), now())`, a.StudioID, userID, string(role))
}

// hang publishes a work.
func (w *world) hang(a works.Actor, title string) works.Work {
	w.t.Helper()
	t, m := works.Target{CreationKey: idem.NewKey()}, id.New()
	w.Exec(w.t, `insert into media (id, studio_id, state, usable, kind, filename, bytes, width, height, served, created_by, created_at, updated_at)
		values ($1, $2, 'ready', true, 'image', 'a.jpg', 1, 16, 9, '{"jpeg":[320]}', $3, now(), now())`, m, a.StudioID, a.UserID)
	_, err := w.works.AddMedia(ctx(), a, t, nil, m, idem.NewKey())
	w.must(err)
	work, err := w.works.Publish(ctx(), a, t, &works.Edit{Title: title, FormKey: "test"}, idem.NewKey())
	w.must(err)
	return work
}

// say writes a comment, or a reply to one.
func (w *world) say(by uuid.UUID, work works.Work, parent, body string) string {
	w.t.Helper()
	publicID, err := w.app.Comment(ctx(), engagement.Note{UserID: by, Work: work.PublicID, Parent: parent, Body: body, Key: idem.NewKey()})
	w.must(err)
	return publicID
}

// around is what a viewer sees of a work.
func (w *world) around(viewer uuid.UUID, work works.Work) engagement.Around {
	w.t.Helper()
	by := &viewer
	if viewer == uuid.Nil {
		by = nil
	}
	a, err := w.app.Around(ctx(), by, work.ID, work.StudioID, engagement.Cursor{})
	w.must(err)
	return a
}

// events counts the events of a name that were written.
func (w *world) events(name string) int {
	w.t.Helper()
	return w.Count(w.t, "select count(*) from outbox where event = $1", name)
}

// folded checks that nothing waits after a fold, and that every counter says what
// the rows say.
func (w *world) folded() {
	w.t.Helper()
	_, err := w.job.Fold(ctx())
	w.must(err)
	for what, query := range map[string]string{
		"changes that wait":       `select count(*) from counter_changes`,
		"wrong counters of likes": `select count(*) from work_counters k where k.likes <> (select count(*) from likes l where l.work_id = k.work_id)`,
		"wrong counters of comments": `select count(*) from work_counters k
			where k.comments <> (select count(*) from comments c where c.work_id = k.work_id and c.deleted_at is null and not c.hidden)`,
		"wrong counters of followers": `select count(*) from studio_counters k where k.followers <> (select count(*) from follows f where f.studio_id = k.studio_id)`,
		"works without a counter":     `select count(distinct work_id) from likes l where not exists (select from work_counters k where k.work_id = l.work_id)`,
	} {
		if n := w.Count(w.t, query); n != 0 {
			w.t.Errorf("%s: %d", what, n)
		}
	}
}
