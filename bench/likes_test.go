package bench

import (
	"slices"
	"sync"
	"testing"
	"time"

	"github.com/google/uuid"

	"vitrine/app/accounts"
	"vitrine/app/engagement"
	"vitrine/app/media"
	"vitrine/app/platform/blob"
	"vitrine/app/platform/bus"
	"vitrine/app/platform/db"
	"vitrine/app/platform/dbtest"
	"vitrine/app/platform/id"
	"vitrine/app/studios"
	"vitrine/app/works"
)

// crowd is people who like at once.
const crowd = 200

// likers is a house with as many studios, works and people as are needed, and
// engagement on both handles.
type likers struct {
	*dbtest.Database
	app, worker *engagement.Service
	people      []uuid.UUID
	works       []string // public ids, each of another studio
}

func newLikers(b *testing.B, n int) *likers {
	b.Helper()
	d := dbtest.New(b)
	l := &likers{Database: d}
	l.app, l.worker = engagementOn(b, d.AppURL), engagementOn(b, d.WorkerURL)
	d.Exec(b, "insert into users (id, email, email_key, name, password_hash, password_set_at, verified_at, created_at, updated_at) select gen_random_uuid(), n || '@bench.example', n || '@bench.example', 'Member ' || n, '!', now(), now(), now(), now() from generate_series(1, 200) n")
	for range n {
		studio, public := id.New(), id.Public()
		d.Exec(b, "insert into studios (id, slug, name, created_at, updated_at) values ($1, $2, 'Bench', now(), now())", studio, "s"+studio.String()[24:])
		d.Exec(b, `insert into works (id, studio_id, public_id, creation_key, state, title, media_count, published_at, created_by, created_at, updated_at)
			values (gen_random_uuid(), $1, $2, 'bench', 'published', 'Bench', 1, now(), $1, now(), now())`, studio, public)
		l.works = append(l.works, public)
	}
	rows, err := d.Owner.QueryContext(b.Context(), "select id from users")
	if err != nil {
		b.Fatal(err)
	}
	defer func() { _ = rows.Close() }()
	for rows.Next() {
		var p uuid.UUID
		if err := rows.Scan(&p); err != nil {
			b.Fatal(err)
		}
		l.people = append(l.people, p)
	}
	if err := rows.Err(); err != nil {
		b.Fatal(err)
	}
	return l
}

// engagementOn builds the service on a pool as large as a process of the product
// has.
func engagementOn(b *testing.B, url string) *engagement.Service {
	b.Helper()
	fatal := func(err error) {
		if err != nil {
			b.Fatal(err)
		}
	}
	handle, err := db.Open(db.Config{URL: url, MaxConns: 20, WaitTimeout: time.Minute})
	fatal(err)
	b.Cleanup(func() { _ = handle.Close() })
	outbox, dir := bus.NewOutbox(), b.TempDir()
	st, err := studios.New(studios.Config{DB: handle, Outbox: outbox})
	fatal(err)
	people, err := accounts.New(accounts.Config{DB: handle, Outbox: outbox, Studios: st})
	fatal(err)
	store, err := blob.Open(blob.Config{Kind: "disk", Dir: dir})
	fatal(err)
	files, err := media.New(media.Config{DB: handle, Outbox: outbox, Blobs: store, Dir: dir})
	fatal(err)
	b.Cleanup(func() { _ = files.Close() })
	out, err := engagement.New(engagement.Config{DB: handle, Outbox: outbox, Accounts: people, Studios: st, Works: works.New(handle, outbox, files)})
	fatal(err)
	return out
}

// storm lets everybody like at once, each the work of their turn, and gives how
// long it took until the last one was answered, and until all were counted.
func (l *likers) storm(b *testing.B, work func(turn int) string) (answered, counted time.Duration) {
	b.Helper()
	var all sync.WaitGroup
	errs := make([]error, len(l.people))
	begin := make(chan struct{})
	for turn, who := range l.people {
		all.Go(func() {
			<-begin
			errs[turn] = l.app.Like(b.Context(), who, work(turn))
		})
	}
	start := time.Now()
	close(begin)
	all.Wait()
	answered = time.Since(start)
	if _, err := l.worker.Fold(b.Context()); err != nil {
		b.Fatal(err)
	}
	counted = time.Since(start)
	for _, err := range errs {
		if err != nil {
			b.Fatal(err)
		}
	}
	return answered, counted
}

// BenchmarkLikes compares 200 likes of one work at once with 200 of 200 works of
// 200 studios, five times, and counts that none is lost. The claim is that one
// takes at most 1.5 times as long as the other.
//
//	go test ./bench -run '^$' -bench Likes -benchtime 1x
func BenchmarkLikes(b *testing.B) {
	const rounds = 5
	l := newLikers(b, crowd+rounds+1)
	var one, oneCounted, many, manyCounted []time.Duration
	l.storm(b, func(int) string { return l.works[crowd+rounds] }) // plans and connections
	b.ResetTimer()
	for range b.N {
		one, oneCounted, many, manyCounted = nil, nil, nil, nil
		for n := range rounds {
			a, c := l.storm(b, func(int) string { return l.works[crowd+n] })
			one, oneCounted = append(one, a), append(oneCounted, c)
			if got := l.Count(b, "select c.likes from work_counters c join works w on w.id = c.work_id where w.public_id = $1", l.works[crowd+n]); got != crowd {
				b.Fatalf("%d of %d likes are counted", got, crowd)
			}
			a, c = l.storm(b, func(turn int) string { return l.works[turn] })
			many, manyCounted = append(many, a), append(manyCounted, c)
			if got := l.Count(b, "select count(*) from work_counters where likes = 1"); got != crowd {
				b.Fatalf("%d of %d works have their like", got, crowd)
			}
			l.Exec(b, "delete from likes")
			l.Exec(b, "update work_counters set likes = 0")
		}
	}
	b.StopTimer()
	for _, m := range []struct {
		unit string
		of   []time.Duration
	}{{"ms/one", one}, {"ms/one+counted", oneCounted}, {"ms/many", many}, {"ms/many+counted", manyCounted}} {
		b.ReportMetric(float64(median(m.of).Microseconds())/1000, m.unit)
	}
	b.ReportMetric(float64(median(one))/float64(median(many)), "ratio")
	b.Logf("one work: %v; 200 works: %v", one, many)
}

func median(list []time.Duration) time.Duration {
	list = slices.Clone(list)
	slices.Sort(list)
	return list[len(list)/2]
}
