package moderation

import (
	"context"
	"time"

	"github.com/google/uuid"

	"vitrine/app/fault"
)

// Result is what became of what was reported, as those who reported it are told:
// what it was and what was done, never why or about whom.
type Result struct {
	ComplaintID uuid.UUID
	StudioID    uuid.UUID
	WorkID      *uuid.UUID
	Kind        Kind
	Measure     Measure // the first that was taken; Dismiss when none was
	At          time.Time
}

// Result reads it. NotFound while the complaint waits, and when it is gone. It
// needs the worker's handle. Two queries.
func (s *Service) Result(ctx context.Context, complaintID uuid.UUID) (o Result, err error) {
	defer fault.Wrap(&err, "moderation.Result(%s)", complaintID)
	c, err := s.complaint(ctx, complaintID)
	if err != nil {
		return o, err
	}
	if c.Stage == Open || c.DecidedAt == nil {
		return o, fault.New(fault.NotFound, "Nothing is decided yet.")
	}
	o = Result{ComplaintID: c.ID, StudioID: c.StudioID, WorkID: c.WorkID, Kind: c.Kind, Measure: Dismiss, At: *c.DecidedAt}
	done, err := actionsOfComplaint(ctx, s.db.Read(ctx), c.StudioID, c.ID)
	if len(done) > 0 {
		o.Measure = done[0].Measure
	}
	return o, err
}

// Reporter is somebody who reported something: a member, or a visitor who left an
// address.
type Reporter struct {
	ID       uuid.UUID // of the report
	MemberID *uuid.UUID
	Email    string
	At       time.Time
}

// reportersPage is how many of them are read at once.
const reportersPage = 500

// Reporters is a page of those who reported what a complaint is about; next is the
// zero value on the last page. Rights holders who left an address with their claim
// are not among them: they are told about their claim. It needs the worker's
// handle. One query.
func (s *Service) Reporters(ctx context.Context, o Result, from Place) (list []Reporter, next Place, err error) {
	defer fault.Wrap(&err, "moderation.Reporters(%s)", o.ComplaintID)
	list, err = reportersOf(ctx, s.db.Read(ctx), o, from, reportersPage+1)
	if len(list) > reportersPage {
		last := list[reportersPage-1]
		list, next = list[:reportersPage], Place{last.At, last.ID}
	}
	return list, next, err
}
