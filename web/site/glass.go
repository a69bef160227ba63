package site

import (
	"cmp"
	"fmt"
	"net/http"
	"strconv"
	"strings"
	"time"

	"github.com/a-h/templ"

	"vitrine/app/platform/cache"
	"vitrine/app/platform/telemetry"
	"vitrine/web/glass"
	"vitrine/web/page"
)

// glassCookie is set in browsers whose member wants to see the glass box. It is
// a wish and no right: without a session it does nothing.
const glassCookie = "glass"

// meter measures one answer.
type meter struct {
	began  time.Time
	work   *telemetry.Work
	thread *telemetry.Thread // nil unless somebody wants to see the panel
}

// measure begins to measure an answer, in full for who has turned the glass box
// on. The goroutine must be the one that makes the answer.
func (c *Context) measure(began time.Time, work *telemetry.Work) *meter {
	m := &meter{began: began, work: work}
	// A file would hold its thread as long as the line is slow.
	page := !c.site.conf.Streams(c.Request().URL.Path)
	if ck, err := c.Request().Cookie(glassCookie); page && err == nil && ck.Value == "on" && c.SessionToken() != "" {
		m.thread = telemetry.HoldThread()
		work.Watch()
	}
	c.meter = m
	c.BeforeAnswer(func() { c.Header("Server-Timing", c.timing()) })
	return m
}

func (m *meter) end() {
	if m.thread != nil {
		m.thread.Release()
	}
}

// timing is the value of Server-Timing. How often the database was asked could
// tell whether an address has an account, so that stands on pages alone, and
// only for members; and so could a time that no network has blurred, so visitors
// get milliseconds, and forms tens of them.
func (c *Context) timing() string {
	m := c.meter
	took := time.Since(m.began)
	method := c.Request().Method
	switch {
	case method != http.MethodGet && method != http.MethodHead:
		return "total;dur=" + upTo(took, 10*time.Millisecond)
	case c.keeping.from != "":
		age := ""
		if c.keeping.from == cache.Hit {
			age = ", age;dur=" + upTo(c.keeping.age, time.Millisecond)
		}
		return "total;dur=" + upTo(took, time.Millisecond) + age + ", cache;desc=" + string(c.keeping.from)
	case c.viewer == nil:
		return "total;dur=" + upTo(took, time.Millisecond)
	}
	total := "total;dur=" + millis(took)
	parts := []string{total, fmt.Sprintf(`db;dur=%s;desc="%d queries"`, millis(m.work.DBTime()), m.work.Queries.Load())}
	if r := c.Rendering(); r > 0 {
		parts = append(parts, "render;dur="+millis(r))
	}
	if m.thread != nil {
		if cpu, known := m.thread.CPU(); known {
			parts = append(parts, "cpu;dur="+millis(cpu))
		}
	}
	return strings.Join(parts, ", ")
}

// upTo rounds up to whole steps, in milliseconds.
func upTo(d, step time.Duration) string {
	steps := int64((d + step - 1) / step)
	return strconv.FormatInt(steps*step.Milliseconds(), 10)
}

func millis(d time.Duration) string {
	return fmt.Sprintf("%.2f", float64(d.Microseconds())/1000)
}

// withGlass adds the panel to a page, for a member who has turned it on.
func (s *Site) withGlass(c *Context, b page.Base) page.Base {
	if m := c.meter; m != nil && m.thread != nil && b.Viewer != nil {
		b.Styles = append(b.Styles, "glass.css")
		b.Foot = s.panel(c)
	}
	return b
}

// panel is read when it is drawn, which is last.
func (s *Site) panel(c *Context) templ.Component {
	next := "/me/glass" // a form's page cannot be come back to
	if method := c.Request().Method; method == http.MethodGet || method == http.MethodHead {
		next = c.Request().URL.RequestURI()
	}
	return glass.Box{Setup: s.conf.Glass, Next: next, Measure: c.reading}.Panel()
}

func (c *Context) reading() glass.Reading {
	m := c.meter
	r := glass.Reading{
		Route: c.Request().Method + " " + cmp.Or(c.Route(), "of an address that nothing answers"), Total: time.Since(m.began), DB: m.work.DBTime(), Queries: m.work.Queries.Load(), Rows: m.work.Rows.Load(),
		Rendering: c.Rendering(), Statements: m.work.Statements(), Layers: m.work.Layers(),
		Kept: glass.Kept{Page: c.keeping.here, From: string(c.keeping.from), Age: c.keeping.age},
	}
	r.CPU, r.CPUKnown = m.thread.CPU()
	return r
}

// GlassOn tells whether this browser shows the glass box.
func (c *Context) GlassOn() bool { return c.meter != nil && c.meter.thread != nil }

// SetGlass turns the glass box on or off in this browser.
func (c *Context) SetGlass(on bool) {
	ck := &http.Cookie{Name: glassCookie, Value: "on", Path: "/", MaxAge: int((365 * 24 * time.Hour).Seconds()), HttpOnly: true, Secure: c.Secure(), SameSite: http.SameSiteLaxMode}
	if !on {
		ck.Value, ck.MaxAge = "", -1
	}
	http.SetCookie(c.Response(), ck)
}
