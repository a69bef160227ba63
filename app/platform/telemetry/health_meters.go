package telemetry

import (
	"context"

	"github.com/prometheus/client_golang/prometheus"
)

var (
	ready  = prometheus.NewDesc("vitrine_ready", "1 while the process takes requests, 0 while it starts or drains.", nil, nil)
	partUp = prometheus.NewDesc("vitrine_part_up", "1 when a part of the system works, as on /up; it is asked when this is read, and has a second to answer.", []string{"part"}, nil)
)

// Describe implements prometheus.Collector.
func (*Health) Describe(to chan<- *prometheus.Desc) {
	to <- ready
	to <- partUp
}

// Collect implements prometheus.Collector.
func (h *Health) Collect(to chan<- prometheus.Metric) {
	gauge := func(d *prometheus.Desc, is bool, labels ...string) {
		v := 0.0
		if is {
			v = 1
		}
		to <- prometheus.MustNewConstMetric(d, prometheus.GaugeValue, v, labels...)
	}
	gauge(ready, h.State() == Ready)
	for _, p := range h.Parts(context.Background()) {
		gauge(partUp, p.OK, p.Name)
	}
}
