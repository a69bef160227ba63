package errlog_test

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/uuid"

	"vitrine/app/fault"
	"vitrine/app/platform/clock"
	"vitrine/app/platform/db"
	"vitrine/app/platform/dbtest"
	"vitrine/app/platform/errlog"
	"vitrine/app/platform/id"
)

var noon = time.Date(2030, 1, 2, 12, 0, 0, 0, time.UTC)

type house struct {
	*dbtest.Database
	*errlog.Log
	clock *clock.Manual
}

func newHouse(t *testing.T) house {
	t.Helper()
	t.Parallel()
	h := house{Database: dbtest.New(t), clock: clock.NewManual(noon)}
	worker, err := db.Open(db.Config{URL: h.WorkerURL, Clock: h.clock.Now, MaxConns: 3, WaitTimeout: time.Minute})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = worker.Close() })
	h.Log, err = errlog.New(errlog.Config{DB: worker, Version: "v1", Clock: h.clock.Now, Log: slog.New(slog.DiscardHandler)})
	if err != nil {
		t.Fatal(err)
	}
	return h
}

func (h house) open(t *testing.T) []errlog.Group {
	t.Helper()
	all, _, err := h.Groups(t.Context(), errlog.Open, "", 100)
	if err != nil {
		t.Fatal(err)
	}
	return all
}

func TestLog_groups(t *testing.T) {
	h := newHouse(t)
	for i := range 5 {
		h.Record(errlog.Internal, "GET /@:studio", fmt.Errorf("works.Wall(%s): reading row %d: unexpected end", id.New(), i))
		h.clock.Advance(time.Second)
	}
	h.Record(errlog.Internal, "GET /explore", errors.New("works.Wall(x): reading row 7: unexpected end"))
	h.Record(errlog.Unavailable, "GET /@:studio", fault.New(fault.Unavailable, "The database does not answer."))
	h.Flush(t.Context())
	all := h.open(t)
	if len(all) != 3 {
		t.Fatalf("%d groups: %+v", len(all), all)
	}
	g, err := h.Group(t.Context(), all[2].Fingerprint)
	if err != nil {
		t.Fatal(err)
	}
	if g.Count != 5 || g.Title != "works.Wall(…): reading row #: unexpected end" || !strings.Contains(g.Message, "reading row 4") ||
		!g.FirstSeen.Equal(noon) || !g.LastSeen.Equal(noon.Add(4*time.Second)) || g.Version != "v1" || g.Kind != errlog.Internal || g.State != errlog.Open {
		t.Errorf("%+v", g)
	}
	if _, err := h.Group(t.Context(), id.New()); !fault.Is(err, fault.NotFound) {
		t.Error(err)
	}
}

func TestLog_pages(t *testing.T) {
	h := newHouse(t)
	words := strings.Fields("one two three four five six seven")
	for i, w := range words {
		if i%3 != 0 { // several at the same moment
			h.clock.Advance(time.Second)
		}
		h.Record(errlog.Internal, "GET /"+w, errors.New("broken"))
	}
	h.Flush(t.Context())
	var got []string
	for after := ""; ; {
		page, next, err := h.Groups(t.Context(), errlog.Open, after, 2)
		if err != nil {
			t.Fatal(err)
		}
		for _, g := range page {
			got = append(got, g.Place)
		}
		if after = next; next == "" {
			break
		}
	}
	seen := map[string]bool{}
	for _, p := range got {
		seen[p] = true
	}
	if len(got) != len(words) || len(seen) != len(words) {
		t.Errorf("the pages held %v", got)
	}
}

func TestLog_panic(t *testing.T) {
	h := newHouse(t)
	boom := func(n int) (err error) {
		defer func() {
			if p := recover(); p != nil {
				err = errlog.Recovered(p)
			}
		}()
		return fmt.Errorf("%d", []int{}[n])
	}
	for n := range 3 {
		h.Record(errlog.Internal, "GET /", fmt.Errorf("serving: %w", boom(n+4)))
	}
	h.Flush(t.Context())
	all := h.open(t)
	if len(all) != 1 || all[0].Count != 3 {
		t.Fatalf("%+v", all)
	}
	g := all[0]
	if g.Kind != errlog.Panicked || !strings.Contains(g.Title, "index out of range [#] with length # at app/platform/errlog_test.TestLog_panic") ||
		!strings.Contains(g.Stack, "errlog_test.go:") || strings.Contains(g.Stack, "0x") || strings.Contains(g.Stack, "/work") || strings.Contains(g.Stack, "[removed]") {
		t.Errorf("%s\n%s\n%s", g.Title, g.Message, g.Stack)
	}
}

// TestLog_flood: a hundred thousand errors of many kinds in one second cost one
// transaction a flush, and what is not kept is counted.
func TestLog_flood(t *testing.T) {
	h := newHouse(t)
	const floods, each = 8, 2000
	var all sync.WaitGroup
	for f := range floods {
		all.Go(func() {
			for i := range each {
				h.Record(errlog.Internal, fmt.Sprintf("GET /%c%c", 'a'+f, 'a'+i%26), errors.New("flood"))
			}
		})
	}
	all.Wait()
	s := h.Standing()
	var waiting int64
	for _, g := range h.Waiting() {
		waiting += g.Count
	}
	if s.Waiting > 200 || waiting != 200 || s.Dropped+waiting != floods*each {
		t.Errorf("%d groups with %d occurrences wait, %d were dropped", s.Waiting, waiting, s.Dropped)
	}
	h.Flush(t.Context())
	if n := h.Count(t, "select count(*) from error_groups"); n == 0 || n > 20 {
		t.Errorf("one flush wrote %d groups", n)
	}
	// Nine seconds of new kinds: the waiting room is full.
	for i := range 9 * 200 {
		if i%200 == 0 {
			h.clock.Advance(time.Second)
		}
		h.Record(errlog.Internal, fmt.Sprintf("GET /%d", i), errors.New("flood"))
	}
	if s := h.Standing(); s.Waiting != 500 {
		t.Errorf("%d groups wait", s.Waiting)
	}
}

