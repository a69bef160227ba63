package queue

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"strings"
	"time"

	"github.com/google/uuid"
	"github.com/hibiken/asynq"

	"vitrine/app/platform/db"
)

// Lanes of a queue: asynq knows no order within a queue but that of coming, so a
// queue is three. Each has its weight, and none starves; but see inOrder.
const (
	urgent, urgentWeight = ".urgent", 16
	normal, normalWeight = "", 4
	late, lateWeight     = ".late", 1
)

func lanesOf(queue string) map[string]int {
	return map[string]int{queue + urgent: urgentWeight, queue + normal: normalWeight, queue + late: lateWeight}
}

// inOrder tells of queues whose lanes are an order and no weights, because there a
// later lane is the rest of what an earlier one has begun: people wait for the
// first size of a photo, and with weights every fifth task would be the other
// sizes of somebody else's, which take several times as long. The rest waits for as
// long as more photos come than first sizes can be made, no longer.
func inOrder(queue string) bool { return queue == Media }

// ticket names a row of tasks, and is all that Redis knows of it.
type ticket struct {
	eventID uuid.UUID
	subscriber
	queue    string
	priority int
}

// id is event × subscriber: Redis holds no two tickets of one id.
func (t ticket) id() string { return t.eventID.String() + ":" + t.name }

func (t ticket) lane() string {
	switch {
	case t.priority > 0:
		return t.queue + urgent
	case t.priority < 0:
		return t.queue + late
	}
	return t.queue + normal
}

// forever is more often than any ticket returns: asynq would put it aside then,
// and its id would be taken. When a task has failed for good is written in its row.
const forever = 1 << 30

// handOut writes the tickets of tasks that have been committed. What cannot be
// written now is swept up.
func (q *carried) handOut(ctx context.Context, tasks []task) {
	for _, t := range tasks {
		if q.away.Load() {
			return
		}
		err := q.write(ctx, ticket{t.ID, subscriber{t.Event, t.sub.Name}, t.sub.Queue, t.priority()})
		if err != nil && !errors.Is(err, asynq.ErrTaskIDConflict) {
			q.Log.LogAttrs(ctx, slog.LevelDebug, "A ticket could not be written; it is swept up", slog.Any("error", err))
			return
		}
	}
}

// write puts a ticket at the end of its lane. ErrTaskIDConflict means that there
// is one.
func (q *carried) write(ctx context.Context, t ticket) error {
	sub, known := q.handled[t.subscriber]
	if !known {
		return fmt.Errorf("nobody here handles %s", t.subscriber)
	}
	_, err := q.client.Load().EnqueueContext(ctx, asynq.NewTask(t.String(), []byte(t.eventID.String())),
		asynq.TaskID(t.id()), asynq.Queue(t.lane()), asynq.MaxRetry(forever), asynq.Timeout(sub.Timeout+time.Minute))
	return err
}

// comeBack is how a ticket says that its row is not done with: it returns then.
type comeBack struct{ in time.Duration }

func (c comeBack) Error() string { return fmt.Sprintf("this ticket comes back in %s", c.in) }

// delay is asynq's question for how long a ticket waits; the other error that
// there is, is that of a process that died with it.
func delay(_ int, err error, _ *asynq.Task) time.Duration {
	var back comeBack
	if errors.As(err, &back) {
		return max(0, back.in)
	}
	return 0
}

// notNow is how long a ticket waits that cannot be taken for a reason of this
// process: another one may take it.
const notNow = time.Second

// present works off the task that a ticket names. Its end is in the row, so a
// ticket is used up when the row is gone or dead, and comes back otherwise.
func (q *carried) present(ctx, work context.Context, t *asynq.Task) error {
	eventID, key, ours := named(t)
	if !ours {
		return nil
	}
	sub, known := q.handled[key]
	if known && (q.paused(sub.Queue) || !q.enter(sub.Queue)) {
		return comeBack{notNow}
	}
	l, wait, err := q.take(ctx, work, eventID, key, known)
	switch {
	case err != nil:
		q.Log.LogAttrs(ctx, slog.LevelDebug, "The task of a ticket could not be claimed", slog.Any("error", err))
		return comeBack{notNow}
	case l == nil && wait < 0:
		return nil
	case l == nil:
		return comeBack{wait}
	}
	q.work(l)
	switch now := q.Clock(); {
	case !l.end.recorded:
		return comeBack{leaseTime}
	case l.end.as == interrupted:
		return comeBack{0}
	case l.end.as == retried, l.end.as == putOff:
		return comeBack{l.end.again.Sub(now)}
	}
	return nil
}

