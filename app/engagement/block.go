package engagement

import (
	"context"
	"math"
	"time"

	"github.com/google/uuid"

	"vitrine/app/fault"
	"vitrine/app/platform/db"
	"vitrine/app/platform/keyset"
	"vitrine/app/studios"
)

// Shun is how a person keeps somebody away.
type Shun string

// The ways. Whoever is blocked by a person cannot like, follow or comment in the
// studios that the person owns or administers, nor reply to them, and neither
// reads what the other wrote below works; their follows of these studios and
// their likes there end. What they wrote stays for others, and whoever edits the
// works of a studio can delete it. Taking back what one did is nobody's to forbid.
// What is muted is out of the person's
// own feed and notices, and nobody notices.
const (
	Block      Shun = "block"
	MutePerson Shun = "mute_person"
	MuteStudio Shun = "mute_studio"
)

// Known tells whether s is a way.
func (s Shun) Known() bool { return s == Block || s == MutePerson || s == MuteStudio }

// kind is the column of mutes.
func (s Shun) kind() string {
	if s == MuteStudio {
		return "studio"
	}
	return "person"
}

// MostShunned is how many a person can keep away in each way.
const MostShunned = 1000

// Shunned is one whom a person keeps away.
type Shunned struct {
	How       Shun
	SubjectID uuid.UUID
	CreatedAt time.Time
}

// KeepAway keeps a person or a studio away from somebody, from the commit on. Once
// more changes nothing. What OnBlocked takes back follows some seconds later.
//
// NotFound when there is no such person or studio; Conflict for oneself, for a
// studio of one's own, and beyond MostShunned.
func (s *Service) KeepAway(ctx context.Context, userID uuid.UUID, how Shun, subjectID uuid.UUID) (err error) {
	defer fault.Wrap(&err, "engagement.KeepAway(%s, %s)", how, subjectID)
	if !how.Known() {
		return fault.New(fault.Invalid, "Choose whether to block or to mute.")
	}
	if err := s.mayShun(ctx, userID, how, subjectID); err != nil {
		return err
	}
	return s.db.Transact(ctx, func(tx db.Tx) error {
		n, err := countShunned(tx, userID, how)
		if err != nil {
			return err
		}
		if n >= MostShunned {
			return fault.Newf(fault.Conflict, "You keep %d away already, which is as many as there can be. Let somebody in again first.", n)
		}
		made, err := insertShun(tx, userID, how, subjectID)
		if err != nil || !made || how != Block {
			return err
		}
		return s.outbox.Publish(ctx, tx, Blocked{BlockerID: userID, BlockedID: subjectID})
	})
}

// mayShun refuses what makes no sense.
func (s *Service) mayShun(ctx context.Context, userID uuid.UUID, how Shun, subjectID uuid.UUID) error {
	if how == MuteStudio {
		if _, err := s.studios.ByID(ctx, subjectID); err != nil {
			return err
		}
		role, err := s.studios.Role(ctx, userID, subjectID)
		if err == nil && role.Valid() {
			return fault.New(fault.Conflict, "You belong to this studio, so it cannot be muted.")
		}
		return err
	}
	if userID == subjectID {
		return fault.New(fault.Conflict, "This is you. Nobody can keep themselves away.")
	}
	found, err := s.accounts.ByIDs(ctx, []uuid.UUID{subjectID})
	if err == nil && found[subjectID].ID == uuid.Nil {
		return fault.New(fault.NotFound, "There is no such person. The account may have been deleted.")
	}
	return err
}

// LetIn lets somebody in again whom a person kept away. What was taken back stays
// so: they can do it again. Once more changes nothing.
func (s *Service) LetIn(ctx context.Context, userID uuid.UUID, how Shun, subjectID uuid.UUID) (err error) {
	defer fault.Wrap(&err, "engagement.LetIn(%s, %s)", how, subjectID)
	return s.db.Transact(ctx, func(tx db.Tx) error { return deleteShun(tx, userID, how, subjectID) })
}

