package moderation

import (
	"context"
	"fmt"
	"slices"
	"time"

	"github.com/google/uuid"

	"vitrine/app/fault"
	"vitrine/app/platform/audit"
	"vitrine/app/platform/db"
	"vitrine/app/platform/id"
	"vitrine/app/platform/text"
	"vitrine/app/works"
)

// Measure is what moderators do about a complaint.
type Measure string

// The measures.
const (
	Hide    Measure = "hidden"    // nobody outside the studio sees it
	Cover   Measure = "sensitive" // a work is covered until a visitor asks
	Warn    Measure = "warned"    // nothing but the reason
	Suspend Measure = "suspended" // the whole studio
	Dismiss Measure = "dismissed" // nothing, and the author never hears of it
)

var measures = map[Kind][]Measure{
	OfWork: {Hide, Cover, Warn, Suspend, Dismiss}, OfComment: {Hide, Warn, Dismiss}, OfStudio: {Warn, Suspend, Dismiss},
	OfCollection: {Hide, Warn, Suspend, Dismiss},
}

// Measures are those that fit a kind of subject, in the order of a form.
func Measures(k Kind) []Measure { return measures[k] }

// Action is what moderators did, with the reason that the author reads.
type Action struct {
	ID          uuid.UUID
	ComplaintID uuid.UUID
	Subject     `gorm:"embedded"`
	Measure     Measure `gorm:"column:action"`
	Reason      string
	ActedBy     uuid.UUID
	ActedAt     time.Time
	LiftedAt    *time.Time
}

// ActionTaken tells that moderators acted on a complaint.
type ActionTaken struct {
	ActionID uuid.UUID `json:"action_id"`
	StudioID uuid.UUID `json:"studio_id"`
}

// EventName names the event.
func (ActionTaken) EventName() string { return "moderation.action_taken.v1" }

// ComplaintDecided tells that a complaint is decided, one way or the other.
type ComplaintDecided struct {
	ComplaintID uuid.UUID `json:"complaint_id"`
	StudioID    uuid.UUID `json:"studio_id"`
}

// EventName names the event.
func (ComplaintDecided) EventName() string { return "moderation.complaint_decided.v1" }

// Verdict is the form of a moderator about a complaint.
type Verdict struct {
	ComplaintID uuid.UUID
	Moderator   uuid.UUID
	Measure     Measure
	Reason      string // the author reads it; of a dismissal, moderators alone
}

// reasoned checks the reason of a measure against a kind of subject.
func reasoned(k Kind, m Measure, reason, field string) (string, error) {
	bad := map[string]string{}
	reason = text.Block(reason)
	if !slices.Contains(measures[k], m) {
		bad["measure"] = "Choose what is to happen."
	}
	switch n := text.Length(reason); {
	case m != Dismiss && text.Blank(reason):
		bad[field] = "Give a reason. The author reads it, and can answer."
	case n > NoteLimit:
		bad[field] = fmt.Sprintf("%d characters at most; these are %d.", NoteLimit, n)
	}
	return reason, fault.Fields(bad)
}

var errNoComplaint = fault.New(fault.NotFound, "There is no such report. Its studio may be gone.")

// Act decides a complaint: at the commit the measure holds on every page. The
// caller has checked that the moderator runs this installation; it needs the
// worker's handle. The same decision a second time changes nothing.
//
// Invalid names the fields measure and reason. Conflict when somebody else
// decided otherwise.
func (s *Service) Act(ctx context.Context, form Verdict) (err error) {
	defer fault.Wrap(&err, "moderation.Act(%s, %s)", form.ComplaintID, form.Measure)
	asked, err := s.complaint(ctx, form.ComplaintID)
	if err != nil {
		return err
	}
	if form.Reason, err = reasoned(asked.Kind, form.Measure, form.Reason, "reason"); err != nil {
		return err
	}
	return s.db.Tenant(ctx, asked.StudioID, func(tx db.Tx) error {
		if err := s.works.Hold(tx, asked.StudioID); err != nil {
			return err
		}
		c, err := holdComplaint(tx, asked.ID)
		if err != nil {
			return err
		}
		if c.Stage != Open {
			return s.decidedAlready(ctx, tx, c, form)
		}
		return s.act(ctx, tx, c, form)
	})
}

func (s *Service) complaint(ctx context.Context, complaintID uuid.UUID) (Complaint, error) {
	c, err := complaintByID(ctx, s.db.Read(ctx), complaintID)
	if db.NotFound(err) {
		return c, errNoComplaint
	}
	return c, err
}

