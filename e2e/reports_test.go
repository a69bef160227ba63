package e2e

import (
	"net/http"
	"net/url"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"vitrine/e2e/browser"
	"vitrine/e2e/rig"
)

const (
	longWords = "I made this picture in March and never agreed that anybody shows it here.\n\nلم أوافق على عرض هذه الصورة هنا."
	oddName   = "Ines Roth-Wakanabe de la Fontaine (Atelier for the Very Long Names of Rights Holders)"
)

// TestReports looks at the pages on which people report, claim, decide, answer
// and keep others away, with scripts and without.
func TestReports(t *testing.T) {
	if testing.Short() {
		t.Skip("A browser looks at the pages of reports, which takes half a minute; run without -short.")
	}
	t.Parallel()
	axe, err := os.ReadFile(filepath.Join(rig.Root(), "web", "testdata", "axe.min.js"))
	if err != nil {
		t.Fatal(err)
	}
	site := rig.New(t, "DEMO=off", "CONTACT=desk@harbour.example").Start()
	root, rude := site.Visit(), site.Visit()
	desk := root.SetUp(ownerEmail, password, "Harbour & Field")
	studio := desk.Path
	const address = "nadia@quay.example"
	rude.Submit(rude.Get("/signup"), "main form", url.Values{"name": {"Nadia Ferreira"}, "email": {address}, "password": {password}})
	rude.Submit(rude.Get(verification(t, root, address)), "main form", nil)
	work := publishStill(t, root, studio)
	rude.Submit(rude.Get(work), `#talk form`, url.Values{"body": {"You call this a picture?\n\nأهذه صورة؟"}})

	visitor := eye{axe: string(axe), bars: publicBars, member: site.Visit(), tab: browser.Open(t, browser.Options{}), site: site}
	report, claim := "/report?at="+url.QueryEscape(work), "/report/takedown?at="+url.QueryEscape(work)
	shut := []look{{name: "report without an address", path: "/report"}, {name: "report a work", path: report}, {name: "a claim", path: claim}, {name: "a claim without an address", path: "/report/takedown"}}
	for _, l := range shut {
		visitor.see(t, l)
	}
	visitor.see(t, look{name: "a report that is refused", path: report, status: http.StatusUnprocessableEntity, act: func(_ *testing.T, b *browser.Tab, _ *rig.Member) {
		b.Fill("#email", "v@example.org")
		browser.Eval[bool](b, `(() => { document.querySelector("main form").noValidate = true; return true })()`)
		b.Press("main form button")
	}})
	visitor.see(t, look{name: "a claim that is refused", path: claim, status: http.StatusUnprocessableEntity, act: func(_ *testing.T, b *browser.Tab, _ *rig.Member) {
		browser.Eval[bool](b, `(() => { document.querySelector("main form").noValidate = true; return true })()`)
		b.Press("main form button")
	}})
	stranger := visitor.member
	stranger.Submit(stranger.Get(report), "main form", url.Values{"ground": {"violence"}, "words": {longWords}, "email": {"v@example.org"}})
	filed := stranger.Submit(stranger.Get(claim), "main form", url.Values{"owned": {longWords}, "statement": {longWords}, "name": {oddName}, "email": {"ines@example.org"},
		"contact": {"1 Quay Street\nHarbour"}, "signature": {oddName}, "sworn": {"on"}})
	visitor.see(t, look{name: "a claim that is filed", path: "/report/takedown?filed=" + filed.Find("main b.nums").Text()})
	comment := root.Get(work).Find(`#talk a[href^="/report?comment="]`).AttrOr("href", "")
	root.Submit(root.Get(comment), "main form", url.Values{"ground": {"harassment"}})

	rooted := eye{axe: string(axe), bars: deskBars, member: root, tab: enterAs(t, site, ownerEmail), site: site}
	rooted.see(t, look{name: "report a comment", path: comment})
	list := root.Get("/admin/moderation/reports").Find(".docket a")
	first, second := list.First().AttrOr("href", ""), list.Last().AttrOr("href", "")
	seen := []look{{name: "reports", path: "/admin/moderation/reports"}, {name: "a hearing", path: first}, {name: "a hearing of a comment", path: second},
		{name: "no answers", path: "/admin/moderation/answers"}, {name: "a studio with a claim", path: studio + "/reports"}}
	for _, l := range seen {
		rooted.see(t, l)
	}
	rooted.see(t, look{name: "a decision without measure", path: first, status: http.StatusUnprocessableEntity, act: func(_ *testing.T, b *browser.Tab, _ *rig.Member) {
		browser.Eval[bool](b, `(() => { document.querySelector(".case form").noValidate = true; return true })()`)
		b.Press(".case form button")
	}})
	for _, path := range []string{first, second} {
		root.Submit(root.Get(path), `form[action="`+path+`"]`, url.Values{"measure": {"hidden"}, "reason": {"It is not yours to show.\n\n" + longWords}})
	}
	answers := []look{{name: "what was decided about a studio", path: studio + "/reports"}, {name: "decided reports", path: "/admin/moderation/reports?show=decided"}, {name: "the work that was taken down", path: studio + "/works/" + work[strings.LastIndexByte(work, '-')+1:]}}
	for _, l := range answers {
		rooted.see(t, l)
	}
	page := root.Get(studio + "/reports")
	root.Submit(page, `form[action^="`+studio+`/reports/"]`, url.Values{"words": {"It is ours.\n\n" + longWords}})
	rooted.see(t, look{name: "answers", path: "/admin/moderation/answers"})
	rooted.see(t, look{name: "a hearing that was answered", path: first})
	rule := root.Get(first).Find(`form[action*="/answers/"]`).AttrOr("action", "")
	root.Submit(root.Get(first), `form[action="`+rule+`"]`, url.Values{"outcome": {"changed"}, "measure": {"sensitive"}, "answer": {"A cover will do."}})
	rooted.see(t, look{name: "an answer that changed it", path: studio + "/reports"})
	rooted.see(t, look{name: "a hearing that is over", path: first})

	theirs := eye{axe: string(axe), bars: deskBars, member: rude, tab: enterAs(t, site, address), site: site}
	away := "/me/blocks/new?studio=" + strings.TrimPrefix(studio, "/studio/")
	mine := []look{{name: "decisions about somebody", path: "/me/reports"}, {name: "nobody is kept away", path: "/me/blocks"}, {name: "mute a studio", path: away}}
	for _, l := range mine {
		theirs.see(t, l)
	}
	rude.Submit(rude.Get(away), "main form", nil)
	theirs.see(t, look{name: "a muted studio", path: "/me/blocks"})

	b := browser.Open(t, browser.Options{NoScripts: true, Width: 390})
	h := &house{site: site}
	for _, l := range shut {
		h.seeScriptless(t, b, l)
	}
	b.Go(site.URL + "/login")
	b.Fill("#email", ownerEmail)
	b.Fill("#password", password)
	b.Press("main form button")
	for _, l := range slices.Concat(seen, answers, []look{{name: "blocks", path: "/me/blocks"}, {name: "reports about me", path: "/me/reports"}}) {
		h.seeScriptless(t, b, l)
	}
}

// publishStill publishes a work with a picture and gives the path of its page.
func publishStill(t *testing.T, m *rig.Member, studio string) string {
	t.Helper()
	form := m.SubmitFiles(m.Get(studio+"/new"), "#compose", url.Values{"intent": {"upload"}, "title": {"Low Water"}, "story": {"A tidal flat."}},
		[]rig.File{still(t, "ridges.jpg", 6, "ridges", 900, 600)})
	form = m.Await(form.Path, "the picture to be ready", func(p *rig.Page) bool { return p.Find("#files [data-file] .thumb img").Length() == 1 })
	done := m.Submit(form, "#compose", url.Values{"intent": {"publish"}})
	if !strings.HasPrefix(done.Path, "/@") {
		t.Fatalf("publishing ended at %s", done)
	}
	return done.Path
}
