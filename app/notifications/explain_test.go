package notifications

import (
	"strings"
	"testing"
	"time"

	"vitrine/app/platform/db"
	"vitrine/app/platform/dbtest"
	"vitrine/app/platform/id"
	"vitrine/app/platform/keyset"
)

// TestPlans: each way to read the mail log has its index.
func TestPlans(t *testing.T) {
	t.Parallel()
	d := dbtest.New(t)
	d.Exec(t, `insert into mails (id, kind, recipient, to_key, subject, text, html, state, created_at, sent_at)
		select gen_random_uuid(), 'reset', 'a' || n % 5000 || '@harbour.example', 'a' || n % 5000 || '@harbour.example', 'A subject', '', '',
			case when n % 100 = 0 then 'failed' else 'sent' end, now() - n * interval '1 minute', case when n % 100 <> 0 then now() end from generate_series(1, 20000) n`)
	d.Exec(t, "analyze mails")
	place := keyset.Encode(uint64(time.Now().UnixMicro()), id.New())
	for name, c := range map[string]struct {
		filter LogFilter
		index  string
	}{
		"all":     {LogFilter{}, "mails_newest"},
		"failed":  {LogFilter{State: Failed}, "mails_state"},
		"address": {LogFilter{Address: "a17@harbour.example"}, "mails_address"},
		"both":    {LogFilter{State: Failed, Address: "a17@harbour.example"}, "mails_address"},
	} {
		for _, after := range []string{"", place} {
			query, args := logSQL(c.filter, after)
			var plan []string
			err := d.Worker.Transact(t.Context(), func(tx db.Tx) error {
				return tx.SQL().Raw("explain "+query+" order by created_at desc, id desc limit 51", args...).Scan(&plan).Error
			})
			if err != nil {
				t.Fatalf("%s: %v", name, err)
			}
			if got := strings.Join(plan, "\n"); !strings.Contains(got, c.index) && !(c.filter.Address != "" && strings.Contains(got, "mails_recipient")) || strings.Contains(got, "Seq Scan") {
				t.Errorf("%s, after %q, does not use %s:\n%s", name, after, c.index, got)
			}
		}
	}
}
