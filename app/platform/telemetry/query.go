package telemetry

import (
	"context"
	"errors"
	"log/slog"
	"strings"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"
)

// SlowQuery is from when on a statement is logged.
const SlowQuery = 100 * time.Millisecond

// QueryTracer counts statements for the work that their context belongs to, and
// logs those that take Slow or longer, with the route and without parameters.
type QueryTracer struct {
	Log     *slog.Logger
	Slow    time.Duration // SlowQuery in every tier
	Slowest *Slowest      // where they are remembered by route; nowhere when nil
}

var _ pgx.QueryTracer = QueryTracer{}

type queryKey struct{}

type query struct {
	sql   string
	began time.Time
}

// TraceQueryStart notes when a statement began.
func (QueryTracer) TraceQueryStart(ctx context.Context, _ *pgx.Conn, data pgx.TraceQueryStartData) context.Context {
	return context.WithValue(ctx, queryKey{}, query{data.SQL, time.Now()})
}

// TraceQueryEnd counts the statement and judges its duration.
func (t QueryTracer) TraceQueryEnd(ctx context.Context, _ *pgx.Conn, data pgx.TraceQueryEndData) {
	q, ok := ctx.Value(queryKey{}).(query)
	if !ok {
		return
	}
	took := time.Since(q.began)
	rows := data.CommandTag.RowsAffected()
	work := WorkOf(ctx)
	if work != nil {
		work.dbTime.Add(int64(took))
		work.note(q.sql, took, rows, data.Err)
		if !control(q.sql) {
			work.Queries.Add(1)
			work.Rows.Add(rows)
		}
	}
	if took < t.Slow {
		return
	}
	route := "none"
	if work != nil {
		route = work.Route
	}
	statement := Shorten(q.sql)
	t.Slowest.Add(route, statement, took, time.Now())
	attrs := []slog.Attr{
		slog.String("route", route), slog.Float64("ms", float64(took.Microseconds())/1000), slog.Int64("rows", rows), slog.String("sql", statement),
	}
	if data.Err != nil {
		attrs = append(attrs, slog.String("failed", why(data.Err)))
	}
	t.Log.LogAttrs(ctx, slog.LevelWarn, "Slow query", attrs...)
}

// why is an error without the values that PostgreSQL repeats in its details.
func why(err error) string {
	var pg *pgconn.PgError
	switch {
	case errors.As(err, &pg):
		return "SQLSTATE " + pg.Code
	case errors.Is(err, context.Canceled), errors.Is(err, context.DeadlineExceeded):
		return "cancelled"
	}
	return "connection"
}

// control tells a statement that only begins or ends a transaction.
func control(sql string) bool {
	word, _, _ := strings.Cut(strings.TrimLeft(sql, " \t\n"), " ")
	switch strings.ToLower(strings.TrimRight(word, ";")) {
	case "begin", "commit", "rollback", "savepoint", "release":
		return true
	}
	return false
}

const longestSQL = 300

// Shorten makes one bounded line of a statement and blanks its literals, in
// case somebody wrote a value where a parameter belongs.
func Shorten(sql string) string {
	var out strings.Builder
	quoted, space := false, false
	for _, r := range sql {
		switch {
		case r == '\'':
			if quoted = !quoted; quoted {
				out.WriteString("'…")
			} else {
				out.WriteByte('\'')
			}
			space = false
			continue
		case quoted:
			continue
		case r == ' ' || r == '\n' || r == '\t':
			if space || out.Len() == 0 {
				continue
			}
			space, r = true, ' '
		default:
			space = false
		}
		out.WriteRune(r)
		if out.Len() >= longestSQL {
			return out.String() + "…"
		}
	}
	return strings.TrimRight(out.String(), " ")
}
