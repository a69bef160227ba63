package analytics

import (
	"context"
	"time"

	"vitrine/app/engagement"
	"vitrine/app/fault"
	"vitrine/app/platform/bus"
	"vitrine/app/platform/db"
)

// OnLiked counts a like on its day.
func (s *Service) OnLiked(ctx context.Context, env bus.Envelope) (err error) {
	defer fault.Wrap(&err, "analytics.OnLiked")
	ev, err := bus.Decode[engagement.Liked](env)
	if err != nil {
		return err
	}
	return s.note(ctx, env, act{At: ev.At, StudioID: ev.StudioID, WorkID: ev.WorkID, Likes: 1})
}

// OnUnliked counts a like that was taken back, on the day of that.
func (s *Service) OnUnliked(ctx context.Context, env bus.Envelope) (err error) {
	defer fault.Wrap(&err, "analytics.OnUnliked")
	ev, err := bus.Decode[engagement.Unliked](env)
	if err != nil {
		return err
	}
	return s.note(ctx, env, act{At: ev.At, StudioID: ev.StudioID, WorkID: ev.WorkID, Likes: -1})
}

// OnFollowed counts a follower on their first day.
func (s *Service) OnFollowed(ctx context.Context, env bus.Envelope) (err error) {
	defer fault.Wrap(&err, "analytics.OnFollowed")
	ev, err := bus.Decode[engagement.Followed](env)
	if err != nil {
		return err
	}
	return s.note(ctx, env, act{At: ev.At, StudioID: ev.StudioID, Follows: 1})
}

// OnUnfollowed counts a follower who left, on the day of that.
func (s *Service) OnUnfollowed(ctx context.Context, env bus.Envelope) (err error) {
	defer fault.Wrap(&err, "analytics.OnUnfollowed")
	ev, err := bus.Decode[engagement.Unfollowed](env)
	if err != nil {
		return err
	}
	return s.note(ctx, env, act{At: ev.At, StudioID: ev.StudioID, Follows: -1})
}

// note keeps an act under its event's id: one that comes twice is one row, and
// two that come in another order make the same sum.
func (s *Service) note(ctx context.Context, env bus.Envelope, a act) error {
	return s.DB.Transact(ctx, func(tx db.Tx) error {
		added, err := insertAct(tx, env.ID, a)
		if err != nil || !added {
			return err
		}
		return insertMark(tx, a.StudioID, span{}.with(a.At.UTC().Truncate(time.Microsecond)))
	})
}
