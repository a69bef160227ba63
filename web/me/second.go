package me

import (
	"net/http"
	"net/url"

	"vitrine/app/accounts"
	"vitrine/app/fault"
	"vitrine/web/page"
	"vitrine/web/site"
	"vitrine/web/views"
)

// ShowSecond is GET /login/second?next=…: the second step of a login that waits
// in this browser.
func (p *Pages) ShowSecond(c *Context) error {
	next := site.OwnPath(c.Query("next"))
	waits, err := p.Accounts.WaitsForCode(c.Ctx(), c.WaitingLogin())
	if err != nil {
		return err
	}
	if !waits {
		return p.over(c, next)
	}
	return p.secondForm(c, http.StatusOK, views.SecondForm{Next: next})
}

func (p *Pages) secondForm(c *Context, status int, f views.SecondForm) error {
	return c.Render(status, views.Second(p.base(c, "The second step"), f))
}

// over leads to the first step, where the password is asked for.
func (p *Pages) over(c *Context, next string) error {
	to := "/login"
	if next != "" {
		to += "?" + url.Values{"next": {next}}.Encode()
	}
	return c.SeeOther(to)
}

// Second is POST /login/second.
func (p *Pages) Second(c *Context) error {
	if err := c.ParseForm(); err != nil {
		return err
	}
	f := views.SecondForm{Next: site.OwnPath(c.Form("next"))}
	opened, err := p.Accounts.Second(c.Ctx(), accounts.SecondStep{Token: c.WaitingLogin(), Code: c.Form("code"), Device: c.Device(), Browser: c.KnownBrowser()})
	if fault.Is(err, fault.Unauthenticated) {
		c.SetWaitingLogin("")
		c.Flash(page.Warn, fault.MessageOf(err))
		return p.over(c, f.Next)
	}
	if err != nil {
		var status int
		if f.Refusal, status, err = c.Refused(err); err != nil {
			return err
		}
		return p.secondForm(c, status, f)
	}
	c.SetWaitingLogin("")
	if f.Next == "" {
		f.Next = "/studio"
	}
	return p.Welcome(c, opened, f.Next)
}
