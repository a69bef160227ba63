package db_test

import (
	"context"
	"errors"
	"fmt"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"vitrine/app/platform/db"
	"vitrine/app/platform/dbtest"
)

// TestMigrations goes up, down and up again with each migration: down must
// leave the schema as it was before, and the second up the schema of the first.
func TestMigrations(t *testing.T) {
	t.Parallel()
	dump := pgDump(t)
	d := dbtest.NewEmpty(t)
	versions, err := db.MigrationVersions()
	if err != nil {
		t.Fatal(err)
	}
	if !slices.IsSorted(versions) || len(versions) < 2 {
		t.Fatalf("the versions are %v", versions)
	}
	move := func(to int64) string {
		t.Helper()
		if err := db.MigrateTo(t.Context(), d.OwnerURL, to); err != nil {
			t.Fatalf("to version %d: %v", to, err)
		}
		return schema(t, dump, d.OwnerURL)
	}
	previous, before := int64(0), move(0)
	for _, v := range versions {
		up := move(v)
		if after := move(previous); after != before {
			t.Errorf("migration %05d leaves traces on its way down:\n%s", v, difference(before, after))
		}
		if again := move(v); again != up {
			t.Errorf("migration %05d makes another schema the second time:\n%s", v, difference(up, again))
		}
		previous, before = v, up
	}
	// All the way: what a later migration does to an earlier one's tables is
	// undone as well.
	move(0)
	if last := move(previous); last != before {
		t.Errorf("down to nothing and up again makes another schema:\n%s", difference(before, last))
	}
}

// TestMigrate is what the migrate command does, twice and together.
func TestMigrate(t *testing.T) {
	t.Parallel()
	d := dbtest.NewEmpty(t)
	ended := make(chan error, 2)
	for range 2 {
		go func() { ended <- db.Migrate(context.WithoutCancel(t.Context()), d.OwnerURL, dbtest.Secret) }()
	}
	for range 2 {
		if err := <-ended; err != nil {
			t.Error(err)
		}
	}
	var at int64
	versions, err := db.MigrationVersions()
	if err != nil {
		t.Fatal(err)
	}
	d.Row(t, "select max(version_id) from goose_db_version")(&at)
	if at != versions[len(versions)-1] {
		t.Errorf("at version %d of %v", at, versions)
	}
	if err := d.App.Ping(t.Context()); err != nil {
		t.Errorf("the app's role cannot log in: %v", err)
	}
}

// TestCheckMigrated looks at a database before, during and after its migration.
func TestCheckMigrated(t *testing.T) {
	t.Parallel()
	d := dbtest.NewEmpty(t)
	check := func() error { return db.CheckMigrated(t.Context(), d.OwnerURL, d.App) }
	if err := check(); !errors.Is(err, db.ErrOutdated) {
		t.Errorf("an empty database is %v, want outdated", err)
	}
	versions, err := db.MigrationVersions()
	if err != nil {
		t.Fatal(err)
	}
	if err := db.MigrateTo(t.Context(), d.OwnerURL, versions[len(versions)-2]); err != nil {
		t.Fatal(err)
	}
	if err := check(); !errors.Is(err, db.ErrOutdated) {
		t.Errorf("one migration before the end it is %v, want outdated", err)
	}
	if err := db.Migrate(t.Context(), d.OwnerURL, dbtest.Secret); err != nil {
		t.Fatal(err)
	}
	if err := check(); err != nil {
		t.Errorf("a migrated database is %v", err)
	}
	d.Exec(t, "insert into goose_db_version (version_id, is_applied) values (99999, true)")
	if err := check(); err != nil {
		t.Errorf("a database that is newer than the program is %v", err)
	}
	d.Exec(t, "drop table goose_db_version")
	if err := check(); !errors.Is(err, db.ErrOutdated) {
		t.Errorf("a database without a record is %v, want outdated", err)
	}
}

// TestMigrations_privateTables holds each table under row-level security to
// the convention: a policy for each role that may touch it.
func TestMigrations_privateTables(t *testing.T) {
	t.Parallel()
	d := dbtest.New(t)
	rows, err := d.Owner.QueryContext(t.Context(), `
		select c.relname, r.rolname from pg_class c cross join pg_roles r
		where c.relnamespace = 'public'::regnamespace and c.relkind in ('r', 'p') and c.relrowsecurity
			and r.rolname in ('vitrine_app', 'vitrine_worker') and has_any_column_privilege(r.rolname, c.oid, 'select')
			and not exists (select from pg_policy p where p.polrelid = c.oid and (r.oid = any(p.polroles) or p.polroles = '{0}'))`)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = rows.Close() }()
	for rows.Next() {
		var table, role string
		if err := rows.Scan(&table, &role); err != nil {
			t.Fatal(err)
		}
		t.Errorf("%s may select from %s and no policy lets it see a row", role, table)
	}
	if err := rows.Err(); err != nil {
		t.Error(err)
	}
	for _, role := range []string{db.RoleApp, db.RoleWorker} {
		if n := d.Count(t, "select count(*) from pg_class where relowner = $1::regrole", role); n != 0 {
			t.Errorf("%s owns %d tables or indexes", role, n)
		}
		if n := d.Count(t, "select count(*) from pg_roles where rolname = $1 and (rolsuper or rolbypassrls or rolcreatedb or rolcreaterole)", role); n != 0 {
			t.Errorf("%s has more rights than it needs", role)
		}
	}
}

// pgDump finds PostgreSQL's own tool, which knows every kind of object there is.
func pgDump(t *testing.T) string {
	t.Helper()
	// The wrapper of Debian on the path picks a version by its own rules; the
	// newest one reads every server that is not newer.
	found, _ := filepath.Glob("/usr/lib/postgresql/*/bin/pg_dump")
	if len(found) > 0 {
		return slices.Max(found)
	}
	path, err := exec.LookPath("pg_dump")
	if err != nil {
		t.Skip("pg_dump is not installed, so two schemas cannot be compared; `make test` installs it.")
	}
	return path
}

// noise is what differs from dump to dump of the same schema.
var noise = regexp.MustCompile(`(?m)^(\\(un)?restrict .*|--.*|)\n`)

func schema(t *testing.T, dump, url string) string {
	t.Helper()
	cmd := exec.CommandContext(t.Context(), dump, "--schema-only", "--exclude-table=goose_db_version*", "--dbname", url)
	var failed strings.Builder
	cmd.Stderr = &failed
	out, err := cmd.Output()
	if err != nil {
		t.Fatalf("pg_dump: %v: %s", err, failed.String())
	}
	return noise.ReplaceAllString(string(out), "")
}

// difference shows the lines that only one of two schemas has.
func difference(a, b string) string {
	var out strings.Builder
	as, bs := strings.Split(a, "\n"), strings.Split(b, "\n")
	for _, l := range as {
		if !slices.Contains(bs, l) {
			fmt.Fprintf(&out, "- %s\n", l)
		}
	}
	for _, l := range bs {
		if !slices.Contains(as, l) {
			fmt.Fprintf(&out, "+ %s\n", l)
		}
	}
	if out.Len() == 0 {
		return "(the same lines in another order, such as columns that a Down adds back at the end)"
	}
	return out.String()
}
