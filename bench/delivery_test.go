package bench

import (
	"context"
	"fmt"
	"math/rand/v2"
	"sync"
	"sync/atomic"
	"syscall"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"vitrine/app/platform/bus"
	"vitrine/app/platform/db"
	"vitrine/app/platform/dbtest"
	"vitrine/app/platform/queue"
	"vitrine/app/platform/redistest"
)

type somethingHappened struct {
	N int `json:"n"`
}

func (somethingHappened) EventName() string { return "bench.something_happened.v1" }

// delivery is a database, perhaps a Redis, and processes around them.
type delivery struct {
	*dbtest.Database
	kind, redis string
	worker      *db.DB
	asked       atomic.Int64 // statements of the worker's handle
}

// eachDelivery runs a benchmark for each value of DELIVERY that is built.
func eachDelivery(b *testing.B, run func(b *testing.B, d *delivery)) {
	for _, kind := range []string{"inline", "asynq"} {
		b.Run(kind, func(b *testing.B) {
			d := &delivery{Database: dbtest.New(b), kind: kind}
			if kind == "asynq" {
				d.redis = redistest.New(b).URL
			}
			var err error
			if d.worker, err = db.Open(db.Config{URL: d.WorkerURL, MaxConns: 10, Tracer: d}); err != nil {
				b.Fatal(err)
			}
			b.Cleanup(func() { _ = d.worker.Close() })
			run(b, d)
		})
	}
}

func (d *delivery) TraceQueryStart(ctx context.Context, _ *pgx.Conn, _ pgx.TraceQueryStartData) context.Context {
	d.asked.Add(1)
	return ctx
}

func (d *delivery) TraceQueryEnd(context.Context, *pgx.Conn, pgx.TraceQueryEndData) {}

func (d *delivery) open(b *testing.B, outbox *bus.Outbox, did func()) queue.Queue {
	q, err := queue.Open(queue.Config{Kind: d.kind, RedisURL: d.redis, DB: d.worker, Outbox: outbox, Subscriptions: []queue.Subscription{{
		Event: somethingHappened{}.EventName(), Name: "bench.effect", Queue: queue.Default,
		Handle: func(ctx context.Context, env bus.Envelope) error {
			return d.worker.Transact(ctx, func(tx db.Tx) error {
				first, err := bus.Once(ctx, tx, env.ID, "bench.effect")
				if err == nil && first {
					tx.AfterCommit(did)
				}
				return err
			})
		},
	}}})
	if err != nil {
		b.Fatal(err)
	}
	return q
}

func (d *delivery) publish(b *testing.B, outbox *bus.Outbox, from, to int) {
	err := d.App.Tenant(b.Context(), uuid.New(), func(tx db.Tx) error {
		for i := from; i < to; i++ {
			if err := outbox.Publish(b.Context(), tx, somethingHappened{N: i}); err != nil {
				return fmt.Errorf("event %d: %w", i, err)
			}
		}
		return nil
	})
	if err != nil {
		b.Fatal(err)
	}
}

// BenchmarkDelivery measures the whole way of an event when many come at once:
// commit with its outbox row, relay, task, lease, handler with an inbox row, and
// the end of the task. One op is one event.
//
//	go test ./bench -run '^$' -bench 'Delivery$' -benchtime 5000x
func BenchmarkDelivery(b *testing.B) {
	eachDelivery(b, func(b *testing.B, d *delivery) {
		outbox := bus.NewOutbox()
		var all sync.WaitGroup
		all.Add(b.N)
		q := d.open(b, outbox, all.Done)
		ctx, stop := context.WithCancel(b.Context())
		var running sync.WaitGroup
		running.Go(func() { _ = q.Run(ctx) })
		b.ResetTimer()
		const perCommit = 10
		for n := 0; n < b.N; n += perCommit {
			d.publish(b, outbox, n, min(n+perCommit, b.N))
		}
		all.Wait()
		b.StopTimer()
		b.ReportMetric(float64(b.N)/b.Elapsed().Seconds(), "events/s")
		b.ReportMetric(float64(d.asked.Load())/float64(b.N), "statements/event")
		stop()
		running.Wait()
	})
}

// BenchmarkDeliveryHop measures how long a single event takes from the commit in
// a process that serves pages to its effect in a worker. One op is one event.
//
//	go test ./bench -run '^$' -bench 'DeliveryHop' -benchtime 50x
func BenchmarkDeliveryHop(b *testing.B) {
	eachDelivery(b, func(b *testing.B, d *delivery) {
		did := make(chan struct{}, 1)
		work := d.open(b, bus.NewOutbox(), func() { did <- struct{}{} })
		pages := bus.NewOutbox()
		tell := d.open(b, pages, nil)
		ctx, stop := context.WithCancel(b.Context())
		var running sync.WaitGroup
		running.Go(func() { _ = work.Run(ctx) })
		running.Go(func() { tell.Tell(ctx) })
		d.publish(b, pages, 0, 1)
		<-did
		b.ResetTimer()
		for n := range b.N {
			b.StopTimer()
			<-time.After(rand.N(time.Second)) // somewhere in the second of a loop that polls
			b.StartTimer()
			d.publish(b, pages, n, n+1)
			<-did
		}
		b.StopTimer()
		stop()
		running.Wait()
	})
}

// BenchmarkDeliveryIdle measures what a worker with nothing to do costs in one
// second. One op is that second.
//
//	go test ./bench -run '^$' -bench 'DeliveryIdle' -benchtime 20x
func BenchmarkDeliveryIdle(b *testing.B) {
	eachDelivery(b, func(b *testing.B, d *delivery) {
		q := d.open(b, bus.NewOutbox(), nil)
		ctx, stop := context.WithCancel(b.Context())
		var running sync.WaitGroup
		running.Go(func() { _ = q.Run(ctx) })
		second := time.NewTicker(time.Second)
		defer second.Stop()
		<-second.C
		before, cpu := d.asked.Load(), cpuTime(b)
		b.ResetTimer()
		for range b.N {
			<-second.C
		}
		b.StopTimer()
		b.ReportMetric(float64(d.asked.Load()-before)/float64(b.N), "statements/s")
		b.ReportMetric(float64((cpuTime(b)-cpu).Microseconds())/1000/float64(b.N), "CPU-ms/s")
		stop()
		running.Wait()
	})
}

// cpuTime is the processor time that this process has used.
func cpuTime(b *testing.B) time.Duration {
	b.Helper()
	var u syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &u); err != nil {
		b.Fatal(err)
	}
	return time.Duration(u.Utime.Nano() + u.Stime.Nano())
}
