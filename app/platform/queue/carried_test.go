package queue

import (
	"context"
	"errors"
	"net"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/hibiken/asynq"

	"vitrine/app/platform/bus"
	"vitrine/app/platform/db"
	"vitrine/app/platform/redistest"
)

// These tests move the carried queue by hand, with a clock of their own and a
// real Redis. No server of asynq runs: tickets are presented as it would.

type carriedBench struct {
	*bench
	redis   *redistest.Server
	q       *carried
	tickets *asynq.Inspector
}

func newCarriedBench(t *testing.T, handle func(context.Context, bus.Envelope) error, change ...func(*Config)) *carriedBench {
	b := &carriedBench{bench: newBench(t), redis: redistest.New(t)}
	b.q, b.tickets = b.process(handle, change...), asynq.NewInspectorFromRedisClient(b.redis.Client())
	b.asks()
	return b
}

// asks has the queue find out that Redis is there. On a busy machine the answer may
// come too late for it at first.
func (b *carriedBench) asks() {
	b.t.Helper()
	redistest.Eventually(b.t, "Redis is there", func() bool { return b.q.ask(b.t.Context(), b.t.Context()) == nil })
}

func (b *carriedBench) process(handle func(context.Context, bus.Envelope) error, change ...func(*Config)) *carried {
	b.t.Helper()
	c := b.open(handle, change...).Config
	c.Kind, c.RedisURL, c.Metrics = "asynq", b.redis.URL, nil
	q, err := Open(c)
	if err != nil {
		b.t.Fatal(err)
	}
	b.t.Cleanup(func() { _ = q.(*carried).redis.Close() })
	return q.(*carried)
}

// ring publishes one event and relays it.
func (b *carriedBench) ring() (eventID uuid.UUID) {
	b.t.Helper()
	b.bench.ring(b.q.inline)
	if err := b.db.Owner.QueryRow("select event_id from tasks order by id desc limit 1").Scan(&eventID); err != nil {
		b.t.Fatal(err)
	}
	return eventID
}

// ticket is the state of the ticket of an event, or "none".
func (b *carriedBench) ticket(eventID uuid.UUID) string {
	b.t.Helper()
	info, err := b.tickets.GetTaskInfo(Default, eventID.String()+":a")
	if errors.Is(err, asynq.ErrTaskNotFound) || errors.Is(err, asynq.ErrQueueNotFound) {
		return "none"
	}
	if err != nil {
		b.t.Fatal(err)
	}
	return info.State.String()
}

func (b *carriedBench) present(q *carried, eventID uuid.UUID) error {
	b.t.Helper()
	return q.present(b.t.Context(), b.t.Context(), asynq.NewTask("bell.rung.v1 a", []byte(eventID.String())))
}

// sweep sweeps as after the time between two sweeps.
func (b *carriedBench) sweep() {
	b.t.Helper()
	redistest.Eventually(b.t, "it is swept", func() bool {
		b.q.swept = time.Time{}
		return b.q.ask(b.t.Context(), b.t.Context()) == nil
	})
}

func nothing(context.Context, bus.Envelope) error { return nil }

func TestTicket_namesItsRowAndNothingElse(t *testing.T) {
	b := newCarriedBench(t, nothing)
	ev := b.ring()
	info, err := b.tickets.GetTaskInfo(Default, ev.String()+":a")
	if err != nil {
		t.Fatal(err)
	}
	if info.Type != "bell.rung.v1 a" || string(info.Payload) != ev.String() || info.MaxRetry != forever || info.Timeout != time.Hour+time.Minute {
		t.Errorf("%+v", info)
	}
	if err := b.present(b.q, ev); err != nil || b.tasks() != 0 {
		t.Errorf("%v, %d tasks left", err, b.tasks())
	}
	if err := b.present(b.q, ev); err != nil {
		t.Errorf("the ticket of a row that is gone: %v", err)
	}
}

func TestTicket_comesBackAsItsRowSays(t *testing.T) {
	var fails error
	b := newCarriedBench(t, func(context.Context, bus.Envelope) error { return fails })
	ev := b.ring()
	fails = errors.New("not today")
	var back comeBack
	if err := b.present(b.q, ev); !errors.As(err, &back) || back.in < 2*time.Second || back.in > 4*time.Second {
		t.Fatalf("after a failed attempt: %v", err)
	}
	if err := b.present(b.q, ev); !errors.As(err, &back) || back.in < 2*time.Second {
		t.Errorf("too early: %v", err)
	}
	b.clock.Advance(back.in - forward) // asynq counts in seconds
	fails = bus.ErrUnreadable
	if err := b.present(b.q, ev); err != nil || b.row().state != "dead" {
		t.Errorf("%v, %+v", err, b.row())
	}
	if err := b.present(b.q, ev); err != nil {
		t.Errorf("the ticket of a dead row: %v", err)
	}
}

