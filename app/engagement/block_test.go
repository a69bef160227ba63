package engagement_test

import (
	"context"
	"database/sql"
	"strings"
	"sync"
	"testing"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"vitrine/app/engagement"
	"vitrine/app/fault"
	"vitrine/app/platform/db"
	"vitrine/app/studios"
)

// Whoever owns or administers a studio keeps people out of it by blocking them,
// for as long as they do; editors keep out nobody.
func TestKeepAway_whoGoverns(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	a := w.studio("harbour")
	work := w.hang(a, "Low Water")
	editor, admin, rude := w.fan("Editor"), w.fan("Admin"), w.fan("Rude")
	w.join(a, editor, studios.Editor)
	w.join(a, admin, studios.Admin)
	w.must(w.app.KeepAway(ctx(), editor, engagement.Block, rude))
	w.must(w.app.Like(ctx(), rude, work.PublicID))
	for range 2 {
		w.must(w.app.KeepAway(ctx(), admin, engagement.Block, rude))
	}
	wantKind(t, w.app.Unlike(ctx(), rude, work.PublicID), fault.Forbidden)
	wantKind(t, w.app.Follow(ctx(), rude, a.StudioID), fault.Forbidden)
	w.Exec(t, "update memberships set role = 'editor' where user_id = $1", admin)
	w.must(w.app.Follow(ctx(), rude, a.StudioID))
	w.Exec(t, "update memberships set role = 'admin' where user_id = $1", admin)
	for range 2 {
		w.must(w.app.LetIn(ctx(), admin, engagement.Block, rude))
	}
	w.must(w.app.Unlike(ctx(), rude, work.PublicID))
}

func TestKeepAway_refused(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	a, me := w.studio("harbour"), w.fan("Me")
	wantKind(t, w.app.KeepAway(ctx(), me, engagement.Block, me), fault.Conflict)
	wantKind(t, w.app.KeepAway(ctx(), me, engagement.MutePerson, uuid.New()), fault.NotFound)
	wantKind(t, w.app.KeepAway(ctx(), me, engagement.MuteStudio, uuid.New()), fault.NotFound)
	wantKind(t, w.app.KeepAway(ctx(), me, "shrug", a.UserID), fault.Invalid)
	wantKind(t, w.app.KeepAway(ctx(), a.UserID, engagement.MuteStudio, a.StudioID), fault.Conflict)
	w.Exec(t, "insert into blocks (blocker_id, blocked_id, created_at) select $1, gen_random_uuid(), now() from generate_series(1, $2::int)", me, engagement.MostShunned)
	wantKind(t, w.app.KeepAway(ctx(), me, engagement.Block, a.UserID), fault.Conflict)
}

// The list of somebody pages through both kinds, the newest first, and nobody is
// shown twice or left out.
func TestShunnedBy_pages(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	me := w.fan("Me")
	w.Exec(t, "insert into blocks (blocker_id, blocked_id, created_at) select $1, gen_random_uuid(), now() - n * interval '2 minutes' from generate_series(1, 7) n", me)
	w.Exec(t, "insert into mutes (user_id, kind, subject_id, created_at) select $1, 'studio', gen_random_uuid(), now() - n * interval '3 minutes' from generate_series(1, 7) n", me)
	seen, from := map[uuid.UUID]bool{}, engagement.ShunPlace{}
	for range 10 {
		list, next, err := w.app.ShunnedBy(ctx(), me, engagement.ParseShunPlace(from.String()), 3)
		w.must(err)
		for i, s := range list {
			if i > 0 && s.CreatedAt.After(list[i-1].CreatedAt) {
				t.Error("the list is not in order")
			}
			seen[s.SubjectID] = true
		}
		if from = next; next.ID == uuid.Nil {
			break
		}
	}
	if len(seen) != 14 {
		t.Errorf("%d of 14 are listed", len(seen))
	}
}

// last keeps the last statement that reads blocks or mutes, with its arguments.
type last struct {
	mu   sync.Mutex
	sql  string
	args []any
}

func (l *last) TraceQueryStart(ctx context.Context, _ *pgx.Conn, data pgx.TraceQueryStartData) context.Context {
	if strings.Contains(data.SQL, "from blocks") || strings.Contains(data.SQL, "from mutes") {
		l.mu.Lock()
		l.sql, l.args = data.SQL, data.Args
		l.mu.Unlock()
	}
	return ctx
}

func (l *last) TraceQueryEnd(context.Context, *pgx.Conn, pgx.TraceQueryEndData) {}

// Every question about blocks and mutes uses its indexes, on 40,000 of each.
func TestShuns_plans(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	a := w.studio("harbour")
	work := w.hang(a, "Low Water")
	w.say(a.UserID, work, "", "Hello.")
	w.Exec(t, "insert into blocks (blocker_id, blocked_id, created_at) select md5('a' || n % 400)::uuid, md5('b' || n)::uuid, now() - n * interval '1 minute' from generate_series(1, 40000) n")
	w.Exec(t, "insert into mutes (user_id, kind, subject_id, created_at) select md5('a' || n % 400)::uuid, 'studio', md5('b' || n)::uuid, now() - n * interval '1 minute' from generate_series(1, 40000) n")
	w.Exec(t, "analyze blocks; analyze mutes")
	rec := &last{}
	handle, err := db.Open(db.Config{URL: w.AppURL, Tracer: rec})
	w.must(err)
	t.Cleanup(func() { _ = handle.Close() })
	s, _, _ := w.build(handle)
	some := uuid.New()
	for name, run := range map[string]func() error{
		"the list": func() error { _, _, err := s.ShunnedBy(ctx(), some, engagement.ShunPlace{}, 50); return err },
		"notices": func() error {
			_, err := s.Muted(ctx(), handle.Read(ctx()), []uuid.UUID{some, a.UserID}, uuid.New(), a.StudioID)
			return err
		},
		"an act": func() error { return s.Like(ctx(), a.UserID, work.PublicID) },
		"a comment": func() error {
			_, err := s.Around(ctx(), &some, work.ID, work.StudioID, engagement.Cursor{})
			return err
		},
	} {
		w.must(run())
		plan := w.explain(rec)
		if !strings.Contains(plan, "blocks_") || strings.Contains(plan, "Seq Scan on blocks") || strings.Contains(plan, "Seq Scan on mutes") {
			t.Errorf("%s does not use the indexes:\n%s", name, plan)
		}
	}
}

func (w *world) explain(l *last) string {
	w.t.Helper()
	conn, err := sql.Open("pgx", w.AppURL)
	w.must(err)
	defer func() { _ = conn.Close() }()
	rows, err := conn.QueryContext(w.t.Context(), "explain "+l.sql, l.args...)
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
