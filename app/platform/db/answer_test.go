package db_test

import (
	"context"
	"errors"
	"testing"

	"vitrine/app/platform/db"
	"vitrine/app/platform/dbtest"
)

// A duty runs once the rows are written, before Transact returns, also for a
// caller who has gone by then; its error is Transact's. Without a commit there is
// none.
func TestBeforeAnswer(t *testing.T) {
	t.Parallel()
	d := dbtest.New(t)
	d.Exec(t, "create table answers (n int)")
	d.Exec(t, "grant all on answers to vitrine_app")
	refused := errors.New("nobody could be told")
	ctx, gone := context.WithCancel(t.Context())
	var order []string
	write := func(n int, duties ...error) func(db.Tx) error {
		return func(tx db.Tx) error {
			for _, err := range duties {
				tx.BeforeAnswer(func(ctx context.Context) error {
					if ctx.Err() != nil {
						t.Error("the duty has no time")
					}
					if d.Count(t, "select count(*) from answers where n = $1", n) != 1 {
						t.Error("the duty runs before the row is there")
					}
					order = append(order, "duty")
					return err
				})
			}
			tx.AfterCommit(func() { order = append(order, "hint"); gone() })
			return tx.SQL().Exec("insert into answers (n) values (?)", n).Error
		}
	}
	if err := d.App.Transact(ctx, write(1, nil, refused, nil)); !errors.Is(err, refused) {
		t.Errorf("the error is %v", err)
	}
	if len(order) != 4 || d.Count(t, "select count(*) from answers") != 1 {
		t.Errorf("%v ran", order)
	}
	if err := d.App.Transact(t.Context(), write(2, nil)); err != nil {
		t.Error(err)
	}
	order = nil
	if err := d.App.Transact(t.Context(), func(tx db.Tx) error { return errors.Join(write(3, nil)(tx), refused) }); !errors.Is(err, refused) || order != nil {
		t.Errorf("without a commit: %v, and %v ran", err, order)
	}
}
