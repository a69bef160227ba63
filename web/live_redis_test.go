package web_test

import (
	"encoding/json"
	"net/http"
	"net/netip"
	"strings"
	"testing"
	"time"

	"github.com/coder/websocket"
	"github.com/google/uuid"

	hub "vitrine/app/platform/live"
	"vitrine/app/platform/redisdb"
	"vitrine/app/platform/redistest"
	"vitrine/web"
	"vitrine/web/live"
)

// onRedis is what a process of its own stands on to tell and to hear.
func onRedis(t *testing.T, c *redisdb.Client) hub.Hub {
	t.Helper()
	h, err := hub.Open(hub.Config{Kind: hub.KindRedis, Redis: c})
	must(t, err)
	t.Cleanup(func() { _ = h.Close() })
	_, err = h.Since(t.Context(), uuid.New(), "") // so that the first pages know where they stand
	must(t, err)
	return h
}

// process is a further web process over the same rows, with a hub of its own.
func (s *site) process(t *testing.T, h hub.Hub) *site {
	t.Helper()
	other := *s
	other.Live = h
	other.serve(t, web.Config{Live: live.Config{Beat: 200 * time.Millisecond},
		TrustedProxies: []netip.Prefix{netip.MustParsePrefix("127.0.0.1/32")}})
	return &other
}

// poll is what a page without a connection is told.
func (s *site) poll(t *testing.T, cookie *http.Cookie, after string) (out struct {
	Position string
	Missed   bool
	Messages []hub.Message
}) {
	t.Helper()
	r, err := http.NewRequestWithContext(t.Context(), http.MethodGet, s.url+"/live/poll?after="+after, nil)
	must(t, err)
	r.AddCookie(cookie)
	res, err := (&http.Client{Timeout: hearing}).Do(r)
	must(t, err)
	defer func() { _ = res.Body.Close() }()
	if res.StatusCode != http.StatusOK {
		t.Fatalf("a question is answered by %s", res.Status)
	}
	must(t, json.NewDecoder(res.Body).Decode(&out))
	return out
}

// A notice that the worker makes reaches the pages of either web process, and a
// page whose process goes away goes on with the other from the last id.
func TestLive_betweenProcesses(t *testing.T) {
	t.Parallel()
	r := redistest.New(t)
	s := newSite(t)
	worker, blue, green := onRedis(t, r.Connect(t)), s.process(t, onRedis(t, r.Connect(t))), s.process(t, onRedis(t, r.Connect(t)))
	ines := s.member(t, "Ines", "ines@harbour.example").sessionCookie(t)
	member := s.userOf(t, "ines@harbour.example")
	page := blue.Live.Position()
	onBlue, onGreen := blue.hears(t, ines, page), green.hears(t, ines, page)
	var last string
	for n := range 20 {
		must(t, worker.Publish(t.Context(), member, "notice", map[string]int{"unread": n}))
		want, err := json.Marshal(map[string]int{"unread": n})
		must(t, err)
		for name, e := range map[string]*ear{"blue": onBlue, "green": onGreen} {
			m := e.next()
			if m.Kind != "notice" || string(m.Data) != string(want) {
				t.Fatalf("message %d on %s is %+v", n, name, m)
			}
			last = m.ID
		}
	}
	_ = onBlue.conn.CloseNow()
	must(t, worker.Publish(t.Context(), member, "notice", "meanwhile"))
	if m := green.hears(t, ines, last).next(); string(m.Data) != `"meanwhile"` {
		t.Errorf("on the other process, the page hears %+v", m)
	}
	if b := blue.poll(t, ines, last); b.Missed || len(b.Messages) != 1 || string(b.Messages[0].Data) != `"meanwhile"` {
		t.Errorf("asking the first process again, the page hears %+v", b)
	}
}

// Without Redis, connections end, none is let in that would be deaf, and who
// asks is told to ask for everything; when it is back, connections stand again.
func TestLive_withoutRedis(t *testing.T) {
	for name, harm := range redistest.Outages() {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			r := redistest.New(t)
			home := newSite(t)
			s := home.process(t, onRedis(t, r.Hurried(t, time.Second)))
			ines := home.member(t, "Ines", "ines@harbour.example").sessionCookie(t)
			member := home.userOf(t, "ines@harbour.example")
			page := s.Live.Position()
			e := s.hears(t, ines, page)
			harm.Away(r)
			if code, reason := e.ends(); code != websocket.StatusTryAgainLater {
				t.Errorf("the connection ends with %d %q", code, reason)
			}
			began := time.Now()
			if _, res, err := s.dial(t, ines, page); err == nil || res == nil || res.StatusCode != http.StatusServiceUnavailable {
				t.Errorf("a connection that would be deaf: %v, %v", res, err)
			}
			b := s.poll(t, ines, page)
			if !b.Missed || b.Position == "" || len(b.Messages) != 1 || !strings.Contains(string(b.Messages[0].Data), `"unread":`) {
				t.Errorf("who asks is told %+v", b)
			}
			if took := time.Since(began); took > 10*time.Second { // two questions that a frozen Redis does not answer
				t.Errorf("that took %s", took)
			}
			harm.Back(r)
			tick := time.NewTicker(50 * time.Millisecond)
			defer tick.Stop()
			conn, _, err := s.dial(t, ines, b.Position)
			for deadline := time.Now().Add(hearing); err != nil; conn, _, err = s.dial(t, ines, b.Position) {
				if <-tick.C; time.Now().After(deadline) {
					t.Fatalf("no connection stands again: %v", err)
				}
			}
			t.Cleanup(func() { _ = conn.CloseNow() })
			s.tells(t, member, "media", `{"again":true}`)
			e = &ear{t: t, conn: conn}
			for m := e.next(); m.Kind != "media"; m = e.next() {
				switch m.Kind {
				case "missed": // it was told before Redis was believed to be back
					s.tells(t, member, "media", `{"again":true}`)
				case "hello", "notice":
				default:
					t.Fatalf("afterwards the page hears %+v", m)
				}
			}
		})
	}
}
