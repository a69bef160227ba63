package errlog_test

import (
	"bufio"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"vitrine/app/platform/db"
	"vitrine/app/platform/errlog"
)

// newLogOnly is a log that never reaches its database.
func newLogOnly(t *testing.T) *errlog.Log {
	t.Helper()
	return withSentry(t, "")
}

func withSentry(t *testing.T, dsn string) *errlog.Log {
	t.Helper()
	away, err := db.Open(db.Config{URL: "postgres://nobody:nothing@127.0.0.1:1/nowhere", WaitTimeout: time.Second})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = away.Close() })
	l, err := errlog.New(errlog.Config{DB: away, Version: "abc123", Sentry: dsn, Log: slog.New(slog.DiscardHandler)})
	if err != nil {
		t.Fatal(err)
	}
	return l
}

type received struct {
	path, auth string
	lines      []string
}

// collector is a Sentry-compatible endpoint that answers with a status.
func collector(t *testing.T, status int) (dsn string, got chan received) {
	t.Helper()
	got = make(chan received, 100)
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		rec := received{path: r.URL.Path, auth: r.Header.Get("X-Sentry-Auth")}
		lines := bufio.NewScanner(io.LimitReader(r.Body, 1<<20))
		lines.Buffer(nil, 1<<20)
		for lines.Scan() {
			rec.lines = append(rec.lines, lines.Text())
		}
		got <- rec
		w.Header().Set("Retry-After", "60")
		w.WriteHeader(status)
	}))
	t.Cleanup(server.Close)
	return strings.Replace(server.URL, "http://", "http://publickey@", 1) + "/base/42", got
}

func run(t *testing.T, l *errlog.Log) {
	t.Helper()
	ctx, stop := context.WithCancel(t.Context())
	ended := make(chan struct{})
	go func() { l.Run(ctx); close(ended) }()
	t.Cleanup(func() { stop(); <-ended })
}

// TestSentry: events arrive, redacted, although the database is away.
func TestSentry(t *testing.T) {
	t.Parallel()
	dsn, got := collector(t, http.StatusOK)
	l := withSentry(t, dsn)
	for range 3 {
		l.Record(errlog.Task, "task search.index", errors.New("indexing for mara@harbour.example: password=hunter2"))
	}
	run(t, l)
	r := <-got
	if r.path != "/base/api/42/envelope/" || !strings.Contains(r.auth, "sentry_key=publickey") || len(r.lines) != 3 {
		t.Fatalf("%+v", r)
	}
	var head struct{ Type string }
	var ev struct {
		EventID     string `json:"event_id"`
		Release     string
		Transaction string
		Level       string
		Fingerprint []string
		Extra       map[string]string
		Exception   struct {
			Values []struct{ Type, Value string }
		}
	}
	if err := errors.Join(json.Unmarshal([]byte(r.lines[1]), &head), json.Unmarshal([]byte(r.lines[2]), &ev)); err != nil {
		t.Fatal(err)
	}
	if head.Type != "event" || len(ev.EventID) != 32 || ev.Release != "abc123" || ev.Transaction != "task search.index" || ev.Level != "error" ||
		ev.Extra["occurrences"] != "3" || len(ev.Fingerprint) != 1 || len(ev.Exception.Values) != 1 {
		t.Errorf("%+v", ev)
	}
	if all := strings.Join(r.lines, ""); strings.Contains(all, "hunter2") || strings.Contains(all, "mara") {
		t.Error("a secret left: " + all)
	}
}

// TestSentry_down: an endpoint that refuses is asked once and then left alone;
// whoever records waits for nothing.
func TestSentry_down(t *testing.T) {
	t.Parallel()
	dsn, got := collector(t, http.StatusTooManyRequests)
	l := withSentry(t, dsn)
	run(t, l)
	began := time.Now()
	for i := range 150 {
		l.Record(errlog.Internal, fmt.Sprintf("GET /%d", i), errors.New("broken"))
	}
	if took := time.Since(began); took > 10*time.Second {
		t.Errorf("recording took %s", took)
	}
	<-got
	deadline := time.After(30 * time.Second)
	for tick := time.NewTicker(10 * time.Millisecond); ; {
		if s := l.Standing().Sentry; s.Dropped == 150 && s.Sent == 0 && strings.Contains(s.Failure, "429") {
			break
		}
		select {
		case <-tick.C:
		case <-deadline:
			t.Fatalf("%+v", l.Standing().Sentry)
		}
	}
	if len(got) != 0 {
		t.Errorf("the endpoint was asked %d more times", len(got))
	}
}

func TestParseDSN(t *testing.T) {
	t.Parallel()
	for _, good := range []string{"https://abc@o1.ingest.sentry.io/123", "http://abc@127.0.0.1:9000/1", "https://abc:old@errors.example/deep/down/7"} {
		if _, err := errlog.ParseDSN(good); err != nil {
			t.Errorf("%s: %v", good, err)
		}
	}
	for _, bad := range []string{"x", "https://errors.example/1", "ftp://key@errors.example/1", "https://secretkey@errors.example", "https://secretkey@errors.example/one",
		"https://secretkey@/1", "https://secretkey@errors.example/1?x=y", "://", "https://%zz"} {
		_, err := errlog.ParseDSN(bad)
		if err == nil || !strings.HasPrefix(err.Error(), "SENTRY_DSN ") || strings.Contains(err.Error(), "secretkey") {
			t.Errorf("%s: %v", bad, err)
		}
		if _, err := errlog.New(errlog.Config{Sentry: bad}); err == nil {
			t.Errorf("%s was taken", bad)
		}
	}
}
