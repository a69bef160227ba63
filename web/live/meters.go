package live

import "github.com/prometheus/client_golang/prometheus"

// meters say how the connections do.
type meters struct {
	held   *prometheus.Desc
	opened prometheus.Counter
	closed *prometheus.CounterVec
	sent   prometheus.Counter
	missed prometheus.Counter
	polls  prometheus.Counter
}

func newMeters() meters {
	return meters{
		held:   prometheus.NewDesc("vitrine_live_sockets", "Open pages that hold a WebSocket.", nil, nil),
		opened: prometheus.NewCounter(prometheus.CounterOpts{Name: "vitrine_live_opened_total", Help: "WebSockets that were opened."}),
		closed: prometheus.NewCounterVec(prometheus.CounterOpts{
			Name: "vitrine_live_closed_total",
			Help: "WebSockets that were closed: left by the page, slow, drained, signed_out, displaced by newer ones, talkative, unavailable.",
		}, []string{"why"}),
		sent:   prometheus.NewCounter(prometheus.CounterOpts{Name: "vitrine_live_sent_total", Help: "Messages that were sent over WebSockets."}),
		missed: prometheus.NewCounter(prometheus.CounterOpts{Name: "vitrine_live_missed_total", Help: "Pages that came back too late and were told to ask for everything."}),
		polls:  prometheus.NewCounter(prometheus.CounterOpts{Name: "vitrine_live_polls_total", Help: "Questions of pages that hold no WebSocket."}),
	}
}

// Describe implements prometheus.Collector.
func (p *Pages) Describe(to chan<- *prometheus.Desc) {
	to <- p.meters.held
	for _, c := range p.meters.all() {
		c.Describe(to)
	}
}

// Collect implements prometheus.Collector.
func (p *Pages) Collect(to chan<- prometheus.Metric) {
	p.mu.Lock()
	held := p.count
	p.mu.Unlock()
	to <- prometheus.MustNewConstMetric(p.meters.held, prometheus.GaugeValue, float64(held))
	for _, c := range p.meters.all() {
		c.Collect(to)
	}
}

func (m meters) all() []prometheus.Collector {
	return []prometheus.Collector{m.opened, m.closed, m.sent, m.missed, m.polls}
}
