package web_test

import (
	"context"
	"net/http"
	"net/url"
	"strings"
	"testing"

	"vitrine/app/accounts"
	"vitrine/app/moderation"
	"vitrine/app/notifications"
	"vitrine/app/platform/bus"
	"vitrine/app/platform/mediatool/mediatest"
	"vitrine/app/studios"
	"vitrine/jobs"
)

const (
	advert   = "Free spins, online casino bonus: https://win-big.example.top"
	roguish  = `No. <script>alert(1)</script> <b onclick=x>"'` // what a moderator, or whoever took their session, writes
	unharmed = `No. <script>alert(1)</script>`
)

// hang publishes a work of these words with a picture, and gives where that led
// and the address of its picture.
func (g *gallery) hang(t *testing.T, b *browser, slug, title, story string) (location, edit, picture string) {
	t.Helper()
	at := b.get("/studio/" + slug + "/new").location
	b.send(at, b.get(at).composed(t, map[string]string{"title": title, "story": story, "intent": "upload"}),
		map[string][]byte{title + ".jpg": mediatest.JPEG(t, 600, 400)}).leads(t, at+"#files")
	g.process(t)
	v := b.send(at, b.get(at).composed(t, map[string]string{"intent": "publish"}), nil)
	if v.status != http.StatusSeeOther {
		t.Fatalf("publishing: %d\n%.600s", v.status, v.text())
	}
	var public, file string
	g.Row(t, "select public_id, cover_id::text from works where title = $1", title)(&public, &file)
	return v.location, "/studio/" + slug + "/works/" + public, "/m/" + file + "/w320.jpg"
}

// tellModeration writes and sends the mails about what moderators did.
func (g *gallery) tellModeration(t *testing.T) {
	t.Helper()
	worker := g.services(t, g.Worker, bus.NewOutbox(), nil)
	tell := jobs.Moderation{Service: worker.Moderation, Studios: worker.Studios, Works: worker.Works, Mails: g.Mails}
	handlers := map[string]func(context.Context, bus.Envelope) error{
		moderation.Decided{}.EventName(): tell.OnDecided, studios.Suspended{}.EventName(): tell.OnStudioSuspended, studios.Reinstated{}.EventName(): tell.OnStudioReinstated,
		accounts.UserSuspended{}.EventName(): g.Mails.OnUserSuspended, accounts.UserReinstated{}.EventName(): g.Mails.OnUserReinstated,
		notifications.MailComposed{}.EventName(): g.Mails.OnMailComposed,
	}
	for range 2 { // the second round sends what the first one composed
		for _, env := range g.happened(t) {
			if handle := handlers[env.Name]; handle != nil {
				must(t, handle(t.Context(), env))
			}
		}
	}
}

// mailOf is the text of the one mail of a kind.
func (g *gallery) mailOf(t *testing.T, kind string) (text, html string) {
	t.Helper()
	if n := g.Count(t, "select count(*) from mails where kind = $1", kind); n != 1 {
		t.Fatalf("%d mails of the kind %s", n, kind)
	}
	g.Row(t, "select text, html from mails where kind = $1", kind)(&text, &html)
	return text, html
}

// escaped fails when what a moderator wrote is not on the page as it was
// written, or is more than text.
func escaped(t *testing.T, where string, v view) {
	t.Helper()
	if !strings.Contains(v.text(), unharmed) || strings.Contains(v.body, "<script>alert") || v.Find("[onclick]").Length() != 0 {
		t.Errorf("%s does not show the reason as it was written: %.600s", where, v.text())
	}
}

