package works

import (
	"github.com/google/uuid"

	"vitrine/app/platform/db"
)

// hideAll hides every work of a studio and gives those that were public.
func hideAll(tx db.Tx, studioID uuid.UUID) (gone []Work, err error) {
	var rows []Work
	if err := tx.SQL().Raw(`update works set hidden = true, version = version + 1, updated_at = ?
		where studio_id = ? and not hidden returning id, studio_id, state, version`, tx.Now(), studioID).Scan(&rows).Error; err != nil {
		return nil, err
	}
	for _, w := range rows {
		if w.State == StatePublished {
			gone = append(gone, w)
		}
	}
	return gone, tx.SQL().Exec(`delete from work_tags where work_id in (select id from works where studio_id = ?)`, studioID).Error
}

// shownBy gives the files of a studio's works.
func shownBy(tx db.Tx, studioID uuid.UUID) (ids []uuid.UUID, err error) {
	err = tx.SQL().Raw(`select distinct media_id from work_media where studio_id = ?`, studioID).Scan(&ids).Error
	return ids, err
}
