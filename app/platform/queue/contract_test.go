package queue_test

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/google/uuid"

	"vitrine/app/fault"
	"vitrine/app/platform/bus"
	"vitrine/app/platform/dbtest"
	"vitrine/app/platform/id"
	"vitrine/app/platform/queue"
)

// kinds are the implementations that keep the contract. Each test below runs
// over all of them.
var kinds = []string{"inline", "asynq"}

func eachKind(t *testing.T, test func(t *testing.T, h *house)) {
	t.Parallel()
	for _, kind := range kinds {
		t.Run(kind, func(t *testing.T) {
			t.Parallel()
			test(t, newHouse(t, kind))
		})
	}
}

func TestContract_eachSubscriberGetsEachEvent(t *testing.T) {
	eachKind(t, func(t *testing.T, h *house) {
		got := make(chan bus.Envelope, 10)
		keep := func(_ context.Context, env bus.Envelope) error { got <- env; return nil }
		h.run(h.open(queue.Subscription{Name: "a", Handle: keep, Priority: -1}, queue.Subscription{Name: "b", Handle: keep, Queue: queue.Media}))
		h.publish(hung{Number: 7, Priority: 3})
		first, second := <-got, <-got
		if first.ID != second.ID || first.Priority+second.Priority != 3+2 {
			t.Errorf("%+v and %+v", first, second)
		}
		ev, err := bus.Decode[hung](first)
		if err != nil || ev.Number != 7 || first.Attempt != 1 || time.Since(first.At) > time.Minute {
			t.Errorf("%+v, %v, %+v", ev, err, first)
		}
		until(t, "no task is left", func() bool { return h.count("tasks") == 0 })
		if n := h.count("outbox where sent_at is null or unheard"); n != 0 {
			t.Errorf("%d events are not marked sent", n)
		}
	})
}

// TestContract_polling publishes in another process, whose wake-up does not
// reach this one.
func TestContract_polling(t *testing.T) {
	eachKind(t, func(_ *testing.T, h *house) {
		got := make(chan bus.Envelope, 1)
		h.run(h.open(queue.Subscription{Name: "a", Handle: func(_ context.Context, env bus.Envelope) error { got <- env; return nil }}))
		h.outbox = bus.NewOutbox()
		h.publish(hung{})
		<-got
	})
}

func TestContract_twiceDeliveredOnceInEffect(t *testing.T) {
	eachKind(t, func(t *testing.T, h *house) {
		effect := h.effect("a")
		var calls atomic.Int32
		q := h.open(queue.Subscription{Name: "a", MaxAttempts: 1, Handle: func(ctx context.Context, env bus.Envelope) error {
			calls.Add(1)
			if err := effect(ctx, env); err != nil {
				return err
			}
			if calls.Load() == 1 {
				return errors.New("the answer was lost after the effect")
			}
			return nil
		}})
		h.run(q)
		h.publish(hung{})
		dead := awaitDead(t, q)
		if err := q.Replay(t.Context(), dead.ID); err != nil {
			t.Fatal(err)
		}
		until(t, "the second delivery is done", func() bool { return h.count("tasks") == 0 })
		if n := h.count("effects"); n != 1 || calls.Load() != 2 {
			t.Errorf("%d effects of %d deliveries", n, calls.Load())
		}
	})
}

// TestContract_manyProcesses lets four relays and four runners at 2,000 events.
func TestContract_manyProcesses(t *testing.T) {
	eachKind(t, func(t *testing.T, h *house) {
		const events = 2000
		for batch := range 20 {
			var evs []bus.Event
			for i := range events / 20 {
				evs = append(evs, hung{Number: batch*100 + i})
			}
			h.publish(evs...)
		}
		for range 4 {
			h.run(h.open(queue.Subscription{Name: "a", Handle: h.effect("a")}))
		}
		h.emptied()
		all, distinct := h.count("effects"), h.count("(select distinct payload->>'number' from effects) d")
		if all != events || distinct != events {
			t.Errorf("%d effects of %d events; %d were published", all, distinct, events)
		}
	})
}

