package traffic_test

import (
	"maps"
	"testing"

	"vitrine/bench/traffic"
)

// A ledger knows the last state of what was acknowledged, and nothing of what a
// later request without an answer may have changed.
func TestLedger(t *testing.T) {
	t.Parallel()
	var l traffic.Ledger
	l.Forget("work", "a") // of which nothing was noted
	for _, key := range []string{"a", "b"} {
		l.Note("work", key, "published")
	}
	l.Note("work", "a", "draft")
	l.Note("draft", "b", "saved")
	l.Forget("work", "b")
	if got := l.States("work"); !maps.Equal(got, map[string]string{"a": "draft"}) {
		t.Errorf("it knows %v", got)
	}
	if got := l.Keys("draft"); len(got) != 1 || got[0] != "b" {
		t.Errorf("of another kind: %v", got)
	}
}
