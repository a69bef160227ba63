package works

import (
	"context"

	"github.com/google/uuid"

	"vitrine/app/fault"
	"vitrine/app/media"
	"vitrine/app/platform/db"
)

// What moderators need of works that are hidden. All of it needs the worker's
// handle, or the studio's scope where a transaction is given.

// Held reads a work in a transaction of the caller, whatever its state, and
// holds it still until the end. NotFound when it is gone.
func (s *Service) Held(_ context.Context, tx db.Tx, studioID, workID uuid.UUID) (w Work, err error) {
	defer fault.Wrap(&err, "works.Held(%s)", workID)
	return lockedByID(tx, studioID, workID)
}

// MarkSensitive covers a work until a visitor asks, whatever its author ticks.
// Taken back, it stays covered until the author unticks it. Its transaction is
// that of SetHidden. It may be repeated; a work that is gone is no error.
func (s *Service) MarkSensitive(ctx context.Context, tx db.Tx, studioID, workID uuid.UUID, on bool) (err error) {
	defer fault.Wrap(&err, "works.MarkSensitive(%s, %t)", workID, on)
	if err := lockStudio(tx, studioID); err != nil {
		return err
	}
	return s.changeOne(ctx, tx, studioID, workID, func(c *change) { c.work.Sensitive, c.work.SensitiveHeld = c.work.Sensitive || on, on })
}

// AnyByIDs finds works of any studio and state with the pictures of their
// covers, by the cover's id, exposed or not. Works that are gone are missing.
// Two queries.
func (s *Service) AnyByIDs(ctx context.Context, ids []uuid.UUID) (found map[uuid.UUID]Work, covers map[uuid.UUID]media.Picture, err error) {
	defer fault.Wrap(&err, "works.AnyByIDs(%d)", len(ids))
	found = make(map[uuid.UUID]Work, len(ids))
	if len(ids) == 0 {
		return found, nil, nil
	}
	rows, err := anyByIDs(ctx, s.db.Read(ctx), ids)
	if err != nil {
		return nil, nil, err
	}
	for _, w := range rows {
		found[w.ID] = w
	}
	covers, err = s.files.AnyPictures(ctx, s.db.Read(ctx), coversOf(rows))
	return found, covers, err
}

// CountBefore is Post.Before as it is now.
func (s *Service) CountBefore(ctx context.Context, w Work) (n int, err error) {
	defer fault.Wrap(&err, "works.CountBefore(%s)", w.ID)
	return countBefore(ctx, s.db.Read(ctx), w)
}

// Holders gives the works of a studio that hold a file.
func (s *Service) Holders(ctx context.Context, studioID, mediaID uuid.UUID) (ids []uuid.UUID, err error) {
	defer fault.Wrap(&err, "works.Holders(%s)", mediaID)
	return holders(ctx, s.db.Read(ctx), studioID, mediaID)
}

// PicturesOf gives the pictures of a bench, exposed or not, by the file's id.
func (s *Service) PicturesOf(ctx context.Context, b Bench) (found map[uuid.UUID]media.Picture, err error) {
	defer fault.Wrap(&err, "works.PicturesOf(%s)", b.Work.ID)
	return s.files.AnyPictures(ctx, s.db.Read(ctx), mediaIDs(b.Items))
}
