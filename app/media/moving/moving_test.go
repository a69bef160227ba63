package moving_test

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"io"
	"log/slog"
	"path/filepath"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/google/uuid"

	"vitrine/app/fault"
	"vitrine/app/media"
	"vitrine/app/media/moving"
	"vitrine/app/platform/blob"
	"vitrine/app/platform/bus"
	"vitrine/app/platform/clock"
	"vitrine/app/platform/dbtest"
	"vitrine/app/platform/id"
	"vitrine/app/platform/s3test"
)

// house is a studio whose files lie on disk, beside an empty object store.
type house struct {
	*dbtest.Database
	t      *testing.T
	set    *blob.Set
	files  *media.Service
	clock  *clock.Manual // of files
	studio uuid.UUID
	kept   map[string][]byte // the bytes of every object
}

func newHouse(t *testing.T) *house {
	t.Helper()
	dir, server := t.TempDir(), s3test.New(t)
	set, err := blob.OpenAll(blob.Config{Kind: "disk", Dir: filepath.Join(dir, "blobs"), S3: blob.S3{Endpoint: server.Endpoint, Region: server.Region,
		Bucket: server.Bucket, AccessKey: server.AccessKey, SecretKey: server.SecretKey, Temp: filepath.Join(dir, "copies")}})
	if err != nil {
		t.Fatal(err)
	}
	h := &house{Database: dbtest.New(t), t: t, set: set, studio: id.New(), kept: map[string][]byte{}, clock: clock.NewManual(time.Now())}
	h.files, err = media.New(media.Config{DB: h.Worker, Outbox: bus.NewOutbox(), Blobs: set, Dir: filepath.Join(dir, "uploads"), Clock: h.clock.Now, Log: slog.New(slog.NewTextHandler(io.Discard, nil))})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = h.files.Close() })
	h.Exec(t, `insert into studios (id, slug, name, created_at, updated_at) values ($1, 'harbour', 'Harbour', now(), now())`, h.studio)
	return h
}

// hang makes a media with its original and two renditions.
func (h *house) hang(n int, state string) uuid.UUID {
	h.t.Helper()
	mediaID := id.New()
	original := bytes.Repeat([]byte(fmt.Sprintf("original %d ", n)), 1000)
	h.put("original/"+mediaID.String(), original)
	h.Exec(h.t, `insert into media (id, studio_id, state, filename, bytes, sha256, store, exposed, created_by, created_at, updated_at)
		values ($1, $2, $3, 'a.jpg', $4, $5, 'disk', true, $2, now(), now())`, mediaID, h.studio, state, len(original), sum(original))
	for _, name := range []string{"w320.webp", "w640.webp"} {
		made := []byte(fmt.Sprintf("%s of %d", name, n))
		key := "rendition/" + mediaID.String() + "/" + sum(made)[:12] + "-" + name
		h.put(key, made)
		h.Exec(h.t, `insert into renditions (studio_id, media_id, name, format, width, height, bytes, sha256, key, store, created_at)
			values ($1, $2, $3, 'webp', 10, 10, $4, $5, $6, 'disk', now())`, h.studio, mediaID, name, len(made), sum(made), key)
	}
	return mediaID
}

func (h *house) put(key string, b []byte) {
	h.t.Helper()
	if _, err := h.store("disk").Put(h.t.Context(), key, bytes.NewReader(b)); err != nil {
		h.t.Fatal(err)
	}
	h.kept[key] = b
}

func (h *house) store(name string) blob.Store {
	h.t.Helper()
	s, err := h.set.In(name)
	if err != nil {
		h.t.Fatal(err)
	}
	return s
}

func sum(b []byte) string {
	s := sha256.Sum256(b)
	return hex.EncodeToString(s[:])
}

func (h *house) mover() *moving.Service {
	return moving.New(moving.Config{DB: h.Worker, Blobs: h.set, Grace: 50 * time.Millisecond})
}

func (h *house) move(to string) moving.Report {
	h.t.Helper()
	r, err := h.mover().Move(h.t.Context(), to, func(moving.Report) {})
	if err != nil {
		h.t.Fatal(err)
	}
	return r
}

// remain tells whether objects that nobody is writing lie elsewhere yet.
func remain(r moving.Report) bool { return r.Working+len(r.Missing)+len(r.Different) > 0 }

