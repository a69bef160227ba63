package app

import (
	"context"
	"time"

	"github.com/prometheus/client_golang/prometheus"

	"vitrine/app/analytics"
	"vitrine/app/platform/clock"
	"vitrine/app/platform/db"
)

// analytics is what tells studios how they do, on a handle.
func (p *product) analytics(d *db.DB, c contexts) *analytics.Service {
	return analytics.New(analytics.Config{DB: d, Outbox: p.outbox, Studios: c.studios, Media: c.media, Clock: clock.System, Log: p.log})
}

// buildViews makes what takes views in this process, and what tells how many.
func (p *product) buildViews() {
	p.views = analytics.NewRecorder(analytics.RecorderConfig{DB: p.app, Secret: p.secret, Clock: clock.System, Log: p.log})
	count := func(name, help string, of func(c analytics.Counts) int64) prometheus.Collector {
		return prometheus.NewCounterFunc(prometheus.CounterOpts{Name: name, Help: help}, func() float64 { return float64(of(p.views.Counts())) })
	}
	p.metrics.Registry.MustRegister(
		count("vitrine_views_taken_total", "Views that were taken.", func(c analytics.Counts) int64 { return c.Taken }),
		count("vitrine_views_written_total", "Views that are in the database.", func(c analytics.Counts) int64 { return c.Written }),
		count("vitrine_views_dropped_total", "Views that found no room in memory.", func(c analytics.Counts) int64 { return c.Dropped }),
	)
}

// saltTime is how long a process waits for the salts of views before it answers.
const saltTime = 2 * time.Second

// takeViews writes views until the returned function is called, which writes what
// is left. It is called when no request is on its way any more.
func (p *product) takeViews(ctx context.Context) (stop func()) {
	p.prepareViews(ctx)
	ctx, cancel := context.WithCancel(ctx)
	written := make(chan struct{})
	go func() {
		defer close(written)
		p.views.Run(ctx)
	}()
	return func() {
		cancel()
		<-written
	}
}

// prepareViews lets the first visitor be counted. Without a database, nobody waits
// for that.
func (p *product) prepareViews(ctx context.Context) {
	ctx, cancel := context.WithTimeout(ctx, saltTime)
	defer cancel()
	_ = p.views.Prepare(ctx) // Run tries again, and says what fails for long
}
