package web

import (
	"net/http"

	"vitrine/app/accounts"
	"vitrine/app/fault"
	"vitrine/app/platform/idem"
	"vitrine/web/page"
	"vitrine/web/ui"
	"vitrine/web/views"
)

// showResetAsk is GET /reset.
func (s *Server) showResetAsk(c *Context) error {
	return s.resetAskForm(c, http.StatusOK, views.ResetAskForm{})
}

func (s *Server) resetAskForm(c *Context, status int, f views.ResetAskForm) error {
	f.Key = idem.NewKey()
	return c.Render(status, views.ResetAsk(s.Base(c, "A new password"), f))
}

// resetAsk is POST /reset. What it answers never tells whether the address has
// an account.
func (s *Server) resetAsk(c *Context) error {
	if err := c.ParseForm(); err != nil {
		return err
	}
	f := views.ResetAskForm{Email: c.Form("email")}
	to, err := s.Accounts.AskReset(c.Ctx(), c.Form("idempotency_key"), f.Email)
	if err != nil {
		var status int
		if f.Refusal, status, err = c.Refused(err); err != nil {
			return err
		}
		return s.resetAskForm(c, status, f)
	}
	setSent(c, to)
	return c.SeeOther("/reset/sent")
}

// showResetSent is GET /reset/sent: where the form leads.
func (s *Server) showResetSent(c *Context) error {
	n := views.Notice{
		Heading: "Look into your mail",
		Lead:    "If it has an account, we have sent a link to",
		Address: sentTo(c),
		Text:    "It works for an hour. If nothing arrives, look among the unwanted mail, or check the address and ask again.",
		Links:   []ui.Link{{Label: "Ask again", URL: "/reset"}, {Label: "Sign in", URL: "/login"}},
	}
	if n.Address == "" {
		n.Lead = "If the address that you gave has an account, we have sent a link to it."
	}
	return s.ShowNotice(c, http.StatusOK, s.inMailbox(n))
}

// showReset is GET /reset/{token}.
func (s *Server) showReset(c *Context) error {
	p, err := s.Accounts.FindReset(c.Ctx(), c.Param("token"))
	if err != nil {
		return err
	}
	if p.State != accounts.LinkGood {
		return s.noReset(c, p)
	}
	return s.resetForm(c, http.StatusOK, p, views.Refusal{})
}

func (s *Server) resetForm(c *Context, status int, p accounts.PendingReset, r views.Refusal) error {
	b := s.Base(c, "Choose a new password")
	b.NoIndex = true
	return c.Render(status, views.Reset(b, views.ResetForm{Key: idem.NewKey(), Token: c.Param("token"), Email: p.Email, Refusal: r}))
}

func (s *Server) noReset(c *Context, p accounts.PendingReset) error {
	status, n := http.StatusGone, views.Notice{Links: []ui.Link{{Label: "Ask for another link", URL: "/reset", Look: ui.Ink}, {Label: "Sign in", URL: "/login"}}}
	switch p.State {
	case accounts.LinkExpired:
		n.Heading, n.Lead = "This link has expired", "It worked for an hour, and your password is as it was. Ask for another link if you still need one."
	case accounts.LinkUsed:
		n.Heading, n.Lead = "This link has been used", "Each link works once. If it was not you who chose the password, ask for another link now."
	default:
		status = http.StatusNotFound
		n.Heading, n.Lead = "This link is not known", "It may not be complete: mail programs break long links. Copy all of it from the mail, or ask for another one."
	}
	return s.ShowNotice(c, status, n)
}

// reset is POST /reset/{token}.
func (s *Server) reset(c *Context) error {
	if err := c.ParseForm(); err != nil {
		return err
	}
	opened, err := s.Accounts.Reset(c.Ctx(), accounts.NewPassword{
		Key: c.Form("idempotency_key"), Token: c.Param("token"), Password: c.Form("password"), Device: c.Device(), Browser: c.KnownBrowser(),
	})
	if err != nil {
		r, status, err := c.Refused(err)
		if err != nil && !fault.Is(err, fault.NotFound) {
			return err
		}
		p, err := s.Accounts.FindReset(c.Ctx(), c.Param("token"))
		if err != nil {
			return err
		}
		if p.State != accounts.LinkGood {
			return s.noReset(c, p)
		}
		return s.resetForm(c, status, p, r)
	}
	c.Flash(page.Good, "Your password is changed, and all other devices are signed out.")
	return s.Welcome(c, opened, "/studio")
}
