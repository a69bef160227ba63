package e2e

import (
	"errors"
	"io"
	"net/http"
	"net/url"
	"path/filepath"
	"strings"
	"sync"
	"sync/atomic"
	"syscall"
	"testing"

	"vitrine/app/platform/dbtest"
	"vitrine/app/platform/mediatool/mediatest"
	"vitrine/e2e/rig"
)

// What becomes of the product when its own process ends: by Ctrl-C, by kill -9,
// or because it finds its place taken.

// hung is a published work of a site, and how to see that it is still there.
type hung struct {
	owner     *rig.Member
	path      string // of the work
	rendition string // of its picture
}

// hang sets a site up and publishes one photo.
func hang(t *testing.T, site *rig.Site) hung {
	t.Helper()
	owner := site.Visit()
	owner.SetUp("owner@studio.example", password, "Harbour & Field")
	compose := upload(owner, "harbour.jpg", mediatest.JPEG(t, 800, 600))
	work := owner.Submit(compose, "#compose", url.Values{"intent": {"publish"}})
	src, ok := work.Find(".stage img").Attr("src")
	if work.Status != http.StatusOK || !ok {
		t.Fatalf("publishing answered %s", work)
	}
	return hung{owner: owner, path: work.Path, rendition: src}
}

// upload sends a file by the plain form of a new work and waits until it is ready.
func upload(owner *rig.Member, name string, content []byte) *rig.Page {
	compose := owner.Get("/studio/harbour-field/new")
	compose = owner.SubmitFiles(compose, "#compose", url.Values{"intent": {"upload"}, "title": {workTitle}},
		[]rig.File{{Field: "files", Name: name, Content: content}})
	return owner.Await(compose.Path, "the file to be ready", func(p *rig.Page) bool { return p.Find(`[data-file][data-state="ready"]`).Length() == 1 })
}

// isThere checks rows, files and the session.
func (h hung) isThere(t *testing.T, site *rig.Site, after string) {
	t.Helper()
	for _, path := range []string{h.path, h.rendition} {
		if got := site.Status(path); got != http.StatusOK {
			t.Errorf("%s: %s answers %d", after, path, got)
		}
	}
	if p := h.owner.Get("/studio/harbour-field"); p.Path != "/studio/harbour-field" || !strings.Contains(p.Text(), workTitle) {
		t.Errorf("%s the owner sees %s", after, p)
	}
	if site.Token != "" {
		t.Errorf("%s a setup token is printed again", after)
	}
}

func TestFaults_endOfTheProcess(t *testing.T) {
	t.Parallel()
	site := rig.New(t, "DEMO=off").Start()
	work := hang(t, site)
	secondProcess(t, site)
	work.isThere(t, site, "after a second process")

	pg := site.Postmaster()
	if status := site.Stop(); status != 0 {
		t.Errorf("Ctrl-C ended with status %d:\n%s", status, site.Log())
	}
	for _, want := range []string{"Stopping.", "PostgreSQL stopped"} {
		if !strings.Contains(site.Log(), want) {
			t.Errorf("Ctrl-C did not say %q:\n%s", want, site.Log())
		}
	}
	if alive(pg) || site.Postmaster() != 0 {
		t.Error("PostgreSQL is still there after Ctrl-C")
	}
	noLeftovers(t, site)
	site.Start()
	work.isThere(t, site, "after Ctrl-C")

	pg = site.Postmaster()
	site.Kill()
	if !alive(pg) {
		t.Fatal("PostgreSQL died with the killed process")
	}
	site.Start()
	if got := site.Postmaster(); got != pg || !strings.Contains(site.Log(), "took over the PostgreSQL that was still running") {
		t.Errorf("PostgreSQL is process %d, was %d; the start did not take it over:\n%s", got, pg, site.Log())
	}
	work.isThere(t, site, "after kill -9")

	// Nothing of both survived: a machine that lost its power.
	site.Kill()
	_ = syscall.Kill(pg, syscall.SIGKILL)
	site.Start()
	work.isThere(t, site, "after the loss of both")
}

// secondProcess tries to run on what the site holds.
func secondProcess(t *testing.T, site *rig.Site) {
	t.Helper()
	port := site.URL[strings.LastIndex(site.URL, ":")+1:]
	for _, c := range []struct{ name, extra, want string }{
		{"the same data directory", "PORT=0", "already runs on " + site.Data()},
		{"the same port", "DATA_DIR=" + t.TempDir(), "port " + port + " is taken by another program"},
	} {
		status, said := site.Refused(c.extra)
		said = strings.TrimSpace(said)
		if status != 1 || !strings.Contains(said, c.want) || strings.Contains(said, "\n") {
			t.Errorf("%s: status %d, want 1 and one sentence with %q; got:\n%s", c.name, status, c.want, said)
		}
	}
}

