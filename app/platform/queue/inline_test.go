package queue

import (
	"context"
	"errors"
	"strings"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/prometheus/client_golang/prometheus"
	"github.com/prometheus/client_golang/prometheus/testutil"

	"vitrine/app/fault"
	"vitrine/app/platform/bus"
	"vitrine/app/platform/db"
)

func TestBackoff(t *testing.T) {
	t.Parallel()
	var sum time.Duration
	for failed, want := range []time.Duration{3, 9, 27, 81, 243, 729, 2187} {
		got := Backoff(failed+1, 0.5)
		if got.Round(time.Millisecond) != want*time.Second {
			t.Errorf("after %d failed attempts %s, want %s", failed+1, got, want*time.Second)
		}
		sum += got
		if low, high := Backoff(failed+1, 0), Backoff(failed+1, 0.999); low < got*79/100 || high > got*121/100 || low >= high {
			t.Errorf("jitter from %s to %s around %s", low, high, got)
		}
	}
	if sum < 50*time.Minute || sum > time.Hour {
		t.Errorf("eight attempts take %s", sum)
	}
	if got := Backoff(50, 0.5); got != time.Hour {
		t.Errorf("the longest wait is %s", got)
	}
}

func TestRetry_waitsAsLongAsBackoffSays(t *testing.T) {
	b := newBench(t)
	calls := 0
	q := b.open(func(_ context.Context, env bus.Envelope) error {
		if calls++; env.Attempt != calls {
			t.Errorf("call %d is attempt %d", calls, env.Attempt)
		}
		return errors.New("not today")
	})
	b.ring(q)
	for failed := 1; failed < DefaultMaxAttempts; failed++ {
		l := b.claim(q)
		if l == nil {
			t.Fatalf("nothing to claim after %d failed attempts", failed-1)
		}
		q.work(l)
		wait := b.row().runAt.Sub(b.clock.Now())
		if wait < Backoff(failed, 0)-time.Millisecond || wait > Backoff(failed, 1) {
			t.Errorf("waits %s after %d failed attempts", wait, failed)
		}
		b.clock.Advance(wait - time.Microsecond)
		if b.claim(q) != nil {
			t.Fatal("claimed before its time")
		}
		b.clock.Advance(time.Microsecond)
	}
	q.work(b.claim(q))
	if r := b.row(); r.state != "dead" || r.attempts != DefaultMaxAttempts || r.lastError != "not today" || r.owner != nil {
		t.Errorf("%+v", r)
	}
	b.clock.Advance(24 * time.Hour)
	if b.claim(q) != nil {
		t.Error("a dead task was claimed")
	}
}

func TestRetry_waitsAsLongAsTheFaultSays(t *testing.T) {
	b := newBench(t)
	q := b.open(func(context.Context, bus.Envelope) error {
		return fault.Later(fault.TooMany, "Slower.", 10*time.Minute)
	})
	b.ring(q)
	q.work(b.claim(q))
	if wait := b.row().runAt.Sub(b.clock.Now()); wait != 10*time.Minute {
		t.Errorf("waits %s", wait)
	}
}

// TestPriority_strict: in PostgreSQL the order is exact.
func TestPriority_strict(t *testing.T) {
	b := newBench(t)
	q := b.open(func(context.Context, bus.Envelope) error { return nil })
	for _, priority := range []int{-5, 0, 9, 0} {
		b.ring(q)
		b.db.Exec(t, "update tasks set priority = $1 where id = (select max(id::text)::uuid from tasks)", priority)
		b.clock.Advance(time.Second)
	}
	for _, want := range []int{9, 0, 0, -5} {
		if got := b.claim(q); got == nil || got.Priority != want {
			t.Errorf("claimed %+v where %d was due", got, want)
		}
	}
}

