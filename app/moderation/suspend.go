package moderation

import (
	"context"

	"github.com/google/uuid"

	"vitrine/app/fault"
	"vitrine/app/platform/db"
	"vitrine/app/works"
)

// Suspension is the form of an administrator who shuts somebody out.
type Suspension struct {
	By     uuid.UUID // who runs this installation
	Reason string    // the person, or the studio's members, read it
}

// SuspendUser shuts a person out of everything from the commit on, and with
// studios also the studios that they own. Studios of others in which they were
// members go on. The caller has checked that form.By runs this
// installation; it needs the worker's handle and may be repeated.
//
// Invalid names the field reason; Forbidden for oneself and the last
// administrator; NotFound when there is no such person.
func (s *Service) SuspendUser(ctx context.Context, userID uuid.UUID, form Suspension, withStudios bool) (err error) {
	defer fault.Wrap(&err, "moderation.SuspendUser(%s)", userID)
	return s.db.Transact(ctx, func(tx db.Tx) error {
		var owned []uuid.UUID
		if withStudios {
			if owned, err = s.studios.Owned(ctx, tx.Reader(), userID); err != nil {
				return err
			}
		}
		for _, studioID := range owned {
			if err := s.suspendStudio(ctx, tx, studioID, form); err != nil {
				return err
			}
		}
		_, err := s.accounts.Suspend(ctx, tx, userID, form.By, form.Reason)
		return err
	})
}

// RestoreUser lets a person in again; their studios stay as they are. It may be
// repeated. NotFound when there is no such person.
func (s *Service) RestoreUser(ctx context.Context, userID, by uuid.UUID) (err error) {
	defer fault.Wrap(&err, "moderation.RestoreUser(%s)", userID)
	return s.db.Transact(ctx, func(tx db.Tx) error {
		_, err := s.accounts.Reinstate(ctx, tx, userID, by)
		return err
	})
}

// SuspendStudio takes a studio from the public: at the commit its pages, works,
// feeds and files are gone, and its members change nothing. The caller has
// checked that form.By runs this installation; it needs the worker's handle and
// may be repeated. Invalid names the field reason; NotFound when there is no such
// studio.
func (s *Service) SuspendStudio(ctx context.Context, studioID uuid.UUID, form Suspension) (err error) {
	defer fault.Wrap(&err, "moderation.SuspendStudio(%s)", studioID)
	return s.db.Transact(ctx, func(tx db.Tx) error { return s.suspendStudio(ctx, tx, studioID, form) })
}

func (s *Service) suspendStudio(ctx context.Context, tx db.Tx, studioID uuid.UUID, form Suspension) error {
	if err := s.works.Hold(tx, studioID); err != nil {
		return err
	}
	if _, err := s.studios.Suspend(ctx, tx, studioID, form.By, form.Reason); err != nil {
		return err
	}
	return s.works.HideStudio(ctx, tx, studioID, works.HiddenBySuspension)
}

// RestoreStudio gives a studio back to the public, with the works that were
// public and that nothing else hides. It may be repeated. NotFound when there is
// no such studio.
func (s *Service) RestoreStudio(ctx context.Context, studioID, by uuid.UUID) (err error) {
	defer fault.Wrap(&err, "moderation.RestoreStudio(%s)", studioID)
	return s.db.Transact(ctx, func(tx db.Tx) error {
		if err := s.works.Hold(tx, studioID); err != nil {
			return err
		}
		if _, err := s.studios.Reinstate(ctx, tx, studioID, by); err != nil {
			return err
		}
		return s.works.ShowStudio(ctx, tx, studioID, works.HiddenBySuspension)
	})
}
