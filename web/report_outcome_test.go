package web_test

import (
	"net/http"
	"net/url"
	"strings"
	"testing"

	"vitrine/app/platform/idem"
)

// Members and visitors who report are told once what was decided, in a sentence
// that names nobody and leads to nothing that was taken down; a rights holder is
// told about the claim alone; the author of what stays hears nothing.
func TestReport_outcome(t *testing.T) {
	t.Parallel()
	g := newGallery(t)
	author, member, visitor, root := g.member(t, "Teresa Lima", "teresa@example.org"), g.member(t, "Finn Fan", "finn@example.org"), g.browser(t), g.root(t)
	slug, _ := g.studioOf(t, "teresa@example.org")
	here, _, _ := g.hang(t, author, slug, "Low Water", "A tidal flat.")
	author.post(here+"/comments", url.Values{"body": {"You are all fools."}, "idempotency_key": {idem.NewKey()}})
	var comment string
	g.Row(t, "select public_id from comments")(&comment)
	member.post("/me/blocks", url.Values{"studio": {slug}}).leads(t, "/me/blocks")

	report := func(b *browser, at string, more map[string]string) {
		t.Helper()
		form := b.get("/report?" + at)
		fields := map[string]string{"ground": "hate"}
		for k, v := range more {
			fields[k] = v
		}
		b.post("/report", form.fill(t, "/report", fields)).leads(t, "/report")
		b.get("/report").want(t, http.StatusOK, "You are told what becomes of it.")
	}
	decide := func(measure string) {
		t.Helper()
		at, hearing := firstHearing(t, root)
		root.post(at, hearing.fill(t, at, map[string]string{"measure": measure, "reason": "Be kind, Teresa Lima."})).leads(t, "/admin/moderation/reports")
		g.tellReports(t)
	}
	report(member, "comment="+comment, nil)
	report(visitor, "comment="+comment, map[string]string{"email": "v@example.org"})
	decide("hidden")
	text, _ := g.mailOf(t, "report_decided")
	if !strings.Contains(text, "reported a comment on Vitrine") || !strings.Contains(text, "took it from every page") {
		t.Errorf("the visitor reads %s", text)
	}
	page := member.get("/notifications")
	page.want(t, http.StatusOK, "We looked at your report about a comment below Low Water and took it from every page")
	if n := page.Find(`.notice.new a[href="` + here + `"]`).Length(); n != 1 {
		t.Errorf("%d notices lead to the work", n)
	}

	// The same work: a member, a visitor, and a rights holder, who is one of them.
	at := "at=" + url.QueryEscape(here)
	report(member, at, nil)
	report(visitor, at, map[string]string{"email": "second@example.org"})
	form := visitor.get("/report/takedown?" + at)
	visitor.post("/report/takedown", form.fill(t, "/report/takedown", map[string]string{
		"owned": "The picture", "statement": "I did not agree.", "name": "Ines Roth", "email": "INES@example.org", "contact": "1 Quay Street", "signature": "Ines Roth", "sworn": "on",
	}))
	decide("dismissed")
	member.get("/notifications").want(t, http.StatusOK, "We looked at your report about the work Low Water and left it as it is")
	report(member, at, nil)
	decide("hidden")
	page = member.get("/notifications")
	page.want(t, http.StatusOK, "We looked at your report about a work and took it from every page")
	if strings.Contains(page.text(), "Low Water") || strings.Contains(page.body, here+`"`) {
		t.Error("the notices name a work that is hidden")
	}
	for _, told := range []string{text, page.text()} {
		if strings.Contains(told, "Teresa") || strings.Contains(told, "Be kind") || strings.Contains(told, "Ines") {
			t.Errorf("somebody is named, or the reason told: %s", told)
		}
	}
	for query, want := range map[string]int{
		"select count(*) from mails where kind = 'report_decided' and recipient = 'v@example.org'":      1,
		"select count(*) from mails where kind = 'report_decided' and recipient = 'second@example.org'": 1,
		"select count(*) from mails where kind = 'report_decided'":                                      2,
		"select count(*) from mails where kind = 'takedown_decided'":                                    1,
		"select count(*) from notices where kind = 'report'":                                            3,
		"select count(*) from notice_parts where kind = 'report'":                                       3,
		"select count(*) from mails where kind like '%report%' and recipient = 'teresa@example.org'":    0,
	} {
		if n := g.Count(t, query); n != want {
			t.Errorf("%s: %d, want %d", query, n, want)
		}
	}
	member.get("/notifications/settings").want(t, http.StatusOK, "and what became of them")
}