// decidedAlready is nil when the complaint was decided as wanted.
func (s *Service) decidedAlready(ctx context.Context, tx db.Tx, c Complaint, form Verdict) error {
	done, err := actionsOfComplaint(ctx, tx.Reader(), c.StudioID, c.ID)
	if err != nil {
		return err
	}
	same := c.Stage == Dismissed && form.Measure == Dismiss ||
		slices.ContainsFunc(done, func(a Action) bool { return a.Measure == form.Measure && a.Reason == form.Reason })
	if same {
		return nil
	}
	return fault.New(fault.Conflict, "Somebody else decided this a moment before you. Look at what they did.")
}

func (s *Service) act(ctx context.Context, tx db.Tx, c Complaint, form Verdict) error {
	stage, note := Acted, ""
	if form.Measure == Dismiss {
		stage, note = Dismissed, form.Reason
	}
	if err := decideComplaint(tx, c.ID, stage, form.Moderator, note); err != nil {
		return err
	}
	if form.Measure == Dismiss {
		// The studio has heard of nothing, and its audit says nothing.
		entry := audit.Entry{ActorID: form.Moderator, Action: "moderation.dismissed", Subject: audit.Subject("complaint", c.ID), Note: note}
		if err := audit.Write(ctx, tx, entry); err != nil {
			return err
		}
	} else if err := s.take(ctx, tx, c.ID, c.Subject, form.Measure, form.Moderator, form.Reason); err != nil {
		return err
	}
	return s.outbox.Publish(ctx, tx, ComplaintDecided{ComplaintID: c.ID, StudioID: c.StudioID})
}

// take carries a measure out and writes it down, with its audit.
func (s *Service) take(ctx context.Context, tx db.Tx, complaintID uuid.UUID, sub Subject, m Measure, by uuid.UUID, reason string) error {
	a := Action{ID: id.New(), ComplaintID: complaintID, Subject: sub, Measure: m, Reason: reason, ActedBy: by, ActedAt: tx.Now()}
	if err := insertAction(tx, a); err != nil {
		return err
	}
	if err := s.enforce(ctx, tx, a); err != nil {
		return err
	}
	entry := audit.Entry{ActorID: by, StudioID: a.StudioID, Action: "moderation." + string(m), Subject: a.named(), Note: reason}
	if err := audit.Write(ctx, tx, entry); err != nil {
		return err
	}
	return s.outbox.Publish(ctx, tx, ActionTaken{ActionID: a.ID, StudioID: a.StudioID})
}

// named is what an entry of the audit calls the subject.
func (s Subject) named() string {
	if s.Kind == OfWork || s.Kind == OfCollection {
		return string(s.Kind) + ":" + s.PublicID
	}
	return audit.Subject(string(s.Kind), s.SubjectID)
}

func (s *Service) enforce(ctx context.Context, tx db.Tx, a Action) error {
	switch {
	case a.Measure == Suspend:
		return s.suspendStudio(ctx, tx, a.StudioID, Suspension{By: a.ActedBy, Reason: a.Reason})
	case a.Measure == Cover:
		return s.works.MarkSensitive(ctx, tx, a.StudioID, a.SubjectID, true)
	case a.Measure == Hide && a.Kind == OfWork:
		return s.works.SetHidden(ctx, tx, a.StudioID, a.SubjectID, works.HiddenByAction, true)
	case a.Measure == Hide:
		return s.hideBeside(ctx, tx, a, true)
	}
	return nil
}

// lift takes a measure back, unless another action of the same kind about the
// same thing still stands.
func (s *Service) lift(ctx context.Context, tx db.Tx, a Action, by uuid.UUID) error {
	if err := markLifted(tx, a); err != nil {
		return err
	}
	more, err := standing(tx, a)
	if err != nil || more {
		return err
	}
	switch {
	case a.Measure == Suspend:
		if _, err := s.studios.Reinstate(ctx, tx, a.StudioID, by); err != nil {
			return err
		}
		return s.works.ShowStudio(ctx, tx, a.StudioID, works.HiddenBySuspension)
	case a.Measure == Cover:
		return s.works.MarkSensitive(ctx, tx, a.StudioID, a.SubjectID, false)
	case a.Measure == Hide && a.Kind == OfWork:
		return s.works.SetHidden(ctx, tx, a.StudioID, a.SubjectID, works.HiddenByAction, false)
	case a.Measure == Hide:
		return s.hideBeside(ctx, tx, a, false)
	}
	return nil
}

// hideBeside hides what is no work, or shows it again.
func (s *Service) hideBeside(ctx context.Context, tx db.Tx, a Action, on bool) error {
	switch {
	case a.Kind == OfCollection && s.collections != nil:
		return s.collections.SetHidden(ctx, tx, a.StudioID, a.SubjectID, on)
	case a.Kind == OfComment && s.comments != nil:
		return s.comments.SetHidden(ctx, tx, a.StudioID, a.Anchor, on)
	}
	return nil
}
