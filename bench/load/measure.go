package main

import (
	"context"
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"time"
)

// clients is how many ask at once when a ceiling is looked for: enough to keep
// the product's processors busy, few enough that nobody is refused.
const clients = 8

// figure is what one page cost in one round.
type figure struct {
	rate     float64 // per second
	vitrine  float64 // ms of processor time of the process per request
	postgres float64 // ms of processor time of the database per request
}

// compared is a page over all rounds.
type compared struct {
	name    string
	rounds  []figure
	queries float64 // per request; negative when the route has no metric
	failed  int
	why     map[string]int
}

// median of one value over the rounds, with the least and the most.
func (c compared) median(of func(figure) float64) (mid, least, most float64) {
	values := make([]float64, 0, len(c.rounds))
	for _, f := range c.rounds {
		values = append(values, of(f))
	}
	slices.Sort(values)
	return values[len(values)/2], values[0], values[len(values)-1]
}

// subject is a page that is compared, with the route pattern of its metric.
type subject struct {
	name, route string
	do          func(ctx context.Context) error
}

func subjects(h *house, t *town) []subject {
	stick := func(path string) func(ctx context.Context) error {
		return func(ctx context.Context) error {
			a, err := t.send(ctx, "GET", h.sticks+path, nil, nil)
			if err == nil && (a.status != 200 || a.header.Get("Content-Encoding") != "gzip" || !strings.Contains(a.body, "srcset=")) {
				err = fmt.Errorf("%s: %d", path, a.status)
			}
			return err
		}
	}
	anonymous := func(page func(context.Context, *member) error) func(ctx context.Context) error {
		return func(ctx context.Context) error { return page(ctx, nil) }
	}
	return []subject{
		{"memory", "", stick("/memory")},
		{"memory behind the chain", "", stick("/memory/chain")},
		{"floor", "", stick("/floor")},
		{"explore", "/explore", anonymous(t.explorePage)},
		{"work", "/@:studio/:work", anonymous(t.workPage)},
		{"tag", "/t/:tag", anonymous(t.tagPage)},
		{"studio", "/@:studio", anonymous(t.studioPage)},
		{"search", "/search", anonymous(t.searchPage)},
		{"dashboard", "/studio/:slug", t.dashboard},
		{"work, signed in", "/@:studio/:work", func(ctx context.Context) error { return t.workPage(ctx, t.anyMember()) }},
		{"save a draft", "/studio/:slug/new/:key", t.saveDraft},
	}
}

// comparePages measures each page alone, all of them in each round, so that
// what else the machine does falls on all alike.
func comparePages(ctx context.Context, h *house, t *town) (out []compared, err error) {
	all := subjects(h, t)
	out = make([]compared, len(all))
	for round := range h.conf.rounds + 1 { // the first one warms up
		for i, s := range all {
			length := h.conf.slice
			if round == 0 {
				length /= 4
			}
			f, queries, sum, err := measureOne(ctx, h, s, length)
			if err != nil {
				return nil, err
			}
			if round == 0 {
				continue
			}
			c := &out[i]
			c.name, c.queries, c.why = s.name, queries, sum.why
			c.rounds = append(c.rounds, f)
			c.failed += sum.failed + sum.shed
			say("round %d, %s: %.0f/s, %.2f ms of vitrine, %.2f ms of PostgreSQL, %d failed", round, s.name, f.rate, f.vitrine, f.postgres, sum.failed+sum.shed)
		}
	}
	return out, ctx.Err()
}

func measureOne(ctx context.Context, h *house, s subject, length time.Duration) (f figure, queries float64, sum *tally, err error) {
	before, err := h.processor()
	if err != nil {
		return f, 0, nil, err
	}
	asked, err := h.queries(ctx, s.route)
	if err != nil {
		return f, 0, nil, err
	}
	t := newTallies()
	f.rate = closedLoop(ctx, clients, length, func() visit { return visit{s.name, s.do} }, t)
	after, err := h.processor()
	if err != nil {
		return f, 0, nil, err
	}
	used := after.since(before)
	sum = t.all()
	n := float64(max(1, len(sum.took)))
	f.vitrine, f.postgres = used.vitrine.Seconds()*1000/n, used.postgres.Seconds()*1000/n
	queries = -1
	if s.route != "" {
		now, err := h.queries(ctx, s.route)
		if err != nil {
			return f, 0, nil, err
		}
		queries = now.since(asked)
	}
	return f, queries, sum, nil
}

