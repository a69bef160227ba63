package cache_test

import (
	"strings"
	"testing"

	"vitrine/app/platform/cache"
	"vitrine/app/platform/redistest"
)

// A Redis that was started again from what it wrote to disk a while ago has lost the
// invalidations since. Nothing that it knows from before is given to anybody:
// whoever asks first, whatever was kept in between, and though no process has missed
// Redis while it was away.
func TestRedis_restored(t *testing.T) {
	for name, since := range map[string]func(t *testing.T, row *truth, one, two *cache.Cache){
		"changed":          func(t *testing.T, row *truth, one, _ *cache.Cache) { row.change(t, one) },
		"changed and kept": func(t *testing.T, row *truth, one, two *cache.Cache) { row.change(t, one); get(t, two, "k", row.load) },
		"changed again and again": func(t *testing.T, row *truth, one, two *cache.Cache) {
			for range 5 {
				row.change(t, two)
				get(t, one, "k", row.load)
			}
		},
		"all void": func(t *testing.T, row *truth, one, two *cache.Cache) {
			row.value.Add(1)
			_ = one.Forget(t.Context())
			get(t, two, "k", row.load)
		},
		"nothing": func(*testing.T, *truth, *cache.Cache, *cache.Cache) {},
	} {
		for _, first := range []int{0, 1} {
			t.Run(name, func(t *testing.T) {
				t.Parallel()
				s := redistest.New(t)
				all := processes(t, 2, s, cache.Config{})
				var row truth
				row.value.Store(100)
				row.change(t, all[0]) // so there is a tombstone, too
				get(t, all[0], "k", row.load)
				if v, from := get(t, all[1], "k", row.load); v != 101 || from != cache.Hit {
					t.Fatalf("%d (%s): then nothing is proven", v, from)
				}
				s.Save()
				since(t, &row, all[0], all[1])
				s.Kill()
				s.Start()
				if n := s.Client().Exists(t.Context(), "cache:of:k", "cache:clock").Val(); n != 2 {
					t.Fatalf("%d of the value and the clock came back: then nothing is proven", n)
				}
				for _, c := range []*cache.Cache{all[first], all[1-first]} {
					redistest.Eventually(t, "the value is kept", func() bool {
						v, from := get(t, c, "k", row.load)
						if v != row.value.Load() {
							t.Fatalf("%d (%s), want %d", v, from, row.value.Load())
						}
						return from == cache.Hit
					})
				}
			})
		}
	}
}

// A connection that breaks, and leads to the same Redis as before, costs nothing of
// what is kept.
func TestRedis_reconnected(t *testing.T) {
	t.Parallel()
	s := redistest.New(t)
	c := process(t, s.URL, cache.Config{})
	var row truth
	get(t, c, "k", row.load)
	epoch := func() string { return s.Client().HGet(t.Context(), "cache:clock", "epoch").Val() }
	before := epoch()
	for range 3 {
		if err := s.Client().Do(t.Context(), "CLIENT", "KILL", "TYPE", "normal", "SKIPME", "yes").Err(); err != nil {
			t.Fatal(err)
		}
		redistest.Eventually(t, "Redis answers", func() bool { _, from := get(t, c, "k", row.load); return from == cache.Hit })
	}
	if before == "" || epoch() != before {
		t.Error("a new epoch has begun")
	}
}

// A Redis that is full when it is started takes no new epoch: then nothing of it is
// given out, and whoever asks what is wrong hears it.
func TestRedis_restoredAndFull(t *testing.T) {
	t.Parallel()
	s := redistest.New(t)
	client := s.Connect(t)
	c, err := cache.Open(cache.Config{Kind: cache.KindRedis, Redis: client})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = c.Close() })
	var row truth
	get(t, c, "k", row.load)
	s.Save()
	row.change(t, c)
	s.Kill()
	s.Start()
	if err := s.Client().ConfigSet(t.Context(), "maxmemory", "1").Err(); err != nil {
		t.Fatal(err)
	}
	redistest.Eventually(t, "it says why", func() bool {
		if v, from := get(t, c, "k", row.load); v != 1 || from != cache.Miss {
			t.Fatalf("%d (%s)", v, from)
		}
		err := client.Check(t.Context())
		return err != nil && strings.Contains(err.Error(), "is full")
	})
}
