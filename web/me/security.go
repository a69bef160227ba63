package me

import (
	"net/http"
	"strings"

	"vitrine/app/accounts"
	"vitrine/app/fault"
	"vitrine/app/platform/idem"
	"vitrine/web/page"
	"vitrine/web/views"
)

// ShowSecurity is GET /me/security.
func (p *Pages) ShowSecurity(c *Context) error {
	return p.securityPage(c, http.StatusOK, views.Refusal{})
}

func (p *Pages) securityPage(c *Context, status int, r views.Refusal) error {
	v, err := c.RequireViewer()
	if err != nil {
		return err
	}
	f, err := p.Accounts.FindFactors(c.Ctx(), v.UserID)
	if err != nil {
		return err
	}
	return c.Render(status, views.Security(p.base(c, "Security"),
		views.SecurityPage{Key: idem.NewKey(), Email: v.Email, On: f.On, Since: f.Since, Codes: f.RecoveryCodes, Refusal: r}))
}

// Password is POST /me/security/password. The current password is its proof.
func (p *Pages) Password(c *Context) error {
	v, err := c.RequireViewer()
	if err != nil {
		return err
	}
	if err := c.ParseForm(); err != nil {
		return err
	}
	err = p.Accounts.ChangePassword(c.Ctx(), accounts.PasswordChange{
		Key: c.Form("idempotency_key"), UserID: v.UserID, SessionID: v.SessionID,
		Current: c.Form("current_password"), New: c.Form("new_password"), Browser: c.KnownBrowser(),
	})
	if err != nil {
		r, status, err := c.Refused(err)
		if err != nil {
			return err
		}
		return p.securityPage(c, status, r)
	}
	c.Flash(page.Good, "Your password is changed, and all other devices are signed out.")
	return c.SeeOther(views.MeSecurity)
}

// BeginFactor is POST /me/security/factor. It stands behind Proven.
func (p *Pages) BeginFactor(c *Context) error {
	v, err := c.RequireViewer()
	if err != nil {
		return err
	}
	if err := p.Accounts.BeginFactor(c.Ctx(), v.UserID); err != nil {
		return p.unchanged(c, err)
	}
	return c.SeeOther("/me/security/factor")
}

// unchanged leads back to the security page with what was refused.
func (p *Pages) unchanged(c *Context, err error) error {
	switch fault.KindOf(err) {
	case fault.Conflict, fault.NotFound:
		c.Flash(page.Warn, fault.MessageOf(err))
		return c.SeeOther(views.MeSecurity)
	}
	return err
}

// ShowFactor is GET /me/security/factor: the secret that waits for its first
// code. It stands behind Proven.
func (p *Pages) ShowFactor(c *Context) error {
	return p.enrolForm(c, http.StatusOK, views.Refusal{})
}

func (p *Pages) enrolForm(c *Context, status int, r views.Refusal) error {
	v, err := c.RequireViewer()
	if err != nil {
		return err
	}
	e, err := p.Accounts.FindEnrolment(c.Ctx(), v.UserID)
	if err != nil {
		return p.unchanged(c, err)
	}
	size, path, err := square(e.URL)
	if err != nil {
		return err
	}
	return c.Render(status, views.Enrol(p.base(c, "Set up a second factor"),
		views.EnrolForm{Secret: grouped(e.Secret), URL: e.URL, Size: size, Path: path, Refusal: r}))
}

// grouped writes a secret in groups of four, to be typed.
func grouped(s string) string {
	var groups []string
	for ; len(s) > 4; s = s[4:] {
		groups = append(groups, s[:4])
	}
	return strings.Join(append(groups, s), " ")
}

// ConfirmFactor is POST /me/security/factor/confirm. It stands behind Proven.
func (p *Pages) ConfirmFactor(c *Context) error {
	v, err := c.RequireViewer()
	if err != nil {
		return err
	}
	codes, err := p.Accounts.ConfirmFactor(c.Ctx(), v.UserID, v.SessionID, c.Form("code"))
	if fault.Is(err, fault.Invalid) || fault.Is(err, fault.TooMany) {
		r, status, err := c.Refused(err)
		if err != nil {
			return err
		}
		return p.enrolForm(c, status, r)
	}
	if fault.Is(err, fault.Conflict) {
		// The form was sent twice. If the first answer came through, its codes are
		// in the browser by now; if not, the page says how to get new ones.
		return c.SeeOther("/me/security/codes")
	}
	if err != nil {
		return p.unchanged(c, err)
	}
	return p.keepCodes(c, codes, "The second factor is on.")
}

// keepCodes leads to the page with new recovery codes.
func (p *Pages) keepCodes(c *Context, codes []string, said string) error {
	sealed, err := p.Accounts.KeepCodes(c.Viewer().SessionID, codes)
	if err != nil {
		return err
	}
	c.SetSealedCodes(sealed)
	c.Flash(page.Good, said)
	return c.SeeOther("/me/security/codes")
}

// DropFactor is POST /me/security/factor/off. It stands behind Proven.
func (p *Pages) DropFactor(c *Context) error {
	v, err := c.RequireViewer()
	if err != nil {
		return err
	}
	if err := p.Accounts.DropFactor(c.Ctx(), v.UserID); err != nil {
		return err
	}
	c.Flash(page.Good, "The second factor is off.")
	return c.SeeOther(views.MeSecurity)
}

// RemakeCodes is POST /me/security/codes. It stands behind Proven. A form that
// was sent twice makes codes twice: the browser shows those of its last answer,
// and those are the ones that work.
func (p *Pages) RemakeCodes(c *Context) error {
	v, err := c.RequireViewer()
	if err != nil {
		return err
	}
	codes, err := p.Accounts.RemakeCodes(c.Ctx(), v.UserID)
	if err != nil {
		return p.unchanged(c, err)
	}
	return p.keepCodes(c, codes, "Ten new recovery codes are made.")
}

// ShowCodes is GET /me/security/codes: new codes, for ten minutes, to the browser
// that made them.
func (p *Pages) ShowCodes(c *Context) error {
	v, err := c.RequireViewer()
	if err != nil {
		return err
	}
	codes := p.Accounts.ShowCodes(v.SessionID, c.SealedCodes())
	if codes == nil {
		c.Flash(page.Plain, "Recovery codes are shown once. If you have not kept them, make new ones.")
		return c.SeeOther(views.MeSecurity)
	}
	return c.Render(http.StatusOK, views.RecoveryCodes(p.base(c, "Recovery codes"), codes))
}

// CodesKept is POST /me/security/codes/kept: they are not shown again.
func (p *Pages) CodesKept(c *Context) error {
	c.SetSealedCodes("")
	return c.SeeOther(views.MeSecurity)
}
