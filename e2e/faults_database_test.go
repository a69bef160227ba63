package e2e

import (
	"context"
	"encoding/json"
	"net/http"
	"net/url"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"time"

	"vitrine/app/platform/dbtest"
	"vitrine/app/platform/mediatool/mediatest"
	"vitrine/app/platform/pgserver"
	"vitrine/e2e/rig"
)

// What becomes of the product when PostgreSQL is away: plain pages that say so
// and when to come back, nothing lost, and no restart needed.

// elsewhere is a PostgreSQL that is not the site's own and can be stopped.
type elsewhere struct {
	t      *testing.T
	dir    string
	server *pgserver.Server
}

func startElsewhere(t *testing.T) *elsewhere {
	t.Helper()
	e := &elsewhere{t: t, dir: filepath.Join(rig.Open(t, t.TempDir()), "elsewhere")}
	e.start()
	t.Cleanup(e.stop)
	return e
}

func (e *elsewhere) start() {
	e.t.Helper()
	ctx, cancel := context.WithTimeout(context.Background(), time.Minute)
	defer cancel()
	server, err := pgserver.Start(ctx, pgserver.Config{Dir: e.dir, DieWithParent: true})
	if err == nil {
		_, err = server.EnsureDatabase(ctx, "vitrine")
	}
	if err != nil {
		e.t.Fatal(err)
	}
	e.server = server
}

func (e *elsewhere) stop() {
	e.t.Helper()
	ctx, cancel := context.WithTimeout(context.Background(), time.Minute)
	defer cancel()
	if err := e.server.Stop(ctx); err != nil {
		e.t.Error(err)
	}
}

func TestFaults_databaseElsewhere(t *testing.T) {
	t.Parallel()
	pg := startElsewhere(t)
	site := rig.New(t, "DEMO=off", "DATABASE_URL="+pg.server.URL("vitrine"), "SECRET="+dbtest.Secret)
	pg.stop()
	site.Launch()
	closed(t, site, "/", "/explore", "/setup", "/@nobody", "/search?q=harbour")
	if strings.Contains(site.Log(), "Vitrine is open at") {
		t.Error("the site is announced before it can show anything")
	}

	pg.start()
	site.AwaitOpen()
	if site.Token == "" {
		t.Errorf("no setup token after the database came:\n%s", site.Log())
	}
	work := hang(t, site)
	site.Eventually("/up to say that the database is there", func() bool { return up(site)["database"] }) // what it says may be a second old

	// It goes away and comes back under the running site; a form that was on its
	// way in between is sent again as it stands.
	compose := work.owner.Get("/studio/harbour-field/new")
	pg.stop()
	closed(t, site, "/", work.path)
	if p := work.owner.Get("/studio/harbour-field"); p.Status != http.StatusServiceUnavailable {
		t.Errorf("the owner is answered with %s", p)
	}
	form := url.Values{"intent": {"save"}, "title": {"Typed while the lights were out"}}
	away := work.owner.Submit(compose, "#compose", form)
	if away.Status != http.StatusServiceUnavailable || !strings.Contains(away.Raw, "Typed while the lights were out") {
		t.Fatalf("the form was answered with %s", away)
	}
	pg.start()
	site.Eventually("the work to be shown again", func() bool { return site.Status(work.path) == http.StatusOK })
	for range 2 { // pressed twice: kept once
		if again := work.owner.Submit(away, "form[data-again]", nil); again.Status != http.StatusOK {
			t.Errorf("the form was sent again and answered with %s", again)
		}
	}
	if p := work.owner.Get(compose.Path); p.Find(`[name="title"]`).AttrOr("value", "") != "Typed while the lights were out" {
		t.Errorf("what was typed is lost: %s", p)
	}
	if p := work.owner.Get("/studio/harbour-field"); !strings.Contains(p.Find("main").Text(), "Drafts 1") {
		t.Errorf("there is not one draft: %s", p)
	}
	work.isThere(t, site, "after the database came back")
}

// closed checks what a site without a database answers.
func closed(t *testing.T, site *rig.Site, pages ...string) {
	t.Helper()
	site.Eventually("the process to take requests", func() bool { return site.Status("/readyz") == http.StatusOK })
	site.Eventually("/up to say that the database is away, and the files are not", func() bool { // which may be slow to say so for a moment
		parts := up(site)
		return !parts["database"] && parts["files"]
	})
	if site.Status("/livez") != http.StatusOK {
		t.Error("the process does not live")
	}
	for _, path := range pages {
		began := time.Now()
		p := site.Visit().Get(path)
		seconds, err := strconv.Atoi(p.Header.Get("Retry-After"))
		if p.Status != http.StatusServiceUnavailable || err != nil || seconds < 1 || p.Find("h1").Length() != 1 || p.Header.Get("Cache-Control") != "no-store" {
			t.Errorf("%s without a database: Retry-After %q, Cache-Control %q, %s", path, p.Header.Get("Retry-After"), p.Header.Get("Cache-Control"), p)
		}
		if took := time.Since(began); took > 10*time.Second {
			t.Errorf("%s without a database took %s", path, took)
		}
	}
}

// up gives the parts of /up and whether each works.
func up(site *rig.Site) map[string]bool {
	var answer struct {
		Parts []struct {
			Name string
			OK   bool
		}
	}
	if json.Unmarshal([]byte(site.Body("/up")), &answer) != nil {
		return nil
	}
	parts := map[string]bool{}
	for _, p := range answer.Parts {
		parts[p.Name] = p.OK
	}
	return parts
}

// The site's own PostgreSQL is killed while a form with a file is on its way and
// while a photo is worked on. It is started again without anybody's help.
func TestFaults_privateDatabaseIsKilled(t *testing.T) {
	t.Parallel()
	site := rig.New(t, "DEMO=off").Start()
	work := hang(t, site)
	compose := work.owner.Get("/studio/harbour-field/new")
	slow := work.owner.SubmitSlowly(compose, "#compose", url.Values{"intent": {"upload"}, "title": {"A slow line"}},
		rig.File{Field: "files", Name: "slow.jpg", Content: mediatest.JPEG(t, 1500, 1000)})

	site.Eventually("the form to be on its way", func() bool { return arriving(t, site) == 1 })
	for range 2 {
		pg := site.Postmaster()
		if err := syscall.Kill(pg, syscall.SIGKILL); err != nil {
			t.Fatal(err)
		}
		site.Eventually("another PostgreSQL to be there", func() bool { n := site.Postmaster(); return n != 0 && n != pg })
		site.Eventually("the work to be shown again", func() bool { return site.Status(work.path) == http.StatusOK })
	}
	if p := slow.Finish(); p.Status != http.StatusSeeOther {
		t.Errorf("the form on its way was answered with %s", p)
	}
	work.owner.Await(compose.Path, "the file to be ready", func(p *rig.Page) bool { return p.Find(`[data-file][data-state="ready"]`).Length() == 1 })
	if p := work.owner.Get(compose.Path); p.Find(`[name="title"]`).AttrOr("value", "") != "A slow line" {
		t.Errorf("the title is lost: %s", p)
	}
	upload(work.owner, "later.jpg", mediatest.JPEG(t, 700, 500))
	work.isThere(t, site, "after PostgreSQL was killed twice")
	if status := site.Stop(); status != 0 || site.Postmaster() != 0 {
		t.Errorf("it ended with status %d and PostgreSQL %d:\n%s", status, site.Postmaster(), site.Log())
	}
	if _, err := os.Stat(filepath.Join(site.Data(), "postgres", "data", "postmaster.pid")); err == nil {
		t.Error("PostgreSQL was not stopped cleanly")
	}
}
