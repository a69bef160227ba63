package site

import (
	"fmt"
	"net/http"
	"strconv"
	"time"

	"vitrine/app/fault"
	"vitrine/app/platform/limit"
)

// Limit counts a request for its class and refuses who asks too often: 429 with
// Retry-After, and the form that was sent, to send it again. It stands before
// the guards that ask the database, apart from the one look-up that tells a
// member from a visitor, which has a limit of its own.
func (s *Site) Limit(class limit.Class) Guard {
	return func(next Handler) Handler {
		return func(c *Context) error {
			if s.conf.Limits == nil {
				return next(c)
			}
			who, err := s.whoAsks(c, class)
			if err == nil {
				err = s.take(c, class, who)
			}
			if err != nil {
				return c.turnAway(err)
			}
			return next(c)
		}
	}
}

// OnPost applies a guard to what is sent, on routes that take every method.
func OnPost(g Guard) Guard {
	return func(next Handler) Handler {
		guarded := g(next)
		return func(c *Context) error {
			if c.Request().Method == http.MethodPost {
				return guarded(c)
			}
			return next(c)
		}
	}
}

// Strays counts requests that no route answers as pages: they, too, have one
// made, and somebody's session looked up.
func (s *Site) Strays(next Handler) Handler {
	return func(c *Context) error {
		err := next(c)
		if c.Route() != "" || err == nil {
			return err
		}
		return s.Limit(limit.Dynamic)(func(*Context) error { return err })(c)
	}
}

// whoAsks is the key of a class.
func (s *Site) whoAsks(c *Context, class limit.Class) (limit.Key, error) {
	switch class {
	case limit.AllMail:
		return limit.Everybody(), nil
	case limit.Dynamic, limit.Search, limit.Poll, limit.Live, limit.Upload, limit.Report, limit.Comment:
		return s.memberOrAddress(c)
	case limit.API:
		if c.caller != nil {
			return *c.caller, nil
		}
	}
	return limit.Address(c.Address()), nil
}

// Caller says who is counted for requests of programs, whose token has been
// looked at; until then it is their address.
func (c *Context) Caller(k limit.Key) { c.caller = &k }

// memberOrAddress looks at the session once per request. A cookie that is no
// good is a visitor's, and cannot be used to have the database asked without
// end.
func (s *Site) memberOrAddress(c *Context) (limit.Key, error) {
	at := limit.Address(c.Address())
	if c.SessionToken() == "" {
		return at, nil
	}
	if !c.counted {
		c.counted = true
		if err := s.take(c, limit.Sessions, at); err != nil {
			return at, err
		}
	}
	if v := c.Viewer(); v != nil {
		return limit.Member(v.UserID), nil
	}
	return at, nil
}

// take asks for one turn. Programs are told how many are left.
func (s *Site) take(c *Context, class limit.Class, who limit.Key) error {
	rule := s.conf.Limits.Rule(class)
	d, err := s.conf.Limits.Take(c.Ctx(), class, who)
	if err != nil {
		s.Log().WarnContext(c.Ctx(), "requests could not be counted", "class", class.String(), "err", err)
		if rule.FailOpen {
			return nil
		}
		return fault.Caused(fault.Unavailable, "This cannot be done at the moment. Nothing is lost; send it again shortly.", err)
	}
	if class == limit.API && rule.Count > 0 {
		c.Header("RateLimit-Policy", fmt.Sprintf("%q;q=%d;w=%d", class, rule.Count, int(rule.Per.Seconds())))
		c.Header("RateLimit", fmt.Sprintf("%q;r=%d;t=%d", class, d.Remaining, seconds(d.Reset)))
	}
	if d.Allowed {
		return nil
	}
	s.conf.Metrics.Limited(class.String())
	return fault.Later(fault.TooMany, tooOften[class], d.After)
}

// tooOften are the sentences of classes that have their own; the others have
// that of the 429 page.
var tooOften = map[limit.Class]string{
	limit.Login:   "Many people tried to sign in from here. Wait a little, then send the form again.",
	limit.Signup:  "Many studios were opened from here in a short time. Wait a little, then send the form again.",
	limit.Mail:    "Many mails were asked for from here. Look into your mail first; then wait a little and send the form again.",
	limit.AllMail: "More mails are asked for at the moment than this site sends. Nothing is lost; send the form again later.",
	limit.Comment: "Many comments came from you in a short time. Wait a little, then send this one again; nothing is lost.",
	limit.Upload:  "Many files were sent in a short time. Wait a little, then press Try again; nothing is lost.",
	limit.Files:   "Many files were asked for from here in a short time. Wait a little, then try again.",
	limit.Search:  "Many searches came from here in a short time. Wait a little, then search again.",
	limit.Report:  "Many reports came from here in a short time. Nothing is lost; wait a little, then send the form again.",
	limit.API:     "The tokens of this person have used their turns. Wait as long as Retry-After says.",
}

// maxKept is how much of a form is read to give it back to somebody who was
// turned away: reading is work, too.
const maxKept = 256 << 10 // bytes

// turnAway answers a request that nobody has looked at yet: without the
// database, and without a page where a script or an image waits for the answer.
func (c *Context) turnAway(err error) error {
	c.turnedAway = true
	if after := fault.RetryAfterOf(err); after > 0 {
		c.Header("Retry-After", strconv.Itoa(seconds(after)))
	}
	if !c.site.conf.Streams(c.Request().URL.Path) {
		return err
	}
	return c.Bytes(statuses[fault.KindOf(err)], "text/plain; charset=utf-8", []byte(fault.MessageOf(err)))
}

// seconds rounds up: who comes back then is not refused again.
func seconds(d time.Duration) int { return int((d + time.Second - 1) / time.Second) }
