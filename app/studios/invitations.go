package studios

import (
	"context"
	"errors"
	"time"

	"github.com/google/uuid"

	"vitrine/app/accounts"
	"vitrine/app/fault"
	"vitrine/app/platform/audit"
	"vitrine/app/platform/db"
	"vitrine/app/platform/id"
)

// InvitationLife is how long an invitation can be accepted after its mail.
const InvitationLife = 7 * 24 * time.Hour

// What keeps invitations from being a way to send mail to strangers. The log of
// mails bounds besides what one address gets from all studios together.
const (
	openLimit    = 50               // that can be accepted, of a studio
	hourlyLimit  = 20               // of a studio that were sent within an hour
	addressLimit = 3                // mails of a studio to one address in a day
	personLimit  = 40               // of one person in all studios that were sent within an hour
	sendGap      = 10 * time.Minute // between two mails of one invitation
	memberLimit  = 100              // people in a studio
)

// keepInvitations is how long one that is over is remembered.
const keepInvitations = 30 * 24 * time.Hour

// Invitation is somebody who was asked to belong to a studio.
type Invitation struct {
	ID        uuid.UUID
	StudioID  uuid.UUID
	Email     string // as the inviter typed it
	EmailKey  string // normalised
	Role      Role
	InvitedBy uuid.UUID
	CreatedAt time.Time
	SentAt    time.Time // when its mail was asked for last
	Sends     int
	ExpiresAt time.Time
	EndedAt   *time.Time
	EndedAs   string
	JoinedBy  *uuid.UUID
}

// InvitationState tells what can be done with an invitation.
type InvitationState string

// The states. Unknown is also one that is over for so long that it was forgotten.
const (
	InvitationUnknown   InvitationState = ""
	InvitationOpen      InvitationState = "open"
	InvitationExpired   InvitationState = "expired"
	InvitationJoined    InvitationState = "joined"
	InvitationWithdrawn InvitationState = "withdrawn"
)

// StateAt tells how the invitation stands.
func (v Invitation) StateAt(now time.Time) InvitationState {
	switch {
	case v.ID == uuid.Nil:
		return InvitationUnknown
	case v.EndedAt != nil:
		return InvitationState(v.EndedAs)
	case !now.Before(v.ExpiresAt):
		return InvitationExpired
	}
	return InvitationOpen
}

// Invite is the form that asks somebody to belong to a studio.
type Invite struct {
	Key   string // idempotency key
	Email string
	Role  Role
}

// Invite asks the person of an address to belong to the studio, on behalf of an
// admin or the owner, and returns the address as it was read. It does the same
// whether the address has an account or not. A form that was sent twice has one
// effect. Invalid names the fields email and role; TooMany beyond the limits;
// Forbidden or NotFound without the right role.
func (s *Service) Invite(ctx context.Context, actor, studioID uuid.UUID, form Invite) (email string, err error) {
	defer fault.Wrap(&err, "studios.Invite(%s)", studioID)
	typed, key, problem := accounts.NormalAddress(form.Email)
	bad := map[string]string{}
	if problem != "" {
		bad["email"] = problem
	}
	if !form.Role.assignable() {
		bad["role"] = "Choose admin, editor or viewer."
	}
	if err := fault.Fields(bad); err != nil {
		return "", err
	}
	member, err := s.memberWith(ctx, studioID, key)
	if err != nil {
		return "", err
	}
	err = s.amend(ctx, actor, studioID, ManageMembers, func(tx db.Tx, _ Role) error {
		if _, repeated, err := claim(ctx, tx, "studios.invite", studioID, actor, form.Key); err != nil || repeated {
			return err
		}
		if member {
			return fault.Field("email", "Whoever has this address belongs to the studio already.")
		}
		if err := roomFor(ctx, tx, actor, studioID, key); err != nil {
			return err
		}
		v := Invitation{ID: id.New(), StudioID: studioID, Email: typed, EmailKey: key, Role: form.Role, InvitedBy: actor}
		if err := s.replaceExpired(ctx, tx, v); err != nil {
			return err
		}
		if err := insertInvitation(tx, v); err != nil {
			return err
		}
		return s.tellInvited(ctx, tx, actor, v, "studios.invited")
	})
	return typed, err
}

