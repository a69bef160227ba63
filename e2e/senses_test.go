package e2e

import (
	"encoding/json"
	"fmt"
	"os"
	"testing"
	"time"

	"vitrine/e2e/browser"
	"vitrine/e2e/rig"
)

// checkSenses looks at one page of each kind as people do who enlarge it, who
// use the keyboard alone, who want nothing to move, and who choose their own
// colours.
func (h *house) checkSenses(t *testing.T) {
	t.Helper()
	b := browser.Open(t, browser.Options{})
	for _, path := range []string{"/", "/explore", h.at["several"], h.public, "/search?q=harbour", "/login", "/signup"} {
		h.sense(t, b, path)
	}
	b.Go(h.site.URL + "/login")
	b.Fill("#email", ownerEmail)
	b.Fill("#password", password)
	b.Press("main form button")
	for _, path := range []string{h.studio, h.drafts["several"], h.studio + "/settings"} {
		h.sense(t, b, path)
	}
}

func (h *house) sense(t *testing.T, b *browser.Tab, path string) {
	t.Helper()
	b.Look(640, false) // a window of 1,280 pixels at 200 %
	b.Go(h.site.URL + path)
	if wide := browser.Eval[string](b, sideways); wide != "" {
		t.Errorf("%s at 200 %%: reaches beyond the window: %s", path, wide)
	}
	b.Look(1280, false)
	b.Go(h.site.URL + path)
	browser.Eval[bool](b, largerText)
	if wide := browser.Eval[string](b, sideways); wide != "" {
		t.Errorf("%s with letters of twice the size: reaches beyond the window: %s", path, wide)
	}
	b.Look(390, false)
	b.Go(h.site.URL + path)
	walkFocus(t, b, path)
	b.Prefer("prefers-reduced-motion", "reduce")
	if moving := browser.Eval[[]string](b, stillMoving); len(moving) > 0 {
		t.Errorf("%s moves for those who want it still: %.300v", path, moving)
	}
	b.Prefer("forced-colors", "active")
	if lost := browser.Eval[[]string](b, lostInForcedColours); len(lost) > 0 {
		t.Errorf("%s in forced colours: these have no edge any more: %.300v", path, lost)
	}
	b.Shoot("forced-colours" + path)
}

const (
	largerText = `(() => { document.documentElement.style.fontSize = "200%"; return true })()`

	// stillMoving names what is animated, or would be when it changes.
	stillMoving = `[...document.querySelectorAll("body, body *")].filter((e) => {
		const s = getComputedStyle(e), long = (list) => list.split(",").some((d) => parseFloat(d) > 0.02);
		return long(s.transitionDuration) || (s.animationName !== "none" && long(s.animationDuration));
	}).slice(0, 5).map((e) => e.tagName + "." + e.className)`

	// lostInForcedColours names buttons and fields without an edge: their
	// background is the page's there.
	lostInForcedColours = `[...document.querySelectorAll("main button, main .btn, main input:not([type=hidden],[type=checkbox],[type=radio],[type=file],[type=range]), main textarea, main select")]
		.filter((e) => e.checkVisibility()).filter((e) => {
			const s = getComputedStyle(e);
			const edged = ["Top", "Bottom"].some((side) => s["border" + side + "Style"] !== "none" && parseFloat(s["border" + side + "Width"]) > 0);
			return !edged && s.textDecorationLine === "none" && !e.closest("summary") && !e.querySelector("svg, img");
		}).slice(0, 5).map((e) => e.tagName + "." + e.className + " " + (e.textContent || e.name).trim().slice(0, 30))`

	// focused tells what has the focus, and what is wrong with it.
	focused = `(() => {
		const e = document.activeElement;
		if (!e || e === document.body || e === document.documentElement) return JSON.stringify({where: "", wrong: ""});
		const name = e.tagName.toLowerCase() + (e.id ? "#" + e.id : "") + " " + (e.getAttribute("href") || e.getAttribute("name") || e.textContent || "").trim().slice(0, 40);
		const seen = e.matches("input[type=file], .hide, .skip") ? (e.closest("label, .drop") || e) : e;
		const r = seen.getBoundingClientRect();
		let wrong = "";
		if (r.bottom <= 0 || r.top >= innerHeight || r.right <= 0 || r.left >= innerWidth) wrong = "is outside of the window";
		else {
			const points = [0.5, 0.2, 0.8].flatMap((x) => [0.5, 0.2, 0.8].map((y) => [r.left + r.width * x, r.top + r.height * y]));
			const open = points.some(([x, y]) => {
				const top = document.elementFromPoint(Math.min(Math.max(x, 0), innerWidth - 1), Math.min(Math.max(y, 0), innerHeight - 1));
				return top && (seen.contains(top) || top.contains(seen));
			});
			if (!open) wrong = "is hidden behind something";
			const marked = [seen, e, e.closest(".work, .menu, label"), e.parentElement, ...seen.querySelectorAll("*")].filter(Boolean).some((x) => {
				const s = getComputedStyle(x);
				return (s.outlineStyle !== "none" && parseFloat(s.outlineWidth) > 0) || s.boxShadow !== "none";
			});
			if (!marked) wrong = "has no visible mark";
		}
		return JSON.stringify({where: name, wrong});
	})()`
)

