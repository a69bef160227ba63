package db

import (
	"context"
	"errors"
	"fmt"

	"github.com/jackc/pgx/v5"
)

// Owner is one connection of the tables' owner, whom no policy binds. It exists
// for inserting large sets; nothing that serves a person may hold one.
type Owner struct{ conn *pgx.Conn }

// ConnectOwner connects as the owner.
func ConnectOwner(ctx context.Context, url string) (*Owner, error) {
	conn, err := pgx.Connect(ctx, url)
	if err != nil {
		return nil, fmt.Errorf("reaching the database as its owner: %w", err)
	}
	return &Owner{conn}, nil
}

// Close ends the connection.
func (o *Owner) Close(ctx context.Context) error { return o.conn.Close(ctx) }

// Exec runs one statement.
func (o *Owner) Exec(ctx context.Context, query string, args ...any) error {
	_, err := o.conn.Exec(ctx, query, args...)
	return err
}

// Scan reads the one value that a query gives.
func (o *Owner) Scan(ctx context.Context, into any, query string, args ...any) error {
	return o.conn.QueryRow(ctx, query, args...).Scan(into)
}

// Transact runs fn in a transaction: statements and copies inside belong to it.
func (o *Owner) Transact(ctx context.Context, fn func(tx *Owner) error) error {
	if err := o.Exec(ctx, "begin"); err != nil {
		return err
	}
	if err := fn(o); err != nil {
		return errors.Join(err, o.Exec(context.WithoutCancel(ctx), "rollback"))
	}
	return o.Exec(ctx, "commit")
}

// Copy fills columns of a table by COPY. next gives one row after the other, and
// nil at the end.
func (o *Owner) Copy(ctx context.Context, table string, columns []string, next func() ([]any, error)) error {
	if _, err := o.conn.CopyFrom(ctx, pgx.Identifier{table}, columns, pgx.CopyFromFunc(next)); err != nil {
		return fmt.Errorf("copying %s: %w", table, err)
	}
	return nil
}
