package works

import (
	"context"
	"database/sql"
	"encoding/json"
	"time"

	"github.com/google/uuid"

	"vitrine/app/platform/db"
)

// hideAll sets a reason on all works of a studio that do not have it and takes
// their public tags away. It says how many works there were. The time of the
// last change stays: it is the studio's own, and orders its dashboard.
func hideAll(tx db.Tx, studioID uuid.UUID, reason Hiding) (n int64, err error) {
	res := tx.SQL().Exec(`update works set hidden_for = hidden_for | @reason, hidden = true, version = version + 1
		where studio_id = @studio and hidden_for & @reason = 0`, sql.Named("studio", studioID), sql.Named("reason", reason))
	if res.Error != nil || res.RowsAffected == 0 {
		return 0, res.Error
	}
	return res.RowsAffected, tx.SQL().Exec(`delete from work_tags where work_id in (select id from works where studio_id = ?)`, studioID).Error
}

// showAll lifts a reason from all works of a studio that have it and says how
// many those are.
func showAll(tx db.Tx, studioID uuid.UUID, reason Hiding) (n int64, err error) {
	res := tx.SQL().Exec(`update works set hidden_for = hidden_for & ~cast(@reason as smallint),
			hidden = (hidden_for & ~cast(@reason as smallint)) <> 0, version = version + 1
		where studio_id = @studio and hidden_for & @reason <> 0`, sql.Named("studio", studioID), sql.Named("reason", reason))
	return res.RowsAffected, res.Error
}

// filesOf gives the files of a studio's works, all of them or those of works
// that people outside can see.
func filesOf(tx db.Tx, studioID uuid.UUID, seen bool) (ids []uuid.UUID, err error) {
	query := `select distinct m.media_id from work_media m where m.studio_id = ?`
	if seen {
		query = `select distinct m.media_id from work_media m join works w on w.studio_id = m.studio_id and w.id = m.work_id
			where m.studio_id = ? and w.state in ('published', 'unlisted') and not w.hidden`
	}
	err = tx.SQL().Raw(query, studioID).Scan(&ids).Error
	return ids, err
}

// tagStep is how many works' tags are written by one statement.
const tagStep = 1000

// restoreTags makes the public tag rows of a studio's public works again.
func restoreTags(tx db.Tx, studioID uuid.UUID) error {
	var rows []struct {
		ID          uuid.UUID
		PublishedAt time.Time
		Tags        Labels
	}
	err := tx.SQL().Raw(`select w.id, w.published_at, w.tags from works w where w.studio_id = ? and `+public+` and w.tags <> '[]'`, studioID).Scan(&rows).Error
	if err != nil {
		return err
	}
	for len(rows) > 0 {
		step := rows[:min(tagStep, len(rows))]
		rows = rows[len(step):]
		var hung []hungTag
		for _, w := range step {
			for _, label := range w.Tags {
				hung = append(hung, hungTag{TagSlug(label), w.PublishedAt, w.ID})
			}
		}
		if err := hangTags(tx, hung); err != nil {
			return err
		}
	}
	return nil
}

// hungTag is a row of work_tags.
type hungTag struct {
	Slug string    `json:"slug"`
	At   time.Time `json:"at"`
	Work uuid.UUID `json:"work"`
}

func hangTags(tx db.Tx, hung []hungTag) error {
	list, err := json.Marshal(hung)
	if err != nil {
		return err
	}
	return tx.SQL().Exec(`insert into work_tags (tag_slug, published_at, work_id)
		select t.slug, t.at, t.work from jsonb_to_recordset(cast(? as jsonb)) as t (slug text, at timestamptz, work uuid)
		on conflict do nothing`, string(list)).Error
}

// countBefore counts the works of the studio besides w that were published and
// that moderation does not hold back.
func countBefore(ctx context.Context, r db.Reader, w Work) (n int, err error) {
	err = r.SQL(ctx).Raw(`select count(*) from (select from works where studio_id = ? and published_at is not null and hidden_for & ? = 0 and id <> ? limit ?) b`,
		w.StudioID, HiddenByModeration|HiddenForReview|HiddenByAction, w.ID, PostsCounted).Scan(&n).Error
	return n, err
}

func anyByIDs(ctx context.Context, r db.Reader, ids []uuid.UUID) (list []Work, err error) {
	err = r.SQL(ctx).Raw(`select * from works where id in ?`, ids).Scan(&list).Error
	return list, err
}

func holders(ctx context.Context, r db.Reader, studioID, mediaID uuid.UUID) (ids []uuid.UUID, err error) {
	err = r.SQL(ctx).Raw(`select work_id from work_media where studio_id = ? and media_id = ? order by work_id`, studioID, mediaID).Scan(&ids).Error
	return ids, err
}
