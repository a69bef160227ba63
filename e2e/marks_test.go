package e2e

import (
	"net/url"
	"strings"
	"testing"

	"vitrine/e2e/browser"
)

// TestMarks_beforeTheAnswer holds back what the browser sends: a mark shows at
// once, with its count, is as it was when no answer comes, and a refusal leads to
// the page that says why.
func TestMarks_beforeTheAnswer(t *testing.T) {
	if testing.Short() {
		t.Skip("A browser likes a work, which takes ten seconds; run without -short.")
	}
	t.Parallel()
	h := talk(t)
	h.owner.Submit(h.owner.Get(h.work), `form[action$="/like"]`, nil)
	h.say(h.fan, false, "Did you wait for it?")
	block := "/me/blocks/new?" + strings.TrimPrefix(h.owner.Get(h.work).Find(`#talk a[href^="/report?comment="]`).AttrOr("href", ""), "/report?")
	b := browser.Open(t, browser.Options{Width: 390})
	b.Go(h.site.URL + "/login?next=" + url.QueryEscape(h.work))
	b.Fill("#email", fanEmail)
	b.Fill("#password", password)
	b.Press("main form button")

	const liked = `(() => { const b = document.querySelector("#mark-like"); return b.getAttribute("aria-pressed") + " " + b.innerText.trim().replace(/\s+/g, " ") })()`
	browser.Eval[bool](b, `(() => { const send = XMLHttpRequest.prototype.send; window.held = [];
		XMLHttpRequest.prototype.send = function (...body) { window.held.push(() => send.apply(this, body)) }; return true })()`)
	b.Click("#mark-like")
	b.Eventually("the like to show before anything was sent", `window.held.length === 1 && `+liked+` === "true Liked 2"`)
	if h.fan.Get(h.work).Find(`form[action$="/unlike"]`).Length() != 0 {
		t.Error("the like was sent")
	}
	browser.Eval[bool](b, `(() => { window.held.pop()(); return true })()`)
	// What has just come is not bound to the script yet; until then a press sends the form as without it.
	b.Eventually("the answer", `document.querySelector('form[action$="/unlike"]:not(.htmx-added) #mark-like') !== null && `+liked+` === "true Liked 2"`)

	browser.Eval[bool](b, `(() => { XMLHttpRequest.prototype.send = function () { window.lost = (window.lost ?? 0) + 1; setTimeout(() => this.dispatchEvent(new ProgressEvent("error"))) }; return true })()`)
	b.Click("#mark-like")
	b.Eventually("the like to stay when the answer is lost", `window.lost === 1 && `+liked+` === "true Liked 2"`)

	h.owner.Submit(h.owner.Get(block), "main form", url.Values{"how": {"block"}})
	b.Go(h.site.URL + h.work)
	b.Click("#mark-bookmark")
	b.Eventually("the page that says why", `document.body.innerText.includes("has blocked you")`)
}
