package search

import (
	"context"

	"github.com/google/uuid"

	"vitrine/app/fault"
	"vitrine/app/platform/bus"
	"vitrine/app/platform/db"
	"vitrine/app/works"
)

// OnStudioHidden removes the documents of a studio whose works left the public
// all at once.
func (s *Service) OnStudioHidden(ctx context.Context, env bus.Envelope) error {
	ev, err := bus.Decode[works.StudioHidden](env)
	if err != nil {
		return err
	}
	return s.IndexStudio(ctx, ev.StudioID)
}

// OnStudioShown makes the documents of a studio whose works are public again.
func (s *Service) OnStudioShown(ctx context.Context, env bus.Envelope) error {
	ev, err := bus.Decode[works.StudioShown](env)
	if err != nil {
		return err
	}
	return s.IndexStudio(ctx, ev.StudioID)
}

// IndexStudio makes the documents of a studio what its works are right now:
// those of works that are not public go in one statement, the others are
// indexed one by one. It needs the worker's handle and may be repeated.
func (s *Service) IndexStudio(ctx context.Context, studioID uuid.UUID) (err error) {
	defer fault.Wrap(&err, "search.IndexStudio(%s)", studioID)
	none, err := s.removeHidden(ctx, studioID)
	if err != nil || none {
		return err
	}
	listed, err := listedOf(ctx, s.db.Read(ctx), studioID)
	if err != nil {
		return err
	}
	for _, workID := range listed {
		if err := s.Index(ctx, studioID, workID); err != nil {
			return err
		}
	}
	return s.indexPublic(ctx, studioID)
}

// removeHidden removes all documents of a studio that has no public work. One
// that becomes public from here on has an event of its own, whose document waits
// for this transaction.
func (s *Service) removeHidden(ctx context.Context, studioID uuid.UUID) (none bool, err error) {
	err = s.db.Transact(ctx, func(tx db.Tx) error {
		if err := holdStudio(tx, studioID); err != nil {
			return err
		}
		n, err := s.works.CountOf(ctx, studioID)
		if err != nil || n > 0 {
			return err
		}
		none = true
		return removeAll(tx, studioID)
	})
	return none, err
}

func (s *Service) indexPublic(ctx context.Context, studioID uuid.UUID) error {
	var from works.Cursor
	for {
		wall, err := s.works.LatestOf(ctx, studioID, from, rebuildStep)
		if err != nil {
			return err
		}
		for _, card := range wall.Cards {
			if err := s.Index(ctx, studioID, card.ID); err != nil {
				return err
			}
		}
		if from = wall.Next; from == (works.Cursor{}) {
			return nil
		}
	}
}