// lie checks that everything lies in one store, whole, and nothing in the other.
func (h *house) lie(in, not string) {
	h.t.Helper()
	found := 0
	if err := h.store(in).List(h.t.Context(), "", func(e blob.Entry) error {
		found++
		o, err := h.store(in).Open(h.t.Context(), e.Key)
		if err != nil {
			return err
		}
		defer func() { _ = o.Close() }()
		if b, err := io.ReadAll(o); err != nil || !bytes.Equal(b, h.kept[e.Key]) {
			h.t.Errorf("%s has other bytes in %s: %v", e.Key, in, err)
		}
		return nil
	}); err != nil || found != len(h.kept) {
		h.t.Errorf("%d of %d objects lie in %s: %v", found, len(h.kept), in, err)
	}
	if err := h.store(not).List(h.t.Context(), "", func(e blob.Entry) error {
		h.t.Errorf("%s is left in %s", e.Key, not)
		return nil
	}); err != nil {
		h.t.Error(err)
	}
	if n := h.Count(h.t, `select (select count(*) from media where store <> $1) + (select count(*) from renditions where store <> $1)`, in); n != 0 {
		h.t.Errorf("%d rows do not name %s", n, in)
	}
}

// TestMove_thereAndBack moves everything while visitors read all the time: no
// reading ever fails.
func TestMove_thereAndBack(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	var all []uuid.UUID
	for n := range 250 { // more than one batch
		all = append(all, h.hang(n, "ready"))
	}
	ctx, stop := context.WithCancel(context.Background())
	ended := make(chan struct{})
	var reads atomic.Int64
	go func() {
		defer close(ended)
		for n := 0; ctx.Err() == nil; n = (n + 7) % len(all) {
			if err := h.visit(all[n], n); err != nil {
				t.Errorf("a visitor got %v", err)
				return
			}
			reads.Add(1)
		}
	}()
	for _, way := range [][2]string{{"s3", "disk"}, {"disk", "s3"}} {
		if r := h.move(way[0]); r.Moved != 750 || remain(r) {
			t.Errorf("to %s: %+v", way[0], r)
		}
		h.lie(way[0], way[1])
		if r := h.move(way[0]); r.Moved != 0 || r.There != 750 {
			t.Errorf("a second time: %+v", r)
		}
	}
	stop()
	<-ended
	if reads.Load() < 100 {
		t.Errorf("only %d visitors came meanwhile", reads.Load())
	}
}

// visit reads a rendition as the site does: first the row, then the object.
func (h *house) visit(mediaID uuid.UUID, n int) error {
	f, err := h.files.PublicFile(context.Background(), mediaID, "w640.webp")
	if err != nil {
		return err
	}
	o, err := h.files.Open(context.Background(), f)
	if err != nil {
		return err
	}
	defer func() { _ = o.Close() }()
	b, err := io.ReadAll(o)
	if want := fmt.Sprintf("w640.webp of %d", n); err != nil || string(b) != want {
		return fmt.Errorf("%q instead of %q: %w", b, want, err)
	}
	return nil
}

// TestMove_interrupted ends a run anywhere; the next one goes on.
func TestMove_interrupted(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	for n := range 30 {
		h.hang(n, "ready")
	}
	for n := range 5 {
		ctx, cancel := context.WithCancel(t.Context())
		timer := time.AfterFunc(time.Duration(n*15)*time.Millisecond, cancel)
		_, err := h.mover().Move(ctx, "s3", func(moving.Report) {})
		timer.Stop()
		cancel()
		if err != nil && ctx.Err() == nil {
			t.Fatal(err)
		}
	}
	if r := h.move("s3"); remain(r) || r.Moved+r.There != 90 {
		t.Errorf("%+v", r)
	}
	// What a killed run leaves where it was goes by the nightly round, when it is a day old.
	for key, b := range h.kept {
		if _, err := h.store("disk").Put(t.Context(), key, bytes.NewReader(b)); err != nil {
			t.Fatal(err)
		}
	}
	h.clock.Advance(25 * time.Hour)
	if err := h.files.Reconcile(t.Context()); err != nil {
		t.Fatal(err)
	}
	h.lie("s3", "disk")
}

// TestMove_whatIsNotMoved leaves files that are being processed and names what
// is missing or damaged; neither is made worse.
func TestMove_whatIsNotMoved(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	working, lost, damaged := h.hang(1, "processing"), h.hang(2, "ready"), h.hang(3, "ready")
	if err := h.store("disk").Delete(t.Context(), "original/"+lost.String()); err != nil {
		t.Fatal(err)
	}
	bad := bytes.Repeat([]byte("scribbled! "), 1000)
	if _, err := h.store("disk").Put(t.Context(), "original/"+damaged.String(), bytes.NewReader(bad[:len(h.kept["original/"+damaged.String()])])); err != nil {
		t.Fatal(err)
	}
	r := h.move("s3")
	if r.Moved != 6 || r.Working != 1 || len(r.Missing) != 1 || len(r.Different) != 1 || !remain(r) ||
		!strings.HasSuffix(r.Missing[0], lost.String()) || !strings.HasSuffix(r.Different[0], damaged.String()) {
		t.Errorf("%+v", r)
	}
	if _, err := h.store("s3").Open(t.Context(), "original/"+damaged.String()); !fault.Is(err, fault.NotFound) {
		t.Errorf("damaged bytes were stored: %v", err)
	}
	if n := h.Count(t, `select count(*) from media where store = 'disk'`); n != 3 {
		t.Errorf("%d originals stay", n)
	}
	h.Exec(t, `update media set state = 'ready' where id = $1`, working)
	if r := h.move("s3"); r.Moved != 1 || r.Working != 0 {
		t.Errorf("the next time: %+v", r)
	}
	if _, err := h.mover().Move(t.Context(), "tape", func(moving.Report) {}); !fault.Is(err, fault.Invalid) {
		t.Errorf("an unknown store gave %v", err)
	}
}

