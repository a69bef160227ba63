package web_test

import (
	"context"
	"log/slog"
	"net/http"
	"strings"
	"sync"
	"testing"
	"time"

	"vitrine/app/platform/bus"
	"vitrine/app/platform/db"
	"vitrine/app/platform/telemetry"
	"vitrine/web"
	pages "vitrine/web/site"
)

// crowded is the site on eight connections, which its rooms divide. A wait for one, in which it may have to be opened on a
// busy machine, is over before a statement that hangs.
func (s *site) crowded(t *testing.T) {
	t.Helper()
	few, err := db.Open(db.Config{URL: s.AppURL + "&statement_timeout=3000", MaxConns: 8, WaitTimeout: 1500 * time.Millisecond})
	must(t, err)
	t.Cleanup(func() { _ = few.Close() })
	quiet, mails := slog.New(slog.DiscardHandler), s.Mails
	s.Services = s.services(t, few, bus.NewOutbox(), quiet)
	s.Mails, s.Health = mails, telemetry.NewHealth(quiet, telemetry.Check{Name: "database", Run: few.Ping})
	s.Health.SetReady()
	s.serve(t, web.Config{Places: pages.Places{
		pages.Visitors: {Requests: 6, Connections: 3}, pages.Members: {Requests: 6, Connections: 3}, pages.Writes: {Requests: 2, Connections: 1},
	}})
}

// visit is a page, and whether a member asks for it.
type visit struct {
	path   string
	member bool
}

// TestAdmit_hangingDatabase: the statements of one kind of people hang, and more
// and more of them come. They are refused at once beyond their places; the other
// kind, health and assets are served as ever; and when it hangs no more, the
// next request is answered.
func TestAdmit_hangingDatabase(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		name, table string
		flood, free visit
	}{
		{"members", "memberships", visit{"/studios/new", true}, visit{"/explore", false}},
		{"visitors", "works", visit{"/explore", false}, visit{"/studios/new", true}},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			s := newSite(t)
			session := s.member(t, "Mara", "mara@harbour.example").sessionCookie(t)
			s.crowded(t)
			ask := func(v visit) func(context.Context) *http.Request {
				return func(ctx context.Context) *http.Request {
					r, _ := http.NewRequestWithContext(ctx, http.MethodGet, s.url+v.path, nil)
					if v.member {
						r.AddCookie(session)
					}
					return r
				}
			}
			lock, err := s.Owner.BeginTx(t.Context(), nil)
			must(t, err)
			defer func() { _ = lock.Rollback() }()
			_, err = lock.ExecContext(t.Context(), "lock table "+c.table+" in access exclusive mode")
			must(t, err)
			done := make(chan struct{})
			var flood, watch sync.WaitGroup
			watch.Go(func() { s.lives(t, done) })
			flood.Go(func() {
				statuses, _ := s.rush(t, 60, ask(c.flood), func(_ int, h http.Header, _ string) {
					if h.Get("Retry-After") == "" {
						t.Error("refused without a word")
					}
				})
				if statuses[http.StatusServiceUnavailable] != 60 {
					t.Errorf("the flood is answered with %v", statuses)
				}
			})
			// The flood stands inside before the others come.
			within(t, func() bool { return strings.Contains(metrics(t, s), "vitrine_http_requests_shed_total") })
			for range 5 {
				statuses, slowest := s.rush(t, 1, ask(c.free), func(int, http.Header, string) {})
				if statuses[http.StatusOK] != 1 || slowest > 10*time.Second {
					t.Errorf("%s beside the flood: %v after %s", c.free.path, statuses, slowest)
				}
			}
			flood.Wait()
			close(done)
			watch.Wait()
			must(t, lock.Rollback())
			statuses, slowest := s.rush(t, 1, ask(c.flood), func(int, http.Header, string) {})
			if statuses[http.StatusOK] != 1 || slowest > 10*time.Second {
				t.Errorf("once it hangs no more: %v after %s", statuses, slowest)
			}
		})
	}
}

// within waits for a condition.
func within(t *testing.T, ok func() bool) {
	t.Helper()
	tick := time.NewTicker(10 * time.Millisecond)
	defer tick.Stop()
	for deadline := time.Now().Add(time.Minute); !ok(); <-tick.C {
		if time.Now().After(deadline) {
			t.Fatal("this never came true")
		}
	}
}
