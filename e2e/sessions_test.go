package e2e

import (
	"context"
	"io"
	"net/http"
	"net/url"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/redis/go-redis/v9"

	"vitrine/e2e/rig"
)

const sessionPassword = "correct horse battery staple"

// hall is a 10k topology in which somebody can sign in.
type hall struct {
	*rig.Topology
	web  [2]*rig.Server
	line *http.Client
}

func newHall(t *testing.T) hall {
	t.Helper()
	h := hall{Topology: rig.Up(t, rig.Plan{Tier: "10k", Links: true})}
	h.web = [2]*rig.Server(h.Web())
	h.Site(t).Visit().SetUp("owner@studio.example", sessionPassword, "Harbour & Field")
	h.line = &http.Client{Timeout: 30 * time.Second, CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}
	return h
}

// ask sends one request to one process, past the balancer, and tells its status
// and where it leads.
func (h hall) ask(ctx context.Context, s *rig.Server, method, path string, cookies []*http.Cookie) (status int, to string, err error) {
	req, err := http.NewRequestWithContext(ctx, method, "http://"+s.Address+path, strings.NewReader(""))
	if err != nil {
		return 0, "", err
	}
	if method == http.MethodPost {
		req.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	}
	for _, c := range cookies {
		req.AddCookie(c)
	}
	res, err := h.line.Do(req)
	if err != nil {
		return 0, "", err
	}
	defer func() { _ = res.Body.Close() }()
	_, err = io.Copy(io.Discard, res.Body)
	return res.StatusCode, res.Header.Get("Location"), err
}

// signedIn tells whether a process knows the session.
func (h hall) signedIn(t *testing.T, s *rig.Server, cookies []*http.Cookie) bool {
	t.Helper()
	status, to, err := h.ask(t.Context(), s, http.MethodGet, "/me/sessions", cookies)
	if err != nil || status != http.StatusOK && !strings.HasPrefix(to, "/login") {
		t.Fatalf("%s answers %d, leads to %q: %v", s.Name, status, to, err)
	}
	return status == http.StatusOK
}

// signIn gives the cookies of a new session, which both processes have seen.
func (h hall) signIn(t *testing.T) []*http.Cookie {
	t.Helper()
	m := h.Site(t).Visit()
	m.Submit(m.Get("/login"), "main form", url.Values{"email": {"owner@studio.example"}, "password": {sessionPassword}})
	for range 2 {
		for _, s := range h.web {
			if !h.signedIn(t, s, m.Cookies()) {
				t.Fatalf("%s does not know who has just signed in", s.Name)
			}
		}
	}
	return m.Cookies()
}

// signOut sends the form to a process.
func (h hall) signOut(t *testing.T, s *rig.Server, cookies []*http.Cookie) (status int) {
	t.Helper()
	status, _, err := h.ask(t.Context(), s, http.MethodPost, "/logout", cookies)
	if err != nil {
		t.Fatal(err)
	}
	return status
}

// Sessions in Redis over PostgreSQL, on two processes: what one ends the other
// knows at once, and whatever Redis loses ends nothing.
func TestSessions_twoProcesses(t *testing.T) {
	t.Parallel()
	h := newHall(t)
	t.Run("a sign-out is obeyed at once", func(t *testing.T) { signOutsAreObeyed(t, h) })
	t.Run("emptied, nobody is signed out", func(t *testing.T) { emptied(t, h) })
	t.Run("a process without Redis", func(t *testing.T) { cutOff(t, h) })
	t.Run("killed and frozen", func(t *testing.T) { redisGoes(t, h) })
}

func signOutsAreObeyed(t *testing.T, h hall) {
	for i := range 20 {
		cookies := h.signIn(t)
		here, there := h.web[i%2], h.web[1-i%2]
		// Where Redis answers late, on a busy machine, it is not taken, and nothing is promised.
		h.Eventually(t, "signing out to be taken", func() bool { return h.signOut(t, here, cookies) == http.StatusSeeOther })
		if h.signedIn(t, there, cookies) || h.signedIn(t, here, cookies) {
			t.Fatalf("round %d: a session that is over lives on", i)
		}
	}
}

// emptied empties Redis again and again while people look.
func emptied(t *testing.T, h hall) {
	cookies := h.signIn(t)
	r := redis.NewClient(&redis.Options{Addr: h.Redis.Address, DisableIdentity: true})
	defer func() { _ = r.Close() }()
	var asked, lost atomic.Int64
	var done atomic.Bool
	var all sync.WaitGroup
	for _, s := range h.web {
		all.Go(func() {
			for !done.Load() {
				status, _, err := h.ask(t.Context(), s, http.MethodGet, "/me/sessions", cookies)
				asked.Add(1)
				if err != nil || status != http.StatusOK {
					lost.Add(1)
				}
			}
		})
	}
	for flushed := int64(0); flushed < 50 || asked.Load() < 100; flushed++ {
		if err := r.FlushAll(t.Context()).Err(); err != nil {
			t.Error(err)
			break
		}
	}
	done.Store(true)
	all.Wait()
	if lost.Load() > 0 {
		t.Errorf("%d of %d requests found nobody signed in", lost.Load(), asked.Load())
	}
}

// cutOff takes Redis from one process alone: it cannot tell the other that a
// session is over, so it does not say so.
func cutOff(t *testing.T, h hall) {
	cookies := h.signIn(t)
	here, there := h.web[0], h.web[1]
	h.Links(here.Name, "redis").Cut()
	if status := h.signOut(t, here, cookies); status != http.StatusServiceUnavailable {
		t.Errorf("signing out where nobody can be told answers %d", status)
	}
	if h.signedIn(t, here, cookies) {
		t.Error("the process that ended it takes it for good")
	}
	if err := h.Links(here.Name, "redis").Mend(); err != nil {
		t.Fatal(err)
	}
	h.Eventually(t, "the form to work once Redis is back", func() bool { return h.signOut(t, here, cookies) == http.StatusSeeOther })
	if h.signedIn(t, there, cookies) {
		t.Error("the other process was not told")
	}
}

// redisGoes: without Redis members stay signed in, and can sign in; when it is
// back a sign-out works, and is obeyed.
func redisGoes(t *testing.T, h hall) {
	for name, harm := range map[string]struct{ away, back func() }{
		"killed": {h.Redis.Kill, func() { h.start(t) }},
		"frozen": {h.Redis.Freeze, h.Redis.Thaw},
	} {
		cookies := h.signIn(t)
		harm.away()
		for range 5 {
			for _, s := range h.web {
				if !h.signedIn(t, s, cookies) {
					t.Errorf("%s: %s signs people out", name, s.Name)
				}
			}
		}
		other := h.signIn(t)
		h.Eventually(t, name+": /up to say so", func() bool { // what it says may be a second old
			up := h.Process(t, h.web[0]).Body("/up")
			return strings.Contains(up, `"degraded"`) && strings.Contains(up, `{"name":"redis","ok":false`)
		})
		harm.back()
		for _, s := range h.web {
			h.Eventually(t, "sign-outs to work again", func() bool { return h.signOut(t, s, other) == http.StatusSeeOther })
		}
		if h.signedIn(t, h.web[1], other) || !h.signedIn(t, h.web[1], cookies) {
			t.Errorf("%s: once it is back, the wrong one is signed out", name)
		}
	}
}

func (h hall) start(t *testing.T) {
	t.Helper()
	if err := h.Redis.Start(t.Context()); err != nil {
		t.Fatal(err)
	}
}
