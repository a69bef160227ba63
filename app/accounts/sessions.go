package accounts

import (
	"context"
	"time"

	"github.com/google/uuid"

	"vitrine/app/fault"
	"vitrine/app/platform/audit"
	"vitrine/app/platform/db"
)

// SessionsShown is how many sessions are listed, the newest ones.
const SessionsShown = 100

// Device is a session as its person sees it.
type Device struct {
	ID     uuid.UUID
	Words  string // "Firefox on Linux"
	Since  time.Time
	SeenAt time.Time // at most an hour behind
}

// Devices lists where a person is signed in, the last seen first, SessionsShown
// at most.
func (s *Service) Devices(ctx context.Context, userID uuid.UUID) (out []Device, err error) {
	defer fault.Wrap(&err, "accounts.Devices(%s)", userID)
	var rows []struct {
		ID                uuid.UUID
		Device            string
		CreatedAt, SeenAt time.Time
	}
	err = s.db.Read(ctx).SQL(ctx).Raw(`select id, device, created_at, seen_at from sessions where user_id = ? and expires_at > ?
		order by seen_at desc, id desc limit ?`, userID, s.clock(), SessionsShown).Scan(&rows).Error
	for _, r := range rows {
		out = append(out, Device{ID: r.ID, Words: DeviceWords(r.Device), Since: r.CreatedAt, SeenAt: r.SeenAt})
	}
	return out, err
}

// EndSession ends one session of a person, at once. NotFound when it is not
// theirs or is over.
func (s *Service) EndSession(ctx context.Context, userID, sessionID uuid.UUID) (err error) {
	defer fault.Wrap(&err, "accounts.EndSession(%s)", userID)
	over := false
	err = s.db.Transact(ctx, func(tx db.Tx) error {
		s.recent.DropWith(tx, userID)
		res := tx.SQL().Exec(`delete from sessions where id = ? and user_id = ?`, sessionID, userID)
		if res.Error != nil {
			return res.Error
		}
		if over = res.RowsAffected == 0; over {
			return nil
		}
		return audit.Write(ctx, tx, audit.Entry{ActorID: userID, Action: "accounts.session_ended", Subject: audit.Subject("session", sessionID)})
	})
	if err == nil && over {
		return fault.New(fault.NotFound, "This device was signed out already.")
	}
	return err
}

// EndOtherSessions ends all sessions of a person but one, and logins that wait
// for a second factor, at once. It tells how many sessions there were.
func (s *Service) EndOtherSessions(ctx context.Context, userID, keep uuid.UUID) (ended int64, err error) {
	defer fault.Wrap(&err, "accounts.EndOtherSessions(%s)", userID)
	err = s.db.Transact(ctx, func(tx db.Tx) error {
		s.recent.DropWith(tx, userID)
		if ended, err = deleteOtherSessions(tx, userID, keep); err != nil {
			return err
		}
		if err := deletePendingOf(tx, userID); err != nil || ended == 0 {
			return err
		}
		return s.audit(ctx, tx, userID, "other_sessions_ended")
	})
	return ended, err
}

// StandingSessions gives those of the sessions that are not over, and whose
// person is not suspended; in no order. One query.
func (s *Service) StandingSessions(ctx context.Context, sessions []uuid.UUID) (out []uuid.UUID, err error) {
	defer fault.Wrap(&err, "accounts.StandingSessions(%d)", len(sessions))
	err = s.db.Read(ctx).SQL(ctx).Raw(`select s.id from sessions s join users u on u.id = s.user_id
		where s.id in ? and s.expires_at > ? and u.suspended_at is null`, sessions, s.clock()).Scan(&out).Error
	return out, err
}

func deleteOtherSessions(tx db.Tx, userID, keep uuid.UUID) (int64, error) {
	res := tx.SQL().Exec(`delete from sessions where user_id = ? and id <> ?`, userID, keep)
	return res.RowsAffected, res.Error
}
