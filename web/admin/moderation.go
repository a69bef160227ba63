package admin

import (
	"net/http"
	"strconv"
	"strings"
	"time"

	"github.com/google/uuid"

	"vitrine/app/fault"
	"vitrine/app/moderation"
	"vitrine/app/works"
	"vitrine/web/show"
	"vitrine/web/site"
	"vitrine/web/ui"
	"vitrine/web/views"
)

const moderationPath = "/admin/moderation"

// queueView is what the queue shows.
type queueView struct {
	now     time.Time
	decided bool // the decisions, and not what waits
	load    moderation.Load
	items   []moderation.Item
	next    string
}

// ShowQueue is GET /admin/moderation?show=&after=: works that wait, the oldest
// first, or what was decided, the latest first.
func (p *Pages) ShowQueue(c *site.Context) error {
	v := queueView{now: p.Now(), decided: c.Query("show") == "decided"}
	list := p.Moderation.Queue
	if v.decided {
		list = p.Moderation.Decisions
	}
	items, next, err := list(c.Ctx(), moderation.ParsePlace(c.Query("after")))
	if err != nil {
		return err
	}
	if v.load, err = p.Moderation.Load(c.Ctx()); err != nil {
		return err
	}
	v.items = items
	if next.ID != uuid.Nil {
		v.next = v.path() + "after=" + next.String()
	}
	return c.Render(http.StatusOK, queuePage(p.base(c, "Moderation"), v))
}

func (v queueView) path() string {
	if v.decided {
		return moderationPath + "?show=decided&"
	}
	return moderationPath + "?"
}

// onward is where the next page leads: to newer questions, or older decisions.
func (v queueView) onward() string {
	if v.decided {
		return "Older"
	}
	return "Asked later"
}

func (v queueView) tabs() ui.Tabs {
	if v.decided {
		return deskTabs(deskDecidedPosts, v.load)
	}
	return deskTabs(deskPosts, v.load)
}

// line is a work in the queue.
type line struct {
	title, lang, url, by, since string
	picture                     *ui.Picture
	reasons                     []string
	badge                       ui.Badge
}

func (v queueView) lines() []line {
	out := make([]line, len(v.items))
	for i, item := range v.items {
		out[i] = lineOf(item, v.now)
	}
	return out
}

func lineOf(item moderation.Item, now time.Time) line {
	l := line{title: item.Work.Name(), lang: item.Work.Lang, url: moderationPath + "/" + item.ID.String(), badge: verdict(item.Review)}
	l.by = item.Studio.Name + ", by " + authorName(item)
	l.since = "asked " + ago(item.AskedAt, now).Text
	if item.DecidedAt != nil {
		l.since = "decided " + ago(*item.DecidedAt, now).Text
	}
	for _, f := range item.Findings {
		l.reasons = append(l.reasons, f.Sentence())
	}
	if !item.Cover.Empty() {
		pic := show.Picture(item.Cover, "", "", item.Work.CoverFocal)
		pic.Sizes = ui.SizesThumb
		l.picture = &pic
	}
	return l
}

func authorName(item moderation.Item) string {
	if item.Author.ID == uuid.Nil {
		return "somebody whose account is gone"
	}
	return item.Author.Name
}

func verdict(r moderation.Review) ui.Badge {
	switch r.State {
	case moderation.Approved:
		return ui.Badge{State: ui.Ready, Label: "Approved"}
	case moderation.Refused:
		return ui.Badge{State: ui.Failed, Label: "Refused"}
	case moderation.Withdrawn:
		return ui.Badge{Label: "Taken back"}
	}
	return ui.Badge{State: ui.Waiting, Label: "Waiting"}
}

// caseView is one work with the form that decides about it.
type caseView struct {
	moderation.Case
	now     time.Time
	by      string // who decided
	note    string // as it was typed
	refused views.Refusal
}

// ShowCase is GET /admin/moderation/{review}.
func (p *Pages) ShowCase(c *site.Context) error {
	return p.oneCase(c, http.StatusOK, views.Refusal{}, "")
}

func (p *Pages) oneCase(c *site.Context, status int, refused views.Refusal, note string) error {
	reviewID, err := idOf(c, "review")
	if err != nil {
		return err
	}
	found, err := p.Moderation.Case(c.Ctx(), reviewID)
	if err != nil {
		return err
	}
	v := caseView{Case: found, now: p.Now(), by: p.nameOf(c.Ctx(), found.DecidedBy), note: note, refused: refused}
	return c.Render(status, casePage(p.base(c, found.Work.Name()), v))
}

