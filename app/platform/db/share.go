package db

import (
	"context"
	"database/sql"
	"sync"
	"sync/atomic"
	"time"
)

// Share is the part of a pool that one kind of work may use at once. While its
// statements hang, they hang in its own connections, and other kinds find
// theirs free. Work without a share uses what is left.
type Share struct {
	turns  chan struct{}
	waits  atomic.Int64
	waited atomic.Int64 // nanoseconds
}

// NewShare is a share of some connections, at least one.
func NewShare(connections int) *Share { return &Share{turns: make(chan struct{}, max(1, connections))} }

// Waited tells how often somebody waited for a connection of the share, and how
// long in all. Whoever waits here does not wait for the pool.
func (s *Share) Waited() (times int64, in time.Duration) {
	return s.waits.Load(), time.Duration(s.waited.Load())
}

type shareKey struct{}

// WithShare makes the statements of a context use a share; nil leaves it as it
// is.
func WithShare(ctx context.Context, s *Share) context.Context {
	if s == nil {
		return ctx
	}
	return context.WithValue(ctx, shareKey{}, s)
}

// take waits for a turn as long as ctx lasts.
func (s *Share) take(ctx context.Context) error {
	if s == nil {
		return nil
	}
	if err := ctx.Err(); err != nil {
		return err
	}
	select {
	case s.turns <- struct{}{}:
		return nil
	default:
	}
	began := time.Now()
	defer func() {
		s.waits.Add(1)
		s.waited.Add(int64(time.Since(began)))
	}()
	select {
	case s.turns <- struct{}{}:
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}

func (s *Share) give() {
	if s != nil {
		<-s.turns
	}
}

// loan is a connection of a share. The turn goes back with it, once, even where
// database/sql has closed the connection by itself.
type loan struct {
	*sql.Conn
	share *Share
	back  sync.Once
}

// borrow waits for a connection of the context's share.
func borrow(ctx context.Context, pool *sql.DB) (*loan, error) {
	share, _ := ctx.Value(shareKey{}).(*Share)
	if err := share.take(ctx); err != nil {
		return nil, err
	}
	conn, err := pool.Conn(ctx)
	if err != nil {
		share.give()
		return nil, err
	}
	return &loan{Conn: conn, share: share}, nil
}

// Close gives the connection back.
func (l *loan) Close() error {
	err := l.Conn.Close()
	l.back.Do(l.share.give)
	return err
}
