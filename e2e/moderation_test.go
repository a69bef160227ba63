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

const advert = "Free spins and an online casino bonus for all of you: https://win-big.example.top\n\nمرحبا"

// TestModeration looks at the pages of moderators, of an author whose work
// waits and was refused, and of people and studios that are shut out.
func TestModeration(t *testing.T) {
	if testing.Short() {
		t.Skip("A browser looks at the pages of moderators, which takes half a minute; run without -short.")
	}
	t.Parallel()
	axe, err := os.ReadFile(filepath.Join(rig.Root(), "web", "testdata", "axe.min.js"))
	if err != nil {
		t.Fatal(err)
	}
	site := rig.New(t, "DEMO=off", "CONTACT=desk@harbour.example").Start()
	root, author := site.Visit(), site.Visit()
	root.SetUp(ownerEmail, password, "Harbour & Field")
	const address = "nadia@quay.example"
	author.Submit(author.Get("/signup"), "main form", url.Values{"name": {"Nadia Ferreira"}, "email": {address}, "password": {password}})
	desk := author.Submit(author.Get(verification(t, root, address)), "main form", nil)
	if !strings.HasPrefix(desk.Path, "/studio/") {
		t.Fatalf("the account was not opened: %s", desk)
	}
	rooted := eye{axe: string(axe), bars: deskBars, member: root, tab: enterAs(t, site, ownerEmail), site: site}
	rooted.see(t, look{name: "moderation, nobody waits", path: "/admin/moderation"})
	draft := publishAdvert(t, author, desk.Path)
	theirs := eye{axe: string(axe), bars: deskBars, member: author, tab: enterAs(t, site, address), site: site}
	theirs.see(t, look{name: "a work that waits", path: draft})

	question := root.Get("/admin/moderation").Find(".docket a").AttrOr("href", "")
	rooted.see(t, look{name: "moderation", path: "/admin/moderation"})
	rooted.see(t, look{name: "a question", path: question})
	rooted.see(t, look{name: "a decision without a reason", path: question, status: http.StatusUnprocessableEntity, act: func(_ *testing.T, b *browser.Tab, _ *rig.Member) {
		b.Press(`button[value="refuse"]`)
	}})
	root.Submit(root.Get(question), `form[action="`+question+`"]`, url.Values{"decision": {"refuse"}, "note": {"Take the advertisement out.\nThen ask again."}})
	rooted.see(t, look{name: "a question that is decided", path: question})
	rooted.see(t, look{name: "decisions", path: "/admin/moderation?show=decided"})
	theirs.see(t, look{name: "a work that was refused", path: draft})

	rooted.see(t, look{name: "users", path: "/admin/users"})
	rooted.see(t, look{name: "studios", path: "/admin/studios"})
	rooted.see(t, look{name: "no such user", path: "/admin/users?q=xqzzy"})
	person := root.Get("/admin/users?q="+url.QueryEscape(address)).Find(".log th a").AttrOr("href", "")
	studio := root.Get("/admin/studios?q=nadia").Find(".log th a").AttrOr("href", "")
	const open = `document.querySelectorAll("main details").forEach((d) => { d.open = true })`
	rooted.see(t, look{name: "a user", path: person, script: open})
	rooted.see(t, look{name: "a studio of somebody", path: studio, script: open})
	root.Submit(root.Get(studio), `form[action$="/suspend"]`, url.Values{"reason": {"Pictures that belong to others."}})
	rooted.see(t, look{name: "a suspended studio", path: studio})
	theirs.see(t, look{name: "the dashboard of a suspended studio", path: desk.Path})
	theirs.see(t, look{name: "the public page of a suspended studio", path: strings.Replace(desk.Path, "/studio/", "/@", 1), status: http.StatusNotFound})
	root.Submit(root.Get(person), `form[action$="/suspend"]`, url.Values{"reason": {"Pictures that belong to others."}})
	rooted.see(t, look{name: "a suspended user", path: person})
	theirs.see(t, look{name: "the page of somebody suspended", path: desk.Path, status: http.StatusForbidden})
}

// enterAs is a browser in which somebody is signed in.
func enterAs(t *testing.T, site *rig.Site, email string) *browser.Tab {
	t.Helper()
	tab := browser.Open(t, browser.Options{})
	tab.Go(site.URL + "/login")
	tab.Fill("#email", email)
	tab.Fill("#password", password)
	tab.Press("main form button")
	return tab
}

// publishAdvert publishes a work that a person has to look at first, and gives
// the address of its form.
func publishAdvert(t *testing.T, m *rig.Member, studio string) string {
	t.Helper()
	form := m.SubmitFiles(m.Get(studio+"/new"), "#compose", url.Values{"intent": {"upload"}, "title": {"Offers of the Summer"}, "story": {advert}},
		[]rig.File{still(t, "ridges.jpg", 6, "ridges", 900, 600), still(t, "tide.jpg", 13, "sea", 600, 800)})
	form = m.Await(form.Path, "the pictures to be ready", func(p *rig.Page) bool { return p.Find("#files [data-file] .thumb img").Length() == 2 })
	done := m.Submit(form, "#compose", url.Values{"intent": {"publish"}})
	if done.Status != http.StatusOK || !strings.Contains(done.Text(), "A person looks at it first") {
		t.Fatalf("publishing ended at %s", done)
	}
	return done.Path
}
