// Package browser drives a headless Chromium for tests of the whole. Each
// method fails the test when its step does not work.
package browser

import (
	"context"
	"errors"
	"fmt"
	"net/url"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/chromedp/cdproto/emulation"
	"github.com/chromedp/cdproto/network"
	"github.com/chromedp/cdproto/page"
	"github.com/chromedp/chromedp"
)

// patience bounds one step.
const patience = 3 * time.Minute

// Options of a browser.
type Options struct {
	Width     int64  // pixels; 1440 when zero
	Dark      bool   // the person prefers dark
	NoScripts bool   // scripts are turned off
	Agent     string // as the browser calls itself; without one it says that nobody sits before it
	NoSockets bool   // no WebSocket can be opened, as behind some proxies
	AnyCert   bool   // certificates of tests are believed
}

// Tab is one browser with cookies of its own.
type Tab struct {
	t   *testing.T
	ctx context.Context

	mu       sync.Mutex
	problems []string
}

// Open starts a browser that ends with the test.
func Open(t *testing.T, o Options) *Tab {
	t.Helper()
	dir := Room(t)
	options := append(slices.Clone(chromedp.DefaultExecAllocatorOptions[:]),
		chromedp.NoSandbox, chromedp.UserDataDir(filepath.Join(dir, "profile")), chromedp.Env("TMPDIR="+dir), chromedp.WSURLReadTimeout(patience),
		chromedp.Flag("disable-background-networking", true), chromedp.Flag("disable-component-update", true),
		chromedp.Flag("disable-sync", true), chromedp.Flag("disable-quic", true), chromedp.Flag("disable-dev-shm-usage", true))
	if o.Agent != "" {
		options = append(options, chromedp.UserAgent(o.Agent))
	}
	if o.AnyCert {
		options = append(options, chromedp.Flag("ignore-certificate-errors", true))
	}
	ctx, cancel := chromedp.NewExecAllocator(t.Context(), options...)
	t.Cleanup(cancel)
	ctx, cancel = chromedp.NewContext(ctx)
	t.Cleanup(cancel)
	b := &Tab{t: t, ctx: ctx}
	if o.Width == 0 {
		o.Width = 1440
	}
	// The first step starts the browser and may not carry a deadline.
	if err := chromedp.Do(ctx, chromedp.EmulateViewport(o.Width, 900)); err != nil {
		t.Fatalf("starting chromium: %v", err)
	}
	go b.listen(chromedp.Console(ctx))
	scheme := "light"
	if o.Dark {
		scheme = "dark"
	}
	_, err := chromedp.Call(ctx, emulation.SetEmulatedMedia, emulation.SetEmulatedMediaParams{
		Features: []*emulation.MediaFeature{{Name: "prefers-color-scheme", Value: scheme}},
	})
	if err == nil && o.NoScripts {
		_, err = chromedp.Call(ctx, emulation.SetScriptExecutionDisabled, emulation.SetScriptExecutionDisabledParams{Value: true})
	}
	if err == nil && o.NoSockets {
		_, err = chromedp.Call(ctx, page.AddScriptToEvaluateOnNewDocument, page.AddScriptToEvaluateOnNewDocumentParams{Source: noSockets})
	}
	if err != nil {
		t.Fatalf("preparing chromium: %v", err)
	}
	return b
}

// noSockets makes each attempt fail, as an address that refuses it does.
const noSockets = `window.WebSocket = class extends EventTarget {
	constructor() {
		super();
		setTimeout(() => this.dispatchEvent(Object.assign(new Event("close"), { code: 1006, reason: "" })), 10);
	}
	close() {}
};`

// Room makes a browser's own directory, for its profile and what it would
// leave in the temporary one. Its name is short, because Chromium puts a socket
// into it. It is removed after the browser has been told to end, which takes it
// a moment, in which it may still write.
func Room(t *testing.T) string {
	t.Helper()
	dir, err := os.MkdirTemp("", "browser-")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		tick := time.NewTicker(20 * time.Millisecond)
		defer tick.Stop()
		for deadline := time.Now().Add(patience); os.RemoveAll(dir) != nil && time.Now().Before(deadline); {
			<-tick.C
		}
	})
	return dir
}

func (b *Tab) listen(messages func(yield func(chromedp.ConsoleMessage, error) bool)) {
	for m, err := range messages {
		if err != nil {
			return
		}
		if m.IsException() || m.Type == "error" || m.Type == "warning" {
			b.mu.Lock()
			b.problems = append(b.problems, m.String())
			b.mu.Unlock()
		}
	}
}

// Problems are the console's errors and warnings so far: exceptions, what the
// Content-Security-Policy refused, files that are missing.
func (b *Tab) Problems() []string {
	b.mu.Lock()
	defer b.mu.Unlock()
	return slices.Clone(b.problems)
}

func (b *Tab) fail(step string, err error) {
	b.t.Helper()
	ctx, cancel := context.WithTimeout(b.ctx, 5*time.Second)
	defer cancel()
	at, _ := chromedp.Run(ctx, chromedp.Location())
	text, _ := chromedp.Run(ctx, chromedp.Evaluate[string]("document.body.innerText.slice(0, 1500)"))
	b.Shoot("failed-" + strings.ReplaceAll(b.t.Name(), "/", "-"))
	b.t.Fatalf("%s at %s: %v\npage: %s\nconsole: %s", step, at, err, text, strings.Join(b.Problems(), "\n"))
}

