package queue

import (
	"context"
	"fmt"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/google/uuid"

	"vitrine/app/fault"
	"vitrine/app/platform/audit"
	"vitrine/app/platform/clock"
	"vitrine/app/platform/db"
)

// Desk is the queue as those who run the installation see it. It has a handle
// of its own, so that it answers while requests and tasks use all connections
// of theirs, and every act of it is audited. What it makes ready is found by the
// queue without being told: at the next poll, a second later at most, or in the
// next sweep, six seconds later at most.
type Desk struct {
	db    *db.DB
	clock clock.Clock
}

// NewDesk makes a desk on a handle of the worker's role.
func NewDesk(d *db.DB, now clock.Clock) *Desk {
	if now == nil {
		now = clock.System
	}
	return &Desk{db: d, clock: now}
}

// Stats counts what waits.
func (d *Desk) Stats(ctx context.Context) (s Stats, err error) {
	defer fault.Wrap(&err, "queue.Desk.Stats")
	return stats(ctx, d.db.Read(ctx), d.clock())
}

// DeadKind is the dead tasks of one subscriber to one event.
type DeadKind struct {
	Event, Subscriber, Queue string
	Count                    int64
	TooOld                   int64 // of these, whose events are older than Replayable
	Oldest, Newest           time.Time
}

// DeadKinds counts dead tasks by what they were for, the most numerous first,
// 100 kinds at most.
func (d *Desk) DeadKinds(ctx context.Context) (out []DeadKind, err error) {
	defer fault.Wrap(&err, "queue.Desk.DeadKinds")
	err = d.db.Read(ctx).SQL(ctx).Raw(`select event, subscriber, min(queue) as queue, count(*) as count, count(*) filter (where event_at < ?) as too_old,
			min(event_at) as oldest, max(event_at) as newest
		from tasks where state = 'dead' group by event, subscriber order by count(*) desc, event, subscriber limit 100`, d.clock().Add(-Replayable)).Scan(&out).Error
	return out, err
}

// Dead lists dead tasks, the latest first, at most limit; before is the ID of
// the last one of the page before, or uuid.Nil. An empty subscriber means all.
func (d *Desk) Dead(ctx context.Context, subscriber string, before uuid.UUID, limit int) (out []Task, err error) {
	defer fault.Wrap(&err, "queue.Desk.Dead")
	query, args := "select "+deadColumns+" from tasks where state = 'dead'", []any{}
	if subscriber != "" {
		query, args = query+" and subscriber = ?", append(args, subscriber)
	}
	if before != uuid.Nil {
		query, args = query+" and id < ?", append(args, before)
	}
	return deadTasks(ctx, d.db.Read(ctx), query+" order by id desc limit ?", append(args, limit))
}

// Retried is a task that failed and is tried again.
type Retried struct {
	Event, Subscriber, Queue string
	Attempts, MaxAttempts    int
	RunAt                    time.Time // when it is due, or was
	LastError                string
}

const retriedSQL = `select event, subscriber, queue, attempts, max_attempts, run_at, last_error from tasks
	where state = 'ready' and attempts > 0 order by run_at, id limit ?`

// Retried lists tasks that failed and are tried again, the next one first.
func (d *Desk) Retried(ctx context.Context, limit int) (out []Retried, err error) {
	defer fault.Wrap(&err, "queue.Desk.Retried")
	err = d.db.Read(ctx).SQL(ctx).Raw(retriedSQL, limit).Scan(&out).Error
	return out, err
}

// Task finds one dead task. NotFound when it is not dead any more.
func (d *Desk) Task(ctx context.Context, taskID uuid.UUID) (out Task, err error) {
	defer fault.Wrap(&err, "queue.Desk.Task(%s)", taskID)
	found, err := deadTasks(ctx, d.db.Read(ctx), "select "+deadColumns+" from tasks where state = 'dead' and id = ?", []any{taskID})
	if err == nil && len(found) == 0 {
		return out, fault.New(fault.NotFound, noDead)
	}
	if err != nil {
		return out, err
	}
	return found[0], nil
}

// Replay makes a dead task new, as Queue.Replay does, in the name of a person.
func (d *Desk) Replay(ctx context.Context, actor, taskID uuid.UUID) (err error) {
	defer fault.Wrap(&err, "queue.Desk.Replay(%s)", taskID)
	return d.db.Transact(ctx, func(tx db.Tx) error {
		t, err := replay(tx, taskID, d.clock())
		if err != nil {
			return err
		}
		return audit.Write(ctx, tx, audit.Entry{ActorID: actor, Action: "jobs.replayed", Subject: audit.Subject("task", taskID), Note: t.String()})
	})
}

// perReplay bounds one ReplayKind, so that an outage of a day does not return
// as one burst.
const perReplay = 1000

// ReplayKind makes the dead tasks of a subscriber to an event new, the oldest
// first, and says how many: 1,000 at a time, and none whose event is older than
// Replayable. None at all is zero and no error: somebody was faster.
func (d *Desk) ReplayKind(ctx context.Context, actor uuid.UUID, event, subscriber string) (n int64, err error) {
	defer fault.Wrap(&err, "queue.Desk.ReplayKind(%s, %s)", event, subscriber)
	err = d.db.Transact(ctx, func(tx db.Tx) error {
		now := d.clock()
		res := tx.SQL().Exec(makeNew+` where id in (
			select id from tasks where state = 'dead' and event = ? and subscriber = ? and event_at >= ? order by id limit ? for update)`,
			now, event, subscriber, now.Add(-Replayable), perReplay)
		if n = res.RowsAffected; res.Error != nil || n == 0 {
			return res.Error
		}
		return audit.Write(ctx, tx, audit.Entry{ActorID: actor, Action: "jobs.kind_replayed", Subject: "subscriber:" + subscriber,
			Note: fmt.Sprintf("%d tasks of %s", n, event)})
	})
	return n, err
}

// The bounds of a reason, in characters.
const (
	shortestReason = 3
	longestReason  = 500
)

// Drop removes a dead task for good. The reason is kept in the audit, with what
// the task was. Invalid without a reason, NotFound when the task is not dead
// any more.
func (d *Desk) Drop(ctx context.Context, actor, taskID uuid.UUID, reason string) (err error) {
	defer fault.Wrap(&err, "queue.Desk.Drop(%s)", taskID)
	reason = strings.TrimSpace(reason)
	if n := utf8.RuneCountInString(reason); n < shortestReason || n > longestReason {
		return fault.Field("reason", "Say in a few words why this task may be lost; it is kept in the audit.")
	}
	return d.db.Transact(ctx, func(tx db.Tx) error {
		var t subscriber
		err := tx.SQL().Raw("delete from tasks where id = ? and state = 'dead' returning event, subscriber", taskID).Row().Scan(&t.event, &t.name)
		if db.NotFound(err) {
			return fault.New(fault.NotFound, noDead)
		}
		if err != nil {
			return err
		}
		return audit.Write(ctx, tx, audit.Entry{ActorID: actor, Action: "jobs.dropped", Subject: audit.Subject("task", taskID), Note: t.String() + ": " + reason})
	})
}

// Firing is a line of the timetable: what happens by the clock.
type Firing struct {
	Name  string
	Every time.Duration
	Last  *time.Time // the latest slot that was fired; nil when none was yet
	Next  time.Time
}
