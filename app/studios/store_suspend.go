package studios

import (
	"context"

	"github.com/google/uuid"

	"vitrine/app/platform/db"
)

func standingOf(ctx context.Context, r db.Reader, studioID uuid.UUID) (Standing, error) {
	return db.One[Standing](r.SQL(ctx).Raw(`select demo, suspended_at, suspended_reason as reason, closing_at from studios where id = ?`, studioID))
}

func isSuspended(tx db.Tx, studioID uuid.UUID) (suspended bool, err error) {
	err = tx.SQL().Raw(`select exists (select from studios where id = ? and suspended_at is not null)`, studioID).Scan(&suspended).Error
	return suspended, err
}

func suspendStudio(tx db.Tx, studioID uuid.UUID, reason string) (bool, error) {
	res := tx.SQL().Exec(`update studios set suspended_at = ?, suspended_reason = ?, updated_at = ?, version = version + 1
		where id = ? and suspended_at is null`, tx.Now(), reason, tx.Now(), studioID)
	return res.RowsAffected == 1, res.Error
}

func restoreStudio(tx db.Tx, studioID uuid.UUID) (bool, error) {
	res := tx.SQL().Exec(`update studios set suspended_at = null, suspended_reason = '', updated_at = ?, version = version + 1
		where id = ? and suspended_at is not null`, tx.Now(), studioID)
	return res.RowsAffected == 1, res.Error
}

// ownedIDs gives them in one order, so that two who lock them do not wait for
// one another crosswise.
func ownedIDs(ctx context.Context, r db.Reader, userID uuid.UUID) (ids []uuid.UUID, err error) {
	err = r.SQL(ctx).Raw(`select studio_id from memberships where user_id = ? and role = 'owner' order by studio_id`, userID).Scan(&ids).Error
	return ids, err
}

const entryColumns = columns + ", s.suspended_reason"

func findStudios(ctx context.Context, r db.Reader, search Search, from Place, limit int) (list []Entry, err error) {
	n := db.Newest{Table: "studios s", Columns: entryColumns, By: []string{"s.slug", "lower(s.name)"}, Text: search.Text, At: from.At, ID: from.ID, Limit: limit}
	if search.Suspended {
		n.Where = "s.suspended_at is not null"
	}
	err = n.List(ctx, r, &list)
	return list, err
}

func entryOf(ctx context.Context, r db.Reader, studioID uuid.UUID) (Entry, error) {
	return db.One[Entry](r.SQL(ctx).Raw("select "+entryColumns+" from studios s where s.id = ?", studioID))
}
