package web

import (
	"encoding/base64"
	"net/http"
	"time"

	"vitrine/web/wire"
)

// The address that a mail went to, for the page after the form. It travels in a
// cookie: in the URL, anybody could make the page name any address.
const (
	sentCookie = "sent"
	sentTime   = 10 * time.Minute
)

func setSent(c *Context, email string) {
	http.SetCookie(c.Response(), &http.Cookie{
		Name: sentCookie, Value: base64.RawURLEncoding.EncodeToString([]byte(email)), Path: "/", MaxAge: int(sentTime.Seconds()),
		HttpOnly: true, Secure: c.Secure(), SameSite: http.SameSiteLaxMode,
	})
}

func sentTo(c *Context) string {
	ck, err := c.Request().Cookie(sentCookie)
	if err != nil || len(ck.Value) > 1000 {
		return ""
	}
	raw, err := base64.RawURLEncoding.DecodeString(ck.Value)
	if err != nil {
		return ""
	}
	return wire.Clean(string(raw))
}

// canRead tells whether mails can be read on the development page.
func (s *Server) canRead() bool { return s.Dev() && s.Mails != nil && s.Mails.Mailbox() }
