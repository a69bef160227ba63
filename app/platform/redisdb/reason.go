package redisdb

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"sync/atomic"
	"time"

	"github.com/redis/go-redis/v9"
)

// probeKey is what Check writes, and for how long it stays. It is nobody's.
const (
	probeKey  = "vitrine:check"
	probeLife = time.Minute
)

// Check writes and reads again what it wrote: a Redis that is full, or is a
// replica, or lets this user do little, still answers a ping. The error is a
// sentence for those who run the site.
func (c *Client) Check(ctx context.Context) error {
	if err := c.Set(ctx, probeKey, "vitrine", probeLife).Err(); err != nil {
		return c.Why(err)
	}
	got, err := c.Get(ctx, probeKey).Result()
	if err != nil && !errors.Is(err, redis.Nil) { // emptied in between
		return c.Why(err)
	}
	if err == nil && got != "vitrine" {
		return fmt.Errorf("what answers at %s keeps something else than what it is given, so it is no Redis", c.Options().Addr)
	}
	return nil
}

// Why says in a sentence what an error of a command tells of Redis; of ErrAway,
// what the last one told that was asked.
func (c *Client) Why(err error) error {
	if last := c.last.err.Load(); errors.Is(err, ErrAway) && last != nil {
		err = *last
	}
	var answer redis.Error
	var line net.Error
	why := "what answers at %s is no Redis: %w"
	switch {
	case err == nil, errors.Is(err, ErrAway):
		return err
	case redis.HasErrorPrefix(err, "NOAUTH"):
		why = "Redis at %s wants a password, and REDIS_URL has none: %w"
	case redis.IsAuthError(err):
		why = "Redis at %s does not know the user and password in REDIS_URL: %w"
	case redis.IsPermissionError(err):
		why = "Redis at %s lets the user in REDIS_URL not read and write every key: %w"
	case redis.HasErrorPrefix(err, "DB index"):
		why = "Redis at %s has no database of the number in REDIS_URL: %w"
	case redis.IsOOMError(err):
		why = "Redis at %s is full, and throws nothing away, as it must; it needs more memory: %w"
	case redis.IsReadOnlyError(err):
		why = "Redis at %s is a replica, which nobody can write to: %w"
	case errors.As(err, &answer):
		why = "Redis at %s refuses what it is asked: %w"
	case errors.As(err, &line), errors.Is(err, io.EOF), errors.Is(err, context.DeadlineExceeded), errors.Is(err, redis.ErrPoolTimeout):
		why = "Redis at %s does not answer: %w"
	}
	return fmt.Errorf(why, c.Options().Addr, err)
}

// witness remembers the last error of a command that says something about Redis.
type witness struct{ err atomic.Pointer[error] }

func (w *witness) saw(err error) error {
	if isOutage(err) {
		w.err.Store(&err)
	}
	return err
}

func (w *witness) DialHook(next redis.DialHook) redis.DialHook { return next }

func (w *witness) ProcessHook(next redis.ProcessHook) redis.ProcessHook {
	return func(ctx context.Context, cmd redis.Cmder) error { return w.saw(next(ctx, cmd)) }
}

func (w *witness) ProcessPipelineHook(next redis.ProcessPipelineHook) redis.ProcessPipelineHook {
	return func(ctx context.Context, cmds []redis.Cmder) error { return w.saw(next(ctx, cmds)) }
}
