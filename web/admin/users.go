package admin

import (
	"net/http"
	"net/url"
	"time"

	"github.com/google/uuid"

	"vitrine/app/accounts"
	"vitrine/app/fault"
	"vitrine/app/moderation"
	"vitrine/app/platform/audit"
	"vitrine/app/platform/keyset"
	"vitrine/app/studios"
	"vitrine/web/page"
	"vitrine/web/site"
	"vitrine/web/ui"
	"vitrine/web/views"
)

const usersPath = "/admin/users"

// sieve is the form above the lists of people and studios.
type sieve struct {
	path, text string
	suspended  bool
}

func sieveOf(c *site.Context, path string) sieve {
	return sieve{path: path, text: c.Query("q"), suspended: c.Query("suspended") != ""}
}

// address is the list with that sieve from a place on.
func (s sieve) address(after string) string {
	q := url.Values{}
	if s.text != "" {
		q.Set("q", s.text)
	}
	if s.suspended {
		q.Set("suspended", "on")
	}
	if after != "" {
		q.Set("after", after)
	}
	if len(q) == 0 {
		return s.path
	}
	return s.path + "?" + q.Encode()
}

func (s sieve) tabs() ui.Tabs {
	all, shut := s, s
	all.suspended, shut.suspended = false, true
	return ui.Tabs{Label: "Which ones", Items: []ui.Tab{
		{Label: "All", URL: all.address(""), Count: -1, Current: !s.suspended}, {Label: "Suspended", URL: shut.address(""), Count: -1, Current: s.suspended},
	}}
}

// emptyWords says why a list has nothing.
func (s sieve) emptyWords(searched, suspended string) string {
	if s.text != "" {
		return searched
	}
	return suspended
}

// link is the audit with that sieve.
func (s auditSift) link() string { return s.address(uuid.Nil) }

// placeOf and afterOf write and read where a page of a list begins.
func placeOf(after string) (at time.Time, id uuid.UUID) {
	micro, id, ok := keyset.Decode(after)
	if !ok {
		return time.Time{}, uuid.Nil
	}
	return time.UnixMicro(int64(micro)).UTC(), id //nolint:gosec // wraps to a date that matches nothing
}

func afterOf(at time.Time, id uuid.UUID) string {
	if id == uuid.Nil {
		return ""
	}
	return keyset.Encode(uint64(at.UnixMicro()), id) //nolint:gosec // dates after 1970
}

// usersView is what the list of people shows.
type usersView struct {
	sieve
	now   time.Time
	list  []accounts.Entry
	older string
}

// ShowUsers is GET /admin/users?q=&suspended=&after=: people, the newest first.
func (p *Pages) ShowUsers(c *site.Context) error {
	v := usersView{sieve: sieveOf(c, usersPath), now: p.Now()}
	at, id := placeOf(c.Query("after"))
	list, next, err := p.Accounts.Find(c.Ctx(), accounts.Search{Text: v.text, Suspended: v.suspended}, accounts.Place{At: at, ID: id})
	if err != nil {
		return err
	}
	v.list = list
	if next.ID != uuid.Nil {
		v.older = v.address(afterOf(next.At, next.ID))
	}
	return c.Render(http.StatusOK, usersPage(p.base(c, "Users"), v))
}

func (v usersView) grid() Grid {
	g := Grid{Caption: "People", Columns: []Column{{Label: "Name"}, {Label: "Address"}, {Label: "State"}, {Label: "Since"}}}
	for _, u := range v.list {
		state := standing(u.SuspendedAt)
		if u.Admin {
			state.Note = "runs this site"
		}
		g.Rows = append(g.Rows, []Cell{{Text: u.Name, URL: usersPath + "/" + u.ID.String()}, text(u.Email), state, ago(u.CreatedAt, v.now)})
	}
	return g
}

func standing(suspended *time.Time) Cell {
	if suspended != nil {
		return Cell{Badge: &ui.Badge{State: ui.Failed, Label: "Suspended"}}
	}
	return Cell{Badge: &ui.Badge{State: ui.Ready, Label: "Open"}}
}

// userView is one person.
type userView struct {
	accounts.Dossier
	now     time.Time
	self    bool
	studios []studios.Membership
	owned   int
	acts    []audit.Row // of them and about them
	names   auditNames
	second  bool // has a second factor
	form    suspendForm
}

// suspendForm is what an administrator typed.
type suspendForm struct {
	reason  string
	known   string // how one knows that it is them, who have lost their second factor
	studios bool
	refused views.Refusal
}

// ShowUser is GET /admin/users/{user}.
func (p *Pages) ShowUser(c *site.Context) error { return p.oneUser(c, http.StatusOK, suspendForm{}) }

