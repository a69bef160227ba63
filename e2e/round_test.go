package e2e

import (
	"net/url"
	"strings"
	"testing"

	"vitrine/e2e/browser"
	"vitrine/e2e/rig"
)

// What a studio and a visitor do with works beside looking, in a browser that
// runs no scripts: every act is a form or a link, from page to page, by what can
// be seen and pressed there.
func TestRound_withoutScripts(t *testing.T) {
	t.Parallel()
	h := talk(t)
	draft := h.draft(t)
	owner := browser.Open(t, browser.Options{NoScripts: true, Width: 390})
	enterFor(owner, h.site, ownerEmail, h.studio)
	h.checkRooms(t, owner)
	h.collectRound(t, owner)
	h.shareRound(t, owner, draft)
	h.fanRound(t)
	if heard := owner.Problems(); len(heard) > 0 {
		t.Errorf("the console says %v", heard)
	}
}

// enterFor signs somebody in and leads them to a page.
func enterFor(b *browser.Tab, site *rig.Site, email, next string) {
	b.Go(site.URL + "/login?next=" + url.QueryEscape(next))
	b.Fill("#email", email)
	b.Fill("#password", password)
	b.Press("main form button")
}

const draftName = "Eighth Ridge, Unfinished"

// draft is the path of the page on which a work is made that nobody sees yet.
func (h *talked) draft(t *testing.T) string {
	t.Helper()
	form := h.owner.SubmitFiles(h.owner.Get(h.studio+"/new"), "#compose", url.Values{"intent": {"upload"}, "title": {draftName}},
		[]rig.File{still(t, "eighth.jpg", 7, "ridges", 900, 600)})
	h.owner.Await(form.Path, "the file to be ready", func(p *rig.Page) bool { return p.Find("#files [data-file] .thumb img").Length() == 1 })
	return form.Path
}

// checkRooms goes through the rooms of the studio by the menu of a phone: where
// one is stands on it.
func (h *talked) checkRooms(t *testing.T, b *browser.Tab) {
	t.Helper()
	for _, room := range []string{"collections", "links", "members", "settings", "export"} {
		b.Go(h.site.URL + h.studio)
		b.Click(".tabs-fold summary")
		b.Press(`.tabs-fold a[href$="/` + room + `"]`)
		if at := b.Location().Path; at != h.studio+"/"+room {
			t.Errorf("the menu leads to %s instead of %s", at, room)
		}
		here := browser.Eval[string](b, `(() => { const s = document.querySelector(".tabs-fold summary"), r = s.getBoundingClientRect();
			return r.left >= 0 && r.right <= innerWidth && s.innerText.trim() === document.querySelector(".tabs-fold [aria-current]").textContent.trim() ? "" : s.outerHTML })()`)
		if here != "" {
			t.Errorf("at %s the menu says %s", room, here)
		}
	}
}

// collectRound makes a collection, puts works into it and in order, shows it and
// takes one out again.
func (h *talked) collectRound(t *testing.T, b *browser.Tab) {
	t.Helper()
	b.Go(h.site.URL + h.studio + "/collections")
	b.Press(`main a[href$="/collections/new"]`)
	b.Fill("#title", "North light")
	b.Fill("#about", "Two ridges.")
	if !browser.Eval[bool](b, `document.querySelector("[name=shown]").checked`) {
		b.Click("[name=shown]")
	}
	b.Press("main .form form button")
	b.Click(".picks input")
	b.Press(`main form[action$="/add"] button.btn-ink`)
	b.Press(`main a[href$="/add"]`)
	b.Press(`.tabs a[href*="draft"]`)
	b.Click(".picks input")
	b.Press(`main form[action$="/add"] button.btn-ink`)
	order := func() string {
		return browser.Eval[string](b, `[...document.querySelectorAll("ol.hung b")].map((e) => e.innerText.trim()).join(" | ")`)
	}
	before := strings.Split(order(), " | ")
	if len(before) != 2 {
		t.Fatalf("the collection holds %v", before)
	}
	b.Press(`ol.hung > li:nth-child(2) button[value="up"]`)
	if after := order(); after != before[1]+" | "+before[0] {
		t.Errorf("the order is %s, was %v", after, before)
	}
	b.Press(`main a[href*="/c/north-light-"]`)
	shown := b.Location().Path
	visitor := browser.Open(t, browser.Options{NoScripts: true, Width: 390})
	visitor.Go(h.site.URL + shown)
	if got := visitor.Text("main"); visitor.Text("h1") != "North light" || strings.Contains(got, draftName) || !strings.Contains(got, "Seven Ridges") {
		t.Errorf("a visitor sees %s", got)
	}
	visitor.Shoot("round-collection")
	visitor.Press(".hang a")
	if at := visitor.Location().Path; at != h.work {
		t.Errorf("the collection leads to %s", at)
	}
}

