package jobs

import (
	"context"
	"errors"
	"time"

	"vitrine/app/archive"
	"vitrine/app/platform/bus"
)

// ClosingFellDue fires each hour: those whose end is near are told, and those
// whose grace is over are erased.
type ClosingFellDue struct {
	Slot time.Time `json:"slot"`
}

// EventName is jobs.closing_fell_due.v1.
func (ClosingFellDue) EventName() string { return "jobs.closing_fell_due.v1" }

// EventPriority lets everything else of the queue go first.
func (ClosingFellDue) EventPriority() int { return -10 }

// Archive reacts for archive, whose service here has the worker's handle. All of
// it bears repetition by itself.
type Archive struct {
	*archive.Service
}

// OnClosingFellDue tells, erases, and removes archives whose time is over.
func (a Archive) OnClosingFellDue(ctx context.Context, _ bus.Envelope) error {
	if err := a.Tell(ctx); err != nil {
		return err
	}
	_, err := a.Expire(ctx)
	return errors.Join(err, a.EraseDue(ctx))
}

// OnArchiveMade has the person told; notifications is lower than archive, so the
// words of the event are handed on here.
func (h Handlers) OnArchiveMade(ctx context.Context, env bus.Envelope) error {
	ev, err := bus.Decode[archive.Made](env)
	if err != nil {
		return err
	}
	return h.Mails.ArchiveMade(ctx, env, ev.UserID, ev.Page)
}
