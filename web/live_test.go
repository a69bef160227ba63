package web_test

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/coder/websocket"
	"github.com/google/uuid"
	"github.com/prometheus/client_golang/prometheus"

	"vitrine/app/platform/clock"
	"vitrine/app/platform/limit"
	hub "vitrine/app/platform/live"
	"vitrine/app/platform/mail"
	"vitrine/web"
	"vitrine/web/live"
)

// hearing bounds what a test waits for.
const hearing = time.Minute

// ear is the connection of an open page.
type ear struct {
	t          *testing.T
	conn       *websocket.Conn
	heartbeats int
}

// withLive builds a site whose connections are as the test needs them.
func withLive(c live.Config) siteOption {
	return func(conf *web.Config, _ *mail.Config) { conf.Live = c }
}

// dial asks for a connection, as a page of the site does.
func (s *site) dial(t *testing.T, cookie *http.Cookie, after string, change ...func(http.Header)) (*websocket.Conn, *http.Response, error) {
	t.Helper()
	header := http.Header{"Origin": {s.url}}
	if cookie != nil {
		header.Set("Cookie", cookie.Name+"="+cookie.Value)
	}
	for _, f := range change {
		f(header)
	}
	ctx, cancel := context.WithTimeout(t.Context(), hearing)
	defer cancel()
	return websocket.Dial(ctx, s.url+"/live?after="+after, &websocket.DialOptions{HTTPHeader: header})
}

// hears opens a page's connection.
func (s *site) hears(t *testing.T, cookie *http.Cookie, after string) *ear {
	t.Helper()
	conn, res, err := s.dial(t, cookie, after)
	if err != nil {
		t.Fatalf("%v, %v", res, err)
	}
	t.Cleanup(func() { _ = conn.CloseNow() })
	e := &ear{t: t, conn: conn}
	if m := e.next(); m.Kind != "hello" {
		t.Fatalf("the first message is %+v", m)
	}
	return e
}

// read is the next message, or why there is none.
func (e *ear) read() (m hub.Message, err error) {
	e.t.Helper()
	ctx, cancel := context.WithTimeout(e.t.Context(), hearing)
	defer cancel()
	kind, frame, err := e.conn.Read(ctx)
	if err != nil {
		return m, err
	}
	if kind != websocket.MessageText {
		e.t.Errorf("a frame of kind %v", kind)
	}
	err = json.Unmarshal(frame, &m)
	return m, err
}

// next is the next message but signs of life, which alone are not waited on for ever.
func (e *ear) next() hub.Message {
	e.t.Helper()
	for deadline := time.Now().Add(hearing); ; {
		m, err := e.read()
		must(e.t, err)
		if m.Kind != "beat" {
			return m
		}
		if e.heartbeats++; time.Now().After(deadline) {
			e.t.Fatalf("the page hears nothing but signs of life for %s", hearing)
		}
	}
}

// ends waits for the end, and gives its code and reason.
func (e *ear) ends() (code websocket.StatusCode, reason string) {
	e.t.Helper()
	for deadline := time.Now().Add(hearing); ; {
		_, err := e.read()
		if err == nil && time.Now().Before(deadline) {
			continue
		}
		if err == nil {
			return -1, "it goes on"
		}
		var closed websocket.CloseError
		if errors.As(err, &closed) {
			return closed.Code, closed.Reason
		}
		return -1, err.Error()
	}
}

func (s *site) tells(t *testing.T, member uuid.UUID, kind, data string) {
	t.Helper()
	must(t, s.Live.Publish(t.Context(), member, kind, json.RawMessage(data)))
}

// sockets is what the metrics say of them.
func (s *site) sockets(t *testing.T) float64 {
	t.Helper()
	r := prometheus.NewRegistry()
	r.MustRegister(s.server.Live())
	families, err := r.Gather()
	must(t, err)
	for _, f := range families {
		if f.GetName() == "vitrine_live_sockets" {
			return f.GetMetric()[0].GetGauge().GetValue()
		}
	}
	t.Fatal("the metrics say nothing of connections")
	return 0
}

