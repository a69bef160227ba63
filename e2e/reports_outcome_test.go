package e2e

import (
	"net/http"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"vitrine/e2e/browser"
	"vitrine/e2e/rig"
)

// TestReports_outcome looks at a collection that is reported, taken down and
// answered for, at what those who reported read afterwards, and at the pages of a
// block, with scripts and without.
func TestReports_outcome(t *testing.T) {
	if testing.Short() {
		t.Skip("A browser looks at the pages of reports, which takes half a minute; run without -short.")
	}
	t.Parallel()
	axe, err := os.ReadFile(filepath.Join(rig.Root(), "web", "testdata", "axe.min.js"))
	if err != nil {
		t.Fatal(err)
	}
	h := talk(t)
	made := h.owner.Submit(h.owner.Get(h.studio+"/collections/new"), "main form", url.Values{"title": {"Wreckers of the northern coast, and whoever watched them"}, "about": {longWords}, "shown": {"on"}})
	h.owner.Submit(made, `form[action$="/add"]`, url.Values{"work": {h.work[strings.LastIndexByte(h.work, '-')+1:]}})
	desk := strings.TrimSuffix(made.Path, "/add")
	shelf := h.owner.Get(desk).Find(`main a[href*="/c/"]`).AttrOr("href", "")
	h.say(h.fan, false, "You call this a picture?")
	comment := h.owner.Get(h.work).Find(`#talk a[href^="/report?comment="]`).AttrOr("href", "")

	stranger := eye{axe: string(axe), bars: publicBars, member: h.site.Visit(), tab: browser.Open(t, browser.Options{}), site: h.site}
	report := "/report?at=" + url.QueryEscape(shelf)
	stranger.see(t, look{name: "report a collection", path: report})
	plainly := browser.Open(t, browser.Options{NoScripts: true, Width: 390})
	plain := &house{site: h.site}
	plain.seeScriptless(t, plainly, look{name: "report a collection", path: report})
	stranger.member.Submit(stranger.member.Get(report), "main form", url.Values{"ground": {"hate"}, "email": {"v@example.org"}})
	h.fan.Submit(h.fan.Get(report), "main form", url.Values{"ground": {"hate"}})
	h.fan.Submit(h.fan.Get("/report?at="+url.QueryEscape(h.work)), "main form", url.Values{"ground": {"violence"}})

	owner := eye{axe: string(axe), bars: deskBars, member: h.owner, tab: enterAs(t, h.site, ownerEmail), site: h.site}
	list := h.owner.Get("/admin/moderation/reports").Find(".docket a")
	first, second := list.First().AttrOr("href", ""), list.Last().AttrOr("href", "")
	owner.see(t, look{name: "a hearing of a collection", path: first})
	h.owner.Submit(h.owner.Get(first), `form[action="`+first+`"]`, url.Values{"measure": {"hidden"}, "reason": {longWords}})
	h.owner.Submit(h.owner.Get(second), `form[action="`+second+`"]`, url.Values{"measure": {"dismissed"}})
	stranger.see(t, look{name: "a collection that was taken down", path: shelf, status: http.StatusNotFound})
	seen := []look{{name: "the collection at the desk", path: desk}, {name: "the collections at the desk", path: h.studio + "/collections"},
		{name: "the decision about a collection", path: h.studio + "/reports"}, {name: "a hearing that is over, of a collection", path: first}}
	for _, l := range seen {
		owner.see(t, l)
	}

	fan := eye{axe: string(axe), bars: deskBars, member: h.fan, tab: enterAs(t, h.site, fanEmail), site: h.site}
	h.fan.Await("/notifications", "what became of the reports", func(p *rig.Page) bool { return p.Find(".notice").Length() == 2 })
	told := []look{{name: "what became of reports", path: "/notifications"}, {name: "what one hears, with reports", path: "/notifications/settings"}}
	for _, l := range told {
		fan.see(t, l)
	}
	h.owner.Await("/dev/mailbox", "the mail to the visitor", func(p *rig.Page) bool { return strings.Contains(p.Find("main").Text(), "What became of your report") })

	block := "/me/blocks/new?" + strings.TrimPrefix(comment, "/report?")
	owner.see(t, look{name: "block a person", path: block})
	h.fan.Submit(h.fan.Get(h.work), `form[action$="/like"]`, nil)
	h.fan.Submit(h.fan.Get(h.work), `form[action$="/follow"]`, nil)
	h.owner.Submit(h.owner.Get(block), "main form", url.Values{"how": {"block"}})
	owner.see(t, look{name: "somebody is blocked", path: "/me/blocks"})
	h.fan.Await(h.work, "the likes and follows of a blocked person to end", func(p *rig.Page) bool {
		return p.Find(`form[action$="/unlike"], form[action$="/unfollow"]`).Length() == 0
	})

	b := browser.Open(t, browser.Options{NoScripts: true, Width: 390})
	plain.seeScriptless(t, b, look{name: "report a work", path: "/report?at=" + url.QueryEscape(h.work)})
	b.Go(h.site.URL + "/login")
	b.Fill("#email", ownerEmail)
	b.Fill("#password", password)
	b.Press("main form button")
	for _, l := range append(seen, look{name: "somebody is blocked", path: "/me/blocks"}) {
		plain.seeScriptless(t, b, l)
	}
}