// walkFocus goes through the page by the Tab key. What has the focus is always
// in the window, uncovered and marked.
func walkFocus(t *testing.T, b *browser.Tab, path string) {
	t.Helper()
	const most = 60
	seen := 0
	for range most {
		b.Key("Tab")
		at := placeOf(t, browser.Eval[string](b, focused))
		if at.Where == "" {
			break
		}
		seen++
		if at.Wrong != "" {
			t.Errorf("%s: the focus on %s %s", path, at.Where, at.Wrong)
		}
	}
	if seen < 5 {
		t.Errorf("%s: the Tab key reaches %d places", path, seen)
	}
}

// place is where the focus is.
type place struct{ Where, Wrong string }

func placeOf(t *testing.T, raw string) (at place) {
	t.Helper()
	if err := json.Unmarshal([]byte(raw), &at); err != nil {
		t.Fatal(err)
	}
	return at
}

// TestMainJob_byKeyboard publishes a photo with the keyboard alone. The window
// that picks files is the system's own; the test stands in for that one.
func TestMainJob_byKeyboard(t *testing.T) {
	t.Parallel()
	site := rig.New(t, "DEMO=off").Start()
	b := browser.Open(t, browser.Options{})
	setUp(b, site)
	enter(t, b, `main a[href$="/new"]`)
	// What is pressed before the page's scripts have run is not theirs.
	b.Eventually("the form and its scripts", `document.querySelector("#compose") !== null && document.readyState === "complete"`)
	tabTo(t, b, `#compose input[type="file"][multiple]`)
	b.Choose(`#compose input[type="file"][multiple]`, drawn(t, 3))
	b.Eventually("the file to be ready", `document.querySelectorAll('[data-file][data-state="ready"]').length === 1`)
	tabTo(t, b, `#compose [data-file] textarea[name^="alt"]`)
	b.Type(workAlt)
	tabTo(t, b, `#compose [name="title"]`)
	browser.Eval[bool](b, `(document.activeElement.select(), true)`) // Ctrl+A
	b.Type(workTitle)
	tabTo(t, b, `#compose [name="tags"]`)
	b.Type("harbour, morning")
	enter(t, b, `.publish button[value="publish"]`)
	b.Eventually("the public page", `location.pathname.startsWith("/@harbour-field/harbour-five-in-the-morning-")`)
	seenByAVisitor(t, site, b.Location().Path, browser.Options{})
	for _, p := range b.Problems() {
		t.Errorf("the console says: %s", p)
	}
}

// tabTo presses Tab until what the selector finds has the focus.
func tabTo(t *testing.T, b *browser.Tab, selector string) {
	t.Helper()
	for range 200 {
		if browser.Eval[bool](b, fmt.Sprintf("document.activeElement.matches(%q)", selector)) {
			return
		}
		b.Key("Tab")
	}
	t.Fatalf("the Tab key does not reach %s", selector)
}

// enter goes to a link or button by Tab and presses Enter.
func enter(t *testing.T, b *browser.Tab, selector string) {
	t.Helper()
	tabTo(t, b, selector)
	b.Key("Enter")
}

// checkInteractions measures how long the page takes to answer to what a person
// does in it: the interaction that took longest (INP of one visit). Only
// `make lighthouse` judges it, since it depends on the machine.
func (h *house) checkInteractions(t *testing.T) {
	t.Helper()
	if os.Getenv("LIGHTHOUSE_RUNS") == "" {
		return
	}
	b := browser.Open(t, browser.Options{})
	b.Go(h.site.URL + "/login")
	b.Fill("#email", ownerEmail)
	b.Fill("#password", password)
	b.Press("main form button")
	for _, page := range []struct {
		path string
		bar  time.Duration
		act  func()
	}{
		{"/explore", 100 * time.Millisecond, func() { b.Click(".top details.menu summary"); b.Key("Escape") }},
		{h.at["several"], 100 * time.Millisecond, func() { b.Click("main details summary"); b.Key("Escape") }},
		{h.drafts["several"], 150 * time.Millisecond, func() {
			b.Click("#title")
			for _, c := range "ridges" {
				b.Key(string(c))
			}
		}},
	} {
		b.Go(h.site.URL + page.path)
		b.Load()
		browser.Eval[bool](b, `(() => { window.longest = 0;
			new PerformanceObserver((list) => { for (const e of list.getEntries()) if (e.interactionId) window.longest = Math.max(window.longest, e.duration) })
				.observe({type: "event", durationThreshold: 16, buffered: true}); return true })()`)
		page.act()
		browser.Eval[bool](b, `new Promise((done) => requestAnimationFrame(() => setTimeout(() => done(true), 300)))`)
		took := time.Duration(browser.Eval[float64](b, "window.longest") * float64(time.Millisecond))
		t.Logf("| %s | INP %s |", page.path, took)
		if took > page.bar {
			t.Errorf("%s: an interaction took %s, the bar is %s", page.path, took, page.bar)
		}
	}
}
