package queue

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/google/uuid"
	"github.com/hibiken/asynq"
	"github.com/prometheus/client_golang/prometheus"

	"vitrine/app/platform/db"
)

// How rows without a ticket are found.
const (
	sweepEvery = 2 * time.Second
	sweepBatch = 500
	handing    = 3 * time.Second  // from a row to its ticket, at most, when nothing goes wrong
	stuck      = 30 * time.Second // after which a row is begun although its ticket is there
)

// The clause on the lease keeps away from rows that are worked on. A row whose
// lease ran out belongs to a process that died or lost it.
const sweepSQL = `select id, event_id, event, subscriber, queue, priority, run_at, owner is not null as abandoned from tasks
	where state = 'ready' and id > ? and ((leased_until is null and run_at <= ?) or leased_until <= ?)
	order by id limit ?`

// waiting is a row that somebody should have begun.
type waiting struct {
	ID         uuid.UUID
	EventID    uuid.UUID
	Event      string
	Subscriber string
	Queue      string
	Priority   int
	RunAt      time.Time
	Abandoned  bool
}

func (w waiting) ticket() ticket {
	return ticket{w.EventID, subscriber{w.Event, w.Subscriber}, w.Queue, w.Priority}
}

// sweep goes a batch further through the rows that have been due for a while. It
// is the truth's way back into Redis, whatever was lost there and why.
func (q *carried) sweep(ctx, work context.Context) error {
	if time.Since(q.swept) < sweepEvery {
		return nil
	}
	q.swept = time.Now()
	rows, err := q.overdue(ctx, q.cursor, handing)
	if err != nil {
		return err
	}
	q.cursor = uuid.Nil
	if len(rows) == sweepBatch {
		q.cursor = rows[len(rows)-1].ID
	}
	return q.bring(ctx, work, rows)
}

// sweepAll goes through all rows that are due. Those that are due later are swept
// up then.
func (q *carried) sweepAll(ctx, work context.Context) error {
	for after := uuid.Nil; ctx.Err() == nil; {
		rows, err := q.overdue(ctx, after, 0)
		if err != nil {
			return err
		}
		if err := q.bring(ctx, work, rows); err != nil || len(rows) < sweepBatch {
			return err
		}
		after = rows[len(rows)-1].ID
	}
	return nil
}

func (q *carried) overdue(ctx context.Context, after uuid.UUID, by time.Duration) (rows []waiting, err error) {
	ctx, cancel := context.WithTimeout(ctx, statement)
	defer cancel()
	now := q.Clock()
	err = q.DB.Transact(ctx, func(tx db.Tx) error {
		return tx.SQL().Raw(sweepSQL, after, now.Add(-by), now, sweepBatch).Scan(&rows).Error
	})
	if err != nil {
		return nil, fmt.Errorf("looking for tasks without a ticket: %w", err)
	}
	return rows, nil
}

// bring writes tickets for rows that have none, and begins what no ticket will
// bring soon. A ticket may be there and useless: it lies with a process that died
// (asynq gives it back after one to two minutes), was put aside by hand, or is all
// that Redis kept of a lane. When it does come, it finds its row gone.
func (q *carried) bring(ctx, work context.Context, rows []waiting) error {
	full := map[string]bool{} // queues in order: what is first has no room, so nothing has
	begin := func(row waiting) {
		if !full[row.Queue] {
			full[row.Queue] = !q.begin(ctx, work, row) && inOrder(row.Queue)
		}
	}
	for _, row := range rows {
		if _, known := q.handled[subscriber{row.Event, row.Subscriber}]; !known {
			continue // a newer process, or an older one, knows it
		}
		if row.Abandoned {
			begin(row)
			continue
		}
		switch err := q.write(ctx, row.ticket()); {
		case err == nil:
			q.again.count(lost)
		case !errors.Is(err, asynq.ErrTaskIDConflict):
			return fmt.Errorf("writing tickets again: %w", err)
		case q.Clock().Sub(row.RunAt) > stuck:
			begin(row)
		}
	}
	return nil
}

// begin works a row off without its ticket, if there is room. The ticket comes
// back some time and finds the row gone. In a queue that is in order it is not the
// row that is begun but the first one of all that are due.
func (q *carried) begin(ctx, work context.Context, row waiting) (begun bool) {
	key := subscriber{row.Event, row.Subscriber}
	place := q.handled[key].Queue
	if q.paused(row.Queue) || !q.enter(place) {
		return false
	}
	var l *lease
	if inOrder(row.Queue) {
		l = q.takeFirst(ctx, work, row.Queue, place)
	} else {
		l, _, _ = q.take(ctx, work, row.EventID, key, true)
	}
	if l == nil {
		return false
	}
	q.again.count(abandoned)
	go q.work(l)
	return true
}

// takeFirst leases the first row of a queue, as inline would, for which a place was
// entered. Nil means that none is due, or that PostgreSQL did not answer.
func (q *carried) takeFirst(ctx, work context.Context, queue, place string) *lease {
	leases, err := q.claim(ctx, work, []want{{queue, 1}})
	q.leave(place)
	q.all.Done()
	if err != nil || len(leases) == 0 {
		return nil
	}
	return leases[0]
}

// Why a task was brought by PostgreSQL and not by its first ticket.
const (
	lost      = "lost"
	abandoned = "abandoned"
)

type counter struct{ brought *prometheus.CounterVec }

func newCounter(reg prometheus.Registerer) counter {
	c := counter{prometheus.NewCounterVec(prometheus.CounterOpts{
		Name: "vitrine_tasks_brought_total", Help: "Tasks that came from PostgreSQL because their ticket in Redis was lost, or abandoned by a process that died.",
	}, []string{"why"})}
	for _, why := range []string{lost, abandoned} {
		c.brought.WithLabelValues(why)
	}
	reg.MustRegister(c.brought)
	return c
}

func (c counter) count(why string) { c.brought.WithLabelValues(why).Inc() }
