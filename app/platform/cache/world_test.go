package cache_test

import (
	"context"
	"strconv"
	"sync/atomic"
	"testing"
	"time"

	"vitrine/app/platform/cache"
	"vitrine/app/platform/redisdb"
	"vitrine/app/platform/redistest"
)

// process is a cache with a connection of its own, as each process has, that has
// begun to give out. It waits for as long as a machine full of tests may need.
func process(t testing.TB, url string, c cache.Config) *cache.Cache {
	t.Helper()
	return waiting(t, url, time.Minute, c)
}

// waiting is one that waits only so long for Redis.
func waiting(t testing.TB, url string, wait time.Duration, c cache.Config) *cache.Cache {
	t.Helper()
	client, err := redisdb.Open(redisdb.Config{URL: url, Timeout: wait})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = client.Close() })
	c.Redis = client
	if c.Kind == "" {
		c.Kind = cache.KindRedis
	}
	out, err := cache.Open(c)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = out.Close() })
	_, _ = out.Get(context.Background(), "first", func(context.Context) (cache.Made, error) { return cache.Made{}, nil })
	return out
}

func processes(t testing.TB, n int, s *redistest.Server, c cache.Config) (out []*cache.Cache) {
	t.Helper()
	for range n {
		out = append(out, process(t, s.URL, c))
	}
	return out
}

// truth is one row of the database.
type truth struct {
	value atomic.Int64
	made  atomic.Int64 // how often a value was made of it
}

func (r *truth) load(context.Context) (cache.Made, error) {
	r.made.Add(1)
	return made(r.value.Load()), nil
}

const subject = "work:1"

func made(v int64) cache.Made {
	return cache.Made{Body: strconv.AppendInt(nil, v, 10), Subjects: []string{"studio:1", subject}, Class: cache.Hot}
}

// change commits a new value and invalidates what was made of the old one.
func (r *truth) change(t testing.TB, c *cache.Cache) {
	t.Helper()
	r.value.Add(1)
	if err := c.Invalidate(context.Background(), subject); err != nil {
		t.Fatal(err)
	}
}

func get(t testing.TB, c *cache.Cache, key string, load cache.Make) (int64, cache.From) {
	t.Helper()
	a, err := c.Get(context.Background(), key, load)
	if err != nil {
		t.Error(err)
		return -1, a.From
	}
	v, err := strconv.ParseInt(string(a.Body), 10, 64)
	if err != nil {
		t.Error(err)
	}
	return v, a.From
}
