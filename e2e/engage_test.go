package e2e

import (
	"fmt"
	"net/http"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"vitrine/e2e/browser"
	"vitrine/e2e/rig"
)

// talked is a house with one public work and a person who is no member of its
// studio.
type talked struct {
	site       *rig.Site
	owner, fan *rig.Member
	studio     string // of the owner
	work       string
}

const fanEmail = "nadia@quay.example"

func talk(t *testing.T, env ...string) *talked {
	t.Helper()
	return talkAt(t, rig.New(t, append(env, "DEMO=off")...).Start())
}

// talkAt is such a house at a site that runs and has not been set up.
func talkAt(t *testing.T, site *rig.Site) *talked {
	t.Helper()
	h := &talked{site: site}
	h.owner, h.fan = h.site.Visit(), h.site.Visit()
	h.studio = h.owner.SetUp(ownerEmail, password, "Harbour & Field").Path
	h.fan.Submit(h.fan.Get("/signup"), "main form", url.Values{"name": {"Nadia Ferreira"}, "email": {fanEmail}, "password": {password}})
	h.fan.Submit(h.fan.Get(verification(t, h.owner, fanEmail)), "main form", nil)
	form := h.owner.SubmitFiles(h.owner.Get(h.studio+"/new"), "#compose", url.Values{"intent": {"upload"}, "title": {"Seven Ridges, Before Rain"}, "story": {longStory}},
		[]rig.File{still(t, "ridges.jpg", 6, "ridges", 1200, 675)})
	form = h.owner.Await(form.Path, "the file to be ready", func(p *rig.Page) bool { return p.Find("#files [data-file] .thumb img").Length() == 1 })
	h.work = h.owner.Submit(form, "#compose", url.Values{"intent": {"publish"}}).Path
	if !strings.HasPrefix(h.work, "/@") {
		t.Fatalf("the work was not published: %s", h.work)
	}
	return h
}

// say writes a comment without a browser, below the first one when it answers.
func (h *talked) say(by *rig.Member, answers bool, body string) {
	form := "#say-form"
	if answers {
		form = ".answer form"
	}
	by.Submit(by.Get(h.work), form, url.Values{"body": {body}})
}

// TestEngagement does everything in a browser, with scripts and without, and
// looks at the pages.
func TestEngagement(t *testing.T) {
	if testing.Short() {
		t.Skip("A browser likes and comments, which takes half a minute; run without -short.")
	}
	t.Parallel()
	axe, err := os.ReadFile(filepath.Join(rig.Root(), "web", "testdata", "axe.min.js"))
	if err != nil {
		t.Fatal(err)
	}
	h := talk(t)
	for _, scripts := range []bool{true, false} {
		b := browser.Open(t, browser.Options{NoScripts: !scripts, Width: 390})
		b.Go(h.site.URL + "/login?next=" + url.QueryEscape(h.work))
		b.Fill("#email", fanEmail)
		b.Fill("#password", password)
		b.Press("main form button")
		h.act(t, b, scripts)
		if heard := b.Problems(); len(heard) > 0 {
			t.Errorf("scripts %t: the console says %v", scripts, heard)
		}
	}
	h.say(h.owner, false, "We went up to the same pass on eleven mornings.\n\nHere is the map: https://example.org/a/very/long/address/"+strings.Repeat("that-goes-on-", 12))
	h.say(h.fan, true, "سبع تلال قبل المطر")
	h.say(h.owner, true, "The rain. We only stood there.")
	const open = `document.querySelectorAll("main .answer, main .confirm").forEach((d) => { d.open = true })`
	comment := strings.TrimPrefix(h.owner.Get(h.work).Find(".note").First().AttrOr("id", ""), "c-")
	visitor := eye{axe: string(axe), bars: publicBars, member: h.site.Visit(), tab: browser.Open(t, browser.Options{}), site: h.site}
	visitor.see(t, look{name: "talk, a visitor", path: h.work})
	visitor.see(t, look{name: "talk, all comments", path: h.work + "/comments"})
	visitor.see(t, look{name: "talk, a thread", path: h.work + "/comments/" + comment})
	owner := eye{axe: string(axe), bars: publicBars, member: h.owner, tab: enterAs(t, h.site, ownerEmail), site: h.site}
	owner.bars.html = deskBars.html
	owner.see(t, look{name: "talk, a member", path: h.work, script: open})
	owner.see(t, look{name: "talk, their comments", path: h.studio + "/comments", script: open})
	owner.see(t, look{name: "talk, editing", path: h.work + "/comments/" + comment + "/edit", script: open})
	owner.see(t, look{name: "talk, refused", path: h.work, status: http.StatusUnprocessableEntity, act: func(_ *testing.T, b *browser.Tab, _ *rig.Member) {
		browser.Eval[bool](b, fmt.Sprintf(`(() => { const f = document.querySelector("#say-form"); f.removeAttribute("data-again"); f.noValidate = true;
			f.querySelector("textarea").removeAttribute("maxlength"); f.querySelector("textarea").value = %q; f.submit(); return true })()`, strings.Repeat("x", 2001)))
		b.See(".flash, [data-errors]")
	}})
	fan := eye{axe: string(axe), bars: deskBars, member: h.fan, tab: enterAs(t, h.site, fanEmail), site: h.site}
	fan.see(t, look{name: "bookmarks, none", path: "/me/bookmarks"})
	h.fan.Submit(h.fan.Get(h.work), `form[action$="/bookmark"]`, nil)
	fan.see(t, look{name: "bookmarks", path: "/me/bookmarks"})
	fan.see(t, look{name: "a studio to follow", path: h.work[:strings.LastIndexByte(h.work, '/')]})
}

