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
)

// clients is how many ask at once when a ceiling is looked for: enough to keep
// the product's processors busy, few enough that nobody is refused.
const clients = 8

// figure is what one page cost in one round.
type figure struct {
	rate    float64   // per second
	used    processor // in that round
	n       int       // visits that went well
	queries float64   // per request; negative when the route has no metric
	hits    float64   // of what was asked of the cache; negative when nothing was
}

// compared is a page over all rounds.
type compared struct {
	name   string
	rounds []figure
	failed int
	why    map[string]int
}

// median of one value over the rounds, with the least and the most.
func (c compared) median(of func(figure) float64) (mid, least, most float64) {
	values := make([]float64, 0, len(c.rounds))
	for _, f := range c.rounds {
		values = append(values, of(f))
	}
	return middle(values), slices.Min(values), slices.Max(values)
}

// costs is the processor time of each part for one visit, over all rounds.
func (c compared) costs() string {
	var used processor
	n := 0
	for _, f := range c.rounds {
		used, n = used.add(f.used), n+f.n
	}
	return used.each(n)
}

func rateOf(f figure) float64    { return f.rate }
func queriesOf(f figure) float64 { return f.queries }
func hitsOf(f figure) float64    { return f.hits }

// subject is a page that is compared, with the route pattern of its metric.
type subject struct {
	name, route string
	do          func(ctx context.Context) error
}

func subjects(h *house, t *town) []subject {
	stick := func(path string) func(ctx context.Context) error {
		return func(ctx context.Context) error {
			a, err := t.people.Send(ctx, "GET", h.sticks+path, nil, nil)
			if err == nil && (a.Status != 200 || a.Header.Get("Content-Encoding") != "gzip" || !strings.Contains(a.Body, "srcset=")) {
				err = fmt.Errorf("%s: %d", path, a.Status)
			}
			return err
		}
	}
	anonymous := func(page func(context.Context, *member) error) func(ctx context.Context) error {
		return func(ctx context.Context) error { return page(ctx, nil) }
	}
	first := traffic.New("http://" + h.top.Web()[0].Address)
	return []subject{
		{"memory", "", stick("/memory")},
		{"memory behind the chain", "", stick("/memory/chain")},
		{"floor", "", stick("/floor")},
		{"explore", "/explore", anonymous(t.explorePage)},
		{"work", "/@:studio/:work", anonymous(t.workPage)},
		{"work, one of 100", "/@:studio/:work", anonymous(t.favouritePage)},
		{"work, one of 100, at a process", "/@:studio/:work", t.favouriteAt(first)},
		{"tag", "/t/:tag", anonymous(t.tagPage)},
		{"studio", "/@:studio", anonymous(t.studioPage)},
		{"search", "/search", anonymous(t.searchPage)},
		{"dashboard", "/studio/:slug", t.dashboard},
		{"work, signed in", "/@:studio/:work", func(ctx context.Context) error { return t.workPage(ctx, t.anyMember()) }},
		{"save a draft", "/studio/:slug/new/:key", t.saveDraft},
	}
}

// place is a tier with its people.
type place struct {
	*house
	town *town
}

// comparePages measures each page alone, all of them at all places in each
// round, so that what else the machine does falls on all alike. It gives the
// pages of each place.
func comparePages(ctx context.Context, places ...place) (out [][]compared, err error) {
	c := places[0].conf
	out = make([][]compared, len(places))
	var pages [][]subject
	for i, p := range places {
		pages = append(pages, subjects(p.house, p.town))
		out[i] = make([]compared, len(pages[i]))
	}
	for round := range c.rounds + 1 { // the first one warms up
		for i := range pages[0] {
			for at, p := range places {
				length := c.slice
				if round == 0 {
					length /= 4
				}
				s := pages[at][i]
				f, sum, err := p.measureOne(ctx, s, length)
				if err != nil {
					return nil, err
				}
				if round == 0 {
					continue
				}
				one := &out[at][i]
				one.name, one.why = s.name, sum.Why
				one.rounds = append(one.rounds, f)
				one.failed += sum.Failed + sum.Shed
				say("round %d, %s at %s: %.0f/s, %d failed, CPU ms %s", round, s.name, p.tier, f.rate, sum.Failed+sum.Shed, f.used.each(f.n))
			}
		}
	}
	return out, ctx.Err()
}

func (h *house) measureOne(ctx context.Context, s subject, length time.Duration) (f figure, sum *traffic.Kind, err error) {
	before, err := h.meter(ctx, s.route)
	if err != nil {
		return f, nil, err
	}
	rate, r := traffic.Closed(ctx, clients, length, func() traffic.Visit { return traffic.Visit{Kind: s.name, Do: s.do} })
	after, err := h.meter(ctx, s.route)
	if err != nil {
		return f, nil, err
	}
	sum = r.All()
	return figure{rate: rate, used: after.used.since(before.used), n: len(sum.Took), queries: after.perRequest(before), hits: after.hitShare(before)}, sum, nil
}

// meter is what a tier has counted so far.
type meter struct {
	used                 processor
	statements, requests float64
	hits, asked          float64 // of the cache
}

// meter reads the processor time, and the counters of a route; of all routes
// when it is empty.
func (h *house) meter(ctx context.Context, route string) (m meter, err error) {
	if m.used, err = h.processor(); err != nil {
		return m, err
	}
	sums, err := h.counters(ctx, "vitrine_http_request_queries_sum")
	if err != nil {
		return m, err
	}
	counts, err := h.counters(ctx, "vitrine_http_request_queries_count")
	if err != nil {
		return m, err
	}
	for label, n := range counts {
		if route == "" || label == `{route="`+route+`"}` {
			m.requests += n
			m.statements += sums[label]
		}
	}
	answers, err := h.counters(ctx, "vitrine_cache_answers_total")
	for label, n := range answers {
		m.asked += n
		if strings.Contains(label, `from="hit"`) || strings.Contains(label, `from="shared"`) {
			m.hits += n
		}
	}
	return m, err
}

