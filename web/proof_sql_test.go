package web_test

import (
	"context"
	"database/sql"
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/google/uuid"

	"vitrine/app/platform/id"
)

// scopes are what a connection of the app's role may say of itself. The last ones
// are no ids: they must open nothing, and may be an error.
func (h *house) scopes(t *testing.T) map[string]map[string]string {
	t.Helper()
	stranger := h.userOf(t, "stranger@harbour.example").String()
	return map[string]map[string]string{
		"none": {}, "another studio": {"vitrine.studio": h.foreign.String()}, "another person": {"vitrine.user": stranger},
		"both": {"vitrine.studio": h.foreign.String(), "vitrine.user": stranger}, "empty": {"vitrine.studio": "", "vitrine.user": ""},
		"all": {"vitrine.studio": "%"}, "quoted": {"vitrine.studio": "' or true --"}, "nil": {"vitrine.studio": uuid.Nil.String()}, "null": {"vitrine.studio": "null"},
	}
}

// scoped runs statements as the app's role within a scope, and takes them back.
func (h *house) scoped(t *testing.T, pool *sql.DB, scope map[string]string, fn func(tx *sql.Tx)) {
	t.Helper()
	tx, err := pool.BeginTx(context.Background(), nil)
	must(t, err)
	defer func() { _ = tx.Rollback() }()
	for name, value := range scope {
		_, err := tx.ExecContext(t.Context(), "select set_config($1, $2, true)", name, value)
		must(t, err)
	}
	fn(tx)
}

// strings are the one column of a query of the owner.
func (h *house) strings(t *testing.T, query string, args ...any) (out []string) {
	t.Helper()
	rows, err := h.Owner.QueryContext(t.Context(), query, args...)
	must(t, err)
	defer func() { _ = rows.Close() }()
	for rows.Next() {
		var s string
		must(t, rows.Scan(&s))
		out = append(out, s)
	}
	must(t, rows.Err())
	return out
}

// TestSQL_crossesNoStudio speaks SQL as the app's role, in any scope but the
// right one, to each table under row-level security: its rows are not there,
// cannot be changed, taken over or deleted, and no row can be put among them.
func TestSQL_crossesNoStudio(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	pool := h.App.Pool()
	tables := h.strings(t, "select relname from pg_class where relnamespace = 'public'::regnamespace and relkind in ('r', 'p') and relrowsecurity order by 1")
	public := map[string]string{ // what visitors may read anyway
		"works": "state <> 'published' or hidden", "media": "not exposed", "renditions": "media_id in (select id from media where not exposed)",
		"work_media": "work_id in (select id from works where state <> 'published')",
	}
	filled := 0
	for _, table := range tables {
		where := fmt.Sprintf("studio_id = '%s'", h.studio)
		if public[table] != "" {
			where += " and " + public[table]
		}
		n := h.Count(t, "select count(*) from "+table+" where "+where)
		if n > 0 {
			filled++
		}
		h.scoped(t, pool, map[string]string{"vitrine.studio": h.studio.String()}, func(tx *sql.Tx) {
			if got, err := affected(tx, "select 1 from "+table+" where "+where); got != n && !strings.Contains(fmt.Sprint(err), "permission denied") {
				t.Errorf("the studio itself sees %d of %d rows in %s: %v", got, n, table, err)
			}
		})
		copied := h.strings(t, "select to_jsonb(x)::text from "+table+" x where "+where+" limit 1")
		for name, scope := range h.scopes(t) {
			for what, query := range map[string]string{
				"read": "select 1 from " + table + " where " + where, "locked": "select 1 from " + table + " where " + where + " for update",
				"changed": "update " + table + " set studio_id = studio_id where " + where + " returning 1", "deleted": "delete from " + table + " where " + where + " returning 1",
				"taken": fmt.Sprintf("update %s set studio_id = '%s' where %s returning 1", table, h.foreign, where),
			} {
				h.scoped(t, pool, scope, func(tx *sql.Tx) {
					if got, _ := affected(tx, query); got > 0 {
						t.Errorf("%d rows of %s were %s in the scope %q", got, table, what, name)
					}
				})
			}
			for _, row := range copied {
				h.scoped(t, pool, scope, func(tx *sql.Tx) {
					if _, err := affected(tx, h.inserting(t, table)+" returning 1", row); err == nil {
						t.Errorf("a row of another studio was put into %s in the scope %q", table, name)
					} else if strings.Contains(err.Error(), "duplicate key") {
						t.Errorf("the key of %s answers before its policy does: %v", table, err)
					}
				})
			}
		}
	}
	if filled < 8 {
		t.Errorf("only %d of %d tables hold something here", filled, len(tables))
	}
}

// inserting puts a row that is given as JSON into a table, with a new key.
func (h *house) inserting(t *testing.T, table string) string {
	t.Helper()
	set := "$1::jsonb"
	if slices.Contains(h.strings(t, "select attname from pg_attribute where attrelid = $1::regclass and attnum > 0 and not attisdropped", table), "id") {
		set += fmt.Sprintf(" || jsonb_build_object('id', '%s')", id.New())
	}
	return fmt.Sprintf("insert into %s select * from jsonb_populate_record(null::%s, %s)", table, table, set)
}

