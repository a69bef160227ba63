package notices

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/google/uuid"

	"vitrine/app/platform/db"
	"vitrine/app/platform/dbtest"
)

// TestPlans: with 30,000 notices, each way to read them has its index, and reads
// little: the bell is counted on every page of a member.
func TestPlans(t *testing.T) {
	t.Parallel()
	d := dbtest.New(t)
	// Ten people with 3,000 each, every tenth of them unread; six parts in some.
	d.Exec(t, `insert into notices (id, user_id, kind, shelf, subject_id, studio_id, work_id, people, things, on_page, digest, created_at, updated_at, read_at)
		select gen_random_uuid(), ('00000000-0000-7000-8000-00000000000' || n % 10)::uuid, 'like', case when n % 7 = 0 then 'comments' else 'likes' end,
			gen_random_uuid(), gen_random_uuid(), gen_random_uuid(), 1, 1, true, n % 97 < 10, now(), now() - n * interval '1 s', case when n % 97 >= 10 then now() end
		from generate_series(1, 30000) n`)
	d.Exec(t, `insert into notice_parts (user_id, kind, ref_id, actor_id, notice_id, at)
		select user_id, kind, work_id, gen_random_uuid(), id, updated_at from notices, generate_series(1, 6) where extract(second from updated_at)::int % 6 = 0 or read_at is null`)
	d.Exec(t, `insert into notice_hours (user_id, next_at) select gen_random_uuid(), case when n % 20 = 0 then now() + n * interval '1 s' end from generate_series(1, 20000) n`)
	for _, table := range []string{"notices", "notice_parts", "notice_hours"} {
		d.Vacuum(t, table)
	}
	me := uuid.MustParse("00000000-0000-7000-8000-000000000003")
	here := Place{time.Now().Add(-time.Hour), me}
	list := func(shelf Shelf, from Place) (string, []any) { return pageSQL(me, shelf, from, PerPage+1) }
	first, firstArgs := list(All, Place{})
	later, laterArgs := list(All, here)
	shelf, shelfArgs := list(Comments, here)
	for name, c := range map[string]struct {
		index  string
		most   int // buffers
		query  string
		args   []any
		writes bool
	}{
		"the first page":     {"notices_newest", 400, first, firstArgs, false},
		"a later page":       {"notices_newest", 400, later, laterArgs, false},
		"a shelf":            {"notices_shelf_newest", 400, shelf, shelfArgs, false},
		"the bell":           {"notices_unread", 60, `select shelf, count(*) as n from notices where user_id = ? and read_at is null and ` + counted + ` group by shelf`, []any{me}, false},
		"the daily mail":     {"notices_digest", 400, rowSQL + `n.user_id = ? and n.digest and n.read_at is null and n.things > 0 and n.standing <> 'none' order by n.updated_at desc, n.id desc limit 21`, []any{me}, false},
		"whose hour it is":   {"notice_hours_due", 10, `select user_id from notice_hours where next_at <= now() + interval '1 minute' order by next_at limit 200`, nil, false},
		"a work's notices":   {"notices_work", 10, `select id from notices where work_id = ? order by id limit 1000`, []any{me}, false},
		"what is taken back": {"notice_parts_", 10, `select user_id from notice_parts where ref_id = ? and kind = 'like' and actor_id = ? and not gone`, []any{me, me}, false},
		"somebody's acts":    {"notice_parts_actor", 10, `select notice_id from notice_parts where actor_id = ?`, []any{me}, false},
		"a studio's notices": {"notices_studio", 10, `select id from notices where studio_id = ?`, []any{me}, false},
	} {
		var plan []string
		err := d.Worker.Transact(t.Context(), func(tx db.Tx) error {
			return tx.SQL().Raw("explain (analyze, buffers, timing off) "+c.query, c.args...).Scan(&plan).Error
		})
		if err != nil {
			t.Fatalf("%s: %v", name, err)
		}
		text := strings.Join(plan, "\n")
		if !strings.Contains(text, c.index) || strings.Contains(text, "Seq Scan on notice") {
			t.Errorf("%s does not use %s:\n%s", name, c.index, text)
		}
		var hit, read int
		for _, line := range plan {
			if _, rest, ok := strings.Cut(line, "Buffers: shared "); ok {
				_, _ = fmt.Sscanf(rest, "hit=%d read=%d", &hit, &read)
				break
			}
		}
		if hit+read > c.most {
			t.Errorf("%s reads %d pages, want %d at most:\n%s", name, hit+read, c.most, text)
		}
		t.Logf("%s: %d pages", name, hit+read)
	}
}
