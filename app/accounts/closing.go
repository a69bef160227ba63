package accounts

import (
	"context"
	"time"

	"github.com/google/uuid"

	"vitrine/app/fault"
	"vitrine/app/platform/db"
)

// Closing is how an account ends: asked for, told by mail, reversible for
// Grace, told once more, and then erased by jobs.
const (
	Grace       = 14 * 24 * time.Hour // from asking to the end
	ClosingWarn = 2 * 24 * time.Hour  // the last mail comes so long before it
)

// ClosingAsked tells that a person asked for the end of their account.
type ClosingAsked struct {
	UserID uuid.UUID `json:"user_id"`
	At     time.Time `json:"at"` // of the end
}

// EventName names the event.
func (ClosingAsked) EventName() string { return "accounts.closing_asked.v1" }

// ClosingNears tells that an account ends within ClosingWarn.
type ClosingNears struct {
	UserID uuid.UUID `json:"user_id"`
	At     time.Time `json:"at"`
}

// EventName names the event.
func (ClosingNears) EventName() string { return "accounts.closing_nears.v1" }

// Closed tells that a person and everything of theirs is gone. Whoever holds
// their id drops it.
type Closed struct {
	UserID uuid.UUID `json:"user_id"`
}

// EventName names the event.
func (Closed) EventName() string { return "accounts.closed.v1" }

// Closing tells when an account ends; nil when nobody asked for it. NotFound
// without such a person.
func (s *Service) Closing(ctx context.Context, userID uuid.UUID) (at *time.Time, err error) {
	defer fault.Wrap(&err, "accounts.Closing(%s)", userID)
	return closingOf(ctx, s.db.Read(ctx), userID)
}

// BeginClosing asks for the end of an account after Grace, in a transaction of
// the caller, who sees to the person's studios. Asked again, the first date
// stays and nothing is told twice. Conflict for the only administrator of the
// installation: nobody could run it any more.
func (s *Service) BeginClosing(ctx context.Context, tx db.Tx, userID uuid.UUID) (at time.Time, err error) {
	defer fault.Wrap(&err, "accounts.BeginClosing(%s)", userID)
	// All administrators are held in one order, so two that go at the same
	// moment cannot both be the last but one.
	others, err := holdOtherAdmins(tx, userID)
	if err != nil {
		return at, err
	}
	user, err := userByID(ctx, tx.Reader(), userID)
	if err != nil {
		return at, gone(err)
	}
	if user.Admin && others == 0 {
		return at, fault.New(fault.Conflict, "You are the only administrator here, and nobody could run this site after you. Make somebody else an administrator first.")
	}
	at = tx.Now().Add(Grace)
	began, err := setClosing(tx, userID, at)
	if err != nil {
		return at, err
	}
	if !began {
		was, err := closingOf(ctx, tx.Reader(), userID)
		if err != nil || was == nil {
			return at, err
		}
		return *was, nil
	}
	return at, s.outbox.Publish(ctx, tx, ClosingAsked{UserID: userID, At: at})
}

// EndClosing keeps an account that was to end. It may be repeated.
func (s *Service) EndClosing(_ context.Context, tx db.Tx, userID uuid.UUID) (kept bool, err error) {
	defer fault.Wrap(&err, "accounts.EndClosing(%s)", userID)
	return clearClosing(tx, userID)
}

// TellClosing tells of accounts that end within ClosingWarn, each once, at most
// a batch of them, and says how many. For jobs.
func (s *Service) TellClosing(ctx context.Context, tx db.Tx) (n int, err error) {
	defer fault.Wrap(&err, "accounts.TellClosing")
	list, err := warnClosing(tx, tx.Now().Add(ClosingWarn))
	for _, c := range list {
		if err := s.outbox.Publish(ctx, tx, ClosingNears(c)); err != nil {
			return 0, err
		}
	}
	return len(list), err
}

// DueToClose lists people whose grace is over, the longest first. For jobs.
func (s *Service) DueToClose(ctx context.Context, now time.Time, limit int) (ids []uuid.UUID, err error) {
	defer fault.Wrap(&err, "accounts.DueToClose")
	return dueToClose(ctx, s.db.Read(ctx), now, limit)
}

// ErasureOf is what others need to forget a person.
type ErasureOf struct {
	UserID uuid.UUID
	Name   string
	Keys   []string // normalised addresses that they have or had here
}

// Erasure reads what others need to forget a person whose grace is over. ok is
// false when they are gone already or thought better of it. For jobs.
func (s *Service) Erasure(ctx context.Context, userID uuid.UUID) (e ErasureOf, ok bool, err error) {
	defer fault.Wrap(&err, "accounts.Erasure(%s)", userID)
	return erasureOf(ctx, s.db.Read(ctx), userID, s.clock())
}

// Erase removes a person, the last step of the erasure: with them go sessions,
// links, factors, tokens and sign-ups. It needs the worker's handle. Conflict
// when they thought better of it at the last moment; a person who is gone is no
// error.
func (s *Service) Erase(ctx context.Context, tx db.Tx, of ErasureOf) (err error) {
	defer fault.Wrap(&err, "accounts.Erase(%s)", of.UserID)
	erased, err := eraseUser(ctx, tx, of)
	if err != nil || !erased {
		return err
	}
	return s.outbox.Publish(ctx, tx, Closed{UserID: of.UserID})
}
