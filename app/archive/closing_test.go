package archive_test

import (
	"context"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/google/uuid"

	"vitrine/app/accounts/closing"
	"vitrine/app/archive"
	"vitrine/app/fault"
	"vitrine/app/media"
	"vitrine/app/platform/blob"
	"vitrine/app/platform/bus"
	"vitrine/app/platform/idem"
	"vitrine/app/platform/mediatool/mediatest"
	"vitrine/app/studios"
	"vitrine/app/works"
)

// allowed is what may still name what is gone, as a condition on the rows that
// must not, with its reason.
var allowed = map[string]string{
	// That a person or a studio is gone is told to whoever keeps ids of theirs.
	// The event is forgotten with all others, after a week.
	"outbox": "event not in ('accounts.closed.v1', 'studios.closed.v1')",
}

// traces walks every column of every table that could hold one of the words.
func (h *house) traces(words map[string]string) (found []string) {
	h.t.Helper()
	rows, err := h.Owner.QueryContext(h.t.Context(), `select c.table_name, c.column_name, c.data_type from information_schema.columns c
		join information_schema.tables t using (table_schema, table_name)
		where c.table_schema = 'public' and t.table_type = 'BASE TABLE' and c.data_type in ('uuid', 'text', 'jsonb', 'ARRAY', 'character varying', 'json', 'tsvector')`)
	h.must(err)
	defer func() { _ = rows.Close() }()
	looked := 0
	for rows.Next() {
		var table, column, kind string
		h.must(rows.Scan(&table, &column, &kind))
		looked++
		for what, word := range words {
			query := `select count(*) from "` + table + `" where strpos(lower("` + column + `"::text), lower($1)) > 0`
			if but := allowed[table]; but != "" {
				query += " and " + but
			}
			if h.Count(h.t, query, word) > 0 {
				found = append(found, table+"."+column+" has "+what)
			}
		}
	}
	h.must(rows.Err())
	if looked < 80 {
		h.t.Errorf("only %d columns were looked at", looked)
	}
	return found
}

// unfilled are the tables in which no row is anybody's, so that nothing is to be
// looked for, and why.
var unfilled = map[string]string{
	"inbox": "ids of events", "tasks": "looked for at the end", "schedule_slots": "times", "setup": "one hash", "goose_db_version": "the migrations' own",
	"upload_locks": "goes with its upload", "demo": "one row that says whether there is demo data", "demo_studios": "of studios that nobody can sign in to", "demo_members": "people whom nobody can sign in as",
	"closed_slugs": "hashes", "view_salts": "keys of hashes", "invitation_links": "hashes that go with their invitation", "export_volumes": "goes with its export",
	"tags": "looked for by a tag", "sitemap_pages": "made anew each hour", "rankings": "when lists were made",
}

// checkFilled holds this test to having a row of theirs in every table, so that
// a new table is looked at too.
func (h *house) checkFilled(words map[string]string) {
	h.t.Helper()
	seen := map[string]bool{}
	for _, trace := range h.traces(words) {
		table, _, _ := strings.Cut(trace, ".")
		seen[table] = true
	}
	rows, err := h.Owner.QueryContext(h.t.Context(), "select table_name from information_schema.tables where table_schema = 'public' and table_type = 'BASE TABLE'")
	h.must(err)
	defer func() { _ = rows.Close() }()
	for rows.Next() {
		var table string
		h.must(rows.Scan(&table))
		if !seen[table] && unfilled[table] == "" {
			h.t.Errorf("no row of the person or the studio is in %s, so this test does not see whether it would go; fill it", table)
		}
	}
	h.must(rows.Err())
}

func (h *house) checkGone(words map[string]string, but ...string) {
	h.t.Helper()
	for _, trace := range h.traces(words) {
		h.t.Error(trace)
	}
	for _, key := range h.objects() {
		kept := false
		for _, b := range but {
			kept = kept || strings.Contains(key, b)
		}
		if !kept {
			h.t.Errorf("the object %s is left", key)
		}
	}
}

