package app

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net"
	"net/http"
	"runtime/debug"
	"strconv"
	"syscall"
	"time"

	"vitrine/app/platform/db"
	"vitrine/app/platform/telemetry"
)

// How the public port guards itself against slow clients. Uploads send 8 MiB
// at a time and may be slow; handlers of pages have a shorter time of their own.
const (
	headerTime = 10 * time.Second
	idleTime   = 2 * time.Minute
	headerSize = 64 << 10 // bytes
)

// migrateRetry is how long to wait before a database that could not be reached
// at the start is tried again.
const migrateRetry = 2 * time.Second

// outdatedRetry is how long to wait before a schema that somebody else migrates
// is looked at again, also while the database is away: when it comes back with an
// old one, no page may be answered from that.
const outdatedRetry = 250 * time.Millisecond

// serve runs the product until ctx ends, then drains: balancers are told, and
// answered for a while yet; then no new requests, those in flight and running
// tasks finish or are given back, and the database is last.
func serve(ctx context.Context, c Config, args []string, out io.Writer) (err error) {
	r, err := parseRoles(c, args, out)
	if err != nil {
		return err
	}
	var listener net.Listener // of the role web
	if r.web {
		// The port first: that it is taken is known before anything is started.
		if listener, err = listen(ctx, c); err != nil {
			return err
		}
		defer func() { _ = listener.Close() }()
	}
	i, err := openInfra(ctx, c, out)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, i.close(context.WithoutCancel(ctx))) }()
	p, err := newProduct(i, r)
	if err != nil {
		return err
	}
	return p.run(ctx, listener)
}

func listen(ctx context.Context, c Config) (net.Listener, error) {
	addr := net.JoinHostPort(c.Host, strconv.Itoa(c.Port))
	l, err := new(net.ListenConfig).Listen(ctx, "tcp", addr)
	if errors.Is(err, syscall.EADDRINUSE) {
		return nil, fmt.Errorf("port %d is taken by another program; end that one, or choose another port: PORT=%d", c.Port, c.Port+1)
	}
	if errors.Is(err, syscall.EACCES) {
		return nil, fmt.Errorf("port %d needs rights that this user does not have; choose one above 1024, such as PORT=8080", c.Port)
	}
	if err != nil {
		return nil, fmt.Errorf("listening on %s: %w", addr, err)
	}
	return l, nil
}

// run starts the parts and waits for the end. listener is the public port's,
// nil without the role web.
func (p *product) run(ctx context.Context, listener net.Listener) error {
	parts, cancel := context.WithCancel(context.WithoutCancel(ctx))
	defer cancel()
	ended := make(chan error, 3) // one for each port
	defer p.rememberErrors(parts)()
	if err := p.serveAdmin(parts, ended); err != nil {
		return err
	}
	shut := func(context.Context) {}
	if p.roles.web {
		if err := p.serveYardsticks(parts, ended); err != nil {
			return err
		}
		defer p.takeViews(parts)()
		shut = p.servePages(parts, listener, ended)
	}
	working := make(chan struct{})
	jobsCtx, stopJobs := context.WithCancel(parts)
	defer stopJobs()
	go func() {
		defer close(working)
		p.work(jobsCtx)
	}()
	var failed error
	select {
	case <-ctx.Done():
		p.say("Stopping.")
	case failed = <-ended:
	}
	p.health.SetDraining()
	stopJobs()
	if failed == nil {
		failed = p.linger(ended)
	}
	drain, end := context.WithTimeout(parts, p.conf.Drain)
	defer end()
	shut(drain)
	<-working
	return failed
}

// linger answers on while the balancer has not noticed yet that /readyz says no:
// a port that is closed too early fails whoever is still sent there.
func (p *product) linger(ended <-chan error) error {
	if !p.roles.web || p.conf.Grace == 0 {
		return nil
	}
	noticed := time.NewTimer(p.conf.Grace)
	defer noticed.Stop()
	select {
	case <-noticed.C:
		return nil
	case err := <-ended:
		return err
	}
}

// servePages opens the public port, and gives the function that ends it.
func (p *product) servePages(ctx context.Context, listener net.Listener, ended chan<- error) (shut func(context.Context)) {
	srv := &http.Server{Handler: p.web.Handler(), ReadHeaderTimeout: headerTime, IdleTimeout: idleTime, MaxHeaderBytes: headerSize, ErrorLog: slog.NewLogLogger(p.log.Handler(), slog.LevelDebug)}
	go func() { ended <- ignoreClosed(srv.Serve(listener)) }()
	go p.web.Live().Run(ctx)
	return func(drain context.Context) { p.shut(drain, srv) }
}

