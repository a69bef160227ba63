package web

import (
	"cmp"
	"net/http"

	"vitrine/app/accounts"
	"vitrine/web/page"
	"vitrine/web/site"
	"vitrine/web/views"
)

// showLogin is GET /login?next=…
func (s *Server) showLogin(c *Context) error {
	next := site.OwnPath(c.Query("next"))
	if c.Viewer() != nil {
		return c.SeeOther(orStudio(next))
	}
	return s.loginForm(c, http.StatusOK, views.LoginForm{Next: next})
}

func (s *Server) loginForm(c *Context, status int, f views.LoginForm) error {
	return c.Render(status, views.Login(s.Base(c, "Sign in"), f))
}

// orStudio is where a session begins when nothing else was asked for.
func orStudio(next string) string {
	if next == "" {
		return "/studio"
	}
	return next
}

// login is POST /login. Signing in twice does no harm, so it has no key.
func (s *Server) login(c *Context) error {
	if err := c.ParseForm(); err != nil {
		return err
	}
	f := views.LoginForm{Email: c.Form("email"), Next: site.OwnPath(c.Form("next"))}
	opened, err := s.Accounts.Login(c.Ctx(), accounts.Login{Email: f.Email, Password: c.Form("password"), Device: c.Device(), Browser: c.KnownBrowser()})
	if err != nil {
		var status int
		if f.Refusal, status, err = c.Refused(err); err != nil {
			return err
		}
		return s.loginForm(c, status, f)
	}
	return s.Welcome(c, opened, orStudio(f.Next))
}

// logout is POST /logout. It fails rather than pretend: a session that could
// not be ended is said to live on.
func (s *Server) logout(c *Context) error {
	if err := s.Accounts.SignOut(c.Ctx(), c.SessionToken()); err != nil {
		return err
	}
	c.EndSession()
	c.Flash(page.Plain, "You are signed out.")
	return c.SeeOther(cmp.Or(site.OwnPath(c.Form("next")), "/"))
}
