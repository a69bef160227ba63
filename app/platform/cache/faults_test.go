package cache_test

import (
	"context"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"vitrine/app/platform/cache"
	"vitrine/app/platform/redistest"
)

// While Redis is away every value is made, and nobody waits long for that; what
// could not be invalidated meanwhile is given to nobody for long afterwards.
func TestRedis_away(t *testing.T) {
	for name, harm := range redistest.Outages() {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := redistest.New(t)
			const wait = 500 * time.Millisecond
			one, two := waiting(t, s.URL, wait, cache.Config{}), waiting(t, s.URL, wait, cache.Config{})
			var row truth
			get(t, one, "k", row.load)
			harm.Away(s)
			began := time.Now()
			row.value.Add(1)
			if err := one.Invalidate(t.Context(), subject); err == nil {
				t.Error("an invalidation reached nobody, and nobody says so")
			}
			for range 100 {
				if v, _ := get(t, two, "k", row.load); v != 1 {
					t.Fatalf("the value is %d", v)
				}
			}
			if took := time.Since(began); took > 80*wait { // a question for each value would take 100 of them at least
				t.Errorf("that took %s", took)
			}
			slowly := func(ctx context.Context) (cache.Made, error) {
				<-time.After(20 * time.Millisecond) // as a page does that many ask for
				return row.load(ctx)
			}
			if n := storm(t, []*cache.Cache{one, two}, &row, slowly); n > 100 {
				t.Errorf("without Redis, 1,000 askers made it %d times", n)
			}
			harm.Back(s)
			for _, c := range []*cache.Cache{two, one} {
				redistest.Eventually(t, "the new value is kept", func() bool {
					v, from := get(t, c, "k", row.load)
					return v == 1 && from == cache.Hit
				})
			}
			redistest.Eventually(t, "a change is told", func() bool {
				row.value.Add(1)
				return one.Invalidate(t.Context(), subject) == nil
			})
			if v, _ := get(t, two, "k", row.load); v != row.value.Load() {
				t.Errorf("afterwards the value is %d, want %d", v, row.value.Load())
			}
		})
	}
}

// A Redis that lost everything has lost nothing.
func TestRedis_flushed(t *testing.T) {
	t.Parallel()
	s := redistest.New(t)
	c := process(t, s.URL, cache.Config{})
	var row truth
	for n := range int64(10) {
		if v, _ := get(t, c, "k", row.load); v != n {
			t.Errorf("the value is %d, want %d", v, n)
		}
		row.value.Add(1)
		s.Flush() // in place of an invalidation
	}
	// Also while somebody makes a value of before.
	load := func(ctx context.Context) (cache.Made, error) {
		m, err := row.load(ctx)
		row.value.Add(1)
		s.Flush()
		return m, err
	}
	get(t, c, "k", load)
	if v, from := get(t, c, "k", row.load); v != 11 {
		t.Errorf("the value is %d (%s)", v, from)
	}
}

// What lies in Redis and is not ours is no value, and is replaced by one.
func TestRedis_garbage(t *testing.T) {
	t.Parallel()
	s := redistest.New(t)
	c := process(t, s.URL, cache.Config{})
	for name, spoil := range map[string][]any{
		"a value of another type":    {"SET", "cache:of:k", "garbage"},
		"another body":               {"HSET", "cache:of:k", "body", "7"},
		"no body":                    {"HDEL", "cache:of:k", "body"},
		"subjects that are none":     {"HSET", "cache:of:k", "from", "garbage"},
		"a time that is none":        {"HSET", "cache:of:k", "at", "soon"},
		"a clock of another type":    {"SET", "cache:clock", "garbage"},
		"a clock that shows nothing": {"HSET", "cache:clock", "tick", "soon"},
		"a tombstone of another age": {"SET", "cache:grave:" + subject, "garbage"},
		"a tombstone that is a list": {"EVAL", "redis.call('DEL', KEYS[1]) return redis.call('RPUSH', KEYS[1], 'x')", 1, "cache:grave:" + subject},
		"a lock that is a list":      {"EVAL", "redis.call('DEL', KEYS[1], KEYS[2]) return redis.call('RPUSH', KEYS[1], 'x')", 2, "cache:lock:k", "cache:of:k"},
		"a lock that does not end":   {"EVAL", "redis.call('DEL', KEYS[2]) return redis.call('SET', KEYS[1], 'x')", 2, "cache:lock:k", "cache:of:k"},
		"a lock of somebody dead":    {"EVAL", "redis.call('DEL', KEYS[2]) return redis.call('SET', KEYS[1], 'x', 'PX', 500)", 2, "cache:lock:k", "cache:of:k"},
	} {
		t.Run(name, func(t *testing.T) {
			row := &truth{}
			row.value.Store(100)
			row.change(t, c)
			get(t, c, "k", row.load)
			if err := s.Client().Do(t.Context(), spoil...).Err(); err != nil {
				t.Fatal(err)
			}
			began := time.Now()
			if v, from := get(t, c, "k", row.load); v != 101 {
				t.Errorf("the value is %d (%s)", v, from)
			}
			if took := time.Since(began); took > 9*time.Second {
				t.Errorf("that took %s", took)
			}
			redistest.Eventually(t, "the value is kept", func() bool {
				v, from := get(t, c, "k", row.load)
				return v == 101 && from == cache.Hit
			})
			row.change(t, c)
			if v, _ := get(t, c, "k", row.load); v != 102 {
				t.Errorf("after a change, the value is %d", v)
			}
		})
	}
}

