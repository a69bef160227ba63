package me

import (
	"net/http"
	"time"

	"github.com/google/uuid"

	"vitrine/app/accounts"
	"vitrine/app/fault"
	"vitrine/web/page"
	"vitrine/web/ui"
	"vitrine/web/views"
)

// ShowSessions is GET /me/sessions.
func (p *Pages) ShowSessions(c *Context) error {
	v, err := c.RequireViewer()
	if err != nil {
		return err
	}
	devices, err := p.Accounts.Devices(c.Ctx(), v.UserID)
	if err != nil {
		return err
	}
	out := views.SessionsPage{More: len(devices) == accounts.SessionsShown}
	for _, d := range devices {
		item := views.SessionItem{ID: d.ID.String(), Words: d.Words, Since: d.Since, Seen: ago(p.Now().Sub(d.SeenAt)), Here: d.ID == v.SessionID}
		if item.Here {
			item.Seen = "now"
			out.Items = append([]views.SessionItem{item}, out.Items...)
			continue
		}
		out.Items = append(out.Items, item)
	}
	return c.Render(http.StatusOK, views.Sessions(p.base(c, "Devices"), out))
}

// ago says how long something is past; what is noted is at most an hour behind.
func ago(d time.Duration) string {
	switch hours := int(d / time.Hour); {
	case hours < 1:
		return "within the hour"
	case hours < 48:
		return ui.Count(hours, "hour", "hours") + " ago"
	default:
		return ui.Count(hours/24, "day", "days") + " ago"
	}
}

// EndSession is POST /me/sessions/end. Ending one that is over does no harm.
func (p *Pages) EndSession(c *Context) error {
	v, err := c.RequireViewer()
	if err != nil {
		return err
	}
	if err := c.ParseForm(); err != nil {
		return err
	}
	session, err := uuid.Parse(c.Form("session"))
	if err == nil {
		err = p.Accounts.EndSession(c.Ctx(), v.UserID, session)
	} else {
		err = fault.Caused(fault.NotFound, "This device was signed out already.", err)
	}
	switch {
	case fault.Is(err, fault.NotFound):
		c.Flash(page.Plain, fault.MessageOf(err))
	case err != nil:
		return err
	case session == v.SessionID:
		c.EndSession()
		c.Flash(page.Plain, "You are signed out.")
		return c.SeeOther("/")
	default:
		c.Flash(page.Good, "The device is signed out.")
	}
	return c.SeeOther(views.MeSessions)
}

// EndOthers is POST /me/sessions/end-others.
func (p *Pages) EndOthers(c *Context) error {
	v, err := c.RequireViewer()
	if err != nil {
		return err
	}
	n, err := p.Accounts.EndOtherSessions(c.Ctx(), v.UserID, v.SessionID)
	if err != nil {
		return err
	}
	said := "No other device was signed in."
	if n > 0 {
		said = ui.NumberWord(int(n)) + " other devices are signed out."
		if n == 1 {
			said = "One other device is signed out."
		}
	}
	c.Flash(page.Good, said)
	return c.SeeOther(views.MeSessions)
}
