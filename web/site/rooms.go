package site

import "github.com/prometheus/client_golang/prometheus"

var (
	roomRequests = prometheus.NewDesc("vitrine_http_room_requests", "Requests in a room, by class.", []string{"class"}, nil)
	roomPlaces   = prometheus.NewDesc("vitrine_http_room_places", "Requests that a room holds, by class.", []string{"class"}, nil)
	roomWaits    = prometheus.NewDesc("vitrine_http_room_waits_total", "Waits for a connection of a room's share, by class.", []string{"class"}, nil)
	roomWaited   = prometheus.NewDesc("vitrine_http_room_wait_seconds_total", "Time waited for a connection of a room's share, by class.", []string{"class"}, nil)
)

// Rooms shows how full the rooms are, and how long people wait in them.
func (s *Site) Rooms() prometheus.Collector { return s.gate }

// Describe implements prometheus.Collector.
func (*gate) Describe(to chan<- *prometheus.Desc) {
	for _, d := range []*prometheus.Desc{roomRequests, roomPlaces, roomWaits, roomWaited} {
		to <- d
	}
}

// Collect implements prometheus.Collector.
func (g *gate) Collect(to chan<- prometheus.Metric) {
	for r := range g {
		name := Room(r).String()
		if g[r].places == 0 || name == "" {
			continue
		}
		to <- prometheus.MustNewConstMetric(roomRequests, prometheus.GaugeValue, float64(g[r].inside.Load()), name)
		to <- prometheus.MustNewConstMetric(roomPlaces, prometheus.GaugeValue, float64(g[r].places), name)
		if g[r].share != nil {
			times, in := g[r].share.Waited()
			to <- prometheus.MustNewConstMetric(roomWaits, prometheus.CounterValue, float64(times), name)
			to <- prometheus.MustNewConstMetric(roomWaited, prometheus.CounterValue, in.Seconds(), name)
		}
	}
}
