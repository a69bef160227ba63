package report

import (
	"net/http"
	"time"

	"github.com/google/uuid"

	"vitrine/app/fault"
	"vitrine/app/moderation"
	"vitrine/app/studios"
	"vitrine/web/page"
	"vitrine/web/show"
	"vitrine/web/ui"
	"vitrine/web/views"
)

// decisions is a list of what moderators did, for whoever answers for it.
type decisions struct {
	Path    string // of the list
	List    []decision
	Claims  []claim
	Pages   ui.Pages
	Refused views.Refusal
	Failed  string // the action whose answer was refused
	Words   string // and what was typed
	Mine    bool   // of a person, not of a studio
}

// decision is one line of it.
type decision struct {
	ID, What, Title, URL string
	Quote, Reason        string
	When, Machine        string
	Badge                ui.Badge
	Answerable           bool // by this viewer
	Answer, AnsweredWhen string
	Outcome              string // what became of the answer, in a sentence
	Reply                string // of the moderators
}

// claim is what a rights holder states about a work.
type claim struct {
	Title, URL, Claimant, Words, When, Machine, Stands string
}

func day(t time.Time) string     { return t.UTC().Format("2 January 2006") }
func machine(t time.Time) string { return t.UTC().Format(time.RFC3339) }

// measureWords say what was done, after the name of the thing.
var measureWords = map[moderation.Measure]struct{ did, badge string }{
	moderation.Hide:    {"was taken from every page", "Hidden"},
	moderation.Cover:   {"was marked as sensitive: visitors see it when they ask", "Covered"},
	moderation.Warn:    {"stays, with a warning", "Warning"},
	moderation.Suspend: {"led to the suspension of the studio", "Suspended"},
}

func decisionOf(a moderation.ActionWithAppeal, slug string, mayAnswer bool) decision {
	words := measureWords[a.Measure]
	d := decision{
		ID: a.ID.String(), What: words.did + ".", Title: a.Title, Quote: a.Quote, Reason: a.Reason, When: day(a.ActedAt), Machine: machine(a.ActedAt),
		Badge: ui.Badge{State: ui.Failed, Label: words.badge}, Answerable: mayAnswer && a.Answerable(),
	}
	if a.Kind == moderation.OfWork && slug != "" {
		d.URL = show.EditPath(slug, a.PublicID)
	}
	if a.Kind == moderation.OfCollection {
		d.Title = "Collection “" + a.Title + "”"
		if slug != "" {
			d.URL = show.EditCollectionPath(slug, a.PublicID)
		}
	}
	if a.Kind == moderation.OfComment {
		d.Title = "Your comment below “" + a.Title + "”"
	}
	if a.LiftedAt != nil {
		d.Badge = ui.Badge{State: ui.Ready, Label: "Taken back"}
	}
	if ap := a.Appeal; ap != nil {
		d.Answer, d.AnsweredWhen, d.Reply = ap.Words, day(ap.At), ap.Answer
		switch ap.Outcome {
		case moderation.Kept:
			d.Outcome = "The moderators looked again, and their decision stands:"
		case moderation.Lifted:
			d.Outcome = "The moderators looked again, and took their decision back:"
		case moderation.Changed:
			d.Outcome = "The moderators looked again, and decided otherwise, which stands above:"
		default:
			d.Outcome = "The moderators look at it again; usually within a day."
		}
	}
	return d
}

func claimOf(x moderation.Complaint, slug string) claim {
	c := claim{Title: x.Title, URL: show.EditPath(slug, x.PublicID), Claimant: x.Claimant, Words: x.Claim, When: day(x.OpenedAt), Machine: machine(x.OpenedAt)}
	switch x.Stage {
	case moderation.Open:
		c.Stands = "The moderators look at it. The work stays until they decide."
	case moderation.Dismissed:
		c.Stands = "The moderators looked at it and left the work as it is."
	default:
		c.Stands = "The moderators acted on it; their reason is below."
	}
	return c
}

func (d decisions) empty() ui.Empty {
	if d.Mine {
		return ui.Empty{Heading: "Nothing was decided about you", Text: "When moderators take one of your comments down, their reason is here, and you can answer it."}
	}
	return ui.Empty{Heading: "Nothing was decided about this studio", Text: "When moderators act on a report about one of its works, their reason is here, and you can answer it."}
}

// ShowStudioReports is GET /studio/{slug}/reports: everybody in the studio reads
// what was decided about it; editors answer.
func (p *Pages) ShowStudioReports(c *Context) error {
	return p.studioReports(c, http.StatusOK, decisions{})
}

