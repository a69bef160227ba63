package jobs

import (
	"bytes"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/google/uuid"

	"vitrine/app/accounts"
	"vitrine/app/accounts/closing"
	"vitrine/app/analytics"
	"vitrine/app/archive"
	"vitrine/app/media"
	"vitrine/app/moderation"
	"vitrine/app/notifications"
	"vitrine/app/notifications/notices"
	"vitrine/app/platform/blob"
	"vitrine/app/platform/bus"
	"vitrine/app/platform/db"
	"vitrine/app/platform/dbtest"
	"vitrine/app/platform/errlog"
	"vitrine/app/search"
	"vitrine/app/studios"
	"vitrine/app/works"
)

// TestRetentionDocs compares docs/retention.md with the table that it is made of.
func TestRetentionDocs(t *testing.T) {
	t.Parallel()
	var want bytes.Buffer
	WriteRetention(&want)
	got, err := os.ReadFile("../docs/retention.md")
	if err != nil {
		t.Fatal(err)
	}
	if !bytes.Equal(got, want.Bytes()) {
		t.Error("docs/retention.md is not what the rules say; make it again: go run . docs retention > docs/retention.md")
	}
}

// TestRules_everyTable: whatever is stored has a rule, or a reason to stay.
func TestRules_everyTable(t *testing.T) {
	t.Parallel()
	d := dbtest.New(t)
	named := Kept()
	for _, r := range Rules() {
		for _, table := range r.Tables {
			if named[table] == "" {
				named[table] = r.Data
			}
		}
	}
	for table := range named {
		if d.Count(t, "select count(*) from information_schema.tables where table_schema = 'public' and table_name = $1", table) != 1 {
			t.Errorf("there is no table %s", table)
		}
	}
	rows, err := d.Owner.QueryContext(t.Context(), "select table_name from information_schema.tables where table_schema = 'public' and table_type = 'BASE TABLE'")
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = rows.Close() }()
	for rows.Next() {
		var table string
		if err := rows.Scan(&table); err != nil {
			t.Fatal(err)
		}
		if named[table] == "" {
			t.Errorf("nobody says how long rows of %s are kept; add a rule, or say in Kept until when", table)
		}
	}
	if err := rows.Err(); err != nil {
		t.Fatal(err)
	}
	known := map[string]bool{}
	for _, s := range (Handlers{}).Subscriptions() {
		known[s.Name] = true
	}
	for _, r := range Rules() {
		if !known[r.Job] {
			t.Errorf("%s: there is no subscriber %s", r.Data, r.Job)
		}
	}
}

// probe writes a row whose time has the age, $1, with an id of its own, $2, and
// counts what is left of it. A row of a person or a studio hangs on $3 and $4.
type probe struct{ insert, count string }