func affected(tx *sql.Tx, query string, args ...any) (n int, err error) {
	rows, err := tx.QueryContext(context.Background(), query, args...)
	if err != nil {
		return 0, err
	}
	defer func() { _ = rows.Close() }()
	for rows.Next() {
		n++
	}
	return n, rows.Err()
}

// TestSQL_pointsAcrossNoStudio: in the right scope of one studio, no row can be
// made to point to a row of another: composite keys refuse it.
func TestSQL_pointsAcrossNoStudio(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	// Keys between tables that both have a studio, with the columns beside it.
	rows, err := h.Owner.QueryContext(t.Context(), `
		select c.conrelid::regclass::text, c.confrelid::regclass::text, a.attname, f.attname, c.conkey @> array[s.attnum] as composite
		from pg_constraint c
		join pg_attribute s on s.attrelid = c.conrelid and s.attname = 'studio_id'
		join pg_attribute fs on fs.attrelid = c.confrelid and fs.attname = 'studio_id'
		cross join lateral unnest(c.conkey, c.confkey) k (here, there)
		join pg_attribute a on a.attrelid = c.conrelid and a.attnum = k.here
		join pg_attribute f on f.attrelid = c.confrelid and f.attnum = k.there
		where c.contype = 'f' and a.attname <> 'studio_id'`)
	must(t, err)
	defer func() { _ = rows.Close() }()
	found := 0
	for rows.Next() {
		var from, to, column, key string
		var composite bool
		must(t, rows.Scan(&from, &to, &column, &key, &composite))
		found++
		if !composite {
			t.Errorf("%s.%s points to %s.%s without the studio: a row of one can point to another's", from, column, to, key)
		}
	}
	must(t, rows.Err())
	if found < 5 {
		t.Errorf("only %d keys point from one table of a studio to another", found)
	}
	// And in deed.
	pool := h.App.Pool()
	scope := map[string]string{"vitrine.studio": h.foreign.String()}
	mine := id.New()
	for what, query := range map[string]string{
		"a cover":     fmt.Sprintf("update works set cover_id = '%s' where studio_id = '%s' returning 1", h.media, h.foreign),
		"a picture":   fmt.Sprintf("insert into work_media (studio_id, work_id, media_id, position) values ('%s', '%s', '%s', 9) returning 1", h.foreign, mine, h.media),
		"a work":      fmt.Sprintf("insert into work_media (studio_id, work_id, media_id, position) values ('%s', '%s', '%s', 9) returning 1", h.foreign, h.draft.ID, mine),
		"an upload":   fmt.Sprintf("insert into uploads (id, studio_id, size, created_by, created_at, updated_at, expires_at) values ('%s', '%s', 1, '%s', now(), now(), now()) returning 1", h.media, h.foreign, mine),
		"a studio":    fmt.Sprintf("insert into memberships (studio_id, user_id, role, created_at, updated_at) values ('%s', '%s', 'owner', now(), now()) returning 1", h.studio, mine),
		"a public id": fmt.Sprintf("insert into works (id, studio_id, public_id, creation_key, created_by, created_at, updated_at) values ('%s', '%s', '%s', 'x', '%s', now(), now()) returning 1", id.New(), h.foreign, h.draft.PublicID, mine),
	} {
		h.scoped(t, pool, scope, func(tx *sql.Tx) {
			if what == "a cover" || what == "a picture" || what == "a work" {
				_, err := tx.ExecContext(t.Context(), "insert into works (id, studio_id, public_id, creation_key, created_by, created_at, updated_at) values ($1, $2, 'minepublic12', 'minekey', $1, now(), now())", mine, h.foreign)
				must(t, err)
				_, err = tx.ExecContext(t.Context(), "insert into media (id, studio_id, filename, bytes, created_by, created_at, updated_at) values ($1, $2, 'a.jpg', 1, $1, now(), now())", mine, h.foreign)
				must(t, err)
			}
			if n, err := affected(tx, query); err == nil && n > 0 {
				t.Errorf("%s of another studio was pointed to", what)
			}
		})
	}
}

// TestSQL_definersGiveNoContent asks each function that answers behind the
// policies for what is another studio's: it may say whose it is, or yes or no,
// and never more.
func TestSQL_definersGiveNoContent(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	definers := h.strings(t, `select p.proname || ' ' || format_type(p.prorettype, null) || ' ' || p.proretset || ' ' || has_function_privilege('vitrine_app', p.oid, 'execute')
		from pg_proc p where p.pronamespace = 'public'::regnamespace and p.prosecdef order by 1`)
	if len(definers) < 3 {
		t.Fatalf("only %v", definers)
	}
	for _, d := range definers {
		parts := strings.Fields(d)
		kind := strings.Join(parts[1:len(parts)-2], " ")
		if parts[len(parts)-1] == "false" {
			continue
		}
		if kind != "uuid" && kind != "boolean" || parts[len(parts)-2] == "true" {
			t.Errorf("%s answers behind the policies with more than an id or a bit", d)
		}
	}
	h.scoped(t, h.App.Pool(), nil, func(tx *sql.Tx) {
		var owner *uuid.UUID
		must(t, tx.QueryRowContext(t.Context(), "select unlisted_work_studio($1)", h.draft.PublicID).Scan(&owner))
		if owner != nil {
			t.Error("the studio of a draft was told for its public id")
		}
	})
}
