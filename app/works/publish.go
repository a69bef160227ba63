package works

import (
	"context"

	"vitrine/app/fault"
)

// Publish shows a work to everybody. Any editor may, from every state; what is
// published already stays so. A work without title is called after its first
// file. The date of the first publication stays when a work returns.
// The gate may hold the work back; for one that a moderator took down it asks
// the moderators to look again.
//
// Invalid when no picture is usable yet. Idempotent by key.
func (s *Service) Publish(ctx context.Context, a Actor, t Target, e *Edit, key string) (w Work, err error) {
	defer fault.Wrap(&err, "works.Publish(%s%s)", t.PublicID, t.CreationKey)
	return s.change(ctx, a, t, e, "publish", key, func(c *change) error { return c.publish() })
}

func (c *change) publish() error {
	if err := c.mustShow("publish"); err != nil {
		return err
	}
	c.askAgain()
	c.work.State, c.work.PublishAt = StatePublished, nil
	if c.work.PublishedAt == nil {
		now := c.tx.Now()
		c.work.PublishedAt = &now
	}
	return nil
}

// mustShow refuses to open a work of which nothing can be seen yet.
func (c *change) mustShow(verb string) error {
	if c.work.Visible() && c.work.MediaCount > 0 {
		return nil
	}
	usable, err := c.s.files.Usable(c.ctx, c.tx.Reader(), c.work.StudioID, mediaIDs(c.items))
	if err != nil {
		return err
	}
	for _, item := range c.items {
		if usable[item.MediaID] {
			return nil
		}
	}
	if len(c.items) == 0 {
		return fault.Field(FieldFiles, "Add a photo or a film first; then you can "+verb+" the work.")
	}
	return fault.Field(FieldFiles, "None of the files is ready yet. As soon as the first one is, you can "+verb+" the work; what you typed is saved with the next press.")
}

// Unlist shows a work to whoever has its link and takes it from every wall, feed
// and search. Invalid when no picture is usable yet. Idempotent by key.
func (s *Service) Unlist(ctx context.Context, a Actor, t Target, e *Edit, key string) (w Work, err error) {
	defer fault.Wrap(&err, "works.Unlist(%s%s)", t.PublicID, t.CreationKey)
	return s.change(ctx, a, t, e, "unlist", key, func(c *change) error {
		if err := c.mustShow("share"); err != nil {
			return err
		}
		c.askAgain()
		c.work.State, c.work.PublishAt = StateUnlisted, nil
		return nil
	})
}

// Archive keeps a work for the studio alone. It is gone from every page at the
// commit. Idempotent by key.
func (s *Service) Archive(ctx context.Context, a Actor, t Target, e *Edit, key string) (w Work, err error) {
	defer fault.Wrap(&err, "works.Archive(%s%s)", t.PublicID, t.CreationKey)
	return s.change(ctx, a, t, e, "archive", key, func(c *change) error {
		c.work.State, c.work.PublishAt = StateArchived, nil
		return nil
	})
}

// Unpublish makes a work a draft again; a scheduled one loses its date. It is
// gone from every page at the commit. Idempotent by key.
func (s *Service) Unpublish(ctx context.Context, a Actor, t Target, e *Edit, key string) (w Work, err error) {
	defer fault.Wrap(&err, "works.Unpublish(%s%s)", t.PublicID, t.CreationKey)
	return s.change(ctx, a, t, e, "unpublish", key, func(c *change) error {
		c.work.State, c.work.PublishAt = StateDraft, nil
		return nil
	})
}