func (p *Pages) studioReports(c *Context, status int, d decisions) error {
	m := c.Member()
	if err := m.Role.Check(studios.SeeStudio); err != nil {
		return err
	}
	d.Path = "/studio/" + m.Slug + "/reports"
	from := moderation.ParsePlace(c.Query("after"))
	list, next, err := p.Moderation.ActionsIn(c.Ctx(), m.StudioID, from)
	if err != nil {
		return err
	}
	d.fill(list, m.Slug, m.Role.Can(studios.AnswerReports), from, next)
	if from.ID == uuid.Nil {
		claims, err := p.Moderation.ClaimsIn(c.Ctx(), m.StudioID)
		if err != nil {
			return err
		}
		for _, x := range claims {
			d.Claims = append(d.Claims, claimOf(x, m.Slug))
		}
	}
	b := p.base(c, "Reports about "+m.Name)
	b.Nav = page.NavStudio
	return c.Render(status, studioReportsPage(b, show.Room(m.Slug, m.Name, m.Role, views.RoomReports), d))
}

func (d *decisions) fill(list []moderation.ActionWithAppeal, slug string, mayAnswer bool, from, next moderation.Place) {
	for _, a := range list {
		d.List = append(d.List, decisionOf(a, slug, mayAnswer))
	}
	if next.ID != uuid.Nil {
		d.Pages.OlderURL = d.Path + "?after=" + next.String()
	}
	if from.ID != uuid.Nil {
		d.Pages.NewerURL, d.Pages.Newer = d.Path, "Newest"
	}
}

// ShowMyReports is GET /me/reports: what was decided about the person's comments.
func (p *Pages) ShowMyReports(c *Context) error { return p.myReports(c, http.StatusOK, decisions{}) }

func (p *Pages) myReports(c *Context, status int, d decisions) error {
	v, err := c.RequireViewer()
	if err != nil {
		return err
	}
	d.Path, d.Mine = "/me/reports", true
	from := moderation.ParsePlace(c.Query("after"))
	list, next, err := p.Moderation.ActionsAbout(c.Ctx(), v.UserID, from)
	if err != nil {
		return err
	}
	d.fill(list, "", true, from, next)
	return c.Render(status, myReportsPage(p.base(c, "Decisions about you"), d))
}

// AnswerStudio is POST /studio/{slug}/reports/{action}.
func (p *Pages) AnswerStudio(c *Context) error {
	m := c.Member()
	if err := m.Role.Check(studios.AnswerReports); err != nil {
		return err
	}
	return p.answer(c, m.StudioID, "/studio/"+m.Slug+"/reports", p.studioReports)
}

// AnswerMine is POST /me/reports/{action}.
func (p *Pages) AnswerMine(c *Context) error {
	return p.answer(c, uuid.Nil, "/me/reports", p.myReports)
}

func (p *Pages) answer(c *Context, studioID uuid.UUID, back string, again func(*Context, int, decisions) error) error {
	v, err := c.RequireViewer()
	if err != nil {
		return err
	}
	actionID, err := uuid.Parse(c.Param("action"))
	if err != nil {
		return fault.Caused(fault.NotFound, "", err)
	}
	if err := c.ParseForm(); err != nil {
		return err
	}
	words := c.Form("words")
	if err := p.Moderation.Answer(c.Ctx(), moderation.Answer{ActionID: actionID, StudioID: studioID, UserID: v.UserID, Words: words}); err != nil {
		refused, status, err := c.Refused(err)
		if err != nil {
			return err
		}
		return again(c, status, decisions{Refused: refused, Failed: actionID.String(), Words: words})
	}
	c.Flash(page.Good, "Your answer is with the moderators. What becomes of it is told here and by mail.")
	return c.SeeOther(back)
}

// refusal is what stands above the list: the field says the rest.
func (d decisions) refusal() views.Refusal {
	if d.Failed != "" && d.has(d.Failed) && len(d.Refused.Fields) > 0 {
		return views.Refusal{}
	}
	return d.Refused
}

func (d decisions) has(id string) bool {
	for _, one := range d.List {
		if one.ID == id {
			return true
		}
	}
	return false
}

// typed and problem give an answer back that was refused.
func (d decisions) typed(one decision) string {
	if d.Failed == one.ID {
		return d.Words
	}
	return ""
}

func (d decisions) problem(one decision) string {
	if d.Failed == one.ID {
		return d.Refused.Fields["words"]
	}
	return ""
}