func probes() map[string]probe {
	const up = `with m as (insert into media (id, studio_id, state, filename, bytes, created_by, created_at, updated_at) values ($2, $4, 'uploading', 'a', 1, $3, now() - interval '90 days', now() - interval '90 days') returning id) `
	return map[string]probe{
		"Sessions":                                    {"insert into sessions (id, user_id, hash, created_at, seen_at, expires_at) values ($2, $3, sha256($2::text::bytea), now(), now(), $1)", "sessions where id = $1"},
		"Logins that wait for a second factor":        {"insert into pending_logins (id, user_id, hash, password_set_at, created_at, expires_at) values ($2, $3, sha256($2::text::bytea), now(), now(), $1)", "pending_logins where id = $1"},
		"Links in mails":                              {"insert into links (id, kind, hash, user_id, created_at, expires_at) values ($2, 'reset', sha256($2::text::bytea), $3, now(), $1)", "links where id = $1"},
		"Sign-ups that nobody proved":                 {"insert into signups (id, email, email_key, name, password_hash, created_at) values ($2, 'a@b.example', 'a@b.example', 'n', '!', $1)", "signups where id = $1"},
		"Second factors that nobody confirmed":        {"with u as (insert into users (id, email, email_key, name, password_hash, password_set_at, verified_at, created_at, updated_at) values ($2, $2::text, $2::text, 'n', '!', now(), now(), now(), now()) returning id) insert into second_factors (user_id, secret, created_at) select id, decode(repeat('00', 40), 'hex'), $1 from u", "second_factors where user_id = $1"},
		"Counts of attempts":                          {"insert into throttles (bucket, count, at, next_at) values ($2::text, 1, $1, now())", "throttles where bucket = $1::text"},
		"Browsers in which a person signed in before": {"insert into known_browsers (id, user_id, hash, created_at, seen_at) values ($2, $3, sha256($2::text::bytea), now(), $1)", "known_browsers where id = $1"},
		"Former addresses of a person":                {"insert into address_changes (id, user_id, email, email_key, old_email, old_key, created_at) values ($2, $3, 'a@b.example', 'a@b.example', 'c@b.example', 'c@b.example', $1)", "address_changes where id = $1"},
		"Tokens of programs":                          {"insert into api_tokens (id, user_id, public_id, hash, name, scopes, created_at, expires_at) values ($2, $3, right($2::text, 12), sha256($2::text::bytea), 'n', 'works:read', $1::timestamptz - interval '1 day', $1)", "api_tokens where id = $1"},
		"Mails":                                       {"insert into mails (id, kind, recipient, to_key, subject, text, html, created_at) values ($2, 'k', 'a@b.example', 'a@b.example', 's', 't', 'h', $1)", "mails where id = $1"},
		"Notices":                                     {"insert into notices (id, user_id, kind, shelf, subject_id, studio_id, things, people, on_page, created_at, updated_at) values ($2, $3, 'like', 'likes', $2, $4, 1, 1, true, $1, $1)", "notices where id = $1"},
		"Invitations":                                 {"insert into invitations (id, studio_id, email, email_key, role, invited_by, created_at, sent_at, expires_at) values ($2, $4, $2::text, $2::text, 'viewer', $3, now(), now(), $1)", "invitations where id = $1"},
		"Hashes of first posts":                       {"insert into post_prints (hash, user_id, at) values (sha256($2::text::bytea), $3, $1)", "post_prints where hash = sha256($1::text::bytea)"},
		"Reports":                                     {"with c as (insert into complaints (id, studio_id, kind, subject_id, author_id, opened_at) values ($2, $4, 'studio', $2, $2, now()) returning id) insert into reports (id, studio_id, complaint_id, reporter_id, reporter_key, ground, at) select $2, $4, id, $3, sha256($2::text::bytea), 'spam', $1 from c", "reports where id = $1"},
		"Claims of rights holders":                    {"insert into takedowns (id, number, studio_id, complaint_id, page, name, holder, email, email_key, contact, owned, statement, signature, sworn, at) values ($2, $2::text, $4, $2, '/', 'n', 'n', 'a@b.example', 'a@b.example', 'c', 'o', 's', 'n', true, $1)", "takedowns where id = $1"},
		"Share links":                                 {"with c as (insert into collections (id, studio_id, public_id, title, slug, created_at, updated_at) values ($2, $4, $2::text, 't', 's', now(), now()) returning id) insert into share_links (id, studio_id, hash, collection_id, created_by, created_at, expires_at) select $2, $4, sha256($2::text::bytea), id, $2, now(), $1 from c", "share_links where id = $1"},
		"Audit of studios":                            {"insert into studio_audit (id, studio_id, action, at) values ($2, $4, 'a.b', $1)", "studio_audit where id = $1"},
		"Audit of the installation":                   {"insert into audit (id, action, at) values ($2, 'a.b', $1)", "audit where id = $1"},
		"Errors":                                      {"insert into error_groups (fingerprint, kind, place, title, message, count, first_seen, last_seen) values ($2, 'task', 'p', 't', 'm', 1, $1, $1)", "error_groups where fingerprint = $1"},
		"Events":                                      {"insert into outbox (id, event, payload, created_at, sent_at) values ($2, 'a.b.v1', '{}', now() - interval '90 days', $1)", "outbox where id = $1"},
		"What subscribers have had":                   {"insert into inbox (event_id, subscriber, created_at) values ($2, 's', $1)", "inbox where event_id = $1"},
		"Tasks that died":                             {"insert into tasks (id, event_id, event, event_at, subscriber, queue, payload, state, max_attempts, run_at, created_at) values ($2, $2, 'a.b.v1', $1, 's', 'bulk', '{}', 'dead', 1, now(), now())", "tasks where id = $1"},
		"When schedules fired":                        {"with later as (insert into schedule_slots (job, slot, created_at) values ($2::text, now(), now())) insert into schedule_slots (job, slot, created_at) values ($2::text, $1, now())", "schedule_slots where job = $1::text and slot < now() - interval '1 day'"},
		"Keys of forms":                               {"insert into idempotency_keys (scope, key, created_at) values ('s', $2::text, $1)", "idempotency_keys where key = $1::text"},
		"Addresses of studios that are gone":          {"insert into closed_slugs (hash, closed_at) values (sha256($2::text::bytea), $1)", "closed_slugs where hash = sha256($1::text::bytea)"},
		"Uploads that nobody went on with":            {up + "insert into uploads (id, studio_id, size, created_by, created_at, updated_at, expires_at) select id, $4, 1, $3, $1, $1, $1::timestamptz + interval '7 days' from m", "media where id = $1 and deleted_at is null"},
		"Uploads that are done":                       {up + "insert into uploads (id, studio_id, size, received, created_by, created_at, updated_at, finished_at, expires_at) select id, $4, 1, 1, $3, $1, $1, $1, $1::timestamptz + interval '1 day' from m", "uploads where id = $1"},
		"Refused files and undecided duplicates":      {"insert into media (id, studio_id, state, refused, failure, filename, bytes, created_by, created_at, updated_at) values ($2, $4, 'failed', true, 'why', 'a', 1, $3, now(), $1)", "media where id = $1 and deleted_at is null"},
		"Views":                                       {"insert into view_events (at, id, studio_id, work_id, visitor) values ($1, $2, $4, $2, 1)", "view_events where id = $1"},
		"Keys of visitors' hashes":                    {"insert into view_salts (day, salt, expires_at) values (date '1900-01-01' + abs(hashtext($2::text)) % 40000, sha256($2::text::bytea), $1)", "view_salts where salt = sha256($1::text::bytea)"},
		"Likes and follows, without the person":       {"insert into stat_acts (at, event_id, studio_id, work_id, likes) values ($1, $2, $4, $2, 1)", "stat_acts where event_id = $1"},
		"Statistics by the hour":                      {"insert into stat_hours (studio_id, hour, views, visitors) values ($2, $1, 1, 1)", "stat_hours where studio_id = $1"},
		"Reports of statistics":                       {"insert into stat_reports (studio_id, id, asked_by, days, state, asked_at, ready_at, expires_at) values ($4, $2, $3, 7, 'ready', $1, $1, $1)", "stat_reports where id = $1"},
		"Archives":                                    {"insert into exports (id, kind, subject_id, asked_by, state, asked_at, ready_at, expires_at) values ($2, 'user', $3, $3, 'ready', $1, $1, $1::timestamptz + interval '7 days')", "exports where id = $1"},
		"Studios that are to end":                     {"insert into studios (id, slug, name, created_at, updated_at, closing_asked_at, closing_at, closing_by) values ($2, 'studio-' || right($2::text, 12), 'n', now(), now(), $1, $1::timestamptz + interval '14 days', $3)", "studios where id = $1"},
		"Accounts that are to end":                    {"insert into users (id, email, email_key, name, password_hash, password_set_at, verified_at, created_at, updated_at, closing_asked_at, closing_at) values ($2, $2::text, $2::text, 'n', '!', now(), now(), now(), now(), $1, $1::timestamptz + interval '14 days')", "users where id = $1"},
	}
}

