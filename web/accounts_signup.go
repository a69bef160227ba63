package web

import (
	"net/http"
	"net/url"

	"vitrine/app/accounts"
	"vitrine/app/fault"
	"vitrine/app/platform/idem"
	"vitrine/web/members"
	"vitrine/web/page"
	"vitrine/web/ui"
	"vitrine/web/views"
)

// showSignup is GET /signup.
func (s *Server) showSignup(c *Context) error {
	if c.Viewer() != nil {
		return c.SeeOther("/studio")
	}
	return s.signupForm(c, http.StatusOK, views.SignupForm{})
}

func (s *Server) signupForm(c *Context, status int, f views.SignupForm) error {
	f.Key = idem.NewKey()
	b := s.Base(c, "Open a studio")
	b.Description = "Open a studio on Vitrine, where studios show their work."
	return c.Render(status, views.Signup(b, f))
}

// signup is POST /signup. What it answers never tells whether the address has
// an account.
func (s *Server) signup(c *Context) error {
	if err := c.ParseForm(); err != nil {
		return err
	}
	f := views.SignupForm{Name: c.Form("name"), Email: c.Form("email")}
	to, err := s.Accounts.Register(c.Ctx(), accounts.SignUp{
		Key: c.Form("idempotency_key"), Name: f.Name, Email: f.Email, Password: c.Form("password"),
	})
	if err != nil {
		var status int
		if f.Refusal, status, err = c.Refused(err); err != nil {
			return err
		}
		return s.signupForm(c, status, f)
	}
	setSent(c, to)
	return c.SeeOther("/signup/sent")
}

// showSignupSent is GET /signup/sent: where the form leads.
func (s *Server) showSignupSent(c *Context) error {
	n := views.Notice{
		Heading: "Look into your mail",
		Lead:    "We have sent a mail to",
		Address: sentTo(c),
		Text:    "Open the link in it to go on; it works for 24 hours. If nothing arrives, look among the unwanted mail, or check the address and sign up again.",
		Links:   []ui.Link{{Label: "Sign up again", URL: "/signup"}},
	}
	if n.Address == "" {
		n.Lead = "We have sent a mail to the address that you gave."
	}
	return s.ShowNotice(c, http.StatusOK, s.inMailbox(n))
}

// inMailbox leads to where mails can be read, in development.
func (s *Server) inMailbox(n views.Notice) views.Notice {
	if s.canRead() {
		n.Links = append([]ui.Link{{Label: "Open the mailbox", URL: "/dev/mailbox", Look: ui.Ink, Icon: ui.IconMail}}, n.Links...)
	}
	return n
}

// showVerify is GET /verify/{token}. It changes nothing: scanners open links.
func (s *Server) showVerify(c *Context) error {
	p, err := s.Accounts.FindSignup(c.Ctx(), c.Param("token"))
	if err != nil {
		return err
	}
	if p.State != accounts.LinkGood {
		return s.noVerify(c, p)
	}
	return s.verifyForm(c, http.StatusOK, p, views.Refusal{})
}

func (s *Server) verifyForm(c *Context, status int, p accounts.PendingSignup, r views.Refusal) error {
	b := s.Base(c, "Confirm your address")
	b.NoIndex = true
	return c.Render(status, views.Verify(b, views.VerifyForm{
		Key: idem.NewKey(), Token: c.Param("token"), Email: p.Email, Name: p.Name, AskPassword: p.AskPassword, Refusal: r,
	}))
}

// noVerify says what to do with a link that does not work any more.
func (s *Server) noVerify(c *Context, p accounts.PendingSignup) error {
	switch p.State {
	case accounts.LinkExpired:
		return s.ShowNotice(c, http.StatusGone, views.Notice{
			Heading: "This link has expired", Lead: "It worked for 24 hours. We can send another one to", Address: p.Email,
			Again: &views.Again{Key: idem.NewKey(), Action: "/verify/" + url.PathEscape(c.Param("token")) + "/again", Label: "Send another link"},
		})
	case accounts.LinkUsed:
		return s.ShowNotice(c, http.StatusGone, views.Notice{
			Heading: "This link has been used", Lead: "Each link works once, and this address is confirmed: sign in with the password that you chose.",
			Links: []ui.Link{{Label: "Sign in", URL: "/login", Look: ui.Ink}, {Label: "Forgot the password", URL: "/reset"}},
		})
	}
	return s.ShowNotice(c, http.StatusNotFound, views.Notice{
		Heading: "This link is not known", Lead: "It may not be complete: mail programs break long links. Copy all of it from the mail, or sign up again for another one.",
		Links: []ui.Link{{Label: "Sign up again", URL: "/signup", Look: ui.Ink}, {Label: "Sign in", URL: "/login"}},
	})
}

// verify is POST /verify/{token}: the button behind the link.
func (s *Server) verify(c *Context) error {
	if err := c.ParseForm(); err != nil {
		return err
	}
	opened, err := s.Accounts.Verify(c.Ctx(), accounts.VerifyForm{
		Key: c.Form("idempotency_key"), Token: c.Param("token"), Password: c.Form("password"), Device: c.Device(), Browser: c.KnownBrowser(),
	})
	if err != nil {
		r, status, err := c.Refused(err)
		if err != nil && !fault.Is(err, fault.NotFound) {
			return err
		}
		p, err := s.Accounts.FindSignup(c.Ctx(), c.Param("token"))
		if err != nil {
			return err
		}
		if p.State != accounts.LinkGood {
			return s.noVerify(c, p)
		}
		return s.verifyForm(c, status, p, r)
	}
	studio, said := "/studio/"+opened.Studio, "Your address is confirmed, and this is your studio."
	next := members.AfterSignup(c, studio)
	if next != studio {
		said = "Your address is confirmed, and you have a studio of your own. Here is the invitation again."
	}
	c.Flash(page.Good, said)
	return s.Welcome(c, opened, next)
}

// verifyAgain is POST /verify/{token}/again: another mail for an expired link.
func (s *Server) verifyAgain(c *Context) error {
	if err := c.ParseForm(); err != nil {
		return err
	}
	to, err := s.Accounts.SendAgain(c.Ctx(), c.Form("idempotency_key"), c.Param("token"))
	if fault.Is(err, fault.NotFound) || fault.Is(err, fault.Conflict) {
		p, err := s.Accounts.FindSignup(c.Ctx(), c.Param("token"))
		if err != nil {
			return err
		}
		return s.noVerify(c, p)
	}
	if err != nil {
		return err
	}
	setSent(c, to)
	return c.SeeOther("/signup/sent")
}
