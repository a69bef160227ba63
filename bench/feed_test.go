package bench

import (
	"fmt"
	"os"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/google/uuid"

	"vitrine/app/engagement/sources"
	"vitrine/app/feed"
	"vitrine/app/media"
	"vitrine/app/platform/blob"
	"vitrine/app/platform/bus"
	"vitrine/app/platform/db"
	"vitrine/app/platform/dbtest"
	"vitrine/app/platform/id"
	"vitrine/app/studios"
	"vitrine/app/works"
)

// largeHouse is a database with 100,000 public works of 20,000 studios, spread by
// the square of a uniform number, so that a tenth of the studios has a third of
// the works. One person follows 2,000 studios of every size, another one three.
func largeHouse(b *testing.B) (d *dbtest.Database, heavy, light uuid.UUID) {
	b.Helper()
	d = dbtest.New(b)
	heavy, light = id.New(), id.New()
	d.Exec(b, "set session_replication_role = replica")
	d.Exec(b, `insert into studios (id, slug, name, created_at, updated_at)
		select ('00000005-0000-7000-8000-' || lpad(to_hex(n), 12, '0'))::uuid, 'studio-' || n, 'Studio ' || n, now(), now() from generate_series(0, 19999) n`)
	d.Exec(b, `insert into works (id, studio_id, public_id, creation_key, state, title, slug, media_count, published_at, created_by, created_at, updated_at)
		select gen_random_uuid(), ('00000005-0000-7000-8000-' || lpad(to_hex(floor(power(random(), 2) * 20000)::int), 12, '0'))::uuid, 'feed' || lpad(n::text, 8, '0'), 'feed-' || n,
			'published', 'Work ' || n, 'work', 1, at, gen_random_uuid(), at, at
		from generate_series(1, 100000) n, lateral (select now() - n * interval '7 minutes') x (at)`)
	d.Exec(b, `insert into studio_labels (studio_id, slug, name, shown_at)
		select s.id, s.slug, s.name, (select max(published_at) from works w where w.studio_id = s.id) from studios s`)
	d.Exec(b, `insert into follows (user_id, studio_id, created_at)
		select $1::uuid, ('00000005-0000-7000-8000-' || lpad(to_hex(n * 10), 12, '0'))::uuid, now() from generate_series(0, 1999) n
		union all select $2::uuid, ('00000005-0000-7000-8000-' || lpad(to_hex(n * 4000), 12, '0'))::uuid, now() from generate_series(1, 3) n`, heavy, light)
	d.Exec(b, "analyze studios, works, studio_labels, follows, mutes")
	return d, heavy, light
}

// BenchmarkFeed measures pages of the feed of somebody who follows 2,000 studios,
// and of somebody who follows three; one op is one page without its pictures, two
// statements.
//
//	go test ./bench -run '^$' -bench Feed -benchtime 200x
func BenchmarkFeed(b *testing.B) {
	d, heavy, light := largeHouse(b)
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
	first, err := f.Of(b.Context(), heavy, nil, works.Cursor{}, works.PerPage)
	if err != nil || len(first.Cards) != works.PerPage || first.Following != 2_000 {
		b.Fatalf("%d works of %d studios, %v", len(first.Cards), first.Following, err)
	}
	for _, c := range []struct {
		name string
		who  uuid.UUID
		from works.Cursor
	}{
		{"2000", heavy, works.Cursor{}}, {"2000,next", heavy, first.Next}, {"2000,deep", heavy, works.Cursor{At: first.Next.At.AddDate(0, -10, 0), ID: first.Next.ID}}, {"3", light, works.Cursor{}},
	} {
		b.Run(c.name, func(b *testing.B) {
			took := make([]time.Duration, 0, b.N)
			before := serverCPU(b, d)
			for range b.N {
				start := time.Now()
				if _, err := f.Of(b.Context(), c.who, nil, c.from, works.PerPage); err != nil {
					b.Fatal(err)
				}
				took = append(took, time.Since(start))
			}
			b.ReportMetric(float64((serverCPU(b, d)-before).Microseconds())/1000/float64(b.N), "pg-cpu-ms")
			slices.Sort(took)
			b.ReportMetric(float64(took[len(took)/2].Microseconds())/1000, "ms-p50")
			b.ReportMetric(float64(took[len(took)*95/100].Microseconds())/1000, "ms-p95")
		})
	}
}

// serverCPU is what the connections of the app have used of the server's CPU, by
// the clock of Linux, which counts hundredths of a second.
func serverCPU(b *testing.B, d *dbtest.Database) (used time.Duration) {
	b.Helper()
	rows, err := d.Owner.QueryContext(b.Context(), "select pid from pg_stat_activity where datname = current_database() and usename = $1", db.RoleApp)
	if err != nil {
		b.Fatal(err)
	}
	defer func() { _ = rows.Close() }()
	for rows.Next() {
		var pid int
		if err := rows.Scan(&pid); err != nil {
			b.Fatal(err)
		}
		stat, err := os.ReadFile(fmt.Sprintf("/proc/%d/stat", pid))
		if err != nil {
			continue // another system, or a connection that ended
		}
		_, after, _ := strings.Cut(string(stat), ") ")
		fields := strings.Fields(after)
		for _, at := range []int{11, 12} { // utime and stime
			ticks, err := strconv.Atoi(fields[at])
			if err != nil {
				b.Fatal(err)
			}
			used += time.Duration(ticks) * 10 * time.Millisecond
		}
	}
	if err := rows.Err(); err != nil {
		b.Fatal(err)
	}
	return used
}