// Decide is POST /admin/moderation/{review}. The same decision twice is one.
func (p *Pages) Decide(c *site.Context) error {
	viewer, err := c.RequireViewer()
	if err != nil {
		return err
	}
	reviewID, err := idOf(c, "review")
	if err != nil {
		return err
	}
	if err := c.ParseForm(); err != nil {
		return err
	}
	version, _ := strconv.ParseInt(c.Form("version"), 10, 64) // one that cannot be read is no work's
	form := moderation.Decision{ReviewID: reviewID, Moderator: viewer.UserID, Note: c.Form("note"), Version: version}
	switch c.Form("decision") {
	case "approve":
		form.Approve = true
	case "refuse":
	default:
		return p.oneCase(c, http.StatusUnprocessableEntity, views.Refusal{Message: "Choose whether the work goes up."}, form.Note)
	}
	r, err := p.Moderation.Decide(c.Ctx(), form)
	if err != nil {
		if fault.Is(err, fault.NotFound) {
			return done(c, err, moderationPath, "")
		}
		refused, status, err := c.Refused(err)
		if err != nil {
			return err
		}
		return p.oneCase(c, status, refused, form.Note)
	}
	said := "Refused. The author reads why on the work's page and by mail."
	if r.State == moderation.Approved {
		said = "Approved. The work is open, and the author gets a mail."
	}
	return done(c, nil, moderationPath, said)
}

// waits tells whether there is something to decide.
func (v caseView) waits() bool { return v.State == moderation.Waiting }

func (v caseView) lead() string {
	if v.waits() {
		return "Asked " + ago(v.AskedAt, v.now).Text + ". Nobody outside its studio sees it until somebody decides."
	}
	said := verdict(v.Review).Label
	if v.DecidedAt != nil {
		said += " " + ago(*v.DecidedAt, v.now).Text
		if v.by != "" {
			said += " by " + v.by
		}
	}
	return said + "."
}

func (v caseView) askedWords() string {
	if v.waits() {
		return "Why a person is asked"
	}
	return "Why a person was asked"
}

func (v caseView) facts() ui.Facts {
	studio := ui.Fact{Term: "Studio", Links: []ui.FactLink{{Label: v.Studio.Name, URL: "/admin/studios/" + v.StudioID.String()}}}
	author := ui.Fact{Term: "Published by", Value: authorName(v.Item)}
	age := ui.Fact{Term: "Account", Value: "gone"}
	if v.Author.ID != uuid.Nil {
		author = ui.Fact{Term: "Published by", Links: []ui.FactLink{{Label: v.Author.Name + ", " + v.Author.Email, URL: "/admin/users/" + v.Author.ID.String()}}}
		age.Value = span(v.now.Sub(v.Author.CreatedAt)) + " old"
	}
	before := "none before this one"
	if v.Before > 0 {
		before = ui.Count(v.Before, "other work", "other works")
		if v.Before == works.PostsCounted {
			before = number(works.PostsCounted) + " works or more"
		}
	}
	return ui.Facts{studio, author, age, {Term: "Published there", Value: before}, {Term: "Signs", Value: ui.Count(v.Score, "point", "points") + "; from " + strconv.Itoa(moderation.HoldAt) + " on a person looks"},
		{Term: "Published as", Value: ui.State(v.Work.State).Word()}}
}

func (v caseView) reasons() (out []string) {
	for _, f := range v.Findings {
		out = append(out, f.Sentence())
	}
	return out
}

// plate is a picture of the work with its words.
type plate struct {
	picture ui.Picture
	film    *ui.Video
	words   string
}

func (v caseView) plates() (out []plate) {
	w := show.Work(works.Page{Work: v.Bench.Work, Items: v.Bench.Items}, v.Studio, v.Pictures)
	if w.Stage == nil {
		return nil
	}
	for _, each := range append([]views.Plate{*w.Stage}, w.Plates...) {
		one := plate{picture: each.Picture, film: each.Film, words: each.Caption}
		one.picture.Sizes = ui.SizesHalf
		one.picture.Priority = false
		if alt := each.Picture.Alt; alt != "" {
			one.words = strings.TrimSpace("Alt text: " + alt + "\n" + each.Caption)
		}
		out = append(out, one)
	}
	return out
}

func (v caseView) words() ui.Facts {
	var facts ui.Facts
	for _, f := range []ui.Fact{{Term: "Story", Value: v.Bench.Work.Story}, {Term: "Credits", Value: v.Bench.Work.Credits}, {Term: "Tags", Value: strings.Join(v.Bench.Work.Tags, ", ")}} {
		if f.Value != "" {
			facts = append(facts, f)
		}
	}
	return facts
}

func (v caseView) earlier() Grid {
	g := Grid{Caption: "Earlier", Columns: []Column{{Label: "Decision"}, {Label: "Reason"}, {Label: "When"}}}
	for _, r := range v.Earlier {
		badge := verdict(r)
		at := r.AskedAt
		if r.DecidedAt != nil {
			at = *r.DecidedAt
		}
		g.Rows = append(g.Rows, []Cell{{Badge: &badge}, text(r.Note), ago(at, v.now)})
	}
	return g
}

func (v caseView) version() string { return strconv.FormatInt(v.Work.Version, 10) }
