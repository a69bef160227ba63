package studios

import (
	"context"
	"errors"
	"strings"
	"time"

	"github.com/google/uuid"

	"vitrine/app/fault"
	"vitrine/app/platform/bus"
	"vitrine/app/platform/clock"
	"vitrine/app/platform/db"
	"vitrine/app/platform/sessioncache"
)

// The longest texts of a profile, in characters.
const (
	NameLimit        = 80
	DescriptionLimit = 1000
	LocationLimit    = 80
)

// Config of the service.
type Config struct {
	DB     *db.DB
	Outbox *bus.Outbox
	Clock  clock.Clock         // clock.System when nil
	Recent *sessioncache.Cache // nil: where somebody belongs is read from the rows
}

// Service has the use cases.
type Service struct {
	db     *db.DB
	outbox *bus.Outbox
	clock  clock.Clock
	people People // see AskAbout
	recent *sessioncache.Cache
}

// New prepares the service; it reaches nothing.
func New(c Config) (*Service, error) {
	if c.DB == nil || c.Outbox == nil {
		return nil, errors.New("studios needs a database and an outbox")
	}
	if c.Clock == nil {
		c.Clock = clock.System
	}
	return &Service{db: c.DB, outbox: c.Outbox, clock: c.Clock, recent: c.Recent}, nil
}

// Studio is a tenant, as everybody may see it.
type Studio struct {
	ID          uuid.UUID
	Slug        string
	Name        string
	Description string
	Location    string
	TimeZone    string     // IANA name: when its days begin
	NoAI        bool       `gorm:"column:noai"` // it asks machines not to train on anything of it
	Placement   string     // the shard that holds its rows
	PersonalOf  *uuid.UUID // the person whose own studio it is
	Demo        bool       // nobody's: it came with the installation and can be taken away
	ClosingAt   *time.Time // when everything of it is removed; nil while nobody asked for that
	SuspendedAt *time.Time // since when it is shut to the public; nil while it is not
	CreatedAt   time.Time
	Version     int64
}

// Shut tells that it has no public page: it is suspended, or ends.
func (s Studio) Shut() bool { return s.SuspendedAt != nil || s.ClosingAt != nil }

// Membership is a studio that a person belongs to.
type Membership struct {
	StudioID uuid.UUID
	Slug     string
	Name     string
	Role     Role
	TimeZone string // of the studio, by its IANA name
	Personal bool   // it is the person's own
	// ClosingAt is when it ends; nil while nobody asked for that.
	ClosingAt *time.Time
	// SuspendedAt is since when it is shut to the public, and why; nil while it
	// is not. Its members read and change nothing.
	SuspendedAt     *time.Time
	SuspendedReason string
}

// Member is a person who belongs to a studio.
type Member struct {
	UserID   uuid.UUID
	Role     Role
	JoinedAt time.Time
}

var errNoStudio = fault.New(fault.NotFound, "There is no such studio. It may have been closed, or the link is incomplete.")

// BySlug finds a studio by its slug or a former one, in any case: when the
// result's Slug differs from what was asked for, the page answers 301 to it.
// NotFound when nobody has or had it, and when the studio is suspended or is to end.
func (s *Service) BySlug(ctx context.Context, slug string) (out Studio, err error) {
	defer fault.Wrap(&err, "studios.BySlug(%s)", slug)
	out, err = s.AnyBySlug(ctx, slug)
	if err == nil && out.Shut() {
		return Studio{}, errNoStudio
	}
	return out, err
}

// AnyBySlug finds it as BySlug does, also while it is suspended or is to end, for
// whoever takes back what they did there.
func (s *Service) AnyBySlug(ctx context.Context, slug string) (out Studio, err error) {
	defer fault.Wrap(&err, "studios.AnyBySlug(%s)", slug)
	slug = strings.ToLower(slug)
	if len(slug) > SlugMax || checkShape(slug) != "" {
		return out, errNoStudio
	}
	return found(studioBySlug(ctx, s.db.Read(ctx), slug))
}

// checkShape is checkSlug for slugs that exist: words may have been reserved
// after somebody took them.
func checkShape(slug string) string {
	if Reserved(slug) {
		return ""
	}
	return checkSlug(slug)
}

// ByID finds a studio. NotFound when there is none.
func (s *Service) ByID(ctx context.Context, studioID uuid.UUID) (out Studio, err error) {
	defer fault.Wrap(&err, "studios.ByID(%s)", studioID)
	return found(studioByID(ctx, s.db.Read(ctx), studioID))
}

func found(out Studio, err error) (Studio, error) {
	if db.NotFound(err) {
		return out, errNoStudio
	}
	return out, err
}

// ByIDs finds studios with one query; ids without a studio are missing.
func (s *Service) ByIDs(ctx context.Context, ids []uuid.UUID) (out map[uuid.UUID]Studio, err error) {
	defer fault.Wrap(&err, "studios.ByIDs(%d)", len(ids))
	return studiosByIDs(ctx, s.db.Read(ctx), ids)
}

// OfMember lists the studios a person belongs to: their own first, then by name.
func (s *Service) OfMember(ctx context.Context, userID uuid.UUID) (out []Membership, err error) {
	defer fault.Wrap(&err, "studios.OfMember(%s)", userID)
	err = s.db.MemberRead(ctx, userID, func(r db.Reader) error {
		out, err = membershipsOf(ctx, r, userID)
		return err
	})
	return out, err
}

// Role tells what a person is in a studio; None when they do not belong to it.
func (s *Service) Role(ctx context.Context, userID, studioID uuid.UUID) (role Role, err error) {
	defer fault.Wrap(&err, "studios.Role(%s, %s)", userID, studioID)
	err = s.db.TenantRead(ctx, studioID, func(r db.Reader) error {
		role, err = roleOf(ctx, r, studioID, userID)
		return err
	})
	return role, err
}

// Members lists who belongs to a studio, in the order of joining. The caller
// has checked that the viewer may see them.
func (s *Service) Members(ctx context.Context, studioID uuid.UUID) (out []Member, err error) {
	defer fault.Wrap(&err, "studios.Members(%s)", studioID)
	err = s.db.TenantRead(ctx, studioID, func(r db.Reader) error {
		out, err = membersOf(ctx, r, studioID)
		return err
	})
	return out, err
}
