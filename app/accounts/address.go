package accounts

import (
	"context"
	"time"

	"github.com/google/uuid"

	"vitrine/app/accounts/hashing"
	"vitrine/app/fault"
	"vitrine/app/platform/db"
	"vitrine/app/platform/id"
	"vitrine/app/platform/idem"
)

// How long links about an address work.
const (
	AddressLife = 24 * time.Hour     // a link that proves a new address
	UndoLife    = 7 * 24 * time.Hour // a link that brings the old one back
)

// AddressForm asks for another address.
type AddressForm struct {
	Key    string
	UserID uuid.UUID
	Email  string
}

// AskAddress asks for another address of a person, who has shown a proof, and
// returns it as typed. A link goes there and nothing changes before it is used.
// It does the same for an address that has an account; its owner then gets a
// mail that says so. Invalid names the field email.
func (s *Service) AskAddress(ctx context.Context, form AddressForm) (to string, err error) {
	defer fault.Wrap(&err, "accounts.AskAddress(%s)", form.UserID)
	a, problem := parseEmail(form.Email)
	if problem != "" {
		return "", fault.Field("email", problem)
	}
	user, err := userByID(ctx, s.db.Read(ctx), form.UserID)
	if err != nil {
		return "", gone(err)
	}
	if a.typed == user.Email {
		return "", fault.Field("email", "This is your address already.")
	}
	err = s.db.Transact(ctx, func(tx db.Tx) error {
		if _, repeated, err := idem.Claim(ctx, tx, "accounts.ask_address:"+form.UserID.String()+":"+digest(a.typed), form.Key); err != nil || repeated {
			return err
		}
		if err := endOpenChanges(tx, user.ID); err != nil {
			return err
		}
		change := changeRow{ID: id.New(), UserID: user.ID, Email: a.typed, EmailKey: a.key, OldEmail: user.Email, OldKey: user.EmailKey}
		if err := insertChange(tx, change); err != nil {
			return err
		}
		return s.outbox.Publish(ctx, tx, AddressAsked{ChangeID: change.ID})
	})
	return a.typed, err
}

// PendingAddress is what the page of a link about an address shows.
type PendingAddress struct {
	State  LinkState
	UserID uuid.UUID
	Old    string
	New    string
}

// FindAddress tells the state of a link that proves a new address. An unknown
// link is no error: its state says so.
func (s *Service) FindAddress(ctx context.Context, token string) (p PendingAddress, err error) {
	defer fault.Wrap(&err, "accounts.FindAddress")
	p, _, _, err = s.findChange(ctx, linkAddress, token)
	return p, err
}

// FindUndo tells the state of a link that brings the old address back.
func (s *Service) FindUndo(ctx context.Context, token string) (p PendingAddress, err error) {
	defer fault.Wrap(&err, "accounts.FindUndo")
	p, _, _, err = s.findChange(ctx, linkUndo, token)
	return p, err
}

func (s *Service) findChange(ctx context.Context, kind, token string) (p PendingAddress, link linkRow, change changeRow, err error) {
	r := s.db.Read(ctx)
	if link, err = linkByToken(ctx, r, kind, token); err != nil {
		if db.NotFound(err) {
			return PendingAddress{State: LinkUnknown}, link, change, nil
		}
		return p, link, change, err
	}
	if change, err = changeByID(ctx, r, *link.ChangeID); err != nil {
		return p, link, change, err
	}
	return PendingAddress{State: s.stateOfChange(link, change), UserID: change.UserID, Old: change.OldEmail, New: change.Email}, link, change, nil
}

// stateOfChange: a link ends with the wish that it belongs to.
func (s *Service) stateOfChange(link linkRow, change changeRow) LinkState {
	if change.EndedAt != nil {
		return LinkUsed
	}
	return s.stateOf(link)
}

// ConfirmAddress gives a person the address whose link they opened, while they
// are signed in: the link alone, in a mailbox that somebody mistyped, opens
// nothing. Links for a new password that went to the old address end. The old
// address gets a notice with a link that undoes it. Conflict when the link is
// used or expired or the address has an account by now; NotFound when it is not
// known or is another person's.
func (s *Service) ConfirmAddress(ctx context.Context, userID uuid.UUID, token string) (err error) {
	defer fault.Wrap(&err, "accounts.ConfirmAddress(%s)", userID)
	p, link, change, err := s.findChange(ctx, linkAddress, token)
	if err != nil {
		return err
	}
	if p.State == LinkUnknown || p.UserID != userID {
		return linkFault(LinkUnknown)
	}
	err = s.db.Transact(ctx, func(tx db.Tx) error {
		if err := s.holdChange(ctx, tx, link.ID, &change); err != nil {
			return err
		}
		if change.ConfirmedAt != nil {
			return linkFault(LinkUsed)
		}
		s.recent.DropWith(tx, userID)
		if err := setAddress(tx, userID, change.Email, change.EmailKey); err != nil {
			return err
		}
		if err := confirmChange(tx, change.ID); err != nil {
			return err
		}
		if err := useResetLinks(tx, userID); err != nil {
			return err
		}
		if err := closeSignups(tx, change.EmailKey); err != nil {
			return err
		}
		if err := s.audit(ctx, tx, userID, "address_changed"); err != nil {
			return err
		}
		return s.outbox.Publish(ctx, tx, AddressChanged{ChangeID: change.ID})
	})
	if constraint, ok := db.Unique(err); ok && constraint == "users_email_key" {
		return fault.New(fault.Conflict, "This address has an account of its own by now. Nothing was changed.")
	}
	return err
}