// A first post that looks like an advertisement: from the author's page to the
// moderator's, refused, mended, asked again, approved, with a mail each time.
func TestModeration_firstPost(t *testing.T) {
	t.Parallel()
	g := newGallery(t)
	author, visitor, root := g.member(t, "Teresa Lima", "teresa@example.org"), g.browser(t), g.root(t)
	slug, _ := g.studioOf(t, "teresa@example.org")
	location, edit, picture := g.hang(t, author, slug, "Offers", advert)
	if strings.HasPrefix(location, "/@") {
		t.Fatalf("the author is led to %s, which nobody can see", location)
	}
	page := author.get(edit)
	page.want(t, http.StatusOK, "A person looks at it first; usually within a day")
	author.get("/studio/"+slug).want(t, http.StatusOK, "a person looks at it first, usually within a day")
	id := edit[len(edit)-12:]
	unseen := func() {
		t.Helper()
		for _, p := range []string{"/explore", "/@" + slug, "/@" + slug + "/offers-" + id, "/@" + slug + "/feed.atom", "/explore/feed.atom", "/search?q=offers", picture} {
			if v := visitor.get(p); strings.Contains(v.body, id+`"`) || p == picture && v.status != http.StatusNotFound {
				t.Errorf("%s shows a work that waits (%d)", p, v.status)
			}
		}
	}
	unseen()

	queue := root.get("/admin/moderation")
	queue.want(t, http.StatusOK, "Phrases of advertisements: online casino")
	one, _ := queue.Find(".docket a").Attr("href")
	question := root.get(one)
	question.want(t, http.StatusOK, "https://win-big.example.top")
	if question.Find(`a[href*="win-big"]`).Length() != 0 || question.Find(".exhibits img").Length() != 1 {
		t.Error("the question has a stranger's link, or no picture")
	}
	if v := root.get(picture); v.status != http.StatusOK || v.header.Get("Cache-Control") != "no-store" {
		t.Errorf("the moderator gets the picture with %d, %s", v.status, v.header.Get("Cache-Control"))
	}
	if v := g.member(t, "Mallory", "mallory@example.org").get(picture); v.status != http.StatusNotFound {
		t.Errorf("another member gets the picture with %d", v.status)
	}

	decide := func(fields map[string]string) view { return root.post(one, root.get(one).fill(t, one, fields)) }
	decide(map[string]string{"decision": "refuse", "note": " "}).want(t, http.StatusUnprocessableEntity, "Say why.")
	decide(map[string]string{"note": "Kept."}).want(t, http.StatusUnprocessableEntity, "Choose whether the work goes up.")
	stale := root.get(one).fill(t, one, map[string]string{"decision": "refuse", "note": roguish})
	stale.Set("version", "1")
	root.post(one, stale).want(t, http.StatusConflict, "The author has changed the work")
	form := root.get(one).fill(t, one, map[string]string{"decision": "refuse", "note": roguish})
	for range 2 { // pressed twice, decided once
		root.post(one, form).leads(t, "/admin/moderation")
	}
	unseen()
	escaped(t, "the question", root.get(one))
	escaped(t, "the decisions", root.get("/admin/audit"))
	page = author.get(edit)
	escaped(t, "the author's page", page)
	g.tellModeration(t)
	if text, html := g.mailOf(t, "decision"); !strings.Contains(text, "> "+unharmed) || strings.Contains(html, "<script>") || !strings.Contains(text, "http://vitrine.test"+edit) {
		t.Errorf("the mail says %s\n%s", text, html)
	}
	g.Exec(t, "delete from mails")

	button := page.Find(`button[name=intent][value=publish]`)
	if button.Length() != 1 || strings.TrimSpace(button.Text()) != "Ask again" {
		t.Fatalf("the button says %q", button.Text())
	}
	author.send(edit, page.composed(t, map[string]string{"story": "Mended.", "intent": "publish"}), nil).leads(t, edit)
	author.get(edit).want(t, http.StatusOK, "A person looks at it first")
	one, _ = root.get("/admin/moderation").Find(".docket a").Attr("href")
	root.get(one).want(t, http.StatusOK, "Earlier decisions about this work")
	decide(map[string]string{"decision": "approve"}).leads(t, "/admin/moderation")
	visitor.get("/@"+slug+"/offers-"+id).want(t, http.StatusOK, "Mended.")
	if v := visitor.get(picture); v.status != http.StatusOK {
		t.Errorf("the approved picture: %d", v.status)
	}
	g.tellModeration(t)
	if text, _ := g.mailOf(t, "decision"); !strings.Contains(text, "it is open now") {
		t.Errorf("the mail says %s", text)
	}
	if n := g.Count(t, "select count(*) from studio_audit where action like 'moderation.%'"); n != 2 {
		t.Errorf("%d decisions in the audit", n)
	}
}

