package jobs

import (
	"context"
	"errors"
	"log/slog"
	"sync"
	"testing"
	"time"

	"github.com/google/uuid"

	"vitrine/app/platform/bus"
	"vitrine/app/platform/clock"
	"vitrine/app/platform/db"
	"vitrine/app/platform/dbtest"
	"vitrine/app/platform/idem"
	"vitrine/app/platform/queue"
)

var quiet = slog.New(slog.DiscardHandler)

var noon = time.Date(2030, 1, 2, 12, 0, 0, 0, time.UTC)

type struck struct {
	Slot time.Time `json:"slot"`
}

func (struck) EventName() string { return "clock.struck.v1" }

var hourly = Schedule{Name: "hourly", Every: time.Hour, At: 17 * time.Minute, Event: func(slot time.Time) bus.Event { return struck{slot} }}

func scheduler(t *testing.T, d *dbtest.Database, now clock.Clock, table ...Schedule) *Scheduler {
	t.Helper()
	s, err := NewScheduler(d.Worker, bus.NewOutbox(), now, quiet, table)
	if err != nil {
		t.Fatal(err)
	}
	return s
}

func number(t *testing.T, d *dbtest.Database, from string, args ...any) (n int) {
	t.Helper()
	if err := d.Owner.QueryRow("select count(*) from "+from, args...).Scan(&n); err != nil {
		t.Fatal(err)
	}
	return n
}

func TestSlot(t *testing.T) {
	t.Parallel()
	daily := Schedule{Every: 24 * time.Hour, At: 3 * time.Hour}
	for _, c := range []struct {
		of        Schedule
		now, want string
	}{
		{hourly, "2030-01-02T12:16:59Z", "2030-01-02T11:17:00Z"},
		{hourly, "2030-01-02T12:17:00Z", "2030-01-02T12:17:00Z"},
		{daily, "2030-01-02T02:59:59Z", "2030-01-01T03:00:00Z"},
		{daily, "2030-01-02T23:00:00Z", "2030-01-02T03:00:00Z"},
		{daily, "2030-01-02T03:30:00+02:00", "2030-01-01T03:00:00Z"},
	} {
		now, err := time.Parse(time.RFC3339, c.now)
		if err != nil {
			t.Fatal(err)
		}
		if got := c.of.slot(now).Format(time.RFC3339); got != c.want {
			t.Errorf("at %s the slot is %s, want %s", c.now, got, c.want)
		}
	}
}

func TestSchedulers_fireOncePerSlot(t *testing.T) {
	t.Parallel()
	d := dbtest.New(t)
	now := clock.NewManual(noon)
	const slots = 5
	for range slots {
		var both sync.WaitGroup
		for range 4 { // each of them new, so that none knows of the others
			s := scheduler(t, d, now.Now, hourly)
			both.Go(func() {
				if err := errors.Join(s.tick(t.Context()), s.tick(t.Context())); err != nil {
					t.Error(err)
				}
			})
		}
		both.Wait()
		now.Advance(time.Hour)
	}
	if n := number(t, d, "outbox"); n != slots {
		t.Errorf("%d events of %d slots", n, slots)
	}
}

func TestScheduler_firesOnlyTheLatestMissedSlot(t *testing.T) {
	t.Parallel()
	d := dbtest.New(t)
	now := clock.NewManual(noon)
	for range 2 {
		if err := scheduler(t, d, now.Now, hourly).tick(t.Context()); err != nil {
			t.Fatal(err)
		}
		now.Advance(100 * time.Hour)
	}
	if n := number(t, d, "outbox"); n != 2 {
		t.Errorf("%d events, want 2", n)
	}
	// A scheduler whose clock is behind fires nothing again.
	late := clock.NewManual(noon.Add(50 * time.Hour))
	if err := scheduler(t, d, late.Now, hourly).tick(t.Context()); err != nil {
		t.Fatal(err)
	}
	if n := number(t, d, "outbox"); n != 2 {
		t.Error("a clock that is behind fired an earlier slot")
	}
}

