package main

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"time"

	"vitrine/bench/traffic"
	"vitrine/e2e/rig"
)

// trial is a switch that is turned back to 1k's value while all others stay, and
// the visits that it is for.
type trial struct {
	set    string // "CACHE=off"
	visits string // what they are, for the table
	next   func(ctx context.Context, r *beside) (func() traffic.Visit, error)
	// void empties Redis at each turn: pages that are kept would be the other side's.
	void bool
}

// trials are the switches whose worth shows in visits. What BLOBS is worth shows
// in the media run.
var trials = []trial{
	{set: "CACHE=off", visits: "pages without a session, as in the mix", next: anonymous},
	{set: "SESSIONS=postgres", visits: "dashboard, explore and works, signed in", next: signedInReads},
	{set: "LIMITS=memory", visits: "explore without a session", next: wallAlone},
	{set: "DELIVERY=inline", visits: "publish, take back, save a draft", next: writes},
	{set: "CDN=off", visits: "pictures, as pages name them", next: pictures, void: true},
	{set: "LIVE=memory", visits: "explore without a session", next: wallAlone},
}

func anonymous(_ context.Context, r *beside) (func() traffic.Visit, error) {
	all := r.large.town.mix(nil)
	return func() traffic.Visit {
		for {
			// The first 80 of 100 kinds are visitors'; the others are thrown again.
			if v := all(); slices.Contains([]string{"work", "explore", "tag", "studio", "search"}, v.Kind) {
				return v
			}
		}
	}, nil
}

func signedInReads(_ context.Context, r *beside) (func() traffic.Visit, error) {
	t := r.large.town
	return func() traffic.Visit {
		switch rand.IntN(3) {
		case 0:
			return traffic.Visit{Kind: "dashboard", Do: t.dashboard}
		case 1:
			return traffic.Visit{Kind: "explore, signed in", Do: func(ctx context.Context) error { return t.explorePage(ctx, t.anyMember()) }}
		}
		return traffic.Visit{Kind: "work, signed in", Do: func(ctx context.Context) error { return t.workPage(ctx, t.anyMember()) }}
	}, nil
}

func wallAlone(_ context.Context, r *beside) (func() traffic.Visit, error) {
	t := r.large.town
	return func() traffic.Visit {
		return traffic.Visit{Kind: "explore", Do: func(ctx context.Context) error { return t.explorePage(ctx, nil) }}
	}, nil
}

func writes(ctx context.Context, r *beside) (func() traffic.Visit, error) {
	turning, err := r.turningOf(ctx, r.large)
	t := r.large.town
	return func() traffic.Visit {
		if rand.IntN(2) == 0 {
			return traffic.Visit{Kind: "save a draft", Do: t.saveDraft}
		}
		return traffic.Visit{Kind: "publish or take back", Do: func(ctx context.Context) error { return t.turn(ctx, turning[rand.IntN(len(turning))]) }}
	}, err
}

// pictures reads pages for what pictures they show, at each turn anew: the switch
// is about how these are named.
func pictures(ctx context.Context, r *beside) (func() traffic.Visit, error) {
	t := r.large.town
	var urls []string
	for _, w := range t.works[:min(30, len(t.works))] {
		a, err := t.people.Send(ctx, "GET", w.path(), nil, nil)
		if err != nil {
			return nil, err
		}
		if _, rest, found := strings.Cut(a.Body, `srcset="`); found {
			urls = append(urls, rest[:strings.IndexAny(rest, ` "`)])
		}
	}
	if len(urls) == 0 {
		return nil, errors.New("no page shows a picture")
	}
	return func() traffic.Visit {
		target := urls[rand.IntN(len(urls))]
		return traffic.Visit{Kind: "picture", Do: func(ctx context.Context) error { return t.picture(ctx, target) }}
	}, nil
}

// side is one value of a switch, over all of its turns.
type side struct {
	rates   []float64       // visits per second as fast as answers come
	kinds   *traffic.Report // open loop, at the same rate on both sides
	used    processor       // of n visits as fast as answers come
	n       int
	failed  int
	queries []float64
	hits    []float64
}

// switched is what a trial showed.
type switched struct {
	trial
	back, full side
	rate       float64 // of the open loop
	refused    string  // why it cannot be turned back alone
}

