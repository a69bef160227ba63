package app

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"os"
	"path/filepath"
	"time"

	"vitrine/app/platform/blob"
	"vitrine/app/platform/cache"
	"vitrine/app/platform/clock"
	"vitrine/app/platform/db"
	"vitrine/app/platform/errlog"
	"vitrine/app/platform/limit"
	"vitrine/app/platform/live"
	"vitrine/app/platform/mediatool"
	"vitrine/app/platform/pgserver"
	"vitrine/app/platform/redisdb"
	"vitrine/app/platform/sessioncache"
	"vitrine/app/platform/telemetry"
)

// infra is what the contexts stand on: the database, the file store, the media
// tools, and what tells how they do. It knows no context.
type infra struct {
	conf    Config
	out     io.Writer
	log     *slog.Logger
	dir     dataDir
	secret  string
	owner   string   // URL of the tables' owner
	private *private // nil when the database is elsewhere
	app     *db.DB   // as vitrine_app: requests
	worker  *db.DB   // as vitrine_worker: jobs
	admin   *db.DB   // as vitrine_worker: those who run the installation
	errors  *errlog.Log
	blobs   *blob.Set
	tools   *mediatool.Tools
	redis   *redisdb.Client     // nil when no switch needs one
	recent  *sessioncache.Cache // of sessions; nil when none are kept
	cache   *cache.Cache
	limits  limit.Limiter
	live    live.Hub
	metrics *telemetry.Metrics
	traces  *telemetry.Traces
	closers []func(context.Context) error
}

// bulkTasks is how much of what may wait runs at once: a film, AVIF, the demo.
const bulkTasks = 3

// demoPool is the connections of the demo data, of which one thread is enough.
const demoPool = 2

// workerQuery is how long a job's transaction may take.
const workerQuery = 60 * time.Second

// openInfra prepares everything in the order in which it depends on each other.
// A database elsewhere is not reached yet; a private one is started.
func openInfra(ctx context.Context, c Config, out io.Writer) (_ *infra, err error) {
	i := &infra{conf: c, out: out}
	defer func() {
		if err != nil {
			_ = i.close(context.WithoutCancel(ctx))
		}
	}()
	if i.log, err = telemetry.NewLog(os.Stderr, c.LogLevel); err != nil {
		return nil, err
	}
	if i.dir, err = openDataDir(c, c.DatabaseURL == "", i.say); err != nil {
		return nil, err
	}
	if i.secret, err = i.dir.secret(c.Secret); err != nil {
		return nil, err
	}
	if err = i.openOwner(ctx); err != nil {
		return nil, err
	}
	if i.traces, err = telemetry.OpenTraces(ctx, c.OTLP, version()); err != nil {
		return nil, err
	}
	i.onClose(i.traces.Close)
	i.metrics = telemetry.NewMetrics()
	if err = i.openOnRedis(); err != nil {
		return nil, err
	}
	if err = i.openCache(); err != nil {
		return nil, err
	}
	if i.app, err = i.openHandle("app", db.RoleApp, c.PoolApp, c.QueryTimeout, clock.System); err != nil {
		return nil, err
	}
	if i.worker, err = i.openHandle("worker", db.RoleWorker, c.PoolWorker, workerQuery, clock.System); err != nil {
		return nil, err
	}
	if err = i.openAdmin(); err != nil {
		return nil, err
	}
	if i.blobs, err = blob.OpenAll(c.files(i.dir)); err != nil {
		return nil, err
	}
	i.metrics.Registry.MustRegister(i.blobs)
	i.tools, err = mediatool.Open(mediatool.Config{
		// The queues bound how much runs; a film must never hold a photo's turn.
		TempDir: i.dir.temp(), Concurrency: c.MediaWorkers + bulkTasks,
	})
	if err != nil {
		return nil, err
	}
	i.onClose(func(context.Context) error { return i.tools.Close() })
	return i, nil
}

// openOwner finds the database: the one that is named, or a private server.
func (i *infra) openOwner(ctx context.Context) (err error) {
	if i.conf.DatabaseURL != "" {
		i.owner = i.conf.DatabaseURL
		return nil
	}
	i.private, i.owner, err = startPrivate(ctx, pgserver.Config{Dir: filepath.Join(i.dir.root, "postgres"), Log: i.log})
	if err != nil {
		return err
	}
	i.onClose(i.private.stop)
	return nil
}

// openHandle opens a pool of a role; now is the clock of its transactions.
func (i *infra) openHandle(name, role string, conns int, timeout time.Duration, now clock.Clock) (*db.DB, error) {
	url, err := db.RoleURL(i.owner, role, i.secret)
	if err != nil {
		return nil, fmt.Errorf("DATABASE_URL: %w", err)
	}
	h, err := db.Open(db.Config{URL: url, MaxConns: conns, QueryTimeout: timeout, Clock: now, Tracer: i.traces.QueryTracer(i.log)})
	if err != nil {
		return nil, err
	}
	i.onClose(func(context.Context) error { return h.Close() })
	i.metrics.WatchPool(name, h.Pool())
	return h, nil
}

// onClose remembers how to end a part; parts end in reverse order.
func (i *infra) onClose(f func(context.Context) error) { i.closers = append(i.closers, f) }

func (i *infra) close(ctx context.Context) error {
	var errs []error
	for n := len(i.closers) - 1; n >= 0; n-- {
		errs = append(errs, i.closers[n](ctx))
	}
	i.closers = nil
	return errors.Join(errs...)
}

// say tells the person at the terminal something; the log is for later.
func (i *infra) say(format string, args ...any) { _, _ = fmt.Fprintf(i.out, format+"\n", args...) }
