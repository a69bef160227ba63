package media

import (
	"context"
	"errors"
	"io"
	"net/http"
	"sync/atomic"
	"testing"
	"time"

	"github.com/tus/tusd/v2/pkg/handler"

	"vitrine/app/platform/db"
)

// begin starts an upload of so many bytes.
func (w *world) begin(size int64) Upload {
	w.t.Helper()
	up, err := w.web.Begin(context.Background(), Begin{Sender: w.sender, Filename: "ridges.jpg", Size: size})
	if err != nil {
		w.t.Fatal(err)
	}
	return up
}

// request is the context of one request of the sender.
func (w *world) request(t testing.TB) context.Context {
	ctx, cancel := context.WithTimeout(db.Guard(context.Background()), 2*time.Minute)
	t.Cleanup(cancel)
	return WithSender(ctx, w.sender)
}

// lock takes a lock and gives it with a channel that is closed when the holder
// is asked to let go.
func takeLock(t testing.TB, l *Locker, ctx context.Context, up Upload) (handler.Lock, <-chan struct{}) { //nolint:revive // the context belongs to the request, not to the call
	t.Helper()
	k, err := l.NewLock(up.ID.String())
	if err != nil {
		t.Fatal(err)
	}
	asked := make(chan struct{})
	var once atomic.Bool
	if err := k.Lock(ctx, func() {
		if once.CompareAndSwap(false, true) {
			close(asked)
		}
	}); err != nil {
		t.Fatal(err)
	}
	if held, _ := k.(*uploadLock); !held.held.read() {
		t.Fatal("who has just taken the lock was asked to let go")
	}
	return k, asked
}

func await(t testing.TB, c <-chan struct{}, what string) {
	t.Helper()
	select {
	case <-c:
	case <-time.After(time.Minute):
		t.Fatal("waited too long until " + what)
	}
}

func TestLock_holderIsAskedAndTheNextTakesOver(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	other := NewLocker(w.App, w.clock.Now, w.web.log) // another process
	for name, second := range map[string]*Locker{"same process": w.web.locks, "another process": other} {
		up := w.begin(100)
		first, asked := takeLock(t, w.web.locks, w.request(t), up)
		got := make(chan struct{})
		go func() {
			k, _ := takeLock(t, second, w.request(t), up)
			close(got)
			_ = k.Unlock()
		}()
		await(t, asked, "the holder was asked to let go: "+name)
		select {
		case <-got:
			t.Errorf("%s: two hold the lock", name)
		default:
		}
		if err := first.Unlock(); err != nil {
			t.Fatal(err)
		}
		await(t, got, "the waiting one had the lock: "+name)
	}
}

// TestLock_askedBeforeTheBody: who is asked to let go before the first byte is
// read does not read any, since tusd could not end that any more.
func TestLock_askedBeforeTheBody(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	up := w.begin(10)
	ctx := w.request(t)
	k, _ := w.web.locks.NewLock(up.ID.String())
	if err := k.Lock(ctx, func() { t.Error("tusd was asked to end a body that it does not know") }); err != nil {
		t.Fatal(err)
	}
	upload, err := (tusStore{w.web}).GetUpload(ctx, up.ID.String())
	if err != nil {
		t.Fatal(err)
	}
	w.web.locks.askHere(up.ID)
	body, _ := io.Pipe() // never ends
	n, err := upload.WriteChunk(ctx, 0, body)
	if known := (handler.Error{}); n != 0 || !errors.As(err, &known) || known.HTTPResponse.StatusCode != http.StatusLocked {
		t.Errorf("%d bytes, %v", n, err)
	}
	_ = k.Unlock()
}

func TestLock_timesOutWhileHeld(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	up := w.begin(100)
	first, _ := takeLock(t, w.web.locks, w.request(t), up)
	ctx, cancel := context.WithTimeout(WithSender(context.Background(), w.sender), 600*time.Millisecond)
	defer cancel()
	k, _ := w.web.locks.NewLock(up.ID.String())
	if err := k.Lock(ctx, func() {}); !errors.Is(err, handler.ErrLockTimeout) {
		t.Errorf("a held lock gave %v", err)
	}
	if err := k.Unlock(); err != nil {
		t.Errorf("unlocking what was never locked: %v", err)
	}
	if err := first.Unlock(); err != nil {
		t.Fatal(err)
	}
	again, _ := takeLock(t, w.web.locks, w.request(t), up)
	_ = again.Unlock()
}

