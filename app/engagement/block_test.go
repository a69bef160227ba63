package engagement_test

import (
	"context"
	"database/sql"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"vitrine/app/engagement"
	"vitrine/app/fault"
	"vitrine/app/platform/db"
	"vitrine/app/platform/idem"
	"vitrine/app/studios"
	"vitrine/app/works"
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
	wantKind(t, w.app.Like(ctx(), rude, work.PublicID), fault.Forbidden)
	wantKind(t, w.app.Bookmark(ctx(), rude, work.PublicID), fault.Forbidden)
	wantKind(t, w.app.Follow(ctx(), rude, a.StudioID), fault.Forbidden)
	w.Exec(t, "update memberships set role = 'editor' where user_id = $1", admin)
	w.must(w.app.Follow(ctx(), rude, a.StudioID))
	w.Exec(t, "update memberships set role = 'admin' where user_id = $1", admin)
	for range 2 {
		w.must(w.app.LetIn(ctx(), admin, engagement.Block, rude))
	}
	w.must(w.app.Like(ctx(), rude, work.PublicID))
}

// Two of whom one has blocked the other do not reply to each other, in whoever's
// studio, and neither reads the other below works; third persons read and answer
// both.
func TestKeepAway_betweenTwo(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	a, one, other, third := w.studio("harbour"), w.fan("One"), w.fan("Other"), w.fan("Third")
	work := w.hang(a, "Low Water")
	first, second := w.say(one, work, "", "First."), w.say(other, work, "", "Second.")
	w.must(w.app.KeepAway(ctx(), one, engagement.Block, other))
	for by, to := range map[uuid.UUID]string{one: second, other: first} {
		_, err := w.app.Comment(ctx(), engagement.Note{UserID: by, Work: work.PublicID, Parent: to, Body: "No.", Key: idem.NewKey()})
		wantKind(t, err, fault.Forbidden)
	}
	for who, want := range map[uuid.UUID]int{one: 1, other: 1, third: 2, uuid.Nil: 2} {
		if n := len(w.around(who, work).Threads); n != want {
			t.Errorf("%d of two comments are read, want %d", n, want)
		}
	}
	w.say(third, work, first, "Well.")
	w.say(third, work, second, "Well.")
	w.must(w.app.LetIn(ctx(), one, engagement.Block, other))
	w.say(other, work, first, "Yes.")
}

// A block ends the follows and likes that tie its person to the studios which the
// blocker governs, there alone, and each is told as if they had done it.
func TestOnBlocked(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	a, b, elsewhere := w.studio("harbour"), w.studio("quay"), w.studio("nord")
	w.join(b, a.UserID, studios.Admin)
	w.join(elsewhere, a.UserID, studios.Editor)
	rude, fan := w.fan("Rude"), w.fan("Fan")
	for _, of := range []works.Actor{a, b, elsewhere} {
		work := w.hang(of, "Low Water")
		for _, who := range []uuid.UUID{rude, fan} {
			w.must(w.app.Like(ctx(), who, work.PublicID))
			w.must(w.app.Bookmark(ctx(), who, work.PublicID))
			w.must(w.app.Follow(ctx(), who, of.StudioID))
			w.say(who, work, "", "Words.")
		}
	}
	for range 2 {
		w.must(w.app.KeepAway(ctx(), a.UserID, engagement.Block, rude))
	}
	w.must(w.app.KeepAway(ctx(), fan, engagement.MutePerson, a.UserID))
	if n := w.events("engagement.blocked.v1"); n != 1 {
		t.Errorf("told %d times", n)
	}
	for range 2 {
		w.must(w.job.OnBlocked(ctx(), w.last("engagement.blocked.v1")))
	}
	for query, want := range map[string]int{
		"select count(*) from likes where user_id = $1":     1,
		"select count(*) from follows where user_id = $1":   1,
		"select count(*) from bookmarks where user_id = $1": 3,
		"select count(*) from comments where user_id = $1":  3,
	} {
		if n := w.Count(t, query, rude); n != want {
			t.Errorf("%s: %d, want %d", query, n, want)
		}
		if n := w.Count(t, query, fan); n != 3 {
			t.Errorf("%s of another: %d", query, n)
		}
	}
	if n := w.Count(t, "select count(*) from likes where user_id = $1 and studio_id = $2", rude, elsewhere.StudioID); n != 1 {
		t.Error("the like elsewhere went too")
	}
	if l, f := w.events("engagement.unliked.v1"), w.events("engagement.unfollowed.v1"); l != 2 || f != 2 {
		t.Errorf("%d likes and %d follows were told", l, f)
	}
	w.folded()
}

