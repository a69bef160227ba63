package engagement_test

import (
	"testing"
	"time"
)

// One fold runs at a time: two would lock the counters of the same works in
// different orders. While one waits for a counter, the next waits for it, and both
// have counted in the end.
func TestFold_oneAtATime(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	a, fan := w.studio("harbour"), w.fan("Ines")
	low, high := w.hang(a, "Low Water"), w.hang(a, "High Water")
	w.must(w.app.Like(ctx(), fan, low.PublicID))
	hold, err := w.Owner.Begin()
	w.must(err)
	defer func() { _ = hold.Rollback() }()
	_, err = hold.Exec("select from work_counters where work_id = $1 for update", low.ID)
	w.must(err)
	done := make(chan error, 2)
	fold := func() {
		_, err := w.job.Fold(ctx())
		done <- err
	}
	go fold()
	w.waits("transactionid", "tuple")
	w.must(w.app.Like(ctx(), fan, high.PublicID))
	go fold()
	w.waits("advisory")
	w.must(hold.Rollback())
	for range 2 {
		w.must(<-done)
	}
	w.folded()
}

// waits blocks until somebody waits for a lock of one of these kinds.
func (w *world) waits(kinds ...string) {
	w.t.Helper()
	tick := time.NewTicker(10 * time.Millisecond)
	defer tick.Stop()
	for deadline := time.Now().Add(time.Minute); time.Now().Before(deadline); <-tick.C {
		for _, kind := range kinds {
			if w.Count(w.t, "select count(*) from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock' and wait_event = $1", kind) == 1 {
				return
			}
		}
	}
	w.t.Fatalf("nobody waits for a lock of the kinds %v", kinds)
}
