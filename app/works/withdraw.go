package works

import (
	"context"

	"github.com/google/uuid"

	"vitrine/app/fault"
	"vitrine/app/platform/bus"
	"vitrine/app/platform/db"
)

// Withdraw hides all works of some studios from everybody outside them, with
// their files, in a transaction of the caller, who is about to remove the
// studios: at its commit they are gone from every page, however many they are.
// It needs the worker's handle and may be repeated.
func (s *Service) Withdraw(ctx context.Context, tx db.Tx, studioIDs []uuid.UUID) (err error) {
	defer fault.Wrap(&err, "works.Withdraw(%d studios)", len(studioIDs))
	for _, studioID := range studioIDs {
		if err := lockStudio(tx, studioID); err != nil {
			return err
		}
		gone, err := hideAll(tx, studioID)
		if err != nil {
			return err
		}
		shown, err := shownBy(tx, studioID)
		if err != nil {
			return err
		}
		if err := s.files.Expose(ctx, tx, studioID, shown, false); err != nil {
			return err
		}
		events := make([]bus.Event, len(gone))
		for i, w := range gone {
			events[i] = Unpublished{w.StudioID, w.ID, w.Version}
		}
		if err := s.outbox.Publish(ctx, tx, events...); err != nil {
			return err
		}
	}
	return nil
}
