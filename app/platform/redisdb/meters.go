package redisdb

import (
	"github.com/prometheus/client_golang/prometheus"
	"github.com/redis/go-redis/v9"
)

// Watch shows how a client uses its connections, as those of a pool ("shared",
// "tasks"), and whether Redis is taken for away there.
func Watch(pool string, client *redis.Client, away func() bool) prometheus.Collector {
	of := prometheus.Labels{"pool": pool}
	return watch{client, away, figures{
		connections: prometheus.NewDesc("vitrine_redis_connections", "Connections to Redis by pool: in_use, idle, and listening, which is beyond the most.", []string{"state"}, of),
		most:        prometheus.NewDesc("vitrine_redis_connections_most", "Connections that a pool may have at most, besides those that listen.", nil, of),
		waits:       prometheus.NewDesc("vitrine_redis_waits_total", "Commands that waited for a connection.", nil, of),
		waited:      prometheus.NewDesc("vitrine_redis_wait_seconds_total", "Time that commands waited for a connection.", nil, of),
		timeouts:    prometheus.NewDesc("vitrine_redis_timeouts_total", "Commands that got no connection in time.", nil, of),
		away:        prometheus.NewDesc("vitrine_redis_away", "1 while Redis is taken for away, and its work is done without it.", nil, of),
	}}
}

type figures struct{ connections, most, waits, waited, timeouts, away *prometheus.Desc }

type watch struct {
	client *redis.Client
	away   func() bool
	is     figures
}

// Describe implements prometheus.Collector.
func (w watch) Describe(to chan<- *prometheus.Desc) {
	for _, d := range []*prometheus.Desc{w.is.connections, w.is.most, w.is.waits, w.is.waited, w.is.timeouts, w.is.away} {
		to <- d
	}
}

// Collect implements prometheus.Collector.
func (w watch) Collect(to chan<- prometheus.Metric) {
	s := w.client.PoolStats()
	gauge := func(d *prometheus.Desc, v float64, labels ...string) {
		to <- prometheus.MustNewConstMetric(d, prometheus.GaugeValue, v, labels...)
	}
	count := func(d *prometheus.Desc, v float64) {
		to <- prometheus.MustNewConstMetric(d, prometheus.CounterValue, v)
	}
	gauge(w.is.connections, float64(s.TotalConns)-float64(s.IdleConns), "in_use")
	gauge(w.is.connections, float64(s.IdleConns), "idle")
	gauge(w.is.connections, float64(s.PubSubStats.Active), "listening")
	gauge(w.is.most, float64(w.client.Options().PoolSize))
	count(w.is.waits, float64(s.WaitCount))
	count(w.is.waited, float64(s.WaitDurationNs)/1e9)
	count(w.is.timeouts, float64(s.Timeouts))
	away := 0.0
	if w.away() {
		away = 1
	}
	gauge(w.is.away, away)
}