// A suspended studio: gone at the next request wherever it was, its members read
// why and change nothing, and it comes back whole.
func TestModeration_studio(t *testing.T) {
	t.Parallel()
	g := newGallery(t)
	owner, visitor, root := g.member(t, "Teresa Lima", "teresa@example.org"), g.browser(t), g.root(t)
	slug, studioID := g.studioOf(t, "teresa@example.org")
	here, edit, picture := g.hang(t, owner, slug, "Low Water", "A tidal flat.")
	g.index(t)
	g.Exec(t, "update sessions set proved_at = now()") // the administrator has shown who they are
	id := here[len(here)-12:]
	places := []string{here, "/explore", "/@" + slug, "/search?q=water", "/", "/explore/feed.atom", "/@" + slug + "/feed.atom"}
	shown := func(want bool) {
		t.Helper()
		for _, p := range places {
			if v := visitor.get(p); strings.Contains(v.body, id) != want {
				t.Errorf("%s shows the work: %t (%d)", p, !want, v.status)
			}
		}
		if v := visitor.get(picture); (v.status == http.StatusOK) != want {
			t.Errorf("the picture: %d", v.status)
		}
	}
	shown(true)

	root.get("/admin/studios?q=teresa").want(t, http.StatusOK, "Teresa Lima")
	at := "/admin/studios/" + studioID.String()
	page := root.get(at)
	root.post(at+"/suspend", page.fill(t, at+"/suspend", map[string]string{"reason": " "})).want(t, http.StatusUnprocessableEntity, "Give a reason.")
	before := owner.get(edit).composed(t, map[string]string{"title": "Higher Water", "intent": "save"})
	form := page.fill(t, at+"/suspend", map[string]string{"reason": roguish})
	for range 2 {
		root.post(at+"/suspend", form).leads(t, at)
	}
	shown(false)
	for _, p := range []string{here, "/@" + slug, "/@" + slug + "/feed.atom"} {
		if v := visitor.get(p); v.status != http.StatusNotFound {
			t.Errorf("%s: %d", p, v.status)
		}
	}
	escaped(t, "the studio's page", root.get(at))
	root.get("/admin/studios?suspended=on").want(t, http.StatusOK, "Teresa Lima")
	escaped(t, "the dashboard", owner.get("/studio/"+slug))
	escaped(t, "the compose page", owner.get(edit))
	if v := owner.get(picture); v.status != http.StatusOK {
		t.Errorf("a member does not see their own picture: %d", v.status)
	}

	owner.send(edit, before, nil).want(t, http.StatusForbidden, "This studio is suspended")
	owner.send(edit, before, map[string][]byte{"new.jpg": mediatest.JPEG(t, 600, 400)}).want(t, http.StatusForbidden, "This studio is suspended")
	owner.post("/studio/"+slug+"/settings", url.Values{"version": {"2"}, "name": {"Other"}, "slug": {slug}}).want(t, http.StatusForbidden, "This studio is suspended")
	if n := g.Count(t, "select count(*) from works where title <> 'Low Water'") + g.Count(t, "select count(*) from studios where name = 'Other'") + g.Count(t, "select count(*) from media where filename = 'new.jpg'"); n != 0 {
		t.Errorf("%d things were changed in a suspended studio", n)
	}
	g.tellModeration(t)
	if text, html := g.mailOf(t, "studio_suspended"); !strings.Contains(text, "> "+unharmed) || strings.Contains(html, "<script>") {
		t.Errorf("the mail says %s\n%s", text, html)
	}

	root.post(at+"/restore", root.get(at).fill(t, at+"/restore", nil)).leads(t, at)
	g.index(t)
	shown(true)
	owner.send(edit, before, nil).leads(t, edit)
	g.tellModeration(t)
	g.mailOf(t, "studio_reinstated")
}

