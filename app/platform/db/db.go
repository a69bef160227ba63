// Package db is the only door to PostgreSQL. It keeps reads and writes apart
// (Reader, Tx), scopes private rows to a studio (Tenant) or a person (Member)
// through row-level security, and bounds how long anything may wait.
//
// Two roles use it: vitrine_app, which row-level security binds, for everything
// a request does; and vitrine_worker, whose policies show every row, for jobs
// and the relay. A handle is opened for one of them. The owner of the tables
// migrates and does nothing else.
package db

import (
	"context"
	"database/sql"
	"database/sql/driver"
	"errors"
	"fmt"
	"io"
	"net"
	"sync/atomic"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"
	"github.com/jackc/pgx/v5/stdlib"
	"gorm.io/driver/postgres"
	"gorm.io/gorm"

	"vitrine/app/fault"
	"vitrine/app/platform/clock"
)

// Config of one handle. Zero values mean the tiers' numbers.
type Config struct {
	URL          string        // of the role that this handle uses
	MaxConns     int           // open = idle connections; 20 when zero
	QueryTimeout time.Duration // per transaction; 5 s when zero, workers 60 s. A read has its role's statement_timeout
	WaitTimeout  time.Duration // for a free connection; 2 s when zero
	Clock        clock.Clock   // clock.System when nil
	Tracer       pgx.QueryTracer
}

// The numbers that every tier keeps per process.
const (
	defaultConns   = 20
	defaultQuery   = 5 * time.Second
	defaultWait    = 2 * time.Second
	connectTimeout = 2 * time.Second
	idleTime       = 30 * time.Second
)

// DB is a pool of connections of one role.
type DB struct {
	gorm    *gorm.DB
	pool    *sql.DB
	waiting bounded // the pool, with patience
	clock   clock.Clock
	query   time.Duration
	full    atomic.Bool // there was no room for something, and it is not known whether there is again
}

// Open prepares a handle and connects lazily: a database that cannot be
// reached is not a reason to refuse to start. A URL that cannot be parsed is.
func Open(c Config) (*DB, error) {
	conf, err := pgx.ParseConfig(c.URL)
	if err != nil {
		// pgx's own message repeats the URL with its password.
		return nil, errors.New("the database URL cannot be parsed; it should look like postgres://user:password@host:5432/name")
	}
	conf.ConnectTimeout = connectTimeout
	conf.Tracer = c.Tracer
	// The role's own statement_timeout is the wall; this is the same wall for
	// a role that was made by hand.
	pool := stdlib.OpenDB(*conf)
	conns := orDefault(c.MaxConns, defaultConns)
	pool.SetMaxOpenConns(conns)
	// database/sql keeps two idle connections by default and reconnects for
	// every other request: two to four times slower under load.
	pool.SetMaxIdleConns(conns)
	pool.SetConnMaxIdleTime(idleTime)
	waiting := bounded{DB: pool, wait: orDefault(c.WaitTimeout, defaultWait)}
	g, err := gorm.Open(dialect{&postgres.Dialector{Config: &postgres.Config{Conn: waiting}}}, &gorm.Config{
		SkipDefaultTransaction: true,
		TranslateError:         true, // by dialect; constraint names stay, see Unique
		DisableAutomaticPing:   true,
		Logger:                 quiet{},
		NowFunc:                clock.System,
	})
	if err != nil {
		return nil, fmt.Errorf("opening the database handle: %w", err)
	}
	now := c.Clock
	if now == nil {
		now = clock.System
	}
	return &DB{gorm: g, pool: pool, waiting: waiting, clock: now, query: orDefault(c.QueryTimeout, defaultQuery)}, nil
}

func orDefault[T int | time.Duration](v, def T) T {
	if v == 0 {
		return def
	}
	return v
}

// Pool gives database/sql's pool, for its statistics.
func (d *DB) Pool() *sql.DB { return d.pool }

// Ping tells whether the database answers and, after something was refused for want
// of room, whether there is room again.
func (d *DB) Ping(ctx context.Context) error {
	if !d.full.Load() {
		return d.pool.PingContext(ctx)
	}
	err := d.spill(ctx)
	if full(err) {
		return fmt.Errorf("PostgreSQL has no room on its disk; what is there is read, what is new is refused: %w", err)
	}
	if err == nil {
		d.full.Store(false)
	}
	return err
}

