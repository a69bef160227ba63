package dbtest_test

import (
	"testing"
	"time"

	"vitrine/app/platform/db"
	"vitrine/app/platform/dbtest"
)

func TestNew_isMigratedAndAlone(t *testing.T) {
	t.Parallel()
	a, b := dbtest.New(t), dbtest.New(t)
	a.Exec(t, "create table only_here (n int)")
	if n := a.Count(t, "select count(*) from goose_db_version"); n == 0 {
		t.Error("the clone is not migrated")
	}
	const here = "select count(*) from pg_tables where tablename = 'only_here'"
	if n := a.Count(t, here); n != 1 {
		t.Errorf("the table is there %d times, want once", n)
	}
	if n := b.Count(t, here); n != 0 {
		t.Error("a table of one test is seen by another")
	}
}

func TestNew_rolesAndTheirSettings(t *testing.T) {
	t.Parallel()
	d := dbtest.New(t)
	for name, test := range map[string]struct {
		handle        *db.DB
		role, timeout string
	}{
		"app":    {d.App, db.RoleApp, "5s"},
		"worker": {d.Worker, db.RoleWorker, "1min"},
	} {
		var role, timeout string
		row := test.handle.Pool().QueryRowContext(t.Context(), "select current_user, current_setting('statement_timeout')")
		if err := row.Scan(&role, &timeout); err != nil {
			t.Fatal(err)
		}
		if role != test.role || timeout != test.timeout {
			t.Errorf("%s is %s with statement_timeout %s, want %s with %s", name, role, timeout, test.role, test.timeout)
		}
	}
}

func TestNewEmpty(t *testing.T) {
	t.Parallel()
	d := dbtest.NewEmpty(t)
	if n := d.Count(t, "select count(*) from pg_tables where schemaname = 'public'"); n != 0 {
		t.Errorf("an empty database has %d tables", n)
	}
}

func TestNew_isFast(t *testing.T) {
	dbtest.New(t) // the first one pays for server and template
	least := time.Hour
	for range 10 {
		began := time.Now()
		t.Run("", func(t *testing.T) { dbtest.New(t).Count(t, "select 1") })
		least = min(least, time.Since(began)) // others use the machine, too
	}
	t.Logf("making, using and dropping a database takes %v", least)
	if least > time.Second {
		t.Errorf("a database takes %v; tests that clone one each become too slow", least)
	}
}

func TestAwait(t *testing.T) {
	t.Parallel()
	d := dbtest.New(t)
	d.Exec(t, "create table flag (up bool)")
	written := make(chan error, 1)
	go func() {
		_, err := d.Owner.ExecContext(t.Context(), "insert into flag values (true)")
		written <- err
	}()
	d.Await(t, "select exists (select from flag where up)")
	if err := <-written; err != nil {
		t.Error(err)
	}
}