// act likes, keeps, follows and comments, and takes all of it back.
func (h *talked) act(t *testing.T, b *browser.Tab, scripts bool) {
	t.Helper()
	press := b.Press
	if scripts {
		press = b.Click // the page stays
	}
	for _, kind := range []string{"like", "bookmark", "follow"} {
		press("#mark-" + kind)
		b.Eventually(kind+" to be set", fmt.Sprintf(`document.querySelector('form[action$="/un%s"] [aria-pressed="true"]') !== null`, kind))
	}
	b.Go(h.site.URL + h.work)
	if text := strings.Join(strings.Fields(b.Text("#mark-like")), " "); text != "Liked 1" {
		t.Errorf("scripts %t: the like says %q", scripts, text)
	}
	words := fmt.Sprintf("Did you wait for it? Scripts: %t", scripts)
	b.Fill("#say", words)
	press("#say-form button")
	b.Eventually("the comment", fmt.Sprintf(`document.querySelector(".note")?.innerText.includes(%q)`, words))
	if got := browser.Eval[string](b, `document.querySelector("#talk-head").innerText`); got != "One comment" {
		t.Errorf("scripts %t: the heading says %q", scripts, got)
	}
	b.Click(".note .answer summary")
	b.Fill(".note .answer textarea", "I did not.")
	press(".note .answer form button")
	b.Eventually("the reply", `document.querySelector(".note .note")?.innerText.includes("I did not.")`)
	b.Press(".note .note a[href$='/edit']")
	b.Fill("#body", "I did.")
	b.Press("main form[action$='/edit'] button")
	b.Eventually("the reply's new words", `document.querySelector(".note .note")?.innerText.includes("I did.")`)
	for range 2 { // the reply, then the comment
		last := browser.Eval[string](b, `[...document.querySelectorAll(".note a[href$='/edit']")].pop().getAttribute("href")`)
		b.Go(h.site.URL + last)
		b.Click(".confirm summary")
		b.Press(".confirm .ask button")
	}
	if b.Has(".note") {
		t.Errorf("scripts %t: a comment is left", scripts)
	}
	for _, kind := range []string{"like", "bookmark", "follow"} {
		press("#mark-" + kind)
		b.Eventually(kind+" to be taken back", fmt.Sprintf(`document.querySelector('form[action$="/%s"] [aria-pressed="false"]') !== null`, kind))
	}
}
