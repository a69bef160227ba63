package site_test

import (
	"fmt"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"sync"
	"testing"

	"vitrine/app/platform/telemetry"
	"vitrine/web/site"
	"vitrine/web/wire"
)

// small is a site with two rooms of two places and no services at all: whatever
// asked the database would panic.
type small struct {
	*wire.Engine
	metrics *telemetry.Metrics
	busy    chan struct{} // handlers wait here
	inside  chan string   // and say so first
}

func newSmall(tb testing.TB) *small {
	tb.Helper()
	out := &small{metrics: telemetry.NewMetrics(), busy: make(chan struct{}), inside: make(chan string, 100)}
	base, err := url.Parse("http://vitrine.test")
	if err != nil {
		tb.Fatal(err)
	}
	s := site.New(site.Config{
		BaseURL: base, Log: slog.New(slog.DiscardHandler), Metrics: out.metrics, Streams: func(path string) bool { return strings.HasPrefix(path, "/m/") },
		Places: site.Places{site.Visitors: {Requests: 2}, site.Members: {Requests: 2}, site.Writes: {Requests: 2}, site.Uploads: {Requests: 2}, site.Files: {Requests: 2}},
	})
	out.metrics.Registry.MustRegister(s.Rooms())
	out.Engine = wire.New(wire.Config{Failed: func(x *wire.Exchange, err error) { s.ServeError(s.Context(x), err) }})
	wait := func(c *site.Context) error {
		out.inside <- c.Request().URL.Path
		<-out.busy
		return c.NoContent(http.StatusNoContent)
	}
	r := s.Router(out.Engine)
	pages := r.Group(s.Admit(site.Pages))
	pages.Get("/page", wait)
	pages.Post("/form", wait)
	r.Group(s.Admit(site.Uploads)).Post("/upload", wait)
	r.Group(s.Admit(site.Files)).Get("/m/:file", wait)
	r.Get("/livez", func(c *site.Context) error { return c.NoContent(http.StatusOK) })
	return out
}

// asks sends a request, with a session cookie when it is a member's.
func (s *small) asks(method, path, cookie, form string) *httptest.ResponseRecorder {
	r := httptest.NewRequest(method, path, strings.NewReader(form))
	r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	if cookie != "" {
		r.AddCookie(&http.Cookie{Name: "session", Value: cookie})
	}
	w := httptest.NewRecorder()
	s.ServeHTTP(w, r)
	return w
}

// TestAdmit_fullRooms fills each room in turn: its next request is told to come
// back while those inside still wait, the other rooms are as they were, and a
// place that is left is free at once.
func TestAdmit_fullRooms(t *testing.T) {
	t.Parallel()
	rooms := []struct{ class, method, path, cookie string }{
		{"public", http.MethodGet, "/page", ""},
		{"signed-in", http.MethodGet, "/page", "a-token"},
		{"write", http.MethodPost, "/form", ""},
		{"upload", http.MethodPost, "/upload", "a-token"},
		{"file", http.MethodGet, "/m/w320.jpg", ""},
	}
	for _, full := range rooms {
		t.Run(full.class, func(t *testing.T) {
			t.Parallel()
			s := newSmall(t)
			var waiting sync.WaitGroup
			for range 2 {
				waiting.Go(func() { s.asks(full.method, full.path, full.cookie, "") })
			}
			<-s.inside
			<-s.inside
			for range 3 {
				w := s.asks(full.method, full.path, full.cookie, "title=Low+Tide&password=a+secret")
				if w.Code != http.StatusServiceUnavailable || w.Header().Get("Retry-After") != "1" || w.Header().Get("Cache-Control") != "no-store" || !strings.Contains(w.Body.String(), "Nothing is lost") {
					t.Fatalf("beyond its places: %d %v", w.Code, w.Header())
				}
				if kept := strings.Contains(w.Body.String(), `value="Low Tide"`); kept != (full.method == http.MethodPost) || strings.Contains(w.Body.String(), "a secret") {
					t.Errorf("what was typed is kept: %v", kept)
				}
				if page := strings.Contains(w.Body.String(), "<html"); page == (full.class == "file") {
					t.Errorf("the answer is a page: %v", page)
				}
			}
			if got := metric(t, s.metrics, fmt.Sprintf(`vitrine_http_requests_shed_total{class=%q}`, full.class)); got != "3" {
				t.Errorf("%s requests are counted as shed", got)
			}
			for what, want := range map[string]string{"requests": "2", "places": "2"} {
				if got := metric(t, s.metrics, fmt.Sprintf(`vitrine_http_room_%s{class=%q}`, what, full.class)); got != want {
					t.Errorf("the metrics show %s %s, want %s", got, what, want)
				}
			}
			for _, other := range rooms {
				if other.class != full.class {
					waiting.Go(func() {
						if w := s.asks(other.method, other.path, other.cookie, ""); w.Code != http.StatusNoContent {
							t.Errorf("%s beside a full room: %d", other.class, w.Code)
						}
					})
					<-s.inside
				}
			}
			if w := s.asks(http.MethodGet, "/livez", "", ""); w.Code != http.StatusOK {
				t.Errorf("health: %d", w.Code)
			}
			close(s.busy)
			waiting.Wait()
			if w := s.asks(full.method, full.path, full.cookie, ""); w.Code != http.StatusNoContent {
				t.Errorf("after it has emptied: %d", w.Code)
			}
		})
	}
}

// A body that is long or of unknown length is not waited for.
func TestAdmit_readsNoLongBody(t *testing.T) {
	t.Parallel()
	s := newSmall(t)
	var waiting sync.WaitGroup
	for range 2 {
		waiting.Go(func() { s.asks(http.MethodPost, "/form", "", "") })
		<-s.inside
	}
	r := httptest.NewRequest(http.MethodPost, "/form", unread{t})
	r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	r.ContentLength = -1
	w := httptest.NewRecorder()
	s.ServeHTTP(w, r)
	if w.Code != http.StatusServiceUnavailable {
		t.Errorf("the answer is %d", w.Code)
	}
	close(s.busy)
	waiting.Wait()
}

type unread struct{ t *testing.T }

func (u unread) Read([]byte) (int, error) {
	u.t.Error("the body is read")
	return 0, http.ErrBodyReadAfterClose
}

// BenchmarkAdmit_full is how long a full room takes to say so, page and all.
func BenchmarkAdmit_full(b *testing.B) {
	s := newSmall(b)
	var waiting sync.WaitGroup
	for range 2 {
		waiting.Go(func() { s.asks(http.MethodGet, "/page", "", "") })
		<-s.inside
	}
	b.ReportAllocs()
	for b.Loop() {
		if w := s.asks(http.MethodGet, "/page", "", ""); w.Code != http.StatusServiceUnavailable {
			b.Fatal(w.Code)
		}
	}
	close(s.busy)
	waiting.Wait()
}

// metric reads one value from the registry.
func metric(t *testing.T, m *telemetry.Metrics, name string) string {
	t.Helper()
	w := httptest.NewRecorder()
	m.Handler().ServeHTTP(w, httptest.NewRequest(http.MethodGet, "/metrics", nil))
	for line := range strings.Lines(w.Body.String()) {
		if value, found := strings.CutPrefix(line, name+" "); found {
			return strings.TrimSpace(value)
		}
	}
	return "none"
}
