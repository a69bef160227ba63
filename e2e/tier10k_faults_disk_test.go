package e2e

import (
	"crypto/sha256"
	"database/sql"
	"encoding/hex"
	"net/http"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"vitrine/app/platform/disktest"
	"vitrine/app/platform/mediatool/mediatest"
	"vitrine/e2e/rig"
)

// At 10k three disks can be full: that of a web process, where parts of uploads
// and files of forms lie for as long as they arrive, that of a worker, where
// renditions are made, and that of an object store of one's own. Each time people
// are told in a sentence, everything else goes on, nothing that had arrived is
// lost, and with room again the same file becomes a work that everybody sees.

// narrow is a 10k topology on three small disks, with a work that hangs.
type narrow struct {
	*rig.Topology
	site               *rig.Site
	db                 *sql.DB
	webs, works, store *disktest.Disk // of the web process, the worker and the object store
	hung               hung
}

func newNarrow(t *testing.T) *narrow {
	t.Helper()
	disktest.Mount(t, filepath.Join(t.TempDir(), "tried"), 1<<20) // where it cannot be, nothing is begun
	n := &narrow{Topology: rig.Up(t, rig.Plan{Tier: "10k", Web: 1})}
	at, err := n.OwnerURL()
	if err != nil {
		t.Fatal(err)
	}
	if n.db, err = sql.Open("pgx", at); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = n.db.Close() })
	data := environ(t, n.Server("web-1"), "DATA_DIR")
	n.webs = n.over(t, n.Server("web-1"), data, 48<<20)
	n.works = n.over(t, n.Server("worker-1"), environ(t, n.Server("worker-1"), "DATA_DIR"), 96<<20)
	n.store = n.over(t, n.Store, filepath.Join(data, "..", "..", "store"), 96<<20)
	n.site = n.Site(t)
	n.hung = hang(t, n.site)
	return n
}

// over starts a server again on a disk of its own.
func (n *narrow) over(t *testing.T, s *rig.Server, dir string, size int64) *disktest.Disk {
	t.Helper()
	if _, err := s.Stop(); err != nil {
		t.Fatal(err)
	}
	d := disktest.Mount(t, dir, size)
	t.Cleanup(s.Kill)
	if err := s.Start(t.Context()); err != nil {
		t.Fatal(err)
	}
	return d
}

func (n *narrow) count(t *testing.T, query string, args ...any) (found int) {
	t.Helper()
	if err := n.db.QueryRowContext(t.Context(), query, args...).Scan(&found); err != nil {
		t.Fatal(err)
	}
	return found
}

// goesOn checks that people see everything as ever.
func (n *narrow) goesOn(t *testing.T, when string) {
	t.Helper()
	web := n.Process(t, n.Server("web-1"))
	for path, site := range map[string]*rig.Site{"/": n.site, "/explore": n.site, n.hung.path: n.site, strings.TrimPrefix(n.hung.rendition, n.MediaURL): web, "/readyz": web} {
		if status := site.Status(path); status != http.StatusOK {
			t.Errorf("%s, %s is answered with %d", when, path, status)
		}
	}
	if p := n.hung.owner.Get("/studio/" + home); p.Path != "/studio/"+home || !strings.Contains(p.Text(), workTitle) {
		t.Errorf("%s, the owner sees %s", when, p)
	}
}

// refuses sends what is missing of a file, and wants to be told in a sentence, and
// nothing to be lost of what had arrived.
func (n *narrow) refuses(t *testing.T, u tus, says string) {
	t.Helper()
	before := u.offset(t)
	p := u.send(t, before, len(u.content), http.StatusServiceUnavailable)
	if !strings.Contains(p.Raw, says) || p.Header.Get("Retry-After") == "" {
		t.Errorf("the script is told %s, Retry-After %q", p, p.Header.Get("Retry-After"))
	}
	if after := u.offset(t); after < before {
		t.Errorf("%d bytes had arrived, and %d are left", before, after)
	}
}

// arrives sends what is missing, and publishes the work with the file, which has
// the bytes that were sent.
func (n *narrow) arrives(t *testing.T, u tus) {
	t.Helper()
	u.send(t, u.offset(t), len(u.content), http.StatusNoContent)
	u.ready()
	n.publishes(t, u.compose.Path)
	sum := sha256.Sum256(u.content)
	if found := n.count(t, "select count(*) from media where state = 'ready' and sha256 = $1", hex.EncodeToString(sum[:])); found != 1 {
		t.Errorf("%d files have the bytes that were sent", found)
	}
}

func (n *narrow) publishes(t *testing.T, compose string) {
	t.Helper()
	p := n.hung.owner.Submit(n.hung.owner.Get(compose), "#compose", url.Values{"title": {workTitle}, "intent": {"publish"}})
	if seen := n.site.Visit().Get(p.Path); p.Path == compose || seen.Status != http.StatusOK || seen.Find(".stage img, .stage video").Length() == 0 {
		t.Errorf("publishing leads to %s, where others see %s", p, seen)
	}
}

