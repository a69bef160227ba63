package db_test

import (
	"context"
	"errors"
	"testing"
	"time"

	"vitrine/app/platform/db"
	"vitrine/app/platform/dbtest"
)

// TestShare: work whose statements hang does so in its own connections. Each
// way of asking gives its turn back, also after an error and after a connection
// that was cut.
func TestShare(t *testing.T) {
	t.Parallel()
	d := dbtest.New(t)
	// Cut connections are made anew, which takes long on a busy machine; beyond the share somebody hasty asks, in vain.
	h, inVain := open(t, d.AppURL, 3, time.Minute), open(t, d.AppURL, 3, hasty)
	share := db.NewShare(1)
	mine, others := db.WithShare(t.Context(), share), db.WithShare(t.Context(), db.NewShare(2))
	for round := range 3 {
		for name, err := range asks(mine, h.Read(mine)) {
			if err != nil {
				t.Errorf("%s, round %d: %v", name, round, err)
			}
		}
		_ = h.Read(mine).SQL(mine).Exec("select broken").Error
		_ = h.Read(mine).SQL(mine).Exec("select pg_terminate_backend(pg_backend_pid())").Error
		_ = h.Transact(mine, func(db.Tx) error { return context.Canceled })
		_ = h.Transact(mine, func(tx db.Tx) error { return tx.SQL().Exec("select pg_terminate_backend(pg_backend_pid())").Error })
	}
	err := h.Transact(mine, func(db.Tx) error {
		before, _ := share.Waited()
		for name, err := range asks(mine, inVain.Read(mine)) {
			if !errors.Is(err, db.ErrNoConnection) {
				t.Errorf("%s beyond the share: %v", name, err)
			}
		}
		// Whoever is held up before the wait is counted waits a little less.
		if times, in := share.Waited(); times != before+4 || in < 2*hasty {
			t.Errorf("four ways of asking waited %d times, %s in all", times-before, in)
		}
		for _, ctx := range []context.Context{others, t.Context()} {
			for name, err := range asks(ctx, h.Read(ctx)) {
				if err != nil {
					t.Errorf("%s beside a full share: %v", name, err)
				}
			}
		}
		return nil
	})
	if err != nil {
		t.Error(err)
	}
	if err := h.Transact(mine, func(db.Tx) error { return nil }); err != nil {
		t.Errorf("after the share was full: %v", err)
	}
}
