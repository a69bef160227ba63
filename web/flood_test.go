package web_test

import (
	"context"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"vitrine/app/accounts"
	"vitrine/app/platform/bus"
	"vitrine/app/platform/db"
	"vitrine/app/platform/telemetry"
	"vitrine/web"
)

// rebuilt is the site with other services.
func (s *site) rebuilt(t *testing.T, change func(*web.Services)) {
	t.Helper()
	change(&s.Services)
	s.serve(t, web.Config{})
}

// rush sends n requests at once and gives the statuses, and how long the
// slowest answer took. Each answer is looked at.
func (s *site) rush(t *testing.T, n int, request func(ctx context.Context) *http.Request, look func(status int, header http.Header, body string)) (statuses map[int]int, slowest time.Duration) {
	t.Helper()
	statuses = map[int]int{}
	var mu sync.Mutex
	var wg sync.WaitGroup
	client := &http.Client{
		Transport:     &http.Transport{MaxIdleConnsPerHost: n},
		CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
	}
	t.Cleanup(client.CloseIdleConnections)
	for range n {
		wg.Go(func() {
			began := time.Now()
			res, err := client.Do(request(t.Context()))
			if err != nil {
				t.Errorf("no answer: %v", err)
				return
			}
			defer func() { _ = res.Body.Close() }()
			raw, err := io.ReadAll(res.Body)
			took := time.Since(began)
			mu.Lock()
			defer mu.Unlock()
			statuses[res.StatusCode]++
			slowest = max(slowest, took)
			if err != nil {
				t.Errorf("half an answer: %v", err)
			}
			look(res.StatusCode, res.Header, string(raw))
		})
	}
	wg.Wait()
	return statuses, slowest
}

// lives asks /livez, and the admin port's pages, until done: neither may wait
// for what is busy.
func (s *site) lives(t *testing.T, done <-chan struct{}) {
	t.Helper()
	admin := httptest.NewServer(telemetry.AdminHandler(s.Metrics, s.Health))
	t.Cleanup(admin.Close)
	client := &http.Client{Timeout: 20 * time.Second}
	tick := time.NewTicker(50 * time.Millisecond)
	defer tick.Stop()
	for {
		for _, address := range []string{s.url + "/livez", admin.URL + "/metrics", admin.URL + "/readyz", s.url + "/assets/app.css"} {
			began := time.Now()
			r, err := http.NewRequestWithContext(t.Context(), http.MethodGet, address, nil)
			must(t, err)
			res, err := client.Do(r)
			if err != nil {
				t.Errorf("%s: %v", address, err)
				return
			}
			_, _ = io.Copy(io.Discard, res.Body)
			_ = res.Body.Close()
			if took := time.Since(began); took > 10*time.Second || res.StatusCode != http.StatusOK {
				t.Errorf("%s answers with %d after %s", address, res.StatusCode, took)
			}
		}
		select {
		case <-done:
			return
		case <-tick.C:
		}
	}
}

// TestFlood_logins: two hundred people sign in at once, and there are turns for
// few of them. The others are told when to come back, with their form.
func TestFlood_logins(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	// On a busy machine two hundred wait for long for the few connections: that is not what they are refused for here.
	patient := opened(t, db.Config{URL: s.AppURL, QueryTimeout: time.Minute, WaitTimeout: time.Minute})
	s.rebuilt(t, func(all *web.Services) {
		var err error
		all.Accounts, err = accounts.New(accounts.Config{DB: patient, Outbox: bus.NewOutbox(), Studios: all.Studios,
			Hashing: accounts.Hashing{Concurrent: 1, Wait: 400 * time.Millisecond}})
		must(t, err)
	})
	s.Health.SetReady()
	var people atomic.Int64 // one address may only be tried a few times
	done := make(chan struct{})
	var wg sync.WaitGroup
	wg.Go(func() { s.lives(t, done) })
	statuses, slowest := s.rush(t, 200, func(ctx context.Context) *http.Request {
		form := url.Values{"email": {fmt.Sprintf("mara-%d@harbour.example", people.Add(1))}, "password": {password}}
		r, _ := http.NewRequestWithContext(ctx, http.MethodPost, s.url+"/login", strings.NewReader(form.Encode()))
		r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
		return r
	}, func(status int, header http.Header, body string) {
		if status == http.StatusServiceUnavailable && (header.Get("Retry-After") == "" || !strings.Contains(body, "Many people are signing in") || !strings.Contains(body, "@harbour.example")) {
			t.Errorf("refused without a word or without the form: %v", header)
		}
	})
	close(done)
	wg.Wait()
	if statuses[http.StatusUnprocessableEntity] == 0 || statuses[http.StatusServiceUnavailable] == 0 || statuses[http.StatusUnprocessableEntity]+statuses[http.StatusServiceUnavailable] != 200 {
		t.Errorf("the answers are %v", statuses)
	}
	if slowest > time.Minute {
		t.Errorf("somebody waited for %s", slowest)
	}
}

// TestFlood_lockedTable: every connection waits for a lock, and visitors come
// all the same: they are told so soon, the process lives, and once the lock is
// gone all is as before.
func TestFlood_lockedTable(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	few, err := db.Open(db.Config{URL: s.AppURL + "&statement_timeout=2000", MaxConns: 4, WaitTimeout: 1500 * time.Millisecond})
	must(t, err)
	t.Cleanup(func() { _ = few.Close() })
	s.rebuilt(t, func(all *web.Services) {
		metrics := all.Metrics
		*all = s.services(t, few, bus.NewOutbox(), slog.New(slog.DiscardHandler))
		all.Metrics, all.Health = metrics, telemetry.NewHealth(slog.New(slog.DiscardHandler), telemetry.Check{Name: "database", Run: few.Ping})
	})
	s.Health.SetReady()
	lock, err := s.Owner.BeginTx(t.Context(), nil)
	must(t, err)
	defer func() { _ = lock.Rollback() }()
	_, err = lock.ExecContext(t.Context(), "lock table works in access exclusive mode")
	must(t, err)
	done := make(chan struct{})
	var wg sync.WaitGroup
	wg.Go(func() { s.lives(t, done) })
	for _, path := range []string{"/explore", "/", "/t/ridge"} {
		statuses, slowest := s.rush(t, 50, func(ctx context.Context) *http.Request {
			r, _ := http.NewRequestWithContext(ctx, http.MethodGet, s.url+path, nil)
			return r
		}, func(_ int, header http.Header, body string) {
			if header.Get("Retry-After") == "" || !strings.Contains(body, "Nothing is lost") {
				t.Errorf("%s is refused without a word: %v", path, header)
			}
		})
		if fmt.Sprint(statuses) != "map[503:50]" || slowest > 30*time.Second {
			t.Errorf("%s: %v, the slowest after %s", path, statuses, slowest)
		}
	}
	close(done)
	wg.Wait()
	must(t, lock.Rollback())
	statuses, _ := s.rush(t, 3, func(ctx context.Context) *http.Request {
		r, _ := http.NewRequestWithContext(ctx, http.MethodGet, s.url+"/explore", nil)
		return r
	}, func(int, http.Header, string) {})
	if statuses[http.StatusOK] != 3 {
		t.Errorf("after the lock: %v", statuses)
	}
}
