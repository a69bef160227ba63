package studios

import (
	"context"
	"fmt"
	"strings"
	"time"

	"github.com/google/uuid"

	"vitrine/app/fault"
	"vitrine/app/platform/audit"
	"vitrine/app/platform/db"
	"vitrine/app/platform/text"
)

// ReasonLimit is the longest reason of a suspension, in characters.
const ReasonLimit = 1000

// suspendedStudio is what members read who try to change something there.
const suspendedStudio = "This studio is suspended, so nothing in it can be changed. Its dashboard says why. You can still take everything with you."

// Standing is what others must know of a studio before anybody acts in it.
type Standing struct {
	Demo        bool
	SuspendedAt *time.Time
	Reason      string
	ClosingAt   *time.Time // when everything of it is removed; nil while nobody asked for that
}

// Standing reads it with a reader of the caller, who may be in a transaction.
// NotFound when there is no such studio.
func (s *Service) Standing(ctx context.Context, r db.Reader, studioID uuid.UUID) (out Standing, err error) {
	defer fault.Wrap(&err, "studios.Standing(%s)", studioID)
	out, err = standingOf(ctx, r, studioID)
	if db.NotFound(err) {
		return out, errNoStudio
	}
	return out, err
}

// Writable refuses with Forbidden to change anything in a suspended studio. Its
// members may still see it, leave it and take an archive of it. Every write of a
// member asks it in its own transaction.
func Writable(tx db.Tx, studioID uuid.UUID, a Action) error {
	if a == SeeStudio || a == TakeArchive || a == AnswerReports {
		return nil
	}
	suspended, err := isSuspended(tx, studioID)
	if err == nil && suspended {
		return fault.New(fault.Forbidden, suspendedStudio)
	}
	return err
}

// Suspend takes a studio from the public in a transaction of the caller, who
// hides its works too, has checked that by runs this installation, and is in
// the studio's scope or has the worker's role. Its address answers as if there
// was no studio; members read why, and change nothing. One that is suspended
// already stays so, for the first reason, and changed is false.
//
// Invalid names the field reason.
func (s *Service) Suspend(ctx context.Context, tx db.Tx, studioID, by uuid.UUID, reason string) (changed bool, err error) {
	defer fault.Wrap(&err, "studios.Suspend(%s)", studioID)
	reason = text.Block(reason)
	switch n := text.Length(reason); {
	case text.Blank(reason):
		return false, fault.Field("reason", "Give a reason. The members read it.")
	case n > ReasonLimit:
		return false, fault.Field("reason", fmt.Sprintf("%d characters at most; these are %d.", ReasonLimit, n))
	}
	st, err := found(holdStudio(tx, studioID))
	if err != nil {
		return false, err
	}
	if err := s.dropMembers(ctx, tx, studioID); err != nil {
		return false, err
	}
	if changed, err = suspendStudio(tx, studioID, reason); err != nil || !changed {
		return false, err
	}
	if err := audit.Write(ctx, tx, audit.Entry{ActorID: by, StudioID: studioID, Action: "studios.suspended", Note: reason}); err != nil {
		return false, err
	}
	return true, s.outbox.Publish(ctx, tx, Suspended{StudioID: studioID}, Changed{StudioID: studioID, Version: st.Version + 1})
}

// Reinstate gives a studio back to the public, as Suspend took it. One that is
// not suspended is no error, and changed is false.
func (s *Service) Reinstate(ctx context.Context, tx db.Tx, studioID, by uuid.UUID) (changed bool, err error) {
	defer fault.Wrap(&err, "studios.Reinstate(%s)", studioID)
	st, err := found(holdStudio(tx, studioID))
	if err != nil {
		return false, err
	}
	if err := s.dropMembers(ctx, tx, studioID); err != nil {
		return false, err
	}
	if changed, err = restoreStudio(tx, studioID); err != nil || !changed {
		return false, err
	}
	if err := audit.Write(ctx, tx, audit.Entry{ActorID: by, StudioID: studioID, Action: "studios.reinstated"}); err != nil {
		return false, err
	}
	return true, s.outbox.Publish(ctx, tx, Reinstated{StudioID: studioID}, Changed{StudioID: studioID, Version: st.Version + 1})
}

// Suspended tells that a studio was taken from the public.
type Suspended struct {
	StudioID uuid.UUID `json:"studio_id"`
}

// EventName names the event.
func (Suspended) EventName() string { return "studios.suspended.v1" }

// Reinstated tells that a suspended studio is back.
type Reinstated struct {
	StudioID uuid.UUID `json:"studio_id"`
}

// EventName names the event.
func (Reinstated) EventName() string { return "studios.reinstated.v1" }

// Owned lists the studios that a person owns, with a reader of the caller in
// that person's scope or on the worker's handle.
func (s *Service) Owned(ctx context.Context, r db.Reader, userID uuid.UUID) (ids []uuid.UUID, err error) {
	defer fault.Wrap(&err, "studios.Owned(%s)", userID)
	return ownedIDs(ctx, r, userID)
}

// Entry is a studio in the list for administrators.
type Entry struct {
	Studio
	SuspendedReason string
}

// Search narrows the list of studios.
type Search struct {
	Text      string // the beginning of a name or a slug; empty for all
	Suspended bool   // these alone
}

// PerPage is how many studios a page of the list holds.
const PerPage = 50

// Place is where a page of the list begins: behind that studio.
type Place struct {
	At time.Time
	ID uuid.UUID
}

// Find lists studios, the newest first, for administrators of the installation.
// next is the zero value on the last page. One query.
func (s *Service) Find(ctx context.Context, search Search, from Place) (list []Entry, next Place, err error) {
	defer fault.Wrap(&err, "studios.Find")
	search.Text = strings.ToLower(strings.TrimPrefix(text.Line(search.Text), "@"))
	list, err = findStudios(ctx, s.db.Read(ctx), search, from, PerPage+1)
	if len(list) > PerPage {
		list = list[:PerPage]
		next = Place{At: list[PerPage-1].CreatedAt, ID: list[PerPage-1].ID}
	}
	return list, next, err
}

// EntryByID is a studio as administrators see it, suspended or not. NotFound
// when there is none.
func (s *Service) EntryByID(ctx context.Context, studioID uuid.UUID) (out Entry, err error) {
	defer fault.Wrap(&err, "studios.EntryByID(%s)", studioID)
	out, err = entryOf(ctx, s.db.Read(ctx), studioID)
	if db.NotFound(err) {
		return out, errNoStudio
	}
	return out, err
}
