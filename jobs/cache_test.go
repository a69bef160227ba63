package jobs

import (
	"context"
	"log/slog"
	"strings"
	"testing"
	"time"

	"vitrine/app/platform/bus"
	"vitrine/app/platform/cache"
	"vitrine/app/platform/db"
	"vitrine/app/platform/dbtest"
	"vitrine/app/platform/id"
	"vitrine/app/platform/logtest"
	"vitrine/app/platform/queue"
	"vitrine/app/platform/redistest"
	"vitrine/app/works"
)

// While Redis is away, however long, what is to be void waits: nothing of it fails,
// one line tells of the outage, however much is written, and what is older than
// anything that was kept is done with. What is younger is void when Redis is back.
func TestCache_longOutage(t *testing.T) {
	for name, harm := range redistest.Outages() {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			d, s := dbtest.New(t), redistest.New(t)
			var told logtest.Log
			log := told.Logger()
			open := func(log *slog.Logger) *cache.Cache {
				c, err := cache.Open(cache.Config{Kind: cache.KindRedis, Redis: s.Hurried(t, 0), Log: log})
				if err != nil {
					t.Fatal(err)
				}
				t.Cleanup(func() { _ = c.Close() })
				return c
			}
			kept, outbox := open(log), bus.NewOutbox()
			outbox.Hint(func([]bus.Event) { _ = kept.Invalidate(t.Context(), "work:1") }) // as whoever writes does
			q, err := queue.Open(queue.Config{
				Kind: "inline", DB: d.Worker, Outbox: outbox, Subscriptions: Handlers{Cache: Cache{Kept: kept}}.kept(), Drain: 50 * time.Millisecond, Log: log,
				Failed: func(subscriber string, err error) { t.Errorf("%s failed: %v", subscriber, err) },
			})
			if err != nil {
				t.Fatal(err)
			}
			ctx, end := context.WithCancel(t.Context())
			ended := make(chan error, 1)
			go func() { ended <- q.Run(ctx) }()
			defer func() {
				end()
				if err := <-ended; err != nil {
					t.Error(err)
				}
			}()
			write := func(n int) {
				t.Helper()
				for range n {
					err := d.App.Transact(t.Context(), func(tx db.Tx) error {
						return outbox.Publish(t.Context(), tx, works.Changed{StudioID: id.New(), WorkID: id.New(), Version: 1})
					})
					if err != nil {
						t.Fatal(err)
					}
				}
			}
			sql := func(text string) {
				t.Helper()
				if _, err := d.Owner.Exec(text); err != nil {
					t.Fatal(err)
				}
			}

			harm.Away(s)
			const writes = 20
			write(writes)
			const waiting = "tasks where state = 'ready' and attempts = 0 and owner is null and run_at > now()"
			redistest.Eventually(t, "all is put off", func() bool { return number(t, d, waiting) == writes })
			sql("update tasks set run_at = now()") // again, and again
			redistest.Eventually(t, "all is put off once more", func() bool { return number(t, d, waiting) == writes })
			if lines := told.Lines(); len(lines) != 1 || !strings.Contains(lines[0], "Nobody can be told what has changed") {
				t.Errorf("%d writes in an outage are told of by %d lines:\n%s", writes, len(lines), strings.Join(lines, "\n"))
			}

			sql("update tasks set event_at = event_at - interval '2 hours', run_at = now()")
			redistest.Eventually(t, "what is that old is done with", func() bool { return number(t, d, "tasks") == 0 })
			write(1)
			redistest.Eventually(t, "a new one is put off", func() bool { return number(t, d, waiting) == 1 })

			harm.Back(s)
			redistest.Eventually(t, "Redis is told", func() bool { return len(told.Lines()) == 2 })
			if lines := told.Lines(); !strings.Contains(lines[1], "Redis answers again") {
				t.Errorf("it is told: %s", lines[1])
			}
			sql("update tasks set run_at = now()")
			redistest.Eventually(t, "nothing waits", func() bool { return number(t, d, "tasks") == 0 })
			if n := number(t, d, "tasks where state = 'dead'"); n != 0 {
				t.Errorf("%d died", n)
			}
		})
	}
}
