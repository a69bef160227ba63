package queue

import (
	"context"
	"fmt"
	"math"
	"slices"
	"strings"
	"time"

	"github.com/google/uuid"

	"vitrine/app/platform/db"
	"vitrine/app/platform/id"
)

const (
	relayBatch = 200  // events in one transaction
	putBatch   = 1000 // tasks in one statement, below 65,535 parameters
)

const relaySQL = `select id, event, payload::text as payload, priority, created_at from outbox
	where sent_at is null order by priority desc, id limit ? for update skip locked`

// event is a row of the outbox.
type event struct {
	ID        uuid.UUID
	Event     string
	Payload   string
	Priority  int
	CreatedAt time.Time
}

// relayAll relays until nothing is left.
func (q *inline) relayAll(ctx context.Context) error {
	for ctx.Err() == nil {
		n, err := q.relay(ctx)
		if err != nil {
			return err
		}
		if n < relayBatch {
			return nil
		}
	}
	return nil
}

// relay makes the tasks of one batch of events and marks the events sent, in
// one transaction: a relay that dies leaves both or neither. Several relays
// take different rows.
func (q *inline) relay(ctx context.Context) (n int, err error) {
	ctx, cancel := context.WithTimeout(ctx, statement)
	defer cancel()
	var put []task
	err = q.DB.Transact(ctx, func(tx db.Tx) error {
		var events []event
		err := tx.SQL().Raw(relaySQL, relayBatch).Scan(&events).Error
		if err != nil || len(events) == 0 {
			return err
		}
		n = len(events)
		heard, unheard, tasks := q.tasksOf(events)
		put = tasks
		for part := range slices.Chunk(tasks, putBatch) {
			if err := q.put(tx, part); err != nil {
				return err
			}
		}
		if err := q.sent(tx, heard, false); err != nil {
			return err
		}
		return q.sent(tx, unheard, true)
	})
	if err != nil {
		return 0, fmt.Errorf("relaying events: %w", err)
	}
	if len(put) > 0 {
		q.ready.set()
	}
	if q.offer != nil {
		q.offer(ctx, put)
	}
	return n, nil
}

// task is one event for one subscriber.
type task struct {
	event
	sub Subscription
}

// priority is that of the event and of its subscription together.
func (t task) priority() int {
	return min(max(t.event.Priority+t.sub.Priority, math.MinInt16), math.MaxInt16)
}

func (q *inline) tasksOf(events []event) (heard, unheard []uuid.UUID, tasks []task) {
	for _, ev := range events {
		subs := q.subs[ev.Event]
		if len(subs) == 0 {
			unheard = append(unheard, ev.ID)
			continue
		}
		heard = append(heard, ev.ID)
		for _, s := range subs {
			tasks = append(tasks, task{ev, s})
		}
	}
	return heard, unheard, tasks
}

func (q *inline) put(tx db.Tx, tasks []task) error {
	var sql strings.Builder
	sql.WriteString(`insert into tasks (id, event_id, event, event_at, subscriber, queue, priority, payload, max_attempts, run_at, created_at) values `)
	args := make([]any, 0, 11*len(tasks))
	now := q.Clock()
	for i, t := range tasks {
		if i > 0 {
			sql.WriteString(", ")
		}
		sql.WriteString("(?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)")
		args = append(args, id.New(), t.ID, t.Event, t.CreatedAt, t.sub.Name, t.sub.Queue, t.priority(), t.Payload, t.sub.MaxAttempts, now, now)
	}
	// A conflict means an event that was opened again by hand while a task of
	// it still waits.
	sql.WriteString(" on conflict (event_id, subscriber) do nothing")
	return tx.SQL().Exec(sql.String(), args...).Error
}

func (q *inline) sent(tx db.Tx, events []uuid.UUID, unheard bool) error {
	if len(events) == 0 {
		return nil
	}
	return tx.SQL().Exec("update outbox set sent_at = ?, unheard = ? where id in ?", q.Clock(), unheard, events).Error
}

// How long tidy waits for a process that knows more than this one.
const (
	reopen = time.Hour      // an event that nobody subscribed to
	orphan = 24 * time.Hour // a task whose subscriber nobody has any more
)

// tidy covers rolling changes, in which processes with different tables run
// beside each other. Events that an older process sent to nobody are sent again
// once somebody here subscribes. Tasks of a subscriber that is gone are left to
// older processes for a day and then die, where a person sees them.
func (q *inline) tidy(ctx context.Context) error {
	ctx, cancel := context.WithTimeout(ctx, statement)
	defer cancel()
	if len(q.events) == 0 {
		return nil
	}
	now := q.Clock()
	var opened int64
	err := q.DB.Transact(ctx, func(tx db.Tx) error {
		res := tx.SQL().Exec("update outbox set sent_at = null, unheard = false where unheard and event in ? and created_at > ?", q.events, now.Add(-reopen))
		opened = res.RowsAffected
		if res.Error != nil {
			return res.Error
		}
		return tx.SQL().Exec(`update tasks set state = 'dead', owner = null, leased_until = null, last_error = 'No subscriber of this name exists any more.'
			where state = 'ready' and created_at < ? and (leased_until is null or leased_until <= ?) and event || ' ' || subscriber not in ?`,
			now.Add(-orphan), now, q.keys).Error
	})
	if opened > 0 {
		q.Outbox.Wake()
	}
	return err
}
