package demo

import (
	"context"
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"strings"
	"time"

	"github.com/google/uuid"

	"vitrine/app/demo/catalog"
	"vitrine/app/fault"
	"vitrine/app/platform/db"
	"vitrine/app/works"
)

// BulkConfig sizes a large set. The same numbers give the same rows.
type BulkConfig struct {
	Works    int    // published works in all, those of earlier runs included
	Members  int    // people in all, each with a studio of their own
	Follows  int    // of studios, in all; the first member has 2,000 of them
	Likes    int    // of works, in all, about
	Comments int    // in all
	Password string // argon2id hash that all of them share; "!" lets nobody in
	Say      func(format string, args ...any)
}

// batch is how many works are inserted in one transaction.
const batch = 10_000

// bulkEpoch is when the last of the first million works was published. It is
// fixed: the rows of a set may not depend on the day it is made.
var bulkEpoch = time.Date(2026, 10, 1, 12, 0, 0, 0, time.UTC)

// bulkStep is the time between two works of a large set.
const bulkStep = 7 * time.Minute

// Bulk brings the set to its size by COPY, as the owner of the tables. It goes
// on where an earlier run ended, so that 100,000 works can grow to a million.
func Bulk(ctx context.Context, owner *db.Owner, pool []PoolPicture, c BulkConfig) (err error) {
	defer fault.Wrap(&err, "demo.Bulk(%d works, %d members)", c.Works, c.Members)
	if c.Members < 1 && c.Works+c.Follows+c.Likes+c.Comments > 0 || c.Works < 1 && c.Likes+c.Comments > 0 {
		return fault.New(fault.Invalid, "Works need somebody who made them, and likes and comments need works: say --members 1 or more, and --works.")
	}
	if err := hurry(ctx, owner); err != nil {
		return err
	}
	b := &bulk{conn: owner, pool: pool, conf: c}
	if err := b.lendSizes(ctx); err != nil {
		return err
	}
	for _, step := range []struct {
		what  string
		query string
		want  int
		size  int
		add   func(ctx context.Context, tx *db.Owner, from, to int) error
	}{
		// The highest number, not how many there are: somebody may have deleted one.
		{"members", "select coalesce(max(substring(slug from 6)::int), 0) from studio_slugs where slug ~ '^bulk-[0-9]{1,8}$'", c.Members, batch, b.members},
		{"works", "select coalesce(max(substring(creation_key from 6)::int) + 1, 0) from works where creation_key ~ '^bulk-[0-9]{1,8}$'", c.Works, batch, b.works},
	} {
		var have int
		if err := owner.Scan(ctx, &have, step.query); err != nil {
			return err
		}
		for have < step.want {
			to := min(have+step.size, step.want)
			if err := owner.Transact(ctx, func(tx *db.Owner) error { return step.add(ctx, tx, have, to) }); err != nil {
				return err
			}
			have = to
			c.Say("%d of %d %s", have, step.want, step.what)
		}
	}
	if err := b.account(ctx); err != nil {
		return err
	}
	if err := b.life(ctx); err != nil {
		return err
	}
	if err := owner.Exec(ctx, "select gin_clean_pending_list('search_documents_text'), search_refill()"); err != nil {
		return err
	}
	return owner.Exec(ctx, "analyze users, studios, memberships, media, renditions, works, work_media, work_tags, search_documents, follows, likes, comments, commenters, work_counters, studio_counters, studio_labels")
}

// hurry trades safety that this data does not need for speed. A crash loses a
// part that the next run makes again; and every key that points somewhere was
// made here, so that checking three million of them finds nothing. Only a
// superuser may leave the checks out; others wait for them.
func hurry(ctx context.Context, owner *db.Owner) error {
	// A search index takes new rows in a list and sorts them in when that is full:
	// the longer the list, the fewer times.
	if err := owner.Exec(ctx, "set synchronous_commit = off; set gin_pending_list_limit = '256MB'; set maintenance_work_mem = '256MB'"); err != nil {
		return err
	}
	var super bool
	if err := owner.Scan(ctx, &super, "select rolsuper from pg_roles where rolname = current_user"); err != nil || !super {
		return err
	}
	return owner.Exec(ctx, "set session_replication_role = replica")
}