// holdChange uses a link about an address, once, while its wish still stands.
func (s *Service) holdChange(ctx context.Context, tx db.Tx, linkID uuid.UUID, change *changeRow) error {
	// The person first: all of their changes wait for each other here.
	if err := holdUser(tx, change.UserID); err != nil {
		return gone(err)
	}
	link, err := holdLink(tx, linkID)
	if err != nil {
		return err
	}
	if *change, err = changeByID(ctx, tx.Reader(), change.ID); err != nil {
		return err
	}
	if err := linkFault(s.stateOfChange(link, *change)); err != nil {
		return err
	}
	return useLink(tx, link.ID)
}

// UndoAddress gives a person the address back that they had, for whoever has
// the link in its mailbox. Whoever changed it knew the password, so that works
// no more: every session, waiting login and token of a program ends, and a link to
// choose a password goes to the address. Changes that came after this one are void, and so
// are their links. The second factor stays: a mailbox alone never switches it
// off. Conflict when the link is used or expired, or the address has an account
// of its own by now; NotFound when it is not known.
func (s *Service) UndoAddress(ctx context.Context, token string) (err error) {
	defer fault.Wrap(&err, "accounts.UndoAddress")
	p, link, change, err := s.findChange(ctx, linkUndo, token)
	if err != nil {
		return err
	}
	if p.State == LinkUnknown {
		return linkFault(p.State)
	}
	err = s.db.Transact(ctx, func(tx db.Tx) error {
		if err := s.holdChange(ctx, tx, link.ID, &change); err != nil {
			return err
		}
		if err := endChangesSince(tx, change); err != nil {
			return err
		}
		if err := setAddress(tx, change.UserID, change.OldEmail, change.OldKey); err != nil {
			return err
		}
		if err := setPassword(tx, change.UserID, hashing.Unusable); err != nil {
			return err
		}
		if err := s.shutOut(ctx, tx, change.UserID, uuid.Nil, ""); err != nil {
			return err
		}
		if err := tx.SQL().Exec(`delete from api_tokens where user_id = ?`, change.UserID).Error; err != nil {
			return err
		}
		if err := closeSignups(tx, change.OldKey); err != nil {
			return err
		}
		if err := s.audit(ctx, tx, change.UserID, "address_restored"); err != nil {
			return err
		}
		return s.outbox.Publish(ctx, tx, AddressRestored{UserID: change.UserID})
	})
	if constraint, ok := db.Unique(err); ok && constraint == "users_email_key" {
		return fault.New(fault.Conflict, "The old address has an account of its own by now, so it could not be given back. Write to those who run this site.")
	}
	return err
}

// AddressLetter prepares the mail to a new address while it is composed: a
// link, or known when the address has another account, and the mail then says
// that instead. For jobs. NotFound when the wish was replaced.
func (s *Service) AddressLetter(ctx context.Context, tx db.Tx, changeID uuid.UUID) (l Letter, known bool, err error) {
	defer fault.Wrap(&err, "accounts.AddressLetter(%s)", changeID)
	change, err := changeByID(ctx, tx.Reader(), changeID)
	if err != nil || change.EndedAt != nil || change.ConfirmedAt != nil {
		return l, false, orElse(gone(err), fault.New(fault.NotFound, "This wish was replaced by a later one."))
	}
	l = Letter{To: change.Email, ToKey: change.EmailKey}
	if user, err := userByKey(ctx, tx.Reader(), change.EmailKey); err == nil && user.ID != change.UserID {
		return l, true, nil
	} else if err != nil && !db.NotFound(err) {
		return l, false, err
	}
	l.Token, err = insertLinkOf(tx, linkAddress, change.ID, AddressLife)
	return l, false, err
}

// UndoLetter prepares the notice to an old address, with the link that brings it
// back. For jobs. NotFound when the change was undone.
func (s *Service) UndoLetter(ctx context.Context, tx db.Tx, changeID uuid.UUID) (l Letter, err error) {
	defer fault.Wrap(&err, "accounts.UndoLetter(%s)", changeID)
	change, err := changeByID(ctx, tx.Reader(), changeID)
	if err != nil || change.EndedAt != nil || change.ConfirmedAt == nil {
		return l, orElse(gone(err), fault.New(fault.NotFound, "This change was undone."))
	}
	l = Letter{To: change.OldEmail, ToKey: change.OldKey}
	l.Token, err = insertLinkOf(tx, linkUndo, change.ID, change.ConfirmedAt.Add(UndoLife).Sub(tx.Now()))
	return l, err
}
