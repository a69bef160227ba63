package media

import (
	"context"
	"errors"

	"github.com/google/uuid"

	"vitrine/app/fault"
	"vitrine/app/media/arriving"
	"vitrine/app/platform/db"
)

func ids(list ...uuid.UUID) []uuid.UUID { return list }

// arriving is the upload as its place knows it.
func (up Upload) arriving() arriving.Upload {
	return arriving.Upload{ID: up.ID, Key: originalKey(up.ID), Size: up.Size, Received: up.Received, Handle: up.Handle}
}

// commit makes bytes up to a position count. It names the fence of the lease: a
// holder that lost it changes nothing and learns so. The lock's row is shared
// until the commit, so that nobody takes the lock between the two.
func (s *Service) commit(ctx context.Context, l *lease, received int64, handle string) error {
	return s.db.Tenant(ctx, l.sender.StudioID, func(tx db.Tx) error {
		if err := l.sender.hold(ctx, tx); err != nil {
			return err
		}
		var fence int64
		if err := tx.SQL().Raw(`select fence from upload_locks where upload_id = ? for share`, l.upload).Scan(&fence).Error; err != nil {
			return err
		}
		if fence != l.fence {
			l.lost.Store(true)
			return errLeaseLost
		}
		res := tx.SQL().Exec(`update uploads set received = ?, handle = ?, updated_at = ? where studio_id = ? and id = ? and finished_at is null`,
			received, handle, tx.Now(), l.sender.StudioID, l.upload)
		if res.Error == nil && res.RowsAffected == 0 {
			return fault.New(fault.NotFound, gone) // cancelled in another window
		}
		return res.Error
	})
}

// finish moves the bytes of a received upload into the store and hands the file
// on. First the store, then the transaction: killed in between, the row still
// says "uploading" with all bytes received, and whoever comes by (the browser's
// next question, or FinishStranded) does the rest. Both halves bear repetition.
func (s *Service) finish(ctx context.Context, up Upload) (err error) {
	defer fault.Wrap(&err, "media.finish(%s)", up.ID)
	place, err := s.place(up)
	if err != nil {
		return err
	}
	store, err := place.Finish(ctx, up.arriving())
	if err != nil {
		return err
	}
	return s.db.Tenant(ctx, up.StudioID, func(tx db.Tx) error {
		m, err := lock(tx, up.StudioID, up.ID)
		if err != nil {
			if fault.Is(err, fault.NotFound) {
				return fault.Caused(fault.NotFound, gone, err)
			}
			return err
		}
		if m.State != StateUploading {
			return nil
		}
		if err := tx.SQL().Exec(`update uploads set finished_at = ?, updated_at = ?, expires_at = ? where studio_id = ? and id = ?`,
			tx.Now(), tx.Now(), tx.Now().Add(KeepFinished), up.StudioID, up.ID).Error; err != nil {
			return err
		}
		if err := book(tx, m.StudioID, m.ID, accountReserved, entryRelease, "", -m.Bytes); err != nil {
			return err
		}
		if err := book(tx, m.StudioID, m.ID, accountUsed, entryOriginal, "", m.Bytes); err != nil {
			return err
		}
		m.State, m.Store = StateChecking, store
		if err := save(tx, &m); err != nil {
			return err
		}
		return s.outbox.Publish(ctx, tx, Uploaded{m.fact()})
	})
}

// FinishStranded finishes uploads whose last byte was received by a process
// that died before it could hand them on. It runs at the start and each minute,
// with the worker's role. One that is being finished right now is left alone
// as long as its lease may last.
func (s *Service) FinishStranded(ctx context.Context) error {
	var list []Upload
	err := s.db.Read(ctx).SQL(ctx).Raw(`select u.* from uploads u join media m on m.studio_id = u.studio_id and m.id = u.id
		where u.finished_at is null and u.received = u.size and u.updated_at < ? and m.deleted_at is null order by u.updated_at limit 100`,
		s.clock().Add(-strandedAfter)).Scan(&list).Error
	if err != nil {
		return err
	}
	var errs []error
	for _, up := range list {
		if err := s.finish(ctx, up); err != nil && !errors.Is(err, arriving.ErrIncomplete) {
			errs = append(errs, err)
		}
	}
	return errors.Join(errs...)
}

const strandedAfter = leaseTime + leaseSkew
