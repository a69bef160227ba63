package jobs

import (
	"context"

	"vitrine/app/media/withdrawn"
	"vitrine/app/platform/bus"
	"vitrine/app/platform/cdn"
)

// CDN makes the network forget what it may no longer show. It bears repetition
// and is never deduplicated: something may have been kept in between.
type CDN struct {
	Network cdn.Purger
}

// OnWithdrawn purges renditions that were everybody's. While the network does not
// answer it is tried again.
func (c CDN) OnWithdrawn(ctx context.Context, env bus.Envelope) error {
	ev, err := bus.Decode[withdrawn.Files](env)
	if err != nil {
		return err
	}
	paths := make([]string, len(ev.Renditions))
	for i, name := range ev.Renditions {
		paths[i] = "/m/" + name
	}
	return c.Network.Purge(ctx, paths...)
}