func TestLog_tableIsBounded(t *testing.T) {
	h := newHouse(t)
	h.Exec(t, `insert into error_groups (fingerprint, kind, place, title, message, count, first_seen, last_seen)
		select gen_random_uuid(), 'internal', 'GET /', 'old', 'old', 1, now(), now() from generate_series(1, 2000)`)
	h.Record(errlog.Internal, "GET /", errors.New("one kind more"))
	h.Flush(t.Context())
	if n, s := h.Count(t, "select count(*) from error_groups"), h.Standing(); n != 2000 || s.Dropped != 1 {
		t.Errorf("%d groups, %d dropped", n, s.Dropped)
	}
}

// TestLog_databaseAway: what cannot be written waits, and says so.
func TestLog_databaseAway(t *testing.T) {
	h := newHouse(t)
	h.Exec(t, "alter table error_groups rename to gone")
	h.Record(errlog.Task, "task search.index", errors.New("no index"))
	h.Flush(t.Context())
	h.Record(errlog.Task, "task search.index", errors.New("no index"))
	h.Flush(t.Context())
	s := h.Standing()
	if w := h.Waiting(); s.Waiting != 1 || s.Failure == "" || len(w) != 1 || w[0].Count != 2 {
		t.Fatalf("%+v, %+v", s, h.Waiting())
	}
	h.Exec(t, "alter table gone rename to error_groups")
	h.Flush(t.Context())
	if s := h.Standing(); s.Waiting != 0 || s.Failure != "" || s.Dropped != 0 || h.open(t)[0].Count != 2 {
		t.Errorf("%+v", s)
	}
}

func TestLog_resolve(t *testing.T) {
	h := newHouse(t)
	actor := id.New()
	happens := func() {
		h.Record(errlog.Internal, "GET /", errors.New("broken"))
		h.Flush(t.Context())
	}
	happens()
	f := h.open(t)[0].Fingerprint
	h.Record(errlog.Internal, "GET /", errors.New("broken")) // before it is resolved, and written after
	h.clock.Advance(time.Second)
	for range 2 {
		if err := h.Resolve(t.Context(), actor, f); err != nil {
			t.Fatal(err)
		}
	}
	h.Flush(t.Context())
	if n := len(h.open(t)); n != 0 {
		t.Fatalf("%d are open", n)
	}
	if open, resolved, err := h.Counts(t.Context()); open != 0 || resolved != 1 || err != nil {
		t.Error(open, resolved, err)
	}
	h.clock.Advance(time.Minute)
	happens()
	g := h.open(t)[0]
	if g.Reopened != 1 || g.ResolvedBy == nil || *g.ResolvedBy != actor || g.Count != 3 {
		t.Errorf("%+v", g)
	}
	if err := h.Resolve(t.Context(), actor, f); err != nil {
		t.Fatal(err)
	}
	if err := h.Reopen(t.Context(), actor, f); err != nil || len(h.open(t)) != 1 {
		t.Error(err)
	}
	if err := h.Resolve(t.Context(), actor, uuid.New()); !fault.Is(err, fault.NotFound) {
		t.Error(err)
	}
	if n := h.Count(t, "select count(*) from audit where actor_id = $1 and subject = $2 and action in ('errors.resolved', 'errors.reopened')", actor, "error:"+f.String()); n != 3 {
		t.Errorf("%d entries of audit", n)
	}
}

func TestLog_forget(t *testing.T) {
	h := newHouse(t)
	h.Record(errlog.Internal, "GET /old", errors.New("broken"))
	h.Flush(t.Context())
	h.clock.Advance(errlog.Keep)
	h.Record(errlog.Internal, "GET /new", errors.New("broken"))
	h.clock.Advance(time.Second)
	h.Flush(t.Context())
	worker, err := db.Open(db.Config{URL: h.WorkerURL, Clock: h.clock.Now, WaitTimeout: time.Minute})
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = worker.Close() }()
	var n int64
	if err := worker.Transact(t.Context(), func(tx db.Tx) (err error) { n, err = h.Forget(t.Context(), tx); return err }); err != nil || n != 1 {
		t.Errorf("%d forgotten, %v", n, err)
	}
	if all := h.open(t); len(all) != 1 || all[0].Place != "GET /new" {
		t.Errorf("%+v", all)
	}
}

func TestLog_run(t *testing.T) {
	h := newHouse(t)
	ctx, stop := context.WithCancel(t.Context())
	ended := make(chan struct{})
	go func() { h.Run(ctx); close(ended) }()
	h.Record(errlog.Internal, "GET /", errors.New("broken"))
	h.Await(t, "select count(*) = 1 from error_groups")
	h.Record(errlog.Internal, "GET /", errors.New("broken at the end"))
	stop()
	<-ended
	if n := h.Count(t, "select count(*) from error_groups"); n != 2 {
		t.Errorf("%d groups at the end", n)
	}
}

func TestLog_nil(t *testing.T) {
	t.Parallel()
	var l *errlog.Log
	l.Record(errlog.Internal, "GET /", errors.New("broken"))
	if l.Standing().Waiting != 0 || l.Waiting() != nil {
		t.Error("a nil log remembers")
	}
}
