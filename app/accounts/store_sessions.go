package accounts

import (
	"context"
	"strings"
	"time"

	"github.com/google/uuid"

	"vitrine/app/platform/db"
	"vitrine/app/platform/id"
	"vitrine/app/platform/text"
)

// sessionRow is a session with its person, as each request needs them.
type sessionRow struct {
	ID        uuid.UUID
	UserID    uuid.UUID
	Email     string
	Name      string
	Admin     bool
	SeenAt    time.Time
	ExpiresAt time.Time
	ProvedAt  *time.Time
	ClosingAt *time.Time

	SuspendedAt     *time.Time
	SuspendedReason string
}

func sessionByToken(ctx context.Context, r db.Reader, token string, now time.Time) (sessionRow, error) {
	return db.One[sessionRow](r.SQL(ctx).Raw(`select s.id, s.user_id, u.email, u.name, u.admin, s.seen_at, s.expires_at, s.proved_at, u.closing_at, u.suspended_at, u.suspended_reason
		from sessions s join users u on u.id = s.user_id where s.hash = ? and s.expires_at > ?`, id.HashToken(token), now))
}

// insertSession makes a session and gives the token for its cookie. proven: its
// person has typed the password just now.
func insertSession(tx db.Tx, userID uuid.UUID, device string, proven bool) (string, error) {
	token, hash := id.Token()
	var provedAt *time.Time
	if now := tx.Now(); proven {
		provedAt = &now
	}
	err := tx.SQL().Exec(`insert into sessions (id, user_id, hash, device, created_at, seen_at, expires_at, proved_at) values (?, ?, ?, ?, ?, ?, ?, ?)`,
		id.New(), userID, hash, shorten(device), tx.Now(), tx.Now(), tx.Now().Add(SessionLife), provedAt).Error
	return token, err
}

// touchSession notes that a session was seen, unless another request of the
// same browser has just done so.
func touchSession(tx db.Tx, s sessionRow) error {
	return tx.SQL().Exec(`update sessions set seen_at = ?, expires_at = ? where id = ? and seen_at = ?`,
		tx.Now(), tx.Now().Add(SessionLife), s.ID, s.SeenAt).Error
}

func deleteSession(tx db.Tx, token string) error {
	return tx.SQL().Exec(`delete from sessions where hash = ?`, id.HashToken(token)).Error
}

func deleteSessionsOf(tx db.Tx, userID uuid.UUID) error {
	return tx.SQL().Exec(`delete from sessions where user_id = ?`, userID).Error
}

const deviceLimit = 300

// shorten keeps of the browser's own words what fits and can be stored.
func shorten(device string) string {
	device = strings.ToValidUTF8(device, "")
	if len(device) > 4*deviceLimit {
		device = strings.ToValidUTF8(device[:4*deviceLimit], "")
	}
	device = text.Line(device)
	if r := []rune(device); len(r) > deviceLimit {
		device = string(r[:deviceLimit])
	}
	return device
}

// setupRow is the one row of setup.
type setupRow struct {
	Hash   []byte
	UsedAt *time.Time
}

func setupOf(ctx context.Context, r db.Reader) (setupRow, error) {
	return db.One[setupRow](r.SQL(ctx).Raw(`select hash, used_at from setup`))
}

// holdSetup reads the row and keeps a second setup waiting until this one ends.
func holdSetup(tx db.Tx) (setupRow, error) {
	return db.One[setupRow](tx.SQL().Raw(`select hash, used_at from setup for update`))
}

func replaceSetup(tx db.Tx, hash []byte) error {
	return tx.SQL().Exec(`insert into setup (created_at, hash) values (?, ?)
		on conflict (single) do update set hash = excluded.hash, created_at = excluded.created_at, used_at = null`, tx.Now(), hash).Error
}

func useSetup(tx db.Tx) error {
	return tx.SQL().Exec(`update setup set used_at = ?`, tx.Now()).Error
}
