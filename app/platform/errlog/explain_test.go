package errlog

import (
	"strings"
	"testing"

	"vitrine/app/platform/db"
	"vitrine/app/platform/dbtest"
)

// TestPlans: a page of the list reads its own rows, however many there are.
func TestPlans(t *testing.T) {
	t.Parallel()
	d := dbtest.New(t)
	d.Exec(t, `insert into error_groups (fingerprint, kind, place, title, message, count, first_seen, last_seen)
		select gen_random_uuid(), 'internal', 'GET /', 'broken', 'broken', 1, now() - n * interval '1 hour', now() - n * interval '1 hour' from generate_series(1, 2000) n`)
	d.Exec(t, "analyze error_groups")
	for name, c := range map[string]struct {
		sql, index string
		args       []any
	}{
		"first page": {"select " + columns + " from error_groups where state = ? order by last_seen desc, fingerprint desc limit ?", "error_groups_seen", []any{Open, 51}},
		"next page": {"select " + columns + " from error_groups where state = ? and (last_seen, fingerprint) < (now(), '" + strings.Repeat("0", 32) + "'::uuid) order by last_seen desc, fingerprint desc limit ?",
			"error_groups_seen", []any{Open, 51}},
		"retention": {"select fingerprint from error_groups where last_seen < now() - interval '83 days' limit ?", "error_groups_old", []any{forgetBatch}},
	} {
		var plan []string
		err := d.Worker.Transact(t.Context(), func(tx db.Tx) error { return tx.SQL().Raw("explain "+c.sql, c.args...).Scan(&plan).Error })
		if err != nil {
			t.Fatalf("%s: %v", name, err)
		}
		if got := strings.Join(plan, "\n"); !strings.Contains(got, c.index) || strings.Contains(got, "Sort") {
			t.Errorf("the %s does not use %s:\n%s", name, c.index, got)
		}
	}
}
