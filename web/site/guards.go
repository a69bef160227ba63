package site

import (
	"context"
	"io"
	"log/slog"
	"net/http"
	"net/url"
	"strings"
	"time"
	"unicode/utf8"

	"vitrine/app/fault"
	"vitrine/app/platform/db"
	"vitrine/app/platform/errlog"
	"vitrine/app/platform/telemetry"
	"vitrine/web/wire"
)

// How long a request may hold a connection. Uploads and files set their own
// deadlines as their bytes move.
const (
	requestTime = 15 * time.Second // making a page
	bodyTime    = 30 * time.Second // receiving a form
	answerTime  = time.Minute      // making and sending an answer
)

// Observe is outermost: it counts, times and logs each request by its route,
// and makes the request one line of work for the database.
func (s *Site) Observe(next Handler) Handler {
	return func(c *Context) error {
		start := time.Now()
		ctx, work := telemetry.Begin(c.Ctx(), c.Route())
		ctx, ended := s.conf.Traces.Request(ctx, c.Request().Method, c.Route())
		c.WithContext(db.Guard(ctx))
		defer c.measure(start, work).end()
		done := s.conf.Metrics.Request()
		if err := next(c); err != nil {
			s.ServeError(c, wire.Fault(err))
		}
		status, _ := c.Answered()
		done(c.Request().Method, c.Route(), status, work)
		ended(status)
		s.Log().LogAttrs(ctx, slog.LevelInfo, "request",
			slog.String("method", c.Request().Method), slog.String("route", c.Route()), slog.Int("status", status),
			slog.Duration("took", time.Since(start)), slog.Int64("bytes", c.Size()),
			slog.Int64("queries", work.Queries.Load()), slog.Duration("db", work.DBTime()))
		return nil
	}
}

// RecoverPanic turns a panic of a handler into an apology. http.ErrAbortHandler
// is how net/http is told to cut a connection and passes.
func (s *Site) RecoverPanic(next Handler) Handler {
	return func(c *Context) (err error) {
		defer func() {
			if p := recover(); p != nil {
				if p == http.ErrAbortHandler { //nolint:errorlint // a sentinel by contract
					panic(p)
				}
				err = errlog.Recovered(p)
			}
		}()
		return next(c)
	}
}

// policy is the Content-Security-Policy of every answer. There is no nonce and
// no inline style or script, so a page may be cached and shared.
const policy = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; media-src 'self'; " +
	"connect-src 'self'; font-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'; manifest-src 'self'"

// AllowBlob opens the policy for previews of files that have not been uploaded
// yet. Only the compose page calls it.
func (c *Context) AllowBlob() {
	p := strings.Replace(c.policy(), "img-src 'self'", "img-src 'self' blob:", 1)
	c.Header("Content-Security-Policy", strings.Replace(p, "media-src 'self'", "media-src 'self' blob:", 1))
}

// policy is what Harden has set.
func (c *Context) policy() string { return c.Response().Header().Get("Content-Security-Policy") }

// policyFor opens the policy for pictures and films of another host of ours.
func policyFor(mediaURL string) string {
	if mediaURL == "" {
		return policy
	}
	p := strings.Replace(policy, "img-src 'self'", "img-src 'self' "+mediaURL, 1)
	return strings.Replace(p, "media-src 'self'", "media-src 'self' "+mediaURL, 1)
}

// onMediaHost tells whether a request came by the host of public renditions,
// which serves nothing else: a page there would be a second site without cookies.
func (s *Site) onMediaHost(r *http.Request) bool {
	_, host, ok := strings.Cut(s.conf.MediaURL, "://")
	return ok && strings.EqualFold(r.Host, host)
}

// AllowFrame lets other sites put the page into a frame. Only the card for other
// sites calls it.
func (c *Context) AllowFrame() {
	c.Header("Content-Security-Policy", strings.Replace(c.policy(), "frame-ancestors 'none'", "frame-ancestors *", 1))
}

