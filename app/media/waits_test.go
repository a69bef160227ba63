package media

import (
	"path/filepath"
	"slices"
	"testing"

	"github.com/google/uuid"

	"vitrine/app/platform/blob"
	"vitrine/app/platform/disktest"
	"vitrine/app/platform/mediatool/mediatest"
)

// waits delivers each event of a photo until it has all sizes: first while what a
// task needs is away, for more attempts than any task has, and then with it.
func (w *world) waits(photo uuid.UUID, away func(event string), back func()) {
	w.t.Helper()
	tasks := []string{Uploaded{}.EventName(), Accepted{}.EventName(), FirstMade{}.EventName(), Processed{}.EventName()}
	for env, ok := w.event(); ok; env, ok = w.event() {
		if slices.Contains(tasks, env.Name) {
			env.Attempt = 2 * RenderAttempts
			before, waited := w.media(photo), w.log.Count("A file waits for its store or for room")
			away(env.Name)
			if err := w.deliver(w.jobs, env); err == nil || w.log.Count("A file waits for its store or for room") != waited+1 {
				w.t.Errorf("%s without what it needs: %v", env.Name, err)
			}
			if m := w.media(photo); m.State != before.State || m.Failure != "" {
				w.t.Errorf("%s without what it needs: the file was %s and is %s: %s", env.Name, before.State, m.State, m.Failure)
			}
			back()
		}
		if err := w.deliver(w.jobs, env); err != nil {
			w.t.Errorf("%s with what it needs: %v", env.Name, err)
		}
	}
	if m := w.media(photo); m.State != StateReady || len(m.Served.AVIF) == 0 {
		w.t.Errorf("in the end it is %s, with AVIF of %v: %s", m.State, m.Served.AVIF, m.Failure)
	}
}

func TestStoreAway_isNoFailure(t *testing.T) {
	t.Parallel()
	w, server := newS3World(t)
	photo := w.receive("a.jpg", mediatest.JPEG(t, 1000, 700))
	w.waits(photo, func(string) { server.Kill() }, server.Start)
}

func TestFullDisk_isNoFailure(t *testing.T) {
	t.Parallel()
	base := t.TempDir()
	small := filepath.Join(base, "small")
	disk := disktest.Mount(t, small, 32<<20)
	w := worldOn(t, small, blob.Config{Kind: "disk", Dir: filepath.Join(base, "blobs")})
	photo := w.receive("a.jpg", mediatest.JPEG(t, 1000, 700))
	w.waits(photo, func(event string) {
		if event == (Uploaded{}).EventName() { // to look at a file takes no room but for a directory's name
			disk.NoMoreFiles()
			return
		}
		disk.Fill(0)
	}, disk.Empty)
}
