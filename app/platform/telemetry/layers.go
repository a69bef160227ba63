package telemetry

import (
	"context"
	"slices"
	"time"
)

// Layer is one question of a piece of work that a copy or a counter outside of
// PostgreSQL was meant to answer.
type Layer struct {
	Of   string        // what was asked for: "session", "memberships", "limit"
	From string        // what became of it, in the words of who was asked: "hit", "miss", "away", "redis", "memory"
	Age  time.Duration // of a copy that was given
	Left int           // turns that are left, of a limit
}

// mostLayers is how many a watched piece of work keeps.
const mostLayers = 20

// Tell notes a layer for the work that a context belongs to, if anybody wants to
// see it.
func Tell(ctx context.Context, l Layer) {
	w := WorkOf(ctx)
	if w == nil {
		return
	}
	w.watch.mu.Lock()
	defer w.watch.mu.Unlock()
	if w.watch.on && len(w.watch.layers) < mostLayers {
		w.watch.layers = append(w.watch.layers, l)
	}
}

// Layers gives what was told so far.
func (w *Work) Layers() []Layer {
	w.watch.mu.Lock()
	defer w.watch.mu.Unlock()
	return slices.Clone(w.watch.layers)
}
