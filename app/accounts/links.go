package accounts

import (
	"context"

	"github.com/google/uuid"

	"vitrine/app/fault"
	"vitrine/app/platform/db"
)

// Letter is what a mail to a person needs: where it goes and its secret.
type Letter struct {
	To    string
	ToKey string // the normalised address, to count what it gets
	Token string // of the link in the mail; empty when the mail has none
}

// SignupLetter prepares the mail of a sign-up while it is composed: a new link,
// or known when the address has an account, and the mail then says that
// instead. For jobs. NotFound when the sign-up is forgotten already.
func (s *Service) SignupLetter(ctx context.Context, tx db.Tx, signupID uuid.UUID) (l Letter, known bool, err error) {
	defer fault.Wrap(&err, "accounts.SignupLetter(%s)", signupID)
	signup, err := signupByID(ctx, tx.Reader(), signupID)
	if err != nil {
		return l, false, gone(err)
	}
	l = Letter{To: signup.Email, ToKey: signup.EmailKey}
	if _, err := userByKey(ctx, tx.Reader(), signup.EmailKey); err == nil {
		return l, true, nil
	} else if !db.NotFound(err) {
		return l, false, err
	}
	l.Token, err = insertLink(tx, linkVerify, &signup.ID, nil, VerifyLife)
	return l, false, err
}

// ResetLetter prepares the mail with the link for a new password while it is
// composed. For jobs. NotFound when the person is gone.
func (s *Service) ResetLetter(ctx context.Context, tx db.Tx, userID uuid.UUID) (l Letter, err error) {
	defer fault.Wrap(&err, "accounts.ResetLetter(%s)", userID)
	if l, err = s.PlainLetter(ctx, tx, userID); err != nil {
		return l, err
	}
	l.Token, err = insertLink(tx, linkReset, nil, &userID, ResetLife)
	return l, err
}

// PlainLetter prepares a mail without a link. For jobs. NotFound when the
// person is gone.
func (s *Service) PlainLetter(ctx context.Context, tx db.Tx, userID uuid.UUID) (l Letter, err error) {
	defer fault.Wrap(&err, "accounts.PlainLetter(%s)", userID)
	user, err := userByID(ctx, tx.Reader(), userID)
	if err != nil {
		return l, gone(err)
	}
	return Letter{To: user.Email, ToKey: user.EmailKey}, nil
}

func gone(err error) error {
	if db.NotFound(err) {
		return fault.Caused(fault.NotFound, "This person is not here any more.", err)
	}
	return err
}
