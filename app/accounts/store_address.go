package accounts

import (
	"context"
	"time"

	"github.com/google/uuid"

	"vitrine/app/platform/db"
	"vitrine/app/platform/id"
)

// changeRow is a row of address_changes.
type changeRow struct {
	ID          uuid.UUID
	UserID      uuid.UUID
	Email       string
	EmailKey    string
	OldEmail    string
	OldKey      string
	CreatedAt   time.Time
	ConfirmedAt *time.Time
	EndedAt     *time.Time
}

func insertChange(tx db.Tx, c changeRow) error {
	return tx.SQL().Exec(`insert into address_changes (id, user_id, email, email_key, old_email, old_key, created_at) values (?, ?, ?, ?, ?, ?, ?)`,
		c.ID, c.UserID, c.Email, c.EmailKey, c.OldEmail, c.OldKey, tx.Now()).Error
}

func changeByID(ctx context.Context, r db.Reader, changeID uuid.UUID) (changeRow, error) {
	return db.One[changeRow](r.SQL(ctx).Raw(`select id, user_id, email, email_key, old_email, old_key, created_at, confirmed_at, ended_at
		from address_changes where id = ?`, changeID))
}

// endOpenChanges ends a person's wishes that were not proven: the last counts.
func endOpenChanges(tx db.Tx, userID uuid.UUID) error {
	return tx.SQL().Exec(`update address_changes set ended_at = ? where user_id = ? and confirmed_at is null and ended_at is null`, tx.Now(), userID).Error
}

// endChangesSince ends a change and all that its person made or asked for after it.
func endChangesSince(tx db.Tx, c changeRow) error {
	return tx.SQL().Exec(`update address_changes set ended_at = ? where user_id = ? and created_at >= ? and ended_at is null`, tx.Now(), c.UserID, c.CreatedAt).Error
}

func confirmChange(tx db.Tx, changeID uuid.UUID) error {
	return tx.SQL().Exec(`update address_changes set confirmed_at = ? where id = ?`, tx.Now(), changeID).Error
}

// setAddress violates users_email_key when another account has the address.
func setAddress(tx db.Tx, userID uuid.UUID, email, key string) error {
	return tx.SQL().Exec(`update users set email = ?, email_key = ?, updated_at = ?, version = version + 1 where id = ?`, email, key, tx.Now(), userID).Error
}

// holdUser keeps others from changing a person until the end of the transaction.
func holdUser(tx db.Tx, userID uuid.UUID) error {
	_, err := db.One[struct{ ID uuid.UUID }](tx.SQL().Raw(`select id from users where id = ? for no key update`, userID))
	return err
}

// insertLinkOf makes a link of a change of address and gives its plain token.
func insertLinkOf(tx db.Tx, kind string, changeID uuid.UUID, life time.Duration) (string, error) {
	token, hash := id.Token()
	err := tx.SQL().Exec(`insert into links (id, kind, hash, change_id, created_at, expires_at) values (?, ?, ?, ?, ?, ?)`,
		id.New(), kind, hash, changeID, tx.Now(), tx.Now().Add(life)).Error
	return token, err
}
