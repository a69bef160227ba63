package queue

import (
	"context"
	"fmt"
	"log/slog"
	"maps"
	"sort"
	"strings"
	"time"

	"github.com/google/uuid"

	"vitrine/app/platform/bus"
	"vitrine/app/platform/db"
)

// maxTakeovers is how many processes may die over one task before it is dead
// itself: a file that kills each process that opens it must not do so forever.
const maxTakeovers = 10

// lease is a task that this process holds.
type lease struct {
	claimed
	sub    Subscription
	ctx    context.Context
	cancel context.CancelCauseFunc
	until  time.Time // guarded by inline.mu
	end    ending    // written by the goroutine that works it off
}

// ending is how the work on a lease ended.
type ending struct {
	as       outcome
	again    time.Time // when the next attempt is due, if one is
	recorded bool      // in the task's row
}

// claimed is the row of a claimed task.
type claimed struct {
	ID         uuid.UUID
	EventID    uuid.UUID
	Event      string
	EventAt    time.Time
	Subscriber string
	Queue      string
	Priority   int
	Payload    string
	Attempts   int // before this one
	Takeovers  int
	Fence      int64
}

func (c claimed) envelope() bus.Envelope {
	return bus.Envelope{ID: c.EventID, Name: c.Event, Payload: []byte(c.Payload), At: c.EventAt, Attempt: c.Attempts + 1, Priority: c.Priority}
}

// want is how many tasks of a queue there is room for.
type want struct {
	queue string
	n     int
}

func (q *inline) wants() []want {
	q.mu.Lock()
	busy := map[string]int{}
	maps.Copy(busy, q.entered)
	for l := range q.running {
		busy[l.Queue]++
	}
	gates := maps.Clone(q.gates)
	q.mu.Unlock()
	var out []want
	for name, limit := range q.Concurrency {
		room := limit - busy[name]
		if gate := gates[name]; room > 0 && (gate == nil || !gate()) {
			out = append(out, want{name, room})
		}
	}
	sort.Slice(out, func(i, k int) bool { return out[i].queue < out[k].queue })
	return out
}

// dispatch claims what there is room for and begins it. The handlers' contexts
// descend from work, which lives longer than ctx.
func (q *inline) dispatch(ctx, work context.Context) error {
	wants := q.wants()
	if len(wants) == 0 || len(q.keys) == 0 {
		return nil
	}
	leases, err := q.claim(ctx, work, wants)
	for _, l := range leases {
		go q.work(l)
	}
	return err
}

// claim takes leases on the first tasks of each queue: those of the highest
// priority, of these the longest due. A task whose lease ran out is taken over.
// Tasks of subscribers that this process does not know are left to others.
func (q *inline) claim(ctx, work context.Context, wants []want) ([]*lease, error) {
	// Not cut off by the end of ctx: a claim that commits unseen would keep its
	// tasks from everybody until the leases run out.
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), statement)
	defer cancel()
	now := q.Clock()
	until := now.Add(leaseTime)
	sql, args := q.claimSQL(wants, now, until)
	var rows []claimed
	err := q.DB.Transact(ctx, func(tx db.Tx) error { return tx.SQL().Raw(sql, args...).Scan(&rows).Error })
	if err != nil {
		return nil, fmt.Errorf("claiming tasks: %w", err)
	}
	var out []*lease
	for _, row := range rows {
		q.all.Add(1)
		out = append(out, q.hold(ctx, work, row, until))
	}
	return out, nil
}

// hold begins to keep a lease that was claimed; the caller has counted it in all.
func (q *inline) hold(ctx, work context.Context, row claimed, until time.Time) *lease {
	l := &lease{claimed: row, sub: q.handled[subscriber{row.Event, row.Subscriber}], until: until}
	l.ctx, l.cancel = context.WithCancelCause(work)
	q.mu.Lock()
	q.running[l] = struct{}{}
	q.mu.Unlock()
	if row.Takeovers > 0 {
		q.Log.LogAttrs(ctx, slog.LevelWarn, "A task was taken over from a process that died or lost it", l.attrs()...)
	}
	return l
}

func (q *inline) claimSQL(wants []want, now, until time.Time) (string, []any) {
	var sql strings.Builder
	var args []any
	sql.WriteString("with want (queue, n) as (values ")
	for i, w := range wants {
		if i > 0 {
			sql.WriteString(", ")
		}
		sql.WriteString("(?::text, ?::int)")
		args = append(args, w.queue, w.n)
	}
	sql.WriteString(`), picked as (
		select t.id, t.owner from want cross join lateral (
			select id, owner from tasks
			where state = 'ready' and queue = want.queue and run_at <= ?
				and (leased_until is null or leased_until <= ?) and event || ' ' || subscriber in ?`)
	args = append(args, now, now, q.keys)
	// A lease of ours that ran out is not ours to take while its handler has
	// not returned.
	if held := q.held(); len(held) > 0 {
		sql.WriteString(" and id not in ?")
		args = append(args, held)
	}
	sql.WriteString(`
			order by priority desc, run_at, id limit want.n for update skip locked) t)
	update tasks set owner = ?, fence = fence + 1, leased_until = ?, takeovers = takeovers + (case when picked.owner is null then 0 else 1 end)
	from picked where tasks.id = picked.id
	returning tasks.id, event_id, event, event_at, subscriber, queue, priority, payload::text as payload, attempts, takeovers, fence`)
	return sql.String(), append(args, q.owner, until)
}

func (q *inline) held() []uuid.UUID {
	q.mu.Lock()
	defer q.mu.Unlock()
	out := make([]uuid.UUID, 0, len(q.running))
	for l := range q.running {
		out = append(out, l.ID)
	}
	return out
}

// beat extends the leases of all running tasks, and cancels the handlers of
// those that are somebody else's by now. When the database does not answer, a
// handler is cancelled as its lease runs out.
func (q *inline) beat(ctx context.Context) error {
	ctx, cancel := context.WithTimeout(ctx, statement)
	defer cancel()
	q.mu.Lock()
	before := make([]*lease, 0, len(q.running))
	for l := range q.running {
		before = append(before, l)
	}
	q.mu.Unlock()
	if len(before) == 0 {
		return nil
	}
	ids := make([]uuid.UUID, len(before))
	for i, l := range before {
		ids[i] = l.ID
	}
	until := q.Clock().Add(leaseTime)
	var kept []struct {
		ID    uuid.UUID
		Fence int64
	}
	err := q.DB.Transact(ctx, func(tx db.Tx) error {
		return tx.SQL().Raw("update tasks set leased_until = ? where owner = ? and id in ? returning id, fence", until, q.owner, ids).Scan(&kept).Error
	})
	if err != nil {
		err = fmt.Errorf("keeping leases: %w", err)
	}
	fences := make(map[uuid.UUID]int64, len(kept))
	for _, k := range kept {
		fences[k.ID] = k.Fence
	}
	q.mu.Lock()
	defer q.mu.Unlock()
	now := q.Clock()
	for _, l := range before {
		switch {
		case err == nil && fences[l.ID] == l.Fence:
			l.until = until
		case err == nil || !now.Before(l.until):
			l.cancel(errLeaseLost) // changes nothing when the task has ended meanwhile
		}
	}
	return err
}