// awaitSockets waits until so many are held. One on which the page has said something is held for 15 s more: for as long
// the library waits for its own end.
func (s *site) awaitSockets(t *testing.T, want float64) {
	t.Helper()
	tick := time.NewTicker(10 * time.Millisecond)
	defer tick.Stop()
	for deadline := time.Now().Add(hearing); s.sockets(t) != want; <-tick.C {
		if time.Now().After(deadline) {
			t.Fatalf("%v sockets, want %v", s.sockets(t), want)
		}
	}
}

// A page hears what its member is told, in order and once, also what was told
// between the page and its connection, and while the connection was broken.
func TestLive_resumes(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	ines, teresa := s.member(t, "Ines", "ines@harbour.example").sessionCookie(t), s.member(t, "Teresa", "teresa@harbour.example").sessionCookie(t)
	member, other := s.userOf(t, "ines@harbour.example"), s.userOf(t, "teresa@harbour.example")
	page := s.Live.Position()
	s.tells(t, member, "notice", `{"unread":1}`)
	e := s.hears(t, ines, page)
	if m := e.next(); m.Kind != "notice" || string(m.Data) != `{"unread":1}` {
		t.Fatalf("before the connection stood: %+v", m)
	}
	third := s.hears(t, teresa, page)
	var last string
	for n := range 5 {
		s.tells(t, other, "notice", `{"unread":9}`)
		s.tells(t, member, "notice", fmt.Sprint(n))
		m := e.next()
		if string(m.Data) != fmt.Sprint(n) || m.ID == last {
			t.Fatalf("message %d is %+v", n, m)
		}
		last = m.ID
		if m := third.next(); string(m.Data) != `{"unread":9}` {
			t.Fatalf("the other member hears %+v", m)
		}
	}
	_ = e.conn.CloseNow()
	s.awaitSockets(t, 1)
	s.tells(t, member, "notice", `"meanwhile"`)
	e = s.hears(t, ines, last)
	if m := e.next(); string(m.Data) != `"meanwhile"` {
		t.Errorf("after the break: %+v", m)
	}
	if m := s.hears(t, ines, "17").next(); m.Kind != "missed" || m.ID == "" {
		t.Errorf("with a position of another process: %+v", m)
	}
}

// Who may not have a connection gets an answer that is none.
func TestLive_refused(t *testing.T) {
	t.Parallel()
	s := newSite(t, withLive(live.Config{Most: 1}))
	ines := s.member(t, "Ines", "ines@harbour.example").sessionCookie(t)
	page := s.Live.Position()
	for what, try := range map[string]struct {
		cookie *http.Cookie
		change func(http.Header)
		want   int
	}{
		"a visitor":              {nil, func(http.Header) {}, http.StatusOK}, // of the sign-in page, to which it leads
		"a page of another site": {ines, func(h http.Header) { h.Set("Origin", "https://elsewhere.example") }, http.StatusForbidden},
		"a page without a site":  {ines, func(h http.Header) { h.Set("Origin", "null") }, http.StatusForbidden},
		"a program":              {ines, func(h http.Header) { h.Del("Origin") }, http.StatusForbidden},
	} {
		conn, res, err := s.dial(t, try.cookie, page, try.change)
		if err == nil {
			_ = conn.CloseNow()
			t.Errorf("%s is let in", what)
			continue
		}
		if res == nil || res.StatusCode != try.want {
			t.Errorf("%s: %v, %v", what, res, err)
		}
	}
	if got := s.sockets(t); got != 0 {
		t.Errorf("%v sockets", got)
	}
	s.hears(t, ines, page)
	if _, res, err := s.dial(t, ines, page); err == nil || res.StatusCode != http.StatusServiceUnavailable || res.Header.Get("Retry-After") == "" {
		t.Errorf("beyond the places: %v, %v", res, err)
	}
}

