package bench

import (
	"context"
	"fmt"
	"sync"
	"testing"

	"github.com/google/uuid"

	"vitrine/app/platform/bus"
	"vitrine/app/platform/db"
	"vitrine/app/platform/dbtest"
	"vitrine/app/platform/queue"
)

type somethingHappened struct {
	N int `json:"n"`
}

func (somethingHappened) EventName() string { return "bench.something_happened.v1" }

// BenchmarkDelivery measures the whole way of an event with DELIVERY=inline:
// commit with its outbox row, relay, task, lease, handler with an inbox row, and
// the end of the task. One op is one event.
//
//	go test ./bench -run '^$' -bench Delivery -benchtime 5000x
func BenchmarkDelivery(b *testing.B) {
	d := dbtest.New(b)
	outbox := bus.NewOutbox()
	var all sync.WaitGroup
	all.Add(b.N)
	q, err := queue.Open(queue.Config{Kind: "inline", DB: d.Worker, Outbox: outbox, Subscriptions: []queue.Subscription{{
		Event: somethingHappened{}.EventName(), Name: "bench.effect", Queue: queue.Default,
		Handle: func(ctx context.Context, env bus.Envelope) error {
			return d.Worker.Transact(ctx, func(tx db.Tx) error {
				first, err := bus.Once(ctx, tx, env.ID, "bench.effect")
				if err == nil && first {
					tx.AfterCommit(all.Done)
				}
				return err
			})
		},
	}}})
	if err != nil {
		b.Fatal(err)
	}
	ctx, stop := context.WithCancel(b.Context())
	var running sync.WaitGroup
	running.Go(func() { _ = q.Run(ctx) })
	b.ResetTimer()
	const perCommit = 10
	for n := 0; n < b.N; n += perCommit {
		err := d.App.Tenant(ctx, uuid.New(), func(tx db.Tx) error {
			for i := n; i < min(n+perCommit, b.N); i++ {
				if err := outbox.Publish(ctx, tx, somethingHappened{N: i}); err != nil {
					return fmt.Errorf("event %d: %w", i, err)
				}
			}
			return nil
		})
		if err != nil {
			b.Fatal(err)
		}
	}
	all.Wait()
	b.StopTimer()
	b.ReportMetric(float64(b.N)/b.Elapsed().Seconds(), "events/s")
	stop()
	running.Wait()
}
