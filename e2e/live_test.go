package e2e

import (
	"fmt"
	"net/http"
	"net/http/httptest"
	"net/http/httputil"
	"net/url"
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
	if held := site.Metric("vitrine_live_sockets"); held != "1" {
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
	site.Eventually("the connection of a page that was left to end", func() bool { return site.Metric("vitrine_live_sockets") == "0" })
}

// Behind a proxy that ends TLS the connection is wss, of the same policy.
func TestLive_behindTLS(t *testing.T) {
	t.Parallel()
	site := rig.New(t, "DEMO=off", "TRUSTED_PROXIES=127.0.0.1/32").Start()
	at, err := url.Parse(site.URL)
	if err != nil {
		t.Fatal(err)
	}
	upgraded := make(chan struct{}, 1)
	front := httptest.NewTLSServer(&httputil.ReverseProxy{
		Rewrite: func(r *httputil.ProxyRequest) {
			r.SetURL(at)
			r.SetXForwarded()
			r.Out.Host = r.In.Host
		},
		ModifyResponse: func(res *http.Response) error {
			if res.StatusCode == http.StatusSwitchingProtocols {
				upgraded <- struct{}{}
			}
			return nil
		},
	})
	t.Cleanup(front.Close)
	b := browser.Open(t, browser.Options{AnyCert: true})
	direct := site.URL
	site.URL = front.URL
	setUp(b, site)
	site.URL = direct
	b.Eventually("the page to be connected", bySocket)
	<-upgraded
	if problems := b.Problems(); b.Location().Scheme != "https" || len(problems) > 0 {
		t.Errorf("at %s the console says: %v", b.Location(), problems)
	}
	b.Go("about:blank") // front waits for the connection to end
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

// A comment rings the bell of pages that are open, over a socket and by asking,
// and reading it elsewhere quiets them.
func TestLive_bell(t *testing.T) {
	t.Parallel()
	h := talk(t)
	const bell = `document.querySelector(".bell").getAttribute("aria-label") === %q && document.querySelector(".bell .dot").hidden === %v`
	var tabs []*browser.Tab
	for _, o := range []browser.Options{{}, {NoSockets: true, Width: 390}} {
		b := browser.Open(t, o)
		b.Go(h.site.URL + "/login?next=/explore")
		b.Fill("#email", ownerEmail)
		b.Fill("#password", password)
		b.Press("main form button")
		b.Eventually("the page to hear", bySocket+" || "+byPolling)
		b.Eventually("the bell to be quiet", fmt.Sprintf(bell, "Notifications", true))
		browser.Eval[bool](b, `window.sameDocument = true`)
		tabs = append(tabs, b)
	}
	h.say(h.fan, false, "The fourth ridge is the one I keep going back to.")
	for _, b := range tabs {
		b.Eventually("the bell to ring", fmt.Sprintf(bell, "Notifications, 1 unread", false))
		b.Shoot("live-bell")
	}
	h.owner.Submit(h.owner.Get("/notifications"), `form[action="/notifications/read"]`, nil)
	for _, b := range tabs {
		b.Eventually("the bell to be quiet again", fmt.Sprintf(bell, "Notifications", true))
		if !browser.Eval[bool](b, marked) {
			t.Error("the page was left")
		}
		if problems := b.Problems(); len(problems) > 0 {
			t.Errorf("the console says: %v", problems)
		}
	}
}