// The newest pages of a member are those that somebody looks at.
func TestLive_placesOfAMember(t *testing.T) {
	t.Parallel()
	s := newSite(t, withLive(live.Config{PerMember: 2}))
	ines := s.member(t, "Ines", "ines@harbour.example").sessionCookie(t)
	page := s.Live.Position()
	first, second, third := s.hears(t, ines, page), s.hears(t, ines, page), s.hears(t, ines, page)
	if code, _ := first.ends(); code != 4002 {
		t.Errorf("the oldest page ends with %d", code)
	}
	s.awaitSockets(t, 2)
	s.tells(t, s.userOf(t, "ines@harbour.example"), "notice", `1`)
	for _, e := range []*ear{second, third} {
		if m := e.next(); m.Kind != "notice" {
			t.Errorf("a newer page hears %+v", m)
		}
	}
}

// Signs of life come in both directions; who does not answer is let go.
func TestLive_heartbeat(t *testing.T) {
	t.Parallel()
	s := newSite(t, withLive(live.Config{Beat: 20 * time.Millisecond, Patience: 5 * time.Second}))
	ines := s.member(t, "Ines", "ines@harbour.example").sessionCookie(t)
	page := s.Live.Position()
	s.hears(t, ines, page) // answers nothing: nobody reads there any more
	e := s.hears(t, ines, page)
	for e.heartbeats < 3 {
		m, err := e.read()
		must(t, err)
		if m.Kind != "beat" || m.ID == "" {
			t.Fatalf("in silence, the page hears %+v", m)
		}
		e.heartbeats++
	}
	go func() {
		for {
			if _, err := e.read(); err != nil {
				return
			}
		}
	}()
	s.awaitSockets(t, 1)
}

// A page says nothing: whatever it sends ends the connection, and so does asking
// for signs of life without end.
func TestLive_boundsWhatItReads(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	ines := s.member(t, "Ines", "ines@harbour.example").sessionCookie(t)
	page := s.Live.Position()
	e := s.hears(t, ines, page)
	must(t, e.conn.Write(t.Context(), websocket.MessageText, []byte(strings.Repeat("x", 1<<20))))
	if code, reason := e.ends(); code != websocket.StatusPolicyViolation {
		t.Errorf("a message of the page ends it with %d %s", code, reason)
	}
	e = s.hears(t, ines, page)
	ctx := e.conn.CloseRead(t.Context())
	for {
		late, cancel := context.WithTimeout(ctx, hearing)
		err := e.conn.Ping(late)
		cancel()
		if err != nil {
			break
		}
	}
	<-ctx.Done()
	s.awaitSockets(t, 0)
}

// A session that is over hears nothing more; the others of its member do.
func TestLive_endedSession(t *testing.T) {
	t.Parallel()
	s := newSite(t, withLive(live.Config{Look: 500 * time.Millisecond})) // half of that is what the database has to answer
	ines := s.member(t, "Ines", "ines@harbour.example")
	cookie, page := ines.sessionCookie(t), s.Live.Position()
	here := s.browser(t)
	here.signIn("ines@harbour.example", "")
	stays, goes := s.hears(t, cookie, page), s.hears(t, here.sessionCookie(t), page)
	go s.server.Live().Run(t.Context())
	here.post("/logout", nil)
	if code, _ := goes.ends(); code != 4001 {
		t.Errorf("the connection of a session that is over ends with %d", code)
	}
	s.tells(t, s.userOf(t, "ines@harbour.example"), "notice", `1`)
	if m := stays.next(); m.Kind != "notice" {
		t.Errorf("the other session hears %+v", m)
	}
	s.Exec(t, "update users set suspended_at = now(), suspended_reason = 'For a test.' where email_key = 'ines@harbour.example'")
	if code, _ := stays.ends(); code != 4001 {
		t.Errorf("the connection of somebody who is suspended ends with %d", code)
	}
}

// When the process is told to stop, pages are told when to come back, and no new
// ones are let in.
func TestLive_drains(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	ines := s.member(t, "Ines", "ines@harbour.example").sessionCookie(t)
	page := s.Live.Position()
	var ears []*ear
	for range 5 {
		ears = append(ears, s.hears(t, ines, page))
	}
	drained := make(chan struct{})
	go func() {
		defer close(drained)
		ctx, cancel := context.WithTimeout(t.Context(), hearing)
		defer cancel()
		s.server.Live().Drain(ctx)
	}()
	for _, e := range ears {
		if code, reason := e.ends(); code != websocket.StatusGoingAway || !strings.HasPrefix(reason, "come back in ") {
			t.Errorf("a page is sent away with %d %q", code, reason)
		}
	}
	select {
	case <-drained:
	case <-time.After(hearing):
		t.Fatal("the end does not come")
	}
	if _, res, err := s.dial(t, ines, page); err == nil || res.StatusCode != http.StatusServiceUnavailable {
		t.Errorf("meanwhile: %v, %v", res, err)
	}
}

