package limit

import "github.com/prometheus/client_golang/prometheus"

// Who has decided on a turn.
const (
	byRedis  = "redis"
	byMemory = "memory"
)

// newDecided counts who decides. Without a registry nobody reads it.
func newDecided(reg prometheus.Registerer) *prometheus.CounterVec {
	decided := prometheus.NewCounterVec(prometheus.CounterOpts{
		Name: "vitrine_limits_decided_total", Help: "Turns that were asked for, by what decided: redis, or memory while Redis is away.",
	}, []string{"by"})
	for _, by := range []string{byRedis, byMemory} {
		decided.WithLabelValues(by)
	}
	if reg != nil {
		reg.MustRegister(decided)
	}
	return decided
}