// memberWith tells whether a member of the studio has the address. Admins see
// the members' addresses, so the answer tells them nothing new.
func (s *Service) memberWith(ctx context.Context, studioID uuid.UUID, key string) (bool, error) {
	members, err := s.Members(ctx, studioID)
	if err != nil {
		return false, err
	}
	ids := make([]uuid.UUID, len(members))
	for i, m := range members {
		ids[i] = m.UserID
	}
	people, err := s.peopleOf(ctx, ids)
	if err != nil {
		return false, err
	}
	for _, u := range people {
		if _, k, _ := accounts.NormalAddress(u.Email); k == key {
			return true, nil
		}
	}
	return false, nil
}

var errNoPeople = errors.New("studios was not told who knows people, see AskAbout")

func (s *Service) peopleOf(ctx context.Context, ids []uuid.UUID) (map[uuid.UUID]accounts.User, error) {
	if s.people == nil {
		return nil, errNoPeople
	}
	return s.people.ByIDs(ctx, ids)
}

// replaceExpired makes place for another invitation to the address.
func (s *Service) replaceExpired(ctx context.Context, tx db.Tx, next Invitation) error {
	old, err := invitationTo(ctx, tx.Reader(), next.StudioID, next.EmailKey)
	switch {
	case db.NotFound(err):
		return nil
	case err != nil:
		return err
	case old.StateAt(tx.Now()) == InvitationOpen:
		return fault.Field("email", "This address has an open invitation already. Send it again, or withdraw it to ask for another role.")
	}
	return endInvitation(tx, old, string(InvitationExpired), nil)
}

// roomFor refuses an invitation beyond the limits.
func roomFor(ctx context.Context, tx db.Tx, actor, studioID uuid.UUID, key string) error {
	n, err := countSent(ctx, tx.Reader(), studioID, key, tx.Now())
	if err != nil {
		return err
	}
	if n.Open >= openLimit {
		return fault.Field("email", "This studio has fifty open invitations, and that is as many as it can have. Withdraw one first.")
	}
	return roomToSend(ctx, tx, actor, n)
}

func roomToSend(ctx context.Context, tx db.Tx, actor uuid.UUID, n sent) error {
	if n.ToAddress >= addressLimit {
		return fault.Later(fault.TooMany, "This address got several invitations to the studio today. Try again tomorrow.", 24*time.Hour)
	}
	if n.Hour >= hourlyLimit {
		return fault.Later(fault.TooMany, "The studio has sent many invitations in this hour. Send the next ones later.", time.Hour)
	}
	if err := tx.ScopeUser(actor); err != nil {
		return err
	}
	by, err := countSentBy(ctx, tx.Reader(), actor, tx.Now().Add(-time.Hour))
	if err != nil {
		return err
	}
	if by >= personLimit {
		return fault.Later(fault.TooMany, "You have sent many invitations in this hour. Send the next ones later.", time.Hour)
	}
	return nil
}

// tellInvited notes no address: an audit outlives accounts.
func (s *Service) tellInvited(ctx context.Context, tx db.Tx, actor uuid.UUID, v Invitation, action string) error {
	return s.tell(ctx, tx, audit.Entry{
		ActorID: actor, StudioID: v.StudioID, Action: action, Subject: audit.Subject("invitation", v.ID), Note: "As " + string(v.Role) + ".",
	}, Invited{StudioID: v.StudioID, InvitationID: v.ID})
}

// SendInvitationAgain asks for another mail of an invitation, which can then be
// accepted for its whole life again; the links of earlier mails work as well. A
// form that was sent twice has one effect. TooMany within ten minutes of the
// mail before and beyond the limits; Conflict when the invitation is over;
// NotFound when it is forgotten.
func (s *Service) SendInvitationAgain(ctx context.Context, actor, studioID, invitationID uuid.UUID, key string) (err error) {
	defer fault.Wrap(&err, "studios.SendInvitationAgain(%s)", invitationID)
	return s.amend(ctx, actor, studioID, ManageMembers, func(tx db.Tx, _ Role) error {
		if _, repeated, err := claim(ctx, tx, "studios.invite_again", studioID, actor, key); err != nil || repeated {
			return err
		}
		v, err := openInvitation(ctx, tx, studioID, invitationID)
		if err != nil {
			return err
		}
		if wait := v.SentAt.Add(sendGap).Sub(tx.Now()); wait > 0 {
			return fault.Later(fault.TooMany, "Its mail went out a moment ago. Give it ten minutes to arrive.", wait)
		}
		n, err := countSent(ctx, tx.Reader(), studioID, v.EmailKey, tx.Now())
		if err != nil {
			return err
		}
		if err := roomToSend(ctx, tx, actor, n); err != nil {
			return err
		}
		if err := sendInvitation(tx, v); err != nil {
			return err
		}
		return s.tellInvited(ctx, tx, actor, v, "studios.invited_again")
	})
}

