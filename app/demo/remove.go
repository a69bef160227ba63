package demo

import (
	"context"
	"database/sql"
	"fmt"

	"github.com/google/uuid"

	"vitrine/app/analytics"
	"vitrine/app/analytics/ranking"
	"vitrine/app/fault"
	"vitrine/app/platform/bus"
	"vitrine/app/platform/db"
	"vitrine/app/works"
)

// OnUnwanted takes the demo data away, whose works are gone from every page
// already: the works, then, when media has removed their files, the studios and
// their people. It waits for media, and may be repeated.
func (s *Service) OnUnwanted(ctx context.Context, _ bus.Envelope) (err error) {
	defer fault.Wrap(&err, "demo.OnUnwanted")
	for {
		left, err := s.removeStudios(ctx)
		if err != nil {
			return err
		}
		if !left {
			break
		}
		if err := pause(ctx, lookEvery); err != nil {
			return err
		}
	}
	return s.DB.Transact(ctx, func(tx db.Tx) error {
		// A filling that is ending may have made a studio since.
		res := tx.SQL().Exec("update demo set state = ? where state = ? and not exists (select from demo_studios)", Removed, Removing)
		if res.Error != nil || res.RowsAffected == 0 {
			return res.Error
		}
		return s.forgetMembers(ctx, tx)
	})
}

// forgetMembers deletes the people who liked and commented. What they did went
// with the works.
func (s *Service) forgetMembers(ctx context.Context, tx db.Tx) error {
	members, err := membersOf(tx)
	if err != nil || len(members) == 0 {
		return err
	}
	for _, one := range members {
		if err := s.erasePerson(ctx, tx, one); err != nil {
			return err
		}
	}
	if err := tx.SQL().Exec("delete from users where id in ?", members).Error; err != nil {
		return err
	}
	return tx.SQL().Exec("delete from demo_members").Error
}

// removeStudios removes what can be removed right now.
func (s *Service) removeStudios(ctx context.Context) (left bool, err error) {
	var rows []struct{ StudioID, OwnerID uuid.UUID }
	if err := s.DB.Read(ctx).SQL(ctx).Raw("select studio_id, owner_id from demo_studios order by studio_id").Scan(&rows).Error; err != nil {
		return false, err
	}
	for _, r := range rows {
		st := studio{r.StudioID, r.OwnerID}
		if err := s.removeWorks(ctx, st); err != nil {
			return false, err
		}
		gone, err := s.removeStudio(ctx, st)
		if err != nil {
			return false, err
		}
		left = left || !gone
	}
	return left, nil
}

// removeWorks deletes what the studio shows. Works that a person made in a demo
// studio go too: the studio goes.
func (s *Service) removeWorks(ctx context.Context, st studio) error {
	var list []string
	err := s.DB.TenantRead(ctx, st.ID, func(r db.Reader) error {
		return r.SQL(ctx).Raw("select public_id from works where studio_id = ?", st.ID).Scan(&list).Error
	})
	if err != nil {
		return err
	}
	for _, publicID := range list {
		err := s.Works.Delete(ctx, st.actor(), works.Target{PublicID: publicID}, "demo-remove-"+publicID)
		if err != nil && !fault.Is(err, fault.NotFound) {
			return err
		}
	}
	return nil
}

// removeStudio deletes an empty studio. It is not gone while files are left.
func (s *Service) removeStudio(ctx context.Context, st studio) (gone bool, err error) {
	err = s.DB.Tenant(ctx, st.ID, func(tx db.Tx) error {
		// Nothing can be begun in a studio whose row is held.
		if err := tx.SQL().Exec("select from studios where id = ? for update", st.ID).Error; err != nil {
			return err
		}
		var files []uuid.UUID
		if err := tx.SQL().Raw("select id from media where studio_id = ?", st.ID).Scan(&files).Error; err != nil {
			return err
		}
		if len(files) > 0 {
			return s.Media.Delete(ctx, tx, st.ID, files)
		}
		var works int
		if err := tx.SQL().Raw("select count(*) from works where studio_id = ?", st.ID).Scan(&works).Error; err != nil || works > 0 {
			return err
		}
		gone = true
		for _, erase := range []func(context.Context, db.Tx, uuid.UUID) error{s.Engage.EraseStudio, s.Notices.EraseStudio, ranking.Erase, analytics.Erase} {
			if err := erase(ctx, tx, st.ID); err != nil {
				return err
			}
		}
		if err := s.erasePerson(ctx, tx, st.Owner); err != nil {
			return err
		}
		return s.forget(tx, st)
	})
	return gone, err
}

// erasePerson removes what somebody did and was told.
func (s *Service) erasePerson(ctx context.Context, tx db.Tx, userID uuid.UUID) error {
	if err := s.Engage.Erase(ctx, tx, userID); err != nil {
		return err
	}
	return s.Notices.EraseUser(ctx, tx, userID)
}

// forget deletes the rows of a studio that has neither works nor files.
func (s *Service) forget(tx db.Tx, st studio) error {
	named := []any{
		sql.Named("studio", st.ID), sql.Named("owner", st.Owner),
		sql.Named("file", fmt.Sprintf("media.begin:%s:%s", st.ID, st.Owner)), sql.Named("work", "works.%:"+st.Owner.String()),
	}
	for _, q := range []string{
		"delete from storage_ledger where studio_id = @studio",
		"delete from storage_usage where studio_id = @studio",
		"delete from studios where id = @studio", // memberships and slugs with it
		"delete from users where id = @owner",
		"delete from idempotency_keys where scope = @file or scope like @work",
		"delete from demo_studios where studio_id = @studio",
	} {
		if err := tx.SQL().Exec(q, named...).Error; err != nil {
			return err
		}
	}
	return nil
}
