package bus_test

import (
	"context"
	"encoding/json"
	"errors"
	"strings"
	"testing"
	"time"

	"github.com/google/uuid"

	"vitrine/app/platform/bus"
	"vitrine/app/platform/db"
	"vitrine/app/platform/dbtest"
	"vitrine/app/platform/id"
)

type hung struct {
	Title string `json:"title"`
}

func (hung) EventName() string  { return "gallery.hung.v1" }
func (hung) EventPriority() int { return -5 }

type taken struct{}

func (taken) EventName() string { return "gallery.taken_down.v2" }

type named string

func (n named) EventName() string { return string(n) }

type unmarshallable struct{ Fn func() }

func (unmarshallable) EventName() string { return "gallery.broken.v1" }

func TestPublish(t *testing.T) {
	t.Parallel()
	d := dbtest.New(t)
	ctx := t.Context()
	out := bus.NewOutbox()
	err := d.App.Transact(ctx, func(tx db.Tx) error {
		if err := out.Publish(ctx, tx, hung{`Dawn "1"`}, taken{}); err != nil {
			return err
		}
		select {
		case <-out.Woken():
			t.Error("the relay was woken before the commit")
		default:
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	select {
	case <-out.Woken():
	default:
		t.Error("the relay was not woken after the commit")
	}
	var payload string
	var priority int
	if err := d.Owner.QueryRow("select payload->>'title', priority from outbox where event = 'gallery.hung.v1' and sent_at is null").Scan(&payload, &priority); err != nil {
		t.Fatal(err)
	}
	if payload != `Dawn "1"` || priority != -5 {
		t.Errorf("title %q, priority %d", payload, priority)
	}
}

func TestPublish_manyInOneTransaction(t *testing.T) {
	t.Parallel()
	d := dbtest.New(t)
	out := bus.NewOutbox()
	events := make([]bus.Event, 2500)
	for i := range events {
		events[i] = taken{}
	}
	if err := d.App.Transact(t.Context(), func(tx db.Tx) error { return out.Publish(t.Context(), tx, events...) }); err != nil {
		t.Fatal(err)
	}
	if n := count(t, d, "outbox"); n != len(events) {
		t.Errorf("%d rows, want %d", n, len(events))
	}
}

func TestPublish_rolledBackLeavesNothing(t *testing.T) {
	t.Parallel()
	d := dbtest.New(t)
	out := bus.NewOutbox()
	back := errors.New("changed my mind")
	err := d.App.Transact(t.Context(), func(tx db.Tx) error {
		if err := out.Publish(t.Context(), tx, hung{}); err != nil {
			return err
		}
		return back
	})
	if !errors.Is(err, back) {
		t.Fatal(err)
	}
	if n := count(t, d, "outbox"); n != 0 {
		t.Errorf("%d events survived the rollback", n)
	}
	select {
	case <-out.Woken():
		t.Error("a rollback woke the relay")
	default:
	}
}

// The hint comes with the commit, before whoever wrote goes on, with each event of
// the transaction; what is rolled back is no hint.
func TestHint(t *testing.T) {
	t.Parallel()
	d := dbtest.New(t)
	ctx := t.Context()
	out := bus.NewOutbox()
	var told []string
	out.Hint(func(events []bus.Event) {
		for _, ev := range events {
			told = append(told, ev.EventName())
		}
	})
	broken := errors.New("rolled back")
	for _, ends := range []error{broken, nil} {
		err := d.App.Transact(ctx, func(tx db.Tx) error {
			if err := out.Publish(ctx, tx, hung{"Dawn"}, taken{}); err != nil {
				return err
			}
			if err := out.Publish(ctx, tx, taken{}); err != nil {
				return err
			}
			if len(told) > 0 {
				t.Error("the hint came before the commit")
			}
			return ends
		})
		if !errors.Is(err, ends) {
			t.Fatal(err)
		}
	}
	if got := strings.Join(told, " "); got != "gallery.hung.v1 gallery.taken_down.v2 gallery.taken_down.v2" {
		t.Errorf("the hint was %q", got)
	}
}

func TestPublish_refuses(t *testing.T) {
	t.Parallel()
	d := dbtest.New(t)
	out := bus.NewOutbox()
	long := "a." + strings.Repeat("b", 100) + ".v1"
	for _, ev := range []bus.Event{named(""), named("works.published"), named("Works.published.v1"), named("works.published.v0"), named("works.published.v1 "), named("a.b.c.v1"), named(long), unmarshallable{}} {
		err := d.App.Transact(t.Context(), func(tx db.Tx) error { return out.Publish(t.Context(), tx, hung{}, ev) })
		if err == nil {
			t.Errorf("%T %q was published", ev, ev.EventName())
		}
	}
	if n := count(t, d, "outbox"); n != 0 {
		t.Errorf("%d events of refused transactions were written", n)
	}
}

// TestGrants holds the app's role to what it needs: it may say what happened,
// and neither read nor change it afterwards.
func TestGrants(t *testing.T) {
	t.Parallel()
	d := dbtest.New(t)
	for _, sql := range []string{
		"select 1 from outbox", "update outbox set sent_at = now()", "delete from outbox",
		"select 1 from tasks", "select 1 from inbox", "insert into inbox values (gen_random_uuid(), 'x', now())",
		"select 1 from schedule_slots", "delete from idempotency_keys",
	} {
		err := d.App.Transact(t.Context(), func(tx db.Tx) error { return tx.SQL().Exec(sql).Error })
		if err == nil || !strings.Contains(err.Error(), "permission denied") {
			t.Errorf("the app's role may %s: %v", sql, err)
		}
	}
}

func TestOnce(t *testing.T) {
	t.Parallel()
	d := dbtest.New(t)
	event := id.New()
	once := func(subscriber string, end error) (first bool) {
		t.Helper()
		err := d.Worker.Transact(t.Context(), func(tx db.Tx) (err error) {
			if first, err = bus.Once(t.Context(), tx, event, subscriber); err != nil {
				return err
			}
			return end
		})
		if !errors.Is(err, end) {
			t.Fatal(err)
		}
		return first
	}
	failed := errors.New("the effect failed")
	if !once("a", failed) || !once("a", nil) {
		t.Error("a rolled-back effect counted as done")
	}
	if once("a", nil) {
		t.Error("the same effect twice")
	}
	if !once("b", nil) {
		t.Error("another subscriber was refused")
	}
}

// TestOnce_together lets two deliveries meet: the second waits for the first.
func TestOnce_together(t *testing.T) {
	t.Parallel()
	d := dbtest.New(t)
	ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
	defer cancel()
	event := id.New()
	second := make(chan bool, 1)
	err := d.Worker.Transact(ctx, func(tx db.Tx) error {
		first, err := bus.Once(ctx, tx, event, "a")
		if err != nil || !first {
			t.Errorf("first: %v, %v", first, err)
		}
		began := make(chan struct{})
		go func() {
			var ok bool
			err := d.Worker.Transact(ctx, func(tx db.Tx) (err error) {
				close(began)
				ok, err = bus.Once(ctx, tx, event, "a")
				return err
			})
			if err != nil {
				t.Error(err)
			}
			second <- ok
		}()
		<-began
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	if <-second {
		t.Error("both deliveries were the first")
	}
}

func TestDecode(t *testing.T) {
	t.Parallel()
	env := bus.Envelope{ID: uuid.New(), Name: "gallery.hung.v1", Payload: json.RawMessage(`{"title":"Dusk","later":true}`)}
	ev, err := bus.Decode[hung](env)
	if err != nil || ev.Title != "Dusk" {
		t.Errorf("%+v, %v", ev, err)
	}
	if _, err := bus.Decode[taken](env); !errors.Is(err, bus.ErrUnreadable) {
		t.Error("an event was read as another")
	}
	env.Payload = json.RawMessage(`{"title":7}`)
	if _, err := bus.Decode[hung](env); !errors.Is(err, bus.ErrUnreadable) {
		t.Error("a wrong payload was read")
	}
}

func count(t *testing.T, d *dbtest.Database, table string) (n int) {
	t.Helper()
	if err := d.Owner.QueryRow("select count(*) from " + table).Scan(&n); err != nil {
		t.Fatal(err)
	}
	return n
}
