package members

import (
	"net/http"
	"net/url"

	"vitrine/app/accounts"
	"vitrine/app/fault"
	"vitrine/app/studios"
	"vitrine/web/page"
	"vitrine/web/ui"
	"vitrine/web/views"
)

// ShowJoin is GET /join/{code}: what the link of an invitation leads to. It
// changes nothing: scanners of mail open links too.
func (p *Pages) ShowJoin(c *Context) error {
	asked, err := p.Studios.FindInvitation(c.Ctx(), c.Param("code"))
	if err != nil {
		return err
	}
	if asked.State != studios.InvitationOpen {
		return p.noInvitation(c, asked.State)
	}
	inviter, err := p.inviter(c, asked)
	if err != nil {
		return err
	}
	v := c.Viewer()
	j := joining{Code: url.PathEscape(c.Param("code")), Studio: asked.Studio.Name, Slug: asked.Studio.Slug, By: inviter, Role: asked.Role, Email: asked.Email}
	if v == nil {
		c.SetInvited(c.Param("code"))
		return p.joinPage(c, j)
	}
	if _, member := v.Member(asked.Studio.Slug); member {
		c.SetInvited("")
		return p.ShowNotice(c, http.StatusOK, views.Notice{
			Heading: "You belong to it already", Lead: "You are a member of " + asked.Studio.Name + ", so there is nothing to accept.",
			Links: []ui.Link{{Label: "Go to the studio", URL: "/studio/" + asked.Studio.Slug, Look: ui.Ink}},
		})
	}
	j.As = v.Email
	_, key, _ := accounts.NormalAddress(v.Email)
	j.Meant = key == asked.EmailKey
	return p.joinPage(c, j)
}

// inviter is the name of whoever sent the invitation.
func (p *Pages) inviter(c *Context, asked studios.Asked) (string, error) {
	people, err := p.people(c, []studios.Member{{UserID: asked.InvitedBy}}, nil)
	return nameOf(people[asked.InvitedBy]), err
}

func (p *Pages) joinPage(c *Context, j joining) error {
	b := p.Base(c, "An invitation to "+j.Studio)
	b.NoIndex = true
	return c.Render(http.StatusOK, joinPage(b, j))
}

// noInvitation says what to do with a link that does not work any more.
func (p *Pages) noInvitation(c *Context, state studios.InvitationState) error {
	c.SetInvited("")
	home := []ui.Link{{Label: "Go to the front page", URL: "/"}}
	switch state {
	case studios.InvitationExpired:
		return p.ShowNotice(c, http.StatusGone, views.Notice{Heading: "This invitation has expired", Lead: "It could be accepted for seven days. Ask who invited you to send it again.", Links: home})
	case studios.InvitationJoined:
		return p.ShowNotice(c, http.StatusGone, views.Notice{
			Heading: "This invitation has been accepted", Lead: "Each works once. If it was you, the studio is in your menu.",
			Links: []ui.Link{{Label: "Go to my studios", URL: "/studio", Look: ui.Ink}},
		})
	case studios.InvitationWithdrawn:
		return p.ShowNotice(c, http.StatusGone, views.Notice{Heading: "This invitation was withdrawn", Lead: "Somebody in the studio took it back. Ask who invited you.", Links: home})
	}
	return p.ShowNotice(c, http.StatusNotFound, views.Notice{Heading: "This invitation is not known", Lead: "Its link may not be complete: mail programs break long links. Copy all of it from the mail.", Links: home})
}

// Join is POST /join/{code}: the button behind the link.
func (p *Pages) Join(c *Context) error {
	v, err := c.RequireViewer()
	if err != nil {
		return err
	}
	slug, err := p.Studios.Join(c.Ctx(), v.UserID, c.Param("code"))
	if fault.Is(err, fault.Conflict) || fault.Is(err, fault.NotFound) {
		asked, ferr := p.Studios.FindInvitation(c.Ctx(), c.Param("code"))
		if ferr != nil {
			return ferr
		}
		if asked.State != studios.InvitationOpen {
			return p.noInvitation(c, asked.State)
		}
	}
	if err != nil {
		return err
	}
	c.SetInvited("")
	c.Flash(page.Good, "You belong to the studio now.")
	return c.SeeOther("/studio/" + slug)
}

// AfterSignup is where a new account goes first: back to the invitation that it
// was opened for, if there was one in this browser.
func AfterSignup(c *Context, otherwise string) string {
	if code := c.Invited(); code != "" {
		return "/join/" + url.PathEscape(code)
	}
	return otherwise
}