// Questions tell the same as a connection, and are counted by themselves.
func TestLive_poll(t *testing.T) {
	t.Parallel()
	// 4 at once; the clock stands, or a turn comes back on a machine that takes seconds for this.
	limits, err := limit.Open(limit.Config{Kind: limit.KindMemory, Counts: map[limit.Class]int{limit.Live: 16}, Clock: clock.NewManual(time.Now()).Now})
	must(t, err)
	s := newSite(t, func(c *web.Config, _ *mail.Config) { c.Limits = limits })
	b := s.member(t, "Ines", "ines@harbour.example")
	member := s.userOf(t, "ines@harbour.example")
	page := s.Live.Position()
	type answer struct {
		Position string
		Missed   bool
		Messages []hub.Message
		Again    int
	}
	ask := func(query string) (out answer, status int) {
		v := b.get("/live/poll?" + query)
		if v.status == http.StatusOK {
			must(t, json.Unmarshal([]byte(v.body), &out))
		}
		return out, v.status
	}
	s.tells(t, member, "media", `{}`)
	s.tells(t, member, "notice", `{"unread":2}`)
	a, status := ask("after=" + page + "&kinds=notice")
	if status != http.StatusOK || a.Missed || a.Again < 5 || len(a.Messages) != 1 || string(a.Messages[0].Data) != `{"unread":2}` {
		t.Fatalf("%d %+v", status, a)
	}
	if a, _ := ask("after=" + a.Position); a.Missed || len(a.Messages) != 0 {
		t.Errorf("after everything: %+v", a)
	}
	if a, _ := ask("after=<b>"); !a.Missed || a.Position == "" {
		t.Errorf("from nowhere: %+v", a)
	}
	for range 3 {
		_, status = ask("after=" + page)
	}
	if status != http.StatusTooManyRequests {
		t.Errorf("beyond the turns: %d", status)
	}
	if v := b.get("/me"); v.status != http.StatusOK {
		t.Errorf("a page beside that: %d", v.status)
	}
}

// The pages of members know from where on to ask; visitors load nothing for it.
func TestLive_pagesOfMembersAlone(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	const script = `script[src*="live"][data-after]`
	if n := s.browser(t).get("/explore").Find(script).Length(); n != 0 {
		t.Error("visitors load the script of members")
	}
	before := s.Live.Position()
	at := s.member(t, "Ines", "ines@harbour.example").get("/explore").Find(script).AttrOr("data-after", "")
	if b, err := s.Live.Since(t.Context(), uuid.New(), at); err != nil || b.Missed || at < before {
		t.Errorf("the page asks from %q on: %+v %v", at, b, err)
	}
}

// Each of 50 connections hears each of 20 notices.
func TestLive_manyConnections(t *testing.T) {
	t.Parallel()
	s := newSite(t, withLive(live.Config{PerMember: 50, Beat: time.Hour})) // a connection that waits for its turn here answers nothing
	ines := s.member(t, "Ines", "ines@harbour.example").sessionCookie(t)
	member, page := s.userOf(t, "ines@harbour.example"), s.Live.Position()
	ears := make([]*ear, 50)
	for i := range ears {
		ears[i] = s.hears(t, ines, page)
	}
	s.awaitSockets(t, 50)
	for n := range 20 {
		s.tells(t, member, "notice", fmt.Sprint(n))
	}
	for i, e := range ears {
		for n := range 20 {
			if m := e.next(); string(m.Data) != fmt.Sprint(n) {
				t.Fatalf("connection %d hears %+v, want %d", i, m, n)
			}
		}
	}
}