func (h *house) fellDue() {
	h.t.Helper()
	h.must(jobsArchive(h).OnClosingFellDue(ctx(), bus.Envelope{ID: uuid.New()}))
}

// fill gives a person and a studio a row in every table that can have one.
func (h *house) fill(g gallery) (words map[string]string, files []uuid.UUID) {
	h.t.Helper()
	o := g.owner
	h.Exec(h.t, "insert into sessions (id, user_id, hash, device, created_at, seen_at, expires_at) values (gen_random_uuid(), $1, sha256('s'), 'd', now(), now(), now() + interval '90 days')", o.id)
	h.Exec(h.t, "insert into signups (id, email, email_key, name, password_hash, created_at) values (gen_random_uuid(), $1, $1, $2, '!', now() + interval '30 days')", o.email, o.name)
	h.Exec(h.t, "insert into links (id, kind, hash, user_id, created_at, expires_at) values (gen_random_uuid(), 'reset', sha256('l'), $1, now(), now() + interval '90 days')", o.id)
	h.Exec(h.t, "insert into mails (id, kind, recipient, to_key, subject, text, html, created_at) values (gen_random_uuid(), 'k', $1, $1, 'a', 'b', 'c', now())", o.email)
	h.Exec(h.t, "insert into audit (id, actor_id, action, subject, note, at) values (gen_random_uuid(), $1, 'admin.suspended', $2, 'a note about ' || $3, now())", g.admin.id, "user:"+o.id.String(), o.name)
	h.Exec(h.t, "insert into audit (id, actor_id, action, subject, note, at) values (gen_random_uuid(), $1, 'admin.suspended', $2, 'why', now())", g.admin.id, "studio:"+g.studio.String())
	h.Exec(h.t, "insert into invitations (id, studio_id, email, email_key, role, invited_by, created_at, sent_at, expires_at) values (gen_random_uuid(), $1, 'x@y.example', 'x@y.example', 'viewer', $2, now(), now(), now() + interval '90 days')", g.studio, o.id)
	h.Exec(h.t, "insert into api_tokens (id, user_id, studio_id, public_id, hash, name, scopes, created_at, expires_at) values (gen_random_uuid(), $1, $2, 'abcdefghijkl', sha256('t'), 'n', 'works:read', now(), now() + interval '90 days')", o.id, g.studio)
	h.Exec(h.t, "insert into idempotency_keys (scope, key, result, created_at) values ('a:' || $1, 'key-key-key-key-key', '', now() + interval '60 days'), ('a', 'key-key-key-key-kez', $2, now() + interval '60 days')", o.id.String(), g.studio.String())
	h.Exec(h.t, "insert into second_factors (user_id, secret, created_at, confirmed_at) values ($1, decode(repeat('00', 40), 'hex'), now(), now())", o.id)
	h.Exec(h.t, "insert into address_changes (id, user_id, email, email_key, old_email, old_key, created_at, confirmed_at) values (gen_random_uuid(), $1, $2, $2, 'former@harbour.example', 'former@harbour.example', now(), now())", o.id, o.email)
	h.Exec(h.t, "insert into throttles (bucket, count, at, next_at) values ('login:' || $1, 1, now() + interval '90 days', now())", o.id.String())
	h.Exec(h.t, "insert into recovery_codes (id, user_id, hash, created_at) values (gen_random_uuid(), $1, sha256('c'), now())", o.id)
	h.Exec(h.t, "insert into pending_logins (id, user_id, hash, password_set_at, created_at, expires_at) values (gen_random_uuid(), $1, sha256('p'), now(), now(), now() + interval '90 days')", o.id)
	h.Exec(h.t, "insert into known_browsers (id, user_id, hash, created_at, seen_at) values (gen_random_uuid(), $1, sha256('b'), now(), now())", o.id)
	h.Exec(h.t, "insert into post_prints (hash, user_id, at) values (sha256('w'), $1, now() + interval '90 days')", o.id)
	h.Exec(h.t, `insert into reviews (id, studio_id, work_id, asked_by, state, score, asked_at, decided_at, decided_by, note)
		select gen_random_uuid(), studio_id, id, $1, 'refused', 9, now(), now(), $1, 'why' from works where title in ('Theirs', 'Ridges')`, o.id)
	h.Exec(h.t, "insert into collections (id, studio_id, public_id, title, slug, cover_id, created_at, updated_at) select id, studio_id, right(id::text, 12), 'Light', 'c', id, now(), now() from works where title in ('Theirs', 'Ridges')")
	h.Exec(h.t, "insert into collection_works (studio_id, collection_id, work_id, position) select studio_id, id, id, 0 from collections")
	h.Exec(h.t, "insert into share_links (id, studio_id, hash, work_id, created_by, created_at) select gen_random_uuid(), studio_id, sha256(id::text::bytea), id, $1, now() from works", o.id)
	h.fillReports(g)
	h.fillViews(g)
	h.Exec(h.t, `insert into error_groups (fingerprint, kind, place, title, message, count, first_seen, last_seen, state, resolved_at, resolved_by)
		values (gen_random_uuid(), 'internal', 'p', 't', 'm', 1, now(), now(), 'resolved', now(), $1)`, o.id)
	notice := h.id(fmt.Sprintf("insert into notices (id, user_id, kind, shelf, subject_id, studio_id, things, people, on_page, created_at, updated_at) values (gen_random_uuid(), '%s', 'follow', 'follows', '%s', '%s', 1, 1, true, now() + interval '90 days', now() + interval '90 days') returning id", o.id, g.studio, g.studio))
	h.Exec(h.t, "insert into notice_parts (user_id, kind, ref_id, actor_id, notice_id, at) values ($1, 'follow', $2, $3, $4, now())", o.id, g.studio, g.admin.id, notice)
	h.Exec(h.t, "insert into notice_settings (user_id, kind, page, mail, daily) values ($1, 'like', true, true, true)", o.id)
	h.Exec(h.t, "insert into notice_hours (user_id) values ($1)", o.id)
	h.Exec(h.t, "insert into imports (source_studio, studio_id, owner_id, begun_at) values (gen_random_uuid(), $1, $2, now())", g.studio, o.id)
	h.Exec(h.t, "insert into imported_works (studio_id, source_id, public_id) values ($1, 'abcdefghijkl', 'abcdefghijkl')", g.studio)
	h.Exec(h.t, "insert into imported_media (studio_id, source_id, media_id) select $1, gen_random_uuid(), id from media where studio_id = $1", g.studio)
	h.engage(g)
	h.rank(g)
	// An upload on its way, and an archive.
	up, err := h.web.media.Begin(ctx(), media.Begin{Sender: media.Sender{StudioID: g.studio, UserID: o.id}, Filename: "half.jpg", Size: 1000})
	h.must(err)
	h.export(o.id, g.subject())
	h.export(o.id, archive.Subject{Kind: archive.User, ID: o.id})
	words = map[string]string{"the person": o.id.String(), "the address": o.email, "the former address": "former@harbour.example", "the name": o.name, "the own studio": o.studio.String(),
		"its address": o.slug, "the studio": g.studio.String(), "the studio's address": g.slug, "its name": "Harbour & Field", "a title": "Ridges", "a tag": "tidal", "the upload": up.ID.String()}
	rows, err := h.Owner.QueryContext(h.t.Context(), "select id from media union select id from works")
	h.must(err)
	defer func() { _ = rows.Close() }()
	for n := 0; rows.Next(); n++ {
		var row uuid.UUID
		h.must(rows.Scan(&row))
		words[fmt.Sprintf("work or file %d", n)] = row.String()
	}
	h.must(rows.Err())
	return words, files
}

