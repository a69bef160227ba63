package db_test

import (
	"context"
	"errors"
	"runtime"
	"strings"
	"testing"
	"time"

	"github.com/google/uuid"

	"vitrine/app/fault"
	"vitrine/app/platform/clock"
	"vitrine/app/platform/db"
	"vitrine/app/platform/dbtest"
	"vitrine/app/platform/id"
)

// private makes a table as contexts make theirs: rows of a studio, and of a
// person across studios.
func private(t *testing.T) *dbtest.Database {
	t.Helper()
	d := dbtest.New(t)
	d.Exec(t, `
		create table notes (studio_id uuid not null, user_id uuid, body text not null constraint notes_body unique);
		grant select, insert, update, delete on notes to vitrine_app, vitrine_worker;
		alter table notes enable row level security;
		create policy notes_tenant on notes to vitrine_app using (studio_id = current_studio()) with check (studio_id = current_studio());
		create policy notes_member on notes for select to vitrine_app using (user_id = current_member());
		create policy notes_worker on notes to vitrine_worker using (true) with check (true);`)
	return d
}

func write(tx db.Tx, studio, user uuid.UUID, body string) error {
	return tx.SQL().Exec("insert into notes values (?, ?, ?)", studio, user, body).Error
}

func bodies(t *testing.T, r db.Reader) (out []string) {
	t.Helper()
	if err := r.SQL(t.Context()).Raw("select body from notes order by body").Scan(&out).Error; err != nil {
		t.Error(err)
	}
	return out
}

func TestScopes(t *testing.T) {
	t.Parallel()
	d := private(t)
	ctx := t.Context()
	mine, theirs, me := id.New(), id.New(), id.New()
	for studio, body := range map[uuid.UUID]string{mine: "mine", theirs: "theirs"} {
		if err := d.App.Tenant(ctx, studio, func(tx db.Tx) error { return write(tx, studio, me, body) }); err != nil {
			t.Fatal(err)
		}
	}
	see := func(who string, got []string, want ...string) {
		t.Helper()
		if strings.Join(got, " ") != strings.Join(want, " ") {
			t.Errorf("%s sees %q, want %q", who, got, want)
		}
	}
	look := func(got *[]string) func(db.Reader) error {
		return func(r db.Reader) error { *got = bodies(t, r); return nil }
	}
	var got []string
	fail := func(err error) {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
	}
	fail(d.App.TenantRead(ctx, mine, look(&got)))
	see("a studio", got, "mine")
	fail(d.App.MemberRead(ctx, me, look(&got)))
	see("a person", got, "mine", "theirs")
	fail(d.App.Member(ctx, id.New(), func(tx db.Tx) error { return look(&got)(tx.Reader()) }))
	see("another person", got)
	fail(d.App.Transact(ctx, func(tx db.Tx) error { return look(&got)(tx.Reader()) }))
	see("nobody", got)
	see("a reader without scope, after others used its connections", bodies(t, d.App.Read(ctx)))
	see("the worker", bodies(t, d.Worker.Read(ctx)), "mine", "theirs")

	err := d.App.Tenant(ctx, mine, func(tx db.Tx) error { return write(tx, theirs, me, "smuggled") })
	if err == nil || !strings.Contains(err.Error(), "row-level security") {
		t.Errorf("a row was written into another studio: %v", err)
	}
	err = d.App.Transact(ctx, func(tx db.Tx) error {
		founded := id.New()
		if err := errors.Join(tx.Scope(founded), tx.ScopeUser(me)); err != nil {
			return err
		}
		return write(tx, founded, me, "founded")
	})
	fail(err)
}

func TestTenantRead_cannotWrite(t *testing.T) {
	t.Parallel()
	d := private(t)
	studio := id.New()
	insert := func(r db.Reader) error {
		return r.SQL(t.Context()).Exec("insert into notes values (?, null, 'x')", studio).Error
	}
	for name, err := range map[string]error{
		"TenantRead": d.App.TenantRead(t.Context(), studio, insert),
		"MemberRead": d.App.MemberRead(t.Context(), id.New(), insert),
	} {
		if err == nil || !strings.Contains(err.Error(), "read-only") {
			t.Errorf("%s wrote: %v", name, err)
		}
	}
}

