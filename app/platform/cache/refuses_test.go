package cache_test

import (
	"context"
	"testing"

	"vitrine/app/platform/cache"
	"vitrine/app/platform/redistest"
)

// A Redis that takes no writes, and still answers, cannot be told what has changed:
// nothing that it keeps is given out, by whichever process.
func TestRefuses(t *testing.T) {
	t.Parallel()
	for name, harm := range map[string][]any{
		"a replica": {"replicaof", "127.0.0.1", "1"},
		"full":      {"config", "set", "maxmemory", "1"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := redistest.New(t)
			truth := "old"
			load := func(context.Context) (cache.Made, error) {
				return cache.Made{Body: []byte(truth), Subjects: []string{"work:1"}, Class: cache.Warm}, nil
			}
			var both []*cache.Cache
			for range 2 {
				c, err := cache.Open(cache.Config{Kind: cache.KindRedis, Redis: s.Connect(t)})
				if err != nil {
					t.Fatal(err)
				}
				t.Cleanup(func() { _ = c.Close() })
				both = append(both, c)
			}
			for _, c := range append(both, both...) { // the first question of each makes everything void
				if _, err := c.Get(t.Context(), "page", load); err != nil {
					t.Fatal(err)
				}
			}
			for _, c := range both {
				if a, err := c.Get(t.Context(), "page", load); err != nil || a.From != cache.Hit {
					t.Fatalf("it is not kept: %+v, %v", a, err)
				}
			}
			r := s.Client()
			defer func() { _ = r.Close() }()
			if err := r.Do(t.Context(), harm...).Err(); err != nil {
				t.Fatal(err)
			}
			truth = "new"
			if both[0].Invalidate(t.Context(), "work:1") == nil {
				t.Fatal("it takes writes")
			}
			for i, c := range both {
				if a, err := c.Get(t.Context(), "page", load); err != nil || string(a.Body) != truth {
					t.Errorf("process %d gives %q (%s), %v", i, a.Body, a.From, err)
				}
			}
		})
	}
}
