package app

import (
	"context"
	"fmt"
	"time"

	"vitrine/app/accounts"
	"vitrine/app/platform/clock"
	"vitrine/app/platform/db"
	"vitrine/app/platform/errlog"
	"vitrine/app/platform/queue"
	"vitrine/app/studios"
	"vitrine/jobs"
	"vitrine/web/admin"
)

// The handle of those who run the installation. It is small, it waits for
// nobody, and nothing else uses it: their pages answer while requests and jobs
// have all connections of their own pools.
const (
	adminPool  = 3 // two for pages, one for the errors that are written
	adminQuery = 3 * time.Second
	adminWait  = time.Second
)

// openAdmin opens that handle, and the list of errors on it.
func (i *infra) openAdmin() error {
	url, err := db.RoleURL(i.owner, db.RoleWorker, i.secret)
	if err != nil {
		return fmt.Errorf("DATABASE_URL: %w", err)
	}
	i.admin, err = db.Open(db.Config{URL: url, MaxConns: adminPool, QueryTimeout: adminQuery, WaitTimeout: adminWait, Clock: clock.System, Tracer: i.traces.QueryTracer(i.log)})
	if err != nil {
		return err
	}
	i.onClose(func(context.Context) error { return i.admin.Close() })
	i.metrics.WatchPool("admin", i.admin.Pool())
	i.errors, err = errlog.New(errlog.Config{DB: i.admin, Version: version(), Sentry: i.conf.Sentry, Clock: clock.System, Log: i.log})
	return err
}

// buildAdmin makes what the pages of administrators ask, and who finds out for
// them who is asking.
func (p *product) buildAdmin() (out admin.Services, err error) {
	out = admin.Over(p.infra.admin, p.outbox, clock.System)
	if out.Studios, err = studios.New(studios.Config{DB: p.infra.admin, Outbox: p.outbox, Recent: p.recent.Dropping()}); err != nil {
		return out, err
	}
	if out.Accounts, err = accounts.New(accounts.Config{DB: p.infra.admin, Outbox: p.outbox, Studios: out.Studios, Secret: p.secret, Recent: p.recent.Dropping()}); err != nil {
		return out, err
	}
	// Hiding a large studio takes longer than this handle gives a page.
	out.Moderation = p.forJobs.moderation
	out.Health, out.Metrics, out.Traces, out.Errors = p.health, p.metrics, p.traces, p.errors
	out.DataDir, out.Version, out.Began = p.dir.root, version(), time.Now()
	out.Firings = func(ctx context.Context) ([]queue.Firing, error) {
		return jobs.Timetable(ctx, p.infra.admin.Read(ctx), clock.System(), jobs.Schedules())
	}
	return out, nil
}

// taskFailed puts a failed attempt into the list of errors.
func (p *product) taskFailed(subscriber string, err error) {
	p.errors.Record(errlog.Task, "task "+subscriber, err)
}

// rememberErrors writes the list of errors until the returned function is
// called, which waits for the last of them.
func (p *product) rememberErrors(ctx context.Context) (stop func()) {
	ctx, cancel := context.WithCancel(ctx)
	written := make(chan struct{})
	go func() {
		defer close(written)
		p.errors.Run(ctx)
	}()
	return func() {
		cancel()
		<-written
	}
}