// fillReports gives the person and the studio a row of everything that moderators
// keep, and of whom people keep away.
func (h *house) fillReports(g gallery) {
	h.t.Helper()
	o := g.owner
	h.Exec(h.t, `insert into complaints (id, studio_id, kind, subject_id, work_id, author_id, title, quote, state, opened_at, decided_at, decided_by)
		select gen_random_uuid(), studio_id, 'comment', gen_random_uuid(), id, $1, title, 'What ' || $2 || ' said.', 'acted', now(), now(), $1 from works where title in ('Theirs', 'Ridges')`, o.id, o.name)
	h.Exec(h.t, `insert into reports (id, studio_id, complaint_id, reporter_id, reporter_key, ground, words, at)
		select gen_random_uuid(), studio_id, id, $1, sha256('k'), 'spam', 'So says ' || $2, now() + interval '90 days' from complaints`, o.id, o.name)
	h.Exec(h.t, `insert into takedowns (id, number, studio_id, complaint_id, reporter_id, page, name, holder, email, email_key, contact, owned, statement, signature, sworn, at)
		select gen_random_uuid(), 'T-' || left(md5(id::text), 8), studio_id, id, $1, '/@' || (select slug from studios s where s.id = complaints.studio_id), 'Ines Roth', 'Ines Roth', 'ines@else.example', 'ines@else.example', 'c', 'o', 's', 'Ines Roth', true, now() + interval '90 days' from complaints`, o.id)
	h.Exec(h.t, `insert into moderation_actions (id, studio_id, complaint_id, kind, subject_id, work_id, author_id, title, quote, action, reason, acted_by, acted_at)
		select gen_random_uuid(), studio_id, id, kind, subject_id, work_id, author_id, title, quote, 'hidden', 'why', $1, now() from complaints`, o.id)
	h.Exec(h.t, `insert into appeals (action_id, studio_id, by_id, words, at, outcome, answer, answered_by, answered_at)
		select id, studio_id, $1, 'I, ' || $2 || ', disagree.', now(), 'kept', 'no', $1, now() from moderation_actions`, o.id, o.name)
	h.Exec(h.t, `insert into blocks (blocker_id, blocked_id, created_at) values ($1, $2, now()), ($2, $1, now())`, o.id, g.admin.id)
	h.Exec(h.t, `insert into mutes (user_id, kind, subject_id, created_at) values ($1, 'person', $2, now()), ($2, 'person', $1, now()), ($2, 'studio', $3, now())`, o.id, g.admin.id, g.studio)
}