func TestContract_deadLetter(t *testing.T) {
	eachKind(t, func(t *testing.T, h *house) {
		var mended atomic.Bool
		q := h.open(
			queue.Subscription{Name: "last", MaxAttempts: 1, Handle: func(context.Context, bus.Envelope) error {
				if mended.Load() {
					return nil
				}
				return errors.New("the printer \x00 is on fire")
			}},
			queue.Subscription{Name: "permanent", Handle: func(context.Context, bus.Envelope) error {
				_, err := bus.Decode[hung](bus.Envelope{Name: hung{}.EventName(), Payload: []byte(`"nonsense"`)})
				return fmt.Errorf("reading: %w", err)
			}},
			queue.Subscription{Name: "panics", MaxAttempts: 1, Handle: func(context.Context, bus.Envelope) error { panic("index out of range") }},
			queue.Subscription{Name: "slow", MaxAttempts: 1, Timeout: time.Millisecond, Handle: func(ctx context.Context, _ bus.Envelope) error {
				<-ctx.Done()
				return fmt.Errorf("%w: %w", bus.ErrUnreadable, ctx.Err())
			}},
		)
		h.run(q)
		h.publish(hung{Number: 1})
		var dead []queue.Task
		until(t, "four tasks are dead", func() bool {
			var err error
			if dead, err = q.Dead(t.Context(), 10, uuid.Nil); err != nil {
				t.Fatal(err)
			}
			return len(dead) == 4
		})
		want := map[string]string{"last": "on fire", "permanent": "the event cannot be read", "panics": "index out of range", "slow": "longer than"}
		for _, d := range dead {
			if !strings.Contains(d.LastError, want[d.Subscriber]) || d.Attempts != 1 || d.FirstFailedAt.IsZero() || d.Event != "gallery.hung.v1" {
				t.Errorf("%+v", d)
			}
		}
		if page, err := q.Dead(t.Context(), 1, dead[2].ID); err != nil || len(page) != 1 || page[0].ID != dead[3].ID {
			t.Errorf("the last page is %v, %v", page, err)
		}
		mended.Store(true)
		for _, d := range dead {
			act := q.Discard
			if d.Subscriber == "last" {
				act = q.Replay
			}
			if err := act(t.Context(), d.ID); err != nil {
				t.Error(err)
			}
		}
		until(t, "nothing is left", func() bool { return h.count("tasks") == 0 })
		for _, act := range []func(context.Context, uuid.UUID) error{q.Replay, q.Discard} {
			if err := act(t.Context(), dead[0].ID); !fault.Is(err, fault.NotFound) {
				t.Errorf("a task that is gone: %v", err)
			}
		}
	})
}

// TestContract_desk replays a dead letter as the page of administrators does: in
// another process, which only knows the database.
func TestContract_desk(t *testing.T) {
	eachKind(t, func(t *testing.T, h *house) {
		var mended atomic.Bool
		got := make(chan bus.Envelope, 1)
		q := h.open(queue.Subscription{Name: "a", MaxAttempts: 1, Handle: func(_ context.Context, env bus.Envelope) error {
			if !mended.Load() {
				return errors.New("out of ink")
			}
			got <- env
			return nil
		}})
		h.run(q)
		h.publish(hung{})
		dead := awaitDead(t, q)
		mended.Store(true)
		if err := queue.NewDesk(h.db.Worker, nil).Replay(t.Context(), id.New(), dead.ID); err != nil {
			t.Fatal(err)
		}
		if env := <-got; env.ID != dead.EventID || env.Attempt != 1 {
			t.Errorf("%+v", env)
		}
	})
}

