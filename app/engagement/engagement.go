package engagement

import (
	"context"
	"errors"
	"time"

	"github.com/google/uuid"

	"vitrine/app/accounts"
	"vitrine/app/fault"
	"vitrine/app/platform/bus"
	"vitrine/app/platform/db"
	"vitrine/app/studios"
	"vitrine/app/works"
)

// Gate looks at what people write below works before it is shown. Moderation is
// higher than engagement; the composition root supplies it.
type Gate interface {
	// Reads tells whether the words look like spam, in the transaction that
	// would store them. by is how their person stands.
	Reads(ctx context.Context, tx db.Tx, by accounts.Standing, userID uuid.UUID, body string) (spam bool, err error)
}

// Config of the service.
type Config struct {
	DB       *db.DB
	Outbox   *bus.Outbox
	Accounts *accounts.Service
	Studios  *studios.Service
	Works    *works.Service
}

// Service has the use cases. On the app's handle it serves requests; Fold,
// Recount, the names and the endings need the worker's.
type Service struct {
	db       *db.DB
	outbox   *bus.Outbox
	accounts *accounts.Service
	studios  *studios.Service
	works    *works.Service
	gate     Gate // nil: everything is shown
}

// New prepares the service; it reaches nothing.
func New(c Config) (*Service, error) {
	if c.DB == nil || c.Outbox == nil || c.Accounts == nil || c.Studios == nil || c.Works == nil {
		return nil, errors.New("engagement needs a database, an outbox, accounts, studios and works")
	}
	return &Service{db: c.DB, outbox: c.Outbox, accounts: c.Accounts, studios: c.Studios, works: c.Works}, nil
}

// GuardWith lets a gate look at comments. Without one all are shown.
func (s *Service) GuardWith(gate Gate) { s.gate = gate }

var errNoStudio = fault.New(fault.NotFound, "There is no such studio. It may have been closed, or the link is incomplete.")

// admit refuses whoever may not do anything with the works of a studio, in the
// act's own transaction: people who are suspended or leave, in studios that are
// suspended or end, and those whom the studio has blocked.
func (s *Service) admit(ctx context.Context, tx db.Tx, userID, studioID uuid.UUID) (accounts.Standing, error) {
	who, err := s.accounts.Standing(ctx, tx.Reader(), userID)
	switch {
	case err != nil:
		return who, err
	case who.SuspendedAt != nil:
		return who, fault.New(fault.Forbidden, "This account is suspended. It can look, and do nothing else.")
	case who.ClosingAt != nil:
		return who, fault.Newf(fault.Conflict, "Your account ends on %s. Keep it first, then go on.", day(*who.ClosingAt))
	}
	where, err := s.studios.Standing(ctx, tx.Reader(), studioID)
	if err != nil {
		return who, err
	}
	if where.SuspendedAt != nil || where.ClosingAt != nil {
		return who, errNoStudio
	}
	return who, welcome(ctx, tx, studioID, userID)
}

func day(t time.Time) string { return t.Format("2 January 2006") }

// onWork runs an act on a work that people outside its studio can see, in one
// transaction in the studio's scope.
func (s *Service) onWork(ctx context.Context, userID uuid.UUID, publicID string, act func(tx db.Tx, who accounts.Standing, w works.Work) error) error {
	studioID, err := s.works.StudioOf(ctx, publicID)
	if err != nil {
		return err
	}
	return s.db.Tenant(ctx, studioID, func(tx db.Tx) error {
		who, err := s.admit(ctx, tx, userID, studioID)
		if err != nil {
			return err
		}
		w, err := s.works.Seen(tx, studioID, publicID, uuid.Nil)
		if err != nil {
			return err
		}
		return act(tx, who, w)
	})
}

// takeBack runs an act that undoes what a person did with a work, whatever has
// become of the work, the studio and how the two stand: nobody may keep them from
// it. A work that is gone took everything along, so there is nothing to undo.
func (s *Service) takeBack(ctx context.Context, publicID string, act func(tx db.Tx, w works.Work) error) error {
	studioID, err := s.works.StudioOf(ctx, publicID)
	if err != nil {
		return unlessGone(err)
	}
	return unlessGone(s.db.Tenant(ctx, studioID, func(tx db.Tx) error {
		w, err := s.works.Any(tx, studioID, publicID)
		if err != nil {
			return err
		}
		return act(tx, w)
	}))
}

func unlessGone(err error) error {
	if fault.Is(err, fault.NotFound) {
		return nil
	}
	return err
}