// engage lets the person and somebody else do everything that people do, with
// every work and with each other.
func (h *house) engage(g gallery) {
	h.t.Helper()
	h.Exec(h.t, `insert into follows (user_id, studio_id, created_at) select $1::uuid, id, now() from studios union select $2::uuid, id, now() from studios`, g.owner.id, g.admin.id)
	for _, mark := range []string{"likes", "bookmarks"} {
		h.Exec(h.t, "insert into "+mark+" (user_id, work_id, studio_id, created_at) select u, id, studio_id, now() from works, unnest(array[$1::uuid, $2::uuid]) u", g.owner.id, g.admin.id)
	}
	h.Exec(h.t, `insert into commenters (user_id, name) values ($1, $2), ($3, 'Abel')`, g.owner.id, g.owner.name, g.admin.id)
	said := `insert into comments (id, public_id, studio_id, work_id, user_id, parent_id, body, created_at)
		select gen_random_uuid(), left(md5(gen_random_uuid()::text), 12), w.studio_id, w.id, $1::uuid, p.id, 'Signed ' || $2, now() from works w left join comments p on p.work_id = w.id and p.parent_id is null`
	h.Exec(h.t, said, g.owner.id, g.owner.name) // a comment below each work, the other's reply, and one more of the person
	h.Exec(h.t, said, g.admin.id, "Abel")
	h.Exec(h.t, said, g.owner.id, g.owner.name)
	h.Exec(h.t, `insert into comment_locks (work_id, studio_id, locked_at) select id, studio_id, now() from works`)
	h.Exec(h.t, `insert into work_counters (work_id, studio_id, likes, comments) select id, studio_id, 2, 3 from works`)
	h.Exec(h.t, `insert into studio_counters (studio_id, followers) select id, 2 from studios`)
	h.Exec(h.t, `insert into counter_changes (studio_id, work_id, likes) select studio_id, id, 1 from works`)
}