func TestTransact_commitsOrRollsBack(t *testing.T) {
	t.Parallel()
	d := private(t)
	back := errors.New("changed my mind")
	var hints []string
	run := func(body string, end error) (err error) {
		return d.Worker.Transact(t.Context(), func(tx db.Tx) error {
			tx.AfterCommit(func() { hints = append(hints, body) })
			if err := write(tx, id.New(), id.New(), body); err != nil {
				return err
			}
			return end
		})
	}
	if err := run("kept", nil); err != nil {
		t.Fatal(err)
	}
	if err := run("rolled back", back); !errors.Is(err, back) {
		t.Fatal(err)
	}
	func() {
		defer func() {
			if recover() == nil {
				t.Error("a panic in a transaction was swallowed")
			}
		}()
		_ = d.Worker.Transact(t.Context(), func(tx db.Tx) error {
			_ = write(tx, id.New(), id.New(), "panicked")
			panic("no")
		})
	}()
	if got := bodies(t, d.Worker.Read(t.Context())); len(got) != 1 || got[0] != "kept" || len(hints) != 1 || hints[0] != "kept" {
		t.Errorf("rows %q, hints %q", got, hints)
	}
	// A reader's connection goes back a moment after its rows are closed.
	deadline := time.Now().Add(30 * time.Second)
	for d.Worker.Pool().Stats().InUse != 0 {
		if time.Now().After(deadline) {
			t.Fatalf("%d connections were not given back", d.Worker.Pool().Stats().InUse)
		}
		runtime.Gosched()
	}
}

func TestTransact_refusesNesting(t *testing.T) {
	t.Parallel()
	d := dbtest.New(t)
	ctx := db.Guard(t.Context())
	nothing := func(db.Tx) error { return nil }
	err := d.App.Transact(ctx, func(db.Tx) error { return d.App.Transact(ctx, nothing) })
	if err == nil || !strings.Contains(err.Error(), "inside another") {
		t.Errorf("nested: %v", err)
	}
	if err := d.App.Transact(ctx, nothing); err != nil {
		t.Errorf("one after the other: %v", err)
	}
}

