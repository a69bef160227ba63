package queue

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"math/rand/v2"
	"strings"
	"time"
	"unicode/utf8"

	"go.opentelemetry.io/otel/codes"

	"vitrine/app/fault"
	"vitrine/app/platform/bus"
	"vitrine/app/platform/db"
	"vitrine/app/platform/errlog"
	"vitrine/app/platform/telemetry"
)

// outcome is how an attempt ended.
type outcome string

const (
	done        outcome = "done"
	retried     outcome = "retried"
	died        outcome = "died"
	interrupted outcome = "interrupted"
	putOff      outcome = "put off"
)

var errTooManyDeaths = fmt.Errorf("%d processes died or lost their lease in the middle of this task", maxTakeovers+1)

// work runs the handler of a claimed task and records how it ended.
func (q *inline) work(l *lease) {
	defer q.forget(l)
	ctx, cost := telemetry.Begin(db.Guard(l.ctx), "task "+l.sub.Name)
	ctx, span := q.Tracer.Start(ctx, "task "+l.sub.Name)
	defer span.End()
	began := time.Now()
	err := errTooManyDeaths
	end := died
	if l.Takeovers <= maxTakeovers {
		err = handle(ctx, l)
		end = q.judge(l, err)
	}
	took := time.Since(began)
	q.metrics.observe(l.sub.Name, end, took)
	attrs := append(l.attrs(), slog.String("outcome", string(end)), slog.Duration("took", took), slog.Int64("queries", cost.Queries.Load()))
	level := slog.LevelDebug
	if err != nil {
		span.SetStatus(codes.Error, string(end)) // the error itself may quote what a person typed
		attrs = append(attrs, slog.Any("error", err))
		level = map[outcome]slog.Level{retried: slog.LevelWarn, died: slog.LevelError, putOff: slog.LevelDebug}[end]
		if end != interrupted && end != putOff {
			q.Failed(l.sub.Name, err)
		}
	}
	q.Log.LogAttrs(ctx, level, "A task ended", attrs...)
	l.end = ending{as: end}
	q.record(l, end, err)
}

// errTimeout is the cause that the handler's context ends with.
var errTimeout = errors.New("the attempt took longer than its subscription allows")

// handle calls the handler. A panic becomes an error with its stack: one broken
// task must not end the others.
func handle(ctx context.Context, l *lease) (err error) {
	ctx, cancel := context.WithTimeoutCause(ctx, l.sub.Timeout, errTimeout)
	defer cancel()
	defer func() {
		if r := recover(); r != nil {
			err = errlog.Recovered(r)
		}
		if err != nil && errors.Is(context.Cause(ctx), errTimeout) {
			// A tool that was killed by the timeout may look like a broken
			// file: what the handler made of it is not to be believed.
			err = fmt.Errorf("%w (%s): %s", errTimeout, l.sub.Timeout, err.Error())
		}
	}()
	return l.sub.Handle(ctx, l.envelope())
}

// judge decides what an attempt's end means. A handler that fails after it was
// interrupted has not failed: it would have gone on.
func (q *inline) judge(l *lease, err error) outcome {
	var wait later
	switch cause := context.Cause(l.ctx); {
	case err == nil:
		return done
	case cause != nil:
		return interrupted
	case errors.As(err, &wait):
		return putOff
	case errors.Is(err, bus.ErrUnreadable), l.Attempts+1 >= l.sub.MaxAttempts:
		return died
	default:
		return retried
	}
}

// record writes the end of an attempt, again and again while the lease lives
// and the process does not end: what cannot be recorded is done again.
func (q *inline) record(l *lease, end outcome, cause error) {
	ticker := time.NewTicker(poll)
	defer ticker.Stop()
	for {
		err := q.settle(l, end, cause)
		if err == nil {
			l.end.recorded = true
			return
		}
		q.mu.Lock()
		expired := !q.Clock().Before(l.until)
		q.mu.Unlock()
		if expired || l.ctx.Err() != nil {
			q.Log.LogAttrs(l.ctx, slog.LevelError, "The end of a task could not be recorded; it will be run again", append(l.attrs(), slog.Any("error", err))...)
			return
		}
		select {
		case <-ticker.C:
		case <-l.ctx.Done():
		}
	}
}

// settle is one try to record. The fence refuses it when the lease is somebody
// else's by now: then theirs is the end that counts.
func (q *inline) settle(l *lease, end outcome, cause error) error {
	ctx, cancel := context.WithTimeout(context.WithoutCancel(l.ctx), statement)
	defer cancel()
	now := q.Clock()
	var sql string
	var args []any
	switch end {
	case done:
		sql = "delete from tasks"
	case interrupted:
		sql = "update tasks set owner = null, leased_until = null"
	case putOff:
		var wait later
		errors.As(cause, &wait)
		l.end.again = now.Add(wait.in)
		sql, args = "update tasks set owner = null, leased_until = null, run_at = ?", []any{l.end.again}
	case retried:
		run := now.Add(max(Backoff(l.Attempts+1, rand.Float64()), fault.RetryAfterOf(cause)))
		sql = `update tasks set owner = null, leased_until = null, attempts = attempts + 1, run_at = ?, last_error = ?, first_failed_at = coalesce(first_failed_at, ?)`
		args = []any{run, storable(cause), now}
		l.end.again = run
	case died:
		sql = `update tasks set owner = null, leased_until = null, attempts = attempts + 1, state = 'dead', last_error = ?, first_failed_at = coalesce(first_failed_at, ?)`
		args = []any{storable(cause), now}
	}
	return q.DB.Transact(ctx, func(tx db.Tx) error {
		res := tx.SQL().Exec(sql+" where id = ? and owner = ? and fence = ?", append(args, l.ID, q.owner, l.Fence)...)
		if res.Error == nil && res.RowsAffected == 0 {
			q.Log.LogAttrs(ctx, slog.LevelWarn, "A task had been taken over before it ended here", l.attrs()...)
		}
		return res.Error
	})
}

// forget frees the room of a task that has ended.
func (q *inline) forget(l *lease) {
	l.cancel(nil)
	q.mu.Lock()
	delete(q.running, l)
	q.mu.Unlock()
	q.all.Done()
	q.ready.set()
}

func (l *lease) attrs() []slog.Attr {
	return []slog.Attr{
		slog.String("subscriber", l.Subscriber), slog.String("event", l.Event), slog.String("event_id", l.EventID.String()),
		slog.String("task", l.ID.String()), slog.Int("attempt", l.Attempts+1),
	}
}

const longestError = 4000

// storable makes an error fit for a text column: no NUL, valid UTF-8, bounded.
func storable(err error) string {
	s := strings.ReplaceAll(strings.ToValidUTF8(err.Error(), "\uFFFD"), "\x00", "\uFFFD")
	if len(s) <= longestError {
		return s
	}
	cut := longestError
	for !utf8.RuneStart(s[cut]) {
		cut--
	}
	return s[:cut] + "…"
}
