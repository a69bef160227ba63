package works

import (
	"context"

	"github.com/google/uuid"

	"vitrine/app/fault"
	"vitrine/app/platform/db"
)

// Hiding is why a work is hidden from everybody outside its studio: a set of
// reasons. A work is seen again when the last one is lifted.
type Hiding int16

// The reasons. The studio can lift none of them.
const (
	HiddenByModeration Hiding = 1 << iota // a moderator took it down
	HiddenForReview                       // a moderator looks at it first
	HiddenBySuspension                    // its studio is suspended
	HiddenByClosing                       // its studio is being removed
	HiddenByAction                        // moderators acted on a report; its author answers them
)

// Has tells whether r is among the reasons.
func (h Hiding) Has(r Hiding) bool { return h&r != 0 }

// hide sets or lifts a reason.
func (w *Work) hide(reason Hiding, on bool) {
	if on {
		w.HiddenFor |= reason
	} else {
		w.HiddenFor &^= reason
	}
	w.Hidden = w.HiddenFor != 0
}

// SetHidden hides a work from everybody outside the studio for a reason, or
// lifts that reason, whatever the work's state. It runs in a transaction of the
// caller in the studio's scope; at its commit pages, walls and files follow. It
// may be repeated; a work that is gone is no error.
func (s *Service) SetHidden(ctx context.Context, tx db.Tx, studioID, workID uuid.UUID, reason Hiding, on bool) (err error) {
	defer fault.Wrap(&err, "works.SetHidden(%s, %d, %t)", workID, reason, on)
	if err := lockStudio(tx, studioID); err != nil {
		return err
	}
	return s.changeOne(ctx, tx, studioID, workID, func(c *change) { c.work.hide(reason, on) })
}

// HideStudio hides all works of a studio for a reason, with their files, in a
// transaction of the caller in the studio's scope: at its commit they are gone
// from every page, however many they are. Search is told once for the studio.
// It may be repeated. Works that are made later are not hidden: the caller sees
// to it that none are.
func (s *Service) HideStudio(ctx context.Context, tx db.Tx, studioID uuid.UUID, reason Hiding) (err error) {
	defer fault.Wrap(&err, "works.HideStudio(%s, %d)", studioID, reason)
	if err := lockStudio(tx, studioID); err != nil {
		return err
	}
	n, err := hideAll(tx, studioID, reason)
	if err != nil || n == 0 {
		return err
	}
	held, err := filesOf(tx, studioID, false)
	if err != nil {
		return err
	}
	if err := s.files.Expose(ctx, tx, studioID, held, false); err != nil {
		return err
	}
	return s.outbox.Publish(ctx, tx, StudioHidden{studioID})
}

// ShowStudio lifts a reason from all works of a studio; those that are hidden
// for another one stay so. Its transaction is that of HideStudio. It may be
// repeated.
func (s *Service) ShowStudio(ctx context.Context, tx db.Tx, studioID uuid.UUID, reason Hiding) (err error) {
	defer fault.Wrap(&err, "works.ShowStudio(%s, %d)", studioID, reason)
	if err := lockStudio(tx, studioID); err != nil {
		return err
	}
	n, err := showAll(tx, studioID, reason)
	if err != nil || n == 0 {
		return err
	}
	if err := restoreTags(tx, studioID); err != nil {
		return err
	}
	seen, err := filesOf(tx, studioID, true)
	if err != nil {
		return err
	}
	if err := s.files.Expose(ctx, tx, studioID, seen, true); err != nil {
		return err
	}
	return s.outbox.Publish(ctx, tx, StudioShown{studioID})
}

// Withdraw hides all works of some studios from everybody outside them, with
// their files, in a transaction of the caller, who is about to remove the
// studios. It needs the worker's handle and may be repeated.
func (s *Service) Withdraw(ctx context.Context, tx db.Tx, studioIDs []uuid.UUID) (err error) {
	defer fault.Wrap(&err, "works.Withdraw(%d studios)", len(studioIDs))
	for _, studioID := range studioIDs {
		if err := s.HideStudio(ctx, tx, studioID, HiddenByClosing); err != nil {
			return err
		}
	}
	return nil
}