// TestRules: for each rule, what is an hour too old goes and what has an hour
// left stays, when the rule's job runs.
func TestRules(t *testing.T) {
	t.Parallel()
	d := dbtest.New(t)
	person, studio := uuid.New(), uuid.New()
	d.Exec(t, "insert into users (id, email, email_key, name, password_hash, password_set_at, verified_at, created_at, updated_at) values ($1, 'p@p.example', 'p@p.example', 'n', '!', now(), now(), now(), now())", person)
	d.Exec(t, "insert into studios (id, slug, name, created_at, updated_at) values ($1, 'a-studio', 'n', now(), now())", studio)
	all := probes()
	old, young := map[string]uuid.UUID{}, map[string]uuid.UUID{}
	now := time.Now()
	for _, r := range Rules() {
		p, ok := all[r.Data]
		if !ok {
			t.Fatalf("no probe for the rule %q", r.Data)
		}
		old[r.Data], young[r.Data] = uuid.New(), uuid.New()
		for id, at := range map[uuid.UUID]time.Time{old[r.Data]: now.Add(-r.Keep - time.Hour), young[r.Data]: now.Add(-r.Keep + time.Hour)} {
			d.Exec(t, bind(p.insert, at, id, person, studio))
		}
	}
	h := rulesHandlers(t, d)
	runJobs(t, h)
	for _, r := range Rules() {
		count := "select count(*) from " + all[r.Data].count
		if d.Count(t, bind(count, old[r.Data])) != 0 {
			t.Errorf("%s: what is older than %s is left", r.Data, r.Keep)
		}
		if d.Count(t, bind(count, young[r.Data])) != 1 {
			t.Errorf("%s: what is younger than %s is gone", r.Data, r.Keep)
		}
	}
}

