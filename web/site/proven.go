package site

import (
	"maps"
	"net/http"
	"net/url"
	"slices"
	"strings"

	"vitrine/app/accounts"
	"vitrine/web/views"
)

// The fields of the page that asks once more who somebody is. No other form has
// them; the first one's name keeps it out of whatever repeats a form, and this
// page repeats none that begins with proof_.
const (
	proofPassword = "proof_password"
	proofCode     = "proof_code"
)

// Proven lets through who has shown in the last fifteen minutes, in this
// session, who they are. Others are asked for their password, and for the code
// of their second factor if they have one: a page comes after that, and a form
// is carried out with what it held, passwords apart, when the answer is right.
// It stands behind SignedIn, before forms without files.
func (s *Site) Proven(next Handler) Handler {
	return func(c *Context) error {
		v, err := c.RequireViewerNow()
		if err != nil {
			return err
		}
		if m := c.Request().Method; m == http.MethodGet || m == http.MethodHead {
			if v.Proven {
				return next(c)
			}
			return c.SeeOther("/me/confirm?" + url.Values{"next": {c.Request().URL.RequestURI()}}.Encode())
		}
		if err := c.ParseForm(); err != nil {
			return err
		}
		if _, answered := c.Request().PostForm[proofPassword]; answered && !v.Proven {
			if err := s.prove(c, v); err != nil {
				return s.askProof(c, v, err)
			}
		}
		if v.Proven {
			return next(c)
		}
		return s.askProof(c, v, nil)
	}
}

// prove checks what the person answered.
func (s *Site) prove(c *Context, v *Viewer) error {
	err := s.conf.Accounts.Prove(c.Ctx(), accounts.Proof{UserID: v.UserID, SessionID: v.SessionID, Password: c.Form(proofPassword), Code: c.Form(proofCode)})
	v.Proven = err == nil
	return err
}

// askProof shows the page, with the form that waits for the answer. A first
// question is no failure of the form, but it was not carried out either.
func (s *Site) askProof(c *Context, v *Viewer, refused error) error {
	f := views.ProofForm{Action: c.Request().URL.RequestURI(), Form: true}
	for _, name := range slices.Sorted(maps.Keys(c.Request().PostForm)) {
		if strings.Contains(name, "password") || strings.HasPrefix(name, "proof_") {
			continue
		}
		for _, value := range cleaned(c.Request().PostForm)[name] {
			f.Kept = append(f.Kept, views.ResendField{Name: name, Value: value})
		}
	}
	return s.showProof(c, v, f, refused)
}

func (s *Site) showProof(c *Context, v *Viewer, f views.ProofForm, refused error) error {
	status := http.StatusOK
	if f.Form {
		status = http.StatusForbidden
	}
	if refused != nil {
		var err error
		if f.Refusal, status, err = c.Refused(refused); err != nil {
			return err
		}
	}
	f.Email = v.Email
	var err error
	if f.AskCode, err = s.conf.Accounts.SecondOn(c.Ctx(), v.UserID); err != nil {
		return err
	}
	c.Unkept()
	b := s.Base(c, "Confirm that it is you")
	b.NoIndex = true
	return c.Render(status, views.Proof(b, f))
}

// ShowConfirm is GET /me/confirm?next=…: the question before a page.
func (s *Site) ShowConfirm(c *Context) error {
	v, err := c.RequireViewer()
	if err != nil {
		return err
	}
	next := afterProof(c.Query("next"))
	if v.Proven {
		return c.SeeOther(next)
	}
	return s.showProof(c, v, views.ProofForm{Action: "/me/confirm", Next: next}, nil)
}

// Confirm is POST /me/confirm.
func (s *Site) Confirm(c *Context) error {
	v, err := c.RequireViewer()
	if err != nil {
		return err
	}
	if err := c.ParseForm(); err != nil {
		return err
	}
	next := afterProof(c.Form("next"))
	if err := s.prove(c, v); err != nil {
		return s.showProof(c, v, views.ProofForm{Action: "/me/confirm", Next: next}, err)
	}
	return c.SeeOther(next)
}

// afterProof is where the answer leads: a path of ours.
func afterProof(next string) string {
	if next = OwnPath(next); next == "" || strings.HasPrefix(next, "/me/confirm") {
		return "/me/security"
	}
	return next
}

// Welcome begins what a sign-in has opened, in this browser: a session, which
// leads to next, or the question for the second factor before it.
func (s *Site) Welcome(c *Context, opened accounts.Opened, next string) error {
	if opened.Second != "" {
		c.SetWaitingLogin(opened.Second)
		return c.SeeOther("/login/second?" + url.Values{"next": {next}}.Encode())
	}
	if opened.Browser != "" {
		c.SetKnownBrowser(opened.Browser)
	}
	s.Enter(c, opened.Token)
	return c.SeeOther(next)
}
