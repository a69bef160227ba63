package notices

import (
	"context"
	"errors"
	"log/slog"
	"time"

	"github.com/google/uuid"

	"vitrine/app/accounts"
	"vitrine/app/engagement"
	"vitrine/app/media"
	"vitrine/app/platform/bus"
	"vitrine/app/platform/db"
	"vitrine/app/studios"
	"vitrine/app/works"
)

// Keep is how long a notice is remembered after its newest part.
const Keep = 90 * 24 * time.Hour

// Bounds.
const (
	mostTeam   = 50  // members of a studio who are told of what concerns it
	chunk      = 500 // followers who are told in one transaction
	freshFor   = 48 * time.Hour
	eraseBatch = 1000
)

// Config of the service. What only jobs use may be nil for requests.
type Config struct {
	DB       *db.DB // the app's role for requests, the worker's for jobs
	Outbox   *bus.Outbox
	Accounts *accounts.Service
	Studios  *studios.Service
	Works    *works.Service
	Media    *media.Service // jobs alone
	// Engagement has comments and followers.
	Engagement *engagement.Service
	Post       Post   // jobs alone
	Live       Live   // nil: open pages hear nothing
	Secret     string // signs the links that unsubscribe
	Log        *slog.Logger
}

// Post writes mails; it is notifications' own.
type Post interface {
	WriteNotice(ctx context.Context, tx db.Tx, userID uuid.UUID, l Letter) error
}

// Live tells the open pages of a member something.
type Live interface {
	Publish(ctx context.Context, member uuid.UUID, kind string, data any) error
}

// Service has the use cases.
type Service struct {
	Config
	key []byte
}

// New prepares the service; it reaches nothing.
func New(c Config) (*Service, error) {
	if c.DB == nil || c.Outbox == nil || c.Accounts == nil || c.Studios == nil || c.Works == nil || c.Engagement == nil || c.Secret == "" {
		return nil, errors.New("notices needs a database, an outbox, accounts, studios, works, engagement and a secret")
	}
	if c.Log == nil {
		c.Log = slog.Default()
	}
	return &Service{Config: c, key: derive(c.Secret)}, nil
}

// Unread is what a bell says: how many notices of each shelf are unread.
type Unread map[Shelf]int

// Total of all shelves.
func (u Unread) Total() (n int) {
	for _, of := range u {
		n += of
	}
	return n
}

// Unread counts what a person has not read. One query.
func (s *Service) Unread(ctx context.Context, userID uuid.UUID) (Unread, error) {
	return unreadOf(ctx, s.DB.Read(ctx), userID)
}

// LiveKind is the kind of message that says how many notices are unread.
const LiveKind = "notice"

// Bell is the data of that message.
type Bell struct {
	Unread int `json:"unread"`
}

// ring tells the open pages of people how many notices they have not read. It is
// a hint, after the commit: the next page says the same.
func (s *Service) ring(ctx context.Context, people []uuid.UUID) {
	if s.Live == nil || len(people) == 0 {
		return
	}
	counts, err := unreadCounts(ctx, s.DB.Read(ctx), people)
	for _, userID := range people {
		if err != nil {
			break
		}
		err = s.Live.Publish(ctx, userID, LiveKind, Bell{Unread: counts[userID]})
	}
	if err != nil {
		s.Log.LogAttrs(ctx, slog.LevelWarn, "Open pages were not told of a notice; the next page shows it", slog.Any("error", err))
	}
}