func TestTicket_waitsForAnotherLease(t *testing.T) {
	b := newCarriedBench(t, nothing)
	ev := b.ring()
	l := b.claim(b.open(nothing)) // a process with DELIVERY=inline, in a rolling change
	var back comeBack
	if err := b.present(b.q, ev); !errors.As(err, &back) || back.in != leaseTime {
		t.Fatalf("leased by another: %v", err)
	}
	b.clock.Advance(leaseTime)
	if err := b.present(b.q, ev); err != nil || b.tasks() != 0 {
		t.Errorf("taken over: %v, %d tasks left", err, b.tasks())
	}
	_ = l
}

func TestTicket_waitsForRoomAndGates(t *testing.T) {
	began, end := make(chan struct{}, 4), make(chan struct{})
	b := newCarriedBench(t, func(context.Context, bus.Envelope) error { began <- struct{}{}; <-end; return nil })
	ended := make(chan error)
	for range 4 { // the concurrency of the queue
		ev := b.ring()
		go func() { ended <- b.present(b.q, ev) }()
		<-began
	}
	fifth := b.ring()
	var back comeBack
	if err := b.present(b.q, fifth); !errors.As(err, &back) {
		t.Errorf("a fifth of four: %v", err)
	}
	close(end)
	for range 4 {
		if err := <-ended; err != nil {
			t.Error(err)
		}
	}
	b.q.Pause(Default, func() bool { return true })
	if err := b.present(b.q, fifth); !errors.As(err, &back) {
		t.Errorf("paused: %v", err)
	}
	if len(b.q.entered) > 1 || b.q.entered[Default] != 0 {
		t.Errorf("places that nobody has: %v", b.q.entered)
	}
}

func TestTicket_ofASubscriberThatIsUnknownHere(t *testing.T) {
	b := newCarriedBench(t, nothing)
	ev := b.ring()
	older := b.process(nothing)
	older.handled = map[subscriber]Subscription{}
	var back comeBack
	if err := b.present(older, ev); !errors.As(err, &back) || b.row().owner != nil {
		t.Errorf("%v, %+v", err, b.row())
	}
}

func TestSweep_afterFlush(t *testing.T) {
	b := newCarriedBench(t, nothing)
	ev := b.ring()
	if got := b.ticket(ev); got != "pending" {
		t.Fatalf("the ticket is %s", got)
	}
	b.redis.Flush()
	if got := b.ticket(ev); got != "none" {
		t.Fatalf("the ticket is %s", got)
	}
	b.clock.Advance(time.Millisecond) // nobody waits for a flush to be noticed
	for b.q.ask(t.Context(), t.Context()) != nil {
		b.redis.Flush() // whoever did not hear the answer has set the sign all the same
	}
	if got := b.ticket(ev); got != "pending" {
		t.Errorf("after the flush was noticed the ticket is %s", got)
	}
}

// TestSweep_losses loses single tickets.
func TestSweep_losses(t *testing.T) {
	did := make(chan uuid.UUID, 3)
	b := newCarriedBench(t, func(_ context.Context, env bus.Envelope) error { did <- env.ID; return nil })
	deleted, archived, ghost := b.ring(), b.ring(), b.ring()
	if err := b.tickets.DeleteTask(Default, deleted.String()+":a"); err != nil {
		t.Fatal(err)
	}
	if err := b.tickets.ArchiveTask(Default, archived.String()+":a"); err != nil {
		t.Fatal(err)
	}
	c := b.redis.Client()
	defer func() { _ = c.Close() }()
	if err := c.Del(t.Context(), "asynq:{default}:pending").Err(); err != nil {
		t.Fatal(err)
	}
	b.sweep()
	if got := b.ticket(deleted); got != "none" {
		t.Errorf("a ticket that may be on its way is %s", got)
	}
	b.clock.Advance(handing + time.Millisecond)
	b.sweep()
	if got := b.ticket(deleted); got != "pending" {
		t.Errorf("after %s a lost ticket is %s", handing, got)
	}
	if err := b.present(b.q, deleted); err != nil || <-did != deleted {
		t.Errorf("presented again: %v", err)
	}
	b.clock.Advance(stuck)
	b.sweep()
	if one, two := <-did, <-did; one != archived && two != archived || one != ghost && two != ghost {
		t.Errorf("begun without a ticket: %s and %s, want %s and %s", one, two, archived, ghost)
	}
}

