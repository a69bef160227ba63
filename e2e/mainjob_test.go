package e2e

import (
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"vitrine/app/demo/art"
	"vitrine/e2e/browser"
	"vitrine/e2e/rig"
)

// The main job: from an empty machine to a published photo that another
// visitor sees, search finds and the feed carries. Once with scripts, once
// without.

const (
	workTitle = "Harbour, Five in the Morning"
	workAlt   = "Fishing boats at rest under an orange sky"
	password  = "a long enough sentence"
)

func TestMainJob_withScripts(t *testing.T) {
	t.Parallel()
	site := rig.New(t, "DEMO=off").Start()
	b := browser.Open(t, browser.Options{})
	setUp(b, site)
	photo, second := drawn(t, 1), drawn(t, 2)
	b.Press(`main a[href$="/new"]`)
	b.Choose(`#compose input[type="file"][multiple]`, photo, second)
	b.Eventually("a preview before anything was sent", `[...document.querySelectorAll("[data-file] img, .file img")].some((i) => i.src.startsWith("blob:") || i.naturalWidth > 0)`)
	b.Eventually("both files to be ready", `document.querySelectorAll('[data-file][data-state="ready"]').length === 2`)
	b.Fill(`#compose [name="title"]`, workTitle)
	b.Fill(`#compose [data-file]:first-child textarea[name^="alt"]`, workAlt)
	b.Fill(`#compose [name="tags"]`, "harbour, morning")
	b.Shoot("mainjob-compose")
	b.Press(`#compose .publish button[value="publish"]`)
	seenByAVisitor(t, site, b.Location().Path, browser.Options{})
	for _, p := range b.Problems() {
		t.Errorf("the console says: %s", p)
	}
}

func TestMainJob_withoutScripts(t *testing.T) {
	t.Parallel()
	site := rig.New(t, "DEMO=off").Start()
	b := browser.Open(t, browser.Options{NoScripts: true, Width: 390})
	setUp(b, site)
	b.Press(`main a[href$="/new"]`)
	b.Choose(`#compose input[type="file"][multiple]`, drawn(t, 1), drawn(t, 2))
	b.Fill(`#compose [name="story"]`, "Typed before the upload, and still there after it.")
	b.Press(`#compose button[value="upload"]`)
	for end := time.Now().Add(3 * patience); b.Has(`#files [data-plain] button`) && time.Now().Before(end); {
		b.Press(`#files [data-plain] button`) // save and look again
	}
	if got := browser.Eval[string](b, `document.querySelector('[name="story"]').value`); !strings.HasPrefix(got, "Typed before") {
		t.Errorf("the story became %q", got)
	}
	b.Fill(`#compose [name="title"]`, workTitle)
	b.Fill(`#compose [data-file]:first-child textarea[name^="alt"]`, workAlt)
	b.Fill(`#compose [name="tags"]`, "harbour, morning")
	b.Shoot("mainjob-noscript-compose")
	b.Press(`#compose .publish button[value="publish"]`)
	seenByAVisitor(t, site, b.Location().Path, browser.Options{NoScripts: true})
	for _, p := range b.Problems() {
		t.Errorf("the console says: %s", p)
	}
}

// setUp goes from the link in the terminal to the dashboard.
func setUp(b *browser.Tab, site *rig.Site) {
	b.Go(site.URL + "/setup?token=" + url.QueryEscape(site.Token))
	b.Fill(`[name="email"]`, "owner@studio.example")
	b.Fill(`[name="password"]`, password)
	b.Fill(`[name="studio"]`, "Harbour & Field")
	b.Click(`[name="demo"]`) // no: the house stays empty
	b.Press(`main form button[type="submit"]`)
}

// seenByAVisitor checks every place that the work has to reach.
func seenByAVisitor(t *testing.T, site *rig.Site, path string, o browser.Options) {
	t.Helper()
	if !strings.HasPrefix(path, "/@harbour-field/harbour-five-in-the-morning-") {
		t.Fatalf("published at %s", path)
	}
	v := browser.Open(t, o)
	v.Go(site.URL + path)
	if got := v.Text("h1"); got != workTitle {
		t.Errorf("a visitor reads %q", got)
	}
	v.Eventually("the picture to be there", `document.querySelector(".stage img").complete && document.querySelector(".stage img").naturalWidth > 0`)
	if got := browser.Eval[string](v, `document.querySelector(".stage img").alt`); got != workAlt {
		t.Errorf("its alt text is %q", got)
	}
	v.Shoot("mainjob-work")
	for _, place := range []string{"/", "/explore", "/t/harbour", "/@harbour-field", "/search?q=harbour", "/search?q=harbur"} {
		site.Eventually(place+" shows the work", func() bool { return strings.Contains(site.Body(place), path) })
	}
	for _, feed := range []string{"/explore/feed.atom", "/@harbour-field/feed.atom", "/t/harbour/feed.atom"} {
		if body := site.Body(feed); !strings.Contains(body, path) || !strings.Contains(body, "<feed") {
			t.Errorf("%s does not carry the work:\n%.500s", feed, body)
		}
	}
	for _, p := range v.Problems() {
		t.Errorf("a visitor's console says: %s", p)
	}
}

// drawn makes a photograph in a file.
func drawn(t *testing.T, seed uint64) string {
	t.Helper()
	raw, err := art.JPEG(art.Draw(seed, "sea", 1500, 1000))
	if err != nil {
		t.Fatal(err)
	}
	path := filepath.Join(t.TempDir(), "harbour.jpg")
	if err := os.WriteFile(path, raw, 0o600); err != nil {
		t.Fatal(err)
	}
	return path
}
