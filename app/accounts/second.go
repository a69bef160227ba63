package accounts

import (
	"context"
	"time"

	"github.com/google/uuid"

	"vitrine/app/accounts/throttle"
	"vitrine/app/fault"
	"vitrine/app/platform/db"
	"vitrine/app/platform/id"
)

const (
	// SecondLife is how long a login waits for the second factor.
	SecondLife = 10 * time.Minute
	// secondAttempts is how many codes one login may try.
	secondAttempts = 5
)

// SecondStep is the form that asks for a code after the password was right.
type SecondStep struct {
	Token   string // of the login that waits
	Code    string // of the app, or a recovery code
	Device  string // the browser's own words
	Browser string // its cookie of known browsers
}

// pendingRow is a row of pending_logins.
type pendingRow struct {
	ID            uuid.UUID
	UserID        uuid.UUID
	PasswordSetAt time.Time
}

// secondOver is what remains of a login that does not wait any more.
func secondOver() error {
	return fault.New(fault.Unauthenticated, "This sign-in has taken too long or too many codes. Begin again with your password.")
}

// WaitsForCode tells whether a login waits for the second factor.
func (s *Service) WaitsForCode(ctx context.Context, token string) (waits bool, err error) {
	defer fault.Wrap(&err, "accounts.WaitsForCode")
	if len(token) != tokenLength {
		return false, nil
	}
	return db.One[bool](s.db.Read(ctx).SQL(ctx).Raw(`select exists (select from pending_logins where hash = ? and expires_at > ? and attempts < ?)`,
		id.HashToken(token), s.clock(), secondAttempts))
}

// Second opens the session of a login that waited. Unauthenticated when it
// waits no more, Invalid (code) when the code is wrong or was used, TooMany when
// too many were tried for this person.
func (s *Service) Second(ctx context.Context, form SecondStep) (opened Opened, err error) {
	defer fault.Wrap(&err, "accounts.Second")
	pending, err := s.trySecond(ctx, form)
	if err != nil {
		return opened, err
	}
	browser, err := browserOf(ctx, s.db.Read(ctx), pending.UserID, form.Browser)
	if err != nil {
		return opened, err
	}
	bucket := codeBucket(pending.UserID, browser)
	full, err := throttle.Take(ctx, s.db, bucket)
	if err != nil {
		return opened, err
	}
	v := visit{form.Device, form.Browser}
	err = s.db.Transact(ctx, func(tx db.Tx) error {
		// A reset that came in between has ended this login.
		if held, err := holdPassword(tx, userRow{ID: pending.UserID, PasswordSetAt: pending.PasswordSetAt}); err != nil || !held {
			return orElse(err, secondOver())
		}
		if gone, err := deletePending(tx, pending.ID); err != nil || !gone {
			return orElse(err, secondOver()) // used by another request, or ended
		}
		if err := s.checkSecond(ctx, tx, pending.UserID, form.Code); err != nil {
			return err
		}
		if opened, err = s.admit(ctx, tx, pending.UserID, v, true); err != nil {
			return err
		}
		if err := s.tellOf(ctx, tx, opened, v); err != nil {
			return err
		}
		return throttle.Won(tx, bucket)
	})
	if full && fault.Is(err, fault.Invalid) {
		err = s.tellOfGuesses(ctx, pending.UserID, err)
	}
	return opened, err
}

// trySecond counts an attempt of this login before its code is looked at.
func (s *Service) trySecond(ctx context.Context, form SecondStep) (pending pendingRow, err error) {
	if len(form.Token) != tokenLength {
		return pending, secondOver()
	}
	err = s.db.Transact(ctx, func(tx db.Tx) error {
		pending, err = db.One[pendingRow](tx.SQL().Raw(`update pending_logins set attempts = attempts + 1
			where hash = ? and expires_at > ? and attempts < ? returning id, user_id, password_set_at`, id.HashToken(form.Token), tx.Now(), secondAttempts))
		return err
	})
	if db.NotFound(err) {
		return pending, secondOver()
	}
	return pending, err
}

// tellOfGuesses warns a person whose password somebody knows. The error of the
// wrong code stays what it is.
func (s *Service) tellOfGuesses(ctx context.Context, userID uuid.UUID, wrong error) error {
	err := s.db.Transact(ctx, func(tx db.Tx) error {
		return s.outbox.Publish(ctx, tx, SecurityNoted{UserID: userID, What: CodesGuessed})
	})
	return orElse(err, wrong)
}

func deletePending(tx db.Tx, pendingID uuid.UUID) (bool, error) {
	res := tx.SQL().Exec(`delete from pending_logins where id = ?`, pendingID)
	return res.RowsAffected == 1, res.Error
}