func TestTx_now(t *testing.T) {
	t.Parallel()
	d := dbtest.New(t)
	at := time.Date(2030, 1, 2, 3, 4, 5, 678901000, time.UTC)
	h, err := db.Open(db.Config{URL: d.AppURL, Clock: clock.Fixed(at), WaitTimeout: time.Minute})
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = h.Close() }()
	err = h.Transact(t.Context(), func(tx db.Tx) error {
		var back time.Time
		if err := tx.SQL().Raw("select ?::timestamptz", tx.Now()).Row().Scan(&back); err != nil {
			return err
		}
		if !tx.Now().Equal(at) || !back.Equal(at) {
			t.Errorf("now is %s, and %s after PostgreSQL", tx.Now(), back)
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
}

func TestErrors(t *testing.T) {
	t.Parallel()
	d := private(t)
	err := d.Worker.Transact(t.Context(), func(tx db.Tx) error {
		return errors.Join(write(tx, id.New(), id.New(), "same"), write(tx, id.New(), id.New(), "same"))
	})
	if name, ok := db.Unique(err); !ok || name != "notes_body" {
		t.Errorf("the constraint is %q of %v", name, err)
	}
	if _, ok := db.Unique(errors.New("other")); ok {
		t.Error("any error is a violated constraint")
	}
	var body string
	none := d.Worker.Read(t.Context()).SQL(t.Context()).Raw("select body from notes where false").Row().Scan(&body)
	taken := d.Worker.Read(t.Context()).SQL(t.Context()).Table("notes").Where("false").Take(&struct{ Body string }{}).Error
	if !db.NotFound(none) || !db.NotFound(taken) || db.NotFound(err) {
		t.Errorf("%v, %v", none, taken)
	}
	refused := d.App.Transact(t.Context(), func(db.Tx) error { return fault.New(fault.Conflict, "Taken.") })
	if !fault.Is(refused, fault.Conflict) {
		t.Errorf("a fault of the callback became %v", refused)
	}
}

// TestUnavailable covers each way in which the database may be away.
func TestUnavailable(t *testing.T) {
	t.Parallel()
	d := dbtest.New(t)
	open := func(url string, conf db.Config) *db.DB {
		t.Helper()
		conf.URL = url
		h, err := db.Open(conf)
		if err != nil {
			t.Fatal(err)
		}
		t.Cleanup(func() { _ = h.Close() })
		return h
	}
	unavailable := func(name string, err error) {
		t.Helper()
		if !fault.Is(err, fault.Unavailable) || fault.MessageOf(err) == "" {
			t.Errorf("%s: %v", name, err)
		}
	}
	nothing := func(db.Tx) error { return nil }

	unavailable("nobody listens", open("postgres://vitrine_app:x@127.0.0.1:1/x", db.Config{}).Transact(t.Context(), nothing))

	small := open(d.AppURL, db.Config{MaxConns: 1, WaitTimeout: time.Second})
	if err := small.Ping(t.Context()); err != nil { // connecting may take longer than the wait
		t.Fatal(err)
	}
	err := small.Transact(t.Context(), func(db.Tx) error { return small.Transact(t.Context(), nothing) })
	unavailable("all connections are busy", err)
	if !errors.Is(err, db.ErrNoConnection) {
		t.Errorf("all connections are busy: %v", err)
	}
	if err := small.Transact(t.Context(), nothing); err != nil {
		t.Errorf("after the wait: %v", err)
	}

	unavailable("the role's statement timeout", d.App.Transact(t.Context(), func(tx db.Tx) error {
		if err := tx.SQL().Exec("set local statement_timeout = '20ms'").Error; err != nil {
			return err
		}
		return tx.SQL().Exec("select pg_sleep(10)").Error
	}))
	unavailable("the connection is cut", d.App.Transact(t.Context(), func(tx db.Tx) error {
		var pid int
		if err := tx.SQL().Raw("select pg_backend_pid()").Scan(&pid).Error; err != nil {
			return err
		}
		d.Exec(t, "select pg_terminate_backend($1)", pid)
		return tx.SQL().Exec("select 1").Error
	}))
	if err := d.App.Transact(t.Context(), nothing); err != nil {
		t.Errorf("the database is back: %v", err)
	}
}

// TestTransact_withoutRoom also asks afterwards whether there is room: what can be
// read looks as ever.
func TestTransact_withoutRoom(t *testing.T) {
	t.Parallel()
	d := dbtest.New(t)
	err := d.App.Transact(t.Context(), func(tx db.Tx) error {
		return tx.SQL().Exec("do $$ begin raise exception 'could not extend file' using errcode = 'disk_full'; end $$").Error
	})
	if !fault.Is(err, fault.Unavailable) || !strings.Contains(fault.MessageOf(err), "Nothing can be saved at the moment") {
		t.Errorf("without room it says %v", err)
	}
	spilled := "select temp_bytes / 100000 > 0 from pg_stat_database where datname = current_database()"
	if err := d.App.Ping(t.Context()); err != nil {
		t.Errorf("with room again it is said to be away: %v", err)
	}
	d.Await(t, spilled)
}

func TestTransact_endsWithItsQueryTimeout(t *testing.T) {
	t.Parallel()
	d := dbtest.New(t)
	h, err := db.Open(db.Config{URL: d.AppURL, QueryTimeout: 50 * time.Millisecond})
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = h.Close() }()
	err = h.Transact(t.Context(), func(tx db.Tx) error { return tx.SQL().Exec("select pg_sleep(10)").Error })
	if fault.KindOf(err) != fault.Unavailable {
		t.Errorf("%v is %s", err, fault.KindOf(err))
	}
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if err := d.App.Transact(ctx, func(db.Tx) error { return nil }); !errors.Is(err, context.Canceled) {
		t.Errorf("a caller who left: %v", err)
	}
	ctx, cancel = context.WithCancel(t.Context())
	err = d.App.Transact(ctx, func(tx db.Tx) error {
		err := tx.SQL().Exec("select 1").Error
		cancel()
		d.Await(t, "select not exists (select from pg_stat_activity where datname = current_database() and usename = $1 and xact_start is not null)", db.RoleApp)
		return err
	})
	if fault.KindOf(err) != fault.Unavailable {
		t.Errorf("whose time ended just before the commit: %v is %s", err, fault.KindOf(err))
	}
}

func TestOpen_refusesWithoutRepeatingThePassword(t *testing.T) {
	t.Parallel()
	for _, url := range []string{"postgres://vitrine:hunter2@host:port/x", "://hunter2", "postgres://vitrine:hunter2@host/x?sslmode=hunter2"} {
		_, err := db.Open(db.Config{URL: url})
		if err == nil || strings.Contains(err.Error(), "hunter2") {
			t.Errorf("%v", err)
		}
	}
}

func TestRoleURL(t *testing.T) {
	t.Parallel()
	const owner = "postgres://boss:hunter2@db.example:6432/vitrine?sslmode=require&user=boss&password=hunter2"
	got, err := db.RoleURL(owner, db.RoleApp, "s")
	if err != nil || !strings.HasPrefix(got, "postgres://vitrine_app:"+db.RolePassword("s", db.RoleApp)+"@db.example:6432/vitrine?") ||
		strings.Contains(got, "boss") || strings.Contains(got, "hunter2") || !strings.Contains(got, "sslmode=require") {
		t.Errorf("%s, %v", got, err)
	}
	if db.RolePassword("s", db.RoleApp) == db.RolePassword("s", db.RoleWorker) || db.RolePassword("s", db.RoleApp) == db.RolePassword("t", db.RoleApp) {
		t.Error("passwords repeat")
	}
	if _, err := db.RoleURL("host=x user=y", db.RoleApp, "s"); err == nil {
		t.Error("what is no URL was accepted")
	}
}
