package queue

import (
	"context"
	"log/slog"
	"testing"
	"time"

	"vitrine/app/platform/bus"
	"vitrine/app/platform/clock"
	"vitrine/app/platform/db"
	"vitrine/app/platform/dbtest"
)

// These tests move the inline queue by hand, step by step, with a clock of
// their own.

type rung struct{}

func (rung) EventName() string { return "bell.rung.v1" }

type bench struct {
	t     *testing.T
	db    *dbtest.Database
	clock *clock.Manual
	out   *bus.Outbox
}

func newBench(t *testing.T) *bench {
	t.Parallel()
	return &bench{t: t, db: dbtest.New(t), clock: clock.NewManual(time.Date(2030, 1, 2, 3, 4, 5, 0, time.UTC)), out: bus.NewOutbox()}
}

func (b *bench) open(handle func(context.Context, bus.Envelope) error, change ...func(*Config)) *inline {
	b.t.Helper()
	c := Config{Kind: "inline", DB: b.db.Worker, Outbox: b.out, Clock: b.clock.Now, Log: slog.New(slog.DiscardHandler),
		Subscriptions: []Subscription{{Event: "bell.rung.v1", Name: "a", Queue: Default, Timeout: time.Hour, Handle: handle}}}
	for _, f := range change {
		f(&c)
	}
	q, err := Open(c)
	if err != nil {
		b.t.Fatal(err)
	}
	return q.(*inline)
}

// ring publishes one event and relays it.
func (b *bench) ring(q *inline) {
	b.t.Helper()
	err := b.db.App.Transact(b.t.Context(), func(tx db.Tx) error { return b.out.Publish(b.t.Context(), tx, rung{}) })
	if err != nil {
		b.t.Fatal(err)
	}
	if n, err := q.relay(b.t.Context()); n != 1 || err != nil {
		b.t.Fatalf("relayed %d, %v", n, err)
	}
}

// claim claims one task, or tells that there is none to claim.
func (b *bench) claim(q *inline) *lease {
	b.t.Helper()
	got, err := q.claim(b.t.Context(), b.t.Context(), []want{{Default, 1}})
	if err != nil {
		b.t.Fatal(err)
	}
	if len(got) == 0 {
		return nil
	}
	return got[0]
}

// workerPool opens one more pool of the worker, for a process that will lose it.
func (b *bench) workerPool() *db.DB {
	b.t.Helper()
	pool, err := db.Open(db.Config{URL: b.db.WorkerURL})
	if err != nil {
		b.t.Fatal(err)
	}
	return pool
}

type row struct {
	attempts, takeovers int
	state, lastError    string
	runAt               time.Time
	owner               *string
	leasedUntil         *time.Time
}

func (b *bench) row() (r row) {
	b.t.Helper()
	err := b.db.Owner.QueryRow("select attempts, takeovers, state, last_error, run_at, owner, leased_until from tasks").
		Scan(&r.attempts, &r.takeovers, &r.state, &r.lastError, &r.runAt, &r.owner, &r.leasedUntil)
	if err != nil {
		b.t.Fatal(err)
	}
	return r
}

func (b *bench) tasks() (n int) {
	b.t.Helper()
	if err := b.db.Owner.QueryRow("select count(*) from tasks").Scan(&n); err != nil {
		b.t.Fatal(err)
	}
	return n
}
