package sessioncache_test

import (
	"math/rand/v2"
	"runtime"
	"sync"
	"sync/atomic"
	"testing"

	"github.com/google/uuid"

	"vitrine/app/platform/redistest"
	"vitrine/app/platform/sessioncache"
)

// row is a row that changes, and the newest version that somebody was told of.
type row struct {
	person  uuid.UUID
	id      string
	written atomic.Int64
	told    atomic.Int64
}

// read is a request that wants the row: from a copy, or from the row itself, and
// then it is held up before it keeps that.
func (r *row) read(t *testing.T, c *sessioncache.Cache, random *rand.Rand) (version int64, copied bool) {
	type value struct{ Version int64 }
	shelf := sessioncache.NewShelf[value]("row")
	got, blank, found := shelf.Recall(t.Context(), c, r.id)
	if found {
		return got.Version, true
	}
	got.Version = r.written.Load()
	for range random.IntN(2000) {
		runtime.Gosched()
	}
	blank.Keep(t.Context(), r.person, got)
	return got.Version, false
}

// Readers that are held up, writers and a Redis that loses everything now and
// then, on four processes: nobody reads what was so before something that
// somebody was told.
func TestNobodyReadsWhatWasBefore(t *testing.T) {
	server := redistest.New(t)
	var rows [3]row
	for i := range rows {
		rows[i].person, rows[i].id = uuid.New(), uuid.NewString()
	}
	var done atomic.Bool
	var all, writers sync.WaitGroup
	var reads, copies, stale atomic.Int64
	for p := range 4 {
		c := process(t, server, sessioncache.KindRedis, nil)
		for n := range 2 {
			random := rand.New(rand.NewPCG(uint64(p), uint64(n))) //nolint:gosec // a test
			all.Go(func() {
				for !done.Load() {
					r := &rows[random.IntN(len(rows))]
					least := r.told.Load()
					got, copied := r.read(t, c, random)
					reads.Add(1)
					if copied {
						copies.Add(1)
					}
					if got < least {
						stale.Add(1)
					}
				}
			})
		}
		if p >= len(rows) {
			continue
		}
		writers.Go(func() {
			r := &rows[p]
			for range 400 {
				v := r.written.Add(1)
				if c.Drop(t.Context(), []uuid.UUID{r.person}) == nil {
					r.told.Store(v)
				}
				for range 300 {
					runtime.Gosched()
				}
			}
		})
	}
	flushed := make(chan struct{})
	go func() {
		defer close(flushed)
		for !done.Load() {
			server.Flush()
			for range 20_000 {
				runtime.Gosched()
			}
		}
	}()
	writers.Wait()
	done.Store(true)
	all.Wait()
	<-flushed
	t.Logf("%d reads, %d of copies, %d stale", reads.Load(), copies.Load(), stale.Load())
	if stale.Load() > 0 {
		t.Errorf("%d of %d reads gave what was so before", stale.Load(), reads.Load())
	}
	if copies.Load() < reads.Load()/20 {
		t.Errorf("only %d of %d reads were of copies, which proves little", copies.Load(), reads.Load())
	}
}