func TestScheduler_oneFailureDoesNotKeepOthersBack(t *testing.T) {
	t.Parallel()
	d := dbtest.New(t)
	broken := Schedule{Name: "broken", Every: time.Hour, Event: func(time.Time) bus.Event { return badName{} }}
	s := scheduler(t, d, clock.Fixed(noon), broken, hourly)
	if s.tick(t.Context()) == nil {
		t.Error("the broken schedule is no error")
	}
	if n := number(t, d, "outbox"); n != 1 {
		t.Errorf("%d events", n)
	}
	if n := number(t, d, "schedule_slots where job = 'broken'"); n != 0 {
		t.Error("the slot of an event that was not published counts as fired")
	}
}

type badName struct{}

func (badName) EventName() string { return "bad name" }

func TestNewScheduler_refuses(t *testing.T) {
	t.Parallel()
	for name, table := range map[string][]Schedule{
		"twice":  {hourly, hourly},
		"name":   {{Every: time.Hour, Event: hourly.Event}},
		"period": {{Name: "a", Event: hourly.Event}},
		"at":     {{Name: "a", Every: time.Hour, At: time.Hour, Event: hourly.Event}},
		"event":  {{Name: "a", Every: time.Hour}},
	} {
		if _, err := NewScheduler(nil, nil, clock.System, quiet, table); err == nil {
			t.Errorf("%s: a table that cannot work was accepted", name)
		}
	}
	if _, err := NewScheduler(nil, nil, clock.System, quiet, Schedules()); err != nil {
		t.Errorf("our own table: %v", err)
	}
}

func TestRetention(t *testing.T) {
	t.Parallel()
	d := dbtest.New(t)
	now := time.Now()
	exec := func(sql string, args ...any) {
		t.Helper()
		if _, err := d.Owner.Exec(sql, args...); err != nil {
			t.Fatal(err)
		}
	}
	exec("insert into inbox select gen_random_uuid(), 'old', $1 from generate_series(1, 6000)", now.Add(-KeepInbox-time.Hour))
	exec("insert into inbox select gen_random_uuid(), 'new', $1 from generate_series(1, 10)", now.Add(-KeepInbox+time.Hour))
	const outbox = "insert into outbox (id, event, payload, created_at, sent_at) values (gen_random_uuid(), $1, '{}', $2, $3)"
	exec(outbox, "a.old.v1", now.Add(-KeepSent-2*time.Hour), now.Add(-KeepSent-time.Hour))
	exec(outbox, "a.new.v1", now.Add(-KeepSent-2*time.Hour), now)
	exec(outbox, "a.unsent.v1", now.Add(-KeepSent-2*time.Hour), nil)
	for _, age := range []time.Duration{0, KeepSlots - time.Hour, KeepSlots + time.Hour} {
		exec("insert into schedule_slots values ('often', $1, now())", now.Add(-age))
	}
	exec("insert into schedule_slots values ('yearly', $1, now())", now.Add(-300*24*time.Hour))
	exec("insert into idempotency_keys values ('s', 'key-that-is-old-0001', '', $1), ('s', 'key-that-is-new-0001', '', $2)", now.Add(-idem.Keep-time.Hour), now)

	if err := (Retention{DB: d.Worker}).OnFellDue(t.Context(), bus.Envelope{ID: uuid.New()}); err != nil {
		t.Fatal(err)
	}
	for from, want := range map[string]int{
		"inbox": 10, "inbox where subscriber = 'old'": 0, "outbox": 2, "outbox where event = 'a.old.v1'": 0,
		"schedule_slots where job = 'often'": 2, "schedule_slots where job = 'yearly'": 1,
		"idempotency_keys": 1,
	} {
		if n := number(t, d, from); n != want {
			t.Errorf("%d rows in %s, want %d", n, from, want)
		}
	}
}