// TestSweep_inOrder has two rows whose tickets do not come, and room for one: the
// other sizes of a photo, and a first size that was put down after them.
func TestSweep_inOrder(t *testing.T) {
	did := make(chan int, 2)
	b := newCarriedBench(t, func(_ context.Context, env bus.Envelope) error { did <- env.Priority; return nil }, func(c *Config) {
		others := c.Subscriptions[0]
		others.Queue, others.Priority = Media, -1
		first := others
		first.Name, first.Priority = "b", 0
		c.Subscriptions, c.Concurrency = []Subscription{others, first}, map[string]int{Media: 1}
	})
	b.ring()
	b.clock.Advance(stuck + time.Second)
	b.sweep()
	if priority := <-did; priority != 0 {
		t.Error("the other sizes were begun before the first one")
	}
}

// TestSweep_diedWithATicket has a process die between being handed a ticket and
// leasing its row, and another one after it.
func TestSweep_diedWithATicket(t *testing.T) {
	calls := make(chan int, 2)
	b := newCarriedBench(t, func(_ context.Context, env bus.Envelope) error { calls <- env.Attempt; return nil })
	one, two := b.ring(), b.ring()
	s := asynq.NewServerFromRedisClient(b.redis.Client(), asynq.Config{Concurrency: 2, Queues: lanesOf(Default), LogLevel: asynq.FatalLevel, TaskCheckInterval: pull})
	taken, release := make(chan struct{}, 2), make(chan struct{})
	if err := s.Start(asynq.HandlerFunc(func(context.Context, *asynq.Task) error { taken <- struct{}{}; <-release; return nil })); err != nil {
		t.Fatal(err)
	}
	defer s.Shutdown()
	defer close(release)
	<-taken
	<-taken
	b.db.Exec(t, "update tasks set owner = 'dead', leased_until = $1 where event_id = $2", b.clock.Now().Add(leaseTime), two)
	b.clock.Advance(stuck + time.Second)
	if b.ticket(one) != "active" || b.ticket(two) != "active" {
		t.Fatalf("the tickets are %s and %s", b.ticket(one), b.ticket(two))
	}
	b.sweep()
	for range 2 {
		if attempt := <-calls; attempt != 1 {
			t.Errorf("attempt %d", attempt)
		}
	}
}

// TestRedis_isAWebServer points REDIS_URL at something that answers nonsense: the
// tasks are done, and nobody asks it in a hot loop.
func TestRedis_isAWebServer(t *testing.T) {
	b := newBench(t)
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = l.Close() }()
	var asked atomic.Int32
	go func() {
		for {
			conn, err := l.Accept()
			if err != nil {
				return
			}
			asked.Add(1)
			_, _ = conn.Write([]byte("HTTP/1.1 400 Bad Request\r\nContent-Length: 0\r\n\r\n"))
			_ = conn.Close()
		}
	}()
	did := make(chan struct{}, 20)
	c := b.open(func(context.Context, bus.Envelope) error { did <- struct{}{}; return nil }).Config
	c.Kind, c.RedisURL, c.Metrics, c.Clock = "asynq", "redis://"+l.Addr().String(), nil, time.Now
	q, err := Open(c)
	if err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithCancel(t.Context())
	ended := make(chan error)
	began := time.Now()
	go func() { ended <- q.Run(ctx) }()
	err = b.db.App.Transact(t.Context(), func(tx db.Tx) error {
		for range 20 {
			if err := b.out.Publish(t.Context(), tx, rung{}); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	for range 20 {
		<-did
	}
	cancel()
	if err := <-ended; err != nil {
		t.Error(err)
	}
	if per := float64(asked.Load()) / time.Since(began).Seconds(); per > 100 {
		t.Errorf("asked %.0f times a second", per)
	}
}

func TestOpen_asynqRefusesABadAddress(t *testing.T) {
	b := newBench(t)
	c := b.open(nothing).Config
	c.Kind, c.Metrics = "asynq", nil
	if _, err := Open(c); err == nil || !strings.Contains(err.Error(), "REDIS_URL") {
		t.Errorf("without an address: %v", err)
	}
}
