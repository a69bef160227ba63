// Package me has the pages of a person's own account: name, address, password,
// second factor, devices. All but the link that undoes a change of address are
// for who is signed in; what could cost the account asks for a proof first.
package me

import (
	"net/http"

	"vitrine/app/accounts"
	"vitrine/web/page"
	"vitrine/web/site"
	"vitrine/web/views"
)

// Context is one request and its answer, and who it comes from.
type Context = site.Context

// Pages holds what the handlers need.
type Pages struct {
	*site.Site
	Accounts *accounts.Service
}

// base is that of a page of the account: nobody else finds it.
func (p *Pages) base(c *Context, title string) page.Base {
	b := p.Base(c, title)
	b.NoIndex = true
	return b
}

// ShowProfile is GET /me.
func (p *Pages) ShowProfile(c *Context) error {
	v, err := c.RequireViewer()
	if err != nil {
		return err
	}
	return p.profileForm(c, http.StatusOK, views.ProfileForm{Name: v.Name, Email: v.Email})
}

func (p *Pages) profileForm(c *Context, status int, f views.ProfileForm) error {
	return c.Render(status, views.Profile(p.base(c, "Your account"), f))
}

// Profile is POST /me. Saving a name twice does no harm, so it has no key.
func (p *Pages) Profile(c *Context) error {
	v, err := c.RequireViewer()
	if err != nil {
		return err
	}
	if err := c.ParseForm(); err != nil {
		return err
	}
	f := views.ProfileForm{Name: c.Form("name"), Email: v.Email}
	if err := p.Accounts.Rename(c.Ctx(), v.UserID, f.Name); err != nil {
		var status int
		if f.Refusal, status, err = c.Refused(err); err != nil {
			return err
		}
		return p.profileForm(c, status, f)
	}
	c.Flash(page.Good, "Saved.")
	return c.SeeOther("/me")
}
