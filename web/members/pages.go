// Package members has the pages about who belongs to a studio: the list with
// its roles, invitations and the page behind their links, the transfer of
// ownership, and the studio's audit.
package members

import (
	"cmp"
	"net/http"
	"slices"
	"strings"
	"time"

	"github.com/google/uuid"

	"vitrine/app/accounts"
	"vitrine/app/platform/idem"
	"vitrine/app/studios"
	"vitrine/web/page"
	"vitrine/web/show"
	"vitrine/web/site"
	"vitrine/web/ui"
	"vitrine/web/views"
)

// Context is one request and its answer, and who it comes from.
type Context = site.Context

// Pages holds what the handlers need.
type Pages struct {
	*site.Site
	Accounts *accounts.Service
	Studios  *studios.Service
}

// base is that of a page in a studio: nobody else finds it.
func (p *Pages) base(c *Context, title string) page.Base {
	b := p.Base(c, title)
	b.Nav, b.NoIndex = page.NavStudio, true
	return b
}

func room(m site.Membership, at views.RoomName) views.Room {
	return show.Room(m.Slug, m.Name, m.Role, at)
}

func path(m site.Membership) string { return "/studio/" + m.Slug + "/members" }

// ShowMembers is GET /studio/{slug}/members: everybody in the studio sees who
// else is; admins see addresses, open invitations and what they can change.
func (p *Pages) ShowMembers(c *Context) error {
	return p.list(c, http.StatusOK, inviteForm{Role: string(studios.Editor)})
}

// perRoll is how many members a page lists, and how many a form offers to choose
// from: those of the highest roles.
const (
	perRoll   = 50
	perChoice = 200
)

// list makes the page, with the invitation's form as it was sent.
func (p *Pages) list(c *Context, status int, f inviteForm) error {
	v, err := c.RequireViewer()
	if err != nil {
		return err
	}
	m := c.Member()
	if err := m.Role.Check(studios.SeeStudio); err != nil {
		return err
	}
	list := list{Room: room(m, views.RoomMembers), Path: path(m), Manages: m.Role.Can(studios.ManageMembers), Owns: m.Role.Can(studios.CloseStudio), Invite: f}
	from := studios.ParseSeat(c.Query("after"))
	members, next, err := p.Studios.Roll(c.Ctx(), m.StudioID, from, perRoll)
	if err != nil {
		return err
	}
	if after := next.String(); after != "" {
		list.Pages.OlderURL, list.Pages.Older = list.Path+"?after="+after, "More people"
	}
	if from.ID != uuid.Nil {
		list.Pages.NewerURL, list.Pages.Newer = list.Path, "From the beginning"
	}
	var open []studios.Invitation
	if list.Manages {
		if open, err = p.Studios.Invitations(c.Ctx(), m.StudioID); err != nil {
			return err
		}
	}
	people, err := p.people(c, members, open)
	if err != nil {
		return err
	}
	for _, one := range members {
		list.Rows = append(list.Rows, rowOf(one, people[one.UserID], m.Role, v.UserID))
	}
	slices.SortStableFunc(list.Rows, byRank)
	for _, inv := range open {
		list.Open = append(list.Open, openOf(inv, people[inv.InvitedBy].Name, p.Now()))
	}
	list.Invite.Key = idem.NewKey()
	return c.Render(status, listPage(p.base(c, "Members of "+m.Name), list))
}

// people finds everybody whom the page names, with one query.
func (p *Pages) people(c *Context, members []studios.Member, open []studios.Invitation) (map[uuid.UUID]accounts.User, error) {
	ids := make([]uuid.UUID, 0, len(members)+len(open))
	for _, m := range members {
		ids = append(ids, m.UserID)
	}
	for _, inv := range open {
		ids = append(ids, inv.InvitedBy)
	}
	return p.Accounts.ByIDs(c.Ctx(), ids)
}

// nobody is the name of whom there is no account any more.
const nobody = "Somebody who has left Vitrine"

func nameOf(u accounts.User) string { return cmp.Or(u.Name, nobody) }

// rowOf is a member as somebody of that role sees them.
func rowOf(one studios.Member, u accounts.User, viewer studios.Role, viewerID uuid.UUID) row {
	r := row{ID: one.UserID.String(), Name: nameOf(u), Role: one.Role, You: one.UserID == viewerID, Since: day(one.JoinedAt), SinceAt: machine(one.JoinedAt)}
	if viewer.Can(studios.ManageMembers) {
		r.Email = u.Email
		r.Changes = one.Role != studios.Owner
	}
	r.Leaves = r.You && one.Role != studios.Owner
	r.Removes = r.Changes && !r.You
	return r
}

var ranks = []studios.Role{studios.Owner, studios.Admin, studios.Editor, studios.Viewer}

// byRank puts the owner first and people of one role by name.
func byRank(a, b row) int {
	return cmp.Or(cmp.Compare(slices.Index(ranks, a.Role), slices.Index(ranks, b.Role)), cmp.Compare(strings.ToLower(a.Name), strings.ToLower(b.Name)))
}

func openOf(inv studios.Invitation, by string, now time.Time) openRow {
	r := openRow{
		ID: inv.ID.String(), Key: idem.NewKey(), Email: inv.Email, Role: inv.Role, By: cmp.Or(by, nobody),
		Until: day(inv.ExpiresAt), UntilAt: machine(inv.ExpiresAt), Expired: inv.StateAt(now) == studios.InvitationExpired,
	}
	return r
}

func day(t time.Time) string     { return t.UTC().Format("2 January 2006") }
func machine(t time.Time) string { return t.UTC().Format(time.RFC3339) }

// roleOptions are the roles that can be given, with what they may do.
func roleOptions() []ui.Option {
	return []ui.Option{{Value: string(studios.Admin), Label: "Admin"}, {Value: string(studios.Editor), Label: "Editor"}, {Value: string(studios.Viewer), Label: "Viewer"}}
}
