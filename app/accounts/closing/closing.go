// Package closing is how an account ends, and how everything that accounts know
// of a person is told to that person: the end is asked for, told by mail,
// reversible for Grace, told once more, and then carried out by jobs. Package
// archive sees to the person's studios; here is only what accounts own.
package closing

import (
	"context"
	"time"

	"github.com/google/uuid"

	"vitrine/app/fault"
	"vitrine/app/platform/bus"
	"vitrine/app/platform/db"
	"vitrine/app/platform/sessioncache"
)

// How long things take.
const (
	Grace = 14 * 24 * time.Hour // from asking to the end
	Warn  = 2 * 24 * time.Hour  // the last mail comes so long before it
)

// Asked tells that a person asked for the end of their account.
type Asked struct {
	UserID uuid.UUID `json:"user_id"`
	At     time.Time `json:"at"` // of the end
}

// EventName names the event.
func (Asked) EventName() string { return "accounts.closing_asked.v1" }

// Nears tells that an account ends within Warn.
type Nears struct {
	UserID uuid.UUID `json:"user_id"`
	At     time.Time `json:"at"`
}

// EventName names the event.
func (Nears) EventName() string { return "accounts.closing_nears.v1" }

// Closed tells that a person and everything of theirs is gone. Whoever holds
// their id drops it.
type Closed struct {
	UserID uuid.UUID `json:"user_id"`
}

// EventName names the event.
func (Closed) EventName() string { return "accounts.closed.v1" }

// Service has the use cases. Requests ask on the app's handle, jobs on the
// worker's.
type Service struct {
	db     *db.DB
	outbox *bus.Outbox
	recent *sessioncache.Cache // of what sessions say of their person; may be nil
}

// New prepares the service; it reaches nothing.
func New(d *db.DB, outbox *bus.Outbox, recent *sessioncache.Cache) *Service {
	return &Service{db: d, outbox: outbox, recent: recent}
}

// At tells when an account ends; nil when nobody asked for it. NotFound
// without such a person.
func (s *Service) At(ctx context.Context, userID uuid.UUID) (at *time.Time, err error) {
	defer fault.Wrap(&err, "closing.At(%s)", userID)
	return closingOf(ctx, s.db.Read(ctx), userID)
}

// Begin asks for the end of an account after Grace, in a transaction of
// the caller, who sees to the person's studios. Asked again, the first date
// stays and nothing is told twice. Conflict for the only administrator of the
// installation: nobody could run it any more.
func (s *Service) Begin(ctx context.Context, tx db.Tx, userID uuid.UUID) (at time.Time, err error) {
	defer fault.Wrap(&err, "closing.Begin(%s)", userID)
	// All administrators are held in one order, so two that go at the same
	// moment cannot both be the last but one.
	runs, others, err := holdAdmins(tx, userID)
	if err != nil {
		return at, err
	}
	if runs && others == 0 {
		return at, fault.New(fault.Conflict, "You are the only administrator here, and nobody could run this site after you. Make somebody else an administrator first.")
	}
	s.recent.DropWith(tx, userID)
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
	return at, s.outbox.Publish(ctx, tx, Asked{UserID: userID, At: at})
}

// Keep keeps an account that was to end. It may be repeated.
func (s *Service) Keep(_ context.Context, tx db.Tx, userID uuid.UUID) (kept bool, err error) {
	defer fault.Wrap(&err, "closing.Keep(%s)", userID)
	s.recent.DropWith(tx, userID)
	return clearClosing(tx, userID)
}

// Tell tells of accounts that end within Warn, each once, at most
// a batch of them, and says how many. For jobs.
func (s *Service) Tell(ctx context.Context, tx db.Tx) (n int, err error) {
	defer fault.Wrap(&err, "closing.Tell")
	list, err := warnClosing(tx, tx.Now().Add(Warn))
	for _, c := range list {
		if err := s.outbox.Publish(ctx, tx, Nears(c)); err != nil {
			return 0, err
		}
	}
	return len(list), err
}

// Due lists people whose grace is over, the longest first. For jobs.
func (s *Service) Due(ctx context.Context, now time.Time, limit int) (ids []uuid.UUID, err error) {
	defer fault.Wrap(&err, "closing.Due")
	return due(ctx, s.db.Read(ctx), now, limit)
}

// Erasure is what others need to forget a person.
type Erasure struct {
	UserID uuid.UUID
	Name   string
	Keys   []string // normalised addresses that they have or had here
}

// Find reads what others need to forget a person whose grace is over. ok is
// false when they are gone already or thought better of it. For jobs.
func (s *Service) Find(ctx context.Context, userID uuid.UUID, now time.Time) (e Erasure, ok bool, err error) {
	defer fault.Wrap(&err, "closing.Find(%s)", userID)
	return erasureOf(ctx, s.db.Read(ctx), userID, now)
}

// Erase removes a person, the last step of the erasure: with them go sessions,
// links, factors, tokens and sign-ups. It needs the worker's handle. Conflict
// when they thought better of it at the last moment; a person who is gone is no
// error.
func (s *Service) Erase(ctx context.Context, tx db.Tx, of Erasure) (err error) {
	defer fault.Wrap(&err, "closing.Erase(%s)", of.UserID)
	s.recent.DropWith(tx, of.UserID)
	erased, err := eraseUser(ctx, tx, of)
	if err != nil || !erased {
		return err
	}
	return s.outbox.Publish(ctx, tx, Closed{UserID: of.UserID})
}
