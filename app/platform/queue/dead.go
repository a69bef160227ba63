package queue

import (
	"context"
	"time"

	"github.com/google/uuid"

	"vitrine/app/fault"
	"vitrine/app/platform/db"
)

const deadColumns = `id, event_id, event, subscriber, queue, payload::text as payload, attempts, last_error, event_at, first_failed_at as failed_at`

const deadSQL = "select " + deadColumns + " from tasks where state = 'dead' and id > ? order by id limit ?"

func (q *inline) Dead(ctx context.Context, limit int, after uuid.UUID) (out []Task, err error) {
	defer fault.Wrap(&err, "queue.Dead")
	return deadTasks(ctx, q.DB.Read(ctx), deadSQL, []any{after, limit})
}

func deadTasks(ctx context.Context, r db.Reader, query string, args []any) (out []Task, err error) {
	var rows []struct {
		Task
		FailedAt *time.Time
	}
	err = r.SQL(ctx).Raw(query, args...).Scan(&rows).Error
	for _, r := range rows {
		if r.FailedAt != nil {
			r.FirstFailedAt = *r.FailedAt
		}
		out = append(out, r.Task)
	}
	return out, err
}

const noDead = "This task is not among the failed ones any more. Somebody may have replayed or removed it."

func (q *inline) Replay(ctx context.Context, taskID uuid.UUID) (err error) {
	defer fault.Wrap(&err, "queue.Replay(%s)", taskID)
	return q.DB.Transact(ctx, func(tx db.Tx) error {
		tx.AfterCommit(q.ready.set)
		_, err := replay(tx, taskID, q.Clock())
		return err
	})
}

// makeNew gives a dead task all its attempts back; its argument is the time from
// which it may be run.
const makeNew = `update tasks set state = 'ready', attempts = 0, takeovers = 0, run_at = ?, first_failed_at = null`

// replay makes one dead task new and tells what it is for.
func replay(tx db.Tx, taskID uuid.UUID, now time.Time) (t subscriber, err error) {
	var eventAt time.Time
	err = tx.SQL().Raw("select event_at, event, subscriber from tasks where id = ? and state = 'dead' for update", taskID).Row().Scan(&eventAt, &t.event, &t.name)
	switch {
	case db.NotFound(err):
		return t, fault.New(fault.NotFound, noDead)
	case err != nil:
		return t, err
	case eventAt.Before(now.Add(-Replayable)):
		return t, fault.New(fault.Conflict, "This event is older than 30 days, so nobody remembers what it has done already. It can only be removed.")
	}
	return t, tx.SQL().Exec(makeNew+" where id = ?", now, taskID).Error
}

func (q *inline) Discard(ctx context.Context, taskID uuid.UUID) (err error) {
	defer fault.Wrap(&err, "queue.Discard(%s)", taskID)
	return q.DB.Transact(ctx, func(tx db.Tx) error {
		res := tx.SQL().Exec("delete from tasks where id = ? and state = 'dead'", taskID)
		if res.Error == nil && res.RowsAffected == 0 {
			return fault.New(fault.NotFound, noDead)
		}
		return res.Error
	})
}

func (q *inline) Stats(ctx context.Context) (s Stats, err error) {
	defer fault.Wrap(&err, "queue.Stats")
	return stats(ctx, q.DB.Read(ctx), q.Clock())
}

func stats(ctx context.Context, r db.Reader, now time.Time) (s Stats, err error) {
	var rows []struct {
		Queue                     string
		Due, Later, Dead, Running int64
		Since                     *time.Time
	}
	err = r.SQL(ctx).Raw(`
		select '' as queue, count(*) as due, 0::bigint as later, 0::bigint as dead, 0::bigint as running, min(created_at) as since from outbox where sent_at is null
		union all
		select queue, count(*) filter (where state = 'ready' and run_at <= ?), count(*) filter (where state = 'ready' and run_at > ?),
			count(*) filter (where state = 'dead'), count(*) filter (where state = 'ready' and leased_until > ?), min(run_at) filter (where state = 'ready' and run_at <= ?)
		from tasks group by queue`, now, now, now, now).Scan(&rows).Error
	if err != nil {
		return s, err
	}
	byName := map[string]Depth{}
	for _, r := range rows {
		d := Depth{Name: r.Queue, Due: r.Due, Later: r.Later, Dead: r.Dead, Running: r.Running}
		if r.Since != nil {
			d.Oldest = max(0, now.Sub(*r.Since))
		}
		byName[r.Queue] = d
	}
	s.Outbox = byName[""]
	s.Outbox.Name = "outbox"
	for _, name := range []string{Critical, Default, Media, Bulk} {
		d := byName[name]
		d.Name = name
		s.Queues = append(s.Queues, d)
	}
	return s, nil
}