// spill has the database sort more than it may in memory, which takes a megabyte
// of its disk and leaves nothing.
func (d *DB) spill(ctx context.Context) (err error) {
	tx, err := d.pool.BeginTx(ctx, &sql.TxOptions{ReadOnly: true})
	if err != nil {
		return err
	}
	defer func() { _ = tx.Rollback() }()
	if _, err := tx.ExecContext(ctx, "set local work_mem = '64kB'"); err != nil {
		return err
	}
	var n int
	return tx.QueryRowContext(ctx, "select count(*) from (select g from generate_series(1, 50000) g order by g desc offset 0) sorted").Scan(&n)
}

// Close ends all connections.
func (d *DB) Close() error { return d.pool.Close() }

// Reader reads. At 1k it is the primary's own pool; with replicas it may be one
// of theirs. A store function that takes a Reader promises not to write, and a
// test runs all of them under a role that cannot.
type Reader struct {
	gorm *gorm.DB
}

// SQL starts a query that ends with its context.
func (r Reader) SQL(ctx context.Context) *gorm.DB { return r.gorm.WithContext(ctx) }

// Read gives a Reader without studio scope: of studio-owned rows it sees only
// what is public.
func (d *DB) Read(context.Context) Reader { return Reader{gorm: d.gorm} }

// Tx is an open transaction. Only Transact, Tenant and Member make one, so
// whatever takes a Tx cannot be called outside.
type Tx struct {
	gorm  *gorm.DB
	now   time.Time
	after *[]func()
	duty  *[]func(context.Context) error
}

// SQL starts a statement inside the transaction.
func (t Tx) SQL() *gorm.DB { return t.gorm }

// Now is the one time of this transaction, UTC, in microseconds.
func (t Tx) Now() time.Time { return t.now }

// Reader reads inside the transaction.
func (t Tx) Reader() Reader { return Reader{gorm: t.gorm} }

// AfterCommit runs a hint once the transaction is committed, such as waking the
// relay. It is lost when the process dies in between, so nothing that must
// happen may hang on it.
func (t Tx) AfterCommit(hint func()) { *t.after = append(*t.after, hint) }

// BeforeAnswer runs a duty once the transaction is committed, and before
// Transact returns: its error is Transact's, though the rows are written. It is
// for copies elsewhere that must be gone before anybody is told that the write
// is done. The duty's context carries the caller's values and no deadline.
func (t Tx) BeforeAnswer(duty func(context.Context) error) { *t.duty = append(*t.duty, duty) }

// Scope gives the open transaction the scope of a studio, for the write that
// creates the studio itself.
func (t Tx) Scope(studio uuid.UUID) error { return set(t.gorm, "vitrine.studio", studio) }

// ScopeUser gives the open transaction the scope of a person.
func (t Tx) ScopeUser(user uuid.UUID) error { return set(t.gorm, "vitrine.user", user) }

// set names the scope, and has statements planned for it: the plan of a prepared
// statement that serves every studio is made for the mean one, and reads all rows
// of the largest.
func set(g *gorm.DB, name string, to uuid.UUID) error {
	return g.Exec("select set_config(?, ?, true), set_config('plan_cache_mode', 'force_custom_plan', true)", name, to.String()).Error
}

// Transact runs fn in one transaction without studio scope. Inside: SQL and
// Publish, nothing else. It refuses nesting: a context that already carries a
// transaction is a mistake of the caller.
func (d *DB) Transact(ctx context.Context, fn func(tx Tx) error) error {
	return d.transact(ctx, nil, fn)
}

// Tenant runs fn in one transaction that sees and writes the private rows of
// the studio, and of no other.
func (d *DB) Tenant(ctx context.Context, studio uuid.UUID, fn func(tx Tx) error) error {
	return d.transact(ctx, nil, func(tx Tx) error {
		if err := tx.Scope(studio); err != nil {
			return err
		}
		return fn(tx)
	})
}

// TenantRead is Tenant for reading: the transaction is read-only.
func (d *DB) TenantRead(ctx context.Context, studio uuid.UUID, fn func(r Reader) error) error {
	return d.transact(ctx, &sql.TxOptions{ReadOnly: true}, func(tx Tx) error {
		if err := tx.Scope(studio); err != nil {
			return err
		}
		return fn(tx.Reader())
	})
}