// TestRunner goes the whole way: the clock, the outbox, the task, its effect.
func TestRunner(t *testing.T) {
	t.Parallel()
	d := dbtest.New(t)
	out := bus.NewOutbox()
	got := make(chan bus.Envelope, 4)
	q, err := queue.Open(queue.Config{Kind: "inline", DB: d.Worker, Outbox: out, Log: quiet, Subscriptions: []queue.Subscription{
		{Event: struck{}.EventName(), Name: "test.hear", Queue: queue.Critical, Handle: func(_ context.Context, env bus.Envelope) error { got <- env; return nil }},
	}})
	if err != nil {
		t.Fatal(err)
	}
	r, err := New(Config{Queue: q, DB: d.Worker, Outbox: out, Schedules: []Schedule{hourly}, Clock: clock.Fixed(noon), Log: quiet})
	if err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithCancel(t.Context())
	ended := make(chan error, 1)
	go func() { ended <- r.Run(ctx) }()
	ev, err := bus.Decode[struck](<-got)
	if err != nil || !ev.Slot.Equal(hourly.slot(noon)) {
		t.Errorf("%+v, %v", ev, err)
	}
	cancel()
	if err := <-ended; err != nil {
		t.Error(err)
	}
}

// hanging is a queue that does not end.
type hanging struct {
	queue.Queue
	release chan struct{}
}

func (h hanging) Run(context.Context) error { <-h.release; return nil }

func TestRunner_endsWithinItsDeadline(t *testing.T) {
	t.Parallel()
	d := dbtest.New(t)
	h := hanging{release: make(chan struct{})}
	defer close(h.release)
	r, err := New(Config{Queue: h, DB: d.Worker, Outbox: bus.NewOutbox(), Deadline: 10 * time.Millisecond, Log: quiet})
	if err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if err := r.Run(ctx); !errors.Is(err, errDeadline) {
		t.Errorf("a queue that hangs: %v", err)
	}
}

// TestSubscriptions opens the whole table, so that a line that cannot work
// fails here and not at boot.
func TestSubscriptions(t *testing.T) {
	t.Parallel()
	d := dbtest.New(t)
	table := Handlers{}.Subscriptions()
	if _, err := queue.Open(queue.Config{Kind: "inline", DB: d.Worker, Outbox: bus.NewOutbox(), Subscriptions: table}); err != nil {
		t.Fatal(err)
	}
	heard := map[string]bool{}
	for _, s := range table {
		heard[s.Event] = true
	}
	for _, s := range Schedules() {
		if ev := s.Event(noon); !heard[ev.EventName()] {
			t.Errorf("the schedule %s fires %s, which nobody hears", s.Name, ev.EventName())
		}
	}
	err := d.Worker.Transact(t.Context(), func(tx db.Tx) error {
		for _, s := range Schedules() {
			if err := bus.NewOutbox().Publish(t.Context(), tx, s.Event(noon)); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		t.Error(err)
	}
}

// TestSubscriptions_photos: only within one queue, and by these priorities, do the
// first sizes of all photos come before the other sizes of any.
func TestSubscriptions_photos(t *testing.T) {
	t.Parallel()
	by := map[string]queue.Subscription{}
	for _, s := range (Handlers{}).Subscriptions() {
		by[s.Name] = s
	}
	look, first, others := by["media.inspect"], by["media.render"], by["media.make_sizes"]
	for _, s := range []queue.Subscription{look, first, others} {
		if s.Queue != queue.Media {
			t.Errorf("%q is in the queue %q", s.Name, s.Queue)
		}
	}
	if look.Priority <= 0 || first.Priority != 0 || others.Priority >= 0 {
		t.Errorf("the priorities are %d, %d and %d, want one above 0, 0 and one below", look.Priority, first.Priority, others.Priority)
	}
}
