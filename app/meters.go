package app

import (
	"github.com/prometheus/client_golang/prometheus"

	"vitrine/app/platform/telemetry"
)

// meter shows what concerns the process as a whole; its parts show themselves.
// docs/metrics.md lists all there is.
func (p *product) meter() {
	room := func(name, help string, of func(telemetry.Disk) int64) prometheus.Collector {
		return prometheus.NewGaugeFunc(prometheus.GaugeOpts{Name: name, Help: help}, func() float64 {
			d, err := telemetry.MeasureDisk(p.dir.root)
			if err != nil {
				return -1
			}
			return float64(of(d))
		})
	}
	about := prometheus.NewGauge(prometheus.GaugeOpts{
		Name: "vitrine_info", Help: "Always 1; its labels say which version runs with which switches.",
		ConstLabels: prometheus.Labels{"tier": p.conf.Tier, "switches": p.conf.Digest(), "version": version()},
	})
	about.Set(1)
	p.metrics.Registry.MustRegister(p.health, about,
		room("vitrine_disk_free_bytes", "Room that is left where DATA_DIR lies; -1 when the system does not say.", func(d telemetry.Disk) int64 { return d.Free }),
		room("vitrine_disk_bytes", "Room there is where DATA_DIR lies; -1 when the system does not say.", func(d telemetry.Disk) int64 { return d.Total }),
	)
}