// Member runs fn in one transaction that sees and writes what belongs to a
// person across studios, such as memberships.
func (d *DB) Member(ctx context.Context, user uuid.UUID, fn func(tx Tx) error) error {
	return d.transact(ctx, nil, func(tx Tx) error {
		if err := tx.ScopeUser(user); err != nil {
			return err
		}
		return fn(tx)
	})
}

// MemberRead is Member for reading: the transaction is read-only.
func (d *DB) MemberRead(ctx context.Context, user uuid.UUID, fn func(r Reader) error) error {
	return d.transact(ctx, &sql.TxOptions{ReadOnly: true}, func(tx Tx) error {
		if err := tx.ScopeUser(user); err != nil {
			return err
		}
		return fn(tx.Reader())
	})
}

type guardKey struct{}

// Guard marks a context as one line of work (a request, a task), in which two
// transactions may not be open at once. The web adapter and the task runner
// guard every context that they hand out.
func Guard(ctx context.Context) context.Context {
	return context.WithValue(ctx, guardKey{}, new(atomic.Bool))
}

var errNested = errors.New("a transaction was opened inside another; pass the tx on instead")

func (d *DB) transact(ctx context.Context, opts *sql.TxOptions, fn func(tx Tx) error) error {
	if open, ok := ctx.Value(guardKey{}).(*atomic.Bool); ok {
		if !open.CompareAndSwap(false, true) {
			return errNested
		}
		defer open.Store(false)
	}
	ctx, cancel := context.WithTimeout(ctx, d.query)
	defer cancel()
	var after []func()
	var duties []func(context.Context) error
	err := d.gorm.WithContext(ctx).Transaction(func(g *gorm.DB) error {
		return fn(Tx{gorm: g, now: d.clock(), after: &after, duty: &duties})
	}, opts)
	if errors.Is(err, sql.ErrTxDone) && ctx.Err() != nil {
		err = ctx.Err() // its time ended just before the commit, and it was taken back
	}
	if err != nil {
		if full(err) {
			d.full.Store(true)
		}
		return translate(err)
	}
	for _, hint := range after {
		hint()
	}
	ctx = context.WithoutCancel(ctx)
	for _, duty := range duties {
		err = errors.Join(err, duty(ctx))
	}
	return err
}

// translate turns a database that cannot be reached into Unavailable; faults of
// the callback pass through as they are.
func translate(err error) error {
	var f *fault.Error
	if errors.As(err, &f) {
		return err
	}
	if full(err) {
		return fault.Caused(fault.Unavailable, "Nothing can be saved at the moment, but everything can be read. Nothing is lost; try again shortly.", err)
	}
	if Unreachable(err) {
		return fault.Caused(fault.Unavailable, "The database does not answer at the moment. Nothing is lost; try again shortly.", err)
	}
	return err
}

// full tells whether the database had no room on its disk. What is read needs none.
func full(err error) bool {
	var pg *pgconn.PgError
	return errors.As(err, &pg) && pg.Code == "53100"
}

// Unreachable tells whether an error means that the database cannot be used
// right now, as opposed to a statement that is wrong.
func Unreachable(err error) bool {
	var connect *pgconn.ConnectError
	if errors.As(err, &connect) || pgconn.SafeToRetry(err) || errors.Is(err, ErrNoConnection) {
		return true
	}
	// A connection that was cut in the middle shows as any of these, depending
	// on who notices first.
	var network *net.OpError
	if errors.Is(err, driver.ErrBadConn) || errors.Is(err, io.ErrUnexpectedEOF) || errors.As(err, &network) {
		return true
	}
	var pg *pgconn.PgError
	if errors.As(err, &pg) {
		// 53: out of resources; 57P0x: shut down or starting; 08: connection;
		// 57014: statement timeout. https://www.postgresql.org/docs/15/errcodes-appendix.html
		return pg.Code[:2] == "53" || pg.Code[:2] == "08" || pg.Code[:3] == "57P" || pg.Code == "57014"
	}
	return false
}

// NotFound tells whether a query found no row.
func NotFound(err error) bool {
	return errors.Is(err, gorm.ErrRecordNotFound) || errors.Is(err, sql.ErrNoRows)
}

// Unique gives the name of the violated unique constraint, so that a store can
// turn it into a message at the right field.
func Unique(err error) (constraint string, ok bool) {
	var pg *pgconn.PgError
	if errors.As(err, &pg) && pg.Code == "23505" {
		return pg.ConstraintName, true
	}
	return "", false
}
