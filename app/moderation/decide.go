package moderation

import (
	"context"
	"fmt"

	"github.com/google/uuid"

	"vitrine/app/fault"
	"vitrine/app/platform/audit"
	"vitrine/app/platform/db"
	"vitrine/app/platform/text"
	"vitrine/app/works"
)

// NoteLimit is the longest reason for an author, in characters.
const NoteLimit = 1000

// Decision is the form of a moderator.
type Decision struct {
	ReviewID  uuid.UUID
	Moderator uuid.UUID
	Approve   bool
	Note      string // why; the author reads it. Needed to refuse
	Version   int64  // of the work that the moderator saw
}

func (d Decision) clean() (Decision, error) {
	d.Note = text.Block(d.Note)
	switch n := text.Length(d.Note); {
	case !d.Approve && text.Blank(d.Note):
		return d, fault.Field("note", "Say why. The author reads it, and can mend the work and ask again.")
	case n > NoteLimit:
		return d, fault.Field("note", fmt.Sprintf("%d characters at most; these are %d.", NoteLimit, n))
	}
	return d, nil
}

// Decide approves or refuses a work that waits: at the commit it is public, or
// stays hidden for the reason given. The caller has checked that the moderator
// runs this installation; it needs the worker's handle. The same decision a
// second time changes nothing.
//
// Invalid names the field note. Conflict when somebody else decided otherwise,
// when the author took the work back, or changed it since the moderator looked.
func (s *Service) Decide(ctx context.Context, form Decision) (out Review, err error) {
	defer fault.Wrap(&err, "moderation.Decide(%s)", form.ReviewID)
	form, err = form.clean()
	if err != nil {
		return out, err
	}
	asked, err := s.ByID(ctx, form.ReviewID)
	if err != nil {
		return out, err
	}
	err = s.db.Tenant(ctx, asked.StudioID, func(tx db.Tx) error {
		if err := s.works.Hold(tx, asked.StudioID); err != nil {
			return err
		}
		if out, err = holdReview(tx, form.ReviewID); err != nil {
			if db.NotFound(err) {
				return errNoReview
			}
			return err
		}
		if done, err := settled(out, form.Approve); done || err != nil {
			return err
		}
		return s.decide(ctx, tx, form, &out)
	})
	return out, err
}

// settled tells that the review is decided as wanted. Conflict when it is not to
// be decided any more.
func settled(r Review, approve bool) (done bool, err error) {
	switch {
	case r.State == Waiting:
		return false, nil
	case r.State == Withdrawn:
		return false, fault.New(fault.Conflict, "The author has taken this work back, so there is nothing to decide.")
	case (r.State == Approved) == approve:
		return true, nil
	case r.State == Approved:
		return false, fault.New(fault.Conflict, "Somebody else approved this work a moment before you. It is public.")
	}
	return false, fault.New(fault.Conflict, "Somebody else refused this work a moment before you. It stays hidden.")
}

func (s *Service) decide(ctx context.Context, tx db.Tx, form Decision, out *Review) error {
	w, err := s.works.Held(ctx, tx, out.StudioID, out.WorkID)
	if err != nil {
		return err
	}
	if w.Version != form.Version {
		return fault.New(fault.Conflict, "The author has changed the work since you opened it. Look at it again; what you wrote is kept.")
	}
	now := tx.Now()
	out.State, out.DecidedAt, out.DecidedBy, out.Note = Refused, &now, &form.Moderator, form.Note
	action := "moderation.refused"
	if form.Approve {
		out.State, action = Approved, "moderation.approved"
	}
	if err := updateReview(tx, *out); err != nil {
		return err
	}
	if !form.Approve {
		// First the one, then the other: it is hidden throughout.
		if err := s.works.SetHidden(ctx, tx, out.StudioID, out.WorkID, works.HiddenByModeration, true); err != nil {
			return err
		}
	}
	lifted := works.HiddenForReview
	if form.Approve {
		lifted |= works.HiddenByModeration
	}
	if err := s.works.SetHidden(ctx, tx, out.StudioID, out.WorkID, lifted, false); err != nil {
		return err
	}
	entry := audit.Entry{ActorID: form.Moderator, StudioID: out.StudioID, Action: action, Subject: "work:" + w.PublicID, Note: form.Note}
	if err := audit.Write(ctx, tx, entry); err != nil {
		return err
	}
	return s.outbox.Publish(ctx, tx, Decided{ReviewID: out.ID, StudioID: out.StudioID})
}
