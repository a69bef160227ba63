package live_test

import (
	"context"
	"slices"
	"testing"
	"time"

	"github.com/google/uuid"

	"vitrine/app/platform/live"
	"vitrine/app/platform/redistest"
)

// BenchmarkHub measures one message from telling to hearing: publish, the sign,
// and the question for it; in Redis' case from one process to another.
func BenchmarkHub(b *testing.B) {
	for _, kind := range implementations {
		b.Run(kind, func(b *testing.B) {
			from, to := pair(b, kind)
			ines := uuid.New()
			sign, stop := to.Watch(ines)
			defer stop()
			position := to.Position()
			took := make([]time.Duration, 0, b.N)
			for b.Loop() {
				began := time.Now()
				if err := from.Publish(context.Background(), ines, "notice", 1); err != nil {
					b.Fatal(err)
				}
				for heard := false; !heard; {
					<-sign
					batch, err := to.Since(context.Background(), ines, position)
					if err != nil || batch.Missed {
						b.Fatalf("%+v, %v", batch, err)
					}
					heard, position = len(batch.Messages) > 0, batch.Position
				}
				took = append(took, time.Since(began))
			}
			slices.Sort(took)
			b.ReportMetric(float64(took[len(took)/2].Microseconds()), "p50-µs")
			b.ReportMetric(float64(took[len(took)*99/100].Microseconds()), "p99-µs")
		})
	}
}

// pair gives the hubs of who tells and of who hears.
func pair(b *testing.B, kind string) (from, to live.Hub) {
	b.Helper()
	one := func(c live.Config) live.Hub {
		h, err := live.Open(c)
		if err != nil {
			b.Fatal(err)
		}
		b.Cleanup(func() { _ = h.Close() })
		return h
	}
	if kind == live.KindMemory {
		h := one(live.Config{Kind: kind})
		return h, h
	}
	s := redistest.New(b)
	onRedis := func() live.Hub {
		c := s.Connect(b)
		return one(live.Config{Kind: kind, Redis: c})
	}
	return onRedis(), onRedis()
}
