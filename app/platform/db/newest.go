package db

import (
	"context"
	"database/sql"
	"strings"
	"time"

	"github.com/google/uuid"
)

// Newest is a list of a table by its columns created_at and id, the newest row
// first. Its parts are ours, never a person's; Text and the place are values.
type Newest struct {
	Table   string   // with its alias: "users u"
	Columns string   // of that alias
	Where   string   // a condition; empty for all
	By      []string // expressions that Text is looked for in, each with an index of its own
	Text    string   // what one of them begins with; empty for all
	At      time.Time
	ID      uuid.UUID // the list begins behind this row and its time; uuid.Nil: at the newest
	Limit   int
}

// List scans the rows into a pointer to a slice. One query, which asks by each
// expression apart, so that each uses its index.
func (n Newest) List(ctx context.Context, r Reader, into any) error {
	alias := n.Table[strings.LastIndexByte(n.Table, ' ')+1:]
	where, args := "true", []any{sql.Named("limit", n.Limit)}
	if n.Where != "" {
		where = n.Where
	}
	if n.ID != uuid.Nil {
		where += " and (" + alias + ".created_at, " + alias + ".id) < (@at, @id)"
		args = append(args, sql.Named("at", n.At), sql.Named("id", n.ID))
	}
	order := " order by " + alias + ".created_at desc, " + alias + ".id desc limit @limit"
	rows := "select " + n.Columns + " from " + n.Table + " where " + where
	query := rows + order
	if n.Text != "" {
		args = append(args, sql.Named("prefix", begins(n.Text)))
		each := make([]string, len(n.By))
		for i, by := range n.By {
			each[i] = "(" + rows + " and " + by + " like @prefix" + order + ")"
		}
		query = "select * from (" + strings.Join(each, " union ") + ") " + alias + order
	}
	return r.SQL(ctx).Raw(query, args...).Scan(into).Error
}

// begins is a pattern for what begins with the text, whatever stands in it.
func begins(s string) string {
	return strings.NewReplacer(`\`, `\\`, `%`, `\%`, `_`, `\_`).Replace(s) + "%"
}
