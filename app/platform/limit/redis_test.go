package limit_test

import (
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"vitrine/app/platform/limit"
	"vitrine/app/platform/redisdb"
	"vitrine/app/platform/redistest"
)

// process opens a limiter as one of several processes on one Redis has it.
func process(t *testing.T, server *redistest.Server, counts map[limit.Class]int) limit.Limiter {
	t.Helper()
	return on(t, server.Connect(t), counts)
}

// wait is how long those wait who are to lose their Redis.
const wait = 500 * time.Millisecond

func on(t *testing.T, r *redisdb.Client, counts map[limit.Class]int) limit.Limiter {
	t.Helper()
	l, err := limit.Open(limit.Config{Kind: limit.KindRedis, Counts: counts, Redis: r})
	if err != nil {
		t.Fatal(err)
	}
	return l
}

// given asks until it is refused, and tells how many turns there were.
func given(t *testing.T, l limit.Limiter, c limit.Class, who limit.Key) int {
	t.Helper()
	for n := range 1000 {
		if !take(t, l, c, who).Allowed {
			return n
		}
	}
	t.Fatal("nothing is refused")
	return 0
}

// hourly has a burst that does not come back while a test runs.
var hourly = map[limit.Class]int{limit.Mail: 40, limit.Signup: 20}

// All processes together give one burst, however they ask.
func TestRedis_countsForAllProcesses(t *testing.T) {
	server := redistest.New(t)
	var turns atomic.Int64
	var all sync.WaitGroup
	for range 4 {
		l := process(t, server, hourly)
		for range 2 {
			all.Go(func() {
				for range 50 {
					if d, err := l.Take(t.Context(), limit.Mail, limit.Named("mara")); err == nil && d.Allowed {
						turns.Add(1)
					}
				}
			})
		}
	}
	all.Wait()
	if turns.Load() != 20 {
		t.Errorf("four processes gave %d turns, want the one burst of 20", turns.Load())
	}
}

// What is in Redis leaves it by itself, soon after its debt is paid.
func TestRedis_keepsNothingForEver(t *testing.T) {
	server := redistest.New(t)
	l := process(t, server, nil)
	began := time.Now()
	take(t, l, limit.Dynamic, limit.Named("mara"))
	c := server.Client()
	defer func() { _ = c.Close() }()
	keys, err := c.Keys(t.Context(), "*").Result()
	if err != nil || len(keys) != 1 || !strings.HasPrefix(keys[0], "limit:dynamic:") {
		t.Fatalf("the keys are %v, %v", keys, err)
	}
	left := c.PTTL(t.Context(), keys[0]).Val()
	if first := left + time.Since(began); left <= 0 || left > 6*time.Second || first < 5*time.Second {
		t.Errorf("a turn of half a second is kept for %s, %s at first", left, first)
	}
}

// A Redis that dies or hangs refuses nobody for it and lets nobody through
// uncounted: each process goes on by itself from what it has given, and who was
// refused stays refused. When Redis is back it counts again.
func TestRedis_comesAndGoes(t *testing.T) {
	for name, harm := range redistest.Outages() {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			server := redistest.New(t)
			one, other := on(t, server.Hurried(t, wait), hourly), on(t, server.Hurried(t, wait), hourly)
			if n := given(t, one, limit.Mail, limit.Named("mara")); n != 20 {
				t.Fatalf("a burst of %d", n)
			}
			harm.Away(server)
			if n := given(t, one, limit.Mail, limit.Named("mara")); n != 0 {
				t.Errorf("without Redis, who was refused gets %d turns", n)
			}
			if n := given(t, other, limit.Mail, limit.Named("mara")); n != 20 {
				t.Errorf("another process gives %d turns by itself", n)
			}
			if n := given(t, one, limit.Signup, limit.Named("mara")); n != 10 {
				t.Errorf("without Redis a burst of %d", n)
			}
			harm.Back(server)
			// A key that nobody asked for yet counts once for both again.
			deadline := time.Now().Add(30 * time.Second)
			for i := 0; ; i++ {
				who := limit.Named(strings.Repeat("i", i))
				if given(t, one, limit.Signup, who)+given(t, other, limit.Signup, who) == 10 {
					break
				}
				if time.Now().After(deadline) {
					t.Fatal("Redis is back and nobody counts there")
				}
			}
		})
	}
}

// While Redis hangs, requests wait for it a few times and then no more.
func TestRedis_hangsAndNobodyWaits(t *testing.T) {
	server := redistest.New(t)
	l := on(t, server.Hurried(t, wait), nil)
	take(t, l, limit.Files, limit.Everybody())
	server.Freeze()
	defer server.Thaw()
	began := time.Now()
	for range 500 {
		take(t, l, limit.Files, limit.Everybody())
	}
	if took := time.Since(began); took > 80*wait {
		t.Errorf("500 requests waited for %s", took)
	}
}

// Whatever lies under a key, or an answer of a program that is no Redis, is no
// reason to fail.
func TestRedis_garbage(t *testing.T) {
	server := redistest.New(t)
	l := process(t, server, hourly)
	c := server.Client()
	defer func() { _ = c.Close() }()
	for i, spoil := range []func(key string) error{
		func(key string) error { return c.Set(t.Context(), key, "soon", 0).Err() },
		func(key string) error { return c.Set(t.Context(), key, "nan", 0).Err() },
		func(key string) error { return c.Set(t.Context(), key, "1e300", 0).Err() },
		func(key string) error { return c.RPush(t.Context(), key, "1", "2").Err() },
	} {
		who := limit.Named(strings.Repeat("i", i))
		if err := spoil("limit:signup:" + who.String()); err != nil {
			t.Fatal(err)
		}
		if n := given(t, l, limit.Signup, who); n != 10 {
			t.Errorf("garbage %d: %d turns", i, n)
		}
	}
}
