package blob

import "github.com/prometheus/client_golang/prometheus"

var storeAway = prometheus.NewDesc("vitrine_store_away", "1 while the object store is taken for away, and nobody asks it.", []string{"store"}, nil)

// Describe implements prometheus.Collector.
func (s *Set) Describe(to chan<- *prometheus.Desc) { to <- storeAway }

// Collect implements prometheus.Collector: of the stores that can be away.
func (s *Set) Collect(to chan<- prometheus.Metric) {
	for _, one := range s.all {
		b, remote := one.(*bucket)
		if !remote {
			continue
		}
		away := 0.0
		if b.away() {
			away = 1
		}
		to <- prometheus.MustNewConstMetric(storeAway, prometheus.GaugeValue, away, b.Name())
	}
}
