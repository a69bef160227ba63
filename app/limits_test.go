package app

import (
	"testing"

	"vitrine/app/platform/limit"
	"vitrine/web/site"
)

// The defaults of the keys are those of the classes, and each class has a key.
func TestLimits_defaultsAreTheClasses(t *testing.T) {
	t.Parallel()
	c, err := Load(nil)
	if err != nil {
		t.Fatal(err)
	}
	counts := c.limitCounts()
	for _, class := range limit.Classes() {
		if got, set := counts[class]; !set || got != limit.RuleOf(class).Count {
			t.Errorf("%s has the default %d, its class has %d", class, got, limit.RuleOf(class).Count)
		}
	}
	if got := c.places(); got[site.Visitors].Requests != 4*c.PoolApp || len(got) != len(c.ownPlaces()) {
		t.Errorf("the places are %v", got)
	}
	divided := 0
	for _, p := range c.places() {
		divided += p.Connections
	}
	if divided >= c.PoolApp {
		t.Errorf("%d of %d connections are divided, and none is left for health", divided, c.PoolApp)
	}
}

func TestLimits_canBeSet(t *testing.T) {
	t.Parallel()
	c, err := Load([]string{"LIMIT_DYNAMIC=0", "PLACES_WRITE=7", "DATABASE_POOL=10"})
	if err != nil {
		t.Fatal(err)
	}
	if c.limitCounts()[limit.Dynamic] != 0 || c.places()[site.Writes] != (site.Place{Requests: 7, Connections: 1}) || c.places()[site.Visitors].Requests != 40 {
		t.Errorf("counts %v, places %v", c.limitCounts(), c.places())
	}
	if _, err := Load([]string{"LIMIT_SEARCH=-1"}); err == nil {
		t.Error("a negative limit is taken")
	}
}
