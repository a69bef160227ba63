package jobs

import (
	"context"

	"vitrine/app/kept"
	"vitrine/app/platform/bus"
	"vitrine/app/platform/cache"
)

// Cache makes kept pages void. It reacts to every event that package kept names,
// and is never deduplicated: a page may have been kept in between.
type Cache struct {
	Kept *cache.Cache // nil where nothing is ever kept
}

// OnChanged voids what was made from what has changed. While Redis does not
// answer it is tried again; by then everything is void.
func (c Cache) OnChanged(ctx context.Context, env bus.Envelope) error {
	if c.Kept == nil {
		return nil
	}
	subjects, err := kept.VoidedBy(env)
	if err != nil {
		return err
	}
	return c.Kept.Invalidate(ctx, subjects...)
}
