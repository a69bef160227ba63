package db_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/google/uuid"

	"vitrine/app/platform/db"
	"vitrine/app/platform/dbtest"
	"vitrine/app/platform/id"
)

// open tables have no row-level security, each for a reason. A new table is
// either under it or gets its reason here.
var openTables = map[string]string{
	"outbox":           "append-only; the app's role may only insert, and reads none of it",
	"tasks":            "the worker's alone",
	"inbox":            "the worker's alone",
	"schedule_slots":   "the worker's alone",
	"idempotency_keys": "keyed by a scope that names the person or studio, and a random key",
	"users":            "people belong to no studio and are looked up before anybody is known",
	"signups":          "people belong to no studio",
	"links":            "looked up by the hash of a secret",
	"sessions":         "looked up by the hash of a secret",
	"second_factors":   "people belong to no studio; what is secret in them is sealed",
	"recovery_codes":   "people belong to no studio; hashes only",
	"pending_logins":   "looked up by the hash of a secret",
	"known_browsers":   "looked up by the hash of a secret",
	"throttles":        "counts by digest, before anybody is known",
	"address_changes":  "people belong to no studio",
	"setup":            "one row, a hash, before anybody is known",
	"api_tokens":       "looked up by the hash of a secret, before the studio is known",
	"studios":          "public: name and address of each studio",
	"studio_slugs":     "public: every address that a studio has or had",
	"upload_locks":     "ids and times only; taken before the studio of the upload is looked at",
	"tags":             "public rows only: a tag exists once a published work carries it",
	"work_tags":        "public rows only",
	"search_documents": "public rows only; their operators are not leakproof, and COPY is refused under policies",
	"search_words":     "words of public titles, tags and names",
	"search_studios":   "public rows only",
	"search_tags":      "public rows only",
	"rankings":         "when public lists were made",
	"ranked":           "public rows only, and read as one list across studios",
	"blocks":           "people belong to no studio; every query names the person",
	"mutes":            "people belong to no studio; every query names the person",
	"reports":          "append-only; the app's role may only insert, and reads none of it: who reports is the moderators' to know",
	"takedowns":        "append-only evidence, which outlives the studio; the app's role may only insert, and reads none of it",
	"sitemap_pages":    "public rows only: where lists of public things begin",
	"post_prints":      "hashes of what new accounts wrote, looked up across studios; no text can be read back",
	"mails":            "the worker's alone",
	"error_groups":     "the worker's alone; texts without secrets",
	"audit":            "append-only; the app's role may only insert, and reads none of it",
	"demo":             "one row that says whether there is demo data",
	"demo_studios":     "ids of demo studios, which are public",
	"demo_members":     "ids of people who are nobody",
	"studio_labels":    "public: name and address of each studio, and when it published last",
	"follows":          "who follows which studio; public as a count, and every query names the person or the studio",
	"likes":            "who likes which work; public as a count, and every query names the person or the work",
	"bookmarks":        "a person's own across studios; every query names the person",
	"comments":         "public rows: every query leaves out what is deleted or hidden, and asks works for the work first",
	"comment_locks":    "public: whether anybody may write below a work",
	"commenters":       "public: the names beside comments",
	"work_counters":    "public numbers",
	"studio_counters":  "public numbers",
	"counter_changes":  "public numbers that wait to be added",
	"view_events":      "append-only, and COPY is refused under policies; the app's role may only insert, and reads none of it",
	"view_salts":       "keys of hashes, of no studio",
	"stat_acts":        "the worker's alone",
	"stat_marks":       "append-only; the app's role may only insert, and reads none of it",
	"closed_slugs":     "hashes of addresses that are gone",
	"exports":          "ids and counts; a person's export has no studio, and the use case asks who may see it",
	"export_volumes":   "ids, sizes and checksums of files in an export",
	"imports":          "the worker's alone",
	"imported_media":   "the worker's alone",
	"imported_works":   "the worker's alone",
	"notices":          "people belong to no studio; every query names the person",
	"notice_parts":     "people belong to no studio; read by their notice",
	"notice_settings":  "people belong to no studio",
	"notice_hours":     "people belong to no studio",
	"goose_db_version": "the migrations' own; the roles of the product may not touch it",
}

