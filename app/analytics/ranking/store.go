package ranking

import (
	"context"
	"database/sql"
	"encoding/json"
	"time"

	"github.com/google/uuid"

	"vitrine/app/platform/db"
)

// page reads the list that the cursor names, or the latest from its beginning.
func page(ctx context.Context, r db.Reader, list List, from Cursor, limit int) (p Page, err error) {
	var rows []struct {
		RankingID uuid.UUID
		MadeAt    time.Time
		Entry     `gorm:"embedded"`
	}
	err = r.SQL(ctx).Raw(`
		with chosen as materialized (
			select id, made_at from rankings where list = @list order by id = @id desc, made_at desc, id desc limit 1)
		select c.made_at, r.* from chosen c join ranked r on r.ranking_id = c.id
		where r.position > case when c.id = @id then @after else 0 end order by r.position limit @limit`,
		sql.Named("list", list), sql.Named("id", from.Ranking), sql.Named("after", int(from.Position)), //nolint:gosec // at most MaxPopular
		sql.Named("limit", limit+1)).Scan(&rows).Error
	for i, row := range rows {
		if i == limit {
			p.Next = Cursor{Position: uint64(rows[i-1].Position), Ranking: row.RankingID} //nolint:gosec // positive
			break
		}
		p.MadeAt = row.MadeAt
		p.Entries = append(p.Entries, row.Entry)
	}
	return p, err
}

func insert(tx db.Tx, list List, id uuid.UUID, at time.Time, entries []Entry) error {
	if entries == nil {
		entries = []Entry{}
	}
	raw, err := json.Marshal(entries)
	if err != nil {
		return err
	}
	return tx.SQL().Exec(`
		with made as (insert into rankings (id, list, made_at) values (@id, @list, @at) returning id)
		insert into ranked (ranking_id, position, studio_id, studio_slug, studio_name, work_id, score, likes, comments, followers)
		select made.id, e."Position", e."StudioID", e."StudioSlug", e."StudioName", e."WorkID", e."Score", e."Likes", e."Comments", e."Followers"
		from made cross join jsonb_to_recordset(cast(@entries as jsonb)) as e ("Position" integer, "StudioID" uuid, "StudioSlug" text, "StudioName" text,
			"WorkID" uuid, "Score" double precision, "Likes" bigint, "Comments" bigint, "Followers" bigint)`,
		sql.Named("id", id), sql.Named("list", list), sql.Named("at", at), sql.Named("entries", string(raw))).Error
}

// forget removes lists that were replaced before a moment; the latest stays
// however old it is.
func forget(tx db.Tx, list List, before time.Time) error {
	return tx.SQL().Exec(`delete from rankings r where list = @list and made_at < @before
		and exists (select from rankings n where n.list = r.list and n.made_at > r.made_at)`, sql.Named("list", list), sql.Named("before", before)).Error
}

func erase(tx db.Tx, studioID uuid.UUID) error {
	return tx.SQL().Exec(`delete from ranked where studio_id = ?`, studioID).Error
}
