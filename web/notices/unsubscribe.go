package notices

import (
	"net/http"

	"vitrine/app/notifications/notices"
)

const stopPath = "/unsubscribe/"

// ShowUnsubscribe is GET /unsubscribe/:token. Opening it changes nothing: scanners
// of mail open links too. The button does.
func (p *Pages) ShowUnsubscribe(c *Context) error {
	sub, err := p.Notices.Subscription(c.Param("token"))
	if err != nil {
		return err
	}
	done, err := p.Notices.Stopped(c.Ctx(), sub)
	if err != nil {
		return err
	}
	return p.ending(c, http.StatusOK, c.Param("token"), sub, done)
}

func (p *Pages) ending(c *Context, status int, token string, sub notices.Subscription, done bool) error {
	e := ending{Action: stopPath + token, Daily: sub.Daily(), What: about[sub.Kind], Done: done}
	b := p.base(c, e.heading())
	b.Canonical = ""
	return c.Render(status, endingPage(b, e))
}

// about is what the mails of a kind are about.
var about = map[notices.Kind]string{
	notices.Comment: "comments", notices.Reply: "replies", notices.Like: "likes", notices.Follow: "new followers",
	notices.Published: "new works", notices.Opened: "scheduled works", notices.Failed: "files that could not be used", notices.Report: "your reports", notices.Decision: "decisions",
}

// Unsubscribe is POST /unsubscribe/:token, from the button and from mail programs
// (RFC 8058), which are not signed in and follow no redirection.
func (p *Pages) Unsubscribe(c *Context) error {
	if err := c.ParseForm(); err != nil {
		return err
	}
	token := c.Param("token")
	sub, err := p.Notices.Unsubscribe(c.Ctx(), token)
	if err != nil {
		return err
	}
	if c.Form("List-Unsubscribe") == "One-Click" {
		return p.ending(c, http.StatusOK, token, sub, true)
	}
	return c.SeeOther(stopPath + token)
}