// appGrants is what the app's role may do with each table: least grants, said
// once more so that a migration that gives more is noticed. s, i, u, d stand for
// select, insert, update, delete.
var appGrants = map[string]string{
	"outbox": "i", "idempotency_keys": "siu", "users": "siu", "signups": "siu", "links": "siu", "sessions": "siud", "setup": "siu", "api_tokens": "siud",
	"second_factors": "siud", "recovery_codes": "siud", "pending_logins": "siud", "known_browsers": "siud", "throttles": "siud", "address_changes": "siu",
	"studios": "siu", "studio_slugs": "siu", "memberships": "siud", "media": "siu", "uploads": "siu", "upload_locks": "siu", "renditions": "s",
	"storage_ledger": "si", "storage_usage": "siu", "works": "siud", "work_media": "siud", "work_tags": "siud", "tags": "si",
	"audit": "i", "studio_audit": "si",
	"invitations": "siu", "invitation_links": "s",
	"notices": "su", "notice_parts": "s", "notice_settings": "siud", "notice_hours": "siu",
	"reviews": "siu", "post_prints": "si",
	"complaints": "siu", "reports": "i", "takedowns": "i", "moderation_actions": "s", "appeals": "si", "blocks": "sid", "mutes": "sid",
	"search_documents": "s", "search_words": "s", "search_studios": "s", "search_tags": "s", "rankings": "s", "ranked": "s", "demo": "s", "demo_studios": "s", "demo_members": "s", "studio_labels": "s",
	"follows": "sid", "likes": "sid", "bookmarks": "sid", "comment_locks": "sid", "comments": "siud",
	"commenters": "si", "work_counters": "si", "studio_counters": "si", "counter_changes": "si",
	"view_events": "i", "view_salts": "si", "stat_marks": "i", "stat_studios": "s", "stat_hours": "s", "stat_days": "s", "stat_works": "s", "stat_sources": "s",
	"stat_reports": "si", "stat_report_parts": "s",
	"collections": "siud", "collection_works": "siud", "share_links": "siu", "sitemap_pages": "s",
	"closed_slugs": "s", "exports": "si", "export_volumes": "s",
}

// behindPolicies are the functions that answer with the owner's rights, and what
// they give away. Each is a question whose answer holds no content.
var behindPolicies = map[string]string{
	"media_studio":               "an id of a studio for the id of a file",
	"uploads_since":              "one bit",
	"unlisted_work_studio":       "an id of a studio for the secret id of an unlisted work",
	"statement_statistics":       "statements without values, to the worker alone",
	"statement_statistics_state": "one word, to the worker alone",
	"work_studio":                "an id of a studio for the secret id of a work",
	"shared_studio":              "an id of a studio for the secret of a link that it shares",
	"invited_studio":             "an id of a studio for the secret of an invitation to it",
}

// column is the one column of a query of the owner.
func column(t *testing.T, d *dbtest.Database, query string, args ...any) (out []string) {
	t.Helper()
	rows, err := d.Owner.QueryContext(t.Context(), query, args...)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = rows.Close() }()
	for rows.Next() {
		var s string
		if err := rows.Scan(&s); err != nil {
			t.Fatal(err)
		}
		out = append(out, s)
	}
	if err := rows.Err(); err != nil {
		t.Fatal(err)
	}
	return out
}

