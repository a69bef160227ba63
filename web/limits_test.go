package web_test

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"net/http/httptest"
	"net/url"
	"regexp"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"vitrine/app/platform/clock"
	"vitrine/app/platform/limit"
	"vitrine/app/platform/mail"
	"vitrine/web"
)

// counting lets everybody through and remembers which classes were asked.
type counting struct {
	mu    sync.Mutex
	asked []string
}

func (c *counting) Take(_ context.Context, class limit.Class, _ limit.Key) (limit.Decision, error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.asked = append(c.asked, class.String())
	return limit.Decision{Allowed: true}, nil
}

func (*counting) Rule(class limit.Class) limit.Rule { return limit.RuleOf(class) }

// limitsOf are the classes of routes that are not just pages.
var limitsOf = map[string]string{
	"GET /livez": "", "GET /readyz": "", "GET /up": "", "GET /assets/*": "", "GET /favicon.ico": "", "GET /robots.txt": "",
	"GET /m/:media/:name": "files", "GET /s/:token/m/:media/:name": "files", "GET /studio/:slug/media/:media/original": "files",
	"GET /me/export/:export/:volume": "files", "GET /studio/:slug/export/:export/:volume": "files",
	"GET /studio/:slug/uploads/": "files", "POST /studio/:slug/uploads/": "files upload", "PATCH /studio/:slug/uploads/": "files",
	"DELETE /studio/:slug/uploads/": "files", "OPTIONS /studio/:slug/uploads/": "files",
	"GET /studio/:slug/uploads/:upload": "files", "POST /studio/:slug/uploads/:upload": "files upload", "PATCH /studio/:slug/uploads/:upload": "files",
	"DELETE /studio/:slug/uploads/:upload": "files", "OPTIONS /studio/:slug/uploads/:upload": "files",
	"GET /studio/:slug/new/:key/files": "poll", "GET /studio/:slug/works/:work/files": "poll",
	"GET /b/:stamp": "beacon", "POST /b/:stamp": "beacon", "GET /studio/:slug/analytics/reports/:report": "poll",
	"GET /live": "live", "GET /live/poll": "live",
	"GET /search":  "dynamic search",
	"POST /signup": "dynamic mail all_mail signup", "POST /verify/:token/again": "dynamic mail all_mail", "POST /reset": "dynamic mail all_mail",
	"POST /login": "dynamic login", "POST /login/second": "dynamic login", "POST /api/v1/media": "sessions api upload",
}

// TestLimits_everyRoute walks the whole route table: whatever makes a page or
// takes a form is counted, and only health and assets are not.
func TestLimits_everyRoute(t *testing.T) {
	t.Parallel()
	count := &counting{}
	s := newSite(t, func(c *web.Config, _ *mail.Config) { c.Limits = count })
	param := regexp.MustCompile(`:[a-z]+|\*`)
	seen := 0
	for _, r := range s.server.Routes() {
		if strings.HasPrefix(r.Method, "echo_") {
			continue
		}
		seen++
		want, own := limitsOf[r.Method+" "+r.Path]
		if r.Method == http.MethodHead {
			want, own = limitsOf["GET "+r.Path]
		}
		switch {
		case own:
		case strings.HasPrefix(r.Path, "/api/") && r.Method == http.MethodOptions:
			want = "sessions" // the address: there is no token to look at
		case strings.HasPrefix(r.Path, "/api/"):
			want = "sessions api"
		default:
			want = "dynamic"
		}
		count.asked = nil
		w := httptest.NewRecorder()
		s.handler.ServeHTTP(w, httptest.NewRequestWithContext(t.Context(), r.Method, param.ReplaceAllString(r.Path, "x"), nil))
		if got := strings.Join(count.asked, " "); got != want && (own || !strings.HasPrefix(got, want+" ")) {
			t.Errorf("%s %s is counted as %q, want %q", r.Method, r.Path, got, want)
		}
	}
	if seen < 80 {
		t.Errorf("only %d routes", seen)
	}
}

