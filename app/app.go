// Package app puts Vitrine together. This file is the composition root: the
// only place that knows every context, and where a switch picks an
// implementation.
package app

import (
	"context"
	"net/url"

	"vitrine/app/platform/bus"
	"vitrine/app/platform/clock"
	"vitrine/app/platform/queue"
	"vitrine/app/platform/telemetry"
	"vitrine/jobs"
	"vitrine/web"
)

// product is everything that one process runs.
type product struct {
	*infra
	outbox *bus.Outbox
	queue  queue.Queue
	jobs   *jobs.Runner
	health *telemetry.Health
	web    *web.Server
}

// newProduct builds the product on its infrastructure. Nothing is reached and
// nothing runs yet.
func newProduct(i *infra) (*product, error) {
	p := &product{infra: i, outbox: bus.NewOutbox()}
	p.health = telemetry.NewHealth(i.log,
		telemetry.Check{Name: "database", Run: i.app.Ping},
		telemetry.Check{Name: "files", Run: i.blobs.Check},
		telemetry.Check{Name: "media tools", Run: i.tools.Check},
	)
	if err := p.buildJobs(); err != nil {
		return nil, err
	}
	return p, p.buildWeb()
}

// buildJobs makes what happens later. Its services use the worker's handle.
func (p *product) buildJobs() (err error) {
	handlers := jobs.Handlers{Retention: jobs.Retention{DB: p.worker}}
	p.queue, err = queue.Open(queue.Config{
		Kind: p.conf.Switches["DELIVERY"], DB: p.worker, Outbox: p.outbox,
		Subscriptions: handlers.Subscriptions(), Concurrency: map[string]int{queue.Media: p.conf.MediaWorkers},
		Drain: p.conf.Drain, Log: p.log, Metrics: p.metrics.Registry,
	})
	if err != nil {
		return err
	}
	p.jobs, err = jobs.New(jobs.Config{Queue: p.queue, DB: p.worker, Outbox: p.outbox, Schedules: jobs.Schedules(), Log: p.log})
	return err
}

// buildWeb makes what people meet. Its services use the app's handle.
func (p *product) buildWeb() error {
	base, err := url.Parse(p.conf.BaseURL)
	if err != nil {
		return err
	}
	proxies, err := p.conf.proxies()
	if err != nil {
		return err
	}
	p.web, err = web.New(web.Config{BaseURL: base, TrustedProxies: proxies, Dev: p.conf.Dev, Log: p.log, Clock: clock.System},
		web.Services{Metrics: p.metrics, Health: p.health})
	return err
}

// announce says where the site is.
func (p *product) announce(context.Context) {
	p.say("\n  Vitrine is open at %s\n", p.conf.BaseURL)
}
