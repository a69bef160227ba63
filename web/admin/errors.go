package admin

import (
	"context"
	"net/http"
	"net/url"
	"time"

	"github.com/google/uuid"

	"vitrine/app/fault"
	"vitrine/app/platform/errlog"
	"vitrine/web/page"
	"vitrine/web/site"
	"vitrine/web/ui"
)

// errorList is what the list of errors shows.
type errorList struct {
	now            time.Time
	state          errlog.State
	groups         []errlog.Group
	open, resolved int64
	older          string
	log            errlog.Standing
	away           bool // the groups are those of this process's memory
}

// ShowErrors is GET /admin/errors?state=&after=: what went wrong, grouped, the
// latest first. While the database is away it shows what waits in memory.
func (p *Pages) ShowErrors(c *site.Context) error {
	list := errorList{now: p.Now(), state: errlog.Open, log: p.Errors.Standing()}
	if c.Query("state") == string(errlog.Resolved) {
		list.state = errlog.Resolved
	}
	ctx, cancel := context.WithTimeout(c.Ctx(), databasePatience)
	defer cancel()
	groups, next, err := p.Errors.Groups(ctx, list.state, c.Query("after"), perPage)
	if err == nil {
		list.open, list.resolved, err = p.Errors.Counts(ctx)
	}
	switch {
	case fault.Is(err, fault.Unavailable):
		list.groups, list.away = p.Errors.Waiting(), true
	case err != nil:
		return err
	default:
		list.groups = groups
	}
	if next != "" && !list.away {
		list.older = "/admin/errors?" + url.Values{"state": {string(list.state)}, "after": {next}}.Encode()
	}
	return c.Render(http.StatusOK, errorsPage(p.base(c, "Errors"), list))
}

// ShowError is GET /admin/errors/{error}.
func (p *Pages) ShowError(c *site.Context) error {
	f, err := idOf(c, "error")
	if err != nil {
		return err
	}
	g, err := p.Errors.Group(c.Ctx(), f)
	if err != nil {
		return err
	}
	return c.Render(http.StatusOK, errorPage(p.base(c, "Error"), g, p.nameOf(c.Ctx(), g.ResolvedBy), p.Now()))
}

// ResolveError is POST /admin/errors/{error}/resolve.
func (p *Pages) ResolveError(c *site.Context) error {
	return p.turnError(c, p.Errors.Resolve, "Resolved. When it comes again, it is open again.")
}

// ReopenError is POST /admin/errors/{error}/reopen.
func (p *Pages) ReopenError(c *site.Context) error {
	return p.turnError(c, p.Errors.Reopen, "Open again.")
}

func (p *Pages) turnError(c *site.Context, turn func(ctx context.Context, actor, f uuid.UUID) error, said string) error {
	viewer, err := c.RequireViewer()
	if err != nil {
		return err
	}
	f, err := idOf(c, "error")
	if err != nil {
		return err
	}
	if err := turn(c.Ctx(), viewer.UserID, f); err != nil {
		return err
	}
	c.Flash(page.Good, said)
	return c.SeeOther("/admin/errors")
}

// idOf reads an id out of the path; what is none is not found.
func idOf(c *site.Context, name string) (uuid.UUID, error) {
	v, err := uuid.Parse(c.Param(name))
	if err != nil {
		return uuid.Nil, fault.New(fault.NotFound, "")
	}
	return v, nil
}

// nameOf is a person's name, or what there is instead. A page does not fail for
// a name.
func (p *Pages) nameOf(ctx context.Context, person *uuid.UUID) string {
	if person == nil {
		return ""
	}
	found, err := p.Accounts.ByIDs(ctx, []uuid.UUID{*person})
	if u, ok := found[*person]; ok && err == nil {
		return u.Name
	}
	return "somebody whose account is gone"
}

// kindWords are the kinds as people read them.
func kindWords(k errlog.Kind) string {
	switch k {
	case errlog.Panicked:
		return "Panic"
	case errlog.Unavailable:
		return "Unavailable"
	case errlog.Task:
		return "Task failed"
	default:
		return "Internal"
	}
}

func kindBadge(k errlog.Kind) ui.Badge {
	if k == errlog.Unavailable {
		return ui.Badge{State: ui.Duplicate, Label: kindWords(k)}
	}
	return ui.Badge{State: ui.Failed, Label: kindWords(k)}
}

func (l errorList) tabs() ui.Tabs {
	if l.away {
		return ui.Tabs{Label: "State", Items: []ui.Tab{{Label: "In memory", URL: "/admin/errors", Count: len(l.groups), Current: true}}}
	}
	return ui.Tabs{Label: "State", Items: []ui.Tab{
		{Label: "Open", URL: "/admin/errors", Count: int(l.open), Current: l.state == errlog.Open},
		{Label: "Resolved", URL: "/admin/errors?state=resolved", Count: int(l.resolved), Current: l.state == errlog.Resolved},
	}}
}

func (l errorList) grid() Grid {
	g := Grid{Caption: "Errors", Columns: []Column{{Label: "Error"}, {Label: "Where"}, {Label: "Times", Number: true}, {Label: "First seen"}, {Label: "Last seen"}}}
	for _, e := range l.groups {
		badge := kindBadge(e.Kind)
		title := Cell{Text: e.Title, Badge: &badge}
		if !l.away {
			title.URL = "/admin/errors/" + e.Fingerprint.String()
		}
		if e.Reopened > 0 && e.State == errlog.Open {
			title.Note = "Came again after it was resolved" + times(e.Reopened)
		}
		g.Rows = append(g.Rows, []Cell{title, text(e.Place), count(e.Count), ago(e.FirstSeen, l.now), ago(e.LastSeen, l.now)})
	}
	return g
}

func times(n int) string {
	if n == 1 {
		return "."
	}
	return ", " + ui.Count(n, "time", "times") + "."
}

// logWords say how the log itself does, when not as it should.
func (l errorList) logWords() (out []string) {
	if l.log.Failure != "" {
		out = append(out, "Errors cannot be written to the database for "+span(l.now.Sub(l.log.Since))+" and wait in memory, at most 500 kinds of them ("+l.log.Failure+").")
	}
	if l.log.Dropped > 0 {
		out = append(out, ui.Count(int(l.log.Dropped), "occurrence was", "occurrences were")+" only counted since this process started, because more came at once than is looked at.")
	}
	if s := l.log.Sentry; s != nil && s.Failure != "" {
		out = append(out, "Sentry does not take events at the moment ("+s.Failure+"): "+ui.Count(int(s.Dropped), "was", "were")+" not sent, and all of them are here.")
	}
	return out
}

// errorFacts is what is known of one error.
func errorFacts(g errlog.Group, resolver string, now time.Time) ui.Facts {
	whenever := func(term string, at time.Time) ui.Fact {
		c := ago(at, now)
		return ui.Fact{Term: term, Value: c.Text + ", " + c.Note, Time: c.Time}
	}
	facts := ui.Facts{
		{Term: "Where", Value: g.Place},
		{Term: "Times", Value: number(g.Count)},
		whenever("First seen", g.FirstSeen),
		whenever("Last seen", g.LastSeen),
		{Term: "Version", Value: g.Version},
	}
	if g.ResolvedAt != nil {
		f := whenever("Resolved", *g.ResolvedAt)
		f.Value += ", by " + resolver
		facts = append(facts, f)
	}
	if g.Reopened > 0 {
		facts = append(facts, ui.Fact{Term: "Came again", Value: ui.Count(g.Reopened, "time", "times") + " after it was resolved"})
	}
	return facts
}