// limited is a site with few turns, and a clock that stands.
func limited(t *testing.T, counts map[limit.Class]int) (*site, *clock.Manual) {
	t.Helper()
	at := clock.NewManual(time.Now())
	all := map[limit.Class]int{}
	for _, c := range limit.Classes() {
		all[c] = counts[c]
	}
	l, err := limit.Open(limit.Config{Kind: limit.KindMemory, Counts: all, Clock: at.Now})
	must(t, err)
	return newSite(t, func(c *web.Config, _ *mail.Config) { c.Limits = l }), at
}

// from is a browser behind the trusted proxy.
func (s *site) from(t *testing.T, forwarded string) *browser {
	t.Helper()
	b := s.browser(t)
	b.header.Set("X-Forwarded-For", forwarded)
	return b
}

// TestLimits_visitors: an address has so many pages, another one its own, and
// what stands in front of the proxy's word is not believed.
func TestLimits_visitors(t *testing.T) {
	t.Parallel()
	s, at := limited(t, map[limit.Class]int{limit.Dynamic: 10}) // 5 at once
	for i := range 5 {
		s.from(t, fmt.Sprintf("198.51.100.%d, 192.0.2.1", i)).get("/explore").want(t, http.StatusOK, "")
	}
	v := s.from(t, "192.0.2.1").get("/explore")
	v.want(t, http.StatusTooManyRequests, "Many requests came from here")
	if v.header.Get("Retry-After") != "6" || v.header.Get("Cache-Control") != "no-store" || v.header.Get("RateLimit") != "" {
		t.Errorf("the headers are %v", v.header)
	}
	s.from(t, "192.0.2.1").get("/nothing/here").want(t, http.StatusTooManyRequests, "")
	s.from(t, "192.0.2.3").get("/nothing/here").want(t, http.StatusNotFound, "")
	s.from(t, "192.0.2.1").get("/assets/app.css").want(t, http.StatusOK, "")
	s.from(t, "192.0.2.1").get("/livez").want(t, http.StatusOK, "")
	s.from(t, "192.0.2.2").get("/explore").want(t, http.StatusOK, "")
	for i := range 5 {
		s.from(t, fmt.Sprintf("2001:db8:1:2::%d", i+1)).get("/explore").want(t, http.StatusOK, "")
	}
	s.from(t, "2001:db8:1:2:ffff::1").get("/explore").want(t, http.StatusTooManyRequests, "")
	s.from(t, "2001:db8:1:3::1").get("/explore").want(t, http.StatusOK, "")
	at.Advance(6 * time.Second)
	s.from(t, "192.0.2.1").get("/explore").want(t, http.StatusOK, "")
	if body := metrics(t, s); !strings.Contains(body, `vitrine_http_requests_limited_total{class="dynamic"} 3`) {
		t.Errorf("the metrics do not count what was refused:\n%.300s", body)
	}
}

// metrics is what the admin port shows.
func metrics(t *testing.T, s *site) string {
	t.Helper()
	w := httptest.NewRecorder()
	s.Metrics.Handler().ServeHTTP(w, httptest.NewRequest(http.MethodGet, "/metrics", nil))
	lines := slices.Collect(strings.Lines(w.Body.String()))
	lines = slices.DeleteFunc(lines, func(l string) bool { return !strings.HasPrefix(l, "vitrine_http_request") })
	return strings.Join(lines, "")
}

// TestLimits_members: a member has turns of their own, wherever they come from;
// a cookie that is no session is a visitor's, and asks the database only so
// often.
func TestLimits_members(t *testing.T) {
	t.Parallel()
	s, _ := limited(t, map[limit.Class]int{limit.Dynamic: 60, limit.Sessions: 80}) // 30, 40 at once
	mara := s.member(t, "Mara", "mara@harbour.example")
	forged := s.from(t, "192.0.2.1")
	forged.header.Set("Cookie", "session="+strings.Repeat("a", 43))
	for range 30 {
		forged.get("/explore").want(t, http.StatusOK, "")
	}
	forged.get("/explore").want(t, http.StatusTooManyRequests, "")
	s.from(t, "192.0.2.1").get("/explore").want(t, http.StatusTooManyRequests, "")
	mara.header.Set("X-Forwarded-For", "192.0.2.1")
	mara.get("/explore").want(t, http.StatusOK, "")
	for range 8 {
		forged.get("/explore").want(t, http.StatusTooManyRequests, "")
	}
	asked := regexp.MustCompile(`vitrine_http_request_queries_sum{route="/explore"} \d+`)
	before := asked.FindString(metrics(t, s))
	forged.get("/explore").want(t, http.StatusTooManyRequests, "")
	if after := asked.FindString(metrics(t, s)); after != before || before == "" {
		t.Errorf("a forged session beyond its turns is looked up: %q, then %q", before, after)
	}
}

