package telemetry

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"os"
	"strings"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"github.com/jackc/pgx/v5"

	"vitrine/app/platform/db"
	"vitrine/app/platform/dbtest"
)

func TestNewLog(t *testing.T) {
	t.Parallel()
	var out bytes.Buffer
	log, err := NewLog(&out, "warn")
	if err != nil {
		t.Fatal(err)
	}
	log.Info("hidden")
	log.Warn("shown", "route", "/explore")
	var line struct{ Level, Msg, Route string }
	if err := json.Unmarshal(out.Bytes(), &line); err != nil || line.Msg != "shown" || line.Route != "/explore" || line.Level != "WARN" {
		t.Errorf("%s: %v", out.String(), err)
	}
	if _, err := NewLog(&out, "loud"); err == nil {
		t.Error("an unknown level was accepted")
	}
	if terminal(&out) {
		t.Error("a buffer is no terminal")
	}
	file, err := os.CreateTemp(t.TempDir(), "log")
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = file.Close() }()
	if terminal(file) {
		t.Error("a file is no terminal")
	}
}

// traced opens a handle with a tracer.
func traced(t *testing.T, tracer pgx.QueryTracer) *db.DB {
	t.Helper()
	d, err := db.Open(db.Config{URL: dbtest.New(t).AppURL, Tracer: tracer, WaitTimeout: time.Minute})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = d.Close() })
	return d
}

func TestQueryTracer(t *testing.T) {
	t.Parallel()
	var out bytes.Buffer
	d := traced(t, QueryTracer{Log: slog.New(slog.NewJSONHandler(&out, nil)), Slow: time.Nanosecond})
	ctx, work := Begin(t.Context(), "/@:studio")
	err := d.Transact(ctx, func(tx db.Tx) error {
		var n []int
		return tx.SQL().Raw("select n from generate_series(1, ?) n\n\twhere 'secret' <> ?", 3, "password").Scan(&n).Error
	})
	if err != nil {
		t.Fatal(err)
	}
	if q, r := work.Queries.Load(), work.Rows.Load(); q != 1 || r != 3 || work.DBTime() <= 0 {
		t.Errorf("%d queries, %d rows, %s", q, r, work.DBTime())
	}
	var found bool
	for line := range strings.Lines(out.String()) {
		var l struct {
			Msg, Route, SQL string
			MS              float64
			Rows            int
		}
		if err := json.Unmarshal([]byte(line), &l); err != nil {
			t.Fatal(err)
		}
		if strings.HasPrefix(l.SQL, "select n from") {
			found = l.Msg == "Slow query" && l.Route == "/@:studio" && l.Rows == 3 && l.MS > 0 && l.SQL == "select n from generate_series(1, $1) n where '…' <> $2"
			t.Logf("%+v", l)
		}
	}
	if !found || strings.Contains(out.String(), "password") || strings.Contains(out.String(), "secret") {
		t.Errorf("the slow query is not told as it should be: %s", out.String())
	}
}

func TestQueryTracer_failedAndFast(t *testing.T) {
	t.Parallel()
	var out bytes.Buffer
	d := traced(t, QueryTracer{Log: slog.New(slog.NewJSONHandler(&out, nil)), Slow: time.Nanosecond})
	if d.Read(t.Context()).SQL(t.Context()).Exec("select 'a person' || no_such_column").Error == nil {
		t.Fatal("no error")
	}
	if s := out.String(); !strings.Contains(s, "SQLSTATE 42703") || strings.Contains(s, "a person") || !strings.Contains(s, `"route":"none"`) {
		t.Error(s)
	}
	out.Reset()
	d = traced(t, QueryTracer{Log: slog.New(slog.NewJSONHandler(&out, nil)), Slow: time.Hour})
	if err := d.Ping(t.Context()); err != nil || out.Len() > 0 {
		t.Errorf("%v, %s", err, out.String())
	}
}