// TestContract_tell publishes in a process that runs no tasks.
func TestContract_tell(t *testing.T) {
	eachKind(t, func(t *testing.T, h *house) {
		got := make(chan bus.Envelope, 1)
		sub := queue.Subscription{Name: "a", Handle: func(_ context.Context, env bus.Envelope) error { got <- env; return nil }}
		h.run(h.open(sub))
		h.outbox = bus.NewOutbox()
		pages := h.open(sub)
		ctx, end := context.WithCancel(t.Context())
		ended := make(chan struct{})
		go func() { defer close(ended); pages.Tell(ctx) }()
		for range 3 {
			h.publish(hung{})
			<-got
		}
		end()
		<-ended
	})
}

// TestContract_interruptedCostsNoAttempt ends a process in the middle of a
// task: the next one begins it at once, as its first attempt.
func TestContract_interruptedCostsNoAttempt(t *testing.T) {
	eachKind(t, func(t *testing.T, h *house) {
		began := make(chan struct{})
		stop := h.run(h.open(queue.Subscription{Name: "a", MaxAttempts: 1, Handle: func(ctx context.Context, _ bus.Envelope) error {
			close(began)
			<-ctx.Done()
			return fmt.Errorf("the tool was killed: %w", ctx.Err())
		}}))
		h.publish(hung{})
		<-began
		stop()
		got := make(chan bus.Envelope, 1)
		h.run(h.open(queue.Subscription{Name: "a", MaxAttempts: 1, Handle: func(_ context.Context, env bus.Envelope) error { got <- env; return nil }}))
		if env := <-got; env.Attempt != 1 {
			t.Errorf("attempt %d", env.Attempt)
		}
	})
}

// TestContract_laterCostsNothing puts a task off more often than it may fail: it is
// its first attempt still, and nobody was told of a failure.
func TestContract_laterCostsNothing(t *testing.T) {
	eachKind(t, func(t *testing.T, h *house) {
		const times = 3
		var asked atomic.Int64
		got := make(chan bus.Envelope, 1)
		h.failed = func(_ string, err error) { t.Errorf("that is no failure: %v", err) }
		q := h.open(queue.Subscription{Name: "a", MaxAttempts: 1, Handle: func(_ context.Context, env bus.Envelope) error {
			if asked.Add(1) <= times {
				return queue.Later(10*time.Millisecond, errors.New("out of ink"))
			}
			got <- env
			return nil
		}})
		h.run(q)
		h.publish(hung{})
		if env := <-got; env.Attempt != 1 || asked.Load() != times+1 {
			t.Errorf("attempt %d, after %d times", env.Attempt, asked.Load())
		}
		until(t, "no task is left", func() bool { return h.count("tasks") == 0 })
	})
}

func TestContract_drainLetsTasksEnd(t *testing.T) {
	eachKind(t, func(t *testing.T, h *house) {
		h.drain = time.Minute // more than it needs
		began, ending := make(chan struct{}), make(chan struct{})
		stop := h.run(h.open(queue.Subscription{Name: "a", Handle: func(ctx context.Context, env bus.Envelope) error {
			close(began)
			<-ending
			return h.effect("a")(ctx, env)
		}}))
		h.publish(hung{})
		<-began
		go close(ending)
		stop()
		if n := h.count("effects"); n != 1 {
			t.Errorf("%d effects after the drain", n)
		}
		if n := h.count("tasks"); n != 0 {
			t.Errorf("%d tasks after the drain", n)
		}
	})
}

func TestContract_pause(t *testing.T) {
	eachKind(t, func(t *testing.T, h *house) {
		var uploading atomic.Bool
		uploading.Store(true)
		var asked atomic.Int32
		bulk, other := make(chan struct{}, 1), make(chan struct{}, 1)
		q := h.open(
			queue.Subscription{Name: "bulk", Queue: queue.Bulk, Handle: func(context.Context, bus.Envelope) error { bulk <- struct{}{}; return nil }},
			queue.Subscription{Name: "other", Handle: func(context.Context, bus.Envelope) error { other <- struct{}{}; return nil }},
		)
		q.Pause(queue.Bulk, func() bool { asked.Add(1); return uploading.Load() })
		h.run(q)
		h.publish(hung{})
		<-other
		before := asked.Load()
		until(t, "the gate is asked again", func() bool { return asked.Load() > before+1 })
		select {
		case <-bulk:
			t.Error("a paused queue ran a task")
		default:
		}
		uploading.Store(false)
		<-bulk
	})
}