// TestLimits_keepTheForm: what was typed comes back, without the password, and
// nothing was carried out.
func TestLimits_keepTheForm(t *testing.T) {
	t.Parallel()
	s, at := limited(t, map[limit.Class]int{limit.Signup: 2})
	b := s.browser(t)
	form := b.get("/signup").fill(t, "/signup", map[string]string{"name": "Mara", "email": "mara@harbour.example", "password": password})
	b.post("/signup", form).leads(t, "/signup/sent")
	form.Set("email", "teresa@harbour.example")
	form.Set("idempotency_key", strings.Repeat("k", 20))
	v := b.post("/signup", form)
	v.want(t, http.StatusTooManyRequests, "Many studios were opened from here")
	again := v.fill(t, "/signup", nil)
	if again.Get("email") != "teresa@harbour.example" || again.Get("name") != "Mara" || again.Has("password") || v.header.Get("Retry-After") != "1800" {
		t.Errorf("the form is %v, Retry-After %s", again, v.header.Get("Retry-After"))
	}
	var n int
	s.Row(t, "select count(*) from mails where to_key = 'teresa@harbour.example'")(&n)
	if n != 0 {
		t.Error("a refused sign-up sends a mail")
	}
	at.Advance(30 * time.Minute)
	again.Set("password", password)
	b.post("/signup", again).leads(t, "/signup/sent")
}

// TestLimits_sayItPlainly: a script that sends files gets a sentence.
func TestLimits_sayItPlainly(t *testing.T) {
	t.Parallel()
	s, _ := limited(t, map[limit.Class]int{limit.Upload: 1, limit.Login: 2})
	b := s.member(t, "Mara", "mara@harbour.example")
	up := b.get("/studio").location + "/uploads/"
	b.header.Set("Tus-Resumable", "1.0.0")
	b.header.Set("Upload-Length", "10")
	if v := b.do(http.MethodPost, up, "", nil); v.status != http.StatusCreated {
		t.Errorf("the first upload: %d %s", v.status, v.body)
	}
	v := b.do(http.MethodPost, up, "", nil)
	if v.status != http.StatusTooManyRequests || v.header.Get("Retry-After") != "3600" || v.body != "Many files were sent in a short time. Wait a little, then press Try again; nothing is lost." {
		t.Errorf("the second: %d %s", v.status, v.body)
	}
	stranger := s.browser(t)
	wrong := url.Values{"email": {"mara@harbour.example"}, "password": {"not this one"}}
	stranger.post("/login", wrong).want(t, http.StatusUnprocessableEntity, "")
	stranger.post("/login", wrong).want(t, http.StatusTooManyRequests, "Many people tried to sign in from here")
	stranger.get("/login").want(t, http.StatusOK, "")
}

// broken cannot count anything.
type broken struct{ counting }

func (*broken) Take(context.Context, limit.Class, limit.Key) (limit.Decision, error) {
	return limit.Decision{}, errors.New("the store of limits is away")
}

// TestLimits_cannotCount: a page comes all the same; a password or a mail waits.
func TestLimits_cannotCount(t *testing.T) {
	t.Parallel()
	s := newSite(t, func(c *web.Config, _ *mail.Config) { c.Limits = &broken{} })
	b := s.browser(t)
	b.get("/explore").want(t, http.StatusOK, "")
	b.get("/search?q=ridge").want(t, http.StatusOK, "")
	v := b.post("/login", url.Values{"email": {"mara@harbour.example"}, "password": {password}})
	v.want(t, http.StatusServiceUnavailable, "This cannot be done at the moment")
	if v.fill(t, "/login", nil).Get("email") != "mara@harbour.example" || v.header.Get("Retry-After") == "" {
		t.Errorf("the form is lost: %.300s", v.text())
	}
	b.post("/reset", url.Values{"email": {"mara@harbour.example"}}).want(t, http.StatusServiceUnavailable, "")
}
