package works

import (
	"context"
	"slices"

	"github.com/google/uuid"

	"vitrine/app/fault"
	"vitrine/app/platform/bus"
	"vitrine/app/platform/db"
	"vitrine/app/platform/id"
	"vitrine/app/platform/idem"
	"vitrine/app/studios"
	"vitrine/app/works/naming"
)

// change is a work inside the one transaction of a use case: the use case alters
// work and items, commit writes what follows from that.
type change struct {
	s       *Service
	ctx     context.Context //nolint:containedctx // lives as long as the transaction
	tx      db.Tx
	by      uuid.UUID // who acts; the product itself acts for whoever made the work
	work    Work
	before  Work
	items   []Item
	stored  []Item
	dropped []uuid.UUID // files that left the work
	created bool
	stirred bool // something outside the row changed, such as a file that became usable
	asked   bool // the author asks a moderator to look again
}

// change opens the target in the studio's scope, saves what was typed, lets the
// use case act and commits. A key makes the action happen once: on a repeat
// nothing is done and the work is returned as it is by now. An empty key is for
// actions that may be repeated.
func (s *Service) change(ctx context.Context, a Actor, t Target, e *Edit, action, key string, do func(c *change) error) (w Work, err error) {
	if err := a.Role.Check(studios.EditWorks); err != nil {
		return Work{}, err
	}
	err = s.db.Tenant(ctx, a.StudioID, func(tx db.Tx) error {
		if err := a.lock(ctx, tx); err != nil {
			return err
		}
		scope := "works." + action + ":" + a.UserID.String()
		if key != "" {
			prior, repeated, err := idem.Claim(ctx, tx, scope, key)
			if err != nil {
				return err
			}
			if repeated {
				w, err = storedWork(tx.Reader(), ctx, a.StudioID, prior)
				return err
			}
		}
		c, err := s.open(ctx, tx, a, t)
		if err != nil {
			return err
		}
		if e != nil {
			if err := c.save(*e); err != nil {
				return err
			}
		}
		if err := do(c); err != nil {
			return err
		}
		if err := c.commit(); err != nil {
			return err
		}
		w = c.work
		if key == "" {
			return nil
		}
		return idem.Finish(ctx, tx, scope, key, w.PublicID)
	})
	return w, err
}

// lockStudio lets one change of a studio's works happen at a time. Two works may
// hold the same file, and whether it stays exposed depends on both: without the
// lock one could close what the other has just opened.
func lockStudio(tx db.Tx, studioID uuid.UUID) error {
	return tx.SQL().Exec("select pg_advisory_xact_lock(hashtextextended(?, 6))", studioID.String()).Error
}

// open locks the target's row, or makes it when the target is a creation key
// that nobody has used yet.
func (s *Service) open(ctx context.Context, tx db.Tx, a Actor, t Target) (*change, error) {
	c := &change{s: s, ctx: ctx, tx: tx, by: a.UserID}
	var err error
	if t.PublicID != "" {
		c.work, err = lockedWork(tx, a.StudioID, t.PublicID)
	} else {
		c.work, c.created, err = ensureWork(tx, a, t.CreationKey)
	}
	if err != nil {
		return nil, err
	}
	err = c.remember()
	return c, err
}

// remember notes how the work was before the use case.
func (c *change) remember() (err error) {
	c.before = c.work
	c.before.Tags = slices.Clone(c.work.Tags)
	c.stored, err = itemsOf(c.tx, c.work.ID)
	c.items = slices.Clone(c.stored)
	return err
}

func ensureWork(tx db.Tx, a Actor, key string) (w Work, created bool, err error) {
	if !idem.Valid(key) {
		return Work{}, false, fault.New(fault.NotFound, "This address of a new work has a slip in it. Start a new work from your studio.")
	}
	created, err = insertDraft(tx, Work{ID: id.New(), StudioID: a.StudioID, PublicID: id.Public(), CreationKey: key, CreatedBy: a.UserID})
	if err != nil {
		return Work{}, false, err
	}
	w, err = lockedByKey(tx, a.StudioID, key)
	return w, created, err
}

// commit writes the work and everything that follows from it: order, cover,
// tags, exposure, events.
func (c *change) commit() error {
	if !c.stirred && !c.created && slices.Equal(c.items, c.stored) && sameWork(c.work, c.before) {
		return nil
	}
	if err := c.chooseCover(); err != nil {
		return err
	}
	if err := c.pass(); err != nil {
		return err
	}
	for i := range c.items {
		c.items[i].Position = i
	}
	itemsChanged := !slices.Equal(c.items, c.stored)
	if itemsChanged {
		if err := storeItems(c.tx, c.work, c.items); err != nil {
			return err
		}
	}
	c.work.Slug = naming.Slug(c.work.Title)
	c.work.Version++
	c.work.UpdatedAt = c.tx.Now()
	if err := updateWork(c.tx, c.work); err != nil {
		return err
	}
	if err := c.keepTags(); err != nil {
		return err
	}
	if itemsChanged || c.work.Visible() != c.before.Visible() {
		if err := c.expose(); err != nil {
			return err
		}
	}
	return c.s.outbox.Publish(c.ctx, c.tx, c.events()...)
}

