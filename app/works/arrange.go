package works

import (
	"context"
	"slices"

	"github.com/google/uuid"

	"vitrine/app/fault"
)

const fileGone = "This file is not in the work any more. Somebody may have removed it; nothing else was changed."

// RemoveMedia takes a file out of a work. A file that no other work holds is
// deleted for good and its room is free again. A repeat does nothing.
func (s *Service) RemoveMedia(ctx context.Context, a Actor, t Target, e *Edit, mediaID uuid.UUID, key string) (w Work, err error) {
	defer fault.Wrap(&err, "works.RemoveMedia(%s, %s)", t.PublicID, mediaID)
	return s.change(ctx, a, t, e, "remove", key, func(c *change) error {
		if i := c.find(mediaID); i >= 0 {
			c.drop(i)
		}
		return nil
	})
}

// ReplaceMedia puts another file of the studio in the place of one; the place,
// the alt text, the caption and the focal point stay. If the new file is in the
// work already, it moves there. In a work that people can see, the old file
// stays until the new one is usable. NotFound when the old one has left the work.
func (s *Service) ReplaceMedia(ctx context.Context, a Actor, t Target, e *Edit, oldID, newID uuid.UUID, key string) (w Work, err error) {
	defer fault.Wrap(&err, "works.ReplaceMedia(%s, %s)", t.PublicID, oldID)
	return s.change(ctx, a, t, e, "replace", key, func(c *change) error { return c.replace(oldID, newID) })
}

func (c *change) replace(oldID, newID uuid.UUID) error {
	if c.find(oldID) < 0 {
		return fault.New(fault.NotFound, fileGone)
	}
	if oldID == newID {
		return nil
	}
	file, err := c.mustOwn(newID)
	if err != nil {
		return err
	}
	next := Item{MediaID: newID, Filename: file.Filename}
	if i := c.find(newID); i >= 0 {
		c.items = slices.Delete(c.items, i, i+1)
	}
	i := c.find(oldID)
	next.Alt, next.Caption, next.Focal = c.items[i].Alt, c.items[i].Caption, c.items[i].Focal
	if c.work.Visible() && !file.Usable {
		next.Replaces = uuid.NullUUID{UUID: oldID, Valid: true}
		c.items = slices.Insert(c.items, i+1, next)
		return nil
	}
	c.dropped = append(c.dropped, oldID)
	c.items[i] = next
	return nil
}

// Move changes places with the neighbour: by -1 towards the front, by 1 towards
// the end. At either end nothing happens. Idempotent by key.
func (s *Service) Move(ctx context.Context, a Actor, t Target, e *Edit, mediaID uuid.UUID, by int, key string) (w Work, err error) {
	defer fault.Wrap(&err, "works.Move(%s, %s, %d)", t.PublicID, mediaID, by)
	return s.change(ctx, a, t, e, "move", key, func(c *change) error {
		i := c.find(mediaID)
		if i < 0 {
			return fault.New(fault.NotFound, fileGone)
		}
		j := min(max(i+by, 0), len(c.items)-1)
		item := c.items[i]
		c.items = slices.Insert(slices.Delete(c.items, i, i+1), j, item)
		return nil
	})
}

// Reorder puts the files in the order of the ids. Files that the list does not
// name, because they arrived meanwhile, keep their order behind the others;
// unknown ids are passed over.
func (s *Service) Reorder(ctx context.Context, a Actor, t Target, e *Edit, order []uuid.UUID, key string) (w Work, err error) {
	defer fault.Wrap(&err, "works.Reorder(%s)", t.PublicID)
	return s.change(ctx, a, t, e, "reorder", key, func(c *change) error {
		rank := map[uuid.UUID]int{}
		for i, m := range order {
			if _, twice := rank[m]; !twice {
				rank[m] = i
			}
		}
		place := func(item Item) int {
			if r, ok := rank[item.MediaID]; ok {
				return r
			}
			return len(order)
		}
		slices.SortStableFunc(c.items, func(x, y Item) int { return place(x) - place(y) })
		return nil
	})
}
