package queue

import (
	"context"
	"strings"
	"testing"

	"vitrine/app/platform/bus"
	"vitrine/app/platform/db"
)

// TestPlans holds the queries that run every second to their indexes, with a
// backlog, a long memory and many tasks that wait for later.
func TestPlans(t *testing.T) {
	b := newBench(t)
	b.db.Exec(t, `insert into outbox (id, event, payload, created_at, sent_at)
		select gen_random_uuid(), 'bell.rung.v1', '{}', now(), case when n > 500 then now() end from generate_series(1, 50000) n`)
	b.db.Exec(t, `insert into tasks (id, event_id, event, event_at, subscriber, queue, payload, max_attempts, run_at, created_at, state)
		select gen_random_uuid(), gen_random_uuid(), 'bell.rung.v1', now(), 'a', (array['critical', 'default', 'media', 'bulk'])[1 + n % 4], '{}', 8,
			now() + (n % 20 - 2) * interval '1 day', now(), case when n % 50 = 0 then 'dead' else 'ready' end
		from generate_series(1, 50000) n`)
	b.db.Exec(t, "analyze outbox, tasks")
	q := b.open(func(context.Context, bus.Envelope) error { return nil })
	claim, claimArgs := q.claimSQL([]want{{Bulk, 1}, {Critical, 4}, {Default, 4}, {Media, 2}}, b.clock.Now(), b.clock.Now())
	for name, c := range map[string]struct {
		sql, index string
		args       []any
	}{
		"claim":   {claim, "tasks_claim", claimArgs},
		"relay":   {relaySQL, "outbox_unsent", []any{relayBatch}},
		"sweep":   {sweepSQL, "tasks_ready", []any{"00000000-0000-0000-0000-000000000000", b.clock.Now(), b.clock.Now(), sweepBatch}},
		"take":    {takeSQL, "tasks_event_subscriber", []any{"x", b.clock.Now(), "00000000-0000-0000-0000-000000000001", "a", b.clock.Now(), b.clock.Now()}},
		"retried": {retriedSQL, "tasks_retried", []any{20}},
		"desk":    {"select " + deadColumns + " from tasks where state = 'dead' and id < ? order by id desc limit ?", "tasks_dead", []any{"ffffffff-ffff-ffff-ffff-ffffffffffff", 50}},
		"dead":    {deadSQL, "tasks_dead", []any{"00000000-0000-0000-0000-000000000000", 50}},
	} {
		var plan []string
		err := b.db.Worker.Transact(t.Context(), func(tx db.Tx) error {
			return tx.SQL().Raw("explain "+c.sql, c.args...).Scan(&plan).Error
		})
		if err != nil {
			t.Fatalf("%s: %v", name, err)
		}
		got := strings.Join(plan, "\n")
		if !strings.Contains(got, c.index) || strings.Contains(got, "Seq Scan") {
			t.Errorf("%s does not use %s:\n%s", name, c.index, got)
		}
	}
}
