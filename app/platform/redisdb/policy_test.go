package redisdb_test

import (
	"strings"
	"testing"

	"vitrine/app/platform/redistest"
)

// A Redis that throws tasks away when it is full is told of; one that keeps
// everything, or does not say, is not.
func TestKeeps(t *testing.T) {
	t.Parallel()
	s := redistest.New(t)
	c, root := s.Connect(t), s.Client()
	t.Cleanup(func() { _ = root.Close() })
	if err := c.Keeps(t.Context()); err != nil {
		t.Errorf("as tests have it: %v", err)
	}
	for _, policy := range []string{"allkeys-lru", "volatile-ttl"} {
		if err := root.ConfigSet(t.Context(), "maxmemory-policy", policy).Err(); err != nil {
			t.Fatal(err)
		}
		if err := c.Keeps(t.Context()); err == nil || !strings.Contains(err.Error(), policy) || !strings.Contains(err.Error(), "set it to noeviction") {
			t.Errorf("%s: %v", policy, err)
		}
	}
	if err := root.Do(t.Context(), "ACL", "SETUSER", "default", "-info").Err(); err != nil {
		t.Fatal(err)
	}
	if err := c.Keeps(t.Context()); err != nil {
		t.Errorf("one that does not say: %v", err)
	}
	s.Kill()
	if err := c.Keeps(t.Context()); err != nil {
		t.Errorf("one that is away: %v", err)
	}
}
