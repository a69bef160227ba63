package demo

import (
	"context"
	"errors"
	"fmt"

	"github.com/google/uuid"

	"vitrine/app/fault"
	"vitrine/app/platform/bus"
	"vitrine/app/platform/db"
	"vitrine/app/works"
)

// errRemaining makes the queue come back: objects are removed by others.
var errRemaining = errors.New("files of the demo data are still being removed")

// OnUnwanted takes the demo data away: works first, at once gone from every
// page, then, when their files are removed, the studios and their people. It
// may be repeated.
func (s *Service) OnUnwanted(ctx context.Context, _ bus.Envelope) (err error) {
	defer fault.Wrap(&err, "demo.OnUnwanted")
	var rows []struct{ StudioID, OwnerID uuid.UUID }
	if err := s.DB.Read(ctx).SQL(ctx).Raw("select studio_id, owner_id from demo_studios").Scan(&rows).Error; err != nil {
		return err
	}
	left := false
	for _, r := range rows {
		if err := s.removeWorks(ctx, studio{r.StudioID, r.OwnerID}); err != nil {
			return err
		}
		gone, err := s.removeStudio(ctx, studio{r.StudioID, r.OwnerID})
		if err != nil {
			return err
		}
		left = left || !gone
	}
	if left {
		return errRemaining
	}
	return s.DB.Transact(ctx, func(tx db.Tx) error {
		return tx.SQL().Exec("update demo set state = ? where state = ?", Removed, Removing).Error
	})
}

// removeWorks deletes what the studio shows. Works that a person made in a demo
// studio go too: the studio goes.
func (s *Service) removeWorks(ctx context.Context, st studio) error {
	var keys []string
	err := s.DB.TenantRead(ctx, st.ID, func(r db.Reader) error {
		return r.SQL(ctx).Raw("select creation_key from works where studio_id = ?", st.ID).Scan(&keys).Error
	})
	if err != nil {
		return err
	}
	for _, k := range keys {
		err := s.Works.Delete(ctx, st.actor(), works.Target{CreationKey: k}, fmt.Sprintf("demo-remove-%s", k))
		if err != nil && !fault.Is(err, fault.NotFound) {
			return err
		}
	}
	return nil
}

// removeStudio deletes an empty studio. It is not gone while files are left.
func (s *Service) removeStudio(ctx context.Context, st studio) (gone bool, err error) {
	err = s.DB.Tenant(ctx, st.ID, func(tx db.Tx) error {
		var files []uuid.UUID
		if err := tx.SQL().Raw("select id from media where studio_id = ?", st.ID).Scan(&files).Error; err != nil {
			return err
		}
		if len(files) > 0 {
			return s.Media.Delete(ctx, tx, st.ID, files)
		}
		gone = true
		for _, q := range []string{
			"delete from storage_ledger where studio_id = @studio",
			"delete from storage_usage where studio_id = @studio",
			"delete from studios where id = @studio", // memberships and slugs with it
			"delete from users where id = @owner",
			"delete from demo_studios where studio_id = @studio",
		} {
			if err := tx.SQL().Exec(q, map[string]any{"studio": st.ID, "owner": st.Owner}).Error; err != nil {
				return err
			}
		}
		return nil
	})
	return gone, err
}
