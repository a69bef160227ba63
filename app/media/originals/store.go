package originals

import (
	"context"

	"github.com/google/uuid"

	"vitrine/app/platform/db"
)

func filesAfter(ctx context.Context, r db.Reader, studioID, after uuid.UUID) (list []File, err error) {
	err = r.SQL(ctx).Raw(`select id, filename, kind, format, bytes, sha256, width, height, duration_ms, state, failure, copy, credit, copyright, created_by, created_at, store
		from media where studio_id = ? and id > ? and deleted_at is null order by id limit ?`, studioID, after, page).Scan(&list).Error
	return list, err
}

func bookingsAfter(ctx context.Context, r db.Reader, studioID, after uuid.UUID) (list []Booking, last uuid.UUID, err error) {
	var rows []struct {
		ID      uuid.UUID
		Booking `gorm:"embedded"`
	}
	err = r.SQL(ctx).Raw(`select id, media_id, account, entry, name, bytes, created_at from storage_ledger where studio_id = ? and id > ? order by id limit ?`,
		studioID, after, page).Scan(&rows).Error
	for _, x := range rows {
		list, last = append(list, x.Booking), x.ID
	}
	return list, last, err
}

// condemn marks a batch of files as deleted, so that no task goes on with them,
// and gives all that are marked and still there, a batch at most.
func condemn(tx db.Tx, studioID uuid.UUID) (ids []uuid.UUID, err error) {
	if err := tx.SQL().Exec(`update media set deleted_at = ?, exposed = false, version = version + 1, updated_at = ?
		where studio_id = ? and deleted_at is null`, tx.Now(), tx.Now(), studioID).Error; err != nil {
		return nil, err
	}
	err = tx.SQL().Raw(`select id from media where studio_id = ? order by id limit ?`, studioID, page).Scan(&ids).Error
	return ids, err
}

// closeAccount removes the account of a studio without files.
func closeAccount(tx db.Tx, studioID uuid.UUID) error {
	for _, q := range []string{
		`delete from storage_ledger where studio_id = ? and not exists (select from media where studio_id = ?)`,
		`delete from storage_usage where studio_id = ? and not exists (select from media where studio_id = ?)`,
	} {
		if err := tx.SQL().Exec(q, studioID, studioID).Error; err != nil {
			return err
		}
	}
	return nil
}
