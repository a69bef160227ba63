package main

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"net/http"
	"net/url"
	"strings"
	"time"

	"vitrine/app/platform/idem"
	"vitrine/bench/traffic"
)

// broken is what a fault did under load.
type broken struct {
	name       string
	away       time.Duration // how long the part was away
	recoveries []time.Duration
	kinds      *traffic.Report // of the whole time, the fault included
	after      *traffic.Report // of the time after the recovery
}

// worst is the longest recovery.
func (b broken) worst() (d time.Duration) {
	for _, r := range b.recoveries {
		d = max(d, r)
	}
	return d
}

// fault breaks a part and makes it whole again. It gives how long the part was
// away; recovery counts from its return.
type fault struct {
	name   string
	times  int
	do     func(ctx context.Context) (away time.Duration, err error)
	before func(ctx context.Context) error // without load; may be nil
	after  func(ctx context.Context) error // without load; may be nil
}

func (h *house) faults(t *town) []fault {
	return []fault{
		{name: "PostgreSQL stopped for 60 s", times: 1, do: func(ctx context.Context) (time.Duration, error) { return h.stopPostgres(ctx, time.Minute) }},
		{name: "PostgreSQL frozen for 20 s", times: 1, do: func(ctx context.Context) (time.Duration, error) { return h.freezePostgres(ctx, 20*time.Second) }},
		{name: "PostgreSQL killed", times: 1, do: h.killPostgres},
		{name: "the mail server away for 30 s", times: 1, do: func(ctx context.Context) (time.Duration, error) { return h.closeSink(ctx, t) }},
		{name: "vitrine killed at a random moment", times: 20, do: h.killVitrine},
		{name: "vitrine's clock an hour ahead, and set back", times: 2, do: h.turnClock, before: h.wearClock, after: h.takeClockOff},
	}
}

// breakAll carries every fault out under the mix at a rate.
func (h *house) breakAll(ctx context.Context, t *town, next func() traffic.Visit, rate float64) (out []broken, err error) {
	for _, f := range h.faults(t) {
		b := broken{name: f.name}
		if f.before != nil {
			if err := f.before(ctx); err != nil {
				return out, fmt.Errorf("%s: %w", f.name, err)
			}
		}
		load, err := traffic.Start(ctx, traffic.Plan{Rate: rate, Next: func(int) traffic.Visit { return next() }})
		if err != nil {
			return out, err
		}
		for range f.times {
			if err = pause(ctx, 5*time.Second); err != nil {
				break
			}
			var away, back time.Duration
			if away, err = f.do(ctx); err != nil {
				err = fmt.Errorf("%s: %w", f.name, err)
				break
			}
			b.away += away
			if back, err = recovery(ctx, t); err != nil {
				err = fmt.Errorf("%s: %w", f.name, err)
				break
			}
			b.recoveries = append(b.recoveries, back)
		}
		b.kinds = load.Stop()
		if err != nil {
			return out, err
		}
		if b.after, err = openLoop(ctx, rate, 15*time.Second, next); err != nil {
			return out, err
		}
		say("%s: back after %s; %d failed afterwards", b.name, b.worst().Round(time.Millisecond), b.after.All().Failed)
		out = append(out, b)
		if f.after != nil {
			if err := f.after(ctx); err != nil {
				return out, fmt.Errorf("%s: %w", f.name, err)
			}
		}
	}
	return out, nil
}

// recovery waits until a page comes and a draft is saved.
func recovery(ctx context.Context, t *town) (time.Duration, error) {
	const patience = 2 * time.Minute
	began := time.Now()
	for {
		err := t.explorePage(ctx, nil)
		if err == nil {
			err = t.saveDraft(ctx)
		}
		if err == nil {
			return time.Since(began), nil
		}
		if time.Since(began) > patience {
			return 0, fmt.Errorf("not back within %s: %w", patience, err)
		}
		if err := pause(ctx, 20*time.Millisecond); err != nil {
			return 0, err
		}
	}
}

func (h *house) startPostgres(ctx context.Context) error {
	if err := h.top.Postgres.Start(ctx); err != nil {
		return err
	}
	return errors.Join(h.pin(), h.connectOwner(ctx))
}

func (h *house) stopPostgres(ctx context.Context, away time.Duration) (time.Duration, error) {
	_ = h.owner.Close(ctx)
	if err := h.top.Postgres.Stop(); err != nil {
		return 0, err
	}
	if err := pause(ctx, away); err != nil {
		return 0, err
	}
	return away, h.startPostgres(ctx)
}

// freezePostgres holds its processes without a word: connections stay open and
// nobody answers.
func (h *house) freezePostgres(ctx context.Context, away time.Duration) (time.Duration, error) {
	h.top.Postgres.Freeze()
	err := pause(ctx, away)
	h.top.Postgres.Thaw()
	return away, err
}

func (h *house) killPostgres(ctx context.Context) (time.Duration, error) {
	began := time.Now()
	_ = h.owner.Close(ctx)
	h.top.Postgres.Kill()
	return time.Since(began), h.startPostgres(ctx)
}

// closeSink refuses connections while people ask for mails, and waits until
// these have all been taken afterwards.
func (h *house) closeSink(ctx context.Context, t *town) (time.Duration, error) {
	const away, asked = 30 * time.Second, 20
	h.sink.Close()
	before := h.sink.Taken()
	for i := range asked {
		m := t.members[i]
		form := url.Values{"email": {m.Email}, "idempotency_key": {idem.NewKey()}}
		a, err := t.people.Send(ctx, http.MethodPost, "/reset", formHeader(m), strings.NewReader(form.Encode()))
		if err == nil {
			err = seeOther(a)
		}
		if err != nil {
			return 0, err
		}
	}
	if err := pause(ctx, away); err != nil {
		return 0, err
	}
	if err := h.sink.Open(); err != nil {
		return 0, err
	}
	for deadline := time.Now().Add(10 * time.Minute); h.sink.Taken() < before+asked; {
		if time.Now().After(deadline) {
			return 0, fmt.Errorf("%d of %d mails came", h.sink.Taken()-before, asked)
		}
		if err := pause(ctx, 100*time.Millisecond); err != nil {
			return 0, err
		}
	}
	return away, nil
}

// killVitrine lets the process run for up to 3 s more, kills it and starts it
// again.
func (h *house) killVitrine(ctx context.Context) (time.Duration, error) {
	if err := pause(ctx, rand.N(3*time.Second)); err != nil {
		return 0, err
	}
	began := time.Now()
	for _, s := range h.top.Processes {
		s.Kill()
		if err := s.Launch(); err != nil {
			return 0, err
		}
	}
	return time.Since(began), h.pin()
}
