// Package report has the pages on which people say that something is wrong, and
// those on which its author reads what moderators decided and answers. Beside
// them stand the pages on which a person keeps others away.
package report

import (
	"net/http"
	"net/url"
	"strings"

	"vitrine/app/accounts"
	"vitrine/app/engagement"
	"vitrine/app/fault"
	"vitrine/app/moderation"
	"vitrine/app/platform/id"
	"vitrine/app/studios"
	"vitrine/web/page"
	"vitrine/web/show"
	"vitrine/web/site"
	"vitrine/web/ui"
	"vitrine/web/views"
)

// Context is one request and its answer, and who it comes from.
type Context = site.Context

// Pages holds what the handlers need. Moderation stands on the app's handle.
type Pages struct {
	*site.Site
	Moderation *moderation.Service
	Engagement *engagement.Service
	Studios    *studios.Service
	Accounts   *accounts.Service
}

// base is that of a form or a list that search engines need not find.
func (p *Pages) base(c *Context, title string) page.Base {
	b := p.Base(c, title)
	b.NoIndex = true
	return b
}

// targetOf reads what an address of this site shows: a work, a studio, a
// collection, or a comment by its anchor. The zero value when it shows none of them.
func targetOf(address string) (t moderation.Target) {
	u, err := url.Parse(strings.TrimSpace(address))
	if err != nil {
		return t
	}
	path := u.Path
	if u.Host == "" && u.Scheme == "" && !strings.HasPrefix(path, "/") {
		// "vitrine.example/@studio" as people type it.
		_, path, _ = strings.Cut(path, "/")
		path = "/" + path
	}
	parts := strings.Split(strings.Trim(path, "/"), "/")
	if comment, ok := strings.CutPrefix(u.Fragment, commentAnchor); ok && id.ValidPublic(comment) {
		return moderation.Target{Comment: comment}
	}
	if len(parts) == 2 && (parts[0] == "embed" || parts[0] == "comments") && id.ValidPublic(parts[1]) {
		if parts[0] == "comments" {
			return moderation.Target{Comment: parts[1]}
		}
		return moderation.Target{Work: parts[1]}
	}
	slug, ok := strings.CutPrefix(parts[0], "@")
	switch {
	case !ok || slug == "":
		return t
	case len(parts) == 1:
		return moderation.Target{Studio: slug}
	case len(parts) == 3 && parts[1] == "c":
		if last := show.PublicID(parts[2]); id.ValidPublic(last) {
			return moderation.Target{Collection: last}
		}
	case len(parts) == 2:
		if last := show.PublicID(parts[1]); id.ValidPublic(last) {
			return moderation.Target{Work: last}
		}
	}
	return t
}

// commentAnchor begins the anchors of comments on the page of a work.
const commentAnchor = "c-"

// about is what is reported, as a form shows it.
type about struct {
	Kind, Title, Quote string
}

func aboutOf(s moderation.Subject) *about {
	a := &about{Title: s.Title, Quote: s.Quote}
	switch s.Kind {
	case moderation.OfWork:
		a.Kind = "The work"
	case moderation.OfComment:
		a.Kind = "A comment below"
	case moderation.OfCollection:
		a.Kind = "The collection"
	default:
		a.Kind = "The studio"
	}
	return a
}

// find resolves an address; the sentence says why it shows nothing.
func (p *Pages) find(c *Context, address string) (s moderation.Subject, problem string, err error) {
	target := targetOf(address)
	if target == (moderation.Target{}) {
		return s, "This is not the address of a work, a collection or a studio on " + page.Site + ". Copy it from the browser’s address bar.", nil
	}
	s, err = p.Moderation.Find(c.Ctx(), target)
	if fault.Is(err, fault.NotFound) {
		return s, "Nothing hangs at this address. It may be gone already.", nil
	}
	return s, "", err
}

// reportForm is the form of whoever reports something.
type reportForm struct {
	At      string // the address of what is reported
	About   *about // nil until it is known
	Ground  string
	Words   string
	Email   string
	Member  bool // no address is asked of a member
	Refusal views.Refusal
}

// keepAway is where a member keeps away whoever wrote what is reported, or the
// studio; empty for works and for visitors.
func (f reportForm) keepAway() string {
	t := targetOf(f.At)
	switch {
	case !f.Member || f.About == nil:
		return ""
	case t.Comment != "":
		return blocksPath + "/new?comment=" + t.Comment
	case t.Studio != "":
		return blocksPath + "/new?studio=" + url.QueryEscape(t.Studio)
	}
	return ""
}

func (f reportForm) grounds() ui.Select {
	s := ui.Select{Name: "ground", Label: "What is wrong with it?", Value: f.Ground, Error: f.Refusal.Fields["ground"], Required: true, Options: []ui.Option{{Value: "", Label: "Choose"}}}
	for _, g := range moderation.Grounds {
		s.Options = append(s.Options, ui.Option{Value: string(g), Label: g.Words()})
	}
	return s
}

// ShowReport is GET /report?at= or ?comment=: what is reported can be given.
func (p *Pages) ShowReport(c *Context) error {
	f := reportForm{At: c.Query("at"), Member: c.Viewer() != nil}
	if comment := c.Query("comment"); comment != "" {
		f.At = "#" + commentAnchor + comment
	}
	if f.At == "" {
		return p.reportPage(c, http.StatusOK, f)
	}
	s, problem, err := p.find(c, f.At)
	if err != nil {
		return err
	}
	if problem != "" {
		f.Refusal.Fields = map[string]string{"at": problem}
		return p.reportPage(c, http.StatusOK, f)
	}
	f.About = aboutOf(s)
	return p.reportPage(c, http.StatusOK, f)
}

func (p *Pages) reportPage(c *Context, status int, f reportForm) error {
	return c.Render(status, reportPage(p.base(c, "Report a work"), f))
}

// Report is POST /report. The same person about the same thing counts once.
func (p *Pages) Report(c *Context) error {
	if err := c.ParseForm(); err != nil {
		return err
	}
	f := reportForm{At: c.Form("at"), Ground: c.Form("ground"), Words: c.Form("words"), Email: c.Form("email"), Member: c.Viewer() != nil}
	s, problem, err := p.find(c, f.At)
	if err != nil {
		return err
	}
	if problem != "" {
		f.Refusal.Fields = map[string]string{"at": problem}
		return p.reportPage(c, http.StatusUnprocessableEntity, f)
	}
	f.About = aboutOf(s)
	form := moderation.Report{Subject: s, Email: f.Email, Ground: moderation.Ground(f.Ground), Words: f.Words}
	if v := c.Viewer(); v != nil {
		form.MemberID = v.UserID
	}
	if err := p.Moderation.Report(c.Ctx(), form); err != nil {
		var status int
		if f.Refusal, status, err = c.Refused(err); err != nil {
			return err
		}
		return p.reportPage(c, status, f)
	}
	c.Flash(page.Good, "Thank you. The moderators look at it, and nobody else learns that you wrote. You are told what becomes of it.")
	return c.SeeOther("/report")
}