// TestTables_privateOrOnTheList: every table is under row-level security with a
// policy for the studio and one for the worker, or is open for a reason.
func TestTables_privateOrOnTheList(t *testing.T) {
	t.Parallel()
	d := dbtest.New(t)
	secured := column(t, d, `select relname from pg_class where relnamespace = 'public'::regnamespace and relkind in ('r', 'p') and relrowsecurity order by 1`)
	open := column(t, d, `select relname from pg_class where relnamespace = 'public'::regnamespace and relkind in ('r', 'p') and not relrowsecurity order by 1`)
	for _, table := range open {
		if openTables[table] == "" {
			t.Errorf("%s has no row-level security; give it policies, or its reason in this test", table)
		}
	}
	for table := range openTables {
		if !slices.Contains(open, table) {
			t.Errorf("%s is on the list of open tables and is none", table)
		}
	}
	if len(secured) < 8 {
		t.Fatalf("only %d private tables: %v", len(secured), secured)
	}
	for _, table := range secured {
		if d.Count(t, "select count(*) from pg_attribute where attrelid = $1::regclass and attname = 'studio_id' and attnotnull and not attisdropped", table) != 1 {
			t.Errorf("%s has no studio_id that is always there", table)
		}
		for _, want := range []struct{ role, command, what string }{
			{db.RoleApp, "w", "%studio_id = current_studio()%"}, {db.RoleWorker, "*", "true"},
		} {
			// "with check" is that of using when it is not given; a policy for writing must name the studio.
			n := d.Count(t, `select count(*) from pg_policy where polrelid = $1::regclass and $2::regrole = any(polroles) and polcmd in ('*', $3)
				and pg_get_expr(polqual, polrelid) like $4 and coalesce(pg_get_expr(polwithcheck, polrelid), pg_get_expr(polqual, polrelid)) like $4`,
				table, want.role, want.command, want.what)
			if n == 0 {
				t.Errorf("%s has no policy for %s that says %s", table, want.role, want.what)
			}
		}
		// Whoever is not in the studio's scope may at most read: no other policy
		// of the app's role lets anybody write.
		loose := column(t, d, `select polname from pg_policy where polrelid = $1::regclass and $2::regrole = any(polroles) and polcmd <> 'r'
			and coalesce(pg_get_expr(polwithcheck, polrelid), pg_get_expr(polqual, polrelid), 'true') not like '%studio_id = current_studio()%'`, table, db.RoleApp)
		if len(loose) > 0 {
			t.Errorf("%s can be written without the studio's scope: %v", table, loose)
		}
		if everyone := column(t, d, `select polname from pg_policy where polrelid = $1::regclass and (polroles = '{0}' or not polpermissive)`, table); len(everyone) > 0 {
			t.Errorf("%s has policies for everybody: %v", table, everyone)
		}
	}
}

// TestGrants_least compares what the app's role may do with what it needs.
func TestGrants_least(t *testing.T) {
	t.Parallel()
	d := dbtest.New(t)
	got := map[string]string{}
	for _, row := range column(t, d, `select c.relname || ' ' || concat(
			case when has_any_column_privilege($1, c.oid, 'select') then 's' end, case when has_any_column_privilege($1, c.oid, 'insert') then 'i' end,
			case when has_any_column_privilege($1, c.oid, 'update') then 'u' end, case when has_table_privilege($1, c.oid, 'delete') then 'd' end,
			case when has_table_privilege($1, c.oid, 'truncate') then 't' end, case when has_table_privilege($1, c.oid, 'references') then 'r' end,
			case when has_table_privilege($1, c.oid, 'trigger') then 'g' end)
		from pg_class c where c.relnamespace = 'public'::regnamespace and c.relkind in ('r', 'p', 'v', 'm', 'f')`, db.RoleApp) {
		table, may, _ := strings.Cut(row, " ")
		if may != "" {
			got[table] = may
		}
	}
	for table, may := range got {
		if appGrants[table] != may {
			t.Errorf("the app's role may %q on %s, and %q is what it needs", may, table, appGrants[table])
		}
	}
	for table := range appGrants {
		if got[table] == "" {
			t.Errorf("the app's role may do nothing with %s", table)
		}
	}
	for _, role := range []string{db.RoleApp, db.RoleWorker} {
		for _, schema := range column(t, d, "select nspname from pg_namespace where has_schema_privilege($1, oid, 'create') and nspname !~ '^pg_temp'", role) {
			t.Errorf("%s may make objects in the schema %s", role, schema)
		}
		if memberships := column(t, d, "select r.rolname from pg_auth_members m join pg_roles r on r.oid = m.roleid where m.member = $1::regrole", role); len(memberships) > 0 {
			t.Errorf("%s is a member of %v", role, memberships)
		}
	}
}

