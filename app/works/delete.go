package works

import (
	"context"
	"slices"

	"github.com/google/uuid"

	"vitrine/app/fault"
	"vitrine/app/platform/bus"
	"vitrine/app/platform/db"
	"vitrine/app/platform/idem"
	"vitrine/app/studios"
)

// Delete removes a work for good, with the files that no other work holds. It is
// gone from every page at the commit. The page asks first; a repeat of the same
// key, and a work that is gone already, are no error.
func (s *Service) Delete(ctx context.Context, a Actor, t Target, key string) (err error) {
	defer fault.Wrap(&err, "works.Delete(%s%s)", t.PublicID, t.CreationKey)
	if err := a.Role.Check(studios.EditWorks); err != nil {
		return err
	}
	return s.db.Tenant(ctx, a.StudioID, func(tx db.Tx) error {
		if err := a.lock(ctx, tx); err != nil {
			return err
		}
		_, repeated, err := idem.Claim(ctx, tx, "works.delete:"+a.UserID.String(), key)
		if err != nil || repeated {
			return err
		}
		w, err := find(tx, a.StudioID, t)
		if err != nil {
			if fault.Is(err, fault.NotFound) {
				return nil
			}
			return err
		}
		c := &change{s: s, ctx: ctx, tx: tx, work: w}
		if err := c.remember(); err != nil {
			return err
		}
		return c.delete()
	})
}

func find(tx db.Tx, studioID uuid.UUID, t Target) (Work, error) {
	if t.PublicID != "" {
		return lockedWork(tx, studioID, t.PublicID)
	}
	return lockedByKey(tx, studioID, t.CreationKey)
}

func (c *change) delete() error {
	c.dropped = mediaIDs(c.items)
	c.items = nil
	if err := dropTags(c.tx, c.work.ID); err != nil {
		return err
	}
	if err := deleteWork(c.tx, c.work); err != nil {
		return err
	}
	if err := c.expose(); err != nil {
		return err
	}
	w := c.work
	events := []bus.Event{Deleted{w.StudioID, w.ID, w.Version + 1}}
	if w.Public() {
		events = slices.Insert(events, 0, bus.Event(Unpublished{w.StudioID, w.ID, w.Version + 1, w.Tags}))
	}
	return c.s.outbox.Publish(c.ctx, c.tx, events...)
}
