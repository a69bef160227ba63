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
			c, err := redisdb.Open(redisdb.Config{URL: s.URL, Timeout: 100 * time.Millisecond, OnChange: func(bool) { changes.Add(1) }})
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
			if err := c.Get(ctx, "k").Err(); !errors.Is(err, redisdb.ErrAway) || !c.Away() {
				t.Errorf("the breaker did not open: %v", err)
			}
			if _, err := c.Pipelined(ctx, func(p redis.Pipeliner) error { p.Get(ctx, "k"); return nil }); !errors.Is(err, redisdb.ErrAway) {
				t.Errorf("a pipeline: %v", err)
			}
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

// A caller that gives up says nothing about Redis.
func TestBreaker_ignoresCancelledCallers(t *testing.T) {
	s := redistest.New(t)
	c := s.Connect(t)
	gone, cancel := context.WithCancel(context.Background())
	cancel()
	for range 50 {
		if err := c.Get(gone, "k").Err(); !errors.Is(err, context.Canceled) {
			t.Fatal(err)
		}
	}
	if err := c.Set(context.Background(), "k", "v", 0).Err(); err != nil {
		t.Error(err)
	}
}
