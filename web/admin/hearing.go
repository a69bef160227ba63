package admin

import (
	"net/http"
	"slices"
	"time"

	"github.com/google/uuid"

	"vitrine/app/accounts"
	"vitrine/app/fault"
	"vitrine/app/moderation"
	"vitrine/web/show"
	"vitrine/web/site"
	"vitrine/web/ui"
	"vitrine/web/views"
)

// hearingView is one complaint with the forms that decide about it.
type hearingView struct {
	moderation.Hearing
	now     time.Time
	verdict moderation.Verdict // as it was typed
	ruling  moderation.Ruling
	refused views.Refusal
}

// ShowHearing is GET /admin/moderation/reports/{complaint}.
func (p *Pages) ShowHearing(c *site.Context) error {
	return p.hearing(c, http.StatusOK, hearingView{})
}

func (p *Pages) hearing(c *site.Context, status int, v hearingView) (err error) {
	complaintID, err := idOf(c, "complaint")
	if err != nil {
		return err
	}
	if v.Hearing, err = p.Moderation.Hearing(c.Ctx(), complaintID); err != nil {
		return err
	}
	v.now = p.Now()
	return c.Render(status, hearingPage(p.base(c, v.Title), v))
}

// Act is POST /admin/moderation/reports/{complaint}. The same decision twice is
// one.
func (p *Pages) Act(c *site.Context) error {
	viewer, err := c.RequireViewer()
	if err != nil {
		return err
	}
	complaintID, err := idOf(c, "complaint")
	if err != nil {
		return err
	}
	if err := c.ParseForm(); err != nil {
		return err
	}
	form := moderation.Verdict{ComplaintID: complaintID, Moderator: viewer.UserID, Measure: moderation.Measure(c.Form("measure")), Reason: c.Form("reason")}
	if err := p.Moderation.Act(c.Ctx(), form); err != nil {
		if fault.Is(err, fault.NotFound) {
			return done(c, err, reportsPath, "")
		}
		refused, status, err := c.Refused(err)
		if err != nil {
			return err
		}
		return p.hearing(c, status, hearingView{verdict: form, refused: refused})
	}
	said := "Done. The author reads why in the studio and by mail, and can answer once. Those who reported are told what was done, not why."
	if form.Measure == moderation.Dismiss {
		said = "Dismissed. Those who reported are told that it stays; its author hears nothing."
	}
	return done(c, nil, reportsPath, said)
}

// Rule is POST /admin/moderation/reports/{complaint}/answers/{action}. The same
// decision twice is one.
func (p *Pages) Rule(c *site.Context) error {
	viewer, err := c.RequireViewer()
	if err != nil {
		return err
	}
	actionID, err := idOf(c, "action")
	if err != nil {
		return err
	}
	if err := c.ParseForm(); err != nil {
		return err
	}
	form := moderation.Ruling{
		ActionID: actionID, Moderator: viewer.UserID, Outcome: moderation.Outcome(c.Form("outcome")), Measure: moderation.Measure(c.Form("measure")), Reason: c.Form("answer"),
	}
	if err := p.Moderation.Rule(c.Ctx(), form); err != nil {
		if fault.Is(err, fault.NotFound) {
			return done(c, err, answersPath, "")
		}
		refused, status, err := c.Refused(err)
		if err != nil {
			return err
		}
		return p.hearing(c, status, hearingView{ruling: form, refused: refused})
	}
	return done(c, nil, answersPath, "Done. The author reads it in the studio and by mail.")
}

func (v hearingView) lead() string {
	said := subjectWords[v.Kind] + " of “" + v.Studio.Name + "”, "
	if v.Kind == moderation.OfStudio {
		said = "Studio, "
	}
	said += ui.Count(v.Reports, "report", "reports") + ", the first " + ago(v.OpenedAt, v.now).Text + "."
	if v.DecidedAt != nil {
		said += " Decided " + ago(*v.DecidedAt, v.now).Text + " by " + v.name(v.DecidedBy) + "."
	}
	return said
}