// bulk writes the tables of several contexts, which nothing else outside them
// may do: a hundred thousand works through the use cases would take a day.
type bulk struct {
	conn *db.Owner
	pool []PoolPicture
	conf BulkConfig
}

// rowID is the UUIDv7 of a row: time from its number, the rest from a generator
// that is seeded with what it is and its number.
func rowID(kind string, n int) uuid.UUID {
	r := numbers(kind, n)
	var id uuid.UUID
	ms := uint64(bulkEpoch.Add(-time.Duration(n) * time.Second).UnixMilli()) //nolint:gosec // after 1970
	for i := range 6 {
		id[i] = byte(ms >> (40 - 8*i))
	}
	a, b := r.Uint64(), r.Uint64()
	for i := range 8 {
		id[8+i] = byte(a >> (8 * i))
	}
	id[6], id[7] = 0x70|byte(b)&0x0f, byte(b>>8)
	id[8] = 0x80 | id[8]&0x3f
	return id
}

func numbers(kind string, n int) *rand.Rand {
	var seed uint64 = 14695981039346656037 // FNV-1a
	for i := range len(kind) {
		seed = (seed ^ uint64(kind[i])) * 1099511628211
	}
	return rand.New(rand.NewPCG(seed, uint64(n))) //nolint:gosec // deterministic on purpose
}

// idLetters are the letters of ids in URLs, as package id has them.
const idLetters = "123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz"

// publicID is a thing's id in URLs.
func publicID(kind string, n int) string {
	r := numbers(kind, n)
	out := make([]byte, 12)
	for i := range out {
		out[i] = idLetters[r.IntN(len(idLetters))]
	}
	return string(out)
}

func bulkTime(n int) time.Time { return bulkEpoch.Add(-time.Duration(n) * bulkStep) }

// members makes people, each with a personal studio.
func (b *bulk) members(ctx context.Context, tx *db.Owner, from, to int) error {
	at := func(n int) time.Time { return bulkEpoch.Add(-400 * 24 * time.Hour).Add(time.Duration(n) * time.Second) }
	name := func(n int) string { return fmt.Sprintf("Studio %s %d", catalog.Surname(n), n+1) }
	slug := func(n int) string { return fmt.Sprintf("bulk-%d", n+1) }
	return copyAll(ctx, tx, from, to,
		table{"users", "id, email, email_key, name, password_hash, password_set_at, verified_at, created_at, updated_at", func(n int) [][]any {
			mail := fmt.Sprintf("member-%d@bulk.example", n+1)
			return [][]any{{rowID("user", n), mail, mail, catalog.Surname(n), b.conf.Password, at(n), at(n), at(n), at(n)}}
		}},
		table{"studios", "id, slug, name, description, personal_of, created_at, updated_at", func(n int) [][]any {
			return [][]any{{rowID("studio", n), slug(n), name(n), "", rowID("user", n), at(n), at(n)}}
		}},
		table{"studio_slugs", "slug, studio_id, since", func(n int) [][]any {
			return [][]any{{slug(n), rowID("studio", n), at(n)}}
		}},
		table{"memberships", "studio_id, user_id, role, created_at, updated_at", func(n int) [][]any {
			return [][]any{{rowID("studio", n), rowID("user", n), "owner", at(n), at(n)}}
		}},
		table{"storage_usage", "studio_id, updated_at", func(n int) [][]any {
			return [][]any{{rowID("studio", n), at(n)}}
		}},
	)
}

// studioOf spreads works unevenly, as people do: the square of a uniform number
// gives the first tenth of the studios a third of the works.
func (b *bulk) studioOf(n int) int {
	u := numbers("owner", n).Float64()
	return int(u * u * float64(b.conf.Members))
}

