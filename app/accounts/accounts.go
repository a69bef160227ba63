package accounts

import (
	"context"
	"errors"
	"time"

	"github.com/google/uuid"

	"vitrine/app/accounts/factor"
	"vitrine/app/accounts/hashing"
	"vitrine/app/accounts/tokens"
	"vitrine/app/platform/bus"
	"vitrine/app/platform/clock"
	"vitrine/app/platform/db"
	"vitrine/app/platform/sessioncache"
)

// How long things live.
const (
	VerifyLife  = 24 * time.Hour      // a link of a sign-up
	ResetLife   = time.Hour           // a link for a new password
	SessionLife = 30 * 24 * time.Hour // after it was last seen
	signupLife  = 7 * 24 * time.Hour  // a sign-up that nobody proved
	// seenEvery throttles the write that each request would otherwise make.
	seenEvery = time.Hour
	// repeatWindow is how long a form that was sent twice is answered as the
	// first time. Later, its key alone must not open a session any more.
	repeatWindow = 10 * time.Minute
)

// NameLimit is the longest name of a person, in characters.
const NameLimit = 80

// Founder makes a person's own studio in the transaction that makes the
// person. The studios context is higher than this one; the composition root
// supplies it.
type Founder interface {
	FoundPersonal(ctx context.Context, tx db.Tx, owner uuid.UUID, name string) (studioID uuid.UUID, slug string, err error)
}

// Hashing sets the work of a password hash.
type Hashing = hashing.Params

// HashPassword makes the stored form of a password for people who are made in
// bulk, such as those of load tests.
func HashPassword(password string) (string, error) { return hashing.Default(password) }

// Config of the service.
type Config struct {
	DB      *db.DB
	Outbox  *bus.Outbox
	Studios Founder
	Clock   clock.Clock         // clock.System when nil
	Hashing Hashing             // zero values mean OWASP's numbers
	Secret  string              // the installation's; without one there are no second factors
	Recent  *sessioncache.Cache // nil: every session is read from its row
}

// Service has the use cases.
type Service struct {
	*tokens.Desk
	db      *db.DB
	outbox  *bus.Outbox
	studios Founder
	clock   clock.Clock
	hasher  *hashing.Hasher
	factors factor.Keeper
	recent  *sessioncache.Cache
}

// New prepares the service; it reaches nothing.
func New(c Config) (*Service, error) {
	if c.DB == nil || c.Outbox == nil || c.Studios == nil {
		return nil, errors.New("accounts needs a database, an outbox and studios")
	}
	if c.Clock == nil {
		c.Clock = clock.System
	}
	h, err := hashing.New(c.Hashing)
	if err != nil {
		return nil, err
	}
	k, err := factor.New(c.Secret)
	if err != nil {
		return nil, err
	}
	return &Service{Desk: &tokens.Desk{DB: c.DB, Outbox: c.Outbox, Clock: c.Clock}, db: c.DB, outbox: c.Outbox, studios: c.Studios, clock: c.Clock, hasher: h, factors: k, recent: c.Recent}, nil
}

// User is a person with an account. Their address is proven.
type User struct {
	ID        uuid.UUID
	Email     string
	Name      string
	Admin     bool // of this installation
	CreatedAt time.Time
}

// Session is a browser in which a person is signed in.
type Session struct {
	ID        uuid.UUID
	UserID    uuid.UUID
	Email     string
	Name      string
	Admin     bool
	ExpiresAt time.Time
	ClosingAt *time.Time // when the account ends; nil while nobody asked for that
	ProvedAt  *time.Time // when its person last showed who they are; nil: never
	Renewed   bool       // its life was extended just now, so the cookie's should be too
	Copied    bool       // it comes from a copy of its row
}

// Opened is a new session, or a login that waits for the second factor: of Token
// and Second one is empty. They go into cookies and nowhere else.
type Opened struct {
	Token      string
	Second     string // what SecondStep needs
	Browser    string // what the cookie of known browsers holds from now on; empty: as it does
	NewBrowser bool   // the person has not signed in with this one before
	UserID     uuid.UUID
	Studio     string // slug of the studio to go to; empty when the person chooses
}

// LinkState tells what can be done with a link.
type LinkState int

// The states. Unknown covers links that were never made and those forgotten.
const (
	LinkUnknown LinkState = iota
	LinkGood
	LinkExpired
	LinkUsed
)

// ByIDs finds people; ids without an account are missing from the map.
func (s *Service) ByIDs(ctx context.Context, ids []uuid.UUID) (map[uuid.UUID]User, error) {
	return usersByIDs(ctx, s.db.Read(ctx), ids)
}