// gain is the median over the turns of how the tier's rate compares with the one
// of the switch turned back.
func (s switched) gain() (mid, least, most float64) {
	all := make([]float64, 0, len(s.full.rates))
	for i := range s.full.rates {
		all = append(all, s.full.rates[i]/s.back.rates[i])
	}
	return middle(all), slices.Min(all), slices.Max(all)
}

// turns is how often each side of a switch is measured, one after the other.
const turns = 2

// mostRate bounds the open loop: above it the generator, which has to unpack and
// read every page, would be what is measured.
const mostRate = 300

// measureSwitches turns one switch after the other back, in turns with the tier
// as it is.
func (r *beside) measureSwitches(ctx context.Context) error {
	for _, t := range trials {
		name, _, _ := strings.Cut(t.set, "=")
		if len(r.conf.only) > 0 && !slices.Contains(r.conf.only, name) {
			continue
		}
		s := switched{trial: t}
		for range turns {
			err := r.turnTo(ctx, t, t.set)
			if refused := (*refusal)(nil); errors.As(err, &refused) {
				s.refused = refused.said
				say("%s alone is refused: %s", t.set, s.refused)
				break
			}
			if err == nil {
				err = r.measureSide(ctx, &s, &s.back)
			}
			if err == nil {
				err = r.turnTo(ctx, t, "")
			}
			if err == nil {
				err = r.measureSide(ctx, &s, &s.full)
			}
			if err != nil {
				return fmt.Errorf("%s: %w", t.set, err)
			}
		}
		r.switches = append(r.switches, s)
		if s.refused != "" {
			if err := r.turnTo(ctx, t, ""); err != nil {
				return err
			}
			continue
		}
		mid, _, _ := s.gain()
		say("%s: %.2f times as many visits with the tier's value", t.set, mid)
	}
	return nil
}

// refusal is what a process said that did not want to run.
type refusal struct{ said string }

// Error is what it said.
func (r *refusal) Error() string { return r.said }

// turnTo starts all processes of Vitrine anew, with one switch set, or none.
func (r *beside) turnTo(ctx context.Context, t trial, set string) error {
	h := r.large
	if err := h.idle(ctx, 2*time.Minute); err != nil {
		return err
	}
	h.town.people.Forget()
	err := h.restart(ctx, func(p *rig.Plan) {
		if p.Env = h.environment(); set != "" {
			p.Env = append(p.Env, set)
		}
	})
	for _, s := range h.top.Processes {
		if err == nil || s.Running() {
			continue
		}
		lines := strings.Split(strings.TrimSpace(s.Said()), "\n")
		return &refusal{lines[len(lines)-1]}
	}
	if err != nil || !t.void {
		return err
	}
	h.top.Redis.Kill()
	return errors.Join(h.top.Redis.Start(ctx), h.pin())
}

// measureSide measures the side that runs: as fast as answers come, and then at a
// rate that both sides can stand.
func (r *beside) measureSide(ctx context.Context, s *switched, one *side) error {
	h := r.large
	next, err := s.next(ctx, r)
	if err != nil {
		return err
	}
	traffic.Closed(ctx, clients, r.conf.slice/2, next) // warms up
	before, err := h.meter(ctx, "")
	if err != nil {
		return err
	}
	rate, kinds := traffic.Closed(ctx, clients, r.conf.slice, next)
	after, err := h.meter(ctx, "")
	if err != nil {
		return err
	}
	all := kinds.All()
	one.rates = append(one.rates, rate)
	one.used, one.n, one.failed = one.used.add(after.used.since(before.used)), one.n+len(all.Took), one.failed+all.Failed+all.Shed
	one.queries, one.hits = append(one.queries, after.perRequest(before)), append(one.hits, after.hitShare(before))
	if s.rate == 0 {
		s.rate = min(max(1, .4*rate), mostRate)
	}
	at, err := openLoop(ctx, s.rate, r.conf.slice*3/2, next)
	if err != nil {
		return err
	}
	if one.kinds == nil {
		one.kinds = traffic.NewReport()
	}
	one.kinds.Join(at)
	say("%.0f/s, %d failed, CPU ms %s, %v", rate, all.Failed+at.All().Failed, after.used.since(before.used).each(len(all.Took)), at.All().Why)
	return nil
}
