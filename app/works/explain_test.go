package works

import (
	"context"
	"database/sql"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"vitrine/app/platform/db"
)

// recorder keeps the last statement with its arguments.
type recorder struct {
	mu   sync.Mutex
	sql  string
	args []any
}

func (r *recorder) TraceQueryStart(ctx context.Context, _ *pgx.Conn, data pgx.TraceQueryStartData) context.Context {
	q := strings.ToLower(strings.TrimSpace(data.SQL))
	if strings.HasPrefix(q, "select ") || strings.HasPrefix(q, "(select") || strings.HasPrefix(q, "with ") {
		if !strings.Contains(q, "set_config") {
			r.mu.Lock()
			r.sql, r.args = data.SQL, data.Args
			r.mu.Unlock()
		}
	}
	return ctx
}

func (r *recorder) TraceQueryEnd(context.Context, *pgx.Conn, pgx.TraceQueryEndData) {}

// Every list has its index, also under row-level security: the plans are made as
// the app's role, on 30,000 works.
func TestPlans(t *testing.T) {
	w := newWorld(t)
	w.Exec(t, `insert into studios (id, slug, name, created_at, updated_at) select gen_random_uuid(), 'studio-' || n, 'Studio ' || n, now(), now() from generate_series(1, 60) n`)
	w.Exec(t, `insert into works (id, studio_id, public_id, creation_key, state, title, media_count, publish_at, published_at, created_by, created_at, updated_at)
		select gen_random_uuid(), s.id, left(md5(s.id::text || n), 12), 'key-' || n || s.slug, (array['published', 'published', 'draft', 'archived', 'scheduled'])[1 + n % 5], 'Work ' || n, 1,
			now() + interval '1 day', now() - n * interval '1 minute', s.id, now(), now() - n * interval '1 minute'
		from studios s, generate_series(1, 500) n`)
	w.Exec(t, `insert into tags (slug, label) select 'tag-' || n, 'Tag ' || n from generate_series(1, 200) n`)
	w.Exec(t, `insert into work_tags (tag_slug, published_at, work_id) select 'tag-' || (1 + abs(hashtext(id::text)) % 200), published_at, id from works where state = 'published'`)
	// A file is called like its work, which keeps this short.
	w.Exec(t, `insert into media (id, studio_id, filename, bytes, created_by, created_at, updated_at) select id, studio_id, 'a.jpg', 1, id, now(), now() from works`)
	w.Exec(t, `insert into work_media (studio_id, work_id, media_id, position) select studio_id, id, id, 0 from works`)
	w.Exec(t, "analyze")
	var some, owner uuid.UUID
	var public string
	w.Row(t, "select id, studio_id, public_id from works where state = 'published' and studio_id = $1 limit 1", w.ours.StudioID)(&some, &owner, &public)
	w.Exec(t, "update works set tags = '[\"tag 7\"]' where id = $1", some)

	rec := &recorder{}
	handle, err := db.Open(db.Config{URL: w.AppURL, Tracer: rec, WaitTimeout: time.Minute})
	w.must(err)
	t.Cleanup(func() { _ = handle.Close() })
	from := Cursor{At: time.Now().Add(-time.Hour), ID: some}
	r := handle.Read(ctx())
	for _, c := range []struct {
		name  string
		index string
		run   func(r db.Reader) error
	}{
		{"explore", "works_explore", func(r db.Reader) error { _, err := latest(ctx(), r, Cursor{}, PerPage); return err }},
		{"explore, later", "works_explore", func(r db.Reader) error { _, err := latest(ctx(), r, from, PerPage); return err }},
		{"studio", "works_studio_wall", func(r db.Reader) error { _, err := latestOf(ctx(), r, owner, from, PerPage); return err }},
		{"studio's count", "works_studio_wall", func(r db.Reader) error { _, err := countOf(ctx(), r, owner); return err }},
		{"tag", "work_tags_wall", func(r db.Reader) error { _, _, err := latestTagged(ctx(), r, "tag-7", from, PerPage); return err }},
		{"by ids", "works_pkey", func(r db.Reader) error { _, err := cardsByID(ctx(), r, []uuid.UUID{some, owner}); return err }},
		{"page", "works_public_id", func(r db.Reader) error { _, _, err := publicPage(ctx(), r, public); return err }},
		{"relatives", "works_studio_wall", func(r db.Reader) error {
			at := time.Now().Add(-time.Hour)
			return relatives(ctx(), r, &Page{Work: Work{ID: some, StudioID: owner, PublishedAt: &at, Tags: Labels{"tag 7"}}})
		}},
		{"shelves", "works_explore", func(r db.Reader) error { _, err := shelvesOf(ctx(), r, 5); return err }},
		{"desk", "works_studio_states", func(r db.Reader) error {
			_, _, err := listState(ctx(), r, owner, StateDraft, from, PerPage)
			return err
		}},
		{"holders", "work_media_by_media", func(r db.Reader) error { _, err := holdersOf(ctx(), r, owner, []uuid.UUID{some}); return err }},
	} {
		w.must(c.run(r))
		plan := w.plan(rec.sql, rec.args)
		if !strings.Contains(plan, c.index) || strings.Contains(plan, "Seq Scan on works") || strings.Contains(plan, "Seq Scan on work_tags") {
			t.Errorf("%s does not use %s alone:\n%s", c.name, c.index, plan)
		}
	}
	due := w.plan("select * from works where state = 'scheduled' and publish_at <= now() and media_count > 0 order by publish_at limit 1 for update skip locked", nil)
	if !strings.Contains(due, "works_due") {
		t.Errorf("the scheduler does not use works_due:\n%s", due)
	}
}

// plan explains a statement as the app's role does it.
func (w *world) plan(query string, args []any) string {
	w.t.Helper()
	conn, err := sql.Open("pgx", w.AppURL)
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
