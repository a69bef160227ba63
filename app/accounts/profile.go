package accounts

import (
	"context"

	"github.com/google/uuid"

	"vitrine/app/accounts/hashing"
	"vitrine/app/accounts/throttle"
	"vitrine/app/fault"
	"vitrine/app/platform/db"
	"vitrine/app/platform/idem"
)

// Rename gives a person another name. Invalid names the field name. The name of
// their studio stays.
func (s *Service) Rename(ctx context.Context, userID uuid.UUID, name string) (err error) {
	defer fault.Wrap(&err, "accounts.Rename(%s)", userID)
	name, problem := parseName(name)
	if problem != "" {
		return fault.Field("name", problem)
	}
	return s.db.Transact(ctx, func(tx db.Tx) error {
		s.recent.DropWith(tx, userID)
		res := tx.SQL().Exec(`update users set name = ?, updated_at = ?, version = version + 1 where id = ? and name <> ?`, name, tx.Now(), userID, name)
		if res.Error != nil || res.RowsAffected == 0 {
			return res.Error
		}
		return s.outbox.Publish(ctx, tx, Renamed{UserID: userID})
	})
}

// PasswordChange is the form of somebody who is signed in and knows the password.
type PasswordChange struct {
	Key       string
	UserID    uuid.UUID
	SessionID uuid.UUID // the one that stays
	Current   string
	New       string
	Browser   string // the cookie of known browsers
}

// ChangePassword replaces the password of somebody who knows it. All other
// sessions, links for a new password and logins that wait are ended, and other
// browsers are not known any more. Invalid names the fields current_password and
// new_password; TooMany after five wrong ones. A form that was sent twice has one
// effect.
func (s *Service) ChangePassword(ctx context.Context, form PasswordChange) (err error) {
	defer fault.Wrap(&err, "accounts.ChangePassword(%s)", form.UserID)
	user, err := userByID(ctx, s.db.Read(ctx), form.UserID)
	if err != nil {
		return gone(err)
	}
	if problem := hashing.Problem(form.New, user.Email, user.EmailKey); problem != "" {
		return fault.Field("new_password", problem)
	}
	scope := "accounts.password:" + form.UserID.String()
	bucket := proofBucket(form.SessionID)
	user, err = s.rightPassword(ctx, form.UserID, "current_password", form.Current, bucket)
	if fault.Is(err, fault.Invalid) && s.repeated(ctx, scope, form.Key) {
		// The first of the two has changed it meanwhile, and may have failed after.
		return s.recent.Drop(ctx, []uuid.UUID{form.UserID})
	}
	if err != nil {
		return err
	}
	hash, err := s.hasher.Hash(ctx, form.New)
	if err != nil {
		return err
	}
	return s.db.Transact(ctx, func(tx db.Tx) error {
		s.recent.DropWith(tx, form.UserID)
		if _, repeated, err := idem.Claim(ctx, tx, scope, form.Key); err != nil || repeated {
			return err
		}
		if held, err := holdPassword(tx, user); err != nil || !held {
			return orElse(err, wrongPassword("current_password"))
		}
		if err := setPassword(tx, user.ID, hash); err != nil {
			return err
		}
		if err := s.shutOut(ctx, tx, user.ID, form.SessionID, form.Browser); err != nil {
			return err
		}
		if err := throttle.Won(tx, bucket); err != nil {
			return err
		}
		if err := s.audit(ctx, tx, user.ID, "password_changed"); err != nil {
			return err
		}
		return s.outbox.Publish(ctx, tx, PasswordChanged{UserID: user.ID})
	})
}

// repeated tells whether a form with this key has had its effect.
func (s *Service) repeated(ctx context.Context, scope, key string) bool {
	n, err := db.One[int](s.db.Read(ctx).SQL(ctx).Raw(`select count(*) from idempotency_keys where scope = ? and key = ?`, scope, key))
	return err == nil && n == 1
}

// shutOut ends every way in but one session and its browser: other sessions,
// logins that wait, links for a new password. The row of the user is locked
// before: a login that holds it has its session in the table by then.
func (s *Service) shutOut(ctx context.Context, tx db.Tx, userID, session uuid.UUID, browser string) error {
	s.recent.DropWith(tx, userID)
	known, err := browserOf(ctx, tx.Reader(), userID, browser)
	if err != nil {
		return err
	}
	if _, err := deleteOtherSessions(tx, userID, session); err != nil {
		return err
	}
	if err := forgetBrowsers(tx, userID, known); err != nil {
		return err
	}
	if err := deletePendingOf(tx, userID); err != nil {
		return err
	}
	return useResetLinks(tx, userID)
}
