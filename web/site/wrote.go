package site

import (
	"net/http"
	"time"
)

// wroteCookie is in the browser of whoever has just changed something: their next
// pages are made, so they show it, whatever is kept for others and however late
// the word of the change is. Members' pages are made anyway; this is for what is
// done without a session, and for who signs out right after it. It is a wish for
// freshness and says nothing of anybody.
const (
	wroteCookie = "wrote"
	wroteTime   = 10 * time.Second
)

// markWriter sets the mark when a request that may change something has been
// carried out.
func (c *Context) markWriter() {
	switch c.Request().Method {
	case http.MethodGet, http.MethodHead, http.MethodOptions:
		return
	}
	c.BeforeAnswer(func() {
		if status, _ := c.Answered(); c.changesNothing || c.caller != nil || status >= http.StatusBadRequest {
			return
		}
		http.SetCookie(c.Response(), &http.Cookie{Name: wroteCookie, Value: "1", Path: "/", MaxAge: int(wroteTime.Seconds()), HttpOnly: true, Secure: c.Secure(), SameSite: http.SameSiteLaxMode})
	})
}

// wrote tells whether who asks has changed something in the last seconds.
func (c *Context) wrote() bool {
	_, err := c.Request().Cookie(wroteCookie)
	return err == nil
}

// Unwritten is for routes that tell something with POST and change nothing that
// anybody is shown: they mark nobody.
func (s *Site) Unwritten(next Handler) Handler {
	return func(c *Context) error {
		c.changesNothing = true
		return next(c)
	}
}
