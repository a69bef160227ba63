package dbstat_test

import (
	"errors"
	"strings"
	"testing"

	"vitrine/app/platform/db"
	"vitrine/app/platform/dbstat"
	"vitrine/app/platform/dbtest"
)

func TestStatements(t *testing.T) {
	t.Parallel()
	d := dbtest.New(t)
	s := dbstat.New(d.Worker)
	if d.Count(t, "select count(*) from pg_extension where extname = 'pg_stat_statements'") == 0 {
		c, list, err := s.Statements(t.Context(), 5)
		if c != dbstat.NoExtension || list != nil || err != nil {
			t.Errorf("%s, %v, %v", c, list, err)
		}
		t.Skip("This server has no pg_stat_statements.")
	}
	const needle = "select 4711 as the_needle where 'no such person' = $1"
	for range 3 {
		if _, err := d.App.Pool().ExecContext(t.Context(), needle, "a secret value"); err != nil {
			t.Fatal(err)
		}
	}
	c, list, err := s.Statements(t.Context(), 100)
	if c != dbstat.On || err != nil {
		t.Fatalf("%s, %v", c, err)
	}
	found := false
	for _, st := range list {
		if strings.Contains(st.Query, "secret") || strings.Contains(st.Query, "no such person") {
			t.Errorf("a value is shown: %s", st.Query)
		}
		if strings.Contains(st.Query, "the_needle") {
			found = st.Calls == 3 && st.MeanMS > 0 && st.TotalMS >= st.MaxMS
		}
	}
	if !found {
		t.Errorf("the statement of the app's role is not among %d", len(list))
	}
	// Taken away, and given back by hand.
	d.Exec(t, "drop extension pg_stat_statements")
	if c, list, err := s.Statements(t.Context(), 5); c != dbstat.NoExtension || list != nil || err != nil {
		t.Errorf("%s, %v, %v", c, list, err)
	}
	d.Exec(t, `create schema "Elsewhere"`)
	d.Exec(t, `create extension pg_stat_statements schema "Elsewhere"`)
	if c, list, err := s.Statements(t.Context(), 5); c != dbstat.On || len(list) == 0 || err != nil {
		t.Errorf("%s, %v, %v", c, list, err)
	}
}

// TestStatements_noRight: an owner of the tables who is no administrator of the
// database is told what is missing.
func TestStatements_noRight(t *testing.T) {
	t.Parallel()
	d := dbtest.New(t)
	if d.Count(t, "select count(*) from pg_available_extensions where name = 'pg_stat_statements'") == 0 {
		t.Skip("This server has no pg_stat_statements.")
	}
	d.Exec(t, "drop extension if exists pg_stat_statements")
	d.Exec(t, "create extension pg_stat_statements schema public")
	d.Exec(t, "alter function statement_statistics_state() owner to vitrine_app")
	d.Exec(t, "alter function statement_statistics(integer) owner to vitrine_app")
	if c, list, err := dbstat.New(d.Worker).Statements(t.Context(), 5); c != dbstat.NoRight || len(list) == 0 || err != nil {
		t.Errorf("%s, %v, %v", c, list, err)
	}
}

// TestStatements_leastRights: nobody but the worker, and it by the functions alone.
func TestStatements_leastRights(t *testing.T) {
	t.Parallel()
	d := dbtest.New(t)
	if _, _, err := dbstat.New(d.App).Statements(t.Context(), 5); err == nil {
		t.Error("the app's role reads statements")
	}
	for _, h := range []*db.DB{d.App, d.Worker} {
		if err := h.Read(t.Context()).SQL(t.Context()).Exec("select query from statistics.pg_stat_statements").Error; err == nil {
			t.Error("a role of the product reads the view itself")
		}
	}
}

func TestTablesAndIndexes(t *testing.T) {
	t.Parallel()
	d := dbtest.New(t)
	s := dbstat.New(d.Worker)
	d.Exec(t, "create table wide (id int primary key, n int, unused int)")
	d.Exec(t, "create index wide_unused on wide (unused)")
	d.Exec(t, "insert into wide select n, n, n from generate_series(1, 20000) n")
	conn, err := d.Owner.Conn(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	for range 60 {
		if _, err := conn.ExecContext(t.Context(), "select count(*) from wide where n = 5"); err != nil {
			t.Fatal(err)
		}
	}
	_, err = conn.ExecContext(t.Context(), "select pg_stat_force_next_flush()")
	if err = errors.Join(err, conn.Close()); err != nil {
		t.Fatal(err)
	}
	d.Await(t, "select seq_scan >= 60 from pg_stat_user_tables where relname = 'wide'")
	tables, err := s.ReadWhole(t.Context(), 10)
	if err != nil || len(tables) != 1 || tables[0].Name != "wide" || tables[0].SeqScans < 60 || tables[0].ScanRows < 10000 || tables[0].Bytes == 0 {
		t.Errorf("%+v, %v", tables, err)
	}
	indexes, all, err := s.Unused(t.Context(), 3)
	if err != nil || len(indexes) != 3 || indexes[0].Name != "wide_unused" || indexes[0].Table != "wide" || all <= indexes[0].Bytes {
		t.Errorf("%+v, %d, %v", indexes, all, err)
	}
	for _, i := range indexes {
		if strings.HasSuffix(i.Name, "_pkey") {
			t.Errorf("%s guards something", i.Name)
		}
	}
}

func TestServer(t *testing.T) {
	t.Parallel()
	s, err := dbstat.New(dbtest.New(t).Worker).Server(t.Context())
	if err != nil || s.Version == "" || s.Bytes < 1<<20 || s.Connections < 1 || s.MaxConnections < 10 || s.CacheHits <= 0 || s.CacheHits > 1 || s.Started.IsZero() {
		t.Errorf("%+v, %v", s, err)
	}
}
