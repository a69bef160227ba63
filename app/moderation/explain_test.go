package moderation

import (
	"context"
	"database/sql"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"vitrine/app/accounts"
	"vitrine/app/platform/db"
	"vitrine/app/studios"
)

// recorder keeps the last statement that reads, with its arguments.
type recorder struct {
	mu   sync.Mutex
	sql  string
	args []any
}

func (r *recorder) TraceQueryStart(ctx context.Context, _ *pgx.Conn, data pgx.TraceQueryStartData) context.Context {
	if strings.HasPrefix(data.SQL, "select ") && !strings.Contains(data.SQL, "set_config") {
		r.mu.Lock()
		r.sql, r.args = data.SQL, data.Args
		r.mu.Unlock()
	}
	return ctx
}

func (r *recorder) TraceQueryEnd(context.Context, *pgx.Conn, pgx.TraceQueryEndData) {}

// Every list that administrators read has its index, on 20,000 people, studios
// and reviews.
func TestPlans(t *testing.T) {
	w := newWorld(t)
	w.Exec(t, `insert into users (id, email, email_key, name, password_hash, password_set_at, verified_at, created_at, updated_at)
		select md5('u' || n)::uuid, md5(n::text) || '@x.example', md5(n::text) || '@x.example', initcap(md5('name' || n)), '!', now(), now(), now() - n * interval '1 minute', now() from generate_series(1, 20000) n`)
	w.Exec(t, `update users set suspended_at = now(), suspended_reason = 'So.' where id in (select md5('u' || n * 100)::uuid from generate_series(1, 200) n)`)
	w.Exec(t, `insert into studios (id, slug, name, created_at, updated_at) select md5('s' || n)::uuid, 's-' || md5(n::text), md5('name' || n), now() - n * interval '1 minute', now() from generate_series(1, 20000) n`)
	w.Exec(t, `insert into works (id, studio_id, public_id, creation_key, created_by, created_at, updated_at)
		select md5('w' || n)::uuid, md5('s' || n)::uuid, left(md5('p' || n), 12), 'k', md5('u' || n)::uuid, now(), now() from generate_series(1, 20000) n`)
	w.Exec(t, `insert into reviews (id, studio_id, work_id, asked_by, score, asked_at, state, decided_at, decided_by)
		select md5('r' || n)::uuid, md5('s' || n)::uuid, md5('w' || n)::uuid, md5('u' || n)::uuid, 5, now() - n * interval '1 minute',
			case when n % 4 = 0 then 'waiting' else 'approved' end, case when n % 4 > 0 then now() - n * interval '1 second' end, case when n % 4 > 0 then md5('u1')::uuid end
		from generate_series(1, 20000) n`)
	w.Exec(t, `insert into complaints (id, studio_id, kind, subject_id, work_id, author_id, claim, opened_at, state, decided_at, decided_by)
		select md5('c' || n)::uuid, md5('s' || n % 200 + 1)::uuid, 'work', md5('w' || n)::uuid, md5('w' || n)::uuid, md5('u' || n)::uuid, case when n % 10 = 0 then 'Mine.' else '' end, now() - n * interval '1 minute',
			case when n % 4 = 0 then 'open' else 'acted' end, case when n % 4 > 0 then now() - n * interval '1 second' end, case when n % 4 > 0 then md5('u1')::uuid end from generate_series(1, 20000) n`)
	w.Exec(t, `insert into reports (id, studio_id, complaint_id, reporter_id, reporter_key, ground, at) select gen_random_uuid(), studio_id, id, author_id, sha256(id::text::bytea), 'spam', opened_at from complaints`)
	w.Exec(t, `insert into moderation_actions (id, studio_id, complaint_id, kind, subject_id, work_id, author_id, action, reason, acted_by, acted_at)
		select id, studio_id, id, kind, subject_id, work_id, author_id, 'hidden', 'So.', author_id, opened_at from complaints`)
	w.Exec(t, `insert into appeals (action_id, studio_id, by_id, words, at, outcome, answer, answered_by, answered_at) select id, studio_id, author_id, 'No.', opened_at,
		case when state = 'open' then 'waiting' else 'kept' end, case when state = 'open' then '' else 'Yes.' end, decided_by, decided_at from complaints`)
	w.Exec(t, `insert into takedowns (id, number, studio_id, complaint_id, page, name, holder, email, email_key, contact, owned, statement, signature, sworn, at)
		select id, id::text, studio_id, id, '/', 'n', 'n', 'a@b.example', 'a@b.example', 'c', 'o', 's', 'n', true, opened_at from complaints where claim <> ''`)
	w.Exec(t, `insert into post_prints (hash, user_id, at) select sha256(id::text::bytea), id, now() - interval '20 days' from users`)
	w.Exec(t, "analyze")

	rec := &recorder{}
	handle, err := db.Open(db.Config{URL: w.WorkerURL, Tracer: rec, WaitTimeout: time.Minute})
	w.must(err)
	t.Cleanup(func() { _ = handle.Close() })
	_, desk, people, houses := w.build(handle)
	some, at := uuid.New(), time.Now().Add(-time.Hour)
	for _, c := range []struct {
		name, index string
		run         func(r db.Reader) error
	}{
		{"queue", "reviews_queue", func(r db.Reader) error { _, err := waitingPage(ctx(), r, Place{}, PerPage); return err }},
		{"queue, later", "reviews_queue", func(r db.Reader) error { _, err := waitingPage(ctx(), r, Place{at, some}, PerPage); return err }},
		{"decisions", "reviews_decisions", func(r db.Reader) error { _, err := decidedPage(ctx(), r, Place{at, some}, PerPage); return err }},
		{"latest of a work", "reviews_of_work", func(db.Reader) error { _, _, err := desk.Latest(ctx(), some, some); return err }},
		{"approved in a work", "reviews_of_work", func(r db.Reader) error { _, err := approvedIn(ctx(), r, some, some); return err }},
		{"any review", "reviews_of_work", func(r db.Reader) error { _, err := anyReview(ctx(), r, some, []uuid.UUID{some}); return err }},
		{"complaints", "complaints_queue", func(db.Reader) error { _, _, err := desk.Complaints(ctx(), Place{at, some}); return err }},
		{"settled complaints", "complaints_decisions", func(db.Reader) error { _, _, err := desk.Settled(ctx(), Place{at, some}); return err }},
		{"claims of a studio", "complaints_claims", func(db.Reader) error { _, err := desk.ClaimsIn(ctx(), some); return err }},
		{"claims of a complaint", "takedowns_complaint", func(db.Reader) error { _, err := desk.Claims(ctx(), some); return err }},
		{"reports of a complaint", "reports_", func(r db.Reader) error {
			_, err := toldOf(ctx(), r, Complaint{ID: some, Subject: Subject{StudioID: some}})
			return err
		}},
		{"any complaint", "complaints_of_subject", func(r db.Reader) error { _, err := anyComplaint(ctx(), r, some, []uuid.UUID{some}); return err }},
		{"actions in a studio", "actions_of_", func(r db.Reader) error {
			_, err := actionsInStudio(ctx(), r, some, Place{at, some}, PerPage)
			return err
		}},
		{"actions about somebody", "actions_of_author", func(r db.Reader) error {
			_, err := actionsOfAuthor(ctx(), r, some, Place{at, some}, PerPage)
			return err
		}},
		{"actions about a thing", "actions_of_subject", func(r db.Reader) error {
			_, err := actionsOfSubject(ctx(), r, Subject{StudioID: some, SubjectID: some})
			return err
		}},
		{"actions of a complaint", "actions_of_complaint", func(r db.Reader) error { _, err := actionsOfComplaint(ctx(), r, some, some); return err }},
		{"answers", "appeals_queue", func(r db.Reader) error { _, err := waitingAppeals(ctx(), r, Place{at, some}, PerPage); return err }},
		{"answers to actions", "appeals_pkey", func(r db.Reader) error { _, err := appealsOf(ctx(), r, []Action{{ID: some}}); return err }},
		{"people", "users_newest", func(db.Reader) error {
			_, _, err := people.Find(ctx(), accounts.Search{}, accounts.Place{At: at, ID: some})
			return err
		}},
		{"suspended people", "users_suspended_newest", func(db.Reader) error {
			_, _, err := people.Find(ctx(), accounts.Search{Suspended: true}, accounts.Place{})
			return err
		}},
		{"people called so", "users_email_prefix", func(db.Reader) error {
			_, _, err := people.Find(ctx(), accounts.Search{Text: "abcd"}, accounts.Place{})
			return err
		}},
		{"people called so, by name", "users_name_prefix", func(db.Reader) error {
			_, _, err := people.Find(ctx(), accounts.Search{Text: "abcd"}, accounts.Place{})
			return err
		}},
		{"studios", "studios_newest", func(db.Reader) error { _, _, err := houses.Find(ctx(), studios.Search{}, studios.Place{}); return err }},
		{"studios called so", "studios_name_prefix", func(db.Reader) error {
			_, _, err := houses.Find(ctx(), studios.Search{Text: "abcd"}, studios.Place{})
			return err
		}},
		{"studios called so, by slug", "studios_slug_prefix", func(db.Reader) error {
			_, _, err := houses.Find(ctx(), studios.Search{Text: "s-abcd"}, studios.Place{})
			return err
		}},
	} {
		w.must(c.run(handle.Read(ctx())))
		if plan := w.plan(rec.sql, rec.args); !strings.Contains(plan, c.index) || strings.Contains(plan, "Seq Scan") {
			t.Errorf("%s does not use %s alone:\n%s", c.name, c.index, plan)
		}
	}
}

// plan explains a statement as the worker's role does it.
func (w *world) plan(query string, args []any) string {
	w.t.Helper()
	conn, err := sql.Open("pgx", w.WorkerURL)
	w.must(err)
	defer func() { _ = conn.Close() }()
	rows, err := conn.QueryContext(w.t.Context(), "explain "+query, args...)
	w.must(err)
	defer func() { _ = rows.Close() }()
	var b strings.Builder
	for rows.Next() {
		var line string
		w.must(rows.Scan(&line))
		b.WriteString(line + "\n")
	}
	w.must(rows.Err())
	return b.String()
}
