package sessioncache

import "github.com/prometheus/client_golang/prometheus"

// What became of a question for a copy.
const (
	hit    = "hit"    // it was given
	unused = "unused" // it is kept, but nobody is given copies yet
	miss   = "miss"   // there is none: the rows are read, and a copy is kept
	away   = "away"   // nobody knows: the rows are read
)

// meters say what the cache is worth.
type meters struct {
	recalled *prometheus.CounterVec
	undone   prometheus.Counter
}

// newMeters counts for a registry; without one nobody reads it.
func newMeters(reg prometheus.Registerer) meters {
	m := meters{
		recalled: prometheus.NewCounterVec(prometheus.CounterOpts{
			Name: "vitrine_sessions_recalled_total",
			Help: "Questions for what is kept of members, by what it is: hit (given), miss (read from the rows and kept), unused (kept, but SESSIONS=fill), away (Redis did not answer).",
		}, []string{"of", "outcome"}),
		undone: prometheus.NewCounter(prometheus.CounterOpts{Name: "vitrine_sessions_undropped_total", Help: "Changes of members whose copies could not be dropped; who made them was told to send them again."}),
	}
	if reg != nil {
		reg.MustRegister(m.recalled, m.undone)
	}
	return m
}