// TestErase_studioAndPerson fills every table, lets the grace pass with a worker
// that is killed again and again, and looks everywhere.
func TestErase_studioAndPerson(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	g := h.gallery()
	h.work(g.owner, g.owner.studio, works.Edit{Title: "Own"}, mediatest.JPEG(t, 321, 200))
	other, _ := h.open(g.admin, "Quay Side")
	h.join(other, g.owner, studios.Editor)
	h.work(g.admin, other, works.Edit{Title: "Theirs"}, mediatest.JPEG(t, 333, 200))
	h.settle()
	h.Exec(t, "update works set created_by = $1 where title = 'Theirs'", g.owner.id)
	theirs := h.id("select m.id from media m where m.studio_id = '" + other.String() + "'")
	h.Exec(t, "update media set created_by = $1 where id = $2", g.owner.id, theirs)
	words, _ := h.fill(g)
	for what, word := range words {
		if strings.HasPrefix(what, "work or file") && (word == theirs.String() || h.Count(t, "select count(*) from works where id::text = $1 and title = 'Theirs'", word) > 0) {
			delete(words, what)
		}
	}
	h.checkFilled(words)

	// The studio has members, so it goes first.
	if _, err := h.web.archive.CloseAccount(ctx(), g.owner.id, g.owner.email, g.owner.email); !fault.Is(err, fault.Conflict) || !strings.Contains(fault.MessageOf(err), "Harbour & Field") {
		t.Fatalf("leaving others behind: %v", err)
	}
	if _, err := h.web.archive.CloseStudio(ctx(), g.admin.id, g.studio, g.slug); !fault.Is(err, fault.Forbidden) {
		t.Errorf("an admin ends the studio: %v", err)
	}
	_, err := h.web.archive.CloseStudio(ctx(), g.owner.id, g.studio, g.slug)
	h.must(err)
	_, err = h.web.archive.CloseAccount(ctx(), g.owner.id, g.owner.email, strings.ToUpper(g.owner.email))
	h.must(err)
	h.settle()
	h.forward(closing.Grace - closing.Warn + time.Hour)
	h.fellDue()
	h.fellDue()
	h.settle()
	for kind, n := range map[string]int{"closing_asked": 1, "closing_nears": 1, "studio_closing_asked": 3, "studio_closing_nears": 3} {
		if got := h.Count(t, "select count(*) from mails where kind = $1", kind); got != n {
			t.Errorf("%d mails of kind %s, want %d", got, kind, n)
		}
	}
	if n := h.Count(t, "select count(*) from users where id = $1", g.owner.id); n != 1 {
		t.Fatal("erased before the grace was over")
	}
	h.forward(closing.Warn)
	h.Exec(t, "insert into tasks (id, event_id, event, event_at, subscriber, queue, payload, state, max_attempts, run_at, created_at) values (gen_random_uuid(), gen_random_uuid(), 'a.b.v1', now(), 's', 'bulk', jsonb_build_object('user', $1::text), 'dead', 1, now(), now())", g.owner.id)
	h.kill()
	h.fellDue()
	h.fellDue()
	h.settle()
	h.checkGone(words, theirs.String())
	for query, want := range map[string]int{
		"select count(*) from users": 2, "select count(*) from works where title = 'Theirs' and created_by = '00000000-0000-0000-0000-000000000000'": 1,
		"select count(*) from outbox where event = 'accounts.closed.v1'": 1, "select count(*) from outbox where event = 'studios.closed.v1'": 2,
		"select count(*) from audit where actor_id = '" + g.admin.id.String() + "' and action = 'admin.suspended'": 2,
		"select count(*) from closed_slugs": 2,
		// What the other did with what is left stays, and the place of what they replied to.
		"select count(*) from likes": 1, "select count(*) from bookmarks": 1, "select count(*) from comments where deleted_at is null": 1,
		"select count(*) from comments where user_id = '00000000-0000-0000-0000-000000000000' and body = '' and parent_id is null": 1, "select count(*) from comments": 2,
	} {
		if n := h.Count(t, query); n != want {
			t.Errorf("%s: %d, want %d", query, n, want)
		}
	}
	// The address stays empty for a while.
	if _, slug := h.open(g.admin, "Harbour & Field"); slug == g.slug {
		t.Error("a stranger has the address at once")
	}
	h.forward(studios.KeepClosedSlug)
	h.must(h.jobs.db.Transact(ctx(), forgetSlugs(h)))
	if _, slug := h.open(g.viewer, "Harbour & Field"); slug != g.slug {
		t.Errorf("the address after its time: %s", slug)
	}
}