// works makes published works of one picture each, with everything that their
// publication would have led to: sizes, tags, search documents.
func (b *bulk) works(ctx context.Context, tx *db.Owner, from, to int) error {
	if err := b.tags(ctx, tx); err != nil {
		return err
	}
	err := copyAll(ctx, tx, from, to,
		table{"media", "id, studio_id, state, usable, exposed, kind, format, filename, bytes, sha256, width, height, tone, served, created_by, created_at, updated_at", b.mediaRow},
		table{"works", "id, studio_id, public_id, creation_key, state, title, slug, story, credits, licence, year, tags, cover_id, cover_alt, media_count, published_at, created_by, created_at, updated_at", b.workRow},
		table{"work_media", "studio_id, work_id, media_id, position, filename, alt", func(n int) [][]any {
			w := catalog.Bulk(n)
			return [][]any{{rowID("studio", b.studioOf(n)), rowID("work", n), rowID("media", n), 0, fmt.Sprintf("bulk-%d.jpg", n), w.Media[0].Alt}}
		}},
		table{"work_tags", "tag_slug, published_at, work_id", func(n int) (rows [][]any) {
			for _, t := range catalog.Bulk(n).Tags {
				rows = append(rows, []any{works.TagSlug(t), bulkTime(n), rowID("work", n)})
			}
			return rows
		}},
	)
	if err != nil {
		return err
	}
	if err := b.renditions(ctx, tx, from, to); err != nil {
		return err
	}
	return b.documents(ctx, tx, from, to)
}

// lendSizes gives the server the sizes of the pool, so that the million rows
// that repeat them need not travel.
func (b *bulk) lendSizes(ctx context.Context) error {
	err := b.conn.Exec(ctx, `create temporary table if not exists pool_sizes (pool int, name text, format text, width int, height int,
		bytes bigint, sha256 text, key text, store text); truncate pool_sizes`)
	if err != nil {
		return err
	}
	var rows [][]any
	for i, p := range b.pool {
		for _, r := range p.Renditions {
			rows = append(rows, []any{i, r.Name, r.Format, r.Width, r.Height, r.Bytes, r.SHA256, r.Key, r.Store})
		}
	}
	columns := []string{"pool", "name", "format", "width", "height", "bytes", "sha256", "key", "store"}
	return b.conn.Copy(ctx, "pool_sizes", columns, func() (row []any, _ error) {
		if len(rows) > 0 {
			row, rows = rows[0], rows[1:]
		}
		return row, nil
	})
}

// renditions repeats the sizes of its picture for each media.
func (b *bulk) renditions(ctx context.Context, tx *db.Owner, from, to int) error {
	ids, pools := make([]uuid.UUID, 0, to-from), make([]int, 0, to-from)
	for n := from; n < to; n++ {
		ids, pools = append(ids, rowID("media", n)), append(pools, n%len(b.pool))
	}
	err := tx.Exec(ctx, `
		insert into renditions (studio_id, media_id, name, format, width, height, bytes, sha256, key, store, created_at)
		select m.studio_id, m.id, s.name, s.format, s.width, s.height, s.bytes, s.sha256, s.key, s.store, m.created_at
		from unnest($1::uuid[], $2::int[]) as o (id, pool) join media m on m.id = o.id join pool_sizes s on s.pool = o.pool`, ids, pools)
	if err != nil {
		return fmt.Errorf("repeating sizes: %w", err)
	}
	return nil
}

// account sets what each studio stores to what its rows say, as the nightly
// reconciliation would, which must find nothing to correct.
func (b *bulk) account(ctx context.Context) error {
	err := b.conn.Exec(ctx, `
		update storage_usage u set used = x.used from (
			select r.studio_id, sum(r.bytes) as used from renditions r where r.key like 'rendition/pool-%' group by r.studio_id) x
		where u.studio_id = x.studio_id and u.used < x.used`)
	if err != nil {
		return fmt.Errorf("accounting for storage: %w", err)
	}
	return nil
}

