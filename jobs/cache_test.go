package jobs_test

import (
	"strings"
	"testing"

	"vitrine/app/kept"
	"vitrine/jobs"
)

// Every event that voids something has its subscriber, and no other has one.
func TestSubscriptions_kept(t *testing.T) {
	t.Parallel()
	wanted := map[string]bool{}
	for _, name := range kept.Events() {
		wanted[name] = true
	}
	for _, s := range (jobs.Handlers{}).Subscriptions() {
		if !strings.HasPrefix(s.Name, "kept.") {
			continue
		}
		if !wanted[s.Event] {
			t.Errorf("%s voids nothing", s.Event)
		}
		delete(wanted, s.Event)
	}
	for name := range wanted {
		t.Errorf("%s voids something only if nothing is lost", name)
	}
}
