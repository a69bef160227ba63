package factor

import (
	"context"
	"crypto/rand"
	"time"

	"github.com/google/uuid"

	"vitrine/app/platform/db"
	"vitrine/app/platform/id"
)

// row is a row of second_factors.
type row struct {
	Secret      []byte
	LastStep    int64
	CreatedAt   time.Time
	ConfirmedAt *time.Time
}

const columns = "secret, last_step, created_at, confirmed_at"

func (f row) on() bool { return f.ConfirmedAt != nil }

// find gives the row of a person; there is none when it was never made.
func find(ctx context.Context, r db.Reader, userID uuid.UUID) (f row, err error) {
	err = r.SQL(ctx).Raw("select "+columns+" from second_factors where user_id = ?", userID).Scan(&f).Error
	return f, err
}

// hold reads it and keeps others waiting until the end of the transaction:
// of two that bring the same code, the second sees that it was used.
func hold(tx db.Tx, userID uuid.UUID) (f row, err error) {
	err = tx.SQL().Raw("select "+columns+" from second_factors where user_id = ? for update", userID).Scan(&f).Error
	return f, err
}

// replace stores a secret to be confirmed; n is 0 when a confirmed one
// stands there.
func replace(tx db.Tx, userID uuid.UUID, sealed []byte) (n int64, err error) {
	res := tx.SQL().Exec(`insert into second_factors as f (user_id, secret, created_at) values (?, ?, ?)
		on conflict (user_id) do update set secret = excluded.secret, created_at = excluded.created_at, last_step = 0 where f.confirmed_at is null`,
		userID, sealed, tx.Now())
	return res.RowsAffected, res.Error
}

func confirm(tx db.Tx, userID uuid.UUID, step int64) error {
	return tx.SQL().Exec(`update second_factors set confirmed_at = ?, last_step = ? where user_id = ? and confirmed_at is null`, tx.Now(), step, userID).Error
}

func useStep(tx db.Tx, userID uuid.UUID, step int64) error {
	return tx.SQL().Exec(`update second_factors set last_step = ? where user_id = ? and last_step < ?`, step, userID, step).Error
}

// The recovery codes: sixteen of thirty-two signs are 80 bits, so that a fast
// hash is enough. The signs leave out those that people confuse.
const (
	recoveryCodes  = 10
	recoveryLength = 16
	recoverySigns  = "abcdefghjkmnpqrstuvwxyz023456789"
)

// newCode makes a recovery code as it is shown: four groups of four.
func newCode() string {
	var b [recoveryLength]byte
	_, _ = rand.Read(b[:]) // never fails since Go 1.24
	out := make([]byte, 0, recoveryLength+3)
	for i, v := range b {
		if i > 0 && i%4 == 0 {
			out = append(out, '-')
		}
		out = append(out, recoverySigns[v%32])
	}
	return string(out)
}

// hashCode is the stored form: each person's own, so that equal codes of two
// people do not look alike.
func hashCode(userID uuid.UUID, code string) []byte {
	return id.HashToken(userID.String() + " " + code)
}

// remake replaces a person's recovery codes and gives the new ones.
func remake(tx db.Tx, userID uuid.UUID) ([]string, error) {
	if err := tx.SQL().Exec(`delete from recovery_codes where user_id = ?`, userID).Error; err != nil {
		return nil, err
	}
	codes := make([]string, recoveryCodes)
	for i := range codes {
		codes[i] = newCode()
		if err := tx.SQL().Exec(`insert into recovery_codes (id, user_id, hash, created_at) values (?, ?, ?, ?)`,
			id.New(), userID, hashCode(userID, tidy(codes[i])), tx.Now()).Error; err != nil {
			return nil, err
		}
	}
	return codes, nil
}

// useCode uses a recovery code once and tells how many are left.
func useCode(ctx context.Context, tx db.Tx, userID uuid.UUID, code string) (left int, ok bool, err error) {
	res := tx.SQL().Exec(`update recovery_codes set used_at = ? where user_id = ? and hash = ? and used_at is null`, tx.Now(), userID, hashCode(userID, code))
	if res.Error != nil || res.RowsAffected == 0 {
		return 0, false, res.Error
	}
	left, err = countCodes(ctx, tx.Reader(), userID)
	return left, true, err
}

// countCodes counts the recovery codes that were not used.
func countCodes(ctx context.Context, r db.Reader, userID uuid.UUID) (int, error) {
	var n int
	err := r.SQL(ctx).Raw(`select count(*) from recovery_codes where user_id = ? and used_at is null`, userID).Scan(&n).Error
	return n, err
}
