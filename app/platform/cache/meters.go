package cache

import "github.com/prometheus/client_golang/prometheus"

// meters say what the cache is worth.
type meters struct {
	answers     *prometheus.CounterVec
	refused     prometheus.Counter
	invalidated prometheus.Counter
	untold      prometheus.Counter
	differing   *prometheus.CounterVec
}

func newMeters(kinds []string) meters {
	m := meters{
		answers: prometheus.NewCounterVec(prometheus.CounterOpts{
			Name: "vitrine_cache_answers_total",
			Help: "Values that were asked for: hit (kept), miss (made), shared (made for another asker of the process), skipped (made for who has just changed something, or nothing is kept), failed.",
		}, []string{"page", "from"}),
		refused:     prometheus.NewCounter(prometheus.CounterOpts{Name: "vitrine_cache_refused_total", Help: "Values that were not kept, since something had changed while they were made."}),
		invalidated: prometheus.NewCounter(prometheus.CounterOpts{Name: "vitrine_cache_invalidated_total", Help: "Subjects that were invalidated."}),
		untold:      prometheus.NewCounter(prometheus.CounterOpts{Name: "vitrine_cache_untold_total", Help: "Invalidations that did not reach Redis; all values are void once it answers."}),
		differing:   prometheus.NewCounterVec(prometheus.CounterOpts{Name: "vitrine_cache_differing_total", Help: "Values that were kept and said something else than what was made: a change that told nobody. CACHE=fill counts them."}, []string{"page"}),
	}
	for _, kind := range kinds {
		m.differing.WithLabelValues(kind)
	}
	return m
}

func (m meters) answered(page string, from From, err error) {
	if err != nil {
		from = "failed"
	}
	m.answers.WithLabelValues(page, string(from)).Inc()
}

func (m meters) all() []prometheus.Collector {
	return []prometheus.Collector{m.answers, m.refused, m.invalidated, m.untold, m.differing}
}

// Describe implements prometheus.Collector.
func (c *Cache) Describe(to chan<- *prometheus.Desc) {
	for _, m := range c.meters.all() {
		m.Describe(to)
	}
}

// Collect implements prometheus.Collector.
func (c *Cache) Collect(to chan<- prometheus.Metric) {
	for _, m := range c.meters.all() {
		m.Collect(to)
	}
}
