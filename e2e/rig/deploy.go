package rig

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"time"
)

// The sets of web processes that the balancer can ask.
const (
	blue  = "blue"
	green = "green"
	both  = "both"
)

// grace is how long a process that is told to end answers on: the balancer asks
// nobody of it any more then, but may be about to send what it has decided before.
const grace = time.Second

func opposite(colour string) string {
	if colour == blue {
		return green
	}
	return blue
}

// Change is what differs in the processes that take the others' place.
type Change struct {
	Env []string // for all from now on, after what was said before ("CACHE=fill")
	// Beside is called with the new processes while the balancer asks them and the
	// old ones; nil goes on at once.
	Beside func(next []*Server)
}

// Deploy puts new processes of Vitrine, of the binary as it is now, in the place
// of those that run, while people use the site. The new ones start beside the old
// ones; once all of them are ready the balancer asks both, then the new ones
// alone; then the old ones are told to end and have done so when it returns. When
// a new one does not start, nothing has changed. It must not be called while
// another call runs.
func (t *Topology) Deploy(ctx context.Context, c Change) error {
	if t.Balancer == nil {
		return fmt.Errorf("the %s tier has no balancer that could ask another process meanwhile; `make down` and `make up` change it", t.plan.Tier)
	}
	if !t.Postgres.Running() {
		return errors.New("PostgreSQL does not run, and its log says why; `make down` and `make up` start it again")
	}
	before := t.plan.Env
	t.plan.Env = slices.Concat(before, c.Env)
	if err := t.startNext(ctx); err != nil {
		t.plan.Env = before
		return fmt.Errorf("nothing has changed: %w", errors.Join(err, end(t.next)))
	}
	if err := t.point(both); err != nil {
		return err
	}
	if c.Beside != nil {
		c.Beside(slices.Clone(t.next))
	}
	t.colour = opposite(t.colour)
	t.Processes, t.next = t.next, t.Processes
	if err := t.point(t.colour); err != nil {
		return err
	}
	return end(t.next)
}

// startNext starts the next processes and waits until all of them work.
func (t *Topology) startNext(ctx context.Context) error {
	if err := t.connect(t.next); err != nil {
		return err
	}
	var all together
	for _, s := range t.next {
		all.do(func() error { return s.Start(ctx) })
	}
	return all.wait()
}

// end tells processes to end and waits until they have.
func end(processes []*Server) error {
	var all together
	for _, s := range processes {
		all.do(func() error {
			status, err := s.Stop()
			if err == nil && status != 0 {
				err = fmt.Errorf("%s ended with status %d:\n%s", s.Name, status, tailOf(s.Said()))
			}
			return err
		})
	}
	return all.wait()
}

// point lets the balancer ask a set from its next request on.
func (t *Topology) point(set string) error {
	says := func(set string, yes bool) error {
		path := filepath.Join(t.plan.Dir, "nginx", set)
		if yes {
			return os.WriteFile(path, nil, 0o644) //nolint:gosec // another user's nginx looks whether it is there
		}
		if err := os.Remove(path); !errors.Is(err, os.ErrNotExist) {
			return err
		}
		return nil
	}
	if set == both {
		return says(both, true)
	}
	// That both are asked stands until it is said which one is.
	return errors.Join(says(green, set == green), says(both, false))
}