// openInvitation reads an invitation that has not ended; it may have expired.
func openInvitation(ctx context.Context, tx db.Tx, studioID, invitationID uuid.UUID) (Invitation, error) {
	v, err := invitationByID(ctx, tx.Reader(), studioID, invitationID)
	if db.NotFound(err) {
		return v, fault.New(fault.NotFound, "There is no such invitation any more. Open the list again.")
	}
	if err == nil && v.EndedAt != nil {
		return v, fault.New(fault.Conflict, "This invitation is over: it was accepted or withdrawn. Open the list again.")
	}
	return v, err
}

// WithdrawInvitation ends an invitation: none of its links works any more. One
// that is over already is no error. NotFound when it is forgotten.
func (s *Service) WithdrawInvitation(ctx context.Context, actor, studioID, invitationID uuid.UUID) (err error) {
	defer fault.Wrap(&err, "studios.WithdrawInvitation(%s)", invitationID)
	return s.amend(ctx, actor, studioID, ManageMembers, func(tx db.Tx, _ Role) error {
		v, err := openInvitation(ctx, tx, studioID, invitationID)
		if fault.Is(err, fault.Conflict) {
			return nil
		}
		if err != nil {
			return err
		}
		if err := endInvitation(tx, v, string(InvitationWithdrawn), nil); err != nil {
			return err
		}
		return s.tell(ctx, tx, audit.Entry{
			ActorID: actor, StudioID: studioID, Action: "studios.invitation_withdrawn", Subject: audit.Subject("invitation", v.ID), Note: "As " + string(v.Role) + ".",
		})
	})
}

// Invitations lists what has not ended, newest first, expired ones included. The
// caller has checked that the viewer manages members.
func (s *Service) Invitations(ctx context.Context, studioID uuid.UUID) (out []Invitation, err error) {
	defer fault.Wrap(&err, "studios.Invitations(%s)", studioID)
	err = s.db.TenantRead(ctx, studioID, func(r db.Reader) error {
		out, err = openInvitations(ctx, r, studioID)
		return err
	})
	return out, err
}

// Letter is what the mail of an invitation says.
type Letter struct {
	To    string
	ToKey string // the normalised address, to count what it gets
	Token string // of the link
	Slug  string // of the studio
	Role  Role
}

// InvitationLetter prepares the mail of an invitation while it is composed: a
// new link. For jobs. NotFound when the invitation is over.
func (s *Service) InvitationLetter(ctx context.Context, tx db.Tx, studioID, invitationID uuid.UUID) (l Letter, err error) {
	defer fault.Wrap(&err, "studios.InvitationLetter(%s)", invitationID)
	v, err := invitationByID(ctx, tx.Reader(), studioID, invitationID)
	if err != nil && !db.NotFound(err) {
		return l, err
	}
	if v.StateAt(tx.Now()) != InvitationOpen {
		return l, fault.New(fault.NotFound, "This invitation is over.")
	}
	st, err := found(studioByID(ctx, tx.Reader(), studioID))
	if err != nil {
		return l, err
	}
	token, hash := id.Token()
	return Letter{To: v.Email, ToKey: v.EmailKey, Token: token, Slug: st.Slug, Role: v.Role}, insertInvitationLink(tx, v, hash)
}

// Forget removes invitations that are over for 30 days, with their links, and
// frees the addresses of studios that are gone for KeepClosedSlug, at most 5,000
// of each, and says how many. For jobs.
func (s *Service) Forget(ctx context.Context, tx db.Tx) (int64, error) {
	slugs, err := s.ForgetSlugs(ctx, tx)
	if err != nil {
		return slugs, err
	}
	n, err := forgetInvitations(tx, tx.Now().Add(-keepInvitations))
	return slugs + n, err
}
