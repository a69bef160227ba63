package dbtest

import (
	"context"
	"crypto/rand"
	"database/sql"
	"fmt"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"
	_ "github.com/jackc/pgx/v5/stdlib" // registers the driver "pgx"

	"vitrine/app/platform/db"
)

// Secret is what the passwords of the two roles derive from. The server asks for none, but roles belong to the whole
// server: a test that migrates by itself passes this secret on.
const Secret = "the secret of test databases is no secret"

// patience bounds every step that needs the server, its first start and the migrations included.
const patience = 5 * time.Minute

// coming bounds how long a test waits for what is to come: a machine full of tests takes many times what one alone needs.
const coming = 2 * time.Minute

// Database is one test's own database.
type Database struct {
	// Name of the database on the shared server.
	Name string
	// OwnerURL, AppURL and WorkerURL connect as the owner of the tables and as the two roles of the product.
	OwnerURL, AppURL, WorkerURL string
	// App is bound by row-level security, as requests are. Worker sees every row, as jobs do.
	App, Worker *db.DB
	// Owner bypasses everything: for arranging and for looking.
	Owner *sql.DB
}

// process connects this process to the shared server, once. It is the one global of the package, because the test
// binary is what shares.
var process = sync.OnceValues(connect)

// New clones a migrated database for the test. It is dropped when the test ends, with whatever still uses it.
func New(t testing.TB) *Database {
	t.Helper()
	return open(t, func(s *server) (string, error) { return s.template() })
}

// NewEmpty makes a database that holds nothing, for tests of the migrations themselves.
func NewEmpty(t testing.TB) *Database {
	t.Helper()
	return open(t, func(*server) (string, error) { return "template1", nil })
}

// NewSeeded clones a database that a script has filled, for tests of large sets. The script runs once, as the owner, for
// as long as neither it nor the migrations change.
func NewSeeded(t testing.TB, script string) *Database {
	t.Helper()
	return open(t, func(s *server) (string, error) { return s.seeded(script) })
}

func open(t testing.TB, template func(*server) (string, error)) *Database {
	t.Helper()
	s, err := process()
	if err != nil {
		t.Fatalf("The test database server cannot be used: %v", err)
	}
	from, err := template(s)
	if err != nil {
		t.Fatalf("The template database cannot be made: %v", err)
	}
	d := &Database{Name: "t_" + strings.ToLower(rand.Text()[:16])}
	ctx, cancel := context.WithTimeout(context.Background(), patience)
	defer cancel()
	if err := s.clone(ctx, from, d.Name); err != nil {
		t.Fatalf("The test database cannot be cloned: %v", err)
	}
	t.Cleanup(func() {
		ctx, cancel := context.WithTimeout(context.Background(), patience)
		defer cancel()
		if err := s.drop(ctx, d.Name); err != nil {
			t.Errorf("The test database cannot be dropped: %v", err)
		}
	})
	d.connect(t, s)
	return d
}

// connect opens the three handles and closes them before the database is dropped.
func (d *Database) connect(t testing.TB, s *server) {
	t.Helper()
	d.OwnerURL = s.url(d.Name)
	var err error
	if d.AppURL, err = db.RoleURL(d.OwnerURL, db.RoleApp, Secret); err != nil {
		t.Fatal(err)
	}
	if d.WorkerURL, err = db.RoleURL(d.OwnerURL, db.RoleWorker, Secret); err != nil {
		t.Fatal(err)
	}
	if d.Owner, err = sql.Open("pgx", d.OwnerURL); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = d.Owner.Close() })
	d.App = handle(t, d.AppURL, 5*time.Second)
	d.Worker = handle(t, d.WorkerURL, time.Minute)
}

// handle opens a db.DB with the product's limits, except for the wait: a machine full of tests is slower than any server.
func handle(t testing.TB, url string, query time.Duration) *db.DB {
	t.Helper()
	h, err := db.Open(db.Config{URL: url, QueryTimeout: 4 * query, WaitTimeout: 10 * time.Second})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = h.Close() })
	return h
}