// TestFunctions_behindPolicies: what runs with the owner's rights is on the list,
// trusts no search path, and is nobody's but the product's. Views are none: they
// would read with their owner's rights.
func TestFunctions_behindPolicies(t *testing.T) {
	t.Parallel()
	d := dbtest.New(t)
	found := column(t, d, "select proname from pg_proc where pronamespace = 'public'::regnamespace and prosecdef")
	for _, name := range found {
		if behindPolicies[name] == "" {
			t.Errorf("%s runs with its owner's rights; say in this test what it gives away", name)
		}
	}
	for name := range behindPolicies {
		if !slices.Contains(found, name) {
			t.Errorf("%s is listed and does not run with its owner's rights", name)
		}
	}
	for _, name := range column(t, d, `select proname from pg_proc where pronamespace = 'public'::regnamespace and prosecdef
		and not coalesce(proconfig::text, '') like '%search_path=pg_catalog, public, pg_temp%'`) {
		t.Errorf("%s takes the caller's search path", name)
	}
	for _, name := range column(t, d, `select proname from pg_proc p where pronamespace = 'public'::regnamespace and prosecdef
		and (p.proacl is null or exists (select from aclexplode(p.proacl) a where a.grantee = 0))`) {
		t.Errorf("everybody may call %s", name)
	}
	for _, view := range column(t, d, `select relname from pg_class where relnamespace = 'public'::regnamespace and relkind in ('v', 'm')
		and not coalesce('security_invoker=true' = any(reloptions), false) and not exists (select from pg_depend p where p.objid = pg_class.oid and p.deptype = 'e')`) {
		t.Errorf("the view %s reads with its owner's rights", view)
	}
}

// seedPrivate writes a row of one studio into each private table, none of them
// public, and makes a second studio.
func seedPrivate(t *testing.T, d *dbtest.Database) (mine, theirs uuid.UUID) {
	t.Helper()
	mine, theirs = id.New(), id.New()
	person, file, work := id.New(), id.New(), id.New()
	for slug, studio := range map[string]uuid.UUID{"mine": mine, "theirs": theirs} {
		d.Exec(t, "insert into studios (id, slug, name, created_at, updated_at) values ($1, $2, $2, now(), now())", studio, slug)
	}
	d.Exec(t, "insert into memberships (studio_id, user_id, role, created_at, updated_at) values ($1, $2, 'owner', now(), now())", mine, person)
	d.Exec(t, "insert into media (id, studio_id, state, filename, bytes, created_by, created_at, updated_at) values ($1, $2, 'uploading', 'a.jpg', 1, $3, now(), now())", file, mine, person)
	d.Exec(t, `insert into renditions (studio_id, media_id, name, format, width, height, bytes, sha256, key, store, created_at)
		values ($1, $2, 'w320.webp', 'webp', 320, 200, 1, repeat('a', 64), 'k', 'disk', now())`, mine, file)
	d.Exec(t, "insert into uploads (id, studio_id, size, created_by, created_at, updated_at, expires_at) values ($1, $2, 1, $3, now(), now(), now())", file, mine, person)
	d.Exec(t, "insert into storage_ledger (id, studio_id, media_id, account, entry, bytes, created_at) values ($1, $2, $3, 'reserved', 'reserve', 1, now())", id.New(), mine, file)
	d.Exec(t, "insert into storage_usage (studio_id, reserved, updated_at) values ($1, 1, now())", mine)
	d.Exec(t, "insert into works (id, studio_id, public_id, creation_key, created_by, created_at, updated_at) values ($1, $2, 'p', 'k', $3, now(), now())", work, mine, person)
	d.Exec(t, "insert into work_media (studio_id, work_id, media_id, position) values ($1, $2, $3, 0)", mine, work, file)
	d.Exec(t, "insert into reviews (id, studio_id, work_id, asked_by, score, asked_at) values ($1, $2, $3, $4, 5, now())", id.New(), mine, work, person)
	complaint, action := id.New(), id.New()
	d.Exec(t, "insert into complaints (id, studio_id, kind, subject_id, work_id, author_id, opened_at) values ($1, $2, 'work', $3, $3, $4, now())", complaint, mine, work, uuid.Nil)
	d.Exec(t, `insert into moderation_actions (id, studio_id, complaint_id, kind, subject_id, work_id, author_id, action, reason, acted_by, acted_at)
		values ($1, $2, $3, 'work', $4, $4, $5, 'hidden', 'So.', $6, now())`, action, mine, complaint, work, uuid.Nil, person)
	d.Exec(t, "insert into appeals (action_id, studio_id, by_id, words, at) values ($1, $2, $3, 'No.', now())", action, mine, person)
	invitation := id.New()
	d.Exec(t, `insert into invitations (id, studio_id, email, email_key, role, invited_by, created_at, sent_at, expires_at)
		values ($1, $2, 'a@b.example', 'a@b.example', 'viewer', $3, now(), now(), now())`, invitation, mine, person)
	d.Exec(t, "insert into invitation_links (hash, studio_id, invitation_id, created_at) values (sha256('x'), $1, $2, now())", mine, invitation)
	collection := id.New()
	d.Exec(t, "insert into collections (id, studio_id, public_id, title, slug, created_at, updated_at) values ($1, $2, 'c', 'c', 'c', now(), now())", collection, mine)
	d.Exec(t, "insert into collection_works (studio_id, collection_id, work_id, position) values ($1, $2, $3, 0)", mine, collection, work)
	d.Exec(t, "insert into share_links (id, studio_id, hash, work_id, created_by, created_at) values ($1, $2, sha256('y'), $3, $4, now())", id.New(), mine, work, person)
	for table, values := range map[string]string{
		"stat_studios": "time_zone, made_at) values ($1, 'UTC', now()", "stat_hours": "hour, views, visitors) values ($1, now(), 1, 1",
		"stat_days": "day, views, visitors, likes, follows) values ($1, now()::date, 1, 1, 1, 1", "stat_works": "day, work_id, views, visitors, likes) values ($1, now()::date, $1, 1, 1, 1",
		"stat_sources": "day, source, views, visitors) values ($1, now()::date, '', 1, 1", "stat_reports": "id, asked_by, days, asked_at, expires_at) values ($1, $1, $1, 7, now(), now()",
	} {
		d.Exec(t, "insert into "+table+" (studio_id, "+values+")", mine)
	}
	d.Exec(t, "insert into stat_report_parts (studio_id, report_id, name, number, content) values ($1, $1, 'n', 1, 'x')", mine)
	d.Exec(t, "insert into studio_audit (id, studio_id, action, at) values ($1, $2, 'studios.founded', now())", id.New(), mine)
	return mine, theirs
}

