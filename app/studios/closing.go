package studios

import (
	"context"
	"time"

	"github.com/google/uuid"

	"vitrine/app/fault"
	"vitrine/app/platform/audit"
	"vitrine/app/platform/bus"
	"vitrine/app/platform/db"
)

// ClosingAsked tells a member that their studio ends. One comes for each member.
type ClosingAsked struct {
	StudioID uuid.UUID `json:"studio_id"`
	UserID   uuid.UUID `json:"user_id"` // who is told
	At       time.Time `json:"at"`      // of the end
}

// EventName names the event.
func (ClosingAsked) EventName() string { return "studios.closing_asked.v1" }

// ClosingNears tells a member that the end of their studio is near.
type ClosingNears struct {
	StudioID uuid.UUID `json:"studio_id"`
	UserID   uuid.UUID `json:"user_id"`
	At       time.Time `json:"at"`
}

// EventName names the event.
func (ClosingNears) EventName() string { return "studios.closing_nears.v1" }

// Closed tells that a studio and everything in it is gone.
type Closed struct {
	StudioID uuid.UUID `json:"studio_id"`
}

// EventName names the event.
func (Closed) EventName() string { return "studios.closed.v1" }

// KeepClosedSlug is how long the address of a studio that is gone leads nowhere
// before somebody else may have it.
const KeepClosedSlug = 90 * 24 * time.Hour

// BeginClosing asks for the end of a studio at a time, in a transaction of the
// caller in the studio's scope, who hides its works. Every member but the one
// who asks with their whole account (quiet) is told. Asked again, the first date
// stays. Forbidden or NotFound for all but the owner.
func (s *Service) BeginClosing(ctx context.Context, tx db.Tx, actor, studioID uuid.UUID, at time.Time, quiet bool) (until time.Time, err error) {
	defer fault.Wrap(&err, "studios.BeginClosing(%s)", studioID)
	if _, err := found(holdStudio(tx, studioID)); err != nil {
		return at, err
	}
	role, err := roleOf(ctx, tx.Reader(), studioID, actor)
	if err != nil {
		return at, err
	}
	if err := role.Check(CloseStudio); err != nil {
		return at, err
	}
	if err := s.dropMembers(ctx, tx, studioID); err != nil {
		return at, err
	}
	began, err := setClosing(tx, actor, studioID, at)
	if err != nil {
		return at, err
	}
	if !began {
		st, err := studioByID(ctx, tx.Reader(), studioID)
		if err != nil || st.ClosingAt == nil {
			return at, err
		}
		return *st.ClosingAt, nil
	}
	members, err := membersOf(ctx, tx.Reader(), studioID)
	if err != nil {
		return at, err
	}
	events := []bus.Event{}
	for _, m := range members {
		if !quiet || m.UserID != actor {
			events = append(events, ClosingAsked{StudioID: studioID, UserID: m.UserID, At: at})
		}
	}
	if err := audit.Write(ctx, tx, audit.Entry{ActorID: actor, StudioID: studioID, Action: "studios.closing_asked", Note: "The studio ends on " + at.Format("2 January 2006") + "."}); err != nil {
		return at, err
	}
	return at, s.outbox.Publish(ctx, tx, events...)
}

// EndClosing keeps a studio that was to end, in a transaction of the caller in
// its scope, who shows its works again. kept is false when it was not to end.
// Forbidden or NotFound for all but the owner.
func (s *Service) EndClosing(ctx context.Context, tx db.Tx, actor, studioID uuid.UUID) (kept bool, err error) {
	defer fault.Wrap(&err, "studios.EndClosing(%s)", studioID)
	role, err := roleOf(ctx, tx.Reader(), studioID, actor)
	if err != nil {
		return false, err
	}
	if err := role.Check(CloseStudio); err != nil {
		return false, err
	}
	if err := s.dropMembers(ctx, tx, studioID); err != nil {
		return false, err
	}
	if kept, err = clearClosing(tx, studioID); err != nil || !kept {
		return kept, err
	}
	return true, audit.Write(ctx, tx, audit.Entry{ActorID: actor, StudioID: studioID, Action: "studios.closing_ended", Note: "The studio is kept."})
}

// checkStays refuses to add to a studio that is to end: what is made meanwhile
// would be on no page and gone with the rest.
func checkStays(tx db.Tx, studioID uuid.UUID) error {
	ends, err := endsAt(tx, studioID)
	if err != nil || ends == nil {
		return err
	}
	return fault.Newf(fault.Conflict, "This studio ends on %s, so nothing in it can be changed. Its owner can keep it until then.", ends.Format("2 January 2006"))
}

// Owned is a studio of one owner, as the end of their account sees it.
type Owned struct {
	StudioID  uuid.UUID
	Slug      string
	Name      string
	Personal  bool
	Others    int // members besides the owner
	ClosingAt *time.Time
	ClosingBy *uuid.UUID
}

