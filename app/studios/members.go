package studios

import (
	"context"

	"github.com/google/uuid"

	"vitrine/app/accounts"
	"vitrine/app/fault"
	"vitrine/app/platform/audit"
	"vitrine/app/platform/bus"
	"vitrine/app/platform/db"
)

// People knows the accounts behind members; accounts implements it.
type People interface {
	ByIDs(ctx context.Context, ids []uuid.UUID) (map[uuid.UUID]accounts.User, error)
}

// AskAbout names who knows people. The composition root calls it once, because
// accounts is made with this service.
func (s *Service) AskAbout(p People) { s.people = p }

// Hold reads what a person is in a studio again, within the transaction that
// writes for them, and keeps it so until its end: a role that was taken away
// while a request was on its way writes nothing, and whoever takes it away waits
// for a write that came first. The transaction is in the studio's scope. NotFound
// for strangers, Forbidden when the role is too weak or the studio is suspended.
func Hold(_ context.Context, tx db.Tx, studioID, userID uuid.UUID, a Action) error {
	role, err := holdRole(tx, studioID, userID)
	if err != nil {
		return err
	}
	if err := role.Check(a); err != nil {
		return err
	}
	if err := Writable(tx, studioID, a); err != nil || a != EditWorks {
		return err
	}
	return checkStays(tx, studioID)
}

// amend opens the one transaction in which the members of a studio change. The
// studio's row lets in one at a time, and what the person may do is read behind
// that lock: of two admins who remove each other, one does.
func (s *Service) amend(ctx context.Context, actor, studioID uuid.UUID, a Action, do func(tx db.Tx, role Role) error) error {
	return s.db.Tenant(ctx, studioID, func(tx db.Tx) error {
		role, err := behindLock(ctx, tx, studioID, actor)
		if err != nil {
			return err
		}
		if err := role.Check(a); err != nil {
			return err
		}
		if err := Writable(tx, studioID, a); err != nil {
			return err
		}
		return do(tx, role)
	})
}

// behindLock lets one change of a studio's members happen at a time, and reads
// the person's role once it is this one's turn.
func behindLock(ctx context.Context, tx db.Tx, studioID, userID uuid.UUID) (Role, error) {
	if err := lockMembers(tx, studioID); err != nil {
		return None, err
	}
	return roleOf(ctx, tx.Reader(), studioID, userID)
}

var (
	errOwnerStays = fault.New(fault.Forbidden, "A studio always has an owner. Ownership is handed on by a transfer, which only the owner can make.")
	errNoMember   = fault.New(fault.NotFound, "This person does not belong to the studio any more. Open the list again.")
)

// ChangeRole gives a member another role on behalf of an admin or the owner. The
// role they have already changes nothing. Nobody raises themselves: whoever may
// change roles has at least the highest that can be given. Invalid names the
// field role; Forbidden without the right role and for the owner's own; NotFound
// when the person is no member.
func (s *Service) ChangeRole(ctx context.Context, actor, studioID, userID uuid.UUID, to Role) (err error) {
	defer fault.Wrap(&err, "studios.ChangeRole(%s, %s)", studioID, userID)
	if !to.assignable() {
		return fault.Field("role", "Choose admin, editor or viewer.")
	}
	return s.amend(ctx, actor, studioID, ManageMembers, func(tx db.Tx, _ Role) error {
		s.recent.DropWith(tx, userID)
		from, err := roleOf(ctx, tx.Reader(), studioID, userID)
		switch {
		case err != nil:
			return err
		case from == None:
			return errNoMember
		case from == Owner:
			return errOwnerStays
		case from == to:
			return nil
		}
		if err := updateRole(tx, studioID, userID, to); err != nil {
			return err
		}
		if err := withdrawOf(tx, studioID, userID, to); err != nil {
			return err
		}
		return s.tell(ctx, tx, audit.Entry{
			ActorID: actor, StudioID: studioID, Action: "studios.role_changed", Subject: audit.Subject("user", userID),
			Note: "From " + string(from) + " to " + string(to) + ".",
		}, RoleChanged{StudioID: studioID, UserID: userID, From: from, To: to, By: actor})
	})
}

// Remove takes a member out of the studio on behalf of an admin or the owner.
// Their open invitations end with them; what they made stays the studio's.
// Somebody who is gone already is no error. Forbidden without the right role and
// for the owner.
func (s *Service) Remove(ctx context.Context, actor, studioID, userID uuid.UUID) (err error) {
	defer fault.Wrap(&err, "studios.Remove(%s, %s)", studioID, userID)
	return s.amend(ctx, actor, studioID, ManageMembers, func(tx db.Tx, _ Role) error {
		s.recent.DropWith(tx, userID)
		role, err := roleOf(ctx, tx.Reader(), studioID, userID)
		if err != nil || role == None {
			return err
		}
		return s.drop(ctx, tx, actor, studioID, userID, role)
	})
}

// Leave takes a person out of a studio at their own wish. Forbidden for its
// owner, NotFound for strangers.
func (s *Service) Leave(ctx context.Context, userID, studioID uuid.UUID) (err error) {
	defer fault.Wrap(&err, "studios.Leave(%s, %s)", studioID, userID)
	return s.amend(ctx, userID, studioID, SeeStudio, func(tx db.Tx, role Role) error {
		s.recent.DropWith(tx, userID)
		return s.drop(ctx, tx, userID, studioID, userID, role)
	})
}

