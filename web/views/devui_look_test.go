package views_test

import (
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/a-h/templ"
	"github.com/chromedp/cdproto/emulation"
	"github.com/chromedp/chromedp"

	chrome "vitrine/e2e/browser"
	"vitrine/web/assets"
)

// policy is the content security policy of the site, as far as these pages
// need it: anything inline shows up as an error in the console.
const policy = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; media-src 'self'; " +
	"connect-src 'self'; font-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"

// serve puts the sheet and the error pages behind a real server.
func serve(t *testing.T) *httptest.Server {
	t.Helper()
	files, err := assets.Open(assets.Config{})
	if err != nil {
		t.Fatal(err)
	}
	mux := http.NewServeMux()
	mux.Handle(assets.Prefix, files)
	for path, component := range sheets() {
		mux.HandleFunc("GET "+path, func(w http.ResponseWriter, r *http.Request) {
			w.Header().Set("Content-Security-Policy", policy)
			templ.Handler(component).ServeHTTP(w, r)
		})
	}
	server := httptest.NewServer(mux)
	t.Cleanup(server.Close)
	return server
}

// patience bounds what a browser does, on a machine full of tests.
const patience = 3 * time.Minute

// browser starts one headless Chromium for the test and opens a tab.
func browser(t *testing.T) context.Context {
	t.Helper()
	if _, err := exec.LookPath("chromium"); err != nil {
		t.Skip("chromium is not installed, so nobody looked at the pages; apt-get install chromium brings it")
	}
	options := append(slices.Clone(chromedp.DefaultExecAllocatorOptions[:]),
		chromedp.NoSandbox,
		chromedp.Flag("disable-background-networking", true),
		chromedp.UserDataDir(chrome.Room(t)), chromedp.WSURLReadTimeout(patience),
	)
	ctx, cancel := chromedp.NewExecAllocator(t.Context(), options...)
	t.Cleanup(cancel)
	ctx, cancel = chromedp.NewContext(ctx)
	t.Cleanup(cancel)
	return ctx
}

// listen collects what the page complains about. On these pages that is nothing.
func listen(ctx context.Context) (complaints func() []string) {
	var mu sync.Mutex
	var all []string
	messages := chromedp.Console(ctx)
	go func() {
		for m, err := range messages {
			if err != nil {
				return
			}
			if m.IsException() || m.Type == "error" || m.Type == "warning" {
				mu.Lock()
				all = append(all, m.String())
				mu.Unlock()
			}
		}
	}()
	return func() []string {
		mu.Lock()
		defer mu.Unlock()
		got := all
		all = nil
		return got
	}
}

func look(ctx context.Context, width int64, theme string) error {
	if err := chromedp.Do(ctx, chromedp.EmulateViewport(width, 900)); err != nil {
		return err
	}
	_, err := chromedp.Call(ctx, emulation.SetEmulatedMedia, emulation.SetEmulatedMediaParams{
		Features: []*emulation.MediaFeature{
			{Name: "prefers-color-scheme", Value: theme},
			{Name: "prefers-reduced-motion", Value: "reduce"},
		},
	})
	return err
}

// axeRun asks for WCAG 2.2 AA and best practice.
const axeRun = `axe.run(document, {runOnly: ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]})
	.then((r) => JSON.stringify(r.violations.map((v) => v.id + ": " + v.help + " at " + v.nodes.map((n) => n.target.join(" ") + " " + n.html.slice(0, 120)).join(" | "))))`

// facts are what can be seen of a page without judging it. Lazy pictures are
// asked for first, so that a screenshot shows them.
const facts = `(async () => {
	document.querySelectorAll("img[loading=lazy]").forEach((i) => { i.loading = "eager" });
	await document.fonts.ready;
	await Promise.all([...document.images].map((i) => i.decode().catch(() => {})));
	return JSON.stringify({
		wide: document.documentElement.scrollWidth > document.documentElement.clientWidth,
		refused: performance.getEntriesByType("resource").filter((e) => e.responseStatus >= 400).map((e) => e.name),
		fonts: [...document.fonts].some((f) => f.family.includes("Instrument") && f.status === "loaded"),
	});
})()`

// TestLook opens every sheet at each width, in both themes, and has axe check
// it; at 320 px only the width is checked. Screenshots land in
// the directory of go test -artifacts.
func TestLook(t *testing.T) {
	if testing.Short() {
		t.Skip("a browser looks at every sheet, which takes a minute; run without -short")
	}
	axe, err := os.ReadFile(filepath.Join("..", "testdata", "axe.min.js"))
	if err != nil {
		t.Fatal(err)
	}
	server := serve(t)
	ctx := browser(t)
	complaints := listen(ctx)
	shots := t.ArtifactDir()
	for path := range sheets() {
		for _, v := range []view{{320, "light", ""}, {390, "light", string(axe)}, {390, "dark", string(axe)}, {1440, "light", string(axe)}, {1440, "dark", string(axe)}} {
			name := fmt.Sprintf("%s-%d-%s", strings.ReplaceAll(strings.Trim(path, "/"), "/", "-"), v.width, v.theme)
			if err := lookAt(ctx, t, server.URL+path, v, filepath.Join(shots, name+".png")); err != nil {
				t.Fatalf("%s: %v", name, err)
			}
			for _, line := range complaints() {
				t.Errorf("%s: %s", name, line)
			}
		}
	}
}

// view is one way to look at a page. axe is the source of the checker; empty
// leaves the check out.
type view struct {
	width int64
	theme string
	axe   string
}

