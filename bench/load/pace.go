package main

import (
	"context"
	"errors"
	"math"
	"net"
	"net/url"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"time"
)

// errShed is an answer that the product refused for being full; such answers
// are counted apart from failures.
var errShed = errors.New("shed")

// visit is one request with its check.
type visit struct {
	kind string
	do   func(ctx context.Context) error
}

// tally is what happened to the visits of one kind.
type tally struct {
	took         []time.Duration // of those that went well, from when they were due
	failed, shed int
	why          map[string]int // the first words of failures
}

// tallies are by kind.
type tallies struct {
	mu     sync.Mutex
	byKind map[string]*tally
}

func newTallies() *tallies { return &tallies{byKind: map[string]*tally{}} }

func (t *tallies) add(kind string, took time.Duration, err error) {
	t.mu.Lock()
	defer t.mu.Unlock()
	k := t.byKind[kind]
	if k == nil {
		k = &tally{why: map[string]int{}}
		t.byKind[kind] = k
	}
	switch {
	case errors.Is(err, errShed):
		k.shed++
	case err != nil:
		k.failed++
		if len(k.why) < 20 {
			k.why[reason(err)]++
		}
	default:
		k.took = append(k.took, took)
	}
}

// all adds the kinds up.
func (t *tallies) all() *tally {
	sum := &tally{why: map[string]int{}}
	for _, k := range t.byKind {
		sum.took = append(sum.took, k.took...)
		sum.failed += k.failed
		sum.shed += k.shed
		for w, n := range k.why {
			sum.why[w] += n
		}
	}
	return sum
}

// at is a percentile (0 to 1) by nearest rank; 0 without values.
func (t *tally) at(p float64) time.Duration {
	if len(t.took) == 0 {
		return 0
	}
	slices.Sort(t.took)
	return t.took[max(0, int(math.Ceil(p*float64(len(t.took))))-1)]
}

// closedLoop lets n clients go as fast as they can, and gives visits per second.
func closedLoop(ctx context.Context, n int, length time.Duration, next func() visit, out *tallies) float64 {
	ctx, cancel := context.WithTimeout(ctx, length)
	defer cancel()
	began := time.Now()
	var done atomic.Int64
	var clients sync.WaitGroup
	for range n {
		clients.Go(func() {
			for ctx.Err() == nil {
				v := next()
				from := time.Now()
				err := v.do(context.WithoutCancel(ctx))
				out.add(v.kind, time.Since(from), err)
				if err == nil {
					done.Add(1)
				}
			}
		})
	}
	clients.Wait()
	return float64(done.Load()) / time.Since(began).Seconds()
}

// openLoop sends visits at a fixed rate per second, whatever comes back.
func openLoop(ctx context.Context, rate float64, length time.Duration, next func() visit, out *tallies) {
	step := time.Duration(float64(time.Second) / rate)
	began := time.Now()
	var flying sync.WaitGroup
	for i := 0; ctx.Err() == nil; i++ {
		due := began.Add(time.Duration(i) * step)
		if due.Sub(began) >= length {
			break
		}
		if wait := time.Until(due); wait > 0 {
			<-time.After(wait)
		}
		v := next()
		flying.Go(func() {
			err := v.do(context.WithoutCancel(ctx))
			out.add(v.kind, time.Since(due), err)
		})
	}
	flying.Wait()
}

// reason is an error without the address that it was met at, so that the same
// ones are counted together.
func reason(err error) string {
	var met *url.Error
	if errors.As(err, &met) {
		err = met.Err
	}
	var line *net.OpError
	if errors.As(err, &line) {
		err = line.Err
	}
	text := err.Error()
	if strings.HasPrefix(text, "/") {
		_, text, _ = strings.Cut(text, ": ")
	}
	return clip(text, 160)
}

func clip(s string, n int) string {
	if len(s) > n {
		return s[:n]
	}
	return s
}
