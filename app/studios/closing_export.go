package studios

import (
	"context"
	"time"

	"github.com/google/uuid"

	"vitrine/app/fault"
	"vitrine/app/platform/db"
	"vitrine/app/platform/id"
	"vitrine/app/platform/text"
	"vitrine/app/platform/zone"
)

// ExportedStudio is a studio in an archive.
type ExportedStudio struct {
	ID          uuid.UUID  `json:"id"`
	Slug        string     `json:"slug"`
	FormerSlugs []string   `json:"former_slugs" gorm:"-"`
	Name        string     `json:"name"`
	Description string     `json:"description"`
	Location    string     `json:"location"`
	TimeZone    string     `json:"time_zone"` // IANA name; an archive may be older than this
	NoAI        bool       `json:"noai" gorm:"column:noai"`
	Personal    bool       `json:"personal"` // somebody's own, as each person has one
	CreatedAt   time.Time  `json:"created_at"`
	ClosingAt   *time.Time `json:"closing_at"`
}

// ExportedMember is somebody who belongs to a studio in an archive.
type ExportedMember struct {
	UserID   uuid.UUID `json:"user_id"`
	Email    string    `json:"email"`
	Name     string    `json:"name"`
	Role     Role      `json:"role"`
	JoinedAt time.Time `json:"joined_at"`
}

// ExportedInvitation is somebody who was asked to join, without the secret.
type ExportedInvitation struct {
	Email     string     `json:"email"`
	Role      Role       `json:"role"`
	InvitedBy uuid.UUID  `json:"invited_by"`
	CreatedAt time.Time  `json:"created_at"`
	ExpiresAt time.Time  `json:"expires_at"`
	EndedAt   *time.Time `json:"ended_at"`
	EndedAs   string     `json:"ended_as"`
}

// ExportedMembership is a studio that a person belongs to.
type ExportedMembership struct {
	StudioID uuid.UUID `json:"studio_id"`
	Slug     string    `json:"slug"`
	Name     string    `json:"name"`
	Role     Role      `json:"role"`
	Personal bool      `json:"personal"`
}

// Export gives a studio record by record, with the name of the list that each
// belongs to: studio, members, invitations. It needs the worker's handle.
// NotFound when the studio is gone.
func (s *Service) Export(ctx context.Context, studioID uuid.UUID, put func(list string, record any) error) (err error) {
	defer fault.Wrap(&err, "studios.Export(%s)", studioID)
	st, members, invitations, err := exported(ctx, s.db.Read(ctx), studioID)
	if err != nil {
		return err
	}
	if err := put("studio", st); err != nil {
		return err
	}
	ids := make([]uuid.UUID, len(members))
	for i, m := range members {
		ids[i] = m.UserID
	}
	people, err := s.peopleOf(ctx, ids)
	if err != nil {
		return err
	}
	for _, m := range members {
		p := people[m.UserID]
		if err := put("members", ExportedMember{UserID: m.UserID, Email: p.Email, Name: p.Name, Role: m.Role, JoinedAt: m.JoinedAt}); err != nil {
			return err
		}
	}
	for _, v := range invitations {
		if err := put("invitations", v); err != nil {
			return err
		}
	}
	return nil
}

// ExportMember gives the studios of a person for their own archive.
func (s *Service) ExportMember(ctx context.Context, userID uuid.UUID) (out []ExportedMembership, personal uuid.UUID, err error) {
	list, err := s.OfMember(ctx, userID)
	for _, m := range list {
		out = append(out, ExportedMembership{StudioID: m.StudioID, Slug: m.Slug, Name: m.Name, Role: m.Role, Personal: m.Personal})
		if m.Personal {
			personal = m.StudioID
		}
	}
	return out, personal, err
}

// Check tells in a sentence what of the studio could not be stored; it judges
// archives, which anybody can have written.
func (e ExportedStudio) Check() error {
	if _, problem := parseName(e.Name); problem != "" {
		return fault.Newf(fault.Invalid, "The studio's name cannot be used: %s", problem)
	}
	if text.Length(text.Block(e.Description)) > DescriptionLimit || text.Length(text.Line(e.Location)) > LocationLimit {
		return fault.New(fault.Invalid, "The studio's description or place is too long.")
	}
	return nil
}

// Restore makes a studio from an archive for its owner, in a transaction of the
// caller, whose scope is that of the new studio afterwards. Its address is the
// one it had, with a suffix when that is taken, reserved or misspelt; one that
// was given up by a closed studio may be taken back.
func (s *Service) Restore(ctx context.Context, tx db.Tx, owner uuid.UUID, e ExportedStudio) (out Studio, err error) {
	defer fault.Wrap(&err, "studios.Restore(%s)", e.ID)
	if err := e.Check(); err != nil {
		return out, err
	}
	if err := raiseTombstone(tx, e.Slug); err != nil {
		return out, err
	}
	st := Studio{ID: id.New(), Slug: e.Slug, Name: e.Name, Description: text.Block(e.Description), Location: text.Line(e.Location)}
	st.NoAI = e.NoAI
	if name, known := zone.Parse(e.TimeZone); known {
		st.TimeZone = name
	}
	if e.Personal {
		st.PersonalOf = &owner
	}
	return s.found(ctx, tx, st, owner)
}
