package notices

import (
	"context"

	"github.com/google/uuid"

	"vitrine/app/platform/bus"
	"vitrine/app/platform/db"
	"vitrine/app/works"
)

// Names of the subscribers that follow what can be seen.
const (
	SubscriberWorkChanged     = "notifications.work_changed"
	SubscriberWorkUnpublished = "notifications.work_unpublished"
	SubscriberWorkDeleted     = "notifications.work_deleted"
	SubscriberStudioHidden    = "notifications.studio_hidden"
	SubscriberStudioShown     = "notifications.studio_shown"
)

// OnChanged follows a work that changed. Every line asks once more when it is
// shown; this, and what stands below, is for the number in the bell.
func (s *Service) OnChanged(ctx context.Context, env bus.Envelope) error {
	ev, err := bus.Decode[works.Changed](env)
	if err != nil {
		return err
	}
	return s.follow(ctx, ev.WorkID)
}

// OnUnpublished follows a work that left the public.
func (s *Service) OnUnpublished(ctx context.Context, env bus.Envelope) error {
	ev, err := bus.Decode[works.Unpublished](env)
	if err != nil {
		return err
	}
	return s.follow(ctx, ev.WorkID)
}

// OnDeleted follows a work that is gone.
func (s *Service) OnDeleted(ctx context.Context, env bus.Envelope) error {
	ev, err := bus.Decode[works.Deleted](env)
	if err != nil {
		return err
	}
	return s.follow(ctx, ev.WorkID)
}

// OnStudioHidden follows all works of a studio that was hidden.
func (s *Service) OnStudioHidden(ctx context.Context, env bus.Envelope) error {
	ev, err := bus.Decode[works.StudioHidden](env)
	if err != nil {
		return err
	}
	return s.followAll(ctx, ev.StudioID)
}

// OnStudioShown follows all works of a studio that is shown again.
func (s *Service) OnStudioShown(ctx context.Context, env bus.Envelope) error {
	ev, err := bus.Decode[works.StudioShown](env)
	if err != nil {
		return err
	}
	return s.followAll(ctx, ev.StudioID)
}

func (s *Service) followAll(ctx context.Context, studioID uuid.UUID) error {
	var told []uuid.UUID
	err := s.DB.Read(ctx).SQL(ctx).Raw(`select distinct work_id from notices where studio_id = ? and work_id is not null
		union select distinct ref_id from notice_parts where actor_id = ? and kind = ?`, studioID, studioID, Published).Scan(&told).Error
	if err != nil {
		return err
	}
	for _, workID := range told {
		if err := s.follow(ctx, workID); err != nil {
			return err
		}
	}
	return nil
}

// follow brings the notices of a work to how it stands now.
func (s *Service) follow(ctx context.Context, workID uuid.UUID) error {
	_, where, ok, err := s.work(ctx, workID)
	if err != nil {
		return err
	}
	own := public // a decision concerns its author, whoever else can see the work; an outcome names it no more
	if !ok {
		own = none
	}
	for {
		var rung []uuid.UUID
		err := s.DB.Transact(ctx, func(tx db.Tx) error {
			return tx.SQL().Raw(`update notices set standing = case kind when 'decision' then ? else ? end where id in (
				select id from notices where work_id = ? and kind <> 'report' and standing <> case kind when 'decision' then ? else ? end order by id limit ? for update) returning user_id`,
				own, where, workID, own, where, eraseBatch).Scan(&rung).Error
		})
		if err != nil {
			return err
		}
		s.ring(ctx, rung)
		if len(rung) < eraseBatch {
			break
		}
	}
	return s.drop(ctx, where != public, `ref_id = ? and kind = ?`, workID, Published)
}
