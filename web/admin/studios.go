package admin

import (
	"net/http"
	"time"

	"github.com/google/uuid"

	"vitrine/app/accounts"
	"vitrine/app/fault"
	"vitrine/app/moderation"
	"vitrine/app/platform/audit"
	"vitrine/app/studios"
	"vitrine/web/show"
	"vitrine/web/site"
	"vitrine/web/ui"
)

const studiosPath = "/admin/studios"

// studiosView is what the list of studios shows.
type studiosView struct {
	sieve
	now   time.Time
	list  []studios.Entry
	older string
}

// ShowStudios is GET /admin/studios?q=&suspended=&after=: studios, the newest
// first.
func (p *Pages) ShowStudios(c *site.Context) error {
	v := studiosView{sieve: sieveOf(c, studiosPath), now: p.Now()}
	at, id := placeOf(c.Query("after"))
	list, next, err := p.Studios.Find(c.Ctx(), studios.Search{Text: v.text, Suspended: v.suspended}, studios.Place{At: at, ID: id})
	if err != nil {
		return err
	}
	v.list = list
	if next.ID != uuid.Nil {
		v.older = v.address(afterOf(next.At, next.ID))
	}
	return c.Render(http.StatusOK, studiosPage(p.base(c, "Studios"), v))
}

func (v studiosView) grid() Grid {
	g := Grid{Caption: "Studios", Columns: []Column{{Label: "Studio"}, {Label: "Address"}, {Label: "State"}, {Label: "Since"}}}
	for _, st := range v.list {
		g.Rows = append(g.Rows, []Cell{{Text: st.Name, URL: studiosPath + "/" + st.ID.String()}, text("@" + st.Slug), studioState(st), ago(st.CreatedAt, v.now)})
	}
	return g
}

func studioState(st studios.Entry) Cell {
	state := standing(st.SuspendedAt)
	switch {
	case st.Demo:
		state.Note = "demo"
	case st.ClosingAt != nil:
		state.Note = "ends on " + st.ClosingAt.Format("2 January 2006")
	}
	return state
}

// studioView is one studio.
type studioView struct {
	studios.Entry
	now     time.Time
	works   int // that everybody can see
	members []studios.Member
	people  map[uuid.UUID]accounts.User
	acts    []audit.Row
	names   auditNames
	form    suspendForm
}

// shownMembers is how many members of a studio are listed, those of the highest
// roles.
const shownMembers = 200

// ShowStudio is GET /admin/studios/{studio}.
func (p *Pages) ShowStudio(c *site.Context) error {
	return p.oneStudio(c, http.StatusOK, suspendForm{})
}

func (p *Pages) oneStudio(c *site.Context, status int, form suspendForm) error {
	studioID, err := idOf(c, "studio")
	if err != nil {
		return err
	}
	v := studioView{now: p.Now(), form: form}
	if v.Entry, err = p.Studios.EntryByID(c.Ctx(), studioID); err != nil {
		return err
	}
	if v.members, _, err = p.Studios.Roll(c.Ctx(), studioID, studios.Seat{}, shownMembers); err != nil {
		return err
	}
	ids := make([]uuid.UUID, len(v.members))
	for i, m := range v.members {
		ids[i] = m.UserID
	}
	if v.people, err = p.Accounts.ByIDs(c.Ctx(), ids); err != nil {
		return err
	}
	if v.works, err = p.Moderation.PublicWorks(c.Ctx(), studioID); err != nil {
		return err
	}
	if v.acts, err = p.Audit(c.Ctx(), audit.Filter{StudioID: studioID}, uuid.Nil, acts); err != nil {
		return err
	}
	if v.names, err = p.auditNames(c.Ctx(), v.acts); err != nil {
		return err
	}
	return c.Render(status, studioPage(p.base(c, v.Name), v))
}

// SuspendStudio is POST /admin/studios/{studio}/suspend.
func (p *Pages) SuspendStudio(c *site.Context) error {
	viewer, err := c.RequireViewer()
	if err != nil {
		return err
	}
	studioID, err := idOf(c, "studio")
	if err != nil {
		return err
	}
	if err := c.ParseForm(); err != nil {
		return err
	}
	form := suspendForm{reason: c.Form("reason")}
	err = p.Moderation.SuspendStudio(c.Ctx(), studioID, moderation.Suspension{By: viewer.UserID, Reason: form.reason})
	if fault.Is(err, fault.Invalid) {
		var status int
		if form.refused, status, err = c.Refused(err); err != nil {
			return err
		}
		return p.oneStudio(c, status, form)
	}
	if fault.Is(err, fault.NotFound) {
		return done(c, err, studiosPath, "")
	}
	return done(c, err, studiosPath+"/"+studioID.String(), "Suspended. Its pages, works and files are gone for everybody outside, and its owner gets a mail with your reason.")
}

// RestoreStudio is POST /admin/studios/{studio}/restore.
func (p *Pages) RestoreStudio(c *site.Context) error {
	viewer, err := c.RequireViewer()
	if err != nil {
		return err
	}
	studioID, err := idOf(c, "studio")
	if err != nil {
		return err
	}
	err = p.Moderation.RestoreStudio(c.Ctx(), studioID, viewer.UserID)
	if fault.Is(err, fault.NotFound) {
		return done(c, err, studiosPath, "")
	}
	return done(c, err, studiosPath+"/"+studioID.String(), "Restored. What was public is public again, and the owner gets a mail.")
}

func (v studioView) facts() ui.Facts {
	since := ago(v.CreatedAt, v.now)
	address := ui.Fact{Term: "Address", Value: "@" + v.Slug}
	if v.SuspendedAt == nil {
		address = ui.Fact{Term: "Address", Links: []ui.FactLink{{Label: "@" + v.Slug, URL: show.StudioPath(v.Slug)}}}
	}
	f := ui.Facts{address, {Term: "Here since", Value: since.Text + ", " + since.Note, Time: since.Time}, {Term: "Public works", Value: number(int64(v.works))}}
	if v.Demo {
		f = append(f, ui.Fact{Term: "Kind", Value: "demo data"})
	}
	if v.PersonalOf != nil {
		f = append(f, ui.Fact{Term: "Kind", Value: "somebody's own studio"})
	}
	if v.ClosingAt != nil {
		f = append(f, ui.Fact{Term: "Ends", Value: v.ClosingAt.Format("2 January 2006")})
	}
	return f
}

func (v studioView) memberGrid() Grid {
	g := Grid{Caption: "Members", Columns: []Column{{Label: "Name"}, {Label: "Address"}, {Label: "Role"}, {Label: "Since"}}, Empty: "Nobody belongs to it."}
	for _, m := range v.members {
		u, ok := v.people[m.UserID]
		if !ok {
			u.Name = "somebody whose account is gone"
		}
		who := text(u.Name)
		if ok {
			who.URL = usersPath + "/" + m.UserID.String()
		}
		g.Rows = append(g.Rows, []Cell{who, text(u.Email), text(string(m.Role)), ago(m.JoinedAt, v.now)})
	}
	return g
}
