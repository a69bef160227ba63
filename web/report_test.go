package web_test

import (
	"context"
	"maps"
	"net/http"
	"net/url"
	"strings"
	"testing"

	"github.com/google/uuid"

	"vitrine/app/moderation"
	"vitrine/app/notifications"
	"vitrine/app/platform/bus"
	"vitrine/app/platform/idem"
	"vitrine/jobs"
)

// tellReports writes the mails about reports, claims and answers.
func (g *gallery) tellReports(t *testing.T) {
	t.Helper()
	worker := g.services(t, g.Worker, bus.NewOutbox(), nil)
	tell := jobs.Moderation{Service: worker.Moderation, Studios: worker.Studios, Works: worker.Works, Mails: g.Mails}
	page := jobs.Notices{Service: worker.Notices, Moderation: worker.Moderation, Studios: worker.Studios, Works: worker.Works}
	handlers := map[string][]func(context.Context, bus.Envelope) error{
		moderation.ActionTaken{}.EventName(): {tell.OnActionTaken}, moderation.AppealDecided{}.EventName(): {tell.OnAppealDecided},
		moderation.TakedownFiled{}.EventName(): {tell.OnTakedownFiled, tell.OnTakedownTold}, moderation.ComplaintDecided{}.EventName(): {tell.OnComplaintDecided, tell.OnReportDecided, page.OnComplaintDecided},
		notifications.MailComposed{}.EventName(): {g.Mails.OnMailComposed},
	}
	for range 2 { // a second delivery writes nothing more
		for _, env := range g.happened(t) {
			for _, handle := range handlers[env.Name] {
				must(t, handle(t.Context(), env))
			}
		}
	}
}

// firstHearing is the complaint that waits longest, as a moderator opens it.
func firstHearing(t *testing.T, root *browser) (path string, v view) {
	t.Helper()
	path, ok := root.get("/admin/moderation/reports").Find(".docket a").Attr("href")
	if !ok {
		t.Fatal("nothing is reported")
	}
	return path, root.get(path)
}

// From the link in the footer to the answer that is taken to heart: a visitor
// reports, a moderator takes down, the author reads why and answers, once.
func TestReport_work(t *testing.T) {
	t.Parallel()
	g := newGallery(t)
	author, visitor, root := g.member(t, "Teresa Lima", "teresa@example.org"), g.browser(t), g.root(t)
	slug, _ := g.studioOf(t, "teresa@example.org")
	here, edit, picture := g.hang(t, author, slug, "Low Water", "A tidal flat.")

	link, _ := visitor.get(here).Find(`footer a[href^="/report"]`).Attr("href")
	form := visitor.get(link)
	form.want(t, http.StatusOK, "The work Low Water")
	fill := func(fields map[string]string) url.Values { return form.fill(t, "/report", fields) }
	visitor.post("/report", fill(map[string]string{"ground": "violence"})).want(t, http.StatusUnprocessableEntity, "Type your email address.")
	visitor.post("/report", fill(map[string]string{"email": "v@example.org"})).want(t, http.StatusUnprocessableEntity, "Choose what is wrong with it.")
	for range 2 {
		visitor.post("/report", fill(map[string]string{"ground": "violence", "words": roguish, "email": "v@example.org"})).leads(t, "/report")
	}
	visitor.get("/report").want(t, http.StatusOK, "Thank you.")
	visitor.get("/report?at=/explore").want(t, http.StatusOK, "This is not the address of a work")

	at, hearing := firstHearing(t, root)
	escaped(t, "the hearing", hearing)
	hearing.want(t, http.StatusOK, "1 report")
	if hearing.Find(".exhibits img").Length() != 1 {
		t.Error("the hearing has no picture")
	}
	act := hearing.fill(t, at, map[string]string{"measure": "hidden", "reason": " "})
	root.post(at, act).want(t, http.StatusUnprocessableEntity, "Give a reason.")
	act.Set("reason", roguish)
	for range 2 {
		root.post(at, act).leads(t, "/admin/moderation/reports")
	}
	visitor.get(here).want(t, http.StatusNotFound, "Nothing hangs here")
	author.get(edit).want(t, http.StatusOK, "The moderators took this work down.")
	list := "/studio/" + slug + "/reports"
	page := author.get(list)
	escaped(t, "the studio's reports", page)
	if strings.Contains(page.body, "v@example.org") {
		t.Error("the author reads who reported")
	}
	if v := root.get(picture); v.status != http.StatusOK {
		t.Errorf("the moderator gets the picture with %d", v.status)
	}
	action, _ := page.Find(`form[action^="` + list + `/"]`).Attr("action")
	author.post(action, page.fill(t, action, map[string]string{"words": " "})).want(t, http.StatusUnprocessableEntity, "Say why you think")
	for range 2 {
		author.post(action, page.fill(t, action, map[string]string{"words": roguish})).leads(t, list)
	}
	author.post(action, url.Values{"words": {"More."}}).want(t, http.StatusConflict, "which can be done once")
	root.get("/admin/moderation/answers").want(t, http.StatusOK, "answered")
	hearing = root.get(at)
	escaped(t, "the answer", hearing)
	rule, _ := hearing.Find(`form[action*="/answers/"]`).Attr("action")
	root.post(rule, url.Values{"outcome": {"changed"}, "answer": {"So."}}).want(t, http.StatusUnprocessableEntity, "Choose another measure")
	for range 2 {
		root.post(rule, hearing.fill(t, rule, map[string]string{"outcome": "changed", "measure": "sensitive", "answer": "A cover will do."})).leads(t, "/admin/moderation/answers")
	}
	if v := visitor.get(here); v.status != http.StatusOK || v.Find(".stage .veil").Length() != 1 {
		t.Errorf("the covered work: %d", v.status)
	}
	page = author.get(list)
	page.want(t, http.StatusOK, "A cover will do.")
	if n := page.Find(`form[action^="` + list + `/"]`).Length(); n != 1 {
		t.Errorf("%d decisions can be answered, the new one can", n)
	}
	g.tellReports(t)
	if n := g.Count(t, "select count(*) from mails where kind = 'action'"); n != 2 {
		t.Errorf("%d mails about two decisions", n)
	}
}

