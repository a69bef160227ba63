package e2e

import (
	"fmt"
	"io"
	"net/http"
	"strings"
	"testing"

	"vitrine/e2e/browser"
	"vitrine/e2e/rig"
)

// How the pages of members hear what happens, in a real browser.

const (
	bySocket  = `document.documentElement.dataset.live === "socket"`
	byPolling = `document.documentElement.dataset.live === "polling"`
	// marked tells that the document has not been left.
	marked = `window.sameDocument === true`
)

// A page connects through the Content-Security-Policy, is told when the process
// stops, and finds the next one by itself.
func TestLive_connectsAgainAfterARestart(t *testing.T) {
	t.Parallel()
	site := rig.New(t, "DEMO=off").Start()
	b := browser.Open(t, browser.Options{})
	setUp(b, site)
	b.Eventually("the page to be connected", bySocket)
	if problems := b.Problems(); len(problems) > 0 {
		t.Errorf("the console says: %v", problems)
	}
	if held := liveSockets(t, site); held != "1" {
		t.Errorf("the metrics say that %s pages are connected", held)
	}
	browser.Eval[bool](b, `window.sameDocument = true`)
	site.Stop()
	b.Eventually("the page to know that nobody answers", `document.documentElement.dataset.live === "off"`)
	site.Start()
	b.Eventually("the page to be connected again", bySocket)
	if !browser.Eval[bool](b, marked) {
		t.Error("the page was left")
	}
	b.Go("about:blank")
	site.Eventually("the connection of a page that was left to end", func() bool { return liveSockets(t, site) == "0" })
}

// Where no WebSocket can be had, the page asks. In both ways it hears what
// becomes of a file, without a reload.
func TestLive_filesOnTheirWay(t *testing.T) {
	t.Parallel()
	for name, way := range map[string]struct {
		options browser.Options
		live    string
	}{
		"over a socket": {browser.Options{}, bySocket},
		"by asking":     {browser.Options{NoSockets: true, Width: 390}, byPolling},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			site := rig.New(t, "DEMO=off").Start()
			b := browser.Open(t, way.options)
			setUp(b, site)
			b.Press(`main a[href$="/new"]`)
			b.Eventually("the page to hear", way.live)
			browser.Eval[bool](b, `window.sameDocument = true`)
			browser.Eval[bool](b, `(document.addEventListener("live:media", () => { window.told = (window.told ?? 0) + 1 }), true)`)
			b.Choose(chooser, drawn(t, 1))
			b.Eventually("the file to be ready", `document.querySelectorAll('[data-file][data-state="ready"]').length === 1`)
			if !browser.Eval[bool](b, marked) {
				t.Error("the page was left")
			}
			if way.live == bySocket {
				b.Eventually("the page to have been told", `window.told >= 2`)
			}
			if problems := b.Problems(); len(problems) > 0 {
				t.Errorf("the console says: %v", problems)
			}
		})
	}
}

// liveSockets is what the metrics say.
func liveSockets(t *testing.T, site *rig.Site) string {
	t.Helper()
	res, err := http.Get(site.Admin + "/metrics")
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = res.Body.Close() }()
	raw, err := io.ReadAll(res.Body)
	if err != nil {
		t.Fatal(err)
	}
	for line := range strings.Lines(string(raw)) {
		if n, found := strings.CutPrefix(line, "vitrine_live_sockets "); found {
			return strings.TrimSpace(n)
		}
	}
	return fmt.Sprintf("none in %d bytes", len(raw))
}
