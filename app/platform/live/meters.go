package live

import "github.com/prometheus/client_golang/prometheus"

// How telling ended.
const (
	hasTold = "told"
	hasNot  = "untold" // Redis did not answer; all pages are made to ask once it does
)

// newTold counts for a registry; without one nobody reads it.
func newTold(reg prometheus.Registerer) *prometheus.CounterVec {
	out := prometheus.NewCounterVec(prometheus.CounterOpts{
		Name: "vitrine_live_told_total", Help: "Live messages of this process by outcome: told, or untold since Redis did not answer.",
	}, []string{"outcome"})
	for _, outcome := range []string{hasTold, hasNot} {
		out.WithLabelValues(outcome)
	}
	if reg != nil {
		reg.MustRegister(out)
	}
	return out
}