// TestKilled abandons a process in the middle of a task, as kill -9 does: its
// connections are gone, it releases nothing.
func TestKilled(t *testing.T) {
	b := newBench(t)
	pool := b.workerPool()
	began, ended := make(chan struct{}), make(chan error, 1)
	killed := b.open(func(ctx context.Context, _ bus.Envelope) error {
		close(began)
		<-ctx.Done()
		ended <- context.Cause(ctx)
		return ctx.Err()
	}, func(c *Config) { c.DB = pool })
	b.ring(killed)
	l := b.claim(killed)
	go killed.work(l)
	<-began
	if err := pool.Close(); err != nil {
		t.Fatal(err)
	}

	var attempt int
	heir := b.open(func(_ context.Context, env bus.Envelope) error { attempt = env.Attempt; return nil })
	b.clock.Advance(leaseTime - time.Microsecond)
	if b.claim(heir) != nil {
		t.Fatal("taken over while the lease lived")
	}
	b.clock.Advance(time.Microsecond)
	taken := b.claim(heir)
	if taken == nil {
		t.Fatal("not taken over after the lease ran out")
	}
	if r := b.row(); r.takeovers != 1 || r.attempts != 0 {
		t.Errorf("%+v", r)
	}
	heir.work(taken)
	if attempt != 1 || b.tasks() != 0 {
		t.Errorf("attempt %d, %d tasks left", attempt, b.tasks())
	}

	// Had it only lost its connection, it would stop when its lease runs out.
	if err := killed.beat(t.Context()); err == nil {
		t.Error("a heartbeat without a database is no error")
	}
	if cause := <-ended; !errors.Is(cause, errLeaseLost) {
		t.Errorf("the handler ended because of %v", cause)
	}
}

// TestFence has a process come back after its task was taken over.
func TestFence(t *testing.T) {
	b := newBench(t)
	began, ended := make(chan struct{}), make(chan struct{})
	slept := b.open(func(ctx context.Context, _ bus.Envelope) error {
		close(began)
		<-ctx.Done()
		return nil // it did not notice, and believes that it is done
	})
	b.ring(slept)
	l := b.claim(slept)
	go func() { defer close(ended); slept.work(l) }()
	<-began
	b.clock.Advance(leaseTime)
	if b.claim(slept) != nil {
		t.Fatal("a process took over from its own handler")
	}
	heir := b.open(func(context.Context, bus.Envelope) error { return nil })
	taken := b.claim(heir)
	if taken == nil || taken.Fence != l.Fence+1 {
		t.Fatalf("taken over as %+v", taken)
	}
	if err := slept.beat(t.Context()); err != nil {
		t.Fatal(err)
	}
	<-ended
	if r := b.row(); r.owner == nil || *r.owner != heir.owner {
		t.Fatalf("the former owner's end was recorded: %+v", r)
	}
	heir.work(taken)
	if n := b.tasks(); n != 0 {
		t.Errorf("%d tasks left", n)
	}
}

func TestBeat_keepsTheLease(t *testing.T) {
	b := newBench(t)
	q := b.open(func(context.Context, bus.Envelope) error { return nil })
	b.ring(q)
	l := b.claim(q)
	for range 10 {
		b.clock.Advance(beatEvery)
		if err := q.beat(t.Context()); err != nil {
			t.Fatal(err)
		}
		if until := b.row().leasedUntil; !until.Equal(b.clock.Now().Add(leaseTime)) {
			t.Fatalf("leased until %s at %s", until, b.clock.Now())
		}
	}
	if l.ctx.Err() != nil {
		t.Error("a lease that is kept was called lost")
	}
	q.work(l)
}

// TestTakeovers bounds how many processes one task may kill.
func TestTakeovers(t *testing.T) {
	b := newBench(t)
	handle := func(context.Context, bus.Envelope) error { t.Error("the deadly task was begun"); return nil }
	b.ring(b.open(handle))
	for range maxTakeovers + 1 {
		if b.claim(b.open(handle)) == nil {
			t.Fatal("nothing to claim")
		}
		b.clock.Advance(leaseTime)
	}
	q := b.open(handle)
	q.work(b.claim(q))
	if r := b.row(); r.state != "dead" || !strings.Contains(r.lastError, "processes died") {
		t.Errorf("%+v", r)
	}
}