const (
	noRoomHere  = "The server cannot take files at the moment. What has arrived is kept; it goes on by itself."
	noRoomThere = "The file store cannot be used at the moment. What has arrived is kept; it goes on by itself."
)

func TestFaults10k_fullDisk(t *testing.T) {
	t.Parallel()
	n := newNarrow(t)
	content, err := os.ReadFile(heavy(t, 11, "large.png", 1250, 1250)) // 9 MB, two parts
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct {
		name string
		full func(t *testing.T, content []byte)
	}{{"of a web process", n.fullWeb}, {"of a worker", n.fullWorker}, {"of the object store", n.fullStore}} {
		t.Run(c.name, func(t *testing.T) { c.full(t, append(content, c.name...)) }) // behind the picture's end, where nobody looks
	}
	if found := n.count(t, "select count(*) from media where refused"); found != 0 {
		t.Errorf("%d files are blamed for a disk without room", found)
	}
}

func (n *narrow) fullWeb(t *testing.T, content []byte) {
	web := n.Server("web-1")
	n.webs.Fill(3 << 20)
	u := begin(t, n.hung.owner, "web.png", content)
	n.refuses(t, u, noRoomHere)
	if at := u.offset(t); at < 2<<20 || at > 3<<20 {
		t.Errorf("with room for 3 MiB, %d bytes are kept", at)
	}
	n.webs.Fill(0)
	n.refuses(t, u, noRoomHere)
	refusesFiles(t, n.site)
	n.goesOn(t, "with a full disk")
	if !strings.Contains(web.Said(), "no space left on device") {
		t.Error("the log does not say that there is no room")
	}
	// A process that is started again there serves everything else.
	n.webs.NoMoreFiles()
	if status, err := web.Stop(); status != 0 || err != nil {
		t.Errorf("it ends with %d: %v", status, err)
	}
	if err := web.Start(t.Context()); err != nil {
		t.Fatalf("on a full disk it does not start: %v", err)
	}
	n.refuses(t, u, noRoomHere)
	refusesFiles(t, n.site)
	n.goesOn(t, "started with a full disk")
	n.webs.Empty()
	n.arrives(t, u)
	upload(n.hung.owner, "later.jpg", mediatest.JPEG(t, 700, 500))
}

// settles waits until the worker is done with earlier files, which take room.
func (n *narrow) settles(t *testing.T) {
	t.Helper()
	n.Eventually(t, "the worker to be done with earlier files", func() bool {
		return n.count(t, "select (select count(*) from outbox where sent_at is null) + (select count(*) from tasks where subscriber like 'media.%')") == 0
	})
}

// fullWorker leaves the worker room for a copy of the original, and no more.
func (n *narrow) fullWorker(t *testing.T, _ []byte) {
	worker := n.Server("worker-1")
	photo := append(mediatest.JPEG(t, 1500, 1100), "behind its end"...)
	n.settles(t)
	n.works.Fill(int64(len(photo)) + 2<<12)
	compose := n.hung.owner.Get("/studio/" + home + "/new")
	compose = n.hung.owner.SubmitFiles(compose, "#compose", url.Values{"intent": {"upload"}, "title": {workTitle}}, []rig.File{{Field: "files", Name: "narrow.jpg", Content: photo}})
	n.Eventually(t, "the worker to try and to have no room", func() bool {
		return strings.Contains(worker.Said(), "A file waits for its store or for room")
	})
	n.works.Fill(0)
	if p := n.hung.owner.Get(compose.Path); p.Find(`[data-files] > [data-state="failed"]`).Length() != 0 {
		t.Errorf("the file has failed: %s", p)
	}
	n.goesOn(t, "with a worker's full disk")
	// One that is started again there waits for room as well.
	n.works.NoMoreFiles()
	if status, err := worker.Stop(); status != 0 || err != nil {
		t.Errorf("it ends with %d: %v", status, err)
	}
	if err := worker.Start(t.Context()); err != nil {
		t.Fatalf("on a full disk it does not start: %v", err)
	}
	n.works.Empty()
	n.hung.owner.Await(compose.Path, "the file to be ready", func(p *rig.Page) bool { return p.Find(`[data-file][data-state="ready"]`).Length() == 1 })
	n.publishes(t, compose.Path)
}

func (n *narrow) fullStore(t *testing.T, content []byte) {
	n.settles(t)
	n.store.Fill(1 << 20)
	u := begin(t, n.hung.owner, "store.png", content)
	for range 8 { // more refusals in a row than make a store count as away
		n.refuses(t, u, noRoomThere)
		n.goesOn(t, "with a full object store")
	}
	n.store.Fill(0)
	refusesFiles(t, n.site)
	web := n.Server("web-1")
	n.Eventually(t, "/up and the log to say so", func() bool {
		return !up(n.Process(t, web))["files"] && strings.Contains(web.Said(), "is full; it needs more room")
	})
	n.store.Empty()
	n.Eventually(t, "/up to say that there is room again", func() bool { return up(n.Process(t, web))["files"] })
	n.arrives(t, u)
}
