package telemetry

import (
	"database/sql"
	"net/http"
	"strconv"
	"time"

	"github.com/prometheus/client_golang/prometheus"
	"github.com/prometheus/client_golang/prometheus/collectors"
	"github.com/prometheus/client_golang/prometheus/promhttp"
)

// Metrics is the process's own registry and what is counted for each request.
type Metrics struct {
	Registry *prometheus.Registry
	pools    []watched

	requests *prometheus.CounterVec
	seconds  *prometheus.HistogramVec
	queries  *prometheus.HistogramVec
	inFlight prometheus.Gauge
	shed     *prometheus.CounterVec
	limited  *prometheus.CounterVec
}

// NewMetrics makes a registry with the process's, Go's and the requests' metrics.
func NewMetrics() *Metrics {
	m := &Metrics{
		Registry: prometheus.NewRegistry(),
		requests: prometheus.NewCounterVec(prometheus.CounterOpts{Name: "vitrine_http_requests_total", Help: "Requests by method, route pattern and status."}, []string{"method", "route", "status"}),
		seconds: prometheus.NewHistogramVec(prometheus.HistogramOpts{
			Name: "vitrine_http_request_seconds", Help: "Server time of requests by method and route pattern.",
			// 112 ms and 250 ms are the objectives at p95 and p99.
			Buckets: []float64{.005, .01, .025, .05, .075, .112, .15, .25, .5, 1, 2.5, 5, 10},
		}, []string{"method", "route"}),
		queries: prometheus.NewHistogramVec(prometheus.HistogramOpts{
			Name: "vitrine_http_request_queries", Help: "Database statements of a request by route pattern.", Buckets: []float64{0, 1, 2, 3, 5, 8, 13, 21},
		}, []string{"route"}),
		inFlight: prometheus.NewGauge(prometheus.GaugeOpts{Name: "vitrine_http_requests_in_flight", Help: "Requests being answered."}),
		shed:     prometheus.NewCounterVec(prometheus.CounterOpts{Name: "vitrine_http_requests_shed_total", Help: "Requests refused because their class was full."}, []string{"class"}),
		limited:  prometheus.NewCounterVec(prometheus.CounterOpts{Name: "vitrine_http_requests_limited_total", Help: "Requests refused because somebody asked too often, by class of limit."}, []string{"class"}),
	}
	m.Registry.MustRegister(collectors.NewGoCollector(), collectors.NewProcessCollector(collectors.ProcessCollectorOpts{}),
		m.requests, m.seconds, m.queries, m.inFlight, m.shed, m.limited)
	return m
}

// WatchPool adds the statistics of a database pool ("app", "worker"), before
// anything is served.
func (m *Metrics) WatchPool(name string, pool *sql.DB) {
	m.Registry.MustRegister(collectors.NewDBStatsCollector(pool, name))
	m.pools = append(m.pools, watched{name, pool})
}

// Request counts a request from its beginning. The returned function is called
// with its end: the route is the pattern, never the URL, and "unmatched" when
// there is none; work may be nil.
func (m *Metrics) Request() func(method, route string, status int, work *Work) {
	began := time.Now()
	m.inFlight.Inc()
	return func(method, route string, status int, work *Work) {
		m.inFlight.Dec()
		method = knownMethod(method)
		m.requests.WithLabelValues(method, route, strconv.Itoa(status)).Inc()
		m.seconds.WithLabelValues(method, route).Observe(time.Since(began).Seconds())
		if work != nil {
			m.queries.WithLabelValues(route).Observe(float64(work.Queries.Load()))
		}
	}
}

// Shed counts a request that was refused because its class was full.
func (m *Metrics) Shed(class string) { m.shed.WithLabelValues(class).Inc() }

// Limited counts a request that was refused because somebody asked too often.
func (m *Metrics) Limited(class string) { m.limited.WithLabelValues(class).Inc() }

// Handler shows the registry in Prometheus's format. A collector that fails
// does not hide the others.
func (m *Metrics) Handler() http.Handler {
	return promhttp.HandlerFor(m.Registry, promhttp.HandlerOpts{ErrorHandling: promhttp.ContinueOnError, MaxRequestsInFlight: 4, Timeout: 10 * time.Second})
}

// knownMethod keeps a stranger from making a time series for each invented
// method.
func knownMethod(method string) string {
	switch method {
	case http.MethodGet, http.MethodHead, http.MethodPost, http.MethodPut, http.MethodPatch, http.MethodDelete, http.MethodOptions:
		return method
	}
	return "other"
}
