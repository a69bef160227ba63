package queue

import (
	"context"
	"errors"
	"strings"
	"testing"
	"time"

	"github.com/google/uuid"

	"vitrine/app/fault"
	"vitrine/app/platform/bus"
	"vitrine/app/platform/id"
)

// dead puts n dead tasks of a subscriber into the table, whose events are of
// that age.
func (b *bench) dead(n int, subscriber string, age time.Duration) (ids []uuid.UUID) {
	b.t.Helper()
	for range n {
		task := id.New()
		b.db.Exec(b.t, `insert into tasks (id, event_id, event, event_at, subscriber, queue, payload, max_attempts, attempts, run_at, created_at, state, last_error, first_failed_at)
			values ($1, $2, 'bell.rung.v1', $3, $4, 'default', '{"n": 1}', 8, 8, $3, $3, 'dead', 'cracked', $3)`,
			task, id.New(), b.clock.Now().Add(-age), subscriber)
		ids = append(ids, task)
	}
	return ids
}

func (b *bench) audited(action string) int {
	b.t.Helper()
	return b.db.Count(b.t, "select count(*) from audit where action = $1 and actor_id is not null", action)
}

func TestDesk_dead(t *testing.T) {
	b := newBench(t)
	d := NewDesk(b.db.Worker, b.clock.Now)
	a, c := b.dead(3, "a", time.Hour), b.dead(2, "c", 31*24*time.Hour)
	kinds, err := d.DeadKinds(t.Context())
	if err != nil || len(kinds) != 2 || kinds[0].Subscriber != "a" || kinds[0].Count != 3 || kinds[0].TooOld != 0 || kinds[1].TooOld != 2 || kinds[0].Queue != Default {
		t.Errorf("%+v, %v", kinds, err)
	}
	var got []uuid.UUID
	for before := uuid.Nil; ; {
		page, err := d.Dead(t.Context(), "", before, 2)
		if err != nil {
			t.Fatal(err)
		}
		for _, task := range page {
			got = append(got, task.ID)
		}
		if len(page) < 2 {
			break
		}
		before = page[1].ID
	}
	if len(got) != 5 || got[0] != c[1] || got[4] != a[0] {
		t.Errorf("the pages held %v", got)
	}
	page, err := d.Dead(t.Context(), "a", uuid.Nil, 10)
	if err != nil || len(page) != 3 || page[0].LastError != "cracked" || page[0].Attempts != 8 || page[0].FirstFailedAt.IsZero() || page[0].Payload != `{"n": 1}` {
		t.Errorf("%+v, %v", page, err)
	}
}

func TestDesk_replay(t *testing.T) {
	b := newBench(t)
	d := NewDesk(b.db.Worker, b.clock.Now)
	actor, ids, old := id.New(), b.dead(3, "a", time.Hour), b.dead(1, "a", 31*24*time.Hour)
	if err := d.Replay(t.Context(), actor, ids[0]); err != nil {
		t.Fatal(err)
	}
	if err := d.Replay(t.Context(), actor, ids[0]); !fault.Is(err, fault.NotFound) {
		t.Errorf("the second time: %v", err)
	}
	if err := d.Replay(t.Context(), actor, old[0]); !fault.Is(err, fault.Conflict) {
		t.Errorf("an old one: %v", err)
	}
	for _, want := range []int64{2, 0} {
		if n, err := d.ReplayKind(t.Context(), actor, "bell.rung.v1", "a"); n != want || err != nil {
			t.Errorf("%d replayed, want %d, %v", n, want, err)
		}
	}
	if n := b.db.Count(t, "select count(*) from tasks where state = 'ready' and attempts = 0 and first_failed_at is null"); n != 3 {
		t.Errorf("%d are new", n)
	}
	if b.audited("jobs.replayed") != 1 || b.audited("jobs.kind_replayed") != 1 {
		t.Error("the audit does not say who")
	}
	// They run.
	ran := 0
	q := b.open(func(context.Context, bus.Envelope) error { ran++; return nil })
	for l := b.claim(q); l != nil; l = b.claim(q) {
		q.work(l)
	}
	if ran != 3 {
		t.Errorf("%d ran", ran)
	}
}

func TestDesk_drop(t *testing.T) {
	b := newBench(t)
	d := NewDesk(b.db.Worker, b.clock.Now)
	actor, ids := id.New(), b.dead(2, "a", time.Hour)
	for _, bad := range []string{"", "  x ", strings.Repeat("x", 501)} {
		if err := d.Drop(t.Context(), actor, ids[0], bad); fault.FieldsOf(err)["reason"] == "" {
			t.Errorf("%q: %v", bad, err)
		}
	}
	if err := d.Drop(t.Context(), actor, ids[0], "The file is broken."); err != nil {
		t.Fatal(err)
	}
	if err := d.Drop(t.Context(), actor, ids[0], "The file is broken."); !fault.Is(err, fault.NotFound) {
		t.Errorf("the second time: %v", err)
	}
	var note string
	b.db.Row(t, "select note from audit where action = 'jobs.dropped'")(&note)
	if b.tasks() != 1 || note != "bell.rung.v1 a: The file is broken." {
		t.Errorf("%d tasks, %q", b.tasks(), note)
	}
}

func TestDesk_retried(t *testing.T) {
	b := newBench(t)
	q := b.open(func(context.Context, bus.Envelope) error { return errors.New("cracked") })
	b.ring(q)
	b.ring(q)
	q.work(b.claim(q))
	list, err := NewDesk(b.db.Worker, b.clock.Now).Retried(t.Context(), 10)
	if err != nil || len(list) != 1 || list[0].Attempts != 1 || list[0].MaxAttempts != DefaultMaxAttempts || list[0].LastError != "cracked" || !list[0].RunAt.After(b.clock.Now()) {
		t.Errorf("%+v, %v", list, err)
	}
}

// TestDesk_stats counts what runs apart from what waits.
func TestDesk_stats(t *testing.T) {
	b := newBench(t)
	q := b.open(func(context.Context, bus.Envelope) error { return nil })
	b.ring(q)
	b.ring(q)
	if b.claim(q) == nil {
		t.Fatal("nothing to claim")
	}
	b.clock.Advance(time.Second)
	s, err := NewDesk(b.db.Worker, b.clock.Now).Stats(t.Context())
	if err != nil || s.Queues[1].Due != 2 || s.Queues[1].Running != 1 || s.Queues[1].Oldest != time.Second {
		t.Errorf("%+v, %v", s, err)
	}
}

// TestFailed: each attempt that failed is told, and no interruption.
func TestFailed(t *testing.T) {
	b := newBench(t)
	var told []string
	fail := errors.New("cracked")
	q := b.open(func(ctx context.Context, _ bus.Envelope) error {
		if fail == nil {
			<-ctx.Done()
			return ctx.Err()
		}
		return fail
	}, func(c *Config) { c.Failed = func(name string, err error) { told = append(told, name+" "+err.Error()) } })
	b.ring(q)
	q.work(b.claim(q))
	b.clock.Advance(time.Minute)
	fail = nil
	l := b.claim(q)
	l.cancel(errDraining)
	q.work(l)
	if len(told) != 1 || told[0] != "a cracked" {
		t.Errorf("told %v", told)
	}
}
