// Package telemetry tells what the process does: log lines, metrics, traces,
// health, and what each request and task cost.
package telemetry

import (
	"context"
	"sync/atomic"
	"time"
)

// Work is one request or one task, and what it has asked of the database so
// far. It may be used by several goroutines.
type Work struct {
	Route string // the route's pattern, or "task <subscriber>"; never a URL

	Queries atomic.Int64 // statements, those of transaction control left out
	Rows    atomic.Int64 // returned or changed
	dbTime  atomic.Int64
	watch   watch
}

// DBTime is how long it waited for statements. Those of several goroutines add
// up.
func (w *Work) DBTime() time.Duration { return time.Duration(w.dbTime.Load()) }

type workKey struct{}

// Begin starts a piece of work: the statements that are run with the returned
// context are counted for it, and slow ones are logged with its route.
func Begin(ctx context.Context, route string) (context.Context, *Work) {
	w := &Work{Route: route}
	return context.WithValue(ctx, workKey{}, w), w
}

// WorkOf gives the work that a context belongs to, or nil.
func WorkOf(ctx context.Context) *Work {
	w, _ := ctx.Value(workKey{}).(*Work)
	return w
}
