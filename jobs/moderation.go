package jobs

import (
	"context"

	"github.com/google/uuid"

	"vitrine/app/fault"
	"vitrine/app/moderation"
	"vitrine/app/notifications"
	"vitrine/app/platform/bus"
	"vitrine/app/studios"
	"vitrine/app/works"
)

// Moderation tells people what moderators did. Its services have the worker's
// handle; notifications and moderation do not know each other.
type Moderation struct {
	Service *moderation.Service
	Studios *studios.Service
	Works   *works.Service
	Mails   *notifications.Service
}

// OnDecided tells the author of a work what was decided about it. A work that is
// gone by now needs no mail.
func (m Moderation) OnDecided(ctx context.Context, env bus.Envelope) error {
	ev, err := bus.Decode[moderation.Decided](env)
	if err != nil {
		return err
	}
	r, err := m.Service.ByID(ctx, ev.ReviewID)
	if err != nil {
		return unlessGone(err)
	}
	st, err := m.Studios.ByID(ctx, r.StudioID)
	if err != nil {
		return unlessGone(err)
	}
	found, _, err := m.Works.AnyByIDs(ctx, []uuid.UUID{r.WorkID})
	if err != nil {
		return err
	}
	w, ok := found[r.WorkID]
	if !ok {
		return nil
	}
	return m.Mails.ReviewDecided(ctx, env, notifications.Decision{
		To: r.AskedBy, Approved: r.State == moderation.Approved, Note: r.Note, Path: "/studio/" + st.Slug + "/works/" + w.PublicID,
	})
}

// OnStudioSuspended tells the owner, unless the studio is back already.
func (m Moderation) OnStudioSuspended(ctx context.Context, env bus.Envelope) error {
	ev, err := bus.Decode[studios.Suspended](env)
	if err != nil {
		return err
	}
	n, suspended, err := m.shut(ctx, ev.StudioID)
	if err != nil || !suspended {
		return unlessGone(err)
	}
	return m.Mails.StudioSuspended(ctx, env, n)
}

// OnStudioReinstated tells the owner, unless it was suspended again.
func (m Moderation) OnStudioReinstated(ctx context.Context, env bus.Envelope) error {
	ev, err := bus.Decode[studios.Reinstated](env)
	if err != nil {
		return err
	}
	n, suspended, err := m.shut(ctx, ev.StudioID)
	if err != nil || suspended {
		return unlessGone(err)
	}
	return m.Mails.StudioReinstated(ctx, env, n)
}

func (m Moderation) shut(ctx context.Context, studioID uuid.UUID) (n notifications.StudioShut, suspended bool, err error) {
	st, err := m.Studios.EntryByID(ctx, studioID)
	if err != nil {
		return n, false, err
	}
	members, err := m.Studios.Members(ctx, studioID)
	if err != nil {
		return n, false, err
	}
	n = notifications.StudioShut{Reason: st.SuspendedReason, Path: "/studio/" + st.Slug}
	for _, member := range members {
		if member.Role == studios.Owner {
			n.Owner = member.UserID
		}
	}
	return n, st.SuspendedAt != nil, nil
}

// unlessGone is nil for what does not exist any more.
func unlessGone(err error) error {
	if fault.Is(err, fault.NotFound) {
		return nil
	}
	return err
}
