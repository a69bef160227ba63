package db

import (
	"context"
	"errors"
	"fmt"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/stdlib"
)

// Rows are rows of one table, for Copy. Table and Columns are ours, never a
// person's.
type Rows struct {
	Table   string
	Columns []string
	Values  [][]any
}

// Copy writes many rows by COPY in one transaction: all of them or none. An
// error after which nobody knows whether they were written is possible, as with
// every commit; rows with keys of their own then violate a unique constraint
// when they are copied again. COPY is refused on tables under row-level
// security.
func (d *DB) Copy(ctx context.Context, tables ...Rows) error {
	ctx, cancel := context.WithTimeout(ctx, d.query)
	defer cancel()
	conn, err := d.waiting.acquire(ctx)
	if err != nil {
		return translate(err)
	}
	err = conn.Raw(func(driver any) error {
		std, ok := driver.(*stdlib.Conn)
		if !ok {
			return fmt.Errorf("COPY needs a connection of pgx, not %T", driver)
		}
		return pgx.BeginFunc(ctx, std.Conn(), func(tx pgx.Tx) error {
			for _, t := range tables {
				if _, err := tx.CopyFrom(ctx, pgx.Identifier{t.Table}, t.Columns, pgx.CopyFromRows(t.Values)); err != nil {
					return err
				}
			}
			return nil
		})
	})
	return translate(errors.Join(err, conn.Close()))
}
