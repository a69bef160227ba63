package e2e

import (
	"slices"
	"testing"

	"vitrine/e2e/browser"
)

// checkScriptless opens every page in a browser that runs no scripts: all of it
// fits, and nothing that can be seen waits for a script to do anything. (axe
// needs the page's own timers; what it finds is the same with scripts.)
func (h *house) checkScriptless(t *testing.T) {
	t.Helper()
	b := browser.Open(t, browser.Options{NoScripts: true, Width: 390})
	for _, l := range slices.Concat(h.walls(), h.discoveries(), h.doors(), h.decisions()) {
		h.seeScriptless(t, b, l)
	}
	b.Go(h.site.URL + "/login")
	b.Fill("#email", ownerEmail)
	b.Fill("#password", password)
	b.Press("main form button")
	for _, l := range slices.Concat(h.desk(), h.engaged(), h.members(), h.outside()) {
		h.seeScriptless(t, b, l)
	}
}

func (h *house) seeScriptless(t *testing.T, b *browser.Tab, l look) {
	t.Helper()
	if l.act != nil {
		return // what leads there is walked with scripts; the page is one of these again
	}
	b.Go(h.site.URL + l.path)
	if wide := browser.Eval[string](b, sideways); wide != "" {
		t.Errorf("%s without scripts: reaches beyond the window: %s", l.name, wide)
	}
	if dead := browser.Eval[[]string](b, deadControls); len(dead) > 0 {
		t.Errorf("%s without scripts: these can be seen and do nothing: %v", l.name, dead)
	}
	if unseen := browser.Eval[bool](b, `!document.querySelector("h1")?.checkVisibility()`); unseen {
		t.Errorf("%s without scripts: its heading cannot be seen", l.name)
	}
}

// deadControls names what a person could press and only a script would notice:
// buttons that send no form, links that lead nowhere, fields of no form.
const deadControls = `[
	...[...document.querySelectorAll("button")].filter((b) => b.type === "button" && !b.hasAttribute("popovertarget") || !b.form && b.type === "submit"),
	...document.querySelectorAll("a:not([href]), a[href='#'], a[href^='javascript:']"),
	...[...document.querySelectorAll("main input, main select, main textarea")].filter((f) => !f.form),
].filter((e) => e.checkVisibility({visibilityProperty: true}) && !e.closest("[hidden]")).slice(0, 5).map((e) => e.outerHTML.slice(0, 120))`
