package queue_test

import (
	"context"
	"log/slog"
	"sync"
	"testing"
	"time"

	"github.com/google/uuid"

	"vitrine/app/platform/bus"
	"vitrine/app/platform/db"
	"vitrine/app/platform/dbtest"
	"vitrine/app/platform/queue"
	"vitrine/app/platform/redistest"
)

// house is a database and the processes around it.
type house struct {
	t      *testing.T
	kind   string
	db     *dbtest.Database
	outbox *bus.Outbox
	redis  *redistest.Server // of asynq alone
	failed func(subscriber string, err error)

	concurrency map[string]int // of processes that are opened from now on
	drain       time.Duration  // theirs, too
}

type hung struct {
	Number   int `json:"number"`
	Priority int `json:"-"`
}

func (hung) EventName() string    { return "gallery.hung.v1" }
func (h hung) EventPriority() int { return h.Priority }

type opened struct{}

func (opened) EventName() string { return "gallery.opened.v1" }

type closed struct{}

func (closed) EventName() string { return "gallery.closed.v1" }

func newHouse(t *testing.T, kind string) *house {
	h := &house{t: t, kind: kind, db: dbtest.New(t), outbox: bus.NewOutbox(), drain: 50 * time.Millisecond}
	h.exec("create table effects (event_id uuid, subscriber text, payload jsonb)")
	h.exec("grant select, insert on effects to vitrine_worker")
	return h
}

func (h *house) redisURL() string {
	if h.kind == "asynq" && h.redis == nil {
		h.redis = redistest.New(h.t)
	}
	if h.redis == nil {
		return ""
	}
	return h.redis.URL
}

func (h *house) exec(sql string, args ...any) {
	h.t.Helper()
	if _, err := h.db.Owner.Exec(sql, args...); err != nil {
		h.t.Fatal(err)
	}
}

func (h *house) count(sql string, args ...any) (n int) {
	h.t.Helper()
	if err := h.db.Owner.QueryRow("select count(*) from "+sql, args...).Scan(&n); err != nil {
		h.t.Fatal(err)
	}
	return n
}

func (h *house) publish(events ...bus.Event) {
	h.t.Helper()
	err := h.db.App.Transact(h.t.Context(), func(tx db.Tx) error { return h.outbox.Publish(h.t.Context(), tx, events...) })
	if err != nil {
		h.t.Fatal(err)
	}
}

// open makes one more process with this table.
func (h *house) open(subs ...queue.Subscription) queue.Queue {
	h.t.Helper()
	for i := range subs {
		if subs[i].Event == "" {
			subs[i].Event = hung{}.EventName()
		}
		if subs[i].Queue == "" {
			subs[i].Queue = queue.Default
		}
	}
	q, err := queue.Open(queue.Config{
		Kind: h.kind, DB: h.db.Worker, Outbox: h.outbox, Subscriptions: subs, Drain: h.drain, Concurrency: h.concurrency,
		RedisURL: h.redisURL(), Log: slog.New(slog.DiscardHandler), Failed: h.failed,
	})
	if err != nil {
		h.t.Fatal(err)
	}
	return q
}

// run starts a process; stop ends it as a deploy does and waits for it.
func (h *house) run(q queue.Queue) (stop func()) {
	ctx, cancel := context.WithCancel(h.t.Context())
	ended := make(chan error, 1)
	go func() { ended <- q.Run(ctx) }()
	var once sync.Once
	stop = func() {
		once.Do(func() {
			cancel()
			if err := <-ended; err != nil {
				h.t.Error(err)
			}
		})
	}
	h.t.Cleanup(stop)
	return stop
}

// patience is twice as long as a row waits for a ticket that is there and leads nowhere.
const patience = time.Minute

// until waits for a condition, for as long as patience.
func until(t *testing.T, what string, met func() bool) {
	t.Helper()
	deadline := time.NewTimer(patience)
	defer deadline.Stop()
	tick := time.NewTicker(5 * time.Millisecond)
	defer tick.Stop()
	for !met() {
		select {
		case <-deadline.C:
			t.Fatalf("after %s still not: %s", patience, what)
		case <-tick.C:
		}
	}
}

// emptied waits until all is sent and done, for as long as something of it is done within patience.
func (h *house) emptied() {
	h.t.Helper()
	left := func() int { return h.count("tasks") + h.count("outbox where sent_at is null") }
	for before := left(); before > 0; before = left() {
		until(h.t, "more is sent and done", func() bool { return left() < before })
	}
}

// effect is a handler with a database effect that may be had once.
func (h *house) effect(subscriber string) func(context.Context, bus.Envelope) error {
	return func(ctx context.Context, env bus.Envelope) error {
		return h.db.Worker.Transact(ctx, func(tx db.Tx) error {
			first, err := bus.Once(ctx, tx, env.ID, subscriber)
			if err != nil || !first {
				return err
			}
			return tx.SQL().Exec("insert into effects values (?, ?, ?)", env.ID, subscriber, string(env.Payload)).Error
		})
	}
}

func awaitDead(t *testing.T, q queue.Queue) (task queue.Task) {
	t.Helper()
	until(t, "a task is dead", func() bool {
		dead, err := q.Dead(t.Context(), 1, uuid.Nil)
		if err != nil {
			t.Fatal(err)
		}
		if len(dead) == 1 {
			task = dead[0]
		}
		return len(dead) == 1
	})
	return task
}
