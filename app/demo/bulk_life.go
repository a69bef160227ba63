package demo

import (
	"context"
	"fmt"
	"math"
	"strings"
	"time"

	"github.com/google/uuid"

	"vitrine/app/demo/life"
	"vitrine/app/platform/db"
)

// heavyFollows is how many studios the first member of a large set follows, as
// far as there are so many: one feed that is as long as feeds get.
const heavyFollows = 2000

// step leads through the members or the works and meets each once, unless it
// divides their number.
const step = 7919

func stride(n int) int {
	if n%step == 0 {
		return 1
	}
	return step
}

// life brings follows, likes and comments to their numbers. Rows that an earlier
// run made are made again and found to be there.
func (b *bulk) life(ctx context.Context) error {
	for _, t := range []struct {
		table, columns, types string
		n                     int
		rows                  func(n int) [][]any
		say                   string
	}{
		{"follows", "user_id, studio_id, created_at", "uuid, uuid, timestamptz", b.conf.Follows, b.follow, "follows"},
		{"likes", "work_id, user_id, studio_id, created_at", "uuid, uuid, uuid, timestamptz", b.liking(), b.likes, "works with their likes"},
		{"comments", "id, public_id, studio_id, work_id, user_id, parent_id, body, created_at", "uuid, text, uuid, uuid, uuid, uuid, text, timestamptz", b.conf.Comments, b.comment, "comments"},
	} {
		for from := 0; from < t.n; {
			to := min(from+batch, t.n)
			err := b.conn.Transact(ctx, func(tx *db.Owner) error { return b.pour(ctx, tx, t.table, t.columns, t.types, from, to, t.rows) })
			if err != nil {
				return err
			}
			from = to
			b.conf.Say("%d of %d %s", from, t.n, t.say)
		}
	}
	return b.settle(ctx)
}

// pour copies rows into a table of the session's own and takes over those that
// are not there yet.
func (b *bulk) pour(ctx context.Context, tx *db.Owner, into, columns, types string, from, to int, rows func(n int) [][]any) error {
	names, kinds := strings.Split(columns, ", "), strings.Split(types, ", ")
	for i := range names {
		kinds[i] = names[i] + " " + kinds[i]
	}
	if err := tx.Exec(ctx, "create temporary table poured ("+strings.Join(kinds, ", ")+") on commit drop"); err != nil {
		return err
	}
	if err := copyAll(ctx, tx, from, to, table{"poured", columns, rows}); err != nil {
		return err
	}
	where := "" // somebody may have deleted a work
	if strings.Contains(columns, "work_id") {
		where = " where exists (select from works w where w.id = poured.work_id)"
	}
	if err := tx.Exec(ctx, "insert into "+into+" ("+columns+") select "+columns+" from poured"+where+" on conflict do nothing"); err != nil {
		return fmt.Errorf("filling %s: %w", into, err)
	}
	return nil
}

// follow is the n-th follow. The first member has as many as feeds get, all
// others have about the same number.
func (b *bulk) follow(n int) [][]any {
	all := b.conf.Members
	heavy := min(heavyFollows, all-1)
	who, nth := 0, n
	if n >= heavy {
		if all < 2 {
			return nil
		}
		who, nth = 1+(n-heavy)%(all-1), (n-heavy)/(all-1)
	}
	studio := (who + 1 + nth*stride(all)) % all
	if studio == who || nth >= all {
		return nil // nobody follows themselves, or anybody twice
	}
	return [][]any{{rowID("user", who), rowID("studio", studio), bulkEpoch.Add(-time.Duration(n%100_000) * time.Minute)}}
}

// liking is how many works are walked for their likes.
func (b *bulk) liking() int {
	if b.conf.Likes == 0 {
		return 0
	}
	return b.conf.Works
}

// likes are those of the n-th work, after Zipf's law: the most liked work has
// twice as many as the second.
func (b *bulk) likes(n int) (rows [][]any) {
	works, members := b.conf.Works, b.conf.Members
	rank := 1 + n*stride(works)%works
	first := float64(b.conf.Likes) / (math.Log(float64(works)) + 0.577)
	r := numbers("likes", n)
	who := r.IntN(members)
	for range min(members, int(first/float64(rank)+r.Float64())) {
		at := bulkTime(n).Add(time.Duration(r.IntN(60*24*30)) * time.Minute)
		rows = append(rows, []any{rowID("work", n), rowID("user", who), rowID("studio", b.studioOf(n)), at})
		who = (who + stride(members)) % members
	}
	return rows
}

// comment is the n-th comment. Every fourth replies to the one before it. The
// cube of a uniform number gives a few works most of them.
func (b *bulk) comment(n int) [][]any {
	u := numbers("commented", n/4).Float64()
	work := int(u * u * u * float64(b.conf.Works))
	r := numbers("comment", n)
	var parent *uuid.UUID
	if n%4 == 3 {
		before := rowID("comment", n-1)
		parent = &before
	}
	at := bulkTime(work).Add(time.Duration(n%4*12+r.IntN(12)) * time.Hour)
	return [][]any{{rowID("comment", n), publicID("comment", n), rowID("studio", b.studioOf(work)), rowID("work", work),
		rowID("user", r.IntN(b.conf.Members)), parent, life.Text(r.IntN(1 << 20)), at}}
}

// settle makes what engagement keeps beside the rows: counters, names, labels.
// What waits to be counted is part of the rows.
func (b *bulk) settle(ctx context.Context) error {
	return b.conn.Transact(ctx, func(tx *db.Owner) error {
		for _, statement := range []string{
			`lock table likes, follows, comments, counter_changes in share row exclusive mode`,
			`delete from counter_changes`,
			`insert into work_counters (work_id, studio_id, likes, comments)
				select work_id, studio_id, sum(l), sum(c) from (
					select work_id, studio_id, 1 as l, 0 as c from likes
					union all select work_id, studio_id, 0, 1 from comments where deleted_at is null and not hidden) x group by 1, 2
				on conflict (work_id) do update set likes = excluded.likes, comments = excluded.comments
				where (work_counters.likes, work_counters.comments) <> (excluded.likes, excluded.comments)`,
			`insert into studio_counters (studio_id, followers) select studio_id, count(*) from follows group by 1
				on conflict (studio_id) do update set followers = excluded.followers where studio_counters.followers <> excluded.followers`,
			`insert into commenters (user_id, name) select id, name from users where email_key like 'member-%@bulk.example' on conflict do nothing`,
			`insert into studio_labels (studio_id, slug, name, shown_at)
				select s.id, s.slug, s.name, w.at from studios s
				left join (select studio_id, max(published_at) as at from works where state = 'published' and not hidden group by 1) w on w.studio_id = s.id
				on conflict (studio_id) do update set shown_at = excluded.shown_at where studio_labels.shown_at is distinct from excluded.shown_at`,
		} {
			if err := tx.Exec(ctx, statement); err != nil {
				return fmt.Errorf("settling what was done: %w", err)
			}
		}
		return nil
	})
}
