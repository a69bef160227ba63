package media

import (
	"bytes"
	"context"
	"encoding/json"
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/google/uuid"

	"vitrine/app/platform/blob"
	"vitrine/app/platform/bus"
	"vitrine/app/platform/clock"
	"vitrine/app/platform/db"
	"vitrine/app/platform/dbtest"
	"vitrine/app/platform/id"
	"vitrine/app/platform/logtest"
	"vitrine/app/platform/mediatool"
	"vitrine/app/platform/s3test"
)

// world is one studio with its services, the database and the directories.
type world struct {
	*dbtest.Database
	t      testing.TB
	dir    string
	blobs  blob.Store
	clock  *clock.Manual
	log    logtest.Log
	tools  *mediatool.Tools
	web    *Service // with the app's role
	jobs   *Service // with the worker's role
	sender Sender
}

func newWorld(t testing.TB) *world {
	t.Helper()
	dir := t.TempDir()
	return worldOn(t, dir, blob.Config{Kind: "disk", Dir: filepath.Join(dir, "blobs")})
}

// newS3World has its objects in a real object store, and still knows the disk.
func newS3World(t testing.TB) (*world, *s3test.Server) {
	t.Helper()
	return newHastyWorld(t, time.Minute) // longer than a machine full of tests needs
}

// newHastyWorld gives its object store up when nothing comes of it for so long.
func newHastyWorld(t testing.TB, patience time.Duration) (*world, *s3test.Server) {
	t.Helper()
	dir, server := t.TempDir(), s3test.New(t)
	return worldOn(t, dir, blob.Config{Kind: "s3", Dir: filepath.Join(dir, "blobs"), S3: blob.S3{Endpoint: server.Endpoint, Region: server.Region,
		Bucket: server.Bucket, AccessKey: server.AccessKey, SecretKey: server.SecretKey, Temp: filepath.Join(dir, "copies"), Patience: patience}}), server
}

// onEachStore runs a test for uploads that arrive on disk and in an object store.
func onEachStore(t *testing.T, test func(t *testing.T, w *world)) {
	t.Helper()
	t.Run("disk", func(t *testing.T) {
		t.Parallel()
		test(t, newWorld(t))
	})
	t.Run("s3", func(t *testing.T) {
		t.Parallel()
		w, _ := newS3World(t)
		test(t, w)
	})
}

func worldOn(t testing.TB, dir string, stores blob.Config) *world {
	t.Helper()
	w := &world{Database: dbtest.New(t), t: t, dir: dir, clock: clock.NewManual(time.Now())}
	var err error
	if w.blobs, err = blob.OpenAll(stores); err != nil {
		t.Fatal(err)
	}
	if w.tools, err = mediatool.Open(mediatool.Config{TempDir: filepath.Join(w.dir, "tools"), ImageTimeout: 10 * time.Minute}); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = w.tools.Close() })
	w.web, w.jobs = w.service(w.App, w.tools), w.service(w.Worker, w.tools)
	w.sender = w.studio("harbour")
	return w
}

func (w *world) service(d *db.DB, tools *mediatool.Tools) *Service {
	w.t.Helper()
	s, err := New(Config{DB: d, Outbox: bus.NewOutbox(), Blobs: w.blobs, Tools: tools, Dir: filepath.Join(w.dir, "uploads"),
		Clock: w.clock.Now, Log: w.log.Logger()})
	if err != nil {
		w.t.Fatal(err)
	}
	w.t.Cleanup(func() { _ = s.Close() })
	return s
}

// arriving is the file of an upload that arrives on disk.
func (w *world) arriving(id uuid.UUID) string {
	return filepath.Join(w.dir, "uploads", "incoming", id.String())
}

func (w *world) studio(slug string) Sender {
	w.t.Helper()
	s := Sender{StudioID: id.New(), UserID: id.New()}
	w.Exec(w.t, `insert into studios (id, slug, name, created_at, updated_at) values ($1, $2, $2, now(), now())`, s.StudioID, slug)
	w.Exec(w.t, `insert into memberships (studio_id, user_id, role, created_at, updated_at) values ($1, $2, 'editor', now(), now())`, s.StudioID, s.UserID)
	return s
}

// receive takes a file of a plain form.
func (w *world) receive(name string, content []byte) uuid.UUID {
	w.t.Helper()
	mediaID, err := w.web.Receive(context.Background(), w.sender.StudioID, w.sender.UserID, "", name, bytes.NewReader(content))
	if err != nil {
		w.t.Fatalf("receiving %s: %v", name, err)
	}
	return mediaID
}