// name is a person's, or what stands in its place.
func (v hearingView) name(who *uuid.UUID) string {
	if who != nil {
		if u := v.People[*who]; u.ID != uuid.Nil {
			return u.Name
		}
	}
	return "somebody whose account is gone"
}

func (v hearingView) waits() bool { return v.Stage == moderation.Open }

// plates are the pictures of the work.
func (v hearingView) plates() []plate {
	if v.Bench.Work.ID == uuid.Nil {
		return nil
	}
	return caseView{Case: moderation.Case{Bench: v.Bench, Pictures: v.Pictures, Item: moderation.Item{Studio: v.Studio}}}.plates()
}

// said is what stands in the work beside its pictures.
func (v hearingView) said() ui.Facts {
	return caseView{Case: moderation.Case{Bench: v.Bench}}.words()
}

func (v hearingView) facts() ui.Facts {
	f := ui.Facts{{Term: "Studio", Links: []ui.FactLink{{Label: v.Studio.Name, URL: "/admin/studios/" + v.StudioID.String()}}}}
	if v.Kind == moderation.OfCollection {
		return append(f, v.shelf()...)
	}
	if v.Kind != moderation.OfStudio && v.Work.ID == uuid.Nil {
		return append(f, ui.Fact{Term: "Work", Value: "deleted since"})
	}
	if v.Work.ID != uuid.Nil {
		state := ui.State(v.Work.State).Word()
		if words := show.HiddenWords(v.Work); words != "" {
			state += ", " + words
		}
		f = append(f, ui.Fact{Term: "Work", Value: state})
		if v.Work.Visible() {
			f = append(f, ui.Fact{Term: "Page", Links: []ui.FactLink{{Label: "As visitors see it", URL: show.WorkPath(v.Studio.Slug, v.Work.Slug, v.Work.PublicID)}}})
		}
		if v.Work.Sensitive {
			f = append(f, ui.Fact{Term: "Marked", Value: "sensitive"})
		}
	}
	if v.AuthorID != uuid.Nil {
		f = append(f, personFact("Written by", v.People[v.AuthorID]))
	}
	return f
}

// quoted is the heading above what was reported, word for word.
func (v hearingView) quoted() string {
	if v.Kind == moderation.OfCollection {
		return "What stands below its title"
	}
	return "What the comment said"
}

// shelf is how the collection stands now. Its title may be another by now.
func (v hearingView) shelf() ui.Facts {
	switch c := v.Shelf; {
	case c.ID == uuid.Nil:
		return ui.Facts{{Term: "Collection", Value: "deleted since"}}
	case c.Hidden:
		return ui.Facts{{Term: "Collection", Value: c.Title + ", taken down"}}
	case !c.Shown:
		return ui.Facts{{Term: "Collection", Value: c.Title + ", not shown by its studio"}}
	default:
		return ui.Facts{{Term: "Collection", Value: c.Title}, {Term: "Page", Links: []ui.FactLink{{Label: "As visitors see it", URL: show.CollectionPath(v.Studio.Slug, c.Slug, c.PublicID)}}}}
	}
}

func personFact(term string, u accounts.User) ui.Fact {
	if u.ID == uuid.Nil {
		return ui.Fact{Term: term, Value: "somebody whose account is gone"}
	}
	return ui.Fact{Term: term, Links: []ui.FactLink{{Label: u.Name + ", " + u.Email, URL: "/admin/users/" + u.ID.String()}}}
}

// told is the list of reports.
func (v hearingView) told() Grid {
	g := Grid{Caption: "Reports", Columns: []Column{{Label: "What"}, {Label: "By"}, {Label: "When"}}}
	for _, t := range v.Told {
		by := Cell{Text: "Visitor", Note: t.Email}
		if t.ReporterID != nil {
			by = Cell{Text: v.name(t.ReporterID), Note: "member", URL: "/admin/users/" + t.ReporterID.String()}
		}
		g.Rows = append(g.Rows, []Cell{{Text: t.Ground.Words(), Note: t.Words}, by, ago(t.At, v.now)})
	}
	return g
}

