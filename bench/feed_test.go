package bench

import (
	"slices"
	"testing"
	"time"

	"github.com/google/uuid"

	"vitrine/app/demo"
	"vitrine/app/engagement/sources"
	"vitrine/app/feed"
	"vitrine/app/media"
	"vitrine/app/platform/blob"
	"vitrine/app/platform/bus"
	"vitrine/app/platform/db"
	"vitrine/app/platform/dbtest"
	"vitrine/app/studios"
	"vitrine/app/works"
)

// largeHouse is a database with 100,000 works of 20,000 members, 60,000 follows,
// 200,000 likes and 20,000 comments. Its first member follows 2,000 studios.
func largeHouse(b *testing.B) *dbtest.Database {
	b.Helper()
	d := dbtest.New(b)
	owner, err := db.ConnectOwner(b.Context(), d.OwnerURL)
	if err != nil {
		b.Fatal(err)
	}
	defer func() { _ = owner.Close(b.Context()) }()
	pool := []demo.PoolPicture{{Width: 1600, Height: 1067, Tone: "sky-1", Served: media.Served{JPEG: []int{320, 640}, WebP: []int{320, 640}}}}
	err = demo.Bulk(b.Context(), owner, pool, demo.BulkConfig{
		Works: 100_000, Members: 20_000, Follows: 60_000, Likes: 200_000, Comments: 20_000, Password: "!", Say: func(string, ...any) {},
	})
	if err != nil {
		b.Fatal(err)
	}
	return d
}

// BenchmarkFeed measures the feed of somebody who follows 2,000 studios, of one
// who follows two, and the first page after it; one op is one page without its
// pictures.
//
//	go test ./bench -run '^$' -bench Feed -benchtime 200x
func BenchmarkFeed(b *testing.B) {
	d := largeHouse(b)
	store, err := blob.Open(blob.Config{Kind: "disk", Dir: b.TempDir()})
	if err != nil {
		b.Fatal(err)
	}
	files, err := media.New(media.Config{DB: d.App, Outbox: bus.NewOutbox(), Blobs: store, Dir: b.TempDir()})
	if err != nil {
		b.Fatal(err)
	}
	defer func() { _ = files.Close() }()
	st, err := studios.New(studios.Config{DB: d.App, Outbox: bus.NewOutbox()})
	if err != nil {
		b.Fatal(err)
	}
	w := works.New(d.App, bus.NewOutbox(), files)
	f, err := feed.Open(feed.Config{Kind: feed.Query, Sources: sources.New(d.App, st, w), Works: w, Studios: st})
	if err != nil {
		b.Fatal(err)
	}
	heavy, light := followers(b, d, "desc"), followers(b, d, "asc")
	first, err := f.Of(b.Context(), heavy, nil, works.Cursor{}, works.PerPage)
	if err != nil || len(first.Cards) != works.PerPage || first.Following < 1_999 {
		b.Fatalf("%d works of %d studios, %v", len(first.Cards), first.Following, err)
	}
	for _, c := range []struct {
		name string
		who  uuid.UUID
		from works.Cursor
	}{
		{"2000", heavy, works.Cursor{}}, {"2000,next", heavy, first.Next}, {"2000,deep", heavy, works.Cursor{At: first.Next.At.AddDate(0, -10, 0), ID: first.Next.ID}}, {"few", light, works.Cursor{}},
	} {
		b.Run(c.name, func(b *testing.B) {
			took := make([]time.Duration, 0, b.N)
			for range b.N {
				start := time.Now()
				if _, err := f.Of(b.Context(), c.who, nil, c.from, works.PerPage); err != nil {
					b.Fatal(err)
				}
				took = append(took, time.Since(start))
			}
			slices.Sort(took)
			b.ReportMetric(float64(took[len(took)/2].Microseconds())/1000, "ms-p50")
			b.ReportMetric(float64(took[len(took)*95/100].Microseconds())/1000, "ms-p95")
		})
	}
}

// followers is who follows the most studios, or the fewest.
func followers(b *testing.B, d *dbtest.Database, order string) (who uuid.UUID) {
	b.Helper()
	d.Row(b, "select user_id from follows group by user_id order by count(*) "+order+", user_id limit 1")(&who)
	return who
}
