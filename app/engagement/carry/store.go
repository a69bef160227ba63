package carry

import (
	"database/sql"
	"encoding/json"

	"github.com/google/uuid"

	"vitrine/app/platform/db"
)

// Each statement writes rows that are not there and notes what that changes of
// the counters, as the acts of people do.
const (
	bringFollows = `
		with made as (insert into follows (user_id, studio_id, created_at)
			select x.user_id, @studio, x.at from jsonb_to_recordset(cast(@rows as jsonb)) x (user_id uuid, at timestamptz) on conflict do nothing returning studio_id),
		counter as (insert into studio_counters (studio_id) select distinct studio_id from made on conflict do nothing)
		insert into counter_changes (studio_id, followers) select studio_id, count(*) from made group by studio_id`
	bringLikes = `
		with made as (insert into likes (work_id, user_id, studio_id, created_at)
			select x.work_id, x.user_id, @studio, x.at from jsonb_to_recordset(cast(@rows as jsonb)) x (user_id uuid, work_id uuid, at timestamptz) on conflict do nothing returning work_id),
		counter as (insert into work_counters (work_id, studio_id) select distinct work_id, cast(@studio as uuid) from made on conflict do nothing)
		insert into counter_changes (studio_id, work_id, likes) select @studio, work_id, count(*) from made group by work_id`
	bringBookmarks = `insert into bookmarks (user_id, work_id, studio_id, created_at)
		select x.user_id, x.work_id, @studio, x.at from jsonb_to_recordset(cast(@rows as jsonb)) x (user_id uuid, work_id uuid, at timestamptz) on conflict do nothing`
)

func bringMarks(tx db.Tx, p Past) error {
	for _, one := range []struct {
		statement string
		marks     []Mark
	}{{bringFollows, p.Follows}, {bringLikes, p.Likes}, {bringBookmarks, p.Bookmarks}} {
		if len(one.marks) == 0 {
			continue
		}
		raw, err := json.Marshal(one.marks)
		if err != nil {
			return err
		}
		if err := tx.SQL().Exec(one.statement, sql.Named("studio", p.StudioID), sql.Named("rows", string(raw))).Error; err != nil {
			return err
		}
	}
	return nil
}

// bringComments writes comments before their replies, since a reply points at its
// comment, and the names beside them.
func bringComments(tx db.Tx, studioID uuid.UUID, rows string) error {
	args := []any{sql.Named("studio", studioID), sql.Named("rows", rows)}
	const record = `jsonb_to_recordset(cast(@rows as jsonb)) x (id uuid, public_id text, parent_id uuid, work_id uuid, user_id uuid, name text, body text, by_member boolean, at timestamptz)`
	for _, part := range []string{"is null", "is not null and exists (select from comments p where p.id = x.parent_id)"} {
		err := tx.SQL().Exec(`
			with made as (insert into comments (id, public_id, studio_id, work_id, user_id, parent_id, body, by_member, created_at)
				select x.id, x.public_id, @studio, x.work_id, x.user_id, x.parent_id, x.body, x.by_member, x.at from `+record+` where x.parent_id `+part+`
				on conflict do nothing returning work_id),
			counter as (insert into work_counters (work_id, studio_id) select distinct work_id, cast(@studio as uuid) from made on conflict do nothing)
			insert into counter_changes (studio_id, work_id, comments) select @studio, work_id, count(*) from made group by work_id`, args...).Error
		if err != nil {
			return err
		}
	}
	return tx.SQL().Exec(`insert into commenters (user_id, name) select distinct on (x.user_id) x.user_id, x.name from `+record+` on conflict do nothing`, args...).Error
}
