package works

import (
	"context"
	"fmt"
	"testing"
	"time"

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
)

// world is a database with two studios and the service over it.
type world struct {
	*dbtest.Database
	t      testing.TB
	app    *Service // as requests use it
	worker *Service // as tasks use it
	ours   Actor
	theirs Actor
}

func newWorld(t testing.TB) *world {
	t.Helper()
	w := &world{Database: dbtest.New(t), t: t}
	w.app, w.worker = w.service(w.App), w.service(w.Worker)
	w.ours = w.studio("harbour", "Harbour & Field")
	w.theirs = w.studio("nord", "Atelier Nord")
	return w
}

func (w *world) service(handle *db.DB) *Service {
	w.t.Helper()
	dir := w.t.TempDir()
	store, err := blob.Open(blob.Config{Kind: "disk", Dir: dir + "/blobs"})
	if err != nil {
		w.t.Fatal(err)
	}
	files, err := media.New(media.Config{DB: handle, Outbox: bus.NewOutbox(), Blobs: store, Dir: dir})
	if err != nil {
		w.t.Fatal(err)
	}
	w.t.Cleanup(func() { _ = files.Close() })
	return New(handle, bus.NewOutbox(), files)
}

func (w *world) studio(slug, name string) Actor {
	a := Actor{UserID: id.New(), StudioID: id.New(), Role: studios.Editor}
	w.Exec(w.t, `insert into studios (id, slug, name, created_at, updated_at) values ($1, $2, $3, now(), now())`, a.StudioID, slug, name)
	w.Exec(w.t, `insert into memberships (studio_id, user_id, role, created_at, updated_at) values ($1, $2, $3, now(), now())`, a.StudioID, a.UserID, string(a.Role))
	return a
}

// file makes a media row, usable or not.
func (w *world) file(a Actor, usable bool) uuid.UUID {
	m := id.New()
	state := "processing"
	if usable {
		state = "ready"
	}
	w.Exec(w.t, `insert into media (id, studio_id, state, usable, kind, filename, bytes, width, height, served, created_by, created_at, updated_at)
		values ($1, $2, $3, $4, 'image', 'ridges_0611_final.jpg', 1000, 1600, 900, '{"jpeg":[320,640]}', $5, now(), now())`, m, a.StudioID, state, usable, a.UserID)
	return m
}

// draft makes a work with n usable files.
func (w *world) draft(a Actor, title string, n int) (Target, []uuid.UUID) {
	w.t.Helper()
	t := Target{CreationKey: idem.NewKey()}
	e := edit(title)
	work, err := w.app.Save(ctx(), a, t, e)
	w.must(err)
	var files []uuid.UUID
	for range n {
		m := w.file(a, true)
		_, err := w.app.AddMedia(ctx(), a, t, nil, m, idem.NewKey())
		w.must(err)
		files = append(files, m)
	}
	return Target{PublicID: work.PublicID}, files
}

// published makes a work that everybody can see.
func (w *world) published(a Actor, title string, tags string) Work {
	w.t.Helper()
	t, _ := w.draft(a, title, 1)
	e := edit(title)
	e.Tags, e.Edition = tags, 1
	work, err := w.app.Publish(ctx(), a, t, &e, idem.NewKey())
	w.must(err)
	return work
}

func (w *world) must(err error) {
	w.t.Helper()
	if err != nil {
		w.t.Fatal(err)
	}
}

func (w *world) events(name string) int {
	return w.Count(w.t, "select count(*) from outbox where event = $1", name)
}

func (w *world) exposed(mediaID uuid.UUID) bool {
	return w.Count(w.t, "select count(*) from media where id = $1 and exposed and deleted_at is null", mediaID) == 1
}

func edit(title string) Edit { return Edit{Title: title, NoAI: true, FormKey: "test"} }

func ctx() context.Context { return db.Guard(context.Background()) }

func wantKind(t testing.TB, err error, want fault.Kind) {
	t.Helper()
	if err == nil || fault.KindOf(err) != want {
		t.Fatalf("got %v, want a fault that is %s", err, want)
	}
}

func (w *world) order(work Work) string {
	w.t.Helper()
	b, err := w.app.Bench(ctx(), work.StudioID, Target{PublicID: work.PublicID})
	w.must(err)
	s := ""
	for i, item := range b.Items {
		if item.Position != i {
			w.t.Fatalf("place %d has position %d", i, item.Position)
		}
		s += item.MediaID.String() + " "
	}
	return s
}

func soon(d time.Duration) When {
	return When{Local: time.Now().UTC().Add(d).Format("2006-01-02T15:04"), Zone: "UTC"}
}

func list(ids ...uuid.UUID) (s string) {
	for _, i := range ids {
		s += fmt.Sprint(i) + " "
	}
	return s
}
