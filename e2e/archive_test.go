package e2e

import (
	"net/http"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"vitrine/app/platform/mediatool/mediatest"
	"vitrine/e2e/rig"
)

// TestArchive_startsAnotherInstallation asks for an archive over the pages, kills
// the process, fetches what it made after all, and starts a second installation
// with it: the work is there under its own link, with its picture.
func TestArchive_startsAnotherInstallation(t *testing.T) {
	t.Parallel()
	site := rig.New(t, "DEMO=off").Start()
	owner := site.Visit()
	owner.SetUp("owner@studio.example", password, "Harbour & Field")
	compose := owner.Get("/studio/harbour-field/new")
	compose = owner.SubmitFiles(compose, "#compose", url.Values{"intent": {"upload"}, "title": {workTitle}, "tags": {"harbour"}},
		[]rig.File{{Field: "files", Name: "harbour.jpg", Content: mediatest.JPEG(t, 800, 600)}})
	compose = owner.Await(compose.Path, "the file to be ready", func(p *rig.Page) bool { return p.Find(`[data-file][data-state="ready"]`).Length() == 1 })
	work := owner.Submit(compose, "#compose", url.Values{"intent": {"publish"}})
	if work.Status != http.StatusOK || !strings.HasPrefix(work.Path, "/@harbour-field/") {
		t.Fatalf("publishing answered %s", work)
	}
	if p := owner.Submit(owner.Get("/me/export"), `form[action="/me/export"]`, nil); p.Status != http.StatusOK {
		t.Fatalf("asking for the archive answered %s", p)
	}
	site.Kill()
	site.Start()
	page := owner.Await("/me/export", "the archive", func(p *rig.Page) bool { return p.Find(".volumes a").Length() == 1 })
	link, _ := page.Find(".volumes a").Attr("href")
	volume := filepath.Join(rig.Open(t, t.TempDir()), "volume.zip")
	if err := os.WriteFile(volume, []byte(owner.Get(link).Raw), 0o644); err != nil { //nolint:gosec // no secret
		t.Fatal(err)
	}
	site.Stop()

	second := rig.New(t, "DEMO=off")
	for range 2 { // the same again makes nothing twice
		status, said := second.Run("import", volume)
		if status != 0 || !strings.Contains(said, "/@harbour-field: 1 works") {
			t.Fatalf("the import ended with %d:\n%s", status, said)
		}
	}
	second.Start()
	there := second.Visit().Get(work.Path)
	if there.Status != http.StatusOK || !strings.Contains(there.Find("h1").Text(), workTitle) {
		t.Fatalf("the work's link answers %s", there)
	}
	src, ok := there.Find("main img").First().Attr("src")
	if !ok || second.Status(src) != http.StatusOK {
		t.Errorf("its picture %q is not served", src)
	}
	if n := second.Visit().Get("/explore").Find(`a[href="` + work.Path + `"]`).Length(); n == 0 {
		t.Error("it does not hang on the wall")
	}
}
