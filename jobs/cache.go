package jobs

import (
	"context"
	"time"

	"vitrine/app/kept"
	"vitrine/app/platform/bus"
	"vitrine/app/platform/cache"
	"vitrine/app/platform/queue"
)

// Cache makes kept pages void. It reacts to every event that package kept names,
// and is never deduplicated: a page may have been kept in between.
type Cache struct {
	Kept *cache.Cache // nil where nothing is ever kept
}

// OnChanged voids what was made from what has changed. While Redis does not answer
// it is put off, for longer the longer that takes: whoever could not tell makes all
// void as soon as Redis answers, unless they end before. When nothing that was made
// before the change can be given out any more, there is nothing left to do.
func (c Cache) OnChanged(ctx context.Context, env bus.Envelope) error {
	if c.Kept == nil {
		return nil
	}
	subjects, err := kept.VoidedBy(env)
	if err != nil {
		return err
	}
	age := time.Since(env.At)
	err = c.Kept.Invalidate(ctx, subjects...)
	if err != nil && age > cache.Longest {
		return nil
	}
	return queue.Later(min(max(age, leastPause), mostPause), err)
}

// How long a void waits for Redis until it is tried again.
const (
	leastPause = 5 * time.Second
	mostPause  = 5 * time.Minute
)
