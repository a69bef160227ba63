package me

import (
	"net/http"

	"vitrine/app/accounts"
	"vitrine/app/fault"
	"vitrine/app/platform/idem"
	"vitrine/web/page"
	"vitrine/web/ui"
	"vitrine/web/views"
)

// ShowAddress is GET /me/address.
func (p *Pages) ShowAddress(c *Context) error {
	return p.addressForm(c, http.StatusOK, views.AddressForm{})
}

func (p *Pages) addressForm(c *Context, status int, f views.AddressForm) error {
	v, err := c.RequireViewer()
	if err != nil {
		return err
	}
	f.Key, f.Current = idem.NewKey(), v.Email
	return c.Render(status, views.Address(p.base(c, "Address"), f))
}

// Address is POST /me/address. It stands behind Proven. What it answers never
// tells whether the new address has an account.
func (p *Pages) Address(c *Context) error {
	v, err := c.RequireViewer()
	if err != nil {
		return err
	}
	f := views.AddressForm{Email: c.Form("email")}
	to, err := p.Accounts.AskAddress(c.Ctx(), accounts.AddressForm{Key: c.Form("idempotency_key"), UserID: v.UserID, Email: f.Email})
	if err != nil {
		var status int
		if f.Refusal, status, err = c.Refused(err); err != nil {
			return err
		}
		return p.addressForm(c, status, f)
	}
	c.Flash(page.Good, "A link is on its way to "+to+". Open it within a day, while you are signed in here.")
	return c.SeeOther(views.MeAddress)
}

// noLink says why a link about an address does nothing.
func (p *Pages) noLink(c *Context, state accounts.LinkState, links ...ui.Link) error {
	status, n := http.StatusGone, views.Notice{Links: links}
	switch state {
	case accounts.LinkExpired:
		n.Heading, n.Lead = "This link has expired", "Your address is as it was before you opened it."
	case accounts.LinkUsed:
		n.Heading, n.Lead = "This link does nothing any more", "It has been used, or something later took its place."
	default:
		status = http.StatusNotFound
		n.Heading, n.Lead = "This link is not known", "It may not be complete: mail programs break long links. Copy all of it from the mail. A link to a new address works for who is signed in to the account that asked for it."
	}
	return p.ShowNotice(c, status, n)
}

func toAddress() ui.Link { return ui.Link{Label: "Your address", URL: views.MeAddress, Look: ui.Ink} }

// ShowConfirmAddress is GET /me/address/{token}: the link in the new mailbox.
func (p *Pages) ShowConfirmAddress(c *Context) error {
	return p.confirmForm(c, http.StatusOK, views.Refusal{})
}

func (p *Pages) confirmForm(c *Context, status int, r views.Refusal) error {
	v, err := c.RequireViewer()
	if err != nil {
		return err
	}
	found, err := p.Accounts.FindAddress(c.Ctx(), c.Param("token"))
	if err != nil {
		return err
	}
	if found.UserID != v.UserID {
		found.State = accounts.LinkUnknown // another person's
	}
	if found.State != accounts.LinkGood {
		return p.noLink(c, found.State, toAddress())
	}
	return c.Render(status, views.AddressLinkPage(p.base(c, "Your new address"), views.AddressLink{
		Action: "/me/address/" + c.Param("token"), Heading: "Your new address", Email: found.New,
		Text: "becomes the address that you sign in with. A notice goes to " + found.Old + ", which can undo it for seven days.", Label: "Use this address", Refusal: r,
	}))
}

// ConfirmAddress is POST /me/address/{token}.
func (p *Pages) ConfirmAddress(c *Context) error {
	v, err := c.RequireViewer()
	if err != nil {
		return err
	}
	if err := p.Accounts.ConfirmAddress(c.Ctx(), v.UserID, c.Param("token")); err != nil {
		r, status, err := c.Refused(err)
		if err != nil && !fault.Is(err, fault.NotFound) {
			return err
		}
		return p.confirmForm(c, status, r)
	}
	c.Flash(page.Good, "This is your address from now on.")
	return c.SeeOther(views.MeAddress)
}

// ShowUndo is GET /me/address/undo/{token}: the link in the old mailbox, for
// whoever opens it, signed in or not.
func (p *Pages) ShowUndo(c *Context) error { return p.undoForm(c, http.StatusOK, views.Refusal{}) }

func (p *Pages) undoForm(c *Context, status int, r views.Refusal) error {
	found, err := p.Accounts.FindUndo(c.Ctx(), c.Param("token"))
	if err != nil {
		return err
	}
	if found.State != accounts.LinkGood {
		return p.noLink(c, found.State, ui.Link{Label: "Sign in", URL: "/login"})
	}
	return c.Render(status, views.AddressLinkPage(p.base(c, "Undo the change of address"), views.AddressLink{
		Action: "/me/address/undo/" + c.Param("token"), Heading: "Undo the change of address", Email: found.Old,
		Text:  "becomes the address of the account again. All devices are signed out, the password works no more, and a link to choose another one comes by mail.",
		Label: "Undo it", Refusal: r,
	}))
}

// Undo is POST /me/address/undo/{token}.
func (p *Pages) Undo(c *Context) error {
	if err := p.Accounts.UndoAddress(c.Ctx(), c.Param("token")); err != nil {
		r, status, err := c.Refused(err)
		if err != nil && !fault.Is(err, fault.NotFound) {
			return err
		}
		return p.undoForm(c, status, r)
	}
	c.EndSession()
	return c.SeeOther("/me/address/undone")
}

// ShowUndone is GET /me/address/undone: where that form leads.
func (p *Pages) ShowUndone(c *Context) error {
	return p.ShowNotice(c, http.StatusOK, views.Notice{
		Heading: "The account is yours again", Lead: "It has its former address, and all devices are signed out. A link to choose a new password is on its way.",
		Links: []ui.Link{{Label: "Sign in", URL: "/login"}},
	})
}
