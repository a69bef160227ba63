package engagement

import (
	"context"

	"github.com/google/uuid"

	"vitrine/app/fault"
	"vitrine/app/platform/bus"
	"vitrine/app/platform/db"
	"vitrine/app/studios"
)

// partBatch is how many marks one transaction takes back at most.
const partBatch = 500

// OnBlocked takes back what ties a blocked person to the studios that the blocker
// owns or administers: follows and likes, each told as if the person had done it.
// A block that was lifted by now changes nothing. It needs the worker's handle and
// may be repeated.
func (s *Service) OnBlocked(ctx context.Context, env bus.Envelope) (err error) {
	defer fault.Wrap(&err, "engagement.OnBlocked(%s)", env.ID)
	ev, err := bus.Decode[Blocked](env)
	if err != nil {
		return err
	}
	of, err := s.studios.OfMember(ctx, ev.BlockerID)
	if err != nil {
		return err
	}
	var governed []uuid.UUID
	for _, m := range of {
		if m.Role == studios.Owner || m.Role == studios.Admin {
			governed = append(governed, m.StudioID)
		}
	}
	for n := partBatch; len(governed) > 0 && n == partBatch; {
		err := s.db.Transact(ctx, func(tx db.Tx) (err error) {
			n, err = s.part(ctx, tx, ev, governed)
			return err
		})
		if err != nil {
			return err
		}
	}
	return nil
}

// part takes back some, and says how many.
func (s *Service) part(ctx context.Context, tx db.Tx, ev Blocked, governed []uuid.UUID) (n int, err error) {
	stands, err := holdBlock(tx, ev.BlockerID, ev.BlockedID)
	if err != nil || !stands {
		return 0, err
	}
	left, err := deleteFollows(tx, ev.BlockedID, governed)
	if err != nil {
		return 0, err
	}
	unliked, err := deleteLikes(tx, ev.BlockedID, governed, partBatch)
	if err != nil {
		return 0, err
	}
	var told []bus.Event
	for _, studioID := range left {
		told = append(told, Unfollowed{StudioID: studioID, UserID: ev.BlockedID, At: tx.Now()})
	}
	for _, l := range unliked {
		told = append(told, Unliked{WorkID: l.WorkID, StudioID: l.StudioID, UserID: ev.BlockedID, At: tx.Now()})
	}
	if len(told) == 0 {
		return 0, nil
	}
	return len(unliked), s.outbox.Publish(ctx, tx, told...)
}