// Exec runs a statement as the owner and fails the test when it does not succeed.
func (d *Database) Exec(t testing.TB, query string, args ...any) {
	t.Helper()
	if _, err := d.Owner.ExecContext(context.Background(), query, args...); err != nil {
		t.Fatalf("%s: %v", query, err)
	}
}

// Count runs a query that returns one number, as the owner. `d.Count(t, "select count(*) from works where state = $1", "draft")`.
func (d *Database) Count(t testing.TB, query string, args ...any) int {
	t.Helper()
	var n int
	d.Row(t, query, args...)(&n)
	return n
}

// Row runs a query that returns one row, as the owner, and gives the function that scans it.
func (d *Database) Row(t testing.TB, query string, args ...any) func(into ...any) {
	t.Helper()
	return func(into ...any) {
		t.Helper()
		if err := d.Owner.QueryRowContext(context.Background(), query, args...).Scan(into...); err != nil {
			t.Fatalf("%s: %v", query, err)
		}
	}
}

// Await waits until a query of the owner returns true, and fails the test when it does not within two minutes.
func (d *Database) Await(t testing.TB, query string, args ...any) {
	t.Helper()
	deadline := time.After(coming)
	tick := time.NewTicker(10 * time.Millisecond)
	defer tick.Stop()
	for {
		var done bool
		d.Row(t, query, args...)(&done)
		if done {
			return
		}
		select {
		case <-deadline:
			t.Fatalf("it did not become true within %s: %s", coming, query)
		case <-tick.C:
		}
	}
}

// Vacuum vacuums and analyzes a table until every page of it is known to be visible to all, as index-only scans need it.
func (d *Database) Vacuum(t testing.TB, table string) {
	t.Helper()
	// The test server commits asynchronously, and vacuum marks a page only once the commit that wrote it is on disk: one
	// synchronous commit takes all before it along.
	d.Exec(t, "begin; set local synchronous_commit = on; select pg_logical_emit_message(true, '', ''); commit")
	deadline := time.Now().Add(coming)
	for {
		// It marks none while a snapshot is older, and that of a session that is just being opened, to whichever database,
		// counts as one.
		d.Exec(t, "vacuum (analyze) "+table)
		var all bool
		d.Row(t, "select relallvisible >= relpages from pg_class where oid = $1::regclass", table)(&all)
		if all {
			return
		}
		if time.Now().After(deadline) {
			t.Fatalf("%s has pages that not everybody may see, after %s", table, coming)
		}
	}
}

// clone copies a database, with the settings of the roles in it, which PostgreSQL keeps apart from the database.
func (s *server) clone(ctx context.Context, from, to string) error {
	name, source := pgx.Identifier{to}.Sanitize(), pgx.Identifier{from}.Sanitize()
	if _, err := s.admin.ExecContext(ctx, fmt.Sprintf("create database %s template %s strategy %s", name, source, strategy)); err != nil {
		return err
	}
	_, err := s.admin.ExecContext(ctx, fmt.Sprintf(copySettings, from, to))
	return err
}

// strategy of a clone: without fsync, copying files takes 40 ms; writing every page through the log takes 130 ms.
const strategy = "file_copy"

const copySettings = `do $$
declare s record;
begin
	for s in
		select setrole::regrole::text as role, split_part(c, '=', 1) as name, substr(c, strpos(c, '=') + 1) as value
		from pg_db_role_setting join pg_database d on d.oid = setdatabase, unnest(setconfig) c
		where d.datname = '%s' and setrole <> 0
	loop
		execute format('alter role %%s in database %%I set %%I = %%L', s.role, '%s', s.name, s.value);
	end loop;
end $$`

func (s *server) drop(ctx context.Context, name string) error {
	_, err := s.admin.ExecContext(ctx, "drop database if exists "+pgx.Identifier{name}.Sanitize()+" with (force)")
	return err
}
