// Package traffic sends visits to a site as a crowd does, and counts what became
// of them. Measurements use it, and tests that break or exchange a part while
// people visit.
//
// Load is open loop: visits leave when they are due, at a fixed rate, whether
// earlier ones have come back or not, and latency counts from when a visit was
// due. A site that stands still for a second is so charged for every visit that
// came in that second. Closed is the other kind, for finding a ceiling.
//
// A visit has failed when its answer is not what the route promises: status,
// headers or body are not right, it took longer than Timeout, or the connection
// was refused or broke. Nothing is tried again. What the site refused for being
// full (503 with Retry-After) is shed, and counted apart. What a site has
// acknowledged goes into a Ledger, and whoever looks it up afterwards knows what
// was lost.
//
//	people := traffic.New(top.URL)
//	load, err := traffic.Start(ctx, traffic.Plan{Rate: 40, Next: func(int) traffic.Visit {
//		return people.Get("explore", "/explore", "<h1>Explore</h1>")
//	}})
//	// ...
//	before := load.Phase() // what left until here, once all of it is back
//	redis.Kill()
//	// ...
//	during := load.Stop()
//	if n := during.All().Failed; n > 0 {
//		t.Errorf("%d visits failed: %v", n, during.All().Why)
//	}
package traffic

import (
	"context"
	"errors"
	"sync"
	"sync/atomic"
	"time"
)

// Visit is something that a person does at a site, of one request or of several,
// with its checks. Do gives nil when all was as promised, ErrShed when the site
// said that it is full, and else why the visit has failed.
type Visit struct {
	Kind string // under which it is counted
	Do   func(ctx context.Context) error
}

// Plan says what is sent. Rate and Next are required.
type Plan struct {
	Rate   float64       // visits per second
	Length time.Duration // from the first visit on; until Stop or the end of the context when zero
	// Next gives the visit number i, from 0 on. It is called by one goroutine,
	// and has to give the visit at once.
	Next func(i int) Visit
}

// lateness is how long after its time a visit may leave before the generator is
// what was late.
const lateness = 20 * time.Millisecond

// Load is a crowd that visits. Its methods are for one goroutine.
type Load struct {
	stop context.CancelFunc
	done chan struct{}

	mu    sync.Mutex
	phase *Report
}

// Start begins to send, and returns at once. Visits that have left are waited
// for, also after the end of ctx: each ends by its client's Timeout.
func Start(ctx context.Context, plan Plan) (*Load, error) {
	if plan.Rate <= 0 || plan.Next == nil {
		return nil, errors.New("a load needs a rate above zero and visits")
	}
	ctx, stop := context.WithCancel(ctx)
	l := &Load{stop: stop, done: make(chan struct{}), phase: NewReport()}
	go func() {
		defer close(l.done)
		l.send(ctx, plan)
	}()
	return l, nil
}

// Run sends for as long as the plan says, and gives what became of it.
func Run(ctx context.Context, plan Plan) (*Report, error) {
	if plan.Length <= 0 {
		return nil, errors.New("a load that is waited for needs an end")
	}
	l, err := Start(ctx, plan)
	if err != nil {
		return nil, err
	}
	<-l.done
	return l.Stop(), ctx.Err()
}

func (l *Load) send(ctx context.Context, plan Plan) {
	began := time.Now()
	timer := time.NewTimer(0)
	defer timer.Stop()
	for i := 0; ; i++ {
		after := time.Duration(float64(i) / plan.Rate * float64(time.Second))
		if plan.Length > 0 && after >= plan.Length {
			return
		}
		due := began.Add(after)
		if wait := time.Until(due); wait > 0 {
			timer.Reset(wait)
			select {
			case <-ctx.Done():
				return
			case <-timer.C:
			}
		}
		if ctx.Err() != nil {
			return
		}
		l.leave(ctx, due, plan.Next(i))
	}
}

// leave lets a visit go, which belongs to the phase that it left in.
func (l *Load) leave(ctx context.Context, due time.Time, v Visit) {
	l.mu.Lock()
	phase := l.phase
	phase.flying.Add(1)
	l.mu.Unlock()
	if time.Since(due) > lateness {
		phase.late.Add(1)
	}
	go func() {
		defer phase.flying.Done()
		err := v.Do(context.WithoutCancel(ctx))
		phase.Add(v.Kind, time.Since(due), err)
	}()
}

// Phase ends a phase and begins the next, while visits go on: it gives those that
// left in the phase, once all of them are back.
func (l *Load) Phase() *Report {
	l.mu.Lock()
	ended := l.phase
	l.phase = NewReport()
	l.mu.Unlock()
	ended.flying.Wait()
	return ended
}

// Stop sends no more, and gives the last phase once all of it is back. It may be
// called again, which gives an empty one.
func (l *Load) Stop() *Report {
	l.stop()
	<-l.done
	return l.Phase()
}

// Closed lets so many clients visit as fast as they can, each one visit after the
// other, and gives how many a second went well. Latency counts from the sending,
// so it says nothing about a crowd.
func Closed(ctx context.Context, clients int, length time.Duration, next func() Visit) (perSecond float64, r *Report) {
	ctx, cancel := context.WithTimeout(ctx, length)
	defer cancel()
	began := time.Now()
	r = NewReport()
	var well atomic.Int64
	for range clients {
		r.flying.Go(func() {
			for ctx.Err() == nil {
				v := next()
				from := time.Now()
				err := v.Do(context.WithoutCancel(ctx))
				r.Add(v.Kind, time.Since(from), err)
				if err == nil {
					well.Add(1)
				}
			}
		})
	}
	r.flying.Wait()
	return float64(well.Load()) / time.Since(began).Seconds(), r
}
