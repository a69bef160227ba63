package media

import (
	"context"
	"errors"

	"github.com/google/uuid"

	"vitrine/app/fault"
	"vitrine/app/media/withdrawn"
	"vitrine/app/platform/db"
)

// Expose opens or closes the renditions of files to the public. Only works
// calls it, in the transaction that changes what the public sees; from its
// commit on the files are served to everybody, or to members alone.
func (s *Service) Expose(ctx context.Context, tx db.Tx, studioID uuid.UUID, mediaIDs []uuid.UUID, open bool) error {
	if len(mediaIDs) == 0 {
		return nil
	}
	if !open {
		if err := withdrawn.Tell(ctx, tx, s.outbox, studioID, mediaIDs); err != nil {
			return err
		}
	}
	return tx.SQL().Exec(`update media set exposed = ?, version = version + 1, updated_at = ?
		where studio_id = ? and id = any(cast(? as uuid[])) and exposed <> ? and deleted_at is null`, open, tx.Now(), studioID, db.Array(mediaIDs), open).Error
}

// Delete removes files for good: at the commit they are gone for everybody, the
// public included; the objects and their place in the account follow. Who may
// do so, and whether a work still shows them, is the caller's to know. Files
// that are gone already are passed over.
func (s *Service) Delete(ctx context.Context, tx db.Tx, studioID uuid.UUID, mediaIDs []uuid.UUID) error {
	if len(mediaIDs) == 0 {
		return nil
	}
	if err := withdrawn.Tell(ctx, tx, s.outbox, studioID, mediaIDs); err != nil {
		return err
	}
	var rows []Media
	err := tx.SQL().Raw(`update media set deleted_at = ?, exposed = false, version = version + 1, updated_at = ?
		where studio_id is not distinct from ? and id in ? and deleted_at is null returning *`, tx.Now(), tx.Now(), studioID, mediaIDs).Scan(&rows).Error
	if err != nil {
		return err
	}
	for _, m := range rows {
		if err := s.outbox.Publish(ctx, tx, Deleted{m.fact()}); err != nil {
			return err
		}
	}
	return nil
}

// Retry starts a failed file again from its bytes, which are still there; sizes
// that exist are kept. A file that has not failed stays as it is, so a second
// click does nothing more. Forbidden unless the person edits there; NotFound when
// the file is gone.
func (s *Service) Retry(ctx context.Context, by Sender, mediaID uuid.UUID) (err error) {
	defer fault.Wrap(&err, "media.Retry(%s)", mediaID)
	return s.checkAgain(ctx, by, mediaID, StateFailed, func(m *Media) { m.Failure, m.Refused = "", false })
}

// KeepBoth decides a duplicate: its bytes become a media of their own ("upload
// anyway"). What is no duplicate stays as it is. Forbidden unless the person
// edits there; NotFound when the file is gone.
func (s *Service) KeepBoth(ctx context.Context, by Sender, mediaID uuid.UUID) (err error) {
	defer fault.Wrap(&err, "media.KeepBoth(%s)", mediaID)
	// A copy number says that it is wanted; which one is free is decided when it
	// is accepted.
	return s.checkAgain(ctx, by, mediaID, StateDuplicate, func(m *Media) { m.DuplicateOf, m.Copy = nil, 1 })
}

// checkAgain sends a file that stands in a state through the first step again.
func (s *Service) checkAgain(ctx context.Context, by Sender, mediaID uuid.UUID, from State, change func(m *Media)) error {
	return s.db.Tenant(ctx, by.StudioID, func(tx db.Tx) error {
		if err := by.hold(ctx, tx); err != nil {
			return err
		}
		m, err := lock(tx, by.StudioID, mediaID)
		if err != nil || m.State != from {
			return err
		}
		change(&m)
		m.State = StateChecking
		if err := save(tx, &m); err != nil {
			return err
		}
		return s.outbox.Publish(ctx, tx, Uploaded{m.fact()})
	})
}

// sameBytes is the constraint that two media of the same bytes and copy meet.
const sameBytes = "media_same"

var errNoTools = errors.New("this service was made without tools and runs no tasks")
