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

// browser starts one headless Chromium for the test and opens a tab.
func browser(t *testing.T) context.Context {
	t.Helper()
	if _, err := exec.LookPath("chromium"); err != nil {
		t.Skip("chromium is not installed, so nobody looked at the pages; apt-get install chromium brings it")
	}
	options := append(slices.Clone(chromedp.DefaultExecAllocatorOptions[:]),
		chromedp.NoSandbox,
		chromedp.Flag("disable-background-networking", true),
		chromedp.UserDataDir(t.TempDir()),
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

// TestLook opens every sheet at each width in both themes. Screenshots land in
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
		for _, width := range []int64{320, 390, 1440} {
			for _, theme := range []string{"light", "dark"} {
				name := fmt.Sprintf("%s-%d-%s", strings.ReplaceAll(strings.Trim(path, "/"), "/", "-"), width, theme)
				if err := lookAt(t, ctx, server.URL+path, width, theme, string(axe), filepath.Join(shots, name+".png")); err != nil {
					t.Fatalf("%s: %v", name, err)
				}
				for _, line := range complaints() {
					t.Errorf("%s: %s", name, line)
				}
			}
		}
	}
}

func lookAt(t *testing.T, ctx context.Context, url string, width int64, theme, axe, shot string) error {
	t.Helper()
	ctx, cancel := context.WithTimeout(ctx, time.Minute)
	defer cancel()
	if err := look(ctx, width, theme); err != nil {
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
	if _, err := chromedp.Run(ctx, chromedp.Evaluate[chromedp.Void](axe)); err != nil {
		return err
	}
	violations, err := chromedp.Run(ctx, chromedp.Evaluate[string](axeRun, chromedp.EvalAwaitPromise))
	if err != nil {
		return err
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
