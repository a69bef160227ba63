package studios

import (
	"context"

	"github.com/google/uuid"

	"vitrine/app/accounts"
	"vitrine/app/fault"
	"vitrine/app/platform/audit"
	"vitrine/app/platform/db"
	"vitrine/app/platform/id"
)

// Asked is what the page of an invitation shows to whoever holds its link. All
// but State is empty unless the invitation is open.
type Asked struct {
	State     InvitationState
	Studio    Studio
	Email     string // that the invitation was sent to
	EmailKey  string // normalised
	Role      Role
	InvitedBy uuid.UUID
}

// FindInvitation tells what a link of an invitation leads to. An unknown link is
// no error: its state says so.
func (s *Service) FindInvitation(ctx context.Context, code string) (out Asked, err error) {
	defer fault.Wrap(&err, "studios.FindInvitation")
	hash := id.HashToken(code)
	studioID, err := studioOfLink(ctx, s.db.Read(ctx), hash)
	if err != nil || studioID == uuid.Nil {
		return out, err
	}
	err = s.db.TenantRead(ctx, studioID, func(r db.Reader) error {
		v, err := invitationByLink(ctx, r, studioID, hash)
		if err != nil && !db.NotFound(err) {
			return err
		}
		out.State = v.StateAt(s.clock())
		if out.State != InvitationOpen {
			return nil
		}
		out.Email, out.EmailKey, out.Role, out.InvitedBy = v.Email, v.EmailKey, v.Role, v.InvitedBy
		out.Studio, err = found(studioByID(ctx, r, studioID))
		return err
	})
	return out, err
}

// Join accepts an invitation: the person belongs to its studio with its role.
// Only the account with the address that the invitation was sent to can accept
// it, because only that address was proven to be the one that was meant. Whoever
// belongs to the studio already keeps the role they have. Sent twice it has one
// effect. Forbidden for another address, Conflict when the invitation is over or
// the studio is full, NotFound when the link is not known.
func (s *Service) Join(ctx context.Context, userID uuid.UUID, code string) (slug string, err error) {
	defer fault.Wrap(&err, "studios.Join(%s)", userID)
	hash := id.HashToken(code)
	studioID, err := studioOfLink(ctx, s.db.Read(ctx), hash)
	if err != nil {
		return "", err
	}
	if studioID == uuid.Nil {
		return "", invitationFault(InvitationUnknown)
	}
	people, err := s.peopleOf(ctx, []uuid.UUID{userID})
	if err != nil {
		return "", err
	}
	err = s.db.Tenant(ctx, studioID, func(tx db.Tx) error {
		s.recent.DropWith(tx, userID)
		role, err := behindLock(ctx, tx, studioID, userID)
		if err != nil {
			return err
		}
		if err := Writable(tx, studioID, ManageMembers); err != nil {
			return err
		}
		v, err := invitationByLink(ctx, tx.Reader(), studioID, hash)
		if err != nil && !db.NotFound(err) {
			return err
		}
		st, err := found(studioByID(ctx, tx.Reader(), studioID))
		if err != nil {
			return err
		}
		slug = st.Slug
		if v.JoinedBy != nil && *v.JoinedBy == userID && role.Valid() {
			return nil
		}
		if err := invitationFault(v.StateAt(tx.Now())); err != nil {
			return err
		}
		if _, key, _ := accounts.NormalAddress(people[userID].Email); key != v.EmailKey {
			return fault.New(fault.Forbidden, "This invitation was sent to another address than that of your account. Sign in with the account of that address, or ask for an invitation to yours.")
		}
		return s.admit(ctx, tx, v, userID, role)
	})
	return slug, err
}

// admit makes the person a member, unless they are one, and ends the invitation.
func (s *Service) admit(ctx context.Context, tx db.Tx, v Invitation, userID uuid.UUID, role Role) error {
	if err := endInvitation(tx, v, string(InvitationJoined), &userID); err != nil || role.Valid() {
		return err
	}
	n, err := countMembers(ctx, tx.Reader(), v.StudioID)
	if err != nil {
		return err
	}
	if n >= memberLimit {
		return fault.Newf(fault.Conflict, "%d people belong to this studio, and that is as many as it can have. Ask who invited you.", n)
	}
	if err := checkStays(tx, v.StudioID); err != nil {
		return err
	}
	if err := insertMember(tx, v.StudioID, userID, v.Role); err != nil {
		return err
	}
	return s.tell(ctx, tx, audit.Entry{
		ActorID: userID, StudioID: v.StudioID, Action: "studios.member_joined", Subject: audit.Subject("invitation", v.ID), Note: "As " + string(v.Role) + ".",
	}, MemberJoined{StudioID: v.StudioID, UserID: userID, Role: v.Role, InvitedBy: &v.InvitedBy})
}

// invitationFault turns the state of an invitation that cannot be accepted into
// an error.
func invitationFault(state InvitationState) error {
	switch state {
	case InvitationOpen:
		return nil
	case InvitationJoined:
		return fault.New(fault.Conflict, "This invitation has been accepted already. Each works once.")
	case InvitationExpired:
		return fault.New(fault.Conflict, "This invitation has expired. Ask who invited you to send it again.")
	case InvitationWithdrawn:
		return fault.New(fault.Conflict, "This invitation was withdrawn. Ask who invited you.")
	}
	return fault.New(fault.NotFound, "This invitation is not known. Check that its link is complete.")
}
