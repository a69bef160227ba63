package accounts

import (
	"context"
	"time"

	"github.com/google/uuid"

	"vitrine/app/accounts/hashing"
	"vitrine/app/accounts/throttle"
	"vitrine/app/fault"
	"vitrine/app/platform/db"
)

// ProofLife is how long a person need not prove again who they are.
const ProofLife = 15 * time.Minute

// Proven tells whether the person has proved lately, in this session, who they
// are.
func (s Session) Proven(now time.Time) bool {
	return s.ProvedAt != nil && now.Sub(*s.ProvedAt) < ProofLife && !now.Before(s.ProvedAt.Add(-ProofLife))
}

// Proof is the form that asks once more who somebody is.
type Proof struct {
	UserID    uuid.UUID
	SessionID uuid.UUID
	Password  string
	Code      string // of the second factor, or a recovery code; when the person has one
}

// Prove notes in the session that its person has just shown who they are.
// Invalid names the fields password or code; TooMany after five wrong ones.
func (s *Service) Prove(ctx context.Context, p Proof) (err error) {
	defer fault.Wrap(&err, "accounts.Prove(%s)", p.UserID)
	bucket := proofBucket(p.SessionID)
	user, err := s.rightPassword(ctx, p.UserID, "password", p.Password, bucket)
	if err != nil {
		return err
	}
	return s.db.Transact(ctx, func(tx db.Tx) error {
		if held, err := holdPassword(tx, user); err != nil || !held {
			return orElse(err, wrongPassword("password"))
		}
		if err := s.checkSecond(ctx, tx, p.UserID, p.Code); err != nil {
			return err
		}
		s.recent.DropWith(tx, p.UserID)
		if err := proveSession(tx, p.UserID, p.SessionID); err != nil {
			return err
		}
		return throttle.Won(tx, bucket)
	})
}

func wrongPassword(field string) error {
	return fault.Field(field, "This is not your password. Check it, or ask for a new one from the sign-in page.")
}

// rightPassword counts an attempt and checks the password of a person who is
// signed in. A hash with older parameters is renewed at the next sign-in.
func (s *Service) rightPassword(ctx context.Context, userID uuid.UUID, field, password, bucket string) (user userRow, err error) {
	if user, err = userByID(ctx, s.db.Read(ctx), userID); err != nil {
		return user, gone(err)
	}
	if password == "" {
		return user, fault.Field(field, "Type your password.")
	}
	if len(password) > 4*hashing.Max {
		return user, wrongPassword(field)
	}
	if _, err := throttle.Take(ctx, s.db, bucket); err != nil {
		return user, err
	}
	ok, _, err := s.hasher.Check(ctx, password, user.PasswordHash)
	if err != nil {
		throttle.Untried(ctx, s.db, bucket)
		return user, err
	}
	if !ok {
		return user, wrongPassword(field)
	}
	return user, nil
}

func proveSession(tx db.Tx, userID, sessionID uuid.UUID) error {
	res := tx.SQL().Exec(`update sessions set proved_at = ? where id = ? and user_id = ?`, tx.Now(), sessionID, userID)
	if res.Error == nil && res.RowsAffected == 0 {
		return fault.New(fault.Unauthenticated, "This session was ended meanwhile. Sign in to go on.")
	}
	return res.Error
}