// dying is a store whose process dies at the nth deletion.
type dying struct {
	blob.Store
	left int
	cut  context.CancelFunc
}

func (d *dying) Delete(ctx context.Context, key string) error {
	if d.left--; d.left < 0 {
		d.cut()
		return context.Canceled
	}
	return d.Store.Delete(ctx, key)
}

// kill lets workers die in the middle of the erasure, each a little later.
func (h *house) kill() {
	h.t.Helper()
	died := 0
	for n := range 12 {
		one, cancel := context.WithCancel(ctx())
		store := &dying{Store: h.blobs, left: n, cut: cancel}
		s := h.jobs
		var err error
		s.media, err = media.New(media.Config{DB: s.db, Outbox: h.outbox, Blobs: store, Dir: h.t.TempDir(), Clock: h.now, Log: quiet})
		h.must(err)
		a := h.archive(s, h.mails)
		a.Blobs = store
		if err := archive.New(a.Config).EraseDue(one); err != nil {
			died++
		}
		cancel()
		h.must(s.media.Close())
	}
	if died < 5 {
		h.t.Errorf("only %d workers died on the way", died)
	}
}

// TestClose_andKeep: until the end everything can be taken back.
func TestClose_andKeep(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	g := h.gallery()
	walls := func() int {
		wall, err := h.web.works.LatestOf(ctx(), g.studio, works.Cursor{}, 10)
		h.must(err)
		return len(wall.Cards) + h.Count(t, "select count(*) from search_documents where work_id is not null and studio_id = $1", g.studio)
	}
	if walls() == 0 {
		t.Fatal("nothing hangs")
	}
	if _, err := h.web.archive.CloseStudio(ctx(), g.owner.id, g.studio, "harbour"); fault.FieldsOf(err)[archive.FieldConfirm] == "" {
		t.Errorf("without the right word: %v", err)
	}
	first, err := h.web.archive.CloseStudio(ctx(), g.owner.id, g.studio, "@"+g.slug)
	h.must(err)
	wall, err := h.web.works.LatestOf(ctx(), g.studio, works.Cursor{}, 10)
	if err != nil || len(wall.Cards) != 0 {
		t.Errorf("%d works still hang, %v", len(wall.Cards), err)
	}
	h.settle()
	if n := walls(); n != 0 {
		t.Errorf("%d still hang or are found", n)
	}
	a := works.Actor{UserID: g.owner.id, StudioID: g.studio, Role: studios.Owner}
	if _, err := h.web.works.Save(ctx(), a, works.Target{CreationKey: idem.NewKey()}, works.Edit{Title: "Late"}); !fault.Is(err, fault.Conflict) {
		t.Errorf("a new work in a studio that ends: %v", err)
	}
	h.forward(time.Hour)
	if _, err = h.web.archive.CloseStudio(ctx(), g.owner.id, g.studio, g.slug); err != nil {
		t.Error(err)
	}
	st, err := h.web.studios.ByID(ctx(), g.studio)
	h.must(err)
	if st.ClosingAt == nil || st.ClosingAt.Sub(first).Abs() > time.Second {
		t.Errorf("asking again moved the end from %s to %v", first, st.ClosingAt)
	}
	if err := h.web.archive.KeepStudio(ctx(), g.admin.id, g.studio); !fault.Is(err, fault.Forbidden) {
		t.Errorf("an admin keeps it: %v", err)
	}
	h.must(h.web.archive.KeepStudio(ctx(), g.owner.id, g.studio))
	h.must(h.web.archive.KeepStudio(ctx(), g.owner.id, g.studio))
	h.settle()
	if walls() != 2 {
		t.Errorf("%d hang or are found again", walls())
	}
	h.forward(2 * closing.Grace)
	h.fellDue()
	if n := h.Count(t, "select count(*) from studios where id = $1", g.studio); n != 1 {
		t.Error("a studio that was kept is gone")
	}
}

