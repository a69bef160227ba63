package demo

import (
	"context"
	"time"
)

// Quiet waits as a filling does before each work.
func (s *Service) Quiet(ctx context.Context, since time.Time) error {
	return (&filler{Service: s, ctx: ctx, since: since, into: Filling}).quiet(ctx)
}