// ShunPlace is where a page of a person's list begins: behind that row.
type ShunPlace struct {
	At time.Time
	ID uuid.UUID
}

// String writes the place for a URL; the beginning is the empty string.
func (p ShunPlace) String() string { return keyset.Encode(uint64(max(0, p.At.UnixMicro())), p.ID) }

// ParseShunPlace reads what String wrote; anything else is the beginning.
func ParseShunPlace(s string) (p ShunPlace) {
	if at, id, ok := keyset.Decode(s); ok && at <= math.MaxInt64 {
		p = ShunPlace{time.UnixMicro(int64(at)).UTC(), id}
	}
	return p
}

// ShunnedBy lists whom and what a person keeps away, the newest first, limit of
// them; next is the zero value on the last page. One query.
func (s *Service) ShunnedBy(ctx context.Context, userID uuid.UUID, from ShunPlace, limit int) (list []Shunned, next ShunPlace, err error) {
	defer fault.Wrap(&err, "engagement.ShunnedBy(%s)", userID)
	list, err = shunnedBy(ctx, s.db.Read(ctx), userID, from, limit+1)
	if len(list) > limit {
		list = list[:limit]
		next = ShunPlace{list[limit-1].CreatedAt, list[limit-1].SubjectID}
	}
	return list, next, err
}

// Muted gives those of the members who do not want to hear what an actor did in
// a studio: they muted the studio or the person, or one of the two has blocked
// the other. An actor of uuid.Nil is nobody. One query; any handle.
func (s *Service) Muted(ctx context.Context, r db.Reader, memberIDs []uuid.UUID, actorID, studioID uuid.UUID) (muted map[uuid.UUID]bool, err error) {
	defer fault.Wrap(&err, "engagement.Muted(%d)", len(memberIDs))
	muted = map[uuid.UUID]bool{}
	if len(memberIDs) == 0 {
		return muted, nil
	}
	ids, err := deafAmong(ctx, r, memberIDs, actorID, studioID)
	for _, id := range ids {
		muted[id] = true
	}
	return muted, err
}

var errBlocked = fault.New(fault.Forbidden, "You cannot do this here: somebody of this studio has blocked you. You can still look at everything.")

// welcome refuses with Forbidden whoever is blocked by one of those who own or
// administer a studio. It runs in the transaction of each act in that studio, in
// its scope.
func welcome(_ context.Context, tx db.Tx, studioID, userID uuid.UUID) error {
	by, err := blockersOf(tx, userID)
	if err != nil || len(by) == 0 {
		return err
	}
	governs, err := studios.Governs(tx, studioID, by)
	if err == nil && governs {
		return errBlocked
	}
	return err
}

// mayReply refuses with Forbidden a reply to a comment when one of the two people
// has blocked the other.
func mayReply(tx db.Tx, userID uuid.UUID, to string) error {
	apart, err := isApart(tx, userID, to)
	if err == nil && apart {
		return fault.New(fault.Forbidden, "One of you has blocked the other, so there are no replies between you.")
	}
	return err
}

// readable is the part of a query that leaves out comments ({c}) of people whom the
// viewer (@viewer) has blocked, or who have blocked the viewer.
const readable = `not exists (select from blocks b where (b.blocker_id = cast(@viewer as uuid) and b.blocked_id = {c}.user_id)
	or (b.blocker_id = {c}.user_id and b.blocked_id = cast(@viewer as uuid)))`

// eraseShuns removes whatever names a person or a studio here.
func eraseShuns(tx db.Tx, id uuid.UUID) error {
	if err := tx.SQL().Exec(`delete from blocks where blocker_id = ? or blocked_id = ?`, id, id).Error; err != nil {
		return err
	}
	return tx.SQL().Exec(`delete from mutes where user_id = ? or subject_id = ?`, id, id).Error
}