// OwnedBy lists the studios that a person owns, their own first. Who else belongs
// to one is counted in its own scope.
func (s *Service) OwnedBy(ctx context.Context, userID uuid.UUID) (out []Owned, err error) {
	defer fault.Wrap(&err, "studios.OwnedBy(%s)", userID)
	err = s.db.MemberRead(ctx, userID, func(r db.Reader) error {
		out, err = ownedBy(ctx, r, userID)
		return err
	})
	for i := range out {
		err := s.db.TenantRead(ctx, out[i].StudioID, func(r db.Reader) (err error) {
			out[i].Others, err = countOthers(ctx, r, out[i].StudioID, userID)
			return err
		})
		if err != nil {
			return nil, err
		}
	}
	return out, err
}

// TellClosing tells the members of studios that end soon, each studio once, at
// most a batch of studios, and says how many. For jobs.
func (s *Service) TellClosing(ctx context.Context, tx db.Tx, warn time.Duration) (n int, err error) {
	defer fault.Wrap(&err, "studios.TellClosing")
	list, err := warnClosing(tx, tx.Now().Add(warn))
	if err != nil {
		return 0, err
	}
	for _, c := range list {
		members, err := membersOf(ctx, tx.Reader(), c.StudioID)
		if err != nil {
			return 0, err
		}
		for _, m := range members {
			// Whoever leaves altogether gets the letter of their account.
			if c.Quiet && c.By != nil && m.UserID == *c.By {
				continue
			}
			if err := s.outbox.Publish(ctx, tx, ClosingNears{StudioID: c.StudioID, UserID: m.UserID, At: c.At}); err != nil {
				return 0, err
			}
		}
	}
	return len(list), nil
}

// DueToClose lists studios whose grace is over, the longest first. For jobs.
func (s *Service) DueToClose(ctx context.Context, now time.Time, limit int) (ids []uuid.UUID, err error) {
	defer fault.Wrap(&err, "studios.DueToClose")
	return dueToClose(ctx, s.db.Read(ctx), now, limit)
}

// Due tells whether a studio's grace is over, so that its things may be removed.
// A studio that is gone, or kept after all, is not due. For jobs.
func (s *Service) Due(ctx context.Context, studioID uuid.UUID, now time.Time) (due bool, err error) {
	defer fault.Wrap(&err, "studios.Due(%s)", studioID)
	st, err := studioByID(ctx, s.db.Read(ctx), studioID)
	if db.NotFound(err) {
		return false, nil
	}
	return err == nil && st.ClosingAt != nil && !st.ClosingAt.After(now), err
}

// Hasten ends a studio that is to end now instead of later. For jobs.
func (s *Service) Hasten(ctx context.Context, tx db.Tx, studioID uuid.UUID) (err error) {
	defer fault.Wrap(&err, "studios.Hasten(%s)", studioID)
	if err := s.dropMembers(ctx, tx, studioID); err != nil {
		return err
	}
	return tx.SQL().Exec(`update studios set closing_at = ? where id = ? and closing_at > ?`, tx.Now(), studioID, tx.Now()).Error
}

// Lock keeps everybody from beginning anything in a studio until the end of the
// transaction. ok is false when it is gone. For jobs.
func (s *Service) Lock(_ context.Context, tx db.Tx, studioID uuid.UUID) (st Studio, ok bool, err error) {
	defer fault.Wrap(&err, "studios.Lock(%s)", studioID)
	st, err = holdStudio(tx, studioID)
	if db.NotFound(err) {
		return st, false, nil
	}
	return st, err == nil, err
}

// Erase removes a studio that has neither works nor files any more, the last
// step of the erasure: with it go members, invitations, tokens, audit and
// addresses, of which hashes are kept for KeepClosedSlug. It needs the worker's
// handle. A studio that is gone is no error.
func (s *Service) Erase(ctx context.Context, tx db.Tx, studioID uuid.UUID) (err error) {
	defer fault.Wrap(&err, "studios.Erase(%s)", studioID)
	if err := s.dropMembers(ctx, tx, studioID); err != nil {
		return err
	}
	erased, err := eraseStudio(tx, studioID)
	if err != nil || !erased {
		return err
	}
	return s.outbox.Publish(ctx, tx, Closed{StudioID: studioID})
}

// EraseMember takes a person out of every studio, for the end of their account.
// A studio of others that they own by now goes to the member who has had the
// highest role longest. For jobs; studios that they own alone were closed before.
func (s *Service) EraseMember(ctx context.Context, tx db.Tx, userID uuid.UUID, keys []string) (err error) {
	defer fault.Wrap(&err, "studios.EraseMember(%s)", userID)
	s.recent.DropWith(tx, userID)
	heirs, err := eraseMember(tx, userID, keys)
	if err != nil {
		return err
	}
	for studioID, heir := range heirs {
		s.recent.DropWith(tx, heir)
		if err := audit.Write(ctx, tx, audit.Entry{StudioID: studioID, Action: "studios.inherited", Subject: audit.Subject("user", heir),
			Note: "The owner closed their account, so the studio went to the member with the highest role."}); err != nil {
			return err
		}
	}
	return nil
}
