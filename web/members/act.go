package members

import (
	"net/http"

	"github.com/google/uuid"

	"vitrine/app/fault"
	"vitrine/app/studios"
	"vitrine/web/page"
	"vitrine/web/site"
	"vitrine/web/views"
)

// Invite is POST /studio/{slug}/members/invite. What it answers never tells
// whether the address has an account.
func (p *Pages) Invite(c *Context) error {
	v, err := c.RequireViewer()
	if err != nil {
		return err
	}
	if err := c.ParseForm(); err != nil {
		return err
	}
	m := c.Member()
	if err := m.Role.Check(studios.ManageMembers); err != nil {
		return err
	}
	f := inviteForm{Email: c.Form("email"), Role: c.Form("role")}
	to, err := p.Studios.Invite(c.Ctx(), v.UserID, m.StudioID, studios.Invite{Key: c.Form("idempotency_key"), Email: f.Email, Role: studios.Role(f.Role)})
	if err != nil {
		var status int
		if f.Refusal, status, err = c.Refused(err); err != nil {
			return err
		}
		return p.list(c, status, f)
	}
	c.Flash(page.Good, "An invitation is on its way to "+to+".")
	return c.SeeOther(path(m))
}

// InviteAgain is POST /studio/{slug}/members/invitations/{invitation}/again.
func (p *Pages) InviteAgain(c *Context) error {
	return p.act(c, "invitation", "The invitation is on its way again, and can be accepted for seven more days.", func(by, studio, invitation uuid.UUID) error {
		return p.Studios.SendInvitationAgain(c.Ctx(), by, studio, invitation, c.Form("idempotency_key"))
	})
}

// Withdraw is POST /studio/{slug}/members/invitations/{invitation}/withdraw.
func (p *Pages) Withdraw(c *Context) error {
	return p.act(c, "invitation", "The invitation is withdrawn. Its link does not work any more.", func(by, studio, invitation uuid.UUID) error {
		return p.Studios.WithdrawInvitation(c.Ctx(), by, studio, invitation)
	})
}

// ChangeRole is POST /studio/{slug}/members/{member}/role. The same role twice
// changes nothing, so it has no key.
func (p *Pages) ChangeRole(c *Context) error {
	return p.act(c, "member", "The role is changed.", func(by, studio, member uuid.UUID) error {
		return p.Studios.ChangeRole(c.Ctx(), by, studio, member, studios.Role(c.Form("role")))
	})
}

// Remove is POST /studio/{slug}/members/{member}/remove.
func (p *Pages) Remove(c *Context) error {
	return p.act(c, "member", "They do not belong to the studio any more.", func(by, studio, member uuid.UUID) error {
		return p.Studios.Remove(c.Ctx(), by, studio, member)
	})
}

// act carries out a button of a row: what it is about stands in the path.
func (p *Pages) act(c *Context, param, said string, do func(by, studio, what uuid.UUID) error) error {
	v, err := c.RequireViewer()
	if err != nil {
		return err
	}
	if err := c.ParseForm(); err != nil {
		return err
	}
	m := c.Member()
	if err := m.Role.Check(studios.ManageMembers); err != nil {
		return err
	}
	what, err := uuid.Parse(c.Param(param))
	if err != nil {
		return fault.Caused(fault.NotFound, "There is nothing here by this address. Open the list of members again.", err)
	}
	if err := do(v.UserID, m.StudioID, what); err != nil {
		r, status, err := c.Refused(err)
		if err != nil {
			return err
		}
		return p.list(c, status, inviteForm{Role: string(studios.Editor), Above: r})
	}
	c.Flash(page.Good, said)
	return c.SeeOther(path(m))
}

// Leave is POST /studio/{slug}/members/leave.
func (p *Pages) Leave(c *Context) error {
	v, err := c.RequireViewer()
	if err != nil {
		return err
	}
	m := c.Member()
	if err := p.Studios.Leave(c.Ctx(), v.UserID, m.StudioID); err != nil {
		return err
	}
	c.Flash(page.Plain, "You have left "+m.Name+".")
	return c.SeeOther("/studio")
}

// OwnerOnly lets the studio's owner through; the others are not asked for a
// proof of who they are first.
func (p *Pages) OwnerOnly(next site.Handler) site.Handler {
	return func(c *Context) error {
		if err := c.Member().Role.Check(studios.CloseStudio); err != nil {
			return err
		}
		return next(c)
	}
}

// ShowTransfer is GET /studio/{slug}/members/transfer, for an owner who has just
// proven who they are.
func (p *Pages) ShowTransfer(c *Context) error {
	return p.transferForm(c, http.StatusOK, transferForm{})
}

func (p *Pages) transferForm(c *Context, status int, f transferForm) error {
	v, err := c.RequireViewer()
	if err != nil {
		return err
	}
	m := c.Member()
	if err := m.Role.Check(studios.CloseStudio); err != nil {
		return err
	}
	st, err := p.Studios.ByID(c.Ctx(), m.StudioID)
	if err != nil {
		return err
	}
	members, _, err := p.Studios.Roll(c.Ctx(), m.StudioID, studios.Seat{}, perChoice)
	if err != nil {
		return err
	}
	people, err := p.people(c, members, nil)
	if err != nil {
		return err
	}
	f.fill(m, st.PersonalOf != nil)
	for _, one := range members {
		if one.UserID != v.UserID {
			f.offer(one, people[one.UserID])
		}
	}
	b := p.base(c, "Hand "+m.Name+" on")
	return c.Render(status, transferPage(b, room(m, views.RoomMembers), f))
}

// Transfer is POST /studio/{slug}/members/transfer.
func (p *Pages) Transfer(c *Context) error {
	v, err := c.RequireViewer()
	if err != nil {
		return err
	}
	if err := c.ParseForm(); err != nil {
		return err
	}
	m := c.Member()
	f := transferForm{To: c.Form("to")}
	to, _ := uuid.Parse(f.To) // uuid.Nil belongs to no studio
	if err := p.Studios.TransferOwnership(c.Ctx(), v.UserID, m.StudioID, studios.Transfer{Key: c.Form("idempotency_key"), To: to}); err != nil {
		var status int
		if f.Refusal, status, err = c.Refused(err); err != nil {
			return err
		}
		return p.transferForm(c, status, f)
	}
	c.Flash(page.Good, "The studio is handed on. You are one of its admins now.")
	return c.SeeOther(path(m))
}
