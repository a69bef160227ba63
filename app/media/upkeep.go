package media

import (
	"context"
	"database/sql"
	"errors"
	"log/slog"
	"strings"
	"time"

	"github.com/google/uuid"

	"vitrine/app/platform/blob"
	"vitrine/app/platform/db"
)

// stuckAfter is longer than any task of a file may take, its retries included:
// what still says "processing" then is worked on by nobody.
const stuckAfter = 6 * time.Hour

// upkeepBatch bounds one round; what is left comes with the next.
const upkeepBatch = 200

// Tidy finishes what a dead process left between two steps: uploads received
// but not handed on, and files that nobody works on any more, which become
// failed with a button. It bears repetition.
func (s *Service) Tidy(ctx context.Context) error {
	err := s.FinishStranded(ctx)
	var stuck []Media
	q := `select * from media where state in ('checking', 'processing') and updated_at < ? and deleted_at is null order by updated_at limit ?`
	if e := s.db.Read(ctx).SQL(ctx).Raw(q, s.clock().Add(-stuckAfter), upkeepBatch).Scan(&stuck).Error; e != nil {
		return errors.Join(err, e)
	}
	for _, m := range stuck {
		err = errors.Join(err, s.fail(ctx, m, "This took too long and was given up. Try again; the file is kept.", false))
	}
	return err
}

// Expire removes what waited too long for a person: uploads that nobody went on
// with, refused files, undecided duplicates; and forgets finished uploads.
func (s *Service) Expire(ctx context.Context) error {
	now := s.clock()
	var old []Media
	err := s.db.Read(ctx).SQL(ctx).Raw(`
		select m.id, m.studio_id from media m join uploads u on u.studio_id = m.studio_id and u.id = m.id
			where m.state = 'uploading' and u.expires_at < ? and u.updated_at < ? and m.deleted_at is null
		union all
		select id, studio_id from media where (state = 'duplicate' or state = 'failed' and refused) and updated_at < ? and deleted_at is null
		limit ?`, now, now.Add(-KeepFinished), now.Add(-KeepUndecided), upkeepBatch).Scan(&old).Error
	if err != nil {
		return err
	}
	for _, m := range old {
		if e := s.db.Tenant(ctx, m.StudioID, func(tx db.Tx) error { return s.Delete(ctx, tx, m.StudioID, ids(m.ID)) }); e != nil {
			err = errors.Join(err, e)
		}
	}
	return errors.Join(err, s.db.Transact(ctx, func(tx db.Tx) error {
		return tx.SQL().Exec(`delete from uploads where finished_at is not null and expires_at < ?`, now).Error
	}), s.sweepArrivals(ctx))
}

// sweepArrivals removes bytes of uploads that are no more.
func (s *Service) sweepArrivals(ctx context.Context) error {
	open := func(ctx context.Context, upload uuid.UUID) (yes bool, err error) {
		err = s.db.Read(ctx).SQL(ctx).Raw(`select exists (select from uploads where id = ? and finished_at is null)`, upload).Scan(&yes).Error
		return yes, err
	}
	var errs []error
	for _, p := range s.places {
		errs = append(errs, p.Sweep(ctx, s.clock(), open))
	}
	return errors.Join(errs...)
}

// Reconcile compares what each studio is said to store with what its rows hold,
// corrects the account where they differ and writes the correction down; then
// it removes objects that no row knows. It runs nightly, with the worker's role.
func (s *Service) Reconcile(ctx context.Context) error {
	var studios []uuid.UUID
	if err := s.db.Read(ctx).SQL(ctx).Raw(`select studio_id from storage_usage`).Scan(&studios).Error; err != nil {
		return err
	}
	var errs []error
	for _, studio := range studios {
		errs = append(errs, s.reconcileStudio(ctx, studio))
	}
	for _, store := range s.blobs.All() {
		errs = append(errs, s.sweepObjects(ctx, store, "original/"), s.sweepObjects(ctx, store, "rendition/"))
	}
	return errors.Join(errs...)
}

func (s *Service) reconcileStudio(ctx context.Context, studio uuid.UUID) error {
	return s.db.Tenant(ctx, studio, func(tx db.Tx) error {
		var said, have struct{ Used, Reserved int64 }
		// The row is locked first, so that no entry moves it while we count.
		if err := tx.SQL().Raw(`select used, reserved from storage_usage where studio_id = ? for update`, studio).Scan(&said).Error; err != nil {
			return err
		}
		if err := tx.SQL().Raw(`select
			coalesce((select sum(bytes) from media where studio_id = @studio and store <> ''), 0)
				+ coalesce((select sum(bytes) from renditions where studio_id = @studio), 0) as used,
			coalesce((select sum(bytes) from media where studio_id = @studio and store = ''), 0) as reserved`,
			sql.Named("studio", studio)).Scan(&have).Error; err != nil {
			return err
		}
		for _, x := range []struct {
			account string
			by      int64
		}{{accountUsed, have.Used - said.Used}, {accountReserved, have.Reserved - said.Reserved}} {
			if x.by == 0 {
				continue
			}
			s.log.LogAttrs(ctx, slog.LevelWarn, "A studio's storage account was wrong and is corrected",
				slog.String("studio", studio.String()), slog.String("account", x.account), slog.Int64("by", x.by))
			if err := correct(tx, studio, x.account, x.by); err != nil {
				return err
			}
		}
		return nil
	})
}

// sweepObjects removes objects that no row knows in a store: what a killed task
// put there and never told of, or what stayed behind when it was moved to another
// one. Those younger than a day may be on their way.
func (s *Service) sweepObjects(ctx context.Context, store blob.Store, prefix string) error {
	return store.List(ctx, prefix, func(e blob.Entry) error {
		if s.clock().Sub(e.ModTime) < 24*time.Hour {
			return nil
		}
		name, _, _ := strings.Cut(strings.TrimPrefix(e.Key, prefix), "/")
		mediaID, err := uuid.Parse(name)
		if err != nil {
			return nil //nolint:nilerr // not ours to judge
		}
		q := `select exists (select from renditions where media_id = ? and key = ? and store = ?)`
		if prefix == "original/" {
			q = `select exists (select from media where id = ? and ? <> '' and store in ('', ?))` // '': it arrives
		}
		var known bool
		if err := s.db.Read(ctx).SQL(ctx).Raw(q, mediaID, e.Key, store.Name()).Scan(&known).Error; err != nil || known {
			return err
		}
		s.log.LogAttrs(ctx, slog.LevelInfo, "An object that no row knows is removed", slog.String("key", e.Key))
		return store.Delete(ctx, e.Key)
	})
}