func (s *Service) drop(ctx context.Context, tx db.Tx, actor, studioID, userID uuid.UUID, role Role) error {
	if role == Owner {
		return errOwnerStays
	}
	if err := deleteMember(tx, studioID, userID); err != nil {
		return err
	}
	if err := withdrawOf(tx, studioID, userID, None); err != nil {
		return err
	}
	action := "studios.member_removed"
	if actor == userID {
		action = "studios.member_left"
	}
	return s.tell(ctx, tx, audit.Entry{
		ActorID: actor, StudioID: studioID, Action: action, Subject: audit.Subject("user", userID), Note: "Was " + string(role) + ".",
	}, MemberLeft{StudioID: studioID, UserID: userID, Role: role, By: actor})
}

// withdrawOf ends the open invitations of somebody whose new role may not
// invite: an invitation stands on the role of whoever sent it.
func withdrawOf(tx db.Tx, studioID, userID uuid.UUID, role Role) error {
	if role.Can(ManageMembers) {
		return nil
	}
	return endInvitationsOf(tx, studioID, userID)
}

// Transfer is the form that hands a studio on.
type Transfer struct {
	Key string // idempotency key
	To  uuid.UUID
}

// TransferOwnership hands the studio to another member at once; who had it
// becomes an admin. The caller has seen a fresh proof of the owner's identity. A
// form that was sent twice has one effect. Forbidden for everybody but the
// owner; Conflict for a personal studio, which stays its person's; Invalid names
// the field to.
func (s *Service) TransferOwnership(ctx context.Context, actor, studioID uuid.UUID, form Transfer) (err error) {
	defer fault.Wrap(&err, "studios.TransferOwnership(%s, %s)", studioID, form.To)
	return s.db.Tenant(ctx, studioID, func(tx db.Tx) error {
		role, err := behindLock(ctx, tx, studioID, actor)
		if err != nil {
			return err
		}
		s.recent.DropWith(tx, actor, form.To)
		// Whoever sends the form twice is an admin by the second time.
		if _, repeated, err := claim(ctx, tx, "studios.transfer", studioID, actor, form.Key); err != nil || repeated && role.Valid() {
			return err
		}
		if err := role.Check(CloseStudio); err != nil {
			return err
		}
		return s.handOn(ctx, tx, actor, studioID, form.To)
	})
}

func (s *Service) handOn(ctx context.Context, tx db.Tx, actor, studioID, to uuid.UUID) error {
	if err := Writable(tx, studioID, CloseStudio); err != nil {
		return err
	}
	st, err := found(studioByID(ctx, tx.Reader(), studioID))
	if err != nil {
		return err
	}
	if st.PersonalOf != nil {
		return fault.New(fault.Conflict, "This is your personal studio, and it stays yours. Open another studio for work that others should own.")
	}
	role, err := roleOf(ctx, tx.Reader(), studioID, to)
	if err != nil {
		return err
	}
	if to == actor || role == None {
		return fault.Field("to", "Choose somebody else who belongs to the studio.")
	}
	if err := tx.ScopeUser(to); err != nil {
		return err
	}
	if n, err := countOwned(ctx, tx.Reader(), to); err != nil {
		return err
	} else if n >= ownedLimit {
		return fault.Field("to", "They own as many studios as one person can. Choose somebody else.")
	}
	// In this order: the database never holds two owners.
	if err := updateRole(tx, studioID, actor, Admin); err != nil {
		return err
	}
	if err := updateRole(tx, studioID, to, Owner); err != nil {
		return err
	}
	return s.tell(ctx, tx, audit.Entry{
		ActorID: actor, StudioID: studioID, Action: "studios.ownership_transferred", Subject: audit.Subject("user", to),
		Note: "They were " + string(role) + "; who had it is an admin now.",
	}, OwnershipTransferred{StudioID: studioID, From: actor, To: to})
}

// tell writes what was done into the studio's audit, and its events.
func (s *Service) tell(ctx context.Context, tx db.Tx, e audit.Entry, events ...bus.Event) error {
	if err := audit.Write(ctx, tx, e); err != nil {
		return err
	}
	return s.outbox.Publish(ctx, tx, events...)
}

// Roster reads a studio with its members, for who is in a transaction already.
// NotFound when the studio is gone.
func (s *Service) Roster(ctx context.Context, r db.Reader, studioID uuid.UUID) (st Studio, members []Member, err error) {
	defer fault.Wrap(&err, "studios.Roster(%s)", studioID)
	if st, err = found(studioByID(ctx, r, studioID)); err != nil {
		return st, nil, err
	}
	members, err = membersOf(ctx, r, studioID)
	return st, members, err
}

// Journal reads a page of the studio's audit, newest first. The caller has
// checked that the viewer may see it.
func (s *Service) Journal(ctx context.Context, studioID uuid.UUID, f audit.Filter, before uuid.UUID, limit int) (out []audit.Row, err error) {
	defer fault.Wrap(&err, "studios.Journal(%s)", studioID)
	err = s.db.TenantRead(ctx, studioID, func(r db.Reader) error {
		out, err = audit.OfStudio(ctx, r, studioID, f, before, limit)
		return err
	})
	return out, err
}
