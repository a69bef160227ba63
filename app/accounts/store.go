package accounts

import (
	"context"
	"time"

	"github.com/google/uuid"

	"vitrine/app/platform/db"
	"vitrine/app/platform/id"
)

// userRow is a row of users as far as use cases need it.
type userRow struct {
	ID            uuid.UUID
	Email         string
	EmailKey      string
	Name          string
	PasswordHash  string
	PasswordSetAt time.Time
	Admin         bool
	CreatedAt     time.Time
}

const userColumns = "id, email, email_key, name, password_hash, password_set_at, admin, created_at"

func userByKey(ctx context.Context, r db.Reader, key string) (userRow, error) {
	return db.One[userRow](r.SQL(ctx).Raw("select "+userColumns+" from users where email_key = ?", key))
}

func userByID(ctx context.Context, r db.Reader, userID uuid.UUID) (userRow, error) {
	return db.One[userRow](r.SQL(ctx).Raw("select "+userColumns+" from users where id = ?", userID))
}

func usersByIDs(ctx context.Context, r db.Reader, ids []uuid.UUID) (map[uuid.UUID]User, error) {
	if len(ids) == 0 {
		return map[uuid.UUID]User{}, nil
	}
	var rows []User
	if err := r.SQL(ctx).Raw("select id, email, name, admin, created_at from users where id in ?", ids).Scan(&rows).Error; err != nil {
		return nil, err
	}
	out := make(map[uuid.UUID]User, len(rows))
	for _, u := range rows {
		out[u.ID] = u
	}
	return out, nil
}

// insertUser makes the person. The constraint users_email_key is violated when
// the address has an account.
func insertUser(tx db.Tx, u userRow) error {
	now := tx.Now()
	return tx.SQL().Exec(`insert into users (id, email, email_key, name, password_hash, password_set_at, admin, verified_at, created_at, updated_at)
		values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
		u.ID, u.Email, u.EmailKey, u.Name, u.PasswordHash, u.PasswordSetAt, u.Admin, now, now, now).Error
}

// setPassword stores a password that the person has just chosen.
func setPassword(tx db.Tx, userID uuid.UUID, hash string) error {
	return tx.SQL().Exec(`update users set password_hash = ?, password_set_at = ?, updated_at = ?, version = version + 1 where id = ?`,
		hash, tx.Now(), tx.Now(), userID).Error
}

// rehash replaces the hash of the same password, unless another was chosen meanwhile.
func rehash(tx db.Tx, u userRow, hash string) error {
	return tx.SQL().Exec(`update users set password_hash = ? where id = ? and password_hash = ?`, hash, u.ID, u.PasswordHash).Error
}

// holdPassword keeps the password from being changed until the end of the
// transaction, and tells whether it is still the one that was set then. The
// lock is the one that rehash needs: two logins that both held a weaker one
// would wait for each other.
func holdPassword(tx db.Tx, u userRow) (bool, error) {
	var n int64
	err := tx.SQL().Raw(`select count(*) from (select 1 from users where id = ? and password_set_at = ? for no key update) as held`,
		u.ID, u.PasswordSetAt).Scan(&n).Error
	return n == 1, err
}

func adminExists(ctx context.Context, r db.Reader) (bool, error) {
	return db.One[bool](r.SQL(ctx).Raw("select exists (select from users where admin)"))
}

// signupRow is a row of signups.
type signupRow struct {
	ID           uuid.UUID
	Email        string
	EmailKey     string
	Name         string
	PasswordHash string
	CreatedAt    time.Time
	ClosedAt     *time.Time
}

func insertSignup(tx db.Tx, s signupRow) error {
	return tx.SQL().Exec(`insert into signups (id, email, email_key, name, password_hash, created_at) values (?, ?, ?, ?, ?, ?)`,
		s.ID, s.Email, s.EmailKey, s.Name, s.PasswordHash, tx.Now()).Error
}

func signupByID(ctx context.Context, r db.Reader, signupID uuid.UUID) (signupRow, error) {
	return db.One[signupRow](r.SQL(ctx).Raw(`select id, email, email_key, name, password_hash, created_at, closed_at from signups where id = ?`, signupID))
}

// contested tells whether the address has other open sign-ups than this one.
func contested(ctx context.Context, r db.Reader, s signupRow) (bool, error) {
	return db.One[bool](r.SQL(ctx).Raw(`select exists (select from signups where email_key = ? and closed_at is null and id <> ?)`, s.EmailKey, s.ID))
}

// closeSignups ends every open sign-up of an address, and so their links.
func closeSignups(tx db.Tx, key string) error {
	return tx.SQL().Exec(`update signups set closed_at = ? where email_key = ? and closed_at is null`, tx.Now(), key).Error
}

// linkRow is a row of links.
type linkRow struct {
	ID        uuid.UUID
	SignupID  *uuid.UUID
	UserID    *uuid.UUID
	ChangeID  *uuid.UUID
	ExpiresAt time.Time
	UsedAt    *time.Time
}

const (
	linkVerify  = "verify"
	linkReset   = "reset"
	linkAddress = "address"
	linkUndo    = "undo"
)

// insertLink makes a link and gives its plain token.
func insertLink(tx db.Tx, kind string, signupID, userID *uuid.UUID, life time.Duration) (string, error) {
	token, hash := id.Token()
	err := tx.SQL().Exec(`insert into links (id, kind, hash, signup_id, user_id, created_at, expires_at) values (?, ?, ?, ?, ?, ?, ?)`,
		id.New(), kind, hash, signupID, userID, tx.Now(), tx.Now().Add(life)).Error
	return token, err
}

func linkByToken(ctx context.Context, r db.Reader, kind, token string) (linkRow, error) {
	return db.One[linkRow](r.SQL(ctx).Raw(`select id, signup_id, user_id, change_id, expires_at, used_at from links where hash = ? and kind = ?`, id.HashToken(token), kind))
}

// holdLink reads a link anew and keeps others from using it until the end of
// the transaction.
func holdLink(tx db.Tx, linkID uuid.UUID) (linkRow, error) {
	return db.One[linkRow](tx.SQL().Raw(`select id, signup_id, user_id, change_id, expires_at, used_at from links where id = ? for update`, linkID))
}

func useLink(tx db.Tx, linkID uuid.UUID) error {
	return tx.SQL().Exec(`update links set used_at = ? where id = ? and used_at is null`, tx.Now(), linkID).Error
}

// useResetLinks ends every link for a new password of a person.
func useResetLinks(tx db.Tx, userID uuid.UUID) error {
	return tx.SQL().Exec(`update links set used_at = ? where user_id = ? and kind = 'reset' and used_at is null`, tx.Now(), userID).Error
}
