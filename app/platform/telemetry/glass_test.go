package telemetry

import (
	"log/slog"
	"runtime"
	"testing"
	"time"

	"vitrine/app/platform/db"
	"vitrine/app/platform/dbtest"
)

// TestWatch: what is kept adds up to what is counted, and holds no parameter.
func TestWatch(t *testing.T) {
	t.Parallel()
	d := dbtest.New(t)
	h, err := db.Open(db.Config{URL: d.AppURL, Tracer: QueryTracer{Log: slog.New(slog.DiscardHandler), Slow: time.Hour}, WaitTimeout: time.Minute})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = h.Close() })
	ctx, work := Begin(t.Context(), "/x")
	var n int
	read := func() {
		if err := h.Read(ctx).SQL(ctx).Raw("select count(*) from works where title = ? or title = 'a literal'", "a secret").Scan(&n).Error; err != nil {
			t.Fatal(err)
		}
	}
	read()
	if got := work.Statements(); len(got) != 0 {
		t.Errorf("kept without being asked: %v", got)
	}
	before, queries, rows := work.DBTime(), work.Queries.Load(), work.Rows.Load()
	work.Watch()
	read()
	if err := h.Transact(ctx, func(tx db.Tx) error { return tx.SQL().Raw("select 1 from generate_series(1, 3)").Scan(&[]int{}).Error }); err != nil {
		t.Fatal(err)
	}
	var took time.Duration
	var own, returned int64
	for _, s := range work.Statements() {
		took += s.Took
		if !s.Control {
			own++
			returned += s.Rows
		}
	}
	if took != work.DBTime()-before || own != work.Queries.Load()-queries || returned != work.Rows.Load()-rows || own != 2 || returned != 4 {
		t.Errorf("kept %s of %s, %d statements of %d, %d rows of %d", took, work.DBTime()-before, own, work.Queries.Load()-queries, returned, work.Rows.Load()-rows)
	}
	first := work.Statements()[0]
	if first.SQL != "select count(*) from works where title = $1 or title = '…'" || first.Failed {
		t.Errorf("the statement is shown as %q", first.SQL)
	}
	_ = h.Read(ctx).SQL(ctx).Exec("select broken").Error
	if all := work.Statements(); !all[len(all)-1].Failed {
		t.Error("a statement that failed is not shown as such")
	}
	for range mostStatements {
		read()
	}
	if got := len(work.Statements()); got != mostStatements {
		t.Errorf("%d statements are kept, at most %d", got, mostStatements)
	}
}

func TestThread_measuresComputing(t *testing.T) {
	if runtime.GOOS != "linux" {
		t.Skip("This system does not tell the CPU time of a thread.")
	}
	thread := HoldThread()
	defer thread.Release()
	before, ok := thread.CPU()
	if !ok || before < 0 {
		t.Fatalf("the thread has computed for %s, %v", before, ok)
	}
	began := time.Now()
	for got := before; got < before+5*time.Millisecond; got, _ = thread.CPU() {
		if time.Since(began) > 20*time.Second {
			t.Fatalf("20 s of computing are %s", got)
		}
	}
	if took := time.Since(began); took < 4*time.Millisecond {
		t.Errorf("5 ms of computing took %s", took)
	}
}
