package redisdb_test

import (
	"context"
	"errors"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/redis/go-redis/v9"

	"vitrine/app/platform/redisdb"
	"vitrine/app/platform/redistest"
)

func TestOpen_refusesWhatIsNoAddress(t *testing.T) {
	for _, url := range []string{"", "localhost:6379", "http://localhost", "redis://:hidden@host:port", "redis://u:hid%zzden@host"} {
		if _, err := redisdb.Open(redisdb.Config{URL: url}); err == nil || !strings.Contains(err.Error(), "REDIS_URL") || strings.Contains(err.Error(), "hid") {
			t.Errorf("%q: %v", url, err)
		}
	}
}

// A Redis that is killed or frozen costs a few short waits, then nothing; when it
// is back it is used again.
func TestBreaker(t *testing.T) {
	for name, harm := range redistest.Outages() {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := redistest.New(t)
			var changes atomic.Int32
			c, err := redisdb.Open(redisdb.Config{URL: s.URL, Timeout: 500 * time.Millisecond, OnChange: func(bool) { changes.Add(1) }})
			if err != nil {
				t.Fatal(err)
			}
			t.Cleanup(func() { _ = c.Close() })
			ctx := context.Background()
			if err := c.Get(ctx, "nothing").Err(); !errors.Is(err, redis.Nil) || c.Away() {
				t.Fatalf("a missing key: %v, away %v", err, c.Away())
			}
			harm.Away(s)
			for range 100 {
				if err := c.Set(ctx, "k", "v", 0).Err(); err == nil {
					t.Fatal("a command went through")
				}
			}
			// On a busy machine a rest is over between two lines, and one is let through.
			redistest.Eventually(t, "the breaker is open", func() bool {
				return errors.Is(c.Get(ctx, "k").Err(), redisdb.ErrAway) && c.Away()
			})
			redistest.Eventually(t, "the breaker is open for a pipeline", func() bool {
				_, err := c.Pipelined(ctx, func(p redis.Pipeliner) error { p.Get(ctx, "k"); return nil })
				return errors.Is(err, redisdb.ErrAway)
			})
			harm.Back(s)
			deadline := time.Now().Add(30 * time.Second)
			for c.Set(ctx, "k", "v", 0).Err() != nil {
				if time.Now().After(deadline) {
					t.Fatalf("Redis is back and nobody uses it: %v", c.Set(ctx, "k", "v", 0).Err())
				}
			}
			if c.Away() || changes.Load() != 2 {
				t.Errorf("away %v, %d changes", c.Away(), changes.Load())
			}
		})
	}
}

// A caller that gives up says nothing about Redis: neither that it is away, nor
// that it is there.
func TestBreaker_ignoresCallersWhoLeave(t *testing.T) {
	gone, cancel := context.WithCancel(context.Background())
	cancel()
	leave := func(t *testing.T, c *redisdb.Client) {
		t.Helper()
		if err := c.Get(gone, "k").Err(); !errors.Is(err, context.Canceled) {
			t.Fatal(err)
		}
		if _, err := c.Pipelined(gone, func(p redis.Pipeliner) error { p.Get(gone, "k"); return nil }); !errors.Is(err, context.Canceled) {
			t.Fatal(err)
		}
	}
	open := func(t *testing.T, timeout time.Duration) (s *redistest.Server, c *redisdb.Client, changes *atomic.Int32) {
		t.Helper()
		s, changes = redistest.New(t), new(atomic.Int32)
		c, err := redisdb.Open(redisdb.Config{URL: s.URL, Timeout: timeout, OnChange: func(bool) { changes.Add(1) }})
		if err != nil {
			t.Fatal(err)
		}
		t.Cleanup(func() { _ = c.Close() })
		return s, c, changes
	}
	ctx := context.Background()
	t.Run("before they ask", func(t *testing.T) {
		t.Parallel()
		_, c, changes := open(t, time.Minute)
		for range 50 {
			leave(t, c)
		}
		if err := c.Set(ctx, "k", "v", 0).Err(); err != nil || changes.Load() > 0 {
			t.Errorf("%v, %d changes", err, changes.Load())
		}
	})
	t.Run("while they wait", func(t *testing.T) {
		t.Parallel()
		s, c, changes := open(t, time.Minute)
		s.Freeze()
		for range 20 {
			hurried, cancel := context.WithTimeout(ctx, 10*time.Millisecond)
			if err := c.Get(hurried, "k").Err(); err == nil || errors.Is(err, redisdb.ErrAway) {
				t.Errorf("somebody in a hurry: %v", err)
			}
			cancel()
		}
		s.Thaw()
		if err := c.Set(ctx, "k", "v", 0).Err(); err != nil || changes.Load() > 0 {
			t.Errorf("%v, %d changes", err, changes.Load())
		}
	})
	t.Run("between failures", func(t *testing.T) {
		t.Parallel()
		s, c, _ := open(t, 0)
		s.Kill()
		for range 50 {
			_ = c.Get(ctx, "k").Err()
			leave(t, c)
		}
		redistest.Eventually(t, "those who left do not hide that Redis is away", func() bool { // but for a moment after each rest
			_ = c.Get(ctx, "k").Err()
			leave(t, c)
			return c.Away()
		})
	})
	t.Run("while it is away", func(t *testing.T) {
		t.Parallel()
		s, c, changes := open(t, 0)
		s.Kill()
		deadline := time.Now().Add(30 * time.Second)
		for tried := 0; tried < 5+2; { // until the breaker opens, and twice after a rest
			if err := c.Get(ctx, "k").Err(); !errors.Is(err, redisdb.ErrAway) {
				tried++
			}
			leave(t, c)
			if time.Now().After(deadline) {
				t.Fatal("Redis is not tried again")
			}
		}
		if changes.Load() != 1 {
			t.Errorf("those who left changed its state: %d changes", changes.Load())
		}
	})
}

// A client connects when it is asked something, and no more often than that.
func TestOpen_reachesNobody(t *testing.T) {
	t.Parallel()
	c := redistest.New(t).Connect(t)
	if n := c.PoolStats().TotalConns; n != 0 {
		t.Errorf("%d connections before anything was asked", n)
	}
	for range 100 {
		if err := c.Ping(context.Background()).Err(); err != nil {
			t.Fatal(err)
		}
	}
	if n := c.PoolStats().TotalConns; n != 1 {
		t.Errorf("%d connections for one question at a time", n)
	}
}
