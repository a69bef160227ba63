package db

import (
	"context"
	"database/sql"
	"errors"
	"time"

	"gorm.io/gorm"
	"gorm.io/gorm/logger"
)

// ErrNoConnection means that every connection of the pool was busy for as long
// as a request may wait.
var ErrNoConnection = errors.New("no database connection became free in time")

// bounded lets a caller wait for a connection only so long. database/sql would
// wait as long as the caller's context, and a stalled database would then hold
// every request until its own timeout.
type bounded struct {
	*sql.DB
	wait time.Duration
}

var (
	_ gorm.ConnPool         = bounded{}
	_ gorm.ConnPoolBeginner = bounded{}
	_ gorm.GetDBConnector   = bounded{}
)

// GetDBConn gives gorm the pool behind it.
func (b bounded) GetDBConn() (*sql.DB, error) { return b.DB, nil }

// BeginTx waits for a connection at most b.wait. The transaction itself lives
// as long as ctx.
func (b bounded) BeginTx(ctx context.Context, opts *sql.TxOptions) (gorm.ConnPool, error) {
	waiting, stop := context.WithCancelCause(ctx)
	timer := time.AfterFunc(b.wait, func() { stop(ErrNoConnection) })
	conn, err := b.Conn(waiting)
	if err != nil {
		timer.Stop()
		if cause := context.Cause(waiting); errors.Is(cause, ErrNoConnection) {
			return nil, cause
		}
		return nil, err
	}
	timer.Stop()
	tx, err := conn.BeginTx(ctx, opts)
	if err != nil {
		_ = conn.Close()
		return nil, err
	}
	return &connTx{Tx: tx, conn: conn}, nil
}

// connTx returns its connection to the pool when the transaction ends.
type connTx struct {
	*sql.Tx
	conn *sql.Conn
}

func (c *connTx) Commit() error {
	err := c.Tx.Commit()
	return errors.Join(err, c.release())
}

func (c *connTx) Rollback() error {
	err := c.Tx.Rollback()
	return errors.Join(err, c.release())
}

func (c *connTx) release() error {
	if err := c.conn.Close(); err != nil && !errors.Is(err, sql.ErrConnDone) {
		return err
	}
	return nil
}

// quiet keeps gorm from writing to the terminal: errors are returned, and slow
// queries are logged with their route by the tracer.
type quiet struct{}

func (q quiet) LogMode(logger.LogLevel) logger.Interface                               { return q }
func (quiet) Info(context.Context, string, ...any)                                     {}
func (quiet) Warn(context.Context, string, ...any)                                     {}
func (quiet) Error(context.Context, string, ...any)                                    {}
func (quiet) Trace(context.Context, time.Time, func() (sql string, rows int64), error) {}