// TestMove_sharedObject moves an object that two rows name.
func TestMove_sharedObject(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	first, second := h.hang(1, "ready"), h.hang(2, "ready")
	// As in the pool of demonstrations: two rows, one object.
	for _, name := range []string{"w320.webp", "w640.webp"} {
		h.Exec(t, `update renditions r set (key, bytes, sha256) = (select key, bytes, sha256 from renditions where media_id = $1 and name = $3) where media_id = $2 and name = $3`, first, second, name)
	}
	for key := range h.kept {
		if strings.HasPrefix(key, "rendition/"+second.String()) {
			if err := h.store("disk").Delete(t.Context(), key); err != nil {
				t.Fatal(err)
			}
			delete(h.kept, key)
		}
	}
	if r := h.move("s3"); r.Moved != 6 || remain(r) {
		t.Errorf("%+v", r)
	}
	h.lie("s3", "disk")
}

// rivalled is a store in which something happens each time that an object has
// come, before its row is written.
type rivalled struct {
	blob.Store
	came func(key string)
}

func (r rivalled) Put(ctx context.Context, key string, body io.Reader) (int64, error) {
	n, err := r.Store.Put(ctx, key, body)
	r.came(key)
	return n, err
}

// TestMove_rowsChangeMeanwhile removes a row whose object another row names, too,
// and gives a third one another object, both after their bytes were copied.
func TestMove_rowsChangeMeanwhile(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	const name = "w320.webp"
	gone, other, changed := h.hang(1, "ready"), h.hang(2, "ready"), h.hang(3, "ready")
	key := func(mediaID uuid.UUID) (k string) {
		t.Helper()
		if err := h.Owner.QueryRowContext(t.Context(), `select key from renditions where media_id = $1 and name = $2`, mediaID, name).Scan(&k); err != nil {
			t.Fatal(err)
		}
		return k
	}
	// The other row was moved before.
	shared, before := key(gone), key(changed)
	if _, err := h.store("s3").Put(t.Context(), shared, bytes.NewReader(h.kept[shared])); err != nil {
		t.Fatal(err)
	}
	h.Exec(t, `update renditions r set (key, bytes, sha256, store) = (select key, bytes, sha256, 's3' from renditions where media_id = $1 and name = $3) where media_id = $2 and name = $3`, gone, other, name)
	made := []byte("made anew")
	after := "rendition/" + changed.String() + "/" + sum(made)[:12] + "-" + name
	h.put(after, made)

	set := blob.NewSet(h.store("disk"), rivalled{h.store("s3"), func(k string) {
		switch k {
		case shared:
			h.Exec(t, `delete from renditions where media_id = $1 and name = $2`, gone, name)
		case before:
			h.Exec(t, `update renditions set key = $3, bytes = $4, sha256 = $5 where media_id = $1 and name = $2`, changed, name, after, len(made), sum(made))
		}
	}})
	mover := moving.New(moving.Config{DB: h.Worker, Blobs: set, Grace: 50 * time.Millisecond})
	if _, err := mover.Move(t.Context(), "s3", func(moving.Report) {}); err != nil {
		t.Fatal(err)
	}
	if _, err := h.store("s3").Size(t.Context(), shared); err != nil {
		t.Errorf("an object that another row names was removed: %v", err)
	}
	if _, err := h.store("s3").Size(t.Context(), before); !fault.Is(err, fault.NotFound) {
		t.Errorf("an object that no row names stays where it was copied to: %v", err)
	}
	if n := h.Count(t, `select count(*) from renditions where media_id = $1 and name = $2 and store = 'disk'`, changed, name); n != 1 {
		t.Error("a row names a store that its object never came to")
	}
	if r := h.move("s3"); r.Moved != 1 || remain(r) {
		t.Errorf("the next time: %+v", r)
	}
	if size, err := h.store("s3").Size(t.Context(), after); err != nil || size != int64(len(made)) {
		t.Errorf("the new object has %d bytes there: %v", size, err)
	}
}
