package site

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"net/url"
	"strconv"
	"time"

	"vitrine/app/accounts"
	"vitrine/app/fault"
	"vitrine/app/platform/errlog"
	"vitrine/web/caching"
	"vitrine/web/page"
	"vitrine/web/views"
)

// statuses is the one place that knows what a kind of failure is in HTTP.
var statuses = map[fault.Kind]int{
	fault.Internal:        http.StatusInternalServerError,
	fault.NotFound:        http.StatusNotFound,
	fault.Forbidden:       http.StatusForbidden,
	fault.Unauthenticated: http.StatusUnauthorized,
	fault.Invalid:         http.StatusUnprocessableEntity,
	fault.Conflict:        http.StatusConflict,
	fault.TooMany:         http.StatusTooManyRequests,
	fault.Unavailable:     http.StatusServiceUnavailable,
}

// Status is what a kind of failure is in HTTP.
func Status(k fault.Kind) int { return statuses[k] }

// defaultRetry is what a 503 says when the fault does not: a database restart
// takes a few seconds.
const defaultRetry = 5 * time.Second

// ServeError turns an error into a log line and a page. A form's own handler
// answers Invalid itself, with the form filled in; what arrives here is the rest.
func (s *Site) ServeError(c *Context, err error) {
	kind := fault.KindOf(err)
	switch {
	case c.turnedAway: // counted by class; a line for each would be a flood of its own
	case kind == fault.Unavailable && errors.Is(c.Ctx().Err(), context.Canceled):
		s.Log().DebugContext(c.Ctx(), "the client went away", "route", c.Route(), "err", err)
	case kind == fault.Internal:
		s.conf.Errors.Record(errlog.Internal, place(c), err)
		s.Log().ErrorContext(c.Ctx(), "request failed", "route", c.Route(), "err", err)
	case kind == fault.Unavailable:
		s.conf.Errors.Record(errlog.Unavailable, place(c), err)
		s.Log().WarnContext(c.Ctx(), "request not served", "route", c.Route(), "err", err)
	}
	if _, done := c.Answered(); done {
		return // half an answer has left; the connection is all that can be ended
	}
	c.Unkept()
	c.Header("Cache-Control", caching.Nobody) // there may be no route that says it
	if s.programs.asked(c) {
		s.programs.failed(c, err)
		return
	}
	if method := c.Request().Method; kind == fault.Unauthenticated && (method == http.MethodGet || method == http.MethodHead) {
		next := url.Values{"next": {c.Request().URL.RequestURI()}}
		_ = c.SeeOther("/login?" + next.Encode())
		return
	}
	if shut := (*accounts.Suspended)(nil); errors.As(err, &shut) {
		if err := s.ShowNotice(c, http.StatusForbidden, s.shutOut(shut)); err == nil {
			return
		}
	}
	status := statuses[kind]
	after := fault.RetryAfterOf(err)
	if kind == fault.Unavailable && after == 0 {
		after = defaultRetry
	}
	if after > 0 {
		c.Header("Retry-After", strconv.Itoa(int((after+time.Second-1)/time.Second)))
	}
	message := fault.MessageOf(err)
	if err := s.errorPage(c, kind, views.ErrorView{Status: status, Heading: headingOf(c, kind), Message: message, RetryAfter: after, Again: c.again(kind)}); err != nil {
		s.Log().LogAttrs(c.Ctx(), slog.LevelError, "the error page failed", slog.Any("err", err))
		_ = c.Bytes(status, "text/plain; charset=utf-8", []byte(plainly(status, message)))
	}
}

// place names the request in the list of errors: never its URL.
func place(c *Context) string {
	route := c.Route()
	if route == "" {
		route = "unmatched"
	}
	return c.Request().Method + " " + route
}

// headingOf is what stands over a form that was refused to somebody: they were
// not at the door of a room. Other pages have the heading of their status.
func headingOf(c *Context, kind fault.Kind) string {
	if kind == fault.Forbidden && c.Request().Method == http.MethodPost {
		return "That was not carried out"
	}
	return ""
}

// errorPage makes the page; a panic in it is an error like any other, since
// nothing stands behind this page.
func (s *Site) errorPage(c *Context, kind fault.Kind, v views.ErrorView) (err error) {
	defer func() {
		if p := recover(); p != nil {
			err = fmt.Errorf("panic: %v", p)
		}
	}()
	return c.Render(v.Status, views.ErrorPage(s.errorBase(c, kind), v))
}

// plainly is what an answer says when even its page cannot be made.
func plainly(status int, message string) string {
	if message == "" {
		message = http.StatusText(status) + ". Not even the page that explains this could be shown. Nothing is lost; try again shortly."
	}
	return message + "\n"
}

// errorBase needs no database: when that is what failed, asking it who is
// looking would fail too, and take its time.
func (s *Site) errorBase(c *Context, kind fault.Kind) page.Base {
	b := page.Base{Path: c.Request().URL.Path, NoIndex: true, Dev: s.conf.Dev, Now: s.conf.Clock()}
	if kind != fault.Internal && kind != fault.Unavailable && !c.turnedAway {
		b.Viewer = pageViewer(c)
	}
	return s.withGlass(c, b)
}