func lookAt(ctx context.Context, t *testing.T, url string, v view, shot string) error {
	t.Helper()
	ctx, cancel := context.WithTimeout(ctx, patience)
	defer cancel()
	if err := look(ctx, v.width, v.theme); err != nil {
		return err
	}
	if err := chromedp.Do(ctx, chromedp.Navigate(url)); err != nil {
		return err
	}
	page, err := chromedp.Run(ctx, chromedp.Evaluate[string](facts, chromedp.EvalAwaitPromise))
	if err != nil {
		return err
	}
	picture, err := chromedp.Run(ctx, chromedp.FullScreenshot(100))
	if err != nil {
		return err
	}
	if err := os.WriteFile(shot, picture, 0o644); err != nil {
		return err
	}
	violations := "[]"
	if v.axe != "" {
		if _, err := chromedp.Run(ctx, chromedp.Evaluate[chromedp.Void](v.axe)); err != nil {
			return err
		}
		if violations, err = chromedp.Run(ctx, chromedp.Evaluate[string](axeRun, chromedp.EvalAwaitPromise)); err != nil {
			return err
		}
	}
	checkLook(t, filepath.Base(shot), page, violations)
	return nil
}

func checkLook(t *testing.T, name, page, violations string) {
	t.Helper()
	var seen struct {
		Wide    bool
		Refused []string
		Fonts   bool
	}
	if err := json.Unmarshal([]byte(page), &seen); err != nil {
		t.Fatalf("%s: %v", name, err)
	}
	if seen.Wide {
		t.Errorf("%s scrolls sideways", name)
	}
	if len(seen.Refused) > 0 {
		t.Errorf("%s asks for what is not there: %v", name, seen.Refused)
	}
	if !seen.Fonts {
		t.Errorf("%s is not set in Instrument Sans", name)
	}
	var found []string
	if err := json.Unmarshal([]byte(violations), &found); err != nil {
		t.Fatalf("%s: %v", name, err)
	}
	for _, v := range found {
		t.Errorf("%s: axe: %s", name, v)
	}
}

// hand is what a person does on the sheet of components, and what must follow.
// Every step is an expression that is true when it worked.
var hand = []struct{ what, act, truth string }{
	{"the error summary has the focus", `0`, `document.activeElement.matches("[data-errors]")`},
	{"a click opens the viewer's menu", `document.querySelector("header .menu > summary").click()`, `document.querySelector("header .menu").open`},
	{
		"Escape closes it and gives the focus back",
		`document.querySelector("header .menu a").dispatchEvent(new KeyboardEvent("keydown", {key: "Escape", bubbles: true}))`,
		`!document.querySelector("header .menu").open && document.activeElement === document.querySelector("header .menu > summary")`,
	},
	{
		"a click elsewhere closes it",
		`document.querySelector("header .menu > summary").click(); document.querySelector("h1").click()`,
		`document.querySelectorAll("details.menu[open]").length === 0`,
	},
	{"the link can be copied", `0`, `!document.querySelector("[data-share=copy]").hidden`},
	{
		"a covered work can be seen, and covered again",
		`document.querySelector(".veil > summary").click()`,
		`document.querySelector(".veil img").checkVisibility() && document.querySelector(".veil > summary").textContent.includes("Cover it")`,
	},
	{
		"deleting asks first",
		`document.querySelector(".confirm > summary").click()`,
		`document.querySelector(".confirm [value=delete]").checkVisibility() && !document.querySelector(".confirm > summary").checkVisibility()`,
	},
	{
		"the schedule opens inside the window",
		`document.querySelector(".publish .menu > summary").click(); document.querySelector(".publish .menu").scrollIntoView()`,
		`(() => { const r = document.querySelector(".publish .sheet").getBoundingClientRect(); return r.width > 100 && r.left >= 0 && r.right <= innerWidth && r.top >= 0 && r.bottom <= innerHeight; })()`,
	},
	{"Enter in a field saves", `0`, `[...document.querySelectorAll("form")].at(-1).querySelector("[type=submit]").value === "save"`},
}

func TestHand(t *testing.T) {
	if testing.Short() {
		t.Skip("a browser is opened for this; run without -short")
	}
	server := serve(t)
	ctx := browser(t)
	complaints := listen(ctx)
	if err := chromedp.Do(ctx, chromedp.Navigate(server.URL+"/dev/ui")); err != nil {
		t.Fatal(err)
	}
	for _, width := range []int64{390, 1440} {
		if err := look(ctx, width, "light"); err != nil {
			t.Fatal(err)
		}
		if err := chromedp.Do(ctx, chromedp.Navigate(server.URL+"/dev/ui")); err != nil {
			t.Fatal(err)
		}
		for _, step := range hand {
			expression := step.act + `; new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(() => done(` + step.truth + `))))`
			worked, err := chromedp.Run(ctx, chromedp.Evaluate[bool](expression, chromedp.EvalAwaitPromise))
			if err != nil {
				t.Fatalf("%s at %d px: %v", step.what, width, err)
			}
			if !worked {
				t.Errorf("not so at %d px: %s", width, step.what)
			}
		}
		picture, err := chromedp.Run(ctx, chromedp.CaptureScreenshot())
		if err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(filepath.Join(t.ArtifactDir(), fmt.Sprintf("hand-%d.png", width)), picture, 0o644); err != nil {
			t.Fatal(err)
		}
	}
	for _, line := range complaints() {
		t.Error(line)
	}
}
