package e2e

import (
	"context"
	"database/sql"
	"io"
	"net/http"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"vitrine/app/platform/dbtest"
	"vitrine/e2e/rig"
	pages "vitrine/web/site"
)

// What becomes of the product when the database is there and does not get on:
// every connection waits for a lock that somebody holds.

// answered is one answer, and how long it took.
type answered struct {
	status int
	retry  string
	took   time.Duration
}

// ask sends one request and hides nothing of a failure.
func ask(t *testing.T, site *rig.Site, path string, cookies ...*http.Cookie) (a answered) {
	t.Helper()
	ctx, cancel := context.WithTimeout(context.Background(), 30*time.Second)
	defer cancel()
	r, err := http.NewRequestWithContext(ctx, http.MethodGet, site.URL+path, nil)
	if err != nil {
		t.Error(err)
		return a
	}
	for _, ck := range cookies {
		r.AddCookie(ck)
	}
	began := time.Now()
	res, err := (&http.Client{Transport: &http.Transport{DisableKeepAlives: true}, CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}).Do(r)
	if err != nil {
		t.Errorf("%s: no answer: %v", path, err)
		return a
	}
	_, _ = io.Copy(io.Discard, res.Body)
	_ = res.Body.Close()
	return answered{res.StatusCode, res.Header.Get("Retry-After"), time.Since(began)}
}

// slowness asks all the time for what stands behind no pool. What stop gives is
// how late the machine may make a page, which is several times as much work.
func slowness(t *testing.T, site *rig.Site) (stop func() time.Duration) {
	t.Helper()
	var most time.Duration
	end, ended := make(chan struct{}), make(chan struct{})
	go func() {
		defer close(ended)
		for {
			most = max(most, ask(t, site, "/livez").took)
			select {
			case <-end:
				return
			case <-time.After(100 * time.Millisecond):
			}
		}
	}()
	stop = sync.OnceValue(func() time.Duration {
		close(end)
		<-ended
		return 3 * most
	})
	t.Cleanup(func() { stop() })
	return stop
}

// How long an answer may take: a statement runs 5 s at most, a request waits 2 s
// for a connection, and a machine full of tests is slower than any server, by its
// slowness besides.
const (
	stuckAtMost = 5*time.Second + 4*time.Second
	waitAtMost  = 2*time.Second + 3*time.Second
	partAtMost  = 3 * time.Second
)

// TestFaults_everyConnectionWaits holds a lock that each public page needs and
// asks for more pages than there are connections for them: each is answered with
// 503 and when to come back, within its bounds; health, administration and pages
// that do not need the lock go on; and when it is let go, pages come without a
// restart.
func TestFaults_everyConnectionWaits(t *testing.T) {
	t.Parallel()
	pg := startElsewhere(t)
	site := rig.New(t, "DEMO=off", "DATABASE_URL="+pg.server.URL("vitrine"), "SECRET="+dbtest.Secret).Start()
	work := hang(t, site)
	owner, err := sql.Open("pgx", pg.server.URL("vitrine"))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = owner.Close() })
	tx, err := owner.BeginTx(t.Context(), nil)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := tx.ExecContext(t.Context(), "lock table works in access exclusive mode"); err != nil {
		t.Fatal(err)
	}
	paths := []string{"/explore", "/", work.path, "/@harbour-field", "/explore/feed.atom"}
	var (
		mu      sync.Mutex
		answers []answered
		wg      sync.WaitGroup
	)
	stop := slowness(t, site)
	// Each of them comes again until all connections were seen waiting at once:
	// on a busy machine the first hundred may trickle in.
	enough := make(chan struct{})
	for i := range 100 {
		wg.Go(func() {
			for {
				a := ask(t, site, paths[i%len(paths)])
				mu.Lock()
				answers = append(answers, a)
				mu.Unlock()
				select {
				case <-enough:
					return
				case <-time.After(200 * time.Millisecond):
				}
			}
		})
	}
	waiting := func() (n int) {
		if err := owner.QueryRowContext(t.Context(), "select count(*) from pg_stat_activity where usename = 'vitrine_app' and wait_event_type = 'Lock'").Scan(&n); err != nil {
			t.Error(err)
		}
		return n
	}
	places := pages.PlacesFor(20)[pages.Visitors].Connections
	site.Eventually("every connection of public pages to wait", func() bool { return waiting() == places })
	close(enough)
	// The parts that do not stand behind the pool, and those that have a share of their own.
	parts := map[string]answered{}
	for _, path := range []string{"/livez", "/readyz", "/up", "/assets/app.css"} {
		parts[path] = ask(t, site, path)
	}
	for _, path := range []string{"/admin", "/me"} {
		parts[path] = ask(t, site, path, work.owner.Cookies()...)
	}
	wg.Wait()
	late, shed := stop(), 0
	t.Logf("%d answers; the machine may be late by %s", len(answers), late)
	for path, a := range parts {
		if a.status != http.StatusOK || a.took > partAtMost+late {
			t.Errorf("%s, while every connection of public pages waits: %+v", path, a)
		}
	}
	for _, a := range answers {
		seconds, err := strconv.Atoi(a.retry)
		if a.status != http.StatusServiceUnavailable || err != nil || seconds < 1 {
			t.Errorf("a page that waits for a lock: %+v, want 503 with Retry-After", a)
		}
		if a.took > stuckAtMost+late {
			t.Errorf("an answer took %s", a.took)
		}
		if a.took < waitAtMost {
			shed++
		}
	}
	if shed < len(answers)/2 {
		t.Errorf("only %d of %d were sent away without holding a connection", shed, len(answers))
	}
	if log := site.Log(); strings.Contains(log, "panic") || strings.Contains(log, `"status":500`) {
		t.Errorf("something broke:\n%s", log)
	}
	if err := tx.Rollback(); err != nil {
		t.Fatal(err)
	}
	for _, path := range append([]string{"/up", "/search?q=harbour"}, paths...) {
		site.Eventually(path+" to come back", func() bool { return ask(t, site, path).status == http.StatusOK })
	}
	work.isThere(t, site, "after the lock")
}
