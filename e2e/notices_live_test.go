package e2e

import (
	"fmt"
	"net/url"
	"strings"
	"testing"

	"vitrine/e2e/browser"
	"vitrine/e2e/rig"
)

// long is how many notices make a page that has to be scrolled.
const long = 12

// The list of notifications follows what happens while it is open, over a socket
// and by asking: what is read stays where it is, what is open stays open, and
// whoever stands on a notice stands on it still.
func TestNotices_listFollows(t *testing.T) {
	t.Parallel()
	h := talk(t, "LIMIT_COMMENT=0")
	for n := range long {
		h.say(h.fan, false, fmt.Sprintf("The ridge number %d is the one.", n+1))
		p := h.owner.Await("/notifications", "the notice", func(p *rig.Page) bool { return p.Find(".notice.new").Length() == 1 })
		h.owner.Submit(p, `#read-all`, nil)
	}
	var tabs []*browser.Tab
	for _, o := range []browser.Options{{Width: 390}, {NoSockets: true}} {
		b := browser.Open(t, o)
		b.Go(h.site.URL + "/login?next=" + url.QueryEscape("/notifications"))
		b.Fill("#email", ownerEmail)
		b.Fill("#password", password)
		b.Press("main form button")
		b.Eventually("the page to hear", bySocket+" || "+byPolling)
		browser.Eval[bool](b, reading)
		tabs = append(tabs, b)
	}
	h.say(h.fan, false, "And one more.")
	for _, b := range tabs {
		b.Eventually("the new notice", fmt.Sprintf(`document.querySelectorAll(".notice").length === %d && document.querySelector(".notice").matches(".new")`, long+1))
		checkReading(t, b)
		b.Shoot("notices-live")
		if at := browser.Eval[string](b, `document.querySelector("#read-all [name=until]")?.value ?? ""`); at == "" {
			t.Error("there is no button to mark the new one as read")
		}
		if tab := browser.Eval[string](b, `document.querySelector('.tabs a[href$="kind=comments"]').innerText`); strings.Join(strings.Fields(tab), " ") != "Comments 1" {
			t.Errorf("the tab says %q", tab)
		}
	}
	// The same notice grows.
	h.say(h.fan, false, "The very last.")
	for _, b := range tabs {
		b.Eventually("the notice to grow", `document.querySelector(".notice").innerText.includes("The very last.")`)
		checkReading(t, b)
	}
	// Read elsewhere.
	h.owner.Submit(h.owner.Get("/notifications"), `#read-all`, nil)
	for _, b := range tabs {
		b.Eventually("everything to be read", `!document.querySelector(".notice.new, #read-all")`)
		checkReading(t, b)
		browser.Eval[bool](b, `(scrollTo({top: 0, behavior: "instant"}), true)`)
		b.Click("header details.menu summary")
	}
	h.say(h.fan, true, "Nobody had said that yet.")
	for _, b := range tabs {
		b.Eventually("a reply at the top", fmt.Sprintf(`document.querySelectorAll(".notice").length === %d`, long+2))
		if y := browser.Eval[float64](b, `scrollY`); y != 0 {
			t.Errorf("whoever looks at the top is moved to %v", y)
		}
		if !browser.Eval[bool](b, `document.querySelector("header details.menu").open`) {
			t.Error("the menu has closed")
		}
		if problems := b.Problems(); len(problems) > 0 {
			t.Errorf("the console says: %v", problems)
		}
	}
}

// reading is somebody in the middle of the list: scrolled, some words selected,
// standing on a notice.
const reading = `(() => {
	window.sameDocument = true;
	window.kept = document.querySelectorAll(".notice")[7];
	scrollTo({top: kept.getBoundingClientRect().top + scrollY - 300, behavior: "instant"});
	kept.querySelector(".plain").focus({preventScroll: true});
	getSelection().selectAllChildren(kept.querySelector("q"));
	window.stood = {top: kept.getBoundingClientRect().top, words: getSelection().toString()};
	return scrollY > 0 && stood.words !== "";
})()`

func checkReading(t *testing.T, b *browser.Tab) {
	t.Helper()
	for what, expression := range map[string]string{
		"the page was left":                   marked,
		"the notice that is read was removed": `kept.isConnected`,
		"the notice that is read has moved":   `Math.abs(kept.getBoundingClientRect().top - stood.top) < 2`,
		"the focus is lost":                   `document.activeElement === kept.querySelector(".plain")`,
		"the selection is lost":               `getSelection().toString() === stood.words`,
	} {
		if !browser.Eval[bool](b, expression) {
			t.Errorf("%s: %s", what, browser.Eval[string](b, `JSON.stringify([stood, kept.getBoundingClientRect().top, scrollY, document.activeElement.outerHTML.slice(0, 80)])`))
		}
	}
}