// named reads what a ticket names. One that names nothing is not ours.
func named(t *asynq.Task) (eventID uuid.UUID, key subscriber, ours bool) {
	event, name, two := strings.Cut(t.Type(), " ")
	eventID, err := uuid.ParseBytes(t.Payload())
	return eventID, subscriber{event, name}, two && err == nil
}

func (q *carried) paused(queue string) bool {
	q.mu.Lock()
	gate := q.gates[queue]
	q.mu.Unlock()
	return gate != nil && gate()
}

// enter takes a place among the tasks of a queue. Tasks that were found without
// a ticket have places, too.
func (q *carried) enter(queue string) bool {
	q.mu.Lock()
	defer q.mu.Unlock()
	busy := q.entered[queue]
	for l := range q.running {
		if l.Queue == queue {
			busy++
		}
	}
	if q.closing || busy >= q.Concurrency[queue] {
		return false
	}
	q.entered[queue]++
	q.all.Add(1)
	return true
}

// leave gives a place back that was entered.
func (q *carried) leave(queue string) {
	q.mu.Lock()
	defer q.mu.Unlock()
	q.entered[queue]--
}

const takeSQL = `update tasks set owner = ?, fence = fence + 1, leased_until = ?, takeovers = takeovers + (case when owner is null then 0 else 1 end)
	where event_id = ? and subscriber = ? and state = 'ready' and run_at <= ? and (leased_until is null or leased_until <= ?)
	returning id, event_id, event, event_at, subscriber, queue, priority, payload::text as payload, attempts, takeovers, fence`

const stillSQL = `select run_at, leased_until from tasks where event_id = ? and subscriber = ? and state = 'ready'`

// take leases one row for which a place was entered. Without a lease it says how
// long to wait, negative when there is nothing to wait for. A row whose
// subscriber is not known here is only looked at.
func (q *carried) take(ctx, work context.Context, eventID uuid.UUID, key subscriber, known bool) (l *lease, wait time.Duration, err error) {
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), statement)
	defer cancel()
	queue := q.handled[key].Queue
	now := q.Clock()
	until := now.Add(leaseTime)
	var rows []claimed
	still := []struct {
		RunAt       time.Time
		LeasedUntil *time.Time
	}{}
	err = q.DB.Transact(ctx, func(tx db.Tx) error {
		if known && !q.holds(eventID, key) {
			// A ticket may be as much as a second early.
			err := tx.SQL().Raw(takeSQL, q.owner, until, eventID, key.name, now.Add(forward), now).Scan(&rows).Error
			if err != nil || len(rows) > 0 {
				return err
			}
		}
		return tx.SQL().Raw(stillSQL, eventID, key.name).Scan(&still).Error
	})
	if err == nil && len(rows) > 0 {
		l = q.hold(ctx, work, rows[0], until)
	}
	if known {
		q.leave(queue)
		if l == nil {
			q.all.Done()
		}
	}
	switch {
	case err != nil || l != nil:
		return l, 0, err
	case len(still) == 0:
		return nil, -1, nil
	}
	wait = notNow
	if u := still[0].LeasedUntil; u != nil {
		wait = max(wait, u.Sub(now))
	}
	return nil, max(wait, still[0].RunAt.Sub(now)), nil
}

// holds tells whether a handler here still works on the row: a lease of ours that
// ran out is not ours to take while it does.
func (q *carried) holds(eventID uuid.UUID, key subscriber) bool {
	q.mu.Lock()
	defer q.mu.Unlock()
	for l := range q.running {
		if l.EventID == eventID && l.Subscriber == key.name {
			return true
		}
	}
	return false
}