func TestReplay_refusesWhatTheInboxForgot(t *testing.T) {
	b := newBench(t)
	q := b.open(func(context.Context, bus.Envelope) error { return bus.ErrUnreadable })
	b.ring(q)
	if _, err := b.db.Owner.Exec("update tasks set event_at = $1", b.clock.Now()); err != nil {
		t.Fatal(err)
	}
	q.work(b.claim(q))
	b.clock.Advance(Replayable + time.Second)
	dead, err := q.Dead(t.Context(), 10, uuid.Nil)
	if err != nil || len(dead) != 1 {
		t.Fatalf("%v, %v", dead, err)
	}
	if err := q.Replay(t.Context(), dead[0].ID); !fault.Is(err, fault.Conflict) {
		t.Errorf("replayed after 30 days: %v", err)
	}
}

func TestTidy_buriesTasksOfNobody(t *testing.T) {
	b := newBench(t)
	q := b.open(func(context.Context, bus.Envelope) error { return nil })
	b.ring(q)
	heir := b.open(nil, func(c *Config) {
		c.Subscriptions = []Subscription{{Event: "bell.rung.v1", Name: "b", Queue: Default, Handle: q.Subscriptions[0].Handle}}
	})
	if b.claim(heir) != nil {
		t.Fatal("a process claimed the task of a subscriber that it does not know")
	}
	for _, c := range []struct {
		wait  time.Duration
		state string
	}{{0, "ready"}, {orphan + time.Second, "dead"}} {
		b.clock.Advance(c.wait)
		if err := heir.tidy(t.Context()); err != nil {
			t.Fatal(err)
		}
		if r := b.row(); r.state != c.state {
			t.Errorf("after %s: %+v", c.wait, r)
		}
	}
}

func TestMetrics(t *testing.T) {
	b := newBench(t)
	reg := prometheus.NewRegistry()
	q := b.open(func(context.Context, bus.Envelope) error { return errors.New("no") }, func(c *Config) { c.Metrics = reg })
	reg.MustRegister(Depths(q))
	b.ring(q)
	b.ring(q)
	q.work(b.claim(q))
	err := b.db.App.Transact(t.Context(), func(tx db.Tx) error { return b.out.Publish(t.Context(), tx, rung{}, rung{}, rung{}) })
	if err != nil {
		t.Fatal(err)
	}
	b.clock.Advance(2 * time.Second)
	want := `
# HELP vitrine_queue_oldest_seconds How long the oldest due task has been due.
# TYPE vitrine_queue_oldest_seconds gauge
vitrine_queue_oldest_seconds{queue="bulk"} 0
vitrine_queue_oldest_seconds{queue="critical"} 0
vitrine_queue_oldest_seconds{queue="default"} 2
vitrine_queue_oldest_seconds{queue="media"} 0
# HELP vitrine_outbox_unsent Events that are committed and not sent yet.
# TYPE vitrine_outbox_unsent gauge
vitrine_outbox_unsent 3
# HELP vitrine_tasks_total Attempts of tasks by subscriber and outcome.
# TYPE vitrine_tasks_total counter
vitrine_tasks_total{outcome="retried",subscriber="a"} 1
`
	if err := testutil.GatherAndCompare(reg, strings.NewReader(want), "vitrine_queue_oldest_seconds", "vitrine_outbox_unsent", "vitrine_tasks_total"); err != nil {
		t.Error(err)
	}
	s, err := q.Stats(t.Context())
	if err != nil || s.Queues[1].Due != 1 || s.Queues[1].Later != 1 || s.Queues[1].Name != Default {
		t.Errorf("%+v, %v", s, err)
	}
}

// TestRun_databaseAway starts before its database answers, and goes on.
func TestRun_databaseAway(t *testing.T) {
	b := newBench(t)
	pool := b.workerPool()
	if err := pool.Close(); err != nil {
		t.Fatal(err)
	}
	q := b.open(func(context.Context, bus.Envelope) error { return nil }, func(c *Config) { c.DB = pool })
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if err := q.Run(ctx); err != nil {
		t.Error(err)
	}
	if err := q.relayAll(t.Context()); err == nil {
		t.Error("a relay without a database says that all is well")
	}
}

func TestStorable(t *testing.T) {
	t.Parallel()
	got := storable(errors.New("\x00\xff" + strings.Repeat("ä", longestError)))
	if len(got) > longestError+len("…") || strings.ContainsRune(got, 0) || !strings.HasPrefix(got, "\uFFFD\uFFFDä") {
		t.Errorf("%d bytes: %.20q", len(got), got)
	}
}