// A rights holder asks, both sides hear of it, and again when it is decided.
func TestTakedown(t *testing.T) {
	t.Parallel()
	g := newGallery(t)
	author, visitor, root := g.member(t, "Teresa Lima", "teresa@example.org"), g.browser(t), g.root(t)
	slug, _ := g.studioOf(t, "teresa@example.org")
	here, _, _ := g.hang(t, author, slug, "Low Water", "A tidal flat.")
	form := visitor.get("/report/takedown?at=" + url.QueryEscape(here))
	form.want(t, http.StatusOK, "The work Low Water")
	whole := map[string]string{
		"owned": "The picture " + roguish, "statement": "I did not agree. " + roguish, "name": "Ines Roth", "email": "ines@example.org",
		"contact": "1 Quay Street", "signature": "Ines Roth", "sworn": "on",
	}
	for _, field := range []string{"owned", "statement", "name", "email", "contact", "signature"} {
		less := maps.Clone(whole)
		less[field] = ""
		v := visitor.post("/report/takedown", form.fill(t, "/report/takedown", less))
		if v.status != http.StatusUnprocessableEntity || v.Find("#"+field+"-error").Length() != 1 || !strings.Contains(v.body, "1 Quay Street") && field != "contact" {
			t.Errorf("without %s: %d", field, v.status)
		}
	}
	sent := form.fill(t, "/report/takedown", whole)
	first := visitor.post("/report/takedown", sent)
	again := visitor.post("/report/takedown", sent)
	if first.status != http.StatusSeeOther || first.location != again.location {
		t.Fatalf("filed: %d %q, and again %q", first.status, first.location, again.location)
	}
	visitor.get(first.location).want(t, http.StatusOK, "Your claim is filed")
	visitor.get("/report/takedown?filed=%3Cb%3E").want(t, http.StatusOK, "Ask for a work to be taken down")
	g.tellReports(t)
	text, _ := g.mailOf(t, "takedown")
	told, _ := g.mailOf(t, "takedown_studio")
	for _, mail := range []string{text, told} {
		if strings.Contains(mail, "alert(1)") || strings.Contains(mail, "agree") || !strings.Contains(mail, "T-") {
			t.Errorf("a mail repeats what a stranger wrote, or has no number: %s", mail)
		}
	}
	page := author.get("/studio/" + slug + "/reports")
	page.want(t, http.StatusOK, "The work stays until they decide.")
	if !strings.Contains(page.text(), "<script>alert(1)</script>") || strings.Contains(page.body, "<script>alert") || strings.Contains(page.body, "Quay Street") || strings.Contains(page.body, "ines@") {
		t.Errorf("the studio reads %.600s", page.text())
	}
	at, hearing := firstHearing(t, root)
	hearing.want(t, http.StatusOK, "1 Quay Street")
	root.post(at, hearing.fill(t, at, map[string]string{"measure": "hidden", "reason": "It is hers."})).leads(t, "/admin/moderation/reports")
	visitor.get(here).want(t, http.StatusNotFound, "")
	g.tellReports(t)
	if text, _ := g.mailOf(t, "takedown_decided"); !strings.Contains(text, "acted on it") {
		t.Errorf("the rights holder reads %s", text)
	}
	if text, _ := g.mailOf(t, "action"); !strings.Contains(text, "> It is hers.") || !strings.Contains(text, "/studio/"+slug+"/reports") {
		t.Errorf("the author reads %s", text)
	}
}