// do runs a step within patience.
func do[T any](b *Tab, step string, a chromedp.Action[T]) T {
	b.t.Helper()
	ctx, cancel := context.WithTimeout(b.ctx, patience)
	defer cancel()
	out, err := chromedp.Run(ctx, a)
	if err != nil {
		b.fail(step, err)
	}
	return out
}

// Go opens a URL.
func (b *Tab) Go(to string) { b.t.Helper(); do(b, "opening "+to, chromedp.Navigate(to)) }

// Fill puts text into the field that the selector finds, in place of what is there.
func (b *Tab) Fill(selector, text string) {
	b.t.Helper()
	if !Eval[bool](b, fmt.Sprintf("(() => { const f = document.querySelector(%q); if (f) { f.focus(); f.select() } return f !== null })()", selector)) {
		b.fail("filling "+selector, errors.New("there is no such field"))
	}
	do(b, "filling "+selector, chromedp.SendKeys(chromedp.CSS(selector), text))
}

// Click presses what the selector finds.
func (b *Tab) Click(selector string) {
	b.t.Helper()
	do(b, "clicking "+selector, chromedp.Click(chromedp.CSS(selector), chromedp.NodeVisible))
}

// Press presses what leads to another page, and waits until that is there.
func (b *Tab) Press(selector string) {
	b.t.Helper()
	ctx, cancel := context.WithTimeout(b.ctx, patience)
	defer cancel()
	if _, err := chromedp.RunResponse(ctx, chromedp.Click(chromedp.CSS(selector), chromedp.NodeVisible)); err != nil {
		b.fail("pressing "+selector, err)
	}
}

// Slowly lets the page send and receive so many bytes per second at most.
func (b *Tab) Slowly(rate int) {
	b.t.Helper()
	ctx, cancel := context.WithTimeout(b.ctx, patience)
	defer cancel()
	_, err := chromedp.Call(ctx, network.Enable, network.EnableParams{})
	if err == nil {
		_, err = chromedp.Call(ctx, network.EmulateNetworkConditionsByRule, network.EmulateNetworkConditionsByRuleParams{
			MatchedNetworkConditions: []*network.Conditions{{UploadThroughput: float64(rate), DownloadThroughput: float64(rate)}},
		})
	}
	if err != nil {
		b.fail("slowing the line down", err)
	}
}

// Choose gives files to a file field.
func (b *Tab) Choose(selector string, files ...string) {
	b.t.Helper()
	do(b, "choosing files", chromedp.SetUploadFiles(chromedp.CSS(selector), files))
}

// See waits until something is visible.
func (b *Tab) See(selector string) {
	b.t.Helper()
	do(b, "waiting to see "+selector, chromedp.WaitVisible(chromedp.CSS(selector)))
}

// Text is the visible text of the first match.
func (b *Tab) Text(selector string) string {
	b.t.Helper()
	return do(b, "reading "+selector, chromedp.Text(chromedp.CSS(selector)))
}

// Has tells whether anything on the page matches.
func (b *Tab) Has(selector string) bool {
	b.t.Helper()
	return Eval[bool](b, fmt.Sprintf("document.querySelector(%q) !== null", selector))
}

// Location is the URL of the open page.
func (b *Tab) Location() *url.URL {
	b.t.Helper()
	u, err := url.Parse(do(b, "asking for the address", chromedp.Location()))
	if err != nil {
		b.fail("asking for the address", err)
	}
	return u
}

// Eval evaluates an expression in the page; a promise is waited for.
func Eval[T any](b *Tab, expression string) T {
	b.t.Helper()
	return do(b, "evaluating "+expression[:min(len(expression), 80)], chromedp.Evaluate[T](expression, chromedp.EvalAwaitPromise))
}

// Eventually reloads nothing and waits until an expression is true.
func (b *Tab) Eventually(what, expression string) {
	b.t.Helper()
	ctx, cancel := context.WithTimeout(b.ctx, patience)
	defer cancel()
	tick := time.NewTicker(50 * time.Millisecond)
	defer tick.Stop()
	for {
		// A navigation in the middle fails an evaluation; the next one counts.
		ok, err := chromedp.Run(ctx, chromedp.Evaluate[bool](expression))
		if err == nil && ok {
			return
		}
		select {
		case <-ctx.Done():
			b.fail("waiting for "+what, ctx.Err())
		case <-tick.C:
		}
	}
}

// Shoot keeps a picture of the whole page when VITRINE_SHOTS names a directory.
func (b *Tab) Shoot(name string) {
	dir := os.Getenv("VITRINE_SHOTS")
	if dir == "" {
		return
	}
	ctx, cancel := context.WithTimeout(b.ctx, 20*time.Second)
	defer cancel()
	if png, err := chromedp.Run(ctx, chromedp.FullScreenshot(100)); err == nil {
		_ = os.WriteFile(filepath.Join(dir, name+".png"), png, 0o600)
	}
}

// Axe runs axe-core (its source) on the open page and gives the violations of
// WCAG 2.2 AA and of best practice, one per line.
func (b *Tab) Axe(source string) []string {
	b.t.Helper()
	do(b, "loading axe", chromedp.Evaluate[chromedp.Void](source+"\n;undefined"))
	return Eval[[]string](b, `axe.run(document, {runOnly: ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]})
		.then((r) => r.violations.flatMap((v) => v.nodes.map((n) => v.id + ": " + n.target.join(" ") + " " + n.failureSummary)))`)
}
