package accounts

import (
	"context"
	"time"

	"github.com/google/uuid"

	"vitrine/app/platform/db"
)

func standingOf(ctx context.Context, r db.Reader, userID uuid.UUID) (Standing, error) {
	return db.One[Standing](r.SQL(ctx).Raw(`select name, created_at, admin, suspended_at, suspended_reason as reason, closing_at from users where id = ?`, userID))
}

// holdAdmins gives the administrators who are not suspended and lets nobody
// change them until the end: two who suspend each other do so in turn.
func holdAdmins(tx db.Tx) (ids []uuid.UUID, err error) {
	err = tx.SQL().Raw(`select id from users where admin and suspended_at is null order by id for no key update`).Scan(&ids).Error
	return ids, err
}

func suspendUser(tx db.Tx, userID uuid.UUID, reason string) (bool, error) {
	res := tx.SQL().Exec(`update users set suspended_at = ?, suspended_reason = ?, updated_at = ?, version = version + 1
		where id = ? and suspended_at is null`, tx.Now(), reason, tx.Now(), userID)
	return res.RowsAffected == 1, res.Error
}

func restoreUser(tx db.Tx, userID uuid.UUID) (bool, error) {
	res := tx.SQL().Exec(`update users set suspended_at = null, suspended_reason = '', updated_at = ?, version = version + 1
		where id = ? and suspended_at is not null`, tx.Now(), userID)
	return res.RowsAffected == 1, res.Error
}

const entryColumns = "u.id, u.email, u.name, u.admin, u.created_at, u.suspended_at, u.suspended_reason"

func findUsers(ctx context.Context, r db.Reader, search Search, from Place, limit int) (list []Entry, err error) {
	n := db.Newest{Table: "users u", Columns: entryColumns, By: []string{"u.email_key", "lower(u.name)"}, Text: search.Text, At: from.At, ID: from.ID, Limit: limit}
	if search.Suspended {
		n.Where = "u.suspended_at is not null"
	}
	err = n.List(ctx, r, &list)
	return list, err
}

func dossierOf(ctx context.Context, r db.Reader, userID uuid.UUID, now time.Time) (Dossier, error) {
	return db.One[Dossier](r.SQL(ctx).Raw(`select `+entryColumns+`,
		(select count(*) from sessions s where s.user_id = u.id and s.expires_at > ?) as sessions
		from users u where u.id = ?`, now, userID))
}