// shareRound makes a link to a draft from the page on which it is made, opens it
// with its password, and revokes it.
func (h *talked) shareRound(t *testing.T, b *browser.Tab, draft string) {
	t.Helper()
	b.Go(h.site.URL + draft)
	b.Fill(`#compose [name="story"]`, "Typed before the link was made.")
	b.Press(`#compose button[value="share"]`)
	if at := b.Location(); at.Path != h.studio+"/links" || at.Query().Get("work") == "" {
		t.Fatalf("the button leads to %s", at)
	}
	if chosen := browser.Eval[string](b, `document.querySelector("[name=what]").selectedOptions[0].text`); chosen != draftName+", draft" {
		t.Errorf("the form is about %q", chosen)
	}
	b.Fill("#note", "Teresa")
	b.Fill("#password", "eleven mornings")
	b.Press(`main form[action$="/links"] button.btn-ink`)
	b.Go(h.site.URL + draft)
	if got := browser.Eval[string](b, `document.querySelector('[name="story"]').value`); got != "Typed before the link was made." {
		t.Errorf("the story is %q", got)
	}
	b.Click(".shares summary")
	b.Shoot("round-compose")
	address := browser.Eval[string](b, `document.querySelector(".shares input").value`)
	guest := browser.Open(t, browser.Options{NoScripts: true, Width: 390})
	guest.Go(address)
	if strings.Contains(guest.Text("body"), draftName) {
		t.Error("the page tells before the password what is behind it")
	}
	guest.Fill("#password", "eleven evenings")
	guest.Press("main form button")
	guest.Fill("#password", "eleven mornings")
	guest.Press("main form button")
	if got := guest.Text("h1"); got != draftName {
		t.Errorf("whoever has the link reads %q", got)
	}
	guest.Eventually("the picture", `document.querySelector(".stage img").complete && document.querySelector(".stage img").naturalWidth > 0`)
	guest.Shoot("round-shared")
	b.Click(".shares summary") // the sheet lies over what is below
	b.Press(`.shares ~ .row a`)
	b.Click(".lnks .confirm summary")
	b.Press(`.lnks form[action$="/revoke"] .ask button`)
	guest.Go(address)
	if strings.Contains(guest.Text("body"), draftName) {
		t.Error("the link shows the work after its end")
	}
}

// fanRound follows, likes, keeps and comments, finds all of it where it is kept,
// and takes it back.
func (h *talked) fanRound(t *testing.T) {
	t.Helper()
	b := browser.Open(t, browser.Options{NoScripts: true, Width: 390})
	enterFor(b, h.site, fanEmail, h.work)
	for _, kind := range []string{"like", "bookmark", "follow"} {
		b.Press("#mark-" + kind)
	}
	b.Fill("#say", "Was that the same morning?")
	b.Press("#say-form button")
	for path, want := range map[string]string{"/feed": "Seven Ridges", "/me/bookmarks": "Seven Ridges", "/me/following": "Harbour & Field", h.work: "Was that the same morning?"} {
		b.Go(h.site.URL + path)
		if !strings.Contains(b.Text("main"), want) {
			t.Errorf("%s does not show %q: %s", path, want, b.Text("main"))
		}
	}
	owner := h.owner.Await("/notifications", "what happened", func(p *rig.Page) bool { return p.Find(".notice.new").Length() == 3 })
	for _, want := range []string{"commented", "liked", "follows"} {
		if !strings.Contains(owner.Find("#notices").Text(), want) {
			t.Errorf("the owner is not told that somebody %s: %s", want, owner.Find("#notices").Text())
		}
	}
	b.Go(h.site.URL + h.work)
	for _, kind := range []string{"like", "bookmark", "follow"} {
		b.Press("#mark-" + kind)
	}
	for _, path := range []string{"/feed", "/me/bookmarks"} {
		b.Go(h.site.URL + path)
		if strings.Contains(b.Text("main"), "Seven Ridges") {
			t.Errorf("%s shows what was taken back", path)
		}
	}
	if heard := b.Problems(); len(heard) > 0 {
		t.Errorf("the console says %v", heard)
	}
}
