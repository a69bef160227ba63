package site

import (
	"net/url"
	"strconv"
	"strings"
	"time"
	"unicode"

	"vitrine/app/fault"
	"vitrine/web/views"
	"vitrine/web/wire"
)

// Unshared keeps the addresses of pages, which may hold a secret, out of other
// sites' logs.
func (s *Site) Unshared(next Handler) Handler {
	return func(c *Context) error {
		c.Header("Referrer-Policy", "no-referrer")
		return next(c)
	}
}

// Refused turns an error of a use case into what the form says when it comes
// back filled in, with its status. What a form cannot mend (an error of ours, a
// missing page, a missing right) stays an error.
func (c *Context) Refused(err error) (views.Refusal, int, error) {
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

// Device is the browser's own words about itself.
func (c *Context) Device() string { return wire.Clean(c.Request().UserAgent()) }

// OwnPath gives a path of this site that may be led to after a form, or "" for
// anything that could leave it.
func OwnPath(next string) string {
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

// Enter begins the session in this browser and ends the one that it had.
func (s *Site) Enter(c *Context, token string) {
	if old := c.SessionToken(); old != "" && old != token {
		if err := s.conf.Accounts.SignOut(c.Ctx(), old); err != nil {
			s.Log().WarnContext(c.Ctx(), "the former session of a browser was not ended", "err", err)
		}
	}
	c.SetSession(token)
}

// SayPlainly answers a script with a status and one sentence.
func (c *Context) SayPlainly(err error) error {
	kind := fault.KindOf(err)
	message := fault.MessageOf(err)
	switch {
	case kind == fault.Internal:
		return err // logged, and apologised for
	case kind == fault.Unauthenticated:
		message = "You are signed out. Sign in in another tab, then press Try again here; nothing is lost."
	case message == "":
		message = "This cannot be done here. Open the page again."
	}
	if kind == fault.Unavailable {
		c.Header("Retry-After", "5")
	}
	return c.Bytes(statuses[kind], "text/plain; charset=utf-8", []byte(message))
}
