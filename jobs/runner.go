// Package jobs says what happens after a request: which subscriber reacts to
// which event (Subscriptions), and what happens by the clock (Schedules). It
// holds no logic of the product: handlers are methods of the contexts.
package jobs

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"sync"
	"time"

	"vitrine/app/platform/bus"
	"vitrine/app/platform/clock"
	"vitrine/app/platform/db"
	"vitrine/app/platform/queue"
)

// Config of a Runner.
type Config struct {
	Queue     queue.Queue
	DB        *db.DB // of the worker role
	Outbox    *bus.Outbox
	Schedules []Schedule    // Schedules(), or none in a process that fires nothing
	Deadline  time.Duration // from the end of ctx to the end of Run; 15 s when zero
	Clock     clock.Clock   // clock.System when nil
	Log       *slog.Logger  // slog.Default when nil
}

// Runner is everything that happens outside requests: relay, tasks, schedules.
type Runner struct {
	queue     queue.Queue
	scheduler *Scheduler
	deadline  time.Duration
}

// New builds a runner; a schedule that cannot work is refused.
func New(c Config) (*Runner, error) {
	if c.Clock == nil {
		c.Clock = clock.System
	}
	if c.Log == nil {
		c.Log = slog.Default()
	}
	if c.Deadline == 0 {
		c.Deadline = 15 * time.Second
	}
	scheduler, err := NewScheduler(c.DB, c.Outbox, c.Clock, c.Log, c.Schedules)
	if err != nil {
		return nil, err
	}
	return &Runner{queue: c.Queue, scheduler: scheduler, deadline: c.Deadline}, nil
}

// Run works until ctx ends, then drains: nothing new is begun, running tasks go
// on as long as the queue's Drain allows, those left are released to others. It
// returns within the deadline in any case; what hangs then is an error, and its
// leases run out.
func (r *Runner) Run(ctx context.Context) error {
	var all sync.WaitGroup
	var failed error
	all.Go(func() { failed = r.queue.Run(ctx) })
	all.Go(func() { r.scheduler.Run(ctx) })
	finished := make(chan struct{})
	go func() { all.Wait(); close(finished) }()

	select {
	case <-finished:
		return failed
	case <-ctx.Done():
	}
	timer := time.NewTimer(r.deadline)
	defer timer.Stop()
	select {
	case <-finished:
		return failed
	case <-timer.C:
		return errors.Join(errDeadline, fmt.Errorf("waited %s", r.deadline))
	}
}

var errDeadline = errors.New("the jobs did not end within their deadline; their leases run out and others take over")