// Of many likes all go; a block that was lifted before the job came takes nothing.
func TestOnBlocked_manyAndLifted(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	a, rude := w.studio("harbour"), w.fan("Rude")
	work := w.hang(a, "Low Water")
	w.must(w.app.Follow(ctx(), rude, a.StudioID))
	w.must(w.app.KeepAway(ctx(), a.UserID, engagement.Block, rude))
	w.must(w.app.LetIn(ctx(), a.UserID, engagement.Block, rude))
	w.must(w.job.OnBlocked(ctx(), w.last("engagement.blocked.v1")))
	if n := w.Count(t, "select count(*) from follows"); n != 1 {
		t.Error("a block that was lifted took a follow back")
	}
	w.must(w.app.KeepAway(ctx(), a.UserID, engagement.Block, rude))
	const many = 1200
	w.Exec(t, `insert into works (id, studio_id, public_id, creation_key, state, title, slug, created_by, created_at, updated_at)
		select gen_random_uuid(), $1, 'many' || n, 'many' || n, 'draft', 'Many', 'many', $2, now(), now() from generate_series(1, $3::int) n`, a.StudioID, a.UserID, many)
	w.Exec(t, `insert into likes (work_id, user_id, studio_id, created_at) select id, $1, studio_id, now() from works where id <> $2`, rude, work.ID)
	w.must(w.job.Recount(ctx()))
	w.must(w.job.OnBlocked(ctx(), w.last("engagement.blocked.v1")))
	if n := w.Count(t, "select count(*) from likes"); n != 0 || w.events("engagement.unliked.v1") != many {
		t.Errorf("%d likes are left, %d were told", n, w.events("engagement.unliked.v1"))
	}
	w.folded()
}

// Taking back what one did is nobody's to forbid: not who blocked them, not a
// suspension, not that the work is hidden, a draft again or gone.
func TestTakeBack_always(t *testing.T) {
	t.Parallel()
	for what, change := range map[string]string{
		"blocked":        "insert into blocks (blocker_id, blocked_id, created_at) select user_id, (select id from users where name = 'Ines'), now() from memberships",
		"work hidden":    "update works set hidden = true, hidden_for = 16",
		"work a draft":   "update works set state = 'draft'",
		"studio shut":    "update studios set suspended_at = now(), suspended_reason = 'x'",
		"studio ends":    "update studios set closing_asked_at = now(), closing_at = now()",
		"comments shut":  "insert into comment_locks (work_id, studio_id, locked_at) select id, studio_id, now() from works",
		"comment hidden": "update comments set hidden = true",
	} {
		t.Run(what, func(t *testing.T) {
			t.Parallel()
			w := newWorld(t)
			a, fan := w.studio("harbour"), w.fan("Ines")
			work := w.hang(a, "Low Water")
			w.must(w.app.Like(ctx(), fan, work.PublicID))
			w.must(w.app.Bookmark(ctx(), fan, work.PublicID))
			w.must(w.app.Follow(ctx(), fan, a.StudioID))
			mine := w.say(fan, work, "", "Mine.")
			w.Exec(t, change)
			for range 2 {
				w.must(w.app.Unlike(ctx(), fan, work.PublicID))
				w.must(w.app.Unbookmark(ctx(), fan, work.PublicID))
				w.must(w.app.Unfollow(ctx(), fan, a.StudioID))
				w.must(w.app.DeleteComment(ctx(), fan, mine))
			}
			for _, table := range []string{"likes", "bookmarks", "follows", "comments"} {
				if n := w.Count(t, "select count(*) from "+table); n != 0 {
					t.Errorf("%d %s are left", n, table)
				}
			}
			if n := w.events("engagement.unliked.v1"); n != 1 {
				t.Errorf("told %d times", n)
			}
		})
	}
	w := newWorld(t)
	fan := w.fan("Ines")
	w.must(w.app.Unlike(ctx(), fan, "11111111111a"))
	w.must(w.app.Unbookmark(ctx(), fan, "' or true --"))
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

// Who does not want to hear of somebody: whoever muted the studio or the person,
// and either side of a block.
func TestMuted(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	a, actor := w.studio("harbour"), w.fan("Actor")
	ofStudio, ofPerson, blocker, blocked, listens := w.fan("A"), w.fan("B"), w.fan("C"), w.fan("D"), w.fan("E")
	w.must(w.app.KeepAway(ctx(), ofStudio, engagement.MuteStudio, a.StudioID))
	w.must(w.app.KeepAway(ctx(), ofPerson, engagement.MutePerson, actor))
	w.must(w.app.KeepAway(ctx(), blocker, engagement.Block, actor))
	w.must(w.app.KeepAway(ctx(), actor, engagement.Block, blocked))
	w.must(w.app.KeepAway(ctx(), listens, engagement.Block, ofPerson))
	all := []uuid.UUID{ofStudio, ofPerson, blocker, blocked, listens}
	for what, c := range map[string]struct {
		actor, studio uuid.UUID
		want          []uuid.UUID
	}{
		"the actor in the studio": {actor, a.StudioID, all[:4]},
		"the actor elsewhere":     {actor, uuid.New(), all[1:4]},
		"nobody in the studio":    {uuid.Nil, a.StudioID, all[:1]},
	} {
		muted, err := w.app.Muted(ctx(), w.App.Read(ctx()), all, c.actor, c.studio)
		w.must(err)
		for _, who := range c.want {
			if !muted[who] {
				t.Errorf("%s: one of %d hears", what, len(c.want))
			}
		}
		if len(muted) != len(c.want) {
			t.Errorf("%s: %d hear nothing, want %d", what, len(muted), len(c.want))
		}
	}
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
	handle, err := db.Open(db.Config{URL: w.AppURL, Tracer: rec, WaitTimeout: time.Minute})
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
