package media

import (
	"context"
	"errors"

	"github.com/google/uuid"

	"vitrine/app/platform/blob"
	"vitrine/app/platform/bus"
	"vitrine/app/platform/db"
)

func renditionPrefix(mediaID uuid.UUID) string { return "rendition/" + mediaID.String() + "/" }

// OnDeleted removes a deleted media.
func (s *Service) OnDeleted(ctx context.Context, env bus.Envelope) error {
	ev, err := bus.Decode[Deleted](env)
	if err != nil {
		return err
	}
	return s.Remove(ctx, ev.StudioID, ev.MediaID)
}

// Remove removes the objects of a deleted media, gives its room back and then
// removes its row. Killed anywhere, the next attempt goes on: the row is the
// last to go.
func (s *Service) Remove(ctx context.Context, studioID, mediaID uuid.UUID) error {
	var deleted bool
	err := s.db.TenantRead(ctx, studioID, func(r db.Reader) error {
		return r.SQL(ctx).Raw(`select exists (select from media where studio_id = ? and id = ? and deleted_at is not null)`, studioID, mediaID).Scan(&deleted).Error
	})
	if err != nil || !deleted {
		return err
	}
	if err := errors.Join(s.dropArrivals(ctx, studioID, mediaID), s.removeObjects(ctx, mediaID)); err != nil {
		return err
	}
	return s.db.Tenant(ctx, studioID, func(tx db.Tx) error {
		if err := tx.SQL().Exec(`select from media where studio_id = ? and id = ? for update`, studioID, mediaID).Error; err != nil {
			return err
		}
		if err := release(tx, studioID, mediaID); err != nil {
			return err
		}
		return tx.SQL().Exec(`delete from media where studio_id = ? and id = ? and deleted_at is not null`, studioID, mediaID).Error
	})
}

func (s *Service) removeObjects(ctx context.Context, mediaID uuid.UUID) error {
	var keys []string
	if err := s.blobs.List(ctx, renditionPrefix(mediaID), func(e blob.Entry) error {
		keys = append(keys, e.Key)
		return nil
	}); err != nil {
		return err
	}
	for _, key := range append(keys, originalKey(mediaID)) {
		if err := s.blobs.Delete(ctx, key); err != nil {
			return err
		}
	}
	return nil
}

// dropArrivals removes what has arrived of an upload that was not finished.
func (s *Service) dropArrivals(ctx context.Context, studioID, mediaID uuid.UUID) error {
	var list []Upload
	err := s.db.TenantRead(ctx, studioID, func(r db.Reader) error {
		return r.SQL(ctx).Raw(`select * from uploads where studio_id = ? and id = ? and finished_at is null`, studioID, mediaID).Scan(&list).Error
	})
	for _, up := range list {
		place, perr := s.place(up)
		if perr == nil {
			perr = place.Drop(ctx, up.arriving())
		}
		err = errors.Join(err, perr)
	}
	return err
}