// chooseCover takes the first usable picture. A usable file that waits for the
// place of another gets it first. The last picture of a visible work stays.
func (c *change) chooseCover() error {
	usable, err := c.s.files.Usable(c.ctx, c.tx.Reader(), c.work.StudioID, mediaIDs(c.items))
	if err != nil {
		return err
	}
	c.succeed(usable)
	c.work.CoverID, c.work.CoverAlt, c.work.CoverFocal, c.work.MediaCount = nil, "", 0, 0
	for _, item := range c.items {
		if !usable[item.MediaID] {
			continue
		}
		if c.work.CoverID == nil {
			cover := item.MediaID
			c.work.CoverID, c.work.CoverAlt, c.work.CoverFocal = &cover, item.Alt, item.Focal
		}
		c.work.MediaCount++
	}
	if len(c.dropped) > 0 && c.work.Visible() && c.before.Visible() && c.work.MediaCount == 0 && c.before.MediaCount > 0 {
		return fault.Field(FieldFiles, "This is the last picture of a work that people can see. Add another first, or make the work a draft.")
	}
	return nil
}

// succeed lets files take the places they wait for, as far as they are usable.
func (c *change) succeed(usable map[uuid.UUID]bool) {
	for i := 0; i < len(c.items); i++ {
		old := c.items[i].Replaces
		if !old.Valid || !usable[c.items[i].MediaID] {
			continue
		}
		c.items[i].Replaces = uuid.NullUUID{}
		if j := c.find(old.UUID); j >= 0 {
			c.drop(j)
			if j <= i {
				i--
			}
		}
	}
}

// keepTags holds the public tag rows in step with the work.
func (c *change) keepTags() error {
	was, is := c.before.Public(), c.work.Public()
	if !is {
		if !was {
			return nil
		}
		return dropTags(c.tx, c.work.ID)
	}
	if was && slices.Equal(c.before.Tags, c.work.Tags) {
		return nil
	}
	return storeTags(c.tx, c.work)
}

// expose opens the work's files when the work is visible, and closes those that
// no other visible work holds when it is not. Files that left the work and are
// in no other are deleted.
func (c *change) expose() error {
	here := mediaIDs(c.items)
	all := append(slices.Clone(here), c.dropped...)
	if len(all) == 0 {
		return nil
	}
	shown, held, err := elsewhere(c.tx, c.work, all)
	if err != nil {
		return err
	}
	var open, shut, gone []uuid.UUID
	for _, m := range here {
		if c.work.Visible() || shown[m] {
			open = append(open, m)
		} else {
			shut = append(shut, m)
		}
	}
	for _, m := range c.dropped {
		switch {
		case !held[m]:
			gone = append(gone, m)
		case !shown[m]:
			shut = append(shut, m)
		}
	}
	if len(open) > 0 {
		if err := c.s.files.Expose(c.ctx, c.tx, c.work.StudioID, open, true); err != nil {
			return err
		}
	}
	if len(shut) > 0 {
		if err := c.s.files.Expose(c.ctx, c.tx, c.work.StudioID, shut, false); err != nil {
			return err
		}
	}
	if len(gone) > 0 {
		return c.s.files.Delete(c.ctx, c.tx, c.work.StudioID, gone)
	}
	return nil
}

// events tells what the change was, seen from outside the studio.
func (c *change) events() []bus.Event {
	w := c.work
	switch was, is := c.before.Public(), w.Public(); {
	case is && !was:
		return []bus.Event{Published{w.StudioID, w.ID, w.Version, w.Tags}}
	case was && !is:
		return []bus.Event{Unpublished{w.StudioID, w.ID, w.Version, c.before.Tags}}
	case w.State.Reachable():
		return []bus.Event{Changed{w.StudioID, w.ID, w.Version, naming.Moved(c.before.Tags, w.Tags)}}
	}
	return nil
}

// find gives the place of a file in the work; -1 when it is not there.
func (c *change) find(mediaID uuid.UUID) int {
	return slices.IndexFunc(c.items, func(i Item) bool { return i.MediaID == mediaID })
}

// drop takes the item at place i out of the work.
func (c *change) drop(i int) {
	c.dropped = append(c.dropped, c.items[i].MediaID)
	c.items = slices.Delete(c.items, i, i+1)
}

func mediaIDs(items []Item) []uuid.UUID {
	out := make([]uuid.UUID, len(items))
	for i, item := range items {
		out[i] = item.MediaID
	}
	return out
}