// bind writes the parameters into a statement as literals, so that one of them
// can stand for columns of several types.
func bind(statement string, all ...any) string {
	for i, arg := range all {
		literal := fmt.Sprintf("'%s'::uuid", arg)
		if at, ok := arg.(time.Time); ok {
			literal = "'" + at.Format(time.RFC3339Nano) + "'::timestamptz"
		}
		statement = strings.ReplaceAll(statement, "$"+strconv.Itoa(i+1), literal)
	}
	return statement
}

func runJobs(t *testing.T, h Handlers) {
	t.Helper()
	ran := map[string]bool{}
	for _, s := range h.Subscriptions() {
		if !slices.ContainsFunc(Rules(), func(r Rule) bool { return r.Job == s.Name }) {
			continue
		}
		ran[s.Name] = true
		if err := s.Handle(db.Guard(t.Context()), bus.Envelope{ID: uuid.New(), Name: s.Event}); err != nil {
			t.Errorf("%s: %v", s.Name, err)
		}
	}
	if len(ran) != 3 {
		t.Errorf("the jobs that ran: %v", ran)
	}
}

// rulesHandlers are the handlers on the worker's handle, as the composition root
// makes them.
func rulesHandlers(t *testing.T, d *dbtest.Database) Handlers {
	t.Helper()
	must := func(err error) {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
	}
	outbox := bus.NewOutbox()
	blobs, err := blob.Open(blob.Config{Kind: "disk", Dir: filepath.Join(t.TempDir(), "blobs")})
	must(err)
	st, err := studios.New(studios.Config{DB: d.Worker, Outbox: outbox})
	must(err)
	people, err := accounts.New(accounts.Config{DB: d.Worker, Outbox: outbox, Studios: st})
	must(err)
	files, err := media.New(media.Config{DB: d.Worker, Outbox: outbox, Blobs: blobs, Dir: t.TempDir(), Log: quiet})
	must(err)
	t.Cleanup(func() { _ = files.Close() })
	ws := works.New(d.Worker, outbox, files)
	desk, err := moderation.New(moderation.Config{DB: d.Worker, Outbox: outbox, Accounts: people, Studios: st, Works: ws})
	must(err)
	log, err := errlog.New(errlog.Config{DB: d.Worker, Version: "abcdef123456", Log: quiet})
	must(err)
	mails := &notifications.Service{}
	a := archive.New(archive.Config{DB: d.Worker, Outbox: outbox, Blobs: blobs, Accounts: closing.New(d.Worker, outbox, nil), Studios: st, Media: files, Works: ws,
		Search: search.New(d.Worker, ws, st), Moderation: desk, Mails: mails, Notices: &notices.Service{}, Log: quiet})
	return Handlers{
		Retention: Retention{DB: d.Worker, Accounts: people, Mails: mails, Notices: &notices.Service{}, Errors: log, Prints: desk, Studios: st, Views: &analytics.Service{}},
		Media:     Media{Service: files}, Archive: Archive{Service: a}, Mails: mails,
	}
}