func (b *bulk) picture(n int) PoolPicture { return b.pool[n%len(b.pool)] }

func (b *bulk) mediaRow(n int) [][]any {
	p := b.picture(n)
	served, err := json.Marshal(p.Served)
	if err != nil {
		return nil // widths always marshal
	}
	studio := b.studioOf(n)
	// The studio's own bytes are unique in it; the pool's are everybody's. There
	// is no original, so it has no bytes.
	return [][]any{{rowID("media", n), rowID("studio", studio), "ready", true, true, "image", "jpeg", fmt.Sprintf("bulk-%d.jpg", n), 0,
		fmt.Sprintf("%064x", n+1), p.Width, p.Height, p.Tone, string(served), rowID("user", studio), bulkTime(n), bulkTime(n)}}
}

func (b *bulk) workRow(n int) [][]any {
	w := catalog.Bulk(n)
	studio := b.studioOf(n)
	tags, err := json.Marshal(w.Tags)
	if err != nil {
		return nil // strings always marshal
	}
	return [][]any{{rowID("work", n), rowID("studio", studio), publicID("public", n), fmt.Sprintf("bulk-%d", n), "published", w.Title, works.TagSlug(w.Title), w.Story, w.Credits,
		string(works.Reserved), int16(w.Year), string(tags), rowID("media", n), w.Media[0].Alt, 1, bulkTime(n), rowID("user", studio), bulkTime(n), bulkTime(n)}} //nolint:gosec // a year
}

// tags makes the vocabulary.
func (b *bulk) tags(ctx context.Context, tx *db.Owner) error {
	for _, t := range catalog.Tags() {
		if err := tx.Exec(ctx, "insert into tags (slug, label) values ($1, $2) on conflict do nothing", works.TagSlug(t), t); err != nil {
			return err
		}
	}
	return nil
}

// table is a table to be filled: its columns and the rows of the n-th thing.
type table struct {
	name, columns string
	rows          func(n int) [][]any
}

func copyAll(ctx context.Context, tx *db.Owner, from, to int, tables ...table) error {
	for _, t := range tables {
		n, waiting := from, [][]any(nil)
		err := tx.Copy(ctx, t.name, strings.Split(t.columns, ", "), func() ([]any, error) {
			for len(waiting) == 0 {
				if n == to {
					return nil, nil //nolint:nilnil // how a copy ends
				}
				waiting = t.rows(n)
				n++
			}
			row := waiting[0]
			waiting = waiting[1:]
			return row, nil
		})
		if err != nil {
			return err
		}
	}
	return nil
}

// documents makes search documents by the same functions as the index does.
func (b *bulk) documents(ctx context.Context, tx *db.Owner, from, to int) error {
	keys := make([]string, 0, to-from)
	for n := from; n < to; n++ {
		keys = append(keys, fmt.Sprintf("bulk-%d", n))
	}
	err := tx.Exec(ctx, `
		insert into search_documents (work_id, studio_id, version, published_at, title, tags, studio_name, studio_slug, story, document, facets)
		select w.id, w.studio_id, w.version, w.published_at, w.title, t.words, s.name, s.slug, left(w.story, 2000),
			search_document(w.title, t.words, s.name, left(w.story, 2000)),
			search_facets(m.kind, w.media_count, m.width, m.height, m.tone, w.year, (select array_agg(g.tag_slug) from work_tags g where g.work_id = w.id))
		from works w join studios s on s.id = w.studio_id join media m on m.id = w.cover_id
		cross join lateral (select coalesce(string_agg(x, ' '), '') as words from jsonb_array_elements_text(w.tags) x) t
		where w.creation_key = any($1)`, keys)
	if err != nil {
		return fmt.Errorf("making search documents: %w", err)
	}
	return nil
}
