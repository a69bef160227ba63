package moderation

import (
	"context"
	"errors"
	"time"

	"github.com/google/uuid"

	"vitrine/app/accounts"
	"vitrine/app/engagement"
	"vitrine/app/fault"
	"vitrine/app/platform/bus"
	"vitrine/app/platform/db"
	"vitrine/app/studios"
	"vitrine/app/works"
	"vitrine/app/works/collections"
)

// Whose posts are looked at.
const (
	// NewFor is how long an account is new.
	NewFor = 7 * 24 * time.Hour
	// TrustedAfter is how many works of a studio must have been published, and
	// not be held back, before its posts are looked at no more.
	TrustedAfter = 3
	// MaxRounds is how often the moderators are asked about one work.
	MaxRounds = 4
	// KeepPrints is how long it is remembered who wrote the same.
	KeepPrints = 30 * 24 * time.Hour
)

// Config of the service.
type Config struct {
	DB       *db.DB
	Outbox   *bus.Outbox
	Accounts *accounts.Service
	Studios  *studios.Service
	Works    *works.Service
	Comments *engagement.Service // nil where nobody comments
	// Collections may be nil where there are none.
	Collections *collections.Service
}

// Service has the use cases. One on the app's handle is the gate of what members
// publish and tells them how it stands; the queue, decisions and suspensions
// concern all studios and need the worker's handle.
type Service struct {
	db          *db.DB
	outbox      *bus.Outbox
	accounts    *accounts.Service
	studios     *studios.Service
	works       *works.Service
	comments    *engagement.Service
	collections *collections.Service
}

// New prepares the service; it reaches nothing.
func New(c Config) (*Service, error) {
	if c.DB == nil || c.Outbox == nil || c.Accounts == nil || c.Studios == nil || c.Works == nil {
		return nil, errors.New("moderation needs a database, an outbox, accounts, studios and works")
	}
	return &Service{db: c.DB, outbox: c.Outbox, accounts: c.Accounts, studios: c.Studios, works: c.Works, comments: c.Comments, collections: c.Collections}, nil
}

// State is how far a review has come.
type State string

// The states.
const (
	Waiting   State = "waiting"
	Approved  State = "approved"
	Refused   State = "refused"
	Withdrawn State = "withdrawn" // nobody would see the work any more
)

// Decided tells whether a moderator has decided it.
func (s State) Decided() bool { return s == Approved || s == Refused }

// Review is a work that a moderator is asked about.
type Review struct {
	ID        uuid.UUID
	StudioID  uuid.UUID
	WorkID    uuid.UUID
	AskedBy   uuid.UUID
	Round     int
	State     State
	Score     int
	Findings  findings
	AskedAt   time.Time
	DecidedAt *time.Time
	DecidedBy *uuid.UUID
	Note      string // why, for the author
}

// Decided tells that a moderator has decided about a work.
type Decided struct {
	ReviewID uuid.UUID `json:"review_id"`
	StudioID uuid.UUID `json:"studio_id"`
}

// EventName names the event.
func (Decided) EventName() string { return "moderation.decided.v1" }

var errNoReview = fault.New(fault.NotFound, "There is no such question. The work may have been deleted.")

// ByID finds a review. NotFound when there is none. It needs the worker's handle.
func (s *Service) ByID(ctx context.Context, reviewID uuid.UUID) (out Review, err error) {
	defer fault.Wrap(&err, "moderation.ByID(%s)", reviewID)
	out, err = reviewByID(ctx, s.db.Read(ctx), reviewID)
	if db.NotFound(err) {
		return out, errNoReview
	}
	return out, err
}

// Latest is the last review of a work, for members of its studio; ok is false
// when there was none.
func (s *Service) Latest(ctx context.Context, studioID, workID uuid.UUID) (out Review, ok bool, err error) {
	defer fault.Wrap(&err, "moderation.Latest(%s)", workID)
	err = s.db.TenantRead(ctx, studioID, func(r db.Reader) error {
		out, err = latestOf(ctx, r, studioID, workID)
		if ok = err == nil; db.NotFound(err) {
			return nil
		}
		return err
	})
	return out, ok, err
}

// Forget removes prints, reports and claims that are too old to matter, at most
// 5,000 of each, and says how many of the most.
func (s *Service) Forget(_ context.Context, tx db.Tx) (int64, error) {
	prints, err := forgetPrints(tx, tx.Now().Add(-KeepPrints))
	if err != nil {
		return 0, err
	}
	reports, err := forgetReports(tx, tx.Now().Add(-KeepReports))
	if err != nil {
		return 0, err
	}
	claims, err := forgetTakedowns(tx, tx.Now().Add(-KeepTakedowns))
	return max(prints, reports, claims), err
}
