package web

import (
	"encoding/base64"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"time"
	"unicode"

	"vitrine/app/fault"
	"vitrine/web/views"
	"vitrine/web/wire"
)

// unshared keeps pages with forms, keys and links out of every cache, and their
// addresses, which may hold a secret, out of other sites' logs.
func (s *Server) unshared(next handler) handler {
	return func(c *Context) error {
		c.Header("Cache-Control", "private, no-store")
		c.Header("Referrer-Policy", "no-referrer")
		return next(c)
	}
}

// refused turns an error of a use case into what the form says when it comes
// back filled in, with its status. What a form cannot mend (an error of ours, a
// missing page, a missing right) stays an error.
func (c *Context) refused(err error) (views.Refusal, int, error) {
	kind := fault.KindOf(err)
	switch kind {
	case fault.Invalid, fault.Conflict, fault.TooMany, fault.Unavailable:
	default:
		return views.Refusal{}, 0, err
	}
	r := views.Refusal{Message: fault.MessageOf(err), Fields: fault.FieldsOf(err)}
	if r.Message == "" && len(r.Fields) == 0 {
		r.Message = "This could not be done at the moment. Nothing is lost; send it again shortly."
	}
	if after := fault.RetryAfterOf(err); after > 0 {
		c.Header("Retry-After", strconv.Itoa(int((after+time.Second-1)/time.Second)))
	} else if kind == fault.Unavailable {
		c.Header("Retry-After", strconv.Itoa(int(defaultRetry.Seconds())))
	}
	return r, statuses[kind], nil
}

// device is the browser's own words about itself.
func (c *Context) device() string { return wire.Clean(c.Request().UserAgent()) }

// ownPath gives a path of this site that may be led to after a form, or "" for
// anything that could leave it.
func ownPath(next string) string {
	if len(next) > 2000 || !strings.HasPrefix(next, "/") || strings.HasPrefix(next, "//") ||
		strings.Contains(next, `\`) || strings.IndexFunc(next, unicode.IsControl) >= 0 {
		return ""
	}
	u, err := url.Parse(next)
	if err != nil || u.Host != "" || u.Scheme != "" || strings.HasPrefix(u.Path, "//") {
		return ""
	}
	switch u.Path {
	case "/login", "/logout", "/signup", "/setup":
		return "" // doors lead on, not to themselves
	}
	return u.String()
}

// The address that a mail went to, for the page after the form. It travels in a
// cookie: in the URL, anybody could make the page name any address.
const (
	sentCookie = "sent"
	sentTime   = 10 * time.Minute
)

func (c *Context) setSent(email string) {
	http.SetCookie(c.Response(), &http.Cookie{
		Name: sentCookie, Value: base64.RawURLEncoding.EncodeToString([]byte(email)), Path: "/", MaxAge: int(sentTime.Seconds()),
		HttpOnly: true, Secure: c.Secure(), SameSite: http.SameSiteLaxMode,
	})
}

func (c *Context) sent() string {
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

// enter begins the session in this browser and ends the one that it had.
func (s *Server) enter(c *Context, token string) {
	if old := c.SessionToken(); old != "" && old != token {
		if err := s.Accounts.SignOut(c.Ctx(), old); err != nil {
			s.log().WarnContext(c.Ctx(), "the former session of a browser was not ended", "err", err)
		}
	}
	c.SetSession(token)
}

// showNotice answers with a page that says something and leads on.
func (s *Server) showNotice(c *Context, status int, n views.Notice) error {
	return c.Render(status, views.NoticePage(s.base(c, n.Heading), n))
}

// canRead tells whether mails can be read on the development page.
func (s *Server) canRead() bool { return s.conf.Dev && s.Mails != nil && s.Mails.Mailbox() }
