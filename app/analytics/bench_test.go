package analytics_test

import (
	"context"
	"testing"
	"time"

	"github.com/google/uuid"

	"vitrine/app/analytics"
	"vitrine/app/platform/dbtest"
	"vitrine/app/platform/id"
)

// BenchmarkCopy takes and writes views in batches of 5,000, as a process does. One
// op is one view.
func BenchmarkCopy(b *testing.B) {
	d := dbtest.New(b)
	r := analytics.NewRecorder(analytics.RecorderConfig{DB: d.App, Secret: secret, Every: time.Hour, Capacity: b.N + 1_000_000})
	running, cancel := context.WithCancel(b.Context())
	ended := make(chan struct{})
	go func() { defer close(ended); r.Run(running) }()
	defer func() { cancel(); <-ended }()
	d.Await(b, "select count(*) >= 2 from view_salts")
	stamp := r.Stamp(analytics.Subject{StudioID: id.New(), WorkID: uuid.New(), Zone: "Europe/Lisbon"})
	for !r.Take(stamp, visit(0)) {
		d.Await(b, "select true")
	}
	b.ResetTimer()
	for i := range b.N {
		r.Take(stamp, visit(i))
	}
	for r.Counts().Waiting >= 5_000 {
		d.Await(b, "select true")
	}
}

// BenchmarkInsert is the same with a statement for each view, for comparison.
func BenchmarkInsert(b *testing.B) {
	d := dbtest.New(b)
	pool, studio := d.App.Pool(), id.New()
	b.ResetTimer()
	for range b.N {
		if _, err := pool.ExecContext(b.Context(), "insert into view_events (at, id, studio_id, work_id, visitor) values (now(), $1, $2, $2, 1)", id.New(), studio); err != nil {
			b.Fatal(err)
		}
	}
}
