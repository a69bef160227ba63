package db

import (
	"context"
	"database/sql"
	"database/sql/driver"
	"errors"
	"time"

	"gorm.io/driver/postgres"
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

// acquire waits for a connection at most b.wait. Whoever gets it closes it.
func (b bounded) acquire(ctx context.Context) (*loan, error) {
	waiting, stop := context.WithCancelCause(ctx)
	defer stop(nil)
	timer := time.AfterFunc(b.wait, func() { stop(ErrNoConnection) })
	defer timer.Stop()
	conn, err := borrow(waiting, b.DB)
	if err != nil && errors.Is(context.Cause(waiting), ErrNoConnection) {
		return nil, ErrNoConnection
	}
	return conn, err
}

// BeginTx waits for a connection at most b.wait. The transaction itself lives
// as long as ctx.
func (b bounded) BeginTx(ctx context.Context, opts *sql.TxOptions) (gorm.ConnPool, error) {
	conn, err := b.acquire(ctx)
	if err != nil {
		return nil, err
	}
	tx, err := conn.BeginTx(ctx, opts)
	if err != nil {
		_ = conn.Close()
		return nil, err
	}
	return &connTx{Tx: tx, conn: conn}, nil
}

// attempts is how often a connection that turns out to be dead is replaced, as
// database/sql does for statements that choose their connection themselves.
const attempts = 3

// QueryContext waits for a connection at most b.wait. The rows live as long as
// ctx. An unreachable database is Unavailable.
func (b bounded) QueryContext(ctx context.Context, query string, args ...any) (*sql.Rows, error) {
	var err error
	for range attempts {
		var conn *loan
		if conn, err = b.acquire(ctx); err != nil {
			break
		}
		var rows *sql.Rows
		rows, err = conn.QueryContext(ctx, query, args...)
		// Close waits until the rows are closed and then gives the connection back.
		go func() { _ = conn.Close() }()
		if err == nil {
			return rows, nil
		}
		if !errors.Is(err, driver.ErrBadConn) {
			break
		}
	}
	return nil, translate(err)
}

// ExecContext waits for a connection at most b.wait. An unreachable database is
// Unavailable.
func (b bounded) ExecContext(ctx context.Context, query string, args ...any) (sql.Result, error) {
	var err error
	for range attempts {
		var conn *loan
		if conn, err = b.acquire(ctx); err != nil {
			break
		}
		var res sql.Result
		res, err = conn.ExecContext(ctx, query, args...)
		_ = conn.Close()
		if err == nil {
			return res, nil
		}
		if !errors.Is(err, driver.ErrBadConn) {
			break
		}
	}
	return nil, translate(err)
}

// QueryRowContext is QueryContext for one row, without trying again.
func (b bounded) QueryRowContext(ctx context.Context, query string, args ...any) *sql.Row {
	conn, err := b.acquire(ctx)
	if err != nil {
		// Only database/sql can make a row that holds an error.
		return b.DB.QueryRowContext(over{ctx, translate(err)}, query)
	}
	row := conn.QueryRowContext(ctx, query, args...)
	go func() { _ = conn.Close() }()
	if err := row.Err(); Unreachable(err) {
		return b.DB.QueryRowContext(over{ctx, translate(err)}, query)
	}
	return row
}

// over is a context that has ended with an error of its own.
type over struct {
	context.Context
	err error
}

func (o over) Err() error { return o.err }

func (over) Done() <-chan struct{} {
	done := make(chan struct{})
	close(done)
	return done
}

// dialect is PostgreSQL's for gorm, with errors as translate makes them: what
// is noticed only while rows are read is Unavailable, too.
type dialect struct{ *postgres.Dialector }

// Translate is called by gorm for each error.
func (dialect) Translate(err error) error { return translate(err) }

// Explain is called by gorm for each row that is read, to write the statement with
// its values into a log that we do not have: by two regular expressions, with 25
// allocations for five values.
func (dialect) Explain(sql string, _ ...any) string { return sql }

// connTx returns its connection to the pool when the transaction ends.
type connTx struct {
	*sql.Tx
	conn *loan
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