// Harden sets the security headers, refuses forms that another site sent and
// paths that are not text, bounds the request's time, and marks whoever changes
// something.
func (s *Site) Harden(next Handler) Handler {
	return func(c *Context) error {
		h := c.Response().Header()
		h.Set("Content-Security-Policy", s.policy)
		h.Set("X-Content-Type-Options", "nosniff")
		h.Set("Referrer-Policy", "strict-origin-when-cross-origin")
		h.Set("Cross-Origin-Opener-Policy", "same-origin")
		h.Set("Permissions-Policy", "camera=(), microphone=(), geolocation=(), interest-cohort=()")
		if c.Secure() {
			h.Set("Strict-Transport-Security", "max-age=31536000")
		}
		s.hurry(c)
		path, err := url.PathUnescape(c.Request().URL.EscapedPath())
		if err != nil || !utf8.ValidString(path) || strings.ContainsRune(path, 0) || len(path) > 2048 {
			return fault.New(fault.NotFound, "")
		}
		if s.onMediaHost(c.Request()) && !strings.HasPrefix(path, "/m/") {
			return fault.New(fault.NotFound, "")
		}
		if err := s.cross.Check(c.Request()); err != nil {
			return fault.Caused(fault.Forbidden, "This form was sent from another site, so it was not carried out. Open the page here and send it again.", err)
		}
		c.markWriter()
		return next(c)
	}
}

// hurry sets the connection's deadlines for this request: a client that sends
// its form a byte a minute, or never reads the answer, does not keep them.
func (s *Site) hurry(c *Context) {
	line := http.NewResponseController(c.Response())
	now := time.Now()
	if r := c.Request(); r.ContentLength != 0 {
		_ = line.SetReadDeadline(now.Add(s.conf.BodyTime)) // a recorder in a test has none
	}
	_ = line.SetWriteDeadline(now.Add(answerTime))
}

// patient is a body that may take long in all, as long as bytes keep coming.
type patient struct {
	io.ReadCloser
	line    *http.ResponseController
	silence time.Duration
	until   time.Time
}

// WaitFor gives the request's body that patience, and the answer what is left.
func (s *Site) WaitFor(c *Context, most time.Duration) {
	r := c.Request()
	p := patient{r.Body, http.NewResponseController(c.Response()), s.conf.BodyTime, time.Now().Add(most)}
	r.Body = p
	_ = p.line.SetWriteDeadline(p.until.Add(answerTime))
}

// Read moves the deadline on.
func (p patient) Read(b []byte) (int, error) {
	next := time.Now().Add(p.silence)
	if next.After(p.until) {
		next = p.until
	}
	_ = p.line.SetReadDeadline(next)
	return p.ReadCloser.Read(b)
}

// InTime bounds how long a page may take.
func (s *Site) InTime(next Handler) Handler {
	return func(c *Context) error {
		before := c.Ctx()
		ctx, cancel := context.WithTimeout(before, requestTime)
		defer cancel()
		c.WithContext(ctx)
		err := next(c)
		// The error page is made after this guard, and with a context that has
		// ended nothing can be rendered.
		c.WithContext(before)
		return err
	}
}

// SignedIn lets members through; others go to the login page and come back.
func (s *Site) SignedIn(next Handler) Handler {
	return func(c *Context) error {
		if _, err := c.RequireViewer(); err != nil {
			return err
		}
		return next(c)
	}
}

// AdminOnly lets through who runs this installation.
func (s *Site) AdminOnly(next Handler) Handler {
	return func(c *Context) error {
		viewer, err := c.RequireViewerNow()
		if err != nil {
			return err
		}
		if !viewer.Admin {
			return fault.New(fault.Forbidden, "Only those who run this site can do this.")
		}
		return next(c)
	}
}

// DevOnly hides the development pages elsewhere, as if they did not exist.
func (s *Site) DevOnly(next Handler) Handler {
	return func(c *Context) error {
		if !s.conf.Dev {
			return fault.New(fault.NotFound, "")
		}
		return next(c)
	}
}
