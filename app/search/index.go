package search

import (
	"context"

	"github.com/google/uuid"

	"vitrine/app/fault"
	"vitrine/app/media"
	"vitrine/app/platform/bus"
	"vitrine/app/platform/db"
	"vitrine/app/studios"
	"vitrine/app/works"
)

// OnPublished keeps the document of a work that became public.
func (s *Service) OnPublished(ctx context.Context, env bus.Envelope) error {
	ev, err := bus.Decode[works.Published](env)
	if err != nil {
		return err
	}
	return s.Index(ctx, ev.StudioID, ev.WorkID)
}

// OnChanged keeps the document of a work that changed.
func (s *Service) OnChanged(ctx context.Context, env bus.Envelope) error {
	ev, err := bus.Decode[works.Changed](env)
	if err != nil {
		return err
	}
	return s.Index(ctx, ev.StudioID, ev.WorkID)
}

// OnUnpublished removes the document of a work that left the public.
func (s *Service) OnUnpublished(ctx context.Context, env bus.Envelope) error {
	ev, err := bus.Decode[works.Unpublished](env)
	if err != nil {
		return err
	}
	return s.Index(ctx, ev.StudioID, ev.WorkID)
}

// OnDeleted removes the document of a work that is gone.
func (s *Service) OnDeleted(ctx context.Context, env bus.Envelope) error {
	ev, err := bus.Decode[works.Deleted](env)
	if err != nil {
		return err
	}
	return s.Index(ctx, ev.StudioID, ev.WorkID)
}

// OnStudioChanged writes a studio's new name into its documents.
func (s *Service) OnStudioChanged(ctx context.Context, env bus.Envelope) (err error) {
	ev, err := bus.Decode[studios.Changed](env)
	if err != nil {
		return err
	}
	defer fault.Wrap(&err, "search.OnStudioChanged(%s)", ev.StudioID)
	return s.db.Transact(ctx, func(tx db.Tx) error {
		if err := holdStudio(tx, ev.StudioID); err != nil {
			return err
		}
		st, err := s.studios.ByID(ctx, ev.StudioID)
		if fault.Is(err, fault.NotFound) {
			return nil
		}
		if err != nil {
			return err
		}
		return rename(tx, st)
	})
}

// Index makes the document of a work what the work is right now: present and up
// to date when it is public, absent otherwise. Whatever the event said, it reads
// the work again and holds it still while it writes. It needs the worker's
// handle and may be repeated.
func (s *Service) Index(ctx context.Context, studioID, workID uuid.UUID) (err error) {
	defer fault.Wrap(&err, "search.Index(%s)", workID)
	return s.db.Transact(ctx, func(tx db.Tx) error {
		if err := holdStudio(tx, studioID); err != nil {
			return err
		}
		w, public, err := s.works.Snapshot(ctx, tx, workID)
		if err != nil {
			return err
		}
		if !public {
			return remove(tx, studioID, workID)
		}
		st, err := s.studios.ByID(ctx, w.StudioID)
		if err != nil {
			return err
		}
		covers, err := s.works.Covers(ctx, w.Card)
		if err != nil {
			return err
		}
		var cover media.Picture
		if w.CoverID != nil {
			cover = covers[*w.CoverID]
		}
		return write(tx, w, st, cover)
	})
}
