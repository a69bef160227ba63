package cache_test

import (
	"context"
	"math/rand/v2"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"vitrine/app/platform/cache"
	"vitrine/app/platform/redistest"
)

// interleaving is one round: a slow filler, a writer and readers, on processes
// that are drawn, their steps in an order that is drawn.
type interleaving struct {
	t         *testing.T
	processes []*cache.Cache
	row       *truth
	told      atomic.Int64 // the newest value whose invalidation is over
	seen      atomic.Int64 // the newest value that a reader was given
	readers   sync.WaitGroup
}

func raise(to *atomic.Int64, v int64) {
	for {
		before := to.Load()
		if v <= before || to.CompareAndSwap(before, v) {
			return
		}
	}
}

// read may not be given less than anybody was given before it began, nor less
// than what was invalidated before.
func (i *interleaving) read() {
	c := i.processes[rand.N(len(i.processes))]
	told, seen := i.told.Load(), i.seen.Load()
	v, from := get(i.t, c, "k", i.row.load)
	if v < max(told, seen) {
		i.t.Errorf("a reader was given %d (%s) when %d was told and %d seen", v, from, told, seen)
	}
	raise(&i.seen, v)
}

// steps draws an order of a round's steps in which each comes after those that it
// must follow.
func steps() []string {
	out := []string{"fill", "commit", "read", "read", "read", "read"}
	rand.Shuffle(len(out), func(a, b int) { out[a], out[b] = out[b], out[a] })
	after := func(first, then string) {
		for at, s := range out {
			if s == first {
				to := at + 1 + rand.N(len(out)-at)
				out = append(out[:to], append([]string{then}, out[to:]...)...)
				return
			}
		}
	}
	after("fill", "release")
	after("commit", "invalidate")
	return out
}

// round plays one, and tells whether the slow filler came with an old value after
// the writer was done: that is what all of this is about.
func (i *interleaving) round() (late bool) {
	// What is kept is void, so that the filler has something to make.
	if err := i.processes[0].Invalidate(context.Background(), subject); err != nil {
		i.t.Fatal(err)
	}
	reading, release := make(chan struct{}), make(chan struct{})
	var read, slow sync.Once
	var filling atomic.Bool
	load := func(ctx context.Context) (cache.Made, error) {
		m, err := i.row.load(ctx)
		slow.Do(func() {
			filling.Store(true)
			read.Do(func() { close(reading) })
			<-release
		})
		return m, err
	}
	invalidated := false
	for _, step := range steps() {
		switch step {
		case "fill":
			c := i.processes[rand.N(len(i.processes))]
			i.readers.Go(func() {
				get(i.t, c, "k", load)             // who asked before may be given what was then
				read.Do(func() { close(reading) }) // a reader has made it already
			})
			<-reading
		case "release":
			late = invalidated && filling.Load()
			close(release)
		case "commit":
			i.row.value.Add(1)
		case "invalidate":
			if err := i.processes[rand.N(len(i.processes))].Invalidate(context.Background(), subject); err != nil {
				i.t.Error(err)
			}
			raise(&i.told, i.row.value.Load())
			invalidated = true
		case "read":
			done := make(chan struct{})
			i.readers.Go(func() {
				defer close(done)
				i.read()
			})
			if rand.N(2) == 0 { // the next step comes after it, unless it waits for the filler
				select {
				case <-done:
				case <-time.After(15 * time.Millisecond):
				}
			}
		}
	}
	i.readers.Wait()
	return late
}

// A writer, a slow filler and readers, interleaved 1,000 times over three
// processes, never show the old value after the new one.
func TestGet_neverOldAfterNew(t *testing.T) {
	t.Parallel()
	s := redistest.New(t)
	i := &interleaving{t: t, row: &truth{}, processes: processes(t, 3, s, cache.Config{Lock: 2 * time.Millisecond})}
	late := 0
	for range 1000 {
		if i.round() {
			late++
		}
		if t.Failed() {
			return
		}
	}
	if late < 50 {
		t.Errorf("the slow filler came late %d times in 1,000: that proves little", late)
	}
	t.Logf("%d values made; %d times the filler came with its value after the writer was done", i.row.made.Load(), late)
}

// 1,000 who miss the same value at once, in four processes, make it at most four
// times, also when no process waits for another.
func TestGet_storm(t *testing.T) {
	t.Parallel()
	for name, lock := range map[string]time.Duration{"with a lock": 0, "without": time.Nanosecond} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := redistest.New(t)
			four := processes(t, 4, s, cache.Config{Lock: lock})
			var row truth
			for range 5 {
				row.change(t, four[0])
				if n := storm(t, four, &row, row.load); n > 4 {
					t.Errorf("it was made %d times", n)
				}
			}
		})
	}
}

// storm asks 1,000 times at once; making waits until all have come.
func storm(t *testing.T, of []*cache.Cache, row *truth, then cache.Make) (made int64) {
	t.Helper()
	before, came, all := row.made.Load(), atomic.Int64{}, make(chan struct{})
	load := func(ctx context.Context) (cache.Made, error) {
		<-all
		return then(ctx)
	}
	var asking sync.WaitGroup
	for n := range 1000 {
		asking.Go(func() {
			if came.Add(1) == 1000 {
				close(all)
			}
			if v, from := get(t, of[n%len(of)], "k", load); v != row.value.Load() {
				t.Errorf("%d (%s)", v, from)
			}
		})
	}
	asking.Wait()
	return row.made.Load() - before
}