func TestShorten(t *testing.T) {
	t.Parallel()
	for in, want := range map[string]string{
		"":                                "",
		"  select\n\t1 ":                  "select 1",
		"select 'it''s', 2":               "select '…''…', 2",
		"select 'open":                    "select '…",
		strings.Repeat("x", longestSQL+9): strings.Repeat("x", longestSQL) + "…",
	} {
		if got := Shorten(in); got != want {
			t.Errorf("%q became %q", in, got)
		}
	}
}

func TestMetrics(t *testing.T) {
	t.Parallel()
	m := NewMetrics()
	m.WatchPool("app", dbtest.New(t).App.Pool())
	synctest.Test(t, func(t *testing.T) { // a request takes no time
		done := m.Request()
		m.Request() // is not answered yet
		_, work := Begin(t.Context(), "/explore")
		work.Queries.Add(3)
		done("GET", "/explore", 200, work)
		m.Request()("BREW", "unmatched", 404, nil)
	})
	m.Shed("public")
	rec := httptest.NewRecorder()
	m.Handler().ServeHTTP(rec, httptest.NewRequest(http.MethodGet, "/metrics", nil))
	for _, line := range []string{
		`vitrine_http_requests_total{method="GET",route="/explore",status="200"} 1`,
		`vitrine_http_requests_total{method="other",route="unmatched",status="404"} 1`,
		`vitrine_http_request_seconds_count{method="GET",route="/explore"} 1`,
		`vitrine_http_request_seconds_bucket{method="GET",route="/explore",le="0.112"} 1`,
		`vitrine_http_request_queries_sum{route="/explore"} 3`,
		`vitrine_http_requests_in_flight 1`,
		`vitrine_http_requests_shed_total{class="public"} 1`,
		`go_sql_max_open_connections{db_name="app"} `,
		`go_goroutines `,
	} {
		if !strings.Contains(rec.Body.String(), line) {
			t.Errorf("no %s", line)
		}
	}
}

// TestHealth stands outside of time: an answer is of the last second, however busy the machine is.
func TestHealth(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		var broken atomic.Bool
		h := NewHealth(slog.New(slog.DiscardHandler),
			Check{"database", func(context.Context) error {
				if broken.Load() {
					return errors.New("postgres://vitrine:secret@10.0.0.7 does not answer")
				}
				return nil
			}},
			Check{"store", func(context.Context) error { return nil }},
		)
		admin := AdminHandler(NewMetrics(), h)
		get := func(path string) (int, string) {
			rec := httptest.NewRecorder()
			admin.ServeHTTP(rec, httptest.NewRequest(http.MethodGet, path, nil))
			return rec.Code, rec.Body.String()
		}
		expect := func(path string, code int, body string) {
			t.Helper()
			if c, b := get(path); c != code || !strings.Contains(b, body) {
				t.Errorf("%s answers %d %s", path, c, b)
			}
		}
		expect("/livez", 200, "alive")
		expect("/readyz", 503, Starting)
		expect("/up", 200, `"status":"starting"`)
		h.SetReady()
		expect("/readyz", 200, Ready)
		expect("/up", 200, `{"status":"ok","parts":[{"name":"database","ok":true,`)
		broken.Store(true)
		expect("/up", 200, `"status":"ok"`) // of the last second
		<-time.After(checkCached)
		expect("/up", 200, `{"status":"degraded","parts":[{"name":"database","ok":false,`)
		if _, body := get("/up"); strings.Contains(body, "secret") {
			t.Error("/up tells why a part is degraded")
		}
		expect("/readyz", 200, Ready)
		h.SetStarting()
		expect("/readyz", 503, Starting)
		h.SetReady()
		h.SetDraining()
		h.SetReady()
		h.SetStarting()
		expect("/readyz", 503, Draining)
		expect("/up", 200, `"status":"draining"`)
		expect("/livez", 200, "alive")
		expect("/metrics", 200, "go_goroutines")
		expect("/debug/pprof/", 200, "goroutine")
		expect("/debug/pprof/heap", 200, "")
		expect("/", 404, "")
	})
}