func TestLock_ofAnotherStudioIsNotFound(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	up := w.begin(100)
	held, asked := takeLock(t, w.web.locks, w.request(t), up)
	stranger := WithSender(context.Background(), w.studio("stranger"))
	k, _ := w.web.locks.NewLock(up.ID.String())
	if err := k.Lock(stranger, func() {}); !errors.Is(err, handler.ErrNotFound) {
		t.Errorf("a stranger's lock gave %v", err)
	}
	if _, err := (tusStore{w.web}).GetUpload(stranger, up.ID.String()); !errors.Is(err, handler.ErrNotFound) && err == nil {
		t.Error("a stranger found the upload")
	}
	select {
	case <-asked:
		t.Error("a stranger could ask the holder to let go")
	default:
	}
	_ = held.Unlock()
}

// TestLock_stolenLeaseCannotWrite stops a holder in the middle of its write,
// lets its lease run out, gives the lock to another, and lets the first go on.
func TestLock_stolenLeaseCannotWrite(t *testing.T) { onEachStore(t, stolenLeaseCannotWrite) }

func stolenLeaseCannotWrite(t *testing.T, w *world) {
	up := w.begin(10)
	one := w.request(t)
	first, _ := takeLock(t, w.web.locks, one, up)
	upload, err := (tusStore{w.web}).GetUpload(one, up.ID.String())
	if err != nil {
		t.Fatal(err)
	}
	body, feed := io.Pipe()
	ended := make(chan error, 1)
	go func() {
		_, err := upload.WriteChunk(one, 0, body)
		ended <- err
	}()

	w.clock.Advance(leaseTime + leaseSkew + time.Second)
	other := w.service(w.App, nil) // another process
	two := w.request(t)
	second, _ := takeLock(t, other.locks, two, up)
	next, err := (tusStore{other}).GetUpload(two, up.ID.String())
	if err != nil {
		t.Fatal(err)
	}
	if n, err := next.WriteChunk(two, 0, pieces("01234")); n != 5 || err != nil {
		t.Fatalf("the new holder wrote %d, %v", n, err)
	}

	_, _ = feed.Write([]byte("XXXXXXX"))
	_ = feed.Close()
	var refused handler.Error
	if err := <-ended; !errors.As(err, &refused) || refused.HTTPResponse.StatusCode != 423 {
		t.Errorf("the former holder got %v", err)
	}
	// Its fence is refused by the database too, should its clock have stood still.
	h := scopeOf(one).lease
	h.lost.Store(false)
	far := w.clock.Now().Add(time.Hour)
	h.until.Store(&far)
	if err := w.web.commit(one, h, 7, ""); !errors.Is(err, errLeaseLost) {
		t.Errorf("a commit under an old fence gave %v", err)
	}
	if err := first.Unlock(); err != nil {
		t.Fatal(err)
	}
	if n, err := next.WriteChunk(two, 5, pieces("56789")); n != 5 || err != nil {
		t.Fatalf("after the former holder let go, the new one wrote %d, %v", n, err)
	}
	if err := next.FinishUpload(two); err != nil {
		t.Fatal(err)
	}
	_ = second.Unlock()
	if got := w.original(up); got != "0123456789" {
		t.Errorf("the file is %q", got)
	}
}

func TestLock_lostLeaseAsksTheHolder(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	up := w.begin(10)
	k, asked := takeLock(t, w.web.locks, w.request(t), up)
	w.Exec(t, `update upload_locks set fence = fence + 1, owner = 'another' where upload_id = $1`, up.ID)
	await(t, asked, "the holder noticed that its lease is lost")
	_ = k.Unlock()
	if n := w.Count(t, `select count(*) from upload_locks where upload_id = $1 and owner = 'another'`, up.ID); n != 1 {
		t.Error("a former holder freed the lock of its successor")
	}
}
