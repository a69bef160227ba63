package queue

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"os"
	"sync"
	"time"

	"vitrine/app/platform/id"
)

// The rhythm of the inline queue.
const (
	poll      = time.Second      // the safety net behind every wake-up
	leaseTime = 15 * time.Second // how long a dead process keeps its tasks
	beatEvery = 5 * time.Second  // two beats may be lost before the lease is
	upkeep    = time.Minute
	statement = 5 * time.Second // of the queue's own statements
	grace     = 2 * time.Second // for handlers to notice their interruption
)

// inline keeps its tasks in PostgreSQL and runs them in this process.
//
// A process that died keeps its leases until they run out, 15 s at most. A new
// process does not take them from its predecessor earlier, although on a single
// machine it could know its name: a child of the dead one (ffmpeg) may still be
// writing, and two processes may overlap in a deploy.
//
// Leases are measured by the machines' clocks, which must agree within a few
// seconds. When they do not, a task runs twice, which handlers bear; the fencing
// number keeps the former owner's answer out.
type inline struct {
	Config
	subs    map[string][]Subscription // by event
	handled map[subscriber]Subscription
	keys    []string // of handled, as the claim's SQL compares them
	events  []string // that have a subscriber
	owner   string
	ready   signal // tasks may be claimable
	metrics taskMetrics

	// offer is told of tasks that the relay has committed; nil when nobody carries them.
	offer func(ctx context.Context, tasks []task)

	mu      sync.Mutex
	gates   map[string]func() bool
	running map[*lease]struct{}
	entered map[string]int // places taken by tasks that are not claimed yet, by queue
	all     sync.WaitGroup // of running and entered
}

func newInline(c Config) *inline {
	q := &inline{
		Config:  c,
		subs:    map[string][]Subscription{},
		handled: map[subscriber]Subscription{},
		ready:   make(signal, 1),
		metrics: newTaskMetrics(c.Metrics),
		gates:   map[string]func() bool{},
		running: map[*lease]struct{}{},
		entered: map[string]int{},
	}
	for _, s := range c.Subscriptions {
		if q.subs[s.Event] == nil {
			q.events = append(q.events, s.Event)
		}
		q.subs[s.Event] = append(q.subs[s.Event], s)
		key := subscriber{s.Event, s.Name}
		q.handled[key] = s
		q.keys = append(q.keys, key.String())
	}
	// The random part makes a process that was started again another owner.
	host, _ := os.Hostname()
	q.owner = fmt.Sprintf("%s/%d/%s", host, os.Getpid(), id.Public())
	return q
}

// signal wakes one loop; wake-ups that nobody waits for are merged.
type signal chan struct{}

func (s signal) set() {
	select {
	case s <- struct{}{}:
	default:
	}
}

// Why a handler's context ends before its time.
var (
	errDraining  = errors.New("the process is ending")
	errLeaseLost = errors.New("the lease of the task was lost")
)

func (q *inline) Run(ctx context.Context) error {
	return q.run(ctx, q.dispatch, func(context.Context) (stop func()) { return func() {} })
}

// run is Run with another way to the tasks: find is called on each wake-up and
// each second, and begins what there is; carry starts what brings tasks by
// itself, and its stop returns when nothing more will be begun. Handlers'
// contexts descend from work.
func (q *inline) run(ctx context.Context, find func(ctx, work context.Context) error, carry func(work context.Context) (stop func())) error {
	// Handlers outlive ctx by the drain, and heartbeats outlive the handlers.
	work, interrupt := context.WithCancelCause(context.WithoutCancel(ctx))
	beats, stopBeats := context.WithCancel(context.WithoutCancel(ctx))
	var claiming, beating sync.WaitGroup
	stop := carry(work)
	claiming.Go(func() { q.loop(ctx, "relaying events", poll, q.Outbox.Woken(), q.relayAll) })
	claiming.Go(func() {
		q.loop(ctx, "claiming tasks", poll, q.ready, func(ctx context.Context) error { return find(ctx, work) })
	})
	claiming.Go(func() { q.loop(ctx, "tidying the queue", upkeep, nil, q.tidy) })
	beating.Go(func() { q.loop(beats, "keeping leases", beatEvery, nil, q.beat) })
	claiming.Wait() // ctx has ended
	stop()

	finished := make(chan struct{})
	go func() { q.all.Wait(); close(finished) }()
	interrupted := waits(finished, q.Drain)
	interrupt(errDraining)
	var err error
	if interrupted && waits(finished, grace) {
		err = fmt.Errorf("%d tasks went on after they were interrupted; others take them over when their leases run out", q.count())
	}
	stopBeats()
	beating.Wait()
	return err
}

// waits tells whether done is still open after d.
func waits(done <-chan struct{}, d time.Duration) bool {
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-done:
		return false
	case <-timer.C:
		return true
	}
}

// loop runs step at once, on each wake-up and at least every interval, until
// ctx ends. A database that is away is logged when it goes and when it returns,
// not every second.
func (q *inline) loop(ctx context.Context, what string, every time.Duration, wake <-chan struct{}, step func(context.Context) error) {
	ticker := time.NewTicker(every)
	defer ticker.Stop()
	failing := false
	for ctx.Err() == nil {
		err := step(ctx)
		switch {
		case ctx.Err() != nil:
			return
		case err != nil && !failing:
			q.Log.LogAttrs(ctx, slog.LevelWarn, "The queue has trouble and keeps trying", slog.String("doing", what), slog.Any("error", err))
		case err == nil && failing:
			q.Log.LogAttrs(ctx, slog.LevelInfo, "The queue works again", slog.String("doing", what))
		}
		failing = err != nil
		trigger := wake
		if failing {
			trigger = nil // wake-ups would make a hot loop of an outage
		}
		select {
		case <-ctx.Done():
		case <-trigger:
		case <-ticker.C:
		}
	}
}

func (q *inline) Pause(queue string, gate func() bool) {
	q.mu.Lock()
	defer q.mu.Unlock()
	q.gates[queue] = gate
}

func (q *inline) count() int {
	q.mu.Lock()
	defer q.mu.Unlock()
	return len(q.running)
}
