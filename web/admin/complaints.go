package admin

import (
	"net/http"
	"time"

	"github.com/google/uuid"

	"vitrine/app/moderation"
	"vitrine/web/site"
	"vitrine/web/ui"
)

const (
	reportsPath = moderationPath + "/reports"
	answersPath = moderationPath + "/answers"
)

// desk is one of the lists of moderation.
type desk string

const (
	deskPosts          desk = moderationPath
	deskReports        desk = reportsPath
	deskAnswers        desk = answersPath
	deskDecidedPosts   desk = moderationPath + "?show=decided"
	deskDecidedReports desk = reportsPath + "?show=decided"
)

// deskTabs lead from one list to the others, with how much waits in each.
func deskTabs(at desk, load moderation.Load) ui.Tabs {
	tabs := ui.Tabs{Label: "Questions"}
	for _, d := range []struct {
		at    desk
		label string
		count int
	}{
		{deskPosts, "First posts", load.Posts}, {deskReports, "Reports", load.Complaints}, {deskAnswers, "Answers", load.Appeals},
		{deskDecidedPosts, "Decided posts", -1}, {deskDecidedReports, "Decided reports", -1},
	} {
		tabs.Items = append(tabs.Items, ui.Tab{Label: d.label, URL: string(d.at), Count: d.count, Current: d.at == at})
	}
	return tabs
}

// docket is a list of complaints or of answers.
type docket struct {
	at    desk
	load  moderation.Load
	lines []docketLine
	next  string
}

// docketLine is one of them.
type docketLine struct {
	title, kind, url, since, words string
	badges                         []ui.Badge
}

func (d docket) tabs() ui.Tabs { return deskTabs(d.at, d.load) }

func (d docket) empty() ui.Empty {
	switch d.at {
	case deskAnswers:
		return ui.Empty{Heading: "No answer waits", Text: "When an author answers a decision, it comes here once."}
	case deskDecidedReports:
		return ui.Empty{Heading: "Nothing was decided yet", Text: "What you and others decide is kept here, with the reasons."}
	}
	return ui.Empty{Heading: "Nothing is reported", Text: "What members and visitors report comes here, once for each work, comment, collection or studio."}
}

var subjectWords = map[moderation.Kind]string{moderation.OfWork: "Work", moderation.OfComment: "Comment", moderation.OfStudio: "Studio", moderation.OfCollection: "Collection"}

// ShowReports is GET /admin/moderation/reports?show=&after=: what is reported,
// the oldest first, or what was decided, the latest first. Two queries.
func (p *Pages) ShowReports(c *site.Context) error {
	d, list := docket{at: deskReports}, p.Moderation.Complaints
	if c.Query("show") == "decided" {
		d.at, list = deskDecidedReports, p.Moderation.Settled
	}
	rows, next, err := list(c.Ctx(), moderation.ParsePlace(c.Query("after")))
	if err != nil {
		return err
	}
	for _, r := range rows {
		d.lines = append(d.lines, complaintLine(r, p.Now()))
	}
	if next.ID != uuid.Nil {
		d.next = string(d.at) + "?after=" + next.String()
		if d.at == deskDecidedReports {
			d.next = string(d.at) + "&after=" + next.String()
		}
	}
	return p.docketPage(c, d)
}

func (p *Pages) docketPage(c *site.Context, d docket) (err error) {
	if d.load, err = p.Moderation.Load(c.Ctx()); err != nil {
		return err
	}
	return c.Render(http.StatusOK, docketPage(p.base(c, "Moderation"), d))
}

func complaintLine(r moderation.Complaint, now time.Time) docketLine {
	l := docketLine{title: r.Title, kind: subjectWords[r.Kind], url: reportsPath + "/" + r.ID.String(), words: r.Quote}
	l.since = ui.Count(r.Reports, "report", "reports") + ", the first " + ago(r.OpenedAt, now).Text
	if r.Claim != "" {
		l.badges = append(l.badges, ui.Badge{State: ui.Duplicate, Label: "Claim"})
	}
	switch r.Stage {
	case moderation.Acted:
		l.badges = append(l.badges, ui.Badge{State: ui.Failed, Label: "Acted"})
	case moderation.Dismissed:
		l.badges = append(l.badges, ui.Badge{State: ui.Ready, Label: "Dismissed"})
	default:
		l.badges = append(l.badges, ui.Badge{State: ui.Waiting})
	}
	if r.DecidedAt != nil {
		l.since = "decided " + ago(*r.DecidedAt, now).Text
	}
	return l
}

// ShowAnswers is GET /admin/moderation/answers?after=: what authors answered, the
// oldest first. Three queries.
func (p *Pages) ShowAnswers(c *site.Context) error {
	rows, next, err := p.Moderation.Appeals(c.Ctx(), moderation.ParsePlace(c.Query("after")))
	if err != nil {
		return err
	}
	d := docket{at: deskAnswers}
	for _, r := range rows {
		d.lines = append(d.lines, docketLine{
			title: r.Title, kind: subjectWords[r.Kind], url: reportsPath + "/" + r.ComplaintID.String() + "#a-" + r.ID.String(), words: r.Appeal.Words,
			since: "answered " + ago(r.Appeal.At, p.Now()).Text, badges: []ui.Badge{{State: ui.Waiting, Label: measureLabels[r.Measure]}},
		})
	}
	if next.ID != uuid.Nil {
		d.next = answersPath + "?after=" + next.String()
	}
	return p.docketPage(c, d)
}

// measureLabels are what a moderator chooses from, and what was done.
var measureLabels = map[moderation.Measure]string{
	moderation.Hide: "Take it down", moderation.Cover: "Mark it as sensitive", moderation.Warn: "Warn its author",
	moderation.Suspend: "Suspend the studio", moderation.Dismiss: "Dismiss the reports",
}
