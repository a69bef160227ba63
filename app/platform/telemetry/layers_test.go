package telemetry

import (
	"testing"
	"time"
)

// Layers are kept for whoever wants to see them, a bounded number, and for nobody
// else.
func TestTell(t *testing.T) {
	t.Parallel()
	Tell(t.Context(), Layer{Of: "session", From: "hit"}) // nobody's work
	ctx, work := Begin(t.Context(), "/x")
	Tell(ctx, Layer{Of: "session", From: "hit"})
	if got := work.Layers(); len(got) != 0 {
		t.Errorf("kept without being asked: %v", got)
	}
	work.Watch()
	told := Layer{Of: "session", From: "hit", Age: 3 * time.Second}
	Tell(ctx, told)
	if got := work.Layers(); len(got) != 1 || got[0] != told {
		t.Errorf("kept: %v, want %v", got, told)
	}
	for range 2 * mostLayers {
		Tell(ctx, Layer{Of: "limit", From: "redis", Left: 1})
	}
	if got := work.Layers(); len(got) != mostLayers || got[0] != told {
		t.Errorf("%d layers are kept, the first is %v", len(got), got[0])
	}
}
