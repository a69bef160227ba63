package media

import (
	"context"
	"strings"
	"testing"
	"time"

	"github.com/google/uuid"

	"vitrine/app/fault"
	"vitrine/app/platform/db"
	"vitrine/app/platform/mediatool/mediatest"
)

func TestDelete_removesEverything(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	mediaID := w.receive("a.jpg", mediatest.JPEG(t, 700, 500))
	w.step("media.uploaded.v1")
	stale, _ := w.event() // accepted: it will come after the deletion too
	if err := w.deliver(w.jobs, stale); err != nil {
		t.Fatal(err)
	}
	w.expose(mediaID, true)
	for range 2 {
		if err := w.App.Tenant(t.Context(), w.sender.StudioID, func(tx db.Tx) error {
			return w.web.Delete(t.Context(), tx, w.sender.StudioID, ids(mediaID))
		}); err != nil {
			t.Fatal(err)
		}
	}
	if _, err := w.web.PublicFile(t.Context(), mediaID, "w640.jpg"); !fault.Is(err, fault.NotFound) {
		t.Errorf("deleted, and still served: %v", err)
	}
	w.drain()
	if err := w.deliver(w.jobs, stale); err != nil {
		t.Errorf("a late event of a deleted file: %v", err)
	}
	if n := w.Count(t, `select (select count(*) from media) + (select count(*) from renditions) + (select count(*) from uploads)`); n != 0 {
		t.Errorf("%d rows are left", n)
	}
	if u := w.usage(); u.Used != 0 || u.Reserved != 0 {
		t.Errorf("%+v", u)
	}
	w.balanced()
}

// TestDelete_whileItIsRendered puts a rendition into the store just after the
// media went: neither its object nor its row stays.
func TestDelete_whileItIsRendered(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	mediaID := w.receive("a.jpg", mediatest.JPEG(t, 700, 500))
	w.step("media.uploaded.v1")
	m := w.media(mediaID)
	err := w.jobs.make(t.Context(), m, func(j *making) error {
		if err := w.Worker.Tenant(t.Context(), m.StudioID, func(tx db.Tx) error { return w.jobs.Delete(t.Context(), tx, m.StudioID, ids(m.ID)) }); err != nil {
			return err
		}
		return j.both(t.Context(), 320)
	})
	if err != nil {
		t.Errorf("a deleted file is no failure: %v", err)
	}
	w.drain()
	w.balanced()
}

func (w *world) expose(mediaID uuid.UUID, open bool) {
	w.t.Helper()
	if err := w.App.Tenant(context.Background(), w.sender.StudioID, func(tx db.Tx) error {
		return w.web.Expose(context.Background(), tx, w.sender.StudioID, ids(mediaID), open)
	}); err != nil {
		w.t.Fatal(err)
	}
}

func TestUpkeep_expiresAndReconciles(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	kept := w.receive("kept.jpg", mediatest.JPEG(t, 300, 200))
	refused := w.receive("bad.jpg", []byte("no picture"))
	abandoned := w.begin(1000)
	w.drain()
	if err := w.jobs.Expire(t.Context()); err != nil {
		t.Fatal(err)
	}
	if w.media(refused).State != StateFailed || w.media(abandoned.ID).State != StateUploading {
		t.Fatal("something went too early")
	}
	w.clock.Advance(KeepUndecided + time.Hour)
	if err := w.jobs.Expire(t.Context()); err != nil {
		t.Fatal(err)
	}
	w.drain()
	if n := w.Count(t, `select count(*) from media where id <> $1`, kept); n != 0 {
		t.Errorf("%d files outlived their time", n)
	}
	w.balanced()

	w.Exec(t, `update storage_usage set used = used + 777, reserved = 5`)
	if _, err := w.blobs.Put(t.Context(), "rendition/"+uuid.NewString()+"/stray.webp", strings.NewReader("nobody's")); err != nil {
		t.Fatal(err)
	}
	w.clock.Advance(48 * time.Hour)
	for range 2 {
		if err := w.jobs.Reconcile(t.Context()); err != nil {
			t.Fatal(err)
		}
	}
	var rows, used, reserved, corrections int64
	w.Row(t, `select used, reserved from storage_usage`)(&used, &reserved)
	w.Row(t, `select (select sum(bytes) from media) + (select sum(bytes) from renditions)`)(&rows)
	w.Row(t, `select count(*) from storage_ledger where entry = 'correction'`)(&corrections)
	if used != rows || reserved != 0 || corrections != 2 {
		t.Errorf("used %d of %d, reserved %d, %d corrections", used, rows, reserved, corrections)
	}
	if w.media(kept).State != StateReady {
		t.Error("the kept file went")
	}
	// The files of what is kept are still there, the stray one is gone.
	w.Exec(t, `delete from storage_ledger where entry = 'correction'`)
	w.balanced()
}

func TestTidy_givesUpWhatNobodyWorksOn(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	mediaID := w.receive("a.jpg", mediatest.JPEG(t, 300, 200))
	w.clock.Advance(stuckAfter + time.Minute)
	if err := w.jobs.Tidy(t.Context()); err != nil {
		t.Fatal(err)
	}
	if m := w.media(mediaID); m.State != StateFailed || m.Refused || !strings.Contains(m.Failure, "Try again") {
		t.Errorf("%+v", m)
	}
}

func TestUploading_isOnlyTrueWhileSomebodySends(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	active := func() bool {
		t.Helper()
		yes, err := w.web.Uploading(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		return yes
	}
	if active() {
		t.Error("nobody sends anything yet")
	}
	w.begin(10)
	if !active() {
		t.Error("somebody has begun")
	}
	w.clock.Advance(time.Minute)
	if active() {
		t.Error("nothing came for a minute")
	}
}
