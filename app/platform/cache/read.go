package cache

import (
	"context"
	"errors"
	"sync"
	"time"

	"vitrine/app/platform/id"
)

// flights are the values that this process makes at the moment. order counts
// arrivals and departures: who came before something began may have its result.
type flights struct {
	mu    sync.Mutex
	order int64
	of    map[string]*flight
}

// flight is one value that is made. Its fields stand when done is closed.
type flight struct {
	done   chan struct{}
	began  int64 // whoever came before has a value of after they came
	sealed int64 // whoever came before has one that was right after they came, if it is right
	right  bool
	body   []byte
	err    error
}

func (f *flights) now() int64 {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.order++
	return f.order
}

// join gives the flight of a key, and whether the caller must lead it.
func (f *flights) join(key string) (of *flight, lead bool) {
	f.mu.Lock()
	defer f.mu.Unlock()
	if of := f.of[key]; of != nil {
		return of, false
	}
	of = &flight{done: make(chan struct{}), err: errAbandoned}
	f.of[key] = of
	return of, true
}

func (f *flights) land(key string, of *flight) {
	f.mu.Lock()
	delete(f.of, key)
	f.mu.Unlock()
	close(of.done)
}

// covers tells whether the flight's result is right for who came at a moment: it
// knows of everything that was committed and invalidated before.
func (f *flight) covers(came int64) bool { return came < f.began || f.right && came < f.sealed }

// kept makes what was found the flight's result.
func (f *flight) kept(is found) Answer {
	f.right, f.body, f.err = true, is.body, nil
	return Answer{Body: is.body, From: Hit, Age: is.age}
}

// errAbandoned says that making a value ended in a panic.
var errAbandoned = errors.New("a value that others wait for was not made to the end")

// read gives what is kept, or makes it with others.
func (c *Cache) read(ctx context.Context, key string, load Make) (Answer, error) {
	came := c.flights.now()
	// What Redis does not answer is not kept.
	if f, err := c.look(ctx, key, "", false); err == nil && f.hit {
		return Answer{Body: f.body, From: Hit, Age: f.age}, nil
	}
	for {
		f, lead := c.flights.join(key)
		if lead {
			return c.lead(ctx, key, f, load)
		}
		select {
		case <-f.done:
		case <-ctx.Done():
			return Answer{From: Shared}, ctx.Err()
		}
		if f.covers(came) {
			return Answer{Body: f.body, From: Shared}, f.err
		}
	}
}

// lead makes a value for all who wait for it, even if who asked first goes away.
func (c *Cache) lead(ctx context.Context, key string, f *flight, load Make) (Answer, error) {
	defer c.flights.land(key, f)
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), c.conf.Lock+c.conf.Time)
	defer cancel()
	name := id.Public()
	is, away := c.wait(ctx, key, name, f)
	if away == nil && is.hit {
		return f.kept(is), nil
	}
	f.began = c.flights.now()
	m, err := load(ctx)
	f.sealed = c.flights.now()
	switch {
	case err != nil && away == nil && is.mine:
		c.release(ctx, key, name)
	case err == nil && away == nil:
		var refused bool
		if f.right, refused = c.keep(ctx, key, is, name, m); refused {
			// What another process has kept meanwhile may be from before a change that is committed
			// and not told yet. All go by it until the change is told: who saw this value first
			// would be shown an old one after a new one.
			f.sealed = c.flights.now()
			if is, err := c.look(ctx, key, "", false); err == nil && is.hit {
				return f.kept(is), nil
			}
		}
	}
	f.body, f.err = m.Body, err
	return Answer{Body: m.Body, From: Miss}, err
}

// wait looks until the value is there or this process is the one to make it; for
// as long as Lock at most, since another process may not come to an end.
func (c *Cache) wait(ctx context.Context, key, name string, f *flight) (found, error) {
	for pause, end := 5*time.Millisecond, time.Now().Add(c.conf.Lock); ; pause = min(2*pause, 40*time.Millisecond) {
		f.sealed = c.flights.now()
		is, err := c.look(ctx, key, name, false)
		if err != nil || is.hit || is.mine || is.broken || time.Now().After(end) {
			return is, err
		}
		select {
		case <-time.After(pause):
		case <-ctx.Done():
			return is, ctx.Err()
		}
	}
}