// shut ends the public port: requests in flight finish, uploads and open pages go
// on at another process, and what is not done when ctx ends is cut.
func (p *product) shut(ctx context.Context, srv *http.Server) {
	told := make(chan struct{})
	go func() {
		defer close(told)
		p.web.Drain(ctx)
	}()
	if err := srv.Shutdown(ctx); err != nil {
		p.log.LogAttrs(ctx, slog.LevelWarn, "some requests were cut off", slog.Any("err", err))
	}
	<-told
}

// serveAdmin opens the port for metrics, health and profiles.
func (p *product) serveAdmin(ctx context.Context, ended chan<- error) error {
	if p.conf.AdminAddr == adminOff {
		return nil
	}
	l, err := telemetry.ListenAdmin(ctx, p.conf.AdminAddr)
	if err != nil {
		return err
	}
	p.log.InfoContext(ctx, "admin port", "addr", l.Addr().String())
	go func() { ended <- telemetry.ServeAdmin(ctx, l, telemetry.AdminHandler(p.metrics, p.health)) }()
	return nil
}

// serveYardsticks opens the port of a benchmark.
func (p *product) serveYardsticks(ctx context.Context, ended chan<- error) error {
	if p.conf.BenchAddr == "" {
		return nil
	}
	l, err := telemetry.ListenAdmin(ctx, p.conf.BenchAddr)
	if err != nil {
		return fmt.Errorf("BENCH_ADDR: %w", err)
	}
	p.log.WarnContext(ctx, "the port of a benchmark is open", "addr", l.Addr().String())
	go func() { ended <- telemetry.ServeAdmin(ctx, l, p.web.Yardsticks()) }()
	return nil
}

// work brings the database up to date, says where the site is, and runs the
// jobs. While the database cannot be reached the process serves what it can
// and tries again. One that is older than the program is waited for unseen: no
// balancer sends anybody yet.
func (p *product) work(ctx context.Context) {
	retry, outdated := migrateRetry, false
	if p.conf.Migrate == "off" {
		retry = outdatedRetry
	}
	for first := true; ; first = false {
		err := p.prepare(ctx)
		if first { // before, an empty database is no trouble worth telling of
			go p.health.Watch(ctx)
		}
		if err == nil {
			break
		}
		news := first || !outdated && errors.Is(err, db.ErrOutdated)
		outdated = outdated || errors.Is(err, db.ErrOutdated)
		if outdated {
			p.health.SetStarting() // it was ready, if the database was away until now
		} else {
			p.health.SetReady()
		}
		// Once is enough: what is degraded stands on /up.
		if news && ctx.Err() == nil {
			p.sayNotReady(ctx, err)
		}
		select {
		case <-ctx.Done():
			return
		case <-time.After(retry):
		}
	}
	p.announce(ctx)
	p.health.SetReady()
	p.later(ctx)
}

// sayNotReady says why the site does not work yet, and that it will.
func (p *product) sayNotReady(ctx context.Context, err error) {
	if errors.Is(err, db.ErrOutdated) {
		p.log.WarnContext(ctx, "waiting until the database has been brought up to date by `vitrine migrate` or by a process with MIGRATE=start", "err", err)
		return
	}
	p.log.ErrorContext(ctx, "the database is not ready", "err", err)
	p.say("\n  The database cannot be used yet, so pages at %s answer 503.\n  It is tried again every few seconds; there is no need to restart.\n", p.conf.BaseURL)
}

// prepare migrates, unless that is somebody else's task: then it makes sure
// that it has been done.
func (p *product) prepare(ctx context.Context) error {
	if p.conf.Migrate == "off" {
		if err := db.CheckMigrated(ctx, p.owner, p.app); err != nil {
			return err
		}
	} else if err := db.Migrate(ctx, p.owner, p.secret); err != nil {
		return err
	}
	if p.conf.Demo == "off" || !p.roles.worker {
		return nil
	}
	return p.demo.StartOnEmpty(ctx)
}

func ignoreClosed(err error) error {
	if errors.Is(err, http.ErrServerClosed) {
		return nil
	}
	return err
}

// migrate is the command that a deploy runs first.
func migrate(ctx context.Context, c Config, _ []string, out io.Writer) (err error) {
	i, err := openInfra(ctx, c, out)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, i.close(context.WithoutCancel(ctx))) }()
	if err := db.Migrate(ctx, i.owner, i.secret); err != nil {
		return err
	}
	i.say("The database is up to date.")
	return nil
}

// version is the commit that the binary was built from, as far as it knows.
func version() string {
	if info, ok := debug.ReadBuildInfo(); ok {
		for _, s := range info.Settings {
			if s.Key == "vcs.revision" {
				return s.Value
			}
		}
	}
	return "unknown"
}
