// Package dbstat reads what PostgreSQL counts about itself: which statements
// take its time, which tables are read from end to end, which indexes nobody
// uses. It changes nothing, and every question is one statement on the catalogue.
package dbstat

import (
	"context"
	"time"

	"vitrine/app/fault"
	"vitrine/app/platform/db"
)

// Counting is whether statements are counted, and if not, what is missing.
type Counting string

// The states, as the function statement_statistics_state names them.
const (
	On          Counting = "on"
	NoExtension Counting = "extension" // it is not installed in this database
	NoLibrary   Counting = "library"   // it is installed, and the server does not preload it
	NoRight     Counting = "right"     // the owner of the tables may not read others' statements
)

// Statement is one kind of statement of this database, since its counters were
// reset.
type Statement struct {
	Query    string // without values, at most 2,000 characters
	Calls    int64
	RowCount int64 // returned or changed, all calls together
	TotalMS  float64
	MeanMS   float64
	MaxMS    float64
}

// Table is a table that is often read from end to end.
type Table struct {
	Name      string
	SeqScans  int64 // how often it was read from end to end
	ScanRows  int64 // rows read by one such scan, on average
	Rows      int64 // live, as PostgreSQL estimates
	Bytes     int64
	IndexUses int64 // how often one of its indexes was used
}

// Index is an index that nobody has used.
type Index struct {
	Name, Table string
	Bytes       int64
}

// Server is the database as a whole.
type Server struct {
	Version        string
	Bytes          int64
	Connections    int // to all databases of the server
	MaxConnections int
	CacheHits      float64 // share of blocks that were found in memory, from 0 to 1
	Deadlocks      int64
	LongestTx      time.Duration // of the transaction that is open longest; zero when none is
	Since          *time.Time    // the counters were reset; nil when never
	Started        time.Time
}

// From when on a table is worth a look: this many scans of this many rows each.
const (
	manyScans = 50
	manyRows  = 10000
)

// DB asks one database.
type DB struct{ db *db.DB }

// New makes a reader on a handle of the worker's role.
func New(d *db.DB) DB { return DB{d} }

// Server looks at the whole.
func (d DB) Server(ctx context.Context) (s Server, err error) {
	defer fault.Wrap(&err, "dbstat.Server")
	var row struct {
		Server
		LongestSeconds float64
	}
	err = d.db.Read(ctx).SQL(ctx).Raw(`select current_setting('server_version') as version, pg_database_size(current_database()) as bytes,
			(select count(*) from pg_stat_activity where backend_type = 'client backend') as connections, current_setting('max_connections')::int as max_connections,
			case when s.blks_hit + s.blks_read > 0 then s.blks_hit::float8 / (s.blks_hit + s.blks_read) else 1 end as cache_hits, s.deadlocks,
			coalesce((select extract(epoch from max(now() - xact_start)) from pg_stat_activity where datname = current_database() and pid <> pg_backend_pid()), 0)::float8 as longest_seconds,
			s.stats_reset as since, pg_postmaster_start_time() as started
		from pg_stat_database s where s.datname = current_database()`).Scan(&row).Error
	row.LongestTx = time.Duration(row.LongestSeconds * float64(time.Second))
	return row.Server, err
}

// Statements lists the statements that took most time in all, when they are
// counted.
func (d DB) Statements(ctx context.Context, most int) (c Counting, out []Statement, err error) {
	defer fault.Wrap(&err, "dbstat.Statements")
	sql := d.db.Read(ctx).SQL(ctx)
	if err := sql.Raw("select statement_statistics_state()").Row().Scan(&c); err != nil {
		return "", nil, err
	}
	if c == NoExtension || c == NoLibrary {
		return c, nil, nil
	}
	err = sql.Raw("select * from statement_statistics(?)", most).Scan(&out).Error
	return c, out, err
}

// ReadWhole lists tables that are often read from end to end and are not small:
// a question about them lacks an index.
func (d DB) ReadWhole(ctx context.Context, most int) (out []Table, err error) {
	defer fault.Wrap(&err, "dbstat.ReadWhole")
	err = d.db.Read(ctx).SQL(ctx).Raw(`select relname as name, seq_scan as seq_scans, seq_tup_read / seq_scan as scan_rows, n_live_tup as rows,
			pg_table_size(relid) as bytes, coalesce(idx_scan, 0) as index_uses
		from pg_stat_user_tables where seq_scan >= ? and seq_tup_read / seq_scan >= ? order by seq_tup_read desc limit ?`, manyScans, manyRows, most).Scan(&out).Error
	return out, err
}

// Unused lists indexes that were never used since the counters were reset and
// guard nothing, the largest first, with the size of all of them.
func (d DB) Unused(ctx context.Context, most int) (out []Index, all int64, err error) {
	defer fault.Wrap(&err, "dbstat.Unused")
	var rows []struct {
		Index
		Together int64
	}
	err = d.db.Read(ctx).SQL(ctx).Raw(`select s.indexrelname as name, s.relname as "table", pg_relation_size(s.indexrelid) as bytes,
			sum(pg_relation_size(s.indexrelid)) over ()::bigint as together
		from pg_stat_user_indexes s join pg_index i on i.indexrelid = s.indexrelid
		where s.idx_scan = 0 and not i.indisunique order by 3 desc, 1 limit ?`, most).Scan(&rows).Error
	for _, r := range rows {
		out, all = append(out, r.Index), r.Together
	}
	return out, all, err
}