// perRequest is how many statements a request made since.
func (m meter) perRequest(before meter) float64 {
	if m.requests <= before.requests {
		return -1
	}
	return (m.statements - before.statements) / (m.requests - before.requests)
}

// hitShare is how much of what was asked of the cache since was kept there.
func (m meter) hitShare(before meter) float64 {
	if m.asked <= before.asked {
		return -1
	}
	return (m.hits - before.hits) / (m.asked - before.asked)
}

// mixture is what the mix showed.
type mixture struct {
	ceilings []float64 // per second, of each round
	rate     float64   // of the open loop
	kinds    *traffic.Report
	used     processor
	length   time.Duration
	slowest  []slowQuery     // at that rate
	late     float64         // most megabytes of the process in that time
	disk     *traffic.Kind   // how long a synced write took on the disk of the data in that time
	busy     *traffic.Report // the same rate while photos are made ready to be shown
}

// slowQuery is a statement that took long at least once.
type slowQuery struct {
	Query       string
	Max, Mean   float64 // ms
	Calls       int64
	PerCallRows float64
}

// uploadEvery is how many pages come for one upload.
const uploadEvery = 4000

// mix is the contract's: 80 % anonymous pages, of them 45 works, 20 explore and
// tags, 10 studios, 5 searches; 15 % signed-in reads; 5 % writes.
func (t *town) mix(turning []*shown) func() traffic.Visit {
	return func() traffic.Visit {
		switch n := rand.IntN(100); {
		case n < 45:
			return traffic.Visit{Kind: "work", Do: func(ctx context.Context) error { return t.workPage(ctx, nil) }}
		case n < 57:
			return traffic.Visit{Kind: "explore", Do: func(ctx context.Context) error { return t.explorePage(ctx, nil) }}
		case n < 65:
			return traffic.Visit{Kind: "tag", Do: func(ctx context.Context) error { return t.tagPage(ctx, nil) }}
		case n < 75:
			return traffic.Visit{Kind: "studio", Do: func(ctx context.Context) error { return t.studioPage(ctx, nil) }}
		case n < 80:
			return traffic.Visit{Kind: "search", Do: func(ctx context.Context) error { return t.searchPage(ctx, nil) }}
		case n < 85:
			return traffic.Visit{Kind: "dashboard", Do: t.dashboard}
		case n < 90:
			return traffic.Visit{Kind: "explore, signed in", Do: func(ctx context.Context) error { return t.explorePage(ctx, t.anyMember()) }}
		case n < 95:
			return traffic.Visit{Kind: "work, signed in", Do: func(ctx context.Context) error { return t.workPage(ctx, t.anyMember()) }}
		case n < 97:
			return traffic.Visit{Kind: "publish or take back", Do: func(ctx context.Context) error { return t.turn(ctx, turning[rand.IntN(len(turning))]) }}
		case rand.IntN(uploadEvery/4) == 0: // 4 of 100 visits come here when three are saved
			return traffic.Visit{Kind: "upload, whole", Do: t.uploadPhoto}
		}
		return traffic.Visit{Kind: "save a draft", Do: t.saveDraft}
	}
}

// carryMix finds the ceiling of the mix, and then runs at a part of it.
func (h *house) carryMix(ctx context.Context, next func() traffic.Visit) (m mixture, err error) {
	for range h.conf.rounds {
		ceiling, _ := traffic.Closed(ctx, clients, 2*h.conf.slice, next)
		m.ceilings = append(m.ceilings, ceiling)
		say("The mix reaches %.0f/s.", m.ceilings[len(m.ceilings)-1])
	}
	m.rate = middle(m.ceilings) * h.conf.share
	say("Open loop at %.0f/s for %s, of which %s warm up.", m.rate, h.conf.warm+h.conf.measured, h.conf.warm)
	if _, err := openLoop(ctx, m.rate, h.conf.warm, next); err != nil {
		return m, err
	}
	if err := h.owner.Exec(ctx, "select pg_stat_statements_reset()"); err != nil {
		return m, err
	}
	before, err := h.processor()
	if err != nil {
		return m, err
	}
	m.length = h.conf.measured
	probe := h.probeDisk(ctx)
	var ended error
	peak := h.watchMemory(ctx, func() { m.kinds, ended = openLoop(ctx, m.rate, m.length, next) })
	m.disk = probe()
	m.late = float64(peak) / (1 << 20)
	after, err := h.processor()
	if err = errors.Join(err, ended); err != nil {
		return m, err
	}
	m.used = after.since(before)
	m.slowest, err = rows[slowQuery](ctx, h, `select left(regexp_replace(query, '\s+', ' ', 'g'), 140) as "Query", max_exec_time as "Max", mean_exec_time as "Mean",
		calls as "Calls", rows::float8 / greatest(calls, 1) as "PerCallRows" from pg_stat_statements s join pg_roles r on r.oid = s.userid
		where r.rolname = 'vitrine_app' order by max_exec_time desc limit 8`)
	return m, err
}

// watchMemory gives the most bytes that the processes had resident while fn ran.
func (h *house) watchMemory(ctx context.Context, fn func()) (peak int64) {
	done := make(chan struct{})
	go func() { defer close(done); fn() }()
	for tick := time.NewTicker(50 * time.Millisecond); ; {
		if n, err := h.resident(); err == nil {
			peak = max(peak, n)
		}
		select {
		case <-done:
			tick.Stop()
			return peak
		case <-ctx.Done():
			tick.Stop()
			<-done
			return peak
		case <-tick.C:
		}
	}
}