func TestCloseAccount_withOwnStudios(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	p := h.person("Ines Harbour", "ines@harbour.example")
	alone, slug := h.open(p, "Alone")
	h.Exec(t, "update users set admin = true where id = $1", p.id)
	if _, err := h.web.archive.CloseAccount(ctx(), p.id, p.email, p.email); !fault.Is(err, fault.Conflict) || !strings.Contains(fault.MessageOf(err), "administrator") {
		t.Errorf("the last administrator: %v", err)
	}
	if n := h.Count(t, "select count(*) from studios where closing_at is not null"); n != 0 {
		t.Error("a refusal left something behind")
	}
	h.Exec(t, "update users set admin = true where id = $1", h.person("Abel", "abel@quay.example").id)
	if _, err := h.web.archive.CloseStudio(ctx(), p.id, p.studio, p.slug); !fault.Is(err, fault.Conflict) {
		t.Errorf("the own studio alone: %v", err)
	}
	_, err := h.web.archive.CloseStudio(ctx(), p.id, alone, slug)
	h.must(err)
	h.forward(time.Hour)
	_, err = h.web.archive.CloseAccount(ctx(), p.id, p.email, p.email)
	h.must(err)
	if err := h.web.archive.KeepStudio(ctx(), p.id, alone); !fault.Is(err, fault.Conflict) {
		t.Errorf("keeping a studio of an account that ends: %v", err)
	}
	kept, err := h.web.archive.KeepAccount(ctx(), p.id)
	if err != nil || !kept {
		t.Errorf("keeping: %v, %v", kept, err)
	}
	if n := h.Count(t, "select count(*) from studios where closing_at is not null and id = $1", alone); n != 1 {
		t.Error("a studio that was to end before is kept with the account")
	}
	if n := h.Count(t, "select count(*) from studios where closing_at is not null"); n != 1 {
		t.Errorf("%d studios still end", n)
	}
	_, err = h.web.archive.CloseAccount(ctx(), p.id, p.email, p.email)
	h.must(err)
	// What is opened, joined or inherited meanwhile is seen to as well.
	late, _ := h.open(p, "Late")
	heir := h.person("Heir", "heir@quay.example")
	shared, _ := h.open(p, "Shared")
	h.join(shared, heir, studios.Viewer)
	h.forward(closing.Grace + time.Minute)
	h.fellDue()
	h.settle()
	if n := h.Count(t, "select count(*) from studios where id in ($1, $2, $3)", p.studio, alone, late); n != 0 {
		t.Errorf("%d studios are left", n)
	}
	if n := h.Count(t, "select count(*) from memberships where studio_id = $1 and user_id = $2 and role = 'owner'", shared, heir.id); n != 1 {
		t.Error("a studio with members was not handed on")
	}
	if n := h.Count(t, "select count(*) from users where id = $1", p.id); n != 0 {
		t.Error("the person is left")
	}
}
