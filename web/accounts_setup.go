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

// showSetup is GET /setup?token=…: the form of the first run, for whoever has
// the token that the start printed.
func (s *Server) showSetup(c *Context) error {
	token := c.Query("token")
	state, err := s.Accounts.FindSetup(c.Ctx(), token)
	if err != nil {
		return err
	}
	if state != accounts.SetupOpen {
		return s.noSetup(c, state, token != "")
	}
	return s.setupForm(c, http.StatusOK, views.SetupForm{Token: token, Demo: true})
}

func (s *Server) setupForm(c *Context, status int, f views.SetupForm) error {
	f.Key = idem.NewKey()
	b := s.Base(c, "Open the house")
	b.NoIndex = true
	return c.Render(status, views.Setup(b, f))
}

func (s *Server) noSetup(c *Context, state accounts.SetupState, given bool) error {
	if state == accounts.SetupDone {
		return s.ShowNotice(c, http.StatusConflict, views.Notice{
			Heading: "The house is open already", Lead: "Somebody has set it up. Sign in with the account that was made then.",
			Links: []ui.Link{{Label: "Sign in", URL: "/login", Look: ui.Ink}, {Label: "Front door", URL: "/"}},
		})
	}
	n := views.Notice{
		Heading: "The key is with the porter",
		Lead:    "Setting up needs the link that was printed when Vitrine started. Look at the terminal or the log of the server for a line with /setup?token= in it, and open that link.",
		Text:    "Each start prints a new one until the house is set up, so only the latest works.",
		Links:   []ui.Link{{Label: "Front door", URL: "/"}},
	}
	if given {
		n.Heading = "This key does not fit"
		n.Lead = "The link is not complete, or Vitrine was started again since it was printed. Look at the terminal or the log of the server for the latest line with /setup?token= in it, and open that link."
	}
	return s.ShowNotice(c, http.StatusForbidden, n)
}

// setup is POST /setup.
func (s *Server) setup(c *Context) error {
	if err := c.ParseForm(); err != nil {
		return err
	}
	f := views.SetupForm{Token: c.Form("token"), Email: c.Form("email"), Studio: c.Form("studio"), Demo: c.Form("demo") != ""}
	opened, err := s.Accounts.Setup(c.Ctx(), accounts.SetupForm{
		Key: c.Form("idempotency_key"), Token: f.Token, Email: f.Email, Password: c.Form("password"), Studio: f.Studio, Demo: f.Demo, Device: c.Device(), Browser: c.KnownBrowser(),
	})
	switch {
	case fault.Is(err, fault.Forbidden):
		return s.noSetup(c, accounts.SetupWrong, f.Token != "")
	case fault.Is(err, fault.Conflict):
		return s.noSetup(c, accounts.SetupDone, true)
	case err != nil:
		var status int
		if f.Refusal, status, err = c.Refused(err); err != nil {
			return err
		}
		return s.setupForm(c, status, f)
	}
	c.Flash(page.Good, "The house is open. This is your studio.")
	return s.Welcome(c, opened, "/studio/"+opened.Studio)
}