// TestHealth_watch has nobody ask: what is degraded is said once nevertheless, and
// once that it works again.
func TestHealth_watch(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		var broken atomic.Bool
		broken.Store(true)
		var said bytes.Buffer
		h := NewHealth(slog.New(slog.NewTextHandler(&said, nil)), Check{"files", func(context.Context) error {
			if broken.Load() {
				return errors.New("there is no bucket of that name")
			}
			return nil
		}})
		ctx, stop := context.WithCancel(t.Context())
		go h.Watch(ctx)
		<-time.After(10 * watchEvery)
		broken.Store(false)
		<-time.After(10 * watchEvery)
		stop()
		synctest.Wait()
		if n := strings.Count(said.String(), "\n"); n != 2 || !strings.Contains(said.String(), "there is no bucket of that name") || !strings.Contains(said.String(), "works again") {
			t.Errorf("%d lines:\n%s", n, said.String())
		}
	})
}

// TestHealth_hangingPart has checks that panic and that ignore their context.
func TestHealth_hangingPart(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		never := make(chan struct{})
		defer close(never)
		h := NewHealth(slog.New(slog.DiscardHandler),
			Check{"hangs", func(context.Context) error { <-never; return nil }},
			Check{"hangs too", func(context.Context) error { <-never; return nil }},
			Check{"panics", func(context.Context) error { panic("no") }},
		)
		gone, leave := context.WithCancel(t.Context())
		leave()
		began := time.Now()
		parts := h.Parts(gone)
		if took := time.Since(began); took != checkTimeout {
			t.Errorf("took %s", took)
		}
		for _, p := range parts {
			if p.OK {
				t.Errorf("%s is fine", p.Name)
			}
		}
	})
}

func TestAdmin(t *testing.T) {
	t.Parallel()
	l, err := ListenAdmin(t.Context(), "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	if _, err := ListenAdmin(t.Context(), l.Addr().String()); err == nil {
		t.Error("an address was taken twice")
	}
	ctx, cancel := context.WithCancel(t.Context())
	ended := make(chan error, 1)
	go func() {
		ended <- ServeAdmin(ctx, l, AdminHandler(NewMetrics(), NewHealth(slog.New(slog.DiscardHandler))))
	}()
	res, err := http.Get("http://" + l.Addr().String() + "/livez")
	if err != nil {
		t.Fatal(err)
	}
	_, _ = io.Copy(io.Discard, res.Body)
	_ = res.Body.Close()
	if res.StatusCode != http.StatusOK {
		t.Errorf("status %d", res.StatusCode)
	}
	cancel()
	if err := <-ended; err != nil {
		t.Error(err)
	}
}

func TestTraces(t *testing.T) {
	t.Parallel()
	off, err := OpenTraces(t.Context(), "", "test")
	if err != nil || off.On() {
		t.Fatalf("without an endpoint: %v", err)
	}
	if _, ok := off.QueryTracer(slog.Default()).(QueryTracer); !ok {
		t.Error("without an endpoint statements make spans")
	}
	if err := off.Close(t.Context()); err != nil {
		t.Error(err)
	}
	for _, bad := range []string{"localhost:4318", "ftp://a", "http://", "::"} {
		if _, err := OpenTraces(t.Context(), bad, "test"); err == nil {
			t.Errorf("the endpoint %q was accepted", bad)
		}
	}

	received := make(chan string, 10)
	collector := httptest.NewServer(http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) { received <- r.URL.Path }))
	defer collector.Close()
	on, err := OpenTraces(t.Context(), collector.URL, "test")
	if err != nil || !on.On() {
		t.Fatal(err)
	}
	d := traced(t, on.QueryTracer(slog.New(slog.DiscardHandler)))
	for range 200 { // a tenth is sampled: that none is has a chance of 1 in 10^9
		ctx, span := on.Tracer("test").Start(t.Context(), "request")
		ctx, work := Begin(ctx, "/")
		if err := d.Read(ctx).SQL(ctx).Exec("select 1").Error; err != nil || work.Queries.Load() != 1 {
			t.Fatalf("%d queries, %v", work.Queries.Load(), err)
		}
		span.End()
	}
	if err := on.Close(t.Context()); err != nil {
		t.Fatal(err)
	}
	if path := <-received; path != "/v1/traces" {
		t.Errorf("spans went to %s", path)
	}
}