// Something else that answers where Redis should be keeps nothing.
func TestRedis_thatIsNone(t *testing.T) {
	t.Parallel()
	site := httptest.NewServer(nil)
	t.Cleanup(site.Close)
	c := process(t, "redis://"+strings.TrimPrefix(site.URL, "http://")+"/0", cache.Config{})
	var row truth
	began := time.Now()
	for range 50 {
		if v, from := get(t, c, "k", row.load); v != 0 || from != cache.Miss {
			t.Errorf("%d, %s", v, from)
		}
	}
	if err := c.Invalidate(t.Context(), subject); err == nil {
		t.Error("an invalidation reached nobody, and nobody says so")
	}
	if took := time.Since(began); took > 10*time.Second {
		t.Errorf("that took %s", took)
	}
}

// A value whose maker panics is made by the next.
func TestGet_panic(t *testing.T) {
	t.Parallel()
	s := redistest.New(t)
	c := process(t, s.URL, cache.Config{Lock: 20 * time.Millisecond})
	func() {
		defer func() {
			if recover() == nil {
				t.Error("the panic is swallowed")
			}
		}()
		_, _ = c.Get(t.Context(), "k", func(context.Context) (cache.Made, error) { panic("a template") })
	}()
	var row truth
	if v, from := get(t, c, "k", row.load); v != 0 || from != cache.Miss {
		t.Errorf("%d, %s", v, from)
	}
}

// Who goes away does not take the value away from others.
func TestGet_leaverLeads(t *testing.T) {
	t.Parallel()
	s := redistest.New(t)
	c := process(t, s.URL, cache.Config{})
	var row truth
	ctx, leave := context.WithCancel(t.Context())
	a, err := c.Get(ctx, "k", func(ctx context.Context) (cache.Made, error) {
		leave()
		if ctx.Err() != nil {
			t.Error("making ends with who asked")
		}
		return row.load(ctx)
	})
	if err != nil || string(a.Body) != "0" {
		t.Errorf("%q, %v", a.Body, err)
	}
	if _, from := get(t, c, "k", row.load); from != cache.Hit {
		t.Errorf("the next: %s", from)
	}
}

// Whoever goes away, or needs all the time there is, leaves the value and no lock.
func TestGet_lateIsKept(t *testing.T) {
	t.Parallel()
	s := redistest.New(t)
	var row truth
	fill := process(t, s.URL, cache.Config{Kind: cache.KindFill})
	ctx, leave := context.WithCancel(t.Context())
	if _, err := fill.Get(ctx, "filled", func(ctx context.Context) (cache.Made, error) {
		leave()
		return row.load(ctx)
	}); err != nil {
		t.Fatal(err)
	}
	slow := process(t, s.URL, cache.Config{Time: time.Second})
	for _, key := range []string{"made", "failed"} {
		a, err := slow.Get(t.Context(), key, func(ctx context.Context) (cache.Made, error) {
			if <-ctx.Done(); key == "failed" {
				return cache.Made{}, ctx.Err()
			}
			return row.load(ctx)
		})
		if (err != nil) != (key == "failed") {
			t.Errorf("%s: %q, %v", key, a.Body, err)
		}
	}
	for name, there := range map[string]int64{"cache:of:filled": 1, "cache:of:made": 1, "cache:lock:made": 0, "cache:of:failed": 0, "cache:lock:failed": 0} {
		if n, err := s.Client().Exists(t.Context(), name).Result(); err != nil || n != there {
			t.Errorf("%s: %d, %v", name, n, err)
		}
	}
}