func (p *Pages) oneUser(c *site.Context, status int, form suspendForm) error {
	userID, err := idOf(c, "user")
	if err != nil {
		return err
	}
	viewer, err := c.RequireViewer()
	if err != nil {
		return err
	}
	v := userView{now: p.Now(), form: form, self: viewer.UserID == userID}
	if v.Dossier, err = p.Accounts.Dossier(c.Ctx(), userID); err != nil {
		return err
	}
	if v.second, err = p.Accounts.SecondOn(c.Ctx(), userID); err != nil {
		return err
	}
	if v.studios, err = p.Studios.OfMember(c.Ctx(), userID); err != nil {
		return err
	}
	for _, m := range v.studios {
		if m.Role == studios.Owner {
			v.owned++
		}
	}
	v.acts, err = p.Audit(c.Ctx(), audit.Filter{Subject: audit.Subject("user", userID)}, uuid.Nil, acts)
	if err != nil {
		return err
	}
	if v.names, err = p.auditNames(c.Ctx(), v.acts); err != nil {
		return err
	}
	return c.Render(status, userPage(p.base(c, v.Name), v))
}

// acts is how many entries of the audit stand on the page of a person or studio.
const acts = 10

// SuspendUser is POST /admin/users/{user}/suspend.
func (p *Pages) SuspendUser(c *site.Context) error {
	viewer, err := c.RequireViewer()
	if err != nil {
		return err
	}
	userID, err := idOf(c, "user")
	if err != nil {
		return err
	}
	if err := c.ParseForm(); err != nil {
		return err
	}
	form := suspendForm{reason: c.Form("reason"), studios: c.Form("studios") != ""}
	err = p.Moderation.SuspendUser(c.Ctx(), userID, moderation.Suspension{By: viewer.UserID, Reason: form.reason}, form.studios)
	if fault.Is(err, fault.Forbidden) {
		c.Flash(page.Warn, fault.MessageOf(err))
		return c.SeeOther(usersPath + "/" + userID.String())
	}
	if fault.Is(err, fault.Invalid) {
		var status int
		if form.refused, status, err = c.Refused(err); err != nil {
			return err
		}
		return p.oneUser(c, status, form)
	}
	if fault.Is(err, fault.NotFound) {
		return done(c, err, usersPath, "")
	}
	return done(c, err, usersPath+"/"+userID.String(), "Suspended. From now on this person is signed out everywhere, and gets a mail with your reason.")
}

// RestoreUser is POST /admin/users/{user}/restore.
func (p *Pages) RestoreUser(c *site.Context) error {
	viewer, err := c.RequireViewer()
	if err != nil {
		return err
	}
	userID, err := idOf(c, "user")
	if err != nil {
		return err
	}
	err = p.Moderation.RestoreUser(c.Ctx(), userID, viewer.UserID)
	if fault.Is(err, fault.NotFound) {
		return done(c, err, usersPath, "")
	}
	return done(c, err, usersPath+"/"+userID.String(), "Restored. This person can sign in again, and gets a mail.")
}

func (v userView) facts() ui.Facts {
	since := ago(v.CreatedAt, v.now)
	f := ui.Facts{{Term: "Address", Value: v.Email}, {Term: "Here since", Value: since.Text + ", " + since.Note, Time: since.Time},
		{Term: "Signed in", Value: "in " + ui.Count(v.Sessions, "browser", "browsers")}}
	if v.Sessions == 0 {
		f[2].Value = "nowhere"
	}
	if v.Admin {
		f = append(f, ui.Fact{Term: "Role", Value: "runs this installation"})
	}
	if v.SuspendedAt != nil {
		f[2].Value = "nowhere, while suspended"
	}
	return f
}

func (v userView) ownedWords() string {
	if v.owned == 1 {
		return "Suspend the studio they own as well"
	}
	return "Suspend the " + number(int64(v.owned)) + " studios they own as well"
}

// suspendedSince says that somebody is shut out, since when, and why.
func suspendedSince(what string, at time.Time, reason string, now time.Time) ui.Flash {
	return ui.Flash{Kind: page.Bad, Strong: what + " was suspended " + ago(at, now).Text + ".", Message: "The reason given: “" + reason + "”"}
}

func (v userView) studioGrid() Grid {
	g := Grid{Caption: "Studios", Columns: []Column{{Label: "Studio"}, {Label: "Role"}, {Label: "State"}}, Empty: "This person belongs to no studio."}
	for _, m := range v.studios {
		role := text(string(m.Role))
		if m.Personal {
			role.Note = "their own"
		}
		g.Rows = append(g.Rows, []Cell{{Text: m.Name, Note: "@" + m.Slug, URL: studiosPath + "/" + m.StudioID.String()}, role, standing(m.SuspendedAt)})
	}
	return g
}

func actGrid(rows []audit.Row, names auditNames, now time.Time) Grid {
	g := Grid{Caption: "Audit", Columns: []Column{{Label: "When"}, {Label: "Who"}, {Label: "Did"}, {Label: "To"}}, Empty: "Nothing was done yet."}
	for _, r := range rows {
		who := "the product itself"
		if r.ActorID != uuid.Nil {
			who = names.person(r.ActorID)
		}
		g.Rows = append(g.Rows, []Cell{ago(r.At, now), text(who), {Text: r.Action, Note: r.Note}, text(names.subject(r.Subject))})
	}
	return g
}
