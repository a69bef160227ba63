package tokens

import (
	"context"
	"time"

	"github.com/google/uuid"

	"vitrine/app/platform/db"
)

const tokenColumns = "t.id, t.public_id, t.name, t.scopes, t.studio_id, t.created_at, t.expires_at, t.used_at"

// lockTokens lets one token of a person be made at a time and counts those
// there are.
func lockTokens(tx db.Tx, userID uuid.UUID) (int, error) {
	if err := tx.SQL().Exec("select id from users where id = ? for no key update", userID).Error; err != nil {
		return 0, err
	}
	var n int
	err := tx.SQL().Raw("select count(*) from api_tokens where user_id = ?", userID).Scan(&n).Error
	return n, err
}

func insertToken(tx db.Tx, userID uuid.UUID, t APIToken, hash []byte) error {
	return tx.SQL().Exec(`insert into api_tokens (id, user_id, studio_id, public_id, hash, name, scopes, created_at, expires_at)
		values (?, ?, ?, ?, ?, ?, ?, ?, ?)`, t.ID, userID, t.StudioID, t.PublicID, hash, t.Name, t.Scopes, t.CreatedAt, t.ExpiresAt).Error
}

func tokensOf(ctx context.Context, r db.Reader, userID uuid.UUID) (out []APIToken, err error) {
	err = r.SQL(ctx).Raw("select "+tokenColumns+" from api_tokens t where t.user_id = ? order by t.id desc", userID).Scan(&out).Error
	return out, err
}

// tokenByHash finds a token that works now. One of a person who is suspended, or
// who has closed the account and may think better of it, does nothing meanwhile.
func tokenByHash(ctx context.Context, r db.Reader, hash []byte, now time.Time) (b Bearer, found bool, err error) {
	var row struct {
		APIToken `gorm:"embedded"`
		UserID   uuid.UUID
	}
	res := r.SQL(ctx).Raw("select "+tokenColumns+", t.user_id from api_tokens t join users u on u.id = t.user_id where t.hash = ? and t.expires_at > ? and u.suspended_at is null and u.closing_at is null", hash, now).Scan(&row)
	return Bearer{APIToken: row.APIToken, UserID: row.UserID}, res.RowsAffected > 0, res.Error
}

// touchToken notes that a token was used, unless another request has just done so.
func touchToken(tx db.Tx, t APIToken) error {
	return tx.SQL().Exec("update api_tokens set used_at = ? where id = ? and used_at is not distinct from ?", tx.Now(), t.ID, t.UsedAt).Error
}

func deleteToken(tx db.Tx, userID uuid.UUID, publicID string) (bool, error) {
	res := tx.SQL().Exec("delete from api_tokens where user_id = ? and public_id = ?", userID, publicID)
	return res.RowsAffected > 0, res.Error
}
