package db_test

import (
	"context"
	"errors"
	"maps"
	"testing"
	"time"

	"vitrine/app/fault"
	"vitrine/app/platform/db"
	"vitrine/app/platform/dbtest"
)

// hasty is how long those wait for a connection who are to wait in vain.
const hasty = 200 * time.Millisecond

// open makes a handle of few connections and so much patience.
func open(t *testing.T, url string, conns int, wait time.Duration) *db.DB {
	t.Helper()
	h, err := db.Open(db.Config{URL: url, MaxConns: conns, WaitTimeout: wait})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = h.Close() })
	return h
}

// asks are the ways in which a store reads.
func asks(ctx context.Context, r db.Reader) map[string]error {
	var n int
	return map[string]error{
		"raw and scan": r.SQL(ctx).Raw("select 1").Scan(&n).Error,
		"raw and take": r.SQL(ctx).Raw("select 1 as n").Take(&struct{ N int }{}).Error,
		"row":          r.SQL(ctx).Raw("select 1").Row().Scan(&n),
		"exec":         r.SQL(ctx).Exec("select 1").Error,
	}
}

// served asks until everybody has had a connection: a reader's goes back a moment
// after its rows are closed, on a busy machine later than a hasty one waits. What is
// left are the errors, also of one that was never given back.
func served(ctx context.Context, r db.Reader) (left map[string]error) {
	for deadline, busy := time.Now().Add(30*time.Second), true; busy && time.Now().Before(deadline); {
		left, busy = asks(ctx, r), false
		maps.DeleteFunc(left, func(_ string, err error) bool { return err == nil })
		for _, err := range left {
			busy = busy || errors.Is(err, db.ErrNoConnection)
		}
	}
	return left
}

// TestRead_waitsOnlySoLong: a reader outside of a transaction waits for a
// connection no longer than a transaction does, and says what is the matter.
func TestRead_waitsOnlySoLong(t *testing.T) {
	t.Parallel()
	d := dbtest.New(t)
	h := open(t, d.AppURL, 1, hasty)
	if err := h.Ping(t.Context()); err != nil { // connecting may take longer than the wait
		t.Fatal(err)
	}
	held, err := h.Pool().Conn(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	for name, err := range asks(t.Context(), h.Read(t.Context())) {
		if !errors.Is(err, db.ErrNoConnection) || !fault.Is(err, fault.Unavailable) || fault.MessageOf(err) == "" {
			t.Errorf("%s with every connection busy: %v", name, err)
		}
	}
	if err := held.Close(); err != nil {
		t.Fatal(err)
	}
	for round := range 3 { // each gives its connection back
		for name, err := range served(t.Context(), h.Read(t.Context())) {
			t.Errorf("%s, round %d: %v", name, round, err)
		}
	}
	left, cancel := context.WithCancel(t.Context())
	cancel()
	for name, err := range asks(left, h.Read(left)) {
		if !errors.Is(err, context.Canceled) {
			t.Errorf("%s for a caller who left: %v", name, err)
		}
	}
}

// TestRead_unavailable: a database that is away is Unavailable for readers, too,
// and a connection that it cut is replaced.
func TestRead_unavailable(t *testing.T) {
	t.Parallel()
	d := dbtest.New(t)
	away := open(t, "postgres://vitrine_app:x@127.0.0.1:1/x", 1, time.Minute)
	for name, err := range asks(t.Context(), away.Read(t.Context())) {
		if name != "row" && !fault.Is(err, fault.Unavailable) || err == nil {
			t.Errorf("%s with nobody listening: %v", name, err)
		}
	}
	h := open(t, d.AppURL, 1, time.Minute) // to connect takes long on a busy machine
	var pid int
	for range 3 {
		if err := h.Read(t.Context()).SQL(t.Context()).Raw("select pg_backend_pid()").Scan(&pid).Error; err != nil {
			t.Fatal(err)
		}
		d.Exec(t, "select pg_terminate_backend($1, 5000)", pid)
	}
	// The failure shows only while rows are read.
	err := h.Read(t.Context()).SQL(t.Context()).Raw("set statement_timeout = '20ms'").Scan(&pid).Error
	if err != nil {
		t.Fatal(err)
	}
	var rows []int
	err = h.Read(t.Context()).SQL(t.Context()).Raw("select n from generate_series(1, 3) n, pg_sleep(n)").Scan(&rows).Error
	if !fault.Is(err, fault.Unavailable) {
		t.Errorf("a statement that took too long: %v", err)
	}
}