// media reads a file as its studio sees it.
func (w *world) media(mediaID uuid.UUID) Media {
	w.t.Helper()
	var list []Media
	err := w.App.TenantRead(context.Background(), w.sender.StudioID, func(r db.Reader) (err error) {
		list, err = w.web.ByIDs(context.Background(), r, w.sender.StudioID, ids(mediaID))
		return err
	})
	if err != nil || len(list) != 1 {
		w.t.Fatalf("reading %s: %d rows, %v", mediaID, len(list), err)
	}
	return list[0]
}

// event takes the oldest event that was not delivered yet.
func (w *world) event() (env bus.Envelope, ok bool) {
	w.t.Helper()
	if w.Count(w.t, `select count(*) from outbox where sent_at is null`) == 0 {
		return env, false
	}
	var payload string
	w.Row(w.t, `update outbox set sent_at = now() where id = (select id from outbox where sent_at is null order by id limit 1)
		returning id, event, payload::text, priority`)(&env.ID, &env.Name, &payload, &env.Priority)
	env.Payload, env.Attempt = json.RawMessage(payload), 1
	return env, true
}

// deliver gives an event to its subscriber, as jobs/subscriptions.go says.
func (w *world) deliver(s *Service, env bus.Envelope) error {
	ctx := context.Background()
	switch env.Name {
	case Uploaded{}.EventName():
		return s.OnUploaded(ctx, env)
	case Accepted{}.EventName():
		return s.OnAccepted(ctx, env)
	case FirstMade{}.EventName():
		return s.OnFirstMade(ctx, env)
	case PosterMade{}.EventName():
		return s.OnPosterMade(ctx, env)
	case Processed{}.EventName():
		return s.OnProcessed(ctx, env)
	case Deleted{}.EventName():
		return s.OnDeleted(ctx, env)
	}
	return nil
}

// drain delivers every event twice, because delivery is at least once.
func (w *world) drain() {
	w.t.Helper()
	for {
		env, ok := w.event()
		if !ok {
			return
		}
		for range 2 {
			if err := w.deliver(w.jobs, env); err != nil {
				w.t.Fatalf("%s: %v", env.Name, err)
			}
		}
	}
}

// balanced checks that the account, the ledger, the rows and the store agree,
// and that nothing half-done lies around.
func (w *world) balanced() {
	w.t.Helper()
	var used, reserved, ledgerUsed, ledgerReserved, rows int64
	w.Row(w.t, `select coalesce(sum(used), 0), coalesce(sum(reserved), 0) from storage_usage`)(&used, &reserved)
	w.Row(w.t, `select coalesce(sum(bytes) filter (where account = 'used'), 0), coalesce(sum(bytes) filter (where account = 'reserved'), 0) from storage_ledger`)(&ledgerUsed, &ledgerReserved)
	w.Row(w.t, `select coalesce((select sum(bytes) from media where store <> ''), 0) + coalesce((select sum(bytes) from renditions), 0)`)(&rows)
	var objects int64
	keys := map[string]bool{}
	if err := w.blobs.List(context.Background(), "", func(e blob.Entry) error { objects += e.Size; keys[e.Key] = true; return nil }); err != nil {
		w.t.Fatal(err)
	}
	if used != ledgerUsed || used != rows || used != objects || reserved != ledgerReserved {
		w.t.Errorf("account: used %d, reserved %d; ledger: %d, %d; rows: %d; objects: %d", used, reserved, ledgerUsed, ledgerReserved, rows, objects)
	}
	if n := w.Count(w.t, `select (select count(*) from renditions) + (select count(*) from media where store <> '')`); n != len(keys) {
		w.t.Errorf("%d rows and %d objects", n, len(keys))
	}
	var left []string
	for _, pattern := range []string{"uploads/work/p-*/*", "uploads/parts/*", "copies/*"} {
		more, err := filepath.Glob(filepath.Join(w.dir, pattern))
		if err != nil {
			w.t.Fatal(err)
		}
		left = append(left, more...)
	}
	for _, path := range left {
		if filepath.Base(path) != "lock" {
			w.t.Errorf("left behind: %s", path)
		}
	}
}

// shared is a file of the folder of real media beside the project.
func shared(t testing.TB, name string) []byte {
	t.Helper()
	b, err := os.ReadFile(filepath.Join("..", "..", "..", "shared", "media", name))
	if os.IsNotExist(err) {
		t.Skipf("The folder of real media is not beside the project, so %s is not tried.", name)
	}
	if err != nil {
		t.Fatal(err)
	}
	return b
}
