package main

import (
	"context"
	"slices"
	"time"

	"vitrine/bench/traffic"
)

// openLoop sends visits at a fixed rate per second, whatever comes back.
func openLoop(ctx context.Context, rate float64, length time.Duration, next func() traffic.Visit) (*traffic.Report, error) {
	return traffic.Run(ctx, traffic.Plan{Rate: rate, Length: length, Next: func(int) traffic.Visit { return next() }})
}

// pause waits, unless ctx ends.
func pause(ctx context.Context, d time.Duration) error {
	select {
	case <-ctx.Done():
		return ctx.Err()
	case <-time.After(d):
		return nil
	}
}

// middle is the median; between the two in the middle where there is no one.
func middle(values []float64) float64 {
	sorted := slices.Sorted(slices.Values(values))
	half := len(sorted) / 2
	if len(sorted)%2 == 0 {
		return (sorted[half-1] + sorted[half]) / 2
	}
	return sorted[half]
}
