package media

import (
	"context"
	"fmt"
	"io"
	"log/slog"
	"os"
	"os/exec"
	"os/signal"
	"path/filepath"
	"syscall"
	"testing"
	"time"

	"vitrine/app/platform/blob"
	"vitrine/app/platform/bus"
	"vitrine/app/platform/db"
	"vitrine/app/platform/mediatool"
	"vitrine/app/platform/mediatool/mediatest"
	"vitrine/app/platform/queue"
)

// The child process of TestKilled finds its world in these.
const (
	childURL = "MEDIA_TEST_WORKER_URL"
	childDir = "MEDIA_TEST_DIR"
)

// TestKilled_everyRenditionOnce kills the process that renders three photos and
// a film again and again, and lets the last one finish.
func TestKilled_everyRenditionOnce(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	film, err := os.ReadFile(mediatest.Film(t, "a.mp4", "-f", "lavfi", "-i", "testsrc2=s=640x360:d=8:r=25", "-pix_fmt", "yuv420p"))
	if err != nil {
		t.Fatal(err)
	}
	w.receive("film.mp4", film)
	for i := range 3 {
		w.receive(fmt.Sprintf("photo%d.jpg", i), mediatest.JPEG(t, 1400+i, 900))
	}
	// So many renditions exist when each process is killed.
	for _, at := range []int{1, 5, 12, 20} {
		child := w.child()
		w.eventually(`select count(*) >= $1 from renditions`, at)
		if err := child.Process.Kill(); err != nil {
			t.Fatal(err)
		}
		_ = child.Wait()
		// What the lease's 15 s would do.
		w.Exec(t, `update tasks set leased_until = now() - interval '1 minute' where owner is not null`)
	}
	child := w.child()
	w.eventually(`select count(*) = 4 from media where state = 'ready'`)
	w.eventually(`select count(*) = 0 from tasks`)
	w.eventually(`select count(*) = 0 from outbox where sent_at is null`)
	if err := child.Process.Signal(syscall.SIGTERM); err != nil {
		t.Fatal(err)
	}
	if err := child.Wait(); err != nil {
		t.Errorf("the last process ended with %v", err)
	}
	w.balanced()
	if n := w.Count(t, `select count(*) from outbox where event = 'media.processed.v1'`); n != 4 {
		t.Errorf("%d times told that a file is processed", n)
	}
	left, _ := filepath.Glob(filepath.Join(w.dir, "child-tools", "*"))
	inside, _ := filepath.Glob(filepath.Join(w.dir, "blobs", ".incoming", "*"))
	for _, path := range append(left, inside...) {
		t.Errorf("left behind: %s", path)
	}
}

// eventually waits for processes that share two slow cores with all other tests.
func (w *world) eventually(query string, args ...any) {
	w.t.Helper()
	deadline := time.After(5 * time.Minute)
	tick := time.NewTicker(20 * time.Millisecond)
	defer tick.Stop()
	for {
		var done bool
		w.Row(w.t, query, args...)(&done)
		if done {
			return
		}
		select {
		case <-deadline:
			w.t.Fatalf("it did not become true: %s", query)
		case <-tick.C:
		}
	}
}

// child starts this test binary as a worker process.
func (w *world) child() *exec.Cmd {
	w.t.Helper()
	cmd := exec.Command(os.Args[0], "-test.run=^TestChildProcess$")
	cmd.Env = append(os.Environ(), childURL+"="+w.WorkerURL, childDir+"="+w.dir)
	cmd.Stderr = os.Stderr
	if err := cmd.Start(); err != nil {
		w.t.Fatal(err)
	}
	w.t.Cleanup(func() { _ = cmd.Process.Kill() })
	return cmd
}

// TestChildProcess is the worker process of TestKilled; alone it does nothing.
func TestChildProcess(t *testing.T) {
	url, dir := os.Getenv(childURL), os.Getenv(childDir)
	if url == "" {
		t.Skip("This is the worker process of TestKilled_everyRenditionOnce, which starts it by itself.")
	}
	ctx, stop := signal.NotifyContext(context.Background(), syscall.SIGTERM)
	defer stop()
	if err := runWorker(ctx, url, dir); err != nil {
		t.Fatal(err)
	}
}

func runWorker(ctx context.Context, url, dir string) error {
	d, err := db.Open(db.Config{URL: url, QueryTimeout: time.Minute, WaitTimeout: time.Minute})
	if err != nil {
		return err
	}
	blobs, err := blob.Open(blob.Config{Kind: "disk", Dir: filepath.Join(dir, "blobs")})
	if err != nil {
		return err
	}
	tools, err := mediatool.Open(mediatool.Config{TempDir: filepath.Join(dir, "child-tools"), ImageTimeout: 10 * time.Minute})
	if err != nil {
		return err
	}
	outbox, log := bus.NewOutbox(), slog.New(slog.NewTextHandler(io.Discard, nil))
	s, err := New(Config{DB: d, Outbox: outbox, Blobs: blobs, Tools: tools, Dir: filepath.Join(dir, "uploads"), Log: log})
	if err != nil {
		return err
	}
	q, err := queue.Open(queue.Config{Kind: "inline", DB: d, Outbox: outbox, Log: log, Subscriptions: []queue.Subscription{
		{Event: Uploaded{}.EventName(), Name: "media.inspect", Queue: queue.Media, Timeout: 5 * time.Minute, Handle: s.OnUploaded},
		{Event: Accepted{}.EventName(), Name: "media.render", Queue: queue.Media, Timeout: 5 * time.Minute, Handle: s.OnAccepted},
		{Event: FirstMade{}.EventName(), Name: "media.make_sizes", Queue: queue.Media, Timeout: 5 * time.Minute, Handle: s.OnFirstMade},
		{Event: PosterMade{}.EventName(), Name: "media.encode", Queue: queue.Bulk, Timeout: 5 * time.Minute, Handle: s.OnPosterMade},
		{Event: Processed{}.EventName(), Name: "media.make_avif", Queue: queue.Bulk, Timeout: 5 * time.Minute, Handle: s.OnProcessed},
	}})
	if err != nil {
		return err
	}
	if err := q.Run(ctx); err != nil {
		return err
	}
	if err := s.Close(); err != nil {
		return err
	}
	return tools.Close()
}