// noLeftovers checks what a site that has stopped leaves in its directories.
func noLeftovers(t *testing.T, site *rig.Site) {
	t.Helper()
	for _, pattern := range []string{"tmp/*", "blobs/.incoming/*", "uploads/*/p-*"} {
		left, err := filepath.Glob(filepath.Join(site.Data(), pattern))
		if err != nil {
			t.Fatal(err)
		}
		for _, path := range left {
			t.Errorf("left behind: %s", path)
		}
	}
}

func alive(pid int) bool { return pid > 1 && !errors.Is(syscall.Kill(pid, 0), syscall.ESRCH) }

// SIGTERM comes while pages are asked for and while forms are on their way. Each
// request that the server has taken gets its whole answer.
func TestFaults_termUnderLoad(t *testing.T) {
	t.Parallel()
	d := dbtest.NewEmpty(t)
	// It ends when all is answered; a busy machine needs longer for that than most sites should wait.
	site := rig.New(t, "DEMO=off", "DATABASE_URL="+d.OwnerURL, "SECRET="+dbtest.Secret, "DRAIN=2m").Start()
	owner := site.Visit()
	owner.SetUp("owner@studio.example", password, "Harbour & Field")

	// Forms whose second half comes after the signal.
	forms := make([]*rig.Slow, 3)
	for i := range forms {
		compose := owner.Get("/studio/harbour-field/new")
		forms[i] = owner.SubmitSlowly(compose, "#compose", url.Values{"intent": {"upload"}, "title": {workTitle}},
			rig.File{Field: "files", Name: "harbour.jpg", Content: mediatest.JPEG(t, 900+i, 600)})
	}
	load := loadOf(t, site, 8)
	site.Eventually("the load to run", func() bool { return load.whole.Load() > 100 })
	site.Eventually("the forms to be on their way", func() bool { return arriving(t, site) == len(forms) })
	site.Signal(syscall.SIGTERM)
	site.Eventually("new requests to be refused", func() bool { return site.Status("/readyz") != http.StatusOK })
	for i, f := range forms {
		if p := f.Finish(); p.Status != http.StatusSeeOther {
			t.Errorf("form %d answered %s", i, p)
		}
	}
	if status := site.Wait(); status != 0 {
		t.Errorf("the process ended with status %d:\n%s", status, site.Log())
	}
	load.stop()
	if n := load.cut.Load(); n > 0 {
		t.Errorf("%d of %d answers were cut off or wrong, such as: %s", n, load.whole.Load(), load.example.Load())
	}
	if n := d.Count(t, "select count(*) from media where state <> 'uploading'"); n != len(forms) {
		t.Errorf("%d files were kept, want %d", n, len(forms))
	}
}

// arriving is how many files of plain forms are being written by the site.
func arriving(t *testing.T, site *rig.Site) int {
	t.Helper()
	files, err := filepath.Glob(filepath.Join(site.Data(), "uploads", "work", "p-*", "form-*"))
	if err != nil {
		t.Fatal(err)
	}
	return len(files)
}

// load asks for pages on connections that stay open, until nobody answers.
type load struct {
	whole, cut atomic.Int64
	example    atomic.Value
	stop       func()
}

func loadOf(t *testing.T, site *rig.Site, visitors int) *load {
	t.Helper()
	l := &load{}
	l.example.Store("")
	end := make(chan struct{})
	var all sync.WaitGroup
	for range visitors {
		all.Go(func() {
			client := &http.Client{Transport: &http.Transport{}}
			defer client.CloseIdleConnections()
			for {
				select {
				case <-end:
					return
				default:
				}
				if !l.ask(client, site.URL+"/explore") {
					return
				}
			}
		})
	}
	l.stop = sync.OnceFunc(func() { close(end); all.Wait() })
	t.Cleanup(l.stop)
	return l
}

// ask sends one request and tells whether to go on. A connection that is not
// taken any more is no answer that was dropped; half an answer is.
func (l *load) ask(client *http.Client, url string) bool {
	res, err := client.Get(url)
	if err != nil {
		refused := errors.Is(err, syscall.ECONNREFUSED) || errors.Is(err, syscall.ECONNRESET) || errors.Is(err, io.EOF)
		if !refused {
			l.cut.Add(1)
			l.example.Store(err.Error())
		}
		return false
	}
	defer func() { _ = res.Body.Close() }()
	body, err := io.ReadAll(res.Body)
	if err != nil || res.StatusCode != http.StatusOK || !strings.Contains(string(body), "</html>") {
		l.cut.Add(1)
		l.example.Store(res.Status + " with " + string(body[:min(len(body), 200)]))
		return err == nil
	}
	l.whole.Add(1)
	return true
}
