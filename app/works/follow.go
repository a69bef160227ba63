package works

import (
	"context"
	"slices"

	"github.com/google/uuid"

	"vitrine/app/fault"
	"vitrine/app/platform/db"
)

// MediaUsable reacts to a file that became usable, or stopped being so: covers
// and counts of the works that hold it follow. It may be repeated.
func (s *Service) MediaUsable(ctx context.Context, studioID, mediaID uuid.UUID) (err error) {
	defer fault.Wrap(&err, "works.MediaUsable(%s)", mediaID)
	return s.db.Tenant(ctx, studioID, func(tx db.Tx) error {
		return s.eachHolder(ctx, tx, studioID, mediaID, func(c *change) { c.stirred = true })
	})
}

// changeOne alters a work by its id; one that is gone by now is passed over.
func (s *Service) changeOne(ctx context.Context, tx db.Tx, studioID, workID uuid.UUID, do func(c *change)) error {
	w, err := lockedByID(tx, studioID, workID)
	if fault.Is(err, fault.NotFound) {
		return nil
	}
	if err != nil {
		return err
	}
	c := &change{s: s, ctx: ctx, tx: tx, by: w.CreatedBy, work: w}
	if err := c.remember(); err != nil {
		return err
	}
	do(c)
	return c.commit()
}

// MediaGone reacts to a file that was deleted, by whomever: it leaves the works
// that hold it. It may be repeated.
func (s *Service) MediaGone(ctx context.Context, studioID, mediaID uuid.UUID) (err error) {
	defer fault.Wrap(&err, "works.MediaGone(%s)", mediaID)
	return s.db.Tenant(ctx, studioID, func(tx db.Tx) error {
		return s.eachHolder(ctx, tx, studioID, mediaID, func(c *change) {
			if i := c.find(mediaID); i >= 0 {
				c.items = slices.Delete(c.items, i, i+1)
			}
		})
	})
}

// eachHolder changes the works that hold a file.
func (s *Service) eachHolder(ctx context.Context, tx db.Tx, studioID, mediaID uuid.UUID, do func(c *change)) error {
	var holders []uuid.UUID
	err := tx.SQL().Raw(`select work_id from work_media where studio_id = ? and media_id = ? order by work_id`, studioID, mediaID).Scan(&holders).Error
	if err != nil {
		return err
	}
	for _, workID := range holders {
		if err := s.changeOne(ctx, tx, studioID, workID, do); err != nil {
			return err
		}
	}
	return nil
}