// A suspended person: out at the next request, told why there and by mail, and
// back after signing in anew.
func TestModeration_user(t *testing.T) {
	t.Parallel()
	g := newGallery(t)
	person, root := g.member(t, "Teresa Lima", "teresa@example.org"), g.root(t)
	slug, _ := g.studioOf(t, "teresa@example.org")
	here, _, _ := g.hang(t, person, slug, "Low Water", "A tidal flat.")
	g.Exec(t, "update sessions set proved_at = now()") // the administrator has shown who they are
	var userID, rootID string
	g.Row(t, "select id::text from users where email = 'teresa@example.org'")(&userID)
	g.Row(t, "select id::text from users where admin")(&rootID)

	root.get("/admin/users?q=tere").want(t, http.StatusOK, "teresa@example.org")
	if v := root.get("/admin/users?q=nobody-at-all"); strings.Contains(v.text(), "teresa@") {
		t.Error("a search finds who does not match")
	}
	root.get("/admin/users/"+rootID).want(t, http.StatusOK, "Nobody suspends themselves")
	root.post("/admin/users/"+rootID+"/suspend", url.Values{"reason": {"Me."}}).leads(t, "/admin/users/"+rootID)
	root.get("/admin/users/"+rootID).want(t, http.StatusOK, "")
	at := "/admin/users/" + userID
	page := root.get(at)
	page.want(t, http.StatusOK, "in 1 browser")
	root.post(at+"/suspend", page.fill(t, at+"/suspend", map[string]string{"reason": ""})).want(t, http.StatusUnprocessableEntity, "Give a reason.")
	root.post(at+"/suspend", page.fill(t, at+"/suspend", map[string]string{"reason": roguish})).leads(t, at)

	out := person.get("/studio/" + slug)
	out.want(t, http.StatusForbidden, "This account is suspended")
	escaped(t, "the page of a suspended person", out)
	if v := person.get("/explore"); v.status != http.StatusOK || strings.Contains(v.body, `action="/logout"`) {
		t.Errorf("on public pages a suspended person is %d and signed in", v.status)
	}
	again := g.browser(t).post("/login", url.Values{"email": {"teresa@example.org"}, "password": {password}})
	again.want(t, http.StatusForbidden, "This account is suspended")
	g.browser(t).post("/login", url.Values{"email": {"teresa@example.org"}, "password": {"quite another one"}}).want(t, http.StatusUnprocessableEntity, "do not belong together")
	if v := g.browser(t).get(here); v.status != http.StatusOK {
		t.Errorf("the studio of a suspended person went unasked: %d", v.status)
	}
	g.tellModeration(t)
	if text, html := g.mailOf(t, "user_suspended"); !strings.Contains(text, "> "+unharmed) || strings.Contains(html, "<script>") {
		t.Errorf("the mail says %s\n%s", text, html)
	}

	root.post(at+"/restore", root.get(at).fill(t, at+"/restore", nil)).leads(t, at)
	person.get("/studio/"+slug).leads(t, "/login?next=%2Fstudio%2F"+slug)
	g.browser(t).post("/login", url.Values{"email": {"teresa@example.org"}, "password": {password}}).leads(t, "/studio")
	// With the studios, only what is theirs goes.
	root.post(at+"/suspend", root.get(at).fill(t, at+"/suspend", map[string]string{"reason": "Again.", "studios": "on"})).leads(t, at)
	if v := g.browser(t).get(here); v.status != http.StatusNotFound {
		t.Errorf("the studio stays: %d", v.status)
	}
}