// TestTables_foreignScope puts a row of one studio into every private table and
// looks at it, as the app, from another studio, from a person's scope and from
// none: nothing is read that is not public, nothing is changed, nothing is moved.
func TestTables_foreignScope(t *testing.T) {
	t.Parallel()
	d := dbtest.New(t)
	mine, theirs := seedPrivate(t, d)
	private := column(t, d, `select relname from pg_class where relnamespace = 'public'::regnamespace and relkind in ('r', 'p') and relrowsecurity order by 1`)
	for _, table := range private {
		if d.Count(t, "select count(*) from "+table) == 0 {
			t.Errorf("this test has no row for %s; add one to seedPrivate", table)
		}
	}
	ctx := t.Context()
	scopes := map[string]func(func(tx db.Tx) error) error{
		"another studio": func(fn func(tx db.Tx) error) error { return d.App.Tenant(ctx, theirs, fn) },
		"a person":       func(fn func(tx db.Tx) error) error { return d.App.Member(ctx, theirs, fn) },
		"nobody":         func(fn func(tx db.Tx) error) error { return d.App.Transact(ctx, fn) },
	}
	for _, table := range private { // the studio itself sees them, so the questions are good ones
		var n int
		if err := d.App.Tenant(ctx, mine, func(tx db.Tx) error { return tx.SQL().Raw("select count(*) from " + table).Scan(&n).Error }); err != nil || n != 1 {
			t.Errorf("the studio sees %d rows of its own in %s: %v", n, table, err)
		}
	}
	for who, within := range scopes {
		for _, table := range private {
			for what, query := range map[string]string{
				"read": "select count(*) from %s", "named": "select count(*) from %s where studio_id = '" + mine.String() + "'",
				"changed": "with c as (update %s set studio_id = studio_id returning 1) select count(*) from c",
				"moved":   "with c as (update %s set studio_id = '" + theirs.String() + "' returning 1) select count(*) from c",
				"deleted": "with c as (delete from %s returning 1) select count(*) from c",
			} {
				var n int
				err := within(func(tx db.Tx) error { return tx.SQL().Raw(fmt.Sprintf(query, table)).Scan(&n).Error })
				if err != nil && !strings.Contains(err.Error(), "permission denied") {
					t.Errorf("%s as %s: %v", table, who, err)
				}
				if n != 0 {
					t.Errorf("%d rows of %s were %s by %s", n, table, what, who)
				}
			}
		}
	}
}