// Whoever is blocked does nothing in the studios of who blocked them, and neither
// reads the other; what is muted is out of sight for one.
func TestBlocks(t *testing.T) {
	t.Parallel()
	g := newGallery(t)
	owner, rude, root := g.member(t, "Teresa Lima", "teresa@example.org"), g.member(t, "Rude", "rude@example.org"), g.root(t)
	slug, _ := g.studioOf(t, "teresa@example.org")
	here, _, _ := g.hang(t, owner, slug, "Low Water", "A tidal flat.")
	say := func(b *browser, body string) {
		b.post(here+"/comments", url.Values{"body": {body}, "idempotency_key": {idem.NewKey()}})
	}
	say(rude, "You call this a picture.")
	say(owner, "I do, my friend.")
	var comment string
	g.Row(t, "select public_id from comments where body like 'You call%'")(&comment)

	ask := owner.get("/me/blocks/new?comment=" + comment + "&next=" + url.QueryEscape(here))
	ask.want(t, http.StatusOK, "This is about Rude.")
	for range 2 {
		owner.post("/me/blocks", ask.fill(t, "/me/blocks", map[string]string{"how": "block"})).leads(t, here)
	}
	owner.post("/me/blocks", url.Values{"how": {"shrug"}, "comment": {comment}}).want(t, http.StatusUnprocessableEntity, "Choose whether")
	rude.post("/me/blocks", url.Values{"how": {"block"}, "comment": {comment}}).want(t, http.StatusConflict, "This is you.")
	if v := owner.get(here); strings.Contains(v.text(), "You call this") {
		t.Error("the owner reads whom they blocked")
	}
	if v := rude.get(here); strings.Contains(v.text(), "my friend") || v.status != http.StatusOK {
		t.Error("the blocked one reads who blocked them")
	}
	if v := root.get(here); !strings.Contains(v.text(), "You call this") || !strings.Contains(v.text(), "my friend") {
		t.Error("others do not read both")
	}
	for _, act := range []string{here + "/like", "/@" + slug + "/follow"} {
		if v := rude.post(act, url.Values{}); v.status != http.StatusForbidden {
			t.Errorf("%s by the blocked one: %d", act, v.status)
		}
	}
	say(rude, "Again.")
	if n := g.Count(t, "select count(*) from comments where body = 'Again.'"); n != 0 {
		t.Error("the blocked one comments")
	}
	// Elsewhere they may speak, but not to one another.
	other, _ := g.studioOf(t, "ada@vitrine.test")
	there, _, _ := g.hang(t, root, other, "High Water", "The same.")
	v := owner.post(there+"/comments", url.Values{"body": {"Well hung."}, "idempotency_key": {idem.NewKey()}})
	g.Row(t, "select public_id from comments where body = 'Well hung.'")(&comment)
	reply := rude.post(there+"/comments", url.Values{"body": {"Not."}, "parent": {comment}, "idempotency_key": {idem.NewKey()}})
	if reply.status != http.StatusForbidden || g.Count(t, "select count(*) from comments where body = 'Not.'") != 0 {
		t.Errorf("a reply to who blocked them: %d (%d)", reply.status, v.status)
	}
	list := owner.get("/me/blocks")
	list.want(t, http.StatusOK, "Blocked since")
	owner.post("/me/blocks/remove", list.fill(t, "/me/blocks/remove", nil)).leads(t, "/me/blocks")
	owner.get("/me/blocks").want(t, http.StatusOK, "You keep nobody away")
	rude.post(here+"/like", url.Values{}).leads(t, here)

	rude.post("/me/blocks", url.Values{"studio": {slug}}).leads(t, "/me/blocks")
	rude.get("/me/blocks").want(t, http.StatusOK, "Muted studio")
	owner.post("/me/blocks", url.Values{"studio": {slug}}).want(t, http.StatusConflict, "You belong to this studio")
	_, studio := g.studioOf(t, "teresa@example.org")
	muted, err := g.Engagement.Muted(t.Context(), g.App.Read(t.Context()), []uuid.UUID{g.userOf(t, "rude@example.org")}, g.userOf(t, "teresa@example.org"), studio)
	must(t, err)
	if len(muted) != 1 {
		t.Errorf("%d do not want to hear of the studio", len(muted))
	}
}
