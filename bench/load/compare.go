package main

import (
	"context"
	"errors"
	"fmt"
	"runtime"
	"time"

	"vitrine/bench/proc"
	"vitrine/bench/traffic"
)

// allParts is what is measured of a tier beside 1k.
var allParts = []string{"pages", "ceiling", "switches", "media"}

// compareTiers measures a tier beside 1k. What is measured is written at once, so
// that a run that ends early has said what it knew.
func compareTiers(ctx context.Context, c config) (err error) {
	r := &beside{report: report{conf: c, began: time.Now()}}
	var places []place
	defer func() {
		for _, p := range places {
			err = errors.Join(err, p.close(ctx))
		}
	}()
	for _, tier := range []string{"1k", c.tier} {
		h, err := open(ctx, c, tier)
		if err != nil {
			return err
		}
		places = append(places, place{house: h})
		if places[len(places)-1].town, err = newTown(ctx, h); err != nil {
			return err
		}
	}
	r.small, r.large = places[0], places[1]
	steps := map[string]func(context.Context) error{"pages": r.measurePages, "ceiling": r.measureCeiling, "switches": r.measureSwitches, "media": r.measureMedia}
	for _, part := range c.parts {
		if err := steps[part](ctx); err != nil {
			return fmt.Errorf("%s: %w", part, err)
		}
		if err := r.write(); err != nil {
			return err
		}
	}
	for _, p := range places {
		lost, err := p.audit(ctx, p.town)
		if err != nil {
			return err
		}
		r.lost = append(r.lost, lost)
	}
	return r.write()
}

// beside is a run over two tiers.
type beside struct {
	report
	small, large place
	pages        [][]compared // of each
	ceilings     [2]reached
	levels       []level
	switches     []switched
	media        []gallery
	lost         []missing
	turning      map[string][]*shown // by tier
}

func (r *beside) measurePages(ctx context.Context) (err error) {
	r.pages, err = comparePages(ctx, r.small, r.large)
	return err
}

// mixOf is the mix of a place.
func (r *beside) mixOf(ctx context.Context, p place) (func() traffic.Visit, error) {
	turning, err := r.turningOf(ctx, p)
	return p.town.mix(turning), err
}

func (r *beside) turningOf(ctx context.Context, p place) (turning []*shown, err error) {
	if r.turning[p.tier] == nil {
		if turning, err = p.borrowTurning(ctx, p.town, 40); err != nil {
			return nil, err
		}
		if r.turning == nil {
			r.turning = map[string][]*shown{}
		}
		r.turning[p.tier] = turning
	}
	return r.turning[p.tier], nil
}

// reached is the ceiling of a place.
type reached struct {
	rates     []float64 // visits per second, of each run
	length    time.Duration
	used      processor // in all of that
	generator time.Duration
	failed    int
	why       map[string]int
}

// level is an open loop at a part of 1k's ceiling.
type level struct {
	tier     string
	share    float64
	rate     float64
	kinds    *traffic.Report
	used     processor
	queries  float64
	hits     float64 // of what was asked of the cache
	repeated int64   // visits without a session that asked for what another had asked for in this run
	kept     float64 // answers of the cache in that time
}

// runs is how often a ceiling is looked for.
const runs = 3

// measureCeiling lets clients go as fast as answers come, in turns at both
// tiers, and then holds both to what 1k can do.
func (r *beside) measureCeiling(ctx context.Context) error {
	places := []place{r.small, r.large}
	var mixes []func() traffic.Visit
	for _, p := range places {
		next, err := r.mixOf(ctx, p)
		if err != nil {
			return err
		}
		mixes = append(mixes, next)
		say("Warming up %s.", p.tier)
		traffic.Closed(ctx, clients, r.conf.warm, next)
	}
	for range runs {
		for i, p := range places {
			if err := r.ceilings[i].reach(ctx, p, 2*r.conf.slice, mixes[i]); err != nil {
				return err
			}
		}
	}
	at := middle(r.ceilings[0].rates)
	for _, step := range []struct {
		share float64
		place int
	}{{.8, 0}, {.8, 1}, {1, 1}} {
		l, err := places[step.place].hold(ctx, step.share*at, r.conf.level, mixes[step.place])
		if err != nil {
			return err
		}
		l.share = step.share
		r.levels = append(r.levels, l)
	}
	return nil
}

func (c *reached) reach(ctx context.Context, p place, length time.Duration, next func() traffic.Visit) error {
	before, err := p.processor()
	if err != nil {
		return err
	}
	own, began := proc.Self(), time.Now()
	rate, kinds := traffic.Closed(ctx, clients, length, next)
	c.length += time.Since(began)
	c.generator += proc.Self() - own
	after, err := p.processor()
	if err != nil {
		return err
	}
	all := kinds.All()
	c.rates, c.used = append(c.rates, rate), c.used.add(after.since(before))
	c.failed, c.why = c.failed+all.Failed+all.Shed, all.Why
	say("The mix reaches %.0f/s at %s, %d failed.", rate, p.tier, all.Failed+all.Shed)
	return ctx.Err()
}

// hold runs a mix at a rate.
func (p place) hold(ctx context.Context, rate float64, length time.Duration, next func() traffic.Visit) (l level, err error) {
	say("Open loop at %.0f/s for %s at %s.", rate, length, p.tier)
	before, err := p.meter(ctx, "")
	if err != nil {
		return l, err
	}
	asked := p.town.repeated.Load()
	l = level{tier: p.tier, rate: rate}
	if l.kinds, err = openLoop(ctx, rate, length, next); err != nil {
		return l, err
	}
	after, err := p.meter(ctx, "")
	l.used, l.queries, l.hits = after.used.since(before.used), after.perRequest(before), after.hitShare(before)
	l.repeated, l.kept = p.town.repeated.Load()-asked, after.hits-before.hits
	return l, err
}

// processors is how many the product has.
func (c config) processors() int {
	if n := runtime.NumCPU(); c.serverCPUs != "" {
		return n / 2
	}
	return runtime.NumCPU()
}

// bottleneck names what was used up at the ceiling.
func (c reached) bottleneck(conf config) string {
	var most string
	for name, d := range c.used {
		if most == "" || d > c.used[most] {
			most = name
		}
	}
	all := c.length.Seconds() * float64(conf.processors())
	share := c.used.sum().Seconds() / all
	own := c.generator.Seconds() / c.length.Seconds() / float64(runtime.GOMAXPROCS(0))
	text := fmt.Sprintf("the parts use %.0f %% of the product's processors, most of it %s (%.0f %%); the generator uses %.0f %% of its own", share*100, most, c.used[most].Seconds()/all*100, own*100)
	switch {
	case share > .85:
		return "processors, " + most + " first: " + text
	case own > .85:
		return "the generator: " + text
	}
	return "waiting, no processor is full: " + text
}
