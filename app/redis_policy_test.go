package app

import (
	"context"
	"log/slog"
	"strings"
	"testing"

	"vitrine/app/platform/cache"
	"vitrine/app/platform/redistest"
)

// A Redis that throws away what it has no room for is a degraded part where
// tasks or marks of invalidation lie in it, and nowhere else.
func TestRedisCheck_policy(t *testing.T) {
	t.Parallel()
	s := redistest.New(t)
	client, root := s.Connect(t), s.Client()
	t.Cleanup(func() { _ = root.Close() })
	for _, policy := range []string{"noeviction", "allkeys-lru"} {
		if err := root.ConfigSet(t.Context(), "maxmemory-policy", policy).Err(); err != nil {
			t.Fatal(err)
		}
		for _, stands := range []struct {
			delivery, cache string
			on              bool
		}{{"inline", cache.KindOff, false}, {"asynq", cache.KindOff, true}, {"inline", cache.KindFill, true}} {
			kept, err := cache.Open(cache.Config{Kind: stands.cache, Redis: client})
			if err != nil {
				t.Fatal(err)
			}
			t.Cleanup(func() { _ = kept.Close() })
			i := &infra{redis: client, cache: kept, log: slog.New(slog.DiscardHandler), conf: Config{Switches: map[string]string{"DELIVERY": stands.delivery}}}
			err = i.redisCheck()[0].Run(context.WithoutCancel(t.Context()))
			if told := err != nil && strings.Contains(err.Error(), policy); told != (stands.on && policy != "noeviction") {
				t.Errorf("%s with DELIVERY=%s and CACHE=%s: %v", policy, stands.delivery, stands.cache, err)
			}
		}
	}
}