// TestContract_rollingChange has an older process relay an event that only a
// newer one knows.
func TestContract_rollingChange(t *testing.T) {
	eachKind(t, func(t *testing.T, h *house) {
		stop := h.run(h.open(queue.Subscription{Name: "a", Event: "gallery.opened.v1", Handle: h.effect("a")}))
		h.publish(hung{})
		until(t, "the older process sent it to nobody", func() bool { return h.count("outbox where unheard") == 1 })
		stop()
		h.run(h.open(queue.Subscription{Name: "a", Handle: h.effect("a")}))
		until(t, "the newer process had its effect", func() bool { return h.count("effects") == 1 })
	})
}

// TestSwitch runs processes of both kinds beside each other, as in a rolling
// change of DELIVERY, up or down.
func TestSwitch_bothKindsBesideEachOther(t *testing.T) {
	t.Parallel()
	h := newHouse(t, "inline")
	const events = 400
	for range 2 {
		h.run(h.open(queue.Subscription{Name: "a", Handle: h.effect("a")}))
		h.kind = "asynq"
	}
	for range 4 {
		var evs []bus.Event
		for range events / 4 {
			evs = append(evs, hung{})
		}
		h.publish(evs...)
	}
	h.emptied()
	if n, distinct := h.count("effects"), h.count("(select distinct event_id from effects) d"); n != events || distinct != events {
		t.Errorf("%d effects for %d events; %d were published", n, distinct, events)
	}
}

func TestOpen_refuses(t *testing.T) {
	t.Parallel()
	d := dbtest.New(t)
	nothing := func(context.Context, bus.Envelope) error { return nil }
	good := queue.Subscription{Event: "a.done.v1", Name: "a", Queue: queue.Bulk, Handle: nothing}
	with := func(change func(*queue.Config)) error {
		c := queue.Config{Kind: "inline", DB: d.Worker, Outbox: bus.NewOutbox(), Subscriptions: []queue.Subscription{good}}
		change(&c)
		_, err := queue.Open(c)
		return err
	}
	if err := with(func(*queue.Config) {}); err != nil {
		t.Fatal(err)
	}
	sub := func(change func(*queue.Subscription)) func(*queue.Config) {
		return func(c *queue.Config) { change(&c.Subscriptions[0]) }
	}
	for name, change := range map[string]func(*queue.Config){
		"kind":        func(c *queue.Config) { c.Kind = "kafka" },
		"no kind":     func(c *queue.Config) { c.Kind = "" },
		"no handle":   func(c *queue.Config) { c.DB = nil },
		"concurrency": func(c *queue.Config) { c.Concurrency = map[string]int{"express": 1} },
		"none":        func(c *queue.Config) { c.Concurrency = map[string]int{queue.Bulk: 0} },
		"twice":       func(c *queue.Config) { c.Subscriptions = []queue.Subscription{good, good} },
		"event":       sub(func(s *queue.Subscription) { s.Event = "done" }),
		"name":        sub(func(s *queue.Subscription) { s.Name = "" }),
		"queue":       sub(func(s *queue.Subscription) { s.Queue = "fast" }),
		"handler":     sub(func(s *queue.Subscription) { s.Handle = nil }),
		"attempts":    sub(func(s *queue.Subscription) { s.MaxAttempts = -1 }),
	} {
		if with(change) == nil {
			t.Errorf("%s: a table that cannot work was accepted", name)
		}
	}
}
