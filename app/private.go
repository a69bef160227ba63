package app

import (
	"context"
	"errors"
	"log/slog"
	"time"

	"vitrine/app/platform/pgserver"
)

// database is the name of the private server's database.
const database = "vitrine"

// restartRetry is how long to wait before a private server that could not be
// started again is tried once more.
const restartRetry = 2 * time.Second

// private is the PostgreSQL that this process runs for itself. Nobody else
// looks after it, so one that ends by itself (the kernel was out of memory,
// somebody killed it) is started again; until then pages answer 503.
type private struct {
	conf    pgserver.Config
	server  *pgserver.Server // changed by keep alone, read by stop after keep has returned
	quit    context.CancelFunc
	stopped chan struct{}
}

// startPrivate starts the server and makes sure of its database. The owner's
// URL stays the same when the server is started again.
func startPrivate(ctx context.Context, c pgserver.Config) (_ *private, url string, err error) {
	server, err := pgserver.Start(ctx, c)
	if err != nil {
		return nil, "", err
	}
	if _, err := server.EnsureDatabase(ctx, database); err != nil {
		return nil, "", errors.Join(err, server.Stop(context.WithoutCancel(ctx)))
	}
	keeping, quit := context.WithCancel(context.WithoutCancel(ctx))
	p := &private{conf: c, server: server, quit: quit, stopped: make(chan struct{})}
	go p.keep(keeping, server)
	return p, server.URL(database), nil
}

// keep watches the server and starts it again until ctx ends.
func (p *private) keep(ctx context.Context, server *pgserver.Server) {
	defer close(p.stopped)
	for {
		select {
		case <-ctx.Done():
			return
		case <-server.Done():
		}
		p.conf.Log.LogAttrs(ctx, slog.LevelError, "the private PostgreSQL ended by itself and is started again", slog.String("its log", server.LogDir()))
		server.Detach() // Start takes the directory anew
		p.server = nil
		if server = p.restart(ctx); server == nil {
			return
		}
		p.server = server
	}
}

// restart tries until the server is there; nil when ctx ends before.
func (p *private) restart(ctx context.Context) *pgserver.Server {
	for {
		server, err := pgserver.Start(ctx, p.conf)
		if err == nil {
			return server
		}
		if ctx.Err() != nil {
			return nil
		}
		p.conf.Log.LogAttrs(ctx, slog.LevelError, "the private PostgreSQL does not start; trying again", slog.Any("err", err))
		select {
		case <-ctx.Done():
			return nil
		case <-time.After(restartRetry):
		}
	}
}

// stop ends the watch, then the server.
func (p *private) stop(ctx context.Context) error {
	p.quit()
	<-p.stopped
	if p.server == nil { // it was away, and did not come back in time
		return nil
	}
	if err := p.server.Stop(ctx); err != nil {
		return errors.Join(errors.New("the private PostgreSQL did not stop cleanly; its next start recovers"), err)
	}
	return nil
}