// asked is how many statements how many requests of a route have made.
type asked struct{ statements, requests float64 }

// since is the statements per request in between.
func (a asked) since(b asked) float64 {
	return (a.statements - b.statements) / max(1, a.requests-b.requests)
}

func (h *house) queries(ctx context.Context, route string) (a asked, err error) {
	if route == "" {
		return a, nil
	}
	label := `{route="` + route + `"}`
	sums, err := h.counters(ctx, "vitrine_http_request_queries_sum")
	if err != nil {
		return a, err
	}
	counts, err := h.counters(ctx, "vitrine_http_request_queries_count")
	return asked{sums[label], counts[label]}, err
}

// mixture is what the mix showed.
type mixture struct {
	ceilings []float64 // per second, of each round
	rate     float64   // of the open loop
	kinds    *tallies
	used     processor
	length   time.Duration
	slowest  []slowQuery // at that rate
	late     float64     // most megabytes of the process in that time
	disk     *tally      // how long a synced write took on the disk of the data in that time
	busy     *tallies    // the same rate while photos are made ready to be shown
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
func (t *town) mix(turning []*shown) func() visit {
	return func() visit {
		switch n := rand.IntN(100); {
		case n < 45:
			return visit{"work", func(ctx context.Context) error { return t.workPage(ctx, nil) }}
		case n < 57:
			return visit{"explore", func(ctx context.Context) error { return t.explorePage(ctx, nil) }}
		case n < 65:
			return visit{"tag", func(ctx context.Context) error { return t.tagPage(ctx, nil) }}
		case n < 75:
			return visit{"studio", func(ctx context.Context) error { return t.studioPage(ctx, nil) }}
		case n < 80:
			return visit{"search", func(ctx context.Context) error { return t.searchPage(ctx, nil) }}
		case n < 85:
			return visit{"dashboard", t.dashboard}
		case n < 90:
			return visit{"explore, signed in", func(ctx context.Context) error { return t.explorePage(ctx, t.anyMember()) }}
		case n < 95:
			return visit{"work, signed in", func(ctx context.Context) error { return t.workPage(ctx, t.anyMember()) }}
		case n < 97:
			return visit{"publish or take back", func(ctx context.Context) error { return t.turn(ctx, turning[rand.IntN(len(turning))]) }}
		case rand.IntN(uploadEvery/4) == 0: // 4 of 100 visits come here when three are saved
			return visit{"upload, whole", t.uploadPhoto}
		}
		return visit{"save a draft", t.saveDraft}
	}
}

// carryMix finds the ceiling of the mix, and then runs at a part of it.
func (h *house) carryMix(ctx context.Context, next func() visit) (m mixture, err error) {
	for range h.conf.rounds {
		m.ceilings = append(m.ceilings, closedLoop(ctx, clients, 2*h.conf.slice, next, newTallies()))
		say("The mix reaches %.0f/s.", m.ceilings[len(m.ceilings)-1])
	}
	sorted := slices.Sorted(slices.Values(m.ceilings))
	m.rate = sorted[len(sorted)/2] * h.conf.share
	say("Open loop at %.0f/s for %s, of which %s warm up.", m.rate, h.conf.warm+h.conf.measured, h.conf.warm)
	openLoop(ctx, m.rate, h.conf.warm, next, newTallies())
	if err := h.owner.Exec(ctx, "select pg_stat_statements_reset()"); err != nil {
		return m, err
	}
	before, err := h.processor()
	if err != nil {
		return m, err
	}
	m.kinds, m.length = newTallies(), h.conf.measured
	probe := h.probeDisk(ctx)
	peak := h.watchMemory(ctx, func() { openLoop(ctx, m.rate, m.length, next, m.kinds) })
	m.disk = probe()
	m.late = float64(peak) / (1 << 20)
	after, err := h.processor()
	if err != nil {
		return m, err
	}
	m.used = after.since(before)
	m.slowest, err = rows[slowQuery](ctx, h, `select left(regexp_replace(query, '\s+', ' ', 'g'), 140) as "Query", max_exec_time as "Max", mean_exec_time as "Mean",
		calls as "Calls", rows::float8 / greatest(calls, 1) as "PerCallRows" from pg_stat_statements s join pg_roles r on r.oid = s.userid
		where r.rolname = 'vitrine_app' order by max_exec_time desc limit 8`)
	return m, err
}

// watchMemory gives the most bytes that the process had resident while fn ran.
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
