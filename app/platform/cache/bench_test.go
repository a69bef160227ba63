package cache_test

import (
	"bytes"
	"context"
	"fmt"
	"slices"
	"testing"
	"time"

	"vitrine/app/platform/cache"
	"vitrine/app/platform/redistest"
)

// BenchmarkCache measures what a page costs that is kept, one that is made and
// kept, and an invalidation: 14 KB, made of twenty subjects.
func BenchmarkCache(b *testing.B) {
	s := redistest.New(b)
	c := process(b, s.URL, cache.Config{})
	subjects := make([]string, 20)
	for i := range subjects {
		subjects[i] = fmt.Sprintf("work:01890a5d-ac96-774b-bcce-b302099a%04d", i)
	}
	page := cache.Made{Body: bytes.Repeat([]byte("x"), 14<<10), Subjects: subjects, Class: cache.Hot}
	load := func(context.Context) (cache.Made, error) { return page, nil }
	for name, act := range map[string]func(n int) error{
		"hit": func(int) error { _, err := c.Get(context.Background(), "k", load); return err },
		"miss": func(n int) error {
			_, err := c.Get(context.Background(), fmt.Sprint("k", n, b.N), load)
			return err
		},
		"invalidate": func(n int) error { return c.Invalidate(context.Background(), subjects[n%20]) },
	} {
		b.Run(name, func(b *testing.B) {
			took := make([]time.Duration, 0, b.N)
			for n := 0; b.Loop(); n++ {
				began := time.Now()
				if err := act(n); err != nil {
					b.Fatal(err)
				}
				took = append(took, time.Since(began))
			}
			slices.Sort(took)
			b.ReportMetric(float64(took[len(took)/2].Microseconds()), "p50-µs")
			b.ReportMetric(float64(took[len(took)*99/100].Microseconds()), "p99-µs")
		})
	}
}
