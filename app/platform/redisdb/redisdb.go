// Package redisdb opens the connection to Redis that sessions, the cache, limits
// and live messages share. Redis holds copies only: whatever it loses, PostgreSQL
// has. So a question to it is short, and behind a breaker: while Redis is away or
// slow, callers hear so at once and go on without it.
package redisdb

import (
	"context"
	"errors"
	"fmt"
	"net/url"
	"sync"
	"sync/atomic"
	"time"

	"github.com/redis/go-redis/v9"
	"github.com/redis/go-redis/v9/maintnotifications"
	"github.com/sony/gobreaker/v2"
)

// ErrAway is what every command returns while the breaker is open.
var ErrAway = errors.New("redis is away")

// Config says where Redis is, and how long anybody waits for it.
type Config struct {
	URL     string        // redis://user:password@host:6379/0, or rediss://
	Timeout time.Duration // of one command; 0 means 250 ms
	// OnChange is told when Redis is away and when it is back; nil is nobody.
	OnChange func(away bool)
}

// connections is how many a process has at most, besides those that listen.
const connections = 20

// The breaker opens after this many failures in a row, and lets one command
// through after the rest.
const (
	failures = 5
	rest     = time.Second
)

// Client is a pool of connections behind a breaker. It is safe for concurrent
// use. Its commands return redis.Nil for what is not there, ErrAway without a
// question while Redis is away, and errors of the network otherwise.
type Client struct {
	*redis.Client
	breaker *gobreaker.CircuitBreaker[struct{}]
	last    witness
	greet   atomic.Pointer[func(context.Context, *redis.Conn) error]
}

// OnConnect is told of each connection before anybody uses it, from now on; it may
// refuse it. There is one to be told.
func (c *Client) OnConnect(greet func(ctx context.Context, conn *redis.Conn) error) {
	c.greet.Store(&greet)
}

// Open prepares a client; it reaches nobody yet. The error is a sentence about
// the URL.
func Open(c Config) (*Client, error) {
	o, err := Options(c.URL)
	if err != nil {
		return nil, err
	}
	if c.Timeout == 0 {
		c.Timeout = 250 * time.Millisecond
	}
	o.PoolSize, o.MinIdleConns = connections, 0 // idle ones would be opened at once, by whoever only looks at the address
	o.DialTimeout, o.ReadTimeout, o.WriteTimeout, o.PoolTimeout = 2*c.Timeout, c.Timeout, c.Timeout, c.Timeout
	o.ContextTimeoutEnabled = true
	o.MaxRetries = -1 // a second try would double the wait; the caller has PostgreSQL
	o.DialerRetries = 1
	client := &Client{}
	o.OnConnect = func(ctx context.Context, conn *redis.Conn) error {
		if greet := client.greet.Load(); greet != nil {
			return (*greet)(ctx, conn)
		}
		return nil
	}
	client.Client = redis.NewClient(o)
	client.breaker = gobreaker.NewCircuitBreaker[struct{}](gobreaker.Settings{
		Name: "redis", Timeout: rest,
		ReadyToTrip:  func(n gobreaker.Counts) bool { return n.ConsecutiveFailures >= failures },
		IsSuccessful: func(err error) bool { return !isOutage(err) },
		IsExcluded:   func(err error) bool { return errors.As(err, new(left)) },
		OnStateChange: func(_ string, from, to gobreaker.State) {
			if c.OnChange != nil && (from == gobreaker.StateClosed || to == gobreaker.StateClosed) {
				c.OnChange(to != gobreaker.StateClosed)
			}
		},
	})
	client.AddHook(hook{client.breaker})
	client.AddHook(&client.last)
	return client, nil
}

// Options reads the address of a Redis, for a client with limits of its own, and
// sets what every client needs. The error is a sentence about the address.
func Options(address string) (*redis.Options, error) {
	o, err := redis.ParseURL(address)
	if err != nil {
		// The address holds a password, and so would the parser's error.
		if bad := new(url.Error); errors.As(err, &bad) {
			err = bad.Err
		}
		return nil, fmt.Errorf("REDIS_URL is not the address of a Redis; it should look like redis://:password@host:6379/0: %w", err)
	}
	o.DisableIdentity = true // Redis 7.0 does not know the command
	o.MaintNotificationsConfig = &maintnotifications.Config{Mode: maintnotifications.ModeDisabled}
	quiet()
	return o, nil
}

// quiet keeps the library's own log, which has a line for each attempt, off the
// error output: every error reaches a caller, and OnChange tells the rest.
var quiet = sync.OnceFunc(func() { redis.SetLogger(silent{}) })

type silent struct{}

func (silent) Printf(context.Context, string, ...any) {}

// Away tells whether commands are refused at the moment.
func (c *Client) Away() bool { return c.breaker.State() == gobreaker.StateOpen }

// isOutage tells an error that says something about Redis from an answer, such
// as redis.Nil, and from a caller who no longer wants to know.
func isOutage(err error) bool {
	var answer redis.Error
	switch {
	case err == nil, errors.Is(err, redis.Nil), errors.Is(err, context.Canceled):
		return false
	case errors.As(err, &answer):
		return redis.IsLoadingError(err) || redis.IsReadOnlyError(err) || redis.IsMaxClientsError(err) || redis.IsAuthError(err) || redis.IsPermissionError(err) ||
			redis.HasErrorPrefix(err, "DB index")
	}
	return true
}

// hook puts the breaker around every command and pipeline.
type hook struct {
	breaker *gobreaker.CircuitBreaker[struct{}]
}

func (hook) DialHook(next redis.DialHook) redis.DialHook { return next }

func (h hook) ProcessHook(next redis.ProcessHook) redis.ProcessHook {
	return func(ctx context.Context, cmd redis.Cmder) error {
		return h.through(ctx, func(ctx context.Context) error { return next(ctx, cmd) })
	}
}

func (h hook) ProcessPipelineHook(next redis.ProcessPipelineHook) redis.ProcessPipelineHook {
	return func(ctx context.Context, cmds []redis.Cmder) error {
		asked := false
		err := h.through(ctx, func(ctx context.Context) error {
			asked = true
			return next(ctx, cmds)
		})
		if !asked {
			for _, cmd := range cmds {
				cmd.SetErr(err)
			}
		}
		return err
	}
}

// inside marks the context of a command that the breaker let through. A new
// connection greets Redis first, by commands that come through this hook again.
type inside struct{}

func (h hook) through(ctx context.Context, ask func(context.Context) error) error {
	if ctx.Value(inside{}) != nil {
		return ask(ctx)
	}
	if err := ctx.Err(); err != nil {
		return err
	}
	_, err := h.breaker.Execute(func() (struct{}, error) {
		err := ask(context.WithValue(ctx, inside{}, true))
		if isOver(ctx) && (isOutage(err) || errors.Is(err, context.Canceled)) {
			err = left{err}
		}
		return struct{}{}, err
	})
	var gone left
	switch {
	case errors.Is(err, gobreaker.ErrOpenState), errors.Is(err, gobreaker.ErrTooManyRequests):
		return ErrAway
	case errors.As(err, &gone):
		return gone.error
	}
	return err
}

// left is the error of a caller who gave up. It says nothing about Redis, neither
// that it is there nor that it is not.
type left struct{ error }

// isOver tells whether a context has ended. A connection's deadline is that of the
// context, and may be noticed a moment earlier.
func isOver(ctx context.Context) bool {
	deadline, has := ctx.Deadline()
	return ctx.Err() != nil || has && !time.Now().Before(deadline)
}
