package accounts

import (
	"context"

	"github.com/google/uuid"

	"vitrine/app/accounts/hashing"
	"vitrine/app/fault"
	"vitrine/app/platform/db"
	"vitrine/app/platform/idem"
)

// AskReset asks for a link for a new password and returns the address that a
// mail goes to if it has an account. It does the same for one that has none.
// Invalid names the field email.
func (s *Service) AskReset(ctx context.Context, key, email string) (to string, err error) {
	defer fault.Wrap(&err, "accounts.AskReset")
	a, problem := parseEmail(email)
	if problem != "" {
		return "", fault.Field("email", problem)
	}
	err = s.db.Transact(ctx, func(tx db.Tx) error {
		if _, repeated, err := idem.Claim(ctx, tx, "accounts.ask_reset:"+digest(a.key), key); err != nil || repeated {
			return err
		}
		var known *uuid.UUID
		user, err := userByKey(ctx, tx.Reader(), a.key)
		if err == nil {
			known = &user.ID
		} else if !db.NotFound(err) {
			return err
		}
		return s.outbox.Publish(ctx, tx, ResetAsked{UserID: known})
	})
	return a.typed, err
}

// PendingReset is what the page of a reset link shows.
type PendingReset struct {
	State LinkState
	Email string
}

// FindReset tells the state of a link for a new password. An unknown link is
// no error: its state says so.
func (s *Service) FindReset(ctx context.Context, token string) (p PendingReset, err error) {
	defer fault.Wrap(&err, "accounts.FindReset")
	p, _, _, err = s.findReset(ctx, token)
	return p, err
}

func (s *Service) findReset(ctx context.Context, token string) (p PendingReset, link linkRow, user userRow, err error) {
	r := s.db.Read(ctx)
	if link, err = linkByToken(ctx, r, linkReset, token); err != nil {
		if db.NotFound(err) {
			return PendingReset{State: LinkUnknown}, link, user, nil
		}
		return p, link, user, err
	}
	if user, err = userByID(ctx, r, *link.UserID); err != nil {
		return p, link, user, err
	}
	return PendingReset{State: s.stateOf(link), Email: user.Email}, link, user, nil
}

// NewPassword is the form behind a reset link.
type NewPassword struct {
	Key      string
	Token    string
	Password string
	Device   string // the browser's own words
	Browser  string // its cookie of known browsers
}

// Reset stores a new password, ends every session and every reset link of the
// person and opens one session, for this browser. A second factor stays on, and
// is asked for before that session is there. Conflict when the link is
// used or expired, NotFound when it is not known, Invalid names the field
// password.
func (s *Service) Reset(ctx context.Context, form NewPassword) (opened Opened, err error) {
	defer fault.Wrap(&err, "accounts.Reset")
	p, link, user, err := s.findReset(ctx, form.Token)
	if err != nil {
		return opened, err
	}
	if p.State == LinkUnknown {
		return opened, linkFault(p.State)
	}
	if problem := hashing.Problem(form.Password, user.Email, user.EmailKey); problem != "" {
		return opened, fault.Field("password", problem)
	}
	hash, err := s.hasher.Hash(ctx, form.Password)
	if err != nil {
		return opened, err
	}
	again := false
	err = s.db.Transact(ctx, func(tx db.Tx) error {
		s.recent.DropWith(tx, user.ID)
		_, repeated, err := idem.Claim(ctx, tx, "accounts.reset:"+link.ID.String(), form.Key)
		if err != nil || repeated {
			again = repeated
			return err
		}
		opened, err = s.replacePassword(ctx, tx, link.ID, user.ID, hash, visit{device: form.Device, browser: form.Browser})
		return err
	})
	if err == nil && again {
		// The form was sent twice and the browser shows this answer: whoever
		// knows the new password may have its session.
		opened, err = s.Login(ctx, Login{Email: user.Email, Password: form.Password, Device: form.Device, Browser: form.Browser})
		if fault.Is(err, fault.Invalid) {
			return Opened{}, linkFault(LinkUsed)
		}
	}
	return opened, err
}

func (s *Service) replacePassword(ctx context.Context, tx db.Tx, linkID, userID uuid.UUID, hash string, v visit) (opened Opened, err error) {
	link, err := holdLink(tx, linkID)
	if err != nil {
		return opened, err
	}
	if err := linkFault(s.stateOf(link)); err != nil {
		return opened, err
	}
	// The row of the user is locked before the sessions are deleted: a login
	// that holds it has its session in the table by then, a later one fails.
	if err := setPassword(tx, userID, hash); err != nil {
		return opened, err
	}
	if err := s.shutOut(ctx, tx, userID, uuid.Nil, ""); err != nil {
		return opened, err
	}
	user, err := userByID(ctx, tx.Reader(), userID)
	if err != nil {
		return opened, gone(err)
	}
	if opened, err = s.open(ctx, tx, user, v, true); err != nil {
		return opened, err
	}
	if err := s.audit(ctx, tx, userID, "password_reset"); err != nil {
		return opened, err
	}
	return opened, s.outbox.Publish(ctx, tx, PasswordChanged{UserID: userID})
}