// claimFacts are what a rights holder stated, word for word.
func claimFacts(c moderation.Claim) ui.Facts {
	return ui.Facts{
		{Term: "Number", Value: c.Number}, {Term: "Filed", Value: c.At.UTC().Format("2 January 2006, 15:04") + " UTC", Time: c.At.UTC().Format(time.RFC3339)},
		{Term: "Page", Value: c.Page}, {Term: "What is theirs", Value: c.Owned}, {Term: "Statement", Value: c.Statement},
		{Term: "Name", Value: c.Name}, {Term: "Holder", Value: c.Holder}, {Term: "Email", Value: c.Email}, {Term: "Contact", Value: c.Contact},
		{Term: "Signature", Value: c.Signature + ", who stated that all of it is accurate, in good faith, and theirs to claim"},
	}
}

// measureField is the choice of what is to happen.
func (v hearingView) measureField(id string, chosen moderation.Measure, but ...moderation.Measure) ui.Select {
	s := ui.Select{Name: "measure", ID: id, Label: "What is to happen", Value: string(chosen), Required: len(but) == 0, Options: []ui.Option{{Value: "", Label: "Choose"}}}
	for _, m := range moderation.Measures(v.Kind) {
		if !slices.Contains(but, m) {
			s.Options = append(s.Options, ui.Option{Value: string(m), Label: measureLabels[m]})
		}
	}
	return s
}

func (v hearingView) verdictField() ui.Select {
	s := v.measureField("measure", v.verdict.Measure)
	if v.ruling.ActionID == uuid.Nil {
		s.Error = v.refused.Fields["measure"]
	}
	return s
}

// outcomeField is what becomes of an action that was answered.
func (v hearingView) outcomeField(a moderation.ActionWithAppeal) ui.Select {
	s := ui.Select{Name: "outcome", ID: "outcome-" + a.ID.String(), Label: "What becomes of it", Required: true, Options: []ui.Option{
		{Value: "", Label: "Choose"}, {Value: string(moderation.Kept), Label: "It stands"}, {Value: string(moderation.Lifted), Label: "Take it back"},
		{Value: string(moderation.Changed), Label: "Something else instead"},
	}}
	if v.ruling.ActionID == a.ID {
		s.Value, s.Error = string(v.ruling.Outcome), v.refused.Fields["outcome"]
	}
	return s
}

func (v hearingView) insteadField(a moderation.ActionWithAppeal) ui.Select {
	s := v.measureField("instead-"+a.ID.String(), "", moderation.Dismiss, a.Measure)
	s.Label, s.Note = "Which instead", "if something else"
	if v.ruling.ActionID == a.ID {
		s.Value, s.Error = string(v.ruling.Measure), v.refused.Fields["measure"]
	}
	return s
}

func (v hearingView) answerField(a moderation.ActionWithAppeal) ui.TextArea {
	f := ui.TextArea{Name: "answer", ID: "answer-" + a.ID.String(), Label: "Reason", Hint: "The author reads it.", Rows: 3, Required: true, MaxLength: moderation.NoteLimit}
	if v.ruling.ActionID == a.ID {
		f.Value, f.Error = v.ruling.Reason, v.refused.Fields["answer"]
	}
	return f
}

// done says what an action was, when and by whom.
func (v hearingView) done(a moderation.ActionWithAppeal) string {
	return measureLabels[a.Measure] + ": by " + v.name(&a.ActedBy) + ", " + ago(a.ActedAt, v.now).Text + "."
}

// outcome says what became of an answer.
func (v hearingView) outcome(a moderation.ActionWithAppeal) string {
	words := map[moderation.Outcome]string{moderation.Kept: "It stands", moderation.Lifted: "It was taken back", moderation.Changed: "Something else took its place"}
	if a.Appeal.AnsweredAt == nil {
		return ""
	}
	return words[a.Appeal.Outcome] + ": by " + v.name(a.Appeal.AnsweredBy) + ", " + ago(*a.Appeal.AnsweredAt, v.now).Text + "."
}
