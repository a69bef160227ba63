// Package bus carries events from the transaction in which something happened
// to the subscribers that react to it.
//
// The producer writes its events into the outbox in its own transaction, so an
// event exists exactly when what it tells of is committed. Delivery is at least
// once and in no promised order: a subscriber makes its effect idempotent with
// Once, or re-reads the row and writes only what is newer.
package bus

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"math"
	"regexp"
	"slices"
	"strings"
	"time"

	"github.com/google/uuid"

	"vitrine/app/platform/db"
	"vitrine/app/platform/id"
)

// Event is something that happened. Its context defines it as a struct that
// marshals to JSON; its name is "context.past_tense.vN" ("works.published.v1"),
// and the struct of a version never changes its meaning.
type Event interface{ EventName() string }

// Prioritised is an Event whose tasks do not go at normal priority (0).
// Negative is background work that waits behind what people wait for.
type Prioritised interface{ EventPriority() int }

// Envelope is an event on its way to one subscriber.
type Envelope struct {
	ID       uuid.UUID // of the event: the same for each subscriber and each delivery
	Name     string
	Payload  json.RawMessage
	At       time.Time // when the event's transaction was
	Attempt  int       // 1 the first time; an interrupted delivery is not counted
	Priority int
}

// ErrUnreadable means that an event can never be read by who asked. No retry mends
// that.
var ErrUnreadable = errors.New("the event cannot be read")

// Decode reads the payload as the producer's struct. An envelope of another
// event than T is ErrUnreadable, as is a payload that is no T.
func Decode[T Event](env Envelope) (T, error) {
	var ev T
	if want := ev.EventName(); env.Name != want {
		return ev, fmt.Errorf("%w: %s (%s) was read as %s", ErrUnreadable, env.Name, env.ID, want)
	}
	if err := json.Unmarshal(env.Payload, &ev); err != nil {
		return ev, fmt.Errorf("%w: %s (%s): %w", ErrUnreadable, env.Name, env.ID, err)
	}
	return ev, nil
}

var eventName = regexp.MustCompile(`^[a-z][a-z0-9_]*\.[a-z][a-z0-9_]*\.v[1-9][0-9]*$`)

const maxEventName = 100

// ValidName tells whether an event may be called so.
func ValidName(name string) bool { return len(name) <= maxEventName && eventName.MatchString(name) }

// Outbox writes events. One per process: its wake-ups reach the relay of the
// same process at once; the relays of others find the rows by polling.
type Outbox struct {
	committed chan struct{}
	hint      func(events []Event)
}

// NewOutbox makes the outbox of this process.
func NewOutbox() *Outbox { return &Outbox{committed: make(chan struct{}, 1)} }

// Hint calls f with the events of a transaction when it has committed, before
// whoever wrote is answered. It is lost when the process dies in between, so the
// events have subscribers besides. Call it before anything is published.
func (o *Outbox) Hint(f func(events []Event)) { o.hint = f }

// perInsert keeps one statement below PostgreSQL's 65,535 parameters.
const perInsert = 1000

// Publish writes events into the transaction. After the commit it wakes the
// relay; when that hint is lost, the relay's polling finds them within 1 s. A
// bad name or an event that cannot be marshalled is an error of the programmer
// and makes the transaction fail.
func (o *Outbox) Publish(_ context.Context, tx db.Tx, events ...Event) error {
	for part := range slices.Chunk(events, perInsert) {
		if err := insert(tx, part); err != nil {
			return err
		}
	}
	if len(events) > 0 {
		tx.AfterCommit(o.Wake)
		if o.hint != nil {
			tx.AfterCommit(func() { o.hint(events) })
		}
	}
	return nil
}

func insert(tx db.Tx, events []Event) error {
	var sql strings.Builder
	sql.WriteString("insert into outbox (id, event, payload, priority, created_at) values ")
	args := make([]any, 0, 5*len(events))
	for i, ev := range events {
		name, payload, priority, err := encode(ev)
		if err != nil {
			return err
		}
		if i > 0 {
			sql.WriteString(", ")
		}
		sql.WriteString("(?, ?, ?, ?, ?)")
		args = append(args, id.New(), name, payload, priority, tx.Now())
	}
	if err := tx.SQL().Exec(sql.String(), args...).Error; err != nil {
		return fmt.Errorf("writing %d events to the outbox: %w", len(events), err)
	}
	return nil
}

func encode(ev Event) (name, payload string, priority int, err error) {
	name = ev.EventName()
	if !ValidName(name) {
		return "", "", 0, fmt.Errorf(`the event name %q (%T) is not like "works.published.v1"`, name, ev)
	}
	raw, err := json.Marshal(ev)
	if err != nil {
		return "", "", 0, fmt.Errorf("marshalling the event %s: %w", name, err)
	}
	if p, ok := ev.(Prioritised); ok {
		priority = min(max(p.EventPriority(), math.MinInt16), math.MaxInt16)
	}
	return name, string(raw), priority, nil
}

// Wake tells the relay of this process that there may be something to send.
func (o *Outbox) Wake() {
	select {
	case o.committed <- struct{}{}:
	default: // a wake-up is waiting already, and one is enough
	}
}

// Woken receives once for one or more commits.
func (o *Outbox) Woken() <-chan struct{} { return o.committed }

// Once notes that the subscriber has its effect for the event, in the
// transaction of that effect, and tells whether it is the first time. When it
// is not, the handler returns nil without doing anything. Two deliveries at the
// same moment wait for one another here.
//
// A database effect calls Once first and writes after it. An external effect
// (a file, a mail) is made idempotent, done, and then noted.
func Once(_ context.Context, tx db.Tx, eventID uuid.UUID, subscriber string) (first bool, err error) {
	res := tx.SQL().Exec(
		"insert into inbox (event_id, subscriber, created_at) values (?, ?, ?) on conflict do nothing",
		eventID, subscriber, tx.Now())
	if res.Error != nil {
		return false, fmt.Errorf("noting the event %s for %s: %w", eventID, subscriber, res.Error)
	}
	return res.RowsAffected == 1, nil
}
