package moderation

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

// world is a database with the contexts over it: app as requests use them,
// desk as administrators do.
type world struct {
	*dbtest.Database
	t         testing.TB
	works     *works.Service // with the gate, as members publish
	tasks     *works.Service // with the gate, as the scheduler publishes
	app, desk *Service
	accounts  *accounts.Service
	studios   *studios.Service
	admin     uuid.UUID
}

const spamStory = "Free spins, online casino bonus: https://win-big.top"

func newWorld(t testing.TB) *world {
	t.Helper()
	w := &world{Database: dbtest.New(t), t: t}
	w.works, w.app, _, _ = w.build(w.App)
	w.tasks, w.desk, w.accounts, w.studios = w.build(w.Worker)
	w.admin = w.person("Root", 400*24*time.Hour)
	w.Exec(t, "update users set admin = true where id = $1", w.admin)
	return w
}

func (w *world) build(d *db.DB) (*works.Service, *Service, *accounts.Service, *studios.Service) {
	w.t.Helper()
	dir := w.t.TempDir()
	store, err := blob.Open(blob.Config{Kind: "disk", Dir: dir + "/blobs"})
	w.must(err)
	files, err := media.New(media.Config{DB: d, Outbox: bus.NewOutbox(), Blobs: store, Dir: dir})
	w.must(err)
	w.t.Cleanup(func() { _ = files.Close() })
	st, err := studios.New(studios.Config{DB: d, Outbox: bus.NewOutbox()})
	w.must(err)
	acc, err := accounts.New(accounts.Config{DB: d, Outbox: bus.NewOutbox(), Studios: st})
	w.must(err)
	ws := works.New(d, bus.NewOutbox(), files)
	said, err := engagement.New(engagement.Config{DB: d, Outbox: bus.NewOutbox(), Accounts: acc, Studios: st, Works: ws})
	w.must(err)
	m, err := New(Config{DB: d, Outbox: bus.NewOutbox(), Accounts: acc, Studios: st, Works: ws, Comments: said, Collections: collections.New(d, bus.NewOutbox(), files)})
	w.must(err)
	ws.GuardWith(m)
	return ws, m, acc, st
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
	u := id.New()
	address := strings.ToLower(name) + "-" + u.String()[24:] + "@example.org"
	w.Exec(w.t, `insert into users (id, email, email_key, name, password_hash, password_set_at, verified_at, created_at, updated_at)
		values ($1, $2, $2, $3, '!', now(), now(), now() - $4::float8 * interval '1 s', now())`, u, address, name, age.Seconds())
	return u
}

// studio makes a studio that the person owns.
func (w *world) studio(owner uuid.UUID, slug string) works.Actor {
	a := works.Actor{UserID: owner, StudioID: id.New(), Role: studios.Owner}
	w.Exec(w.t, `insert into studios (id, slug, name, created_at, updated_at) values ($1, $2, $2, now(), now())`, a.StudioID, slug)
	w.Exec(w.t, `insert into studio_slugs (slug, studio_id, since) values ($1, $2, now())`, slug, a.StudioID)
	w.Exec(w.t, `insert into memberships (studio_id, user_id, role, created_at, updated_at) values ($1, $2, 'owner', now(), now())`, a.StudioID, owner)
	return a
}

// newcomer is a person of today with a studio.
func (w *world) newcomer(slug string) works.Actor { return w.studio(w.person(slug, time.Hour), slug) }

// draft makes a work with a usable file.
func (w *world) draft(a works.Actor) works.Target {
	w.t.Helper()
	m := id.New()
	w.Exec(w.t, `insert into media (id, studio_id, state, usable, kind, filename, bytes, width, height, served, created_by, created_at, updated_at)
		values ($1, $2, 'ready', true, 'image', 'a.jpg', 1, 16, 9, '{"jpeg":[320]}', $3, now(), now())`, m, a.StudioID, a.UserID)
	key := idem.NewKey()
	_, err := w.works.AddMedia(ctx(), a, works.Target{CreationKey: key}, nil, m, idem.NewKey())
	w.must(err)
	return works.Target{CreationKey: key}
}

// publish publishes a new work of these words.
func (w *world) publish(a works.Actor, title, story string) works.Work {
	w.t.Helper()
	work, err := w.works.Publish(ctx(), a, w.draft(a), &works.Edit{Title: title, Story: story, FormKey: "test"}, idem.NewKey())
	w.must(err)
	return work
}

// now is a work as it is in the database.
func (w *world) now(work works.Work) works.Work {
	w.t.Helper()
	b, err := w.works.Bench(ctx(), work.StudioID, works.Target{PublicID: work.PublicID})
	w.must(err)
	return b.Work
}

// seen tells whether everybody can see a work, its picture included.
func (w *world) seen(work works.Work) bool {
	w.t.Helper()
	_, err := w.works.ByPublicID(ctx(), work.PublicID)
	if err != nil && !fault.Is(err, fault.NotFound) {
		w.t.Fatal(err)
	}
	exposed := w.Count(w.t, "select count(*) from media m join works w on w.cover_id = m.id where w.id = $1 and m.exposed", work.ID) == 1
	if exposed != (err == nil) {
		w.t.Errorf("the page is there: %t; the picture is: %t", err == nil, exposed)
	}
	return err == nil
}

// waiting is the one review that waits.
func (w *world) waiting() Item {
	w.t.Helper()
	list, _, err := w.desk.Queue(ctx(), Place{})
	w.must(err)
	if len(list) != 1 {
		w.t.Fatalf("%d works wait", len(list))
	}
	return list[0]
}

// decide decides it as it is now.
func (w *world) decide(approve bool, note string) Review {
	w.t.Helper()
	item := w.waiting()
	r, err := w.desk.Decide(ctx(), Decision{ReviewID: item.ID, Moderator: w.admin, Approve: approve, Note: note, Version: item.Work.Version})
	w.must(err)
	return r
}

func (w *world) events(name string) int {
	return w.Count(w.t, "select count(*) from outbox where event = $1", name)
}
