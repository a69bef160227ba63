package works

import (
	"context"
	"slices"

	"vitrine/app/fault"
)

// Save stores what was typed. Any editor of the studio may; the work is made if
// the target is a new creation key. It may be repeated: saving the same twice
// changes nothing.
//
// Invalid names the fields that cannot be stored. Conflict with ErrStale means
// that somebody else saved since the form was opened; nothing is changed.
func (s *Service) Save(ctx context.Context, a Actor, t Target, e Edit) (w Work, err error) {
	defer fault.Wrap(&err, "works.Save(%s%s)", t.PublicID, t.CreationKey)
	return s.change(ctx, a, t, &e, "save", "", func(*change) error { return nil })
}

// save applies what was typed. A form is stale when the work has an edition that
// the form has not seen and that another form made; a stale form that would
// change nothing is fine.
func (c *change) save(e Edit) error {
	typed, err := e.check()
	if err != nil {
		return err
	}
	next, items := c.work, slices.Clone(c.items)
	typed.apply(&next)
	for i := range items {
		if it, ok := typed.items[items[i].MediaID]; ok {
			items[i].Alt, items[i].Caption, items[i].Focal = it.Alt, it.Caption, it.Focal
		}
	}
	if sameWork(next, c.work) && slices.Equal(items, c.items) {
		return nil
	}
	seen := e.Edition == c.work.Edition || e.FormKey != "" && e.FormKey == c.work.FormKey
	if !seen {
		return fault.Caused(fault.Conflict, "Somebody else saved this work while you were writing. Both versions are below; nothing is lost.", ErrStale)
	}
	next.Edition++
	next.FormKey = e.FormKey
	c.work, c.items = next, items
	return nil
}

func sameWork(a, b Work) bool {
	if !slices.Equal(a.Tags, b.Tags) || !sameYear(a.Year, b.Year) || a.State != b.State || a.HiddenFor != b.HiddenFor {
		return false
	}
	if (a.PublishAt == nil) != (b.PublishAt == nil) || a.PublishAt != nil && !a.PublishAt.Equal(*b.PublishAt) {
		return false
	}
	return a.Title == b.Title && a.TitleGuessed == b.TitleGuessed && a.Story == b.Story && a.Credits == b.Credits &&
		a.Licence == b.Licence && a.Sensitive == b.Sensitive && a.SensitiveHeld == b.SensitiveHeld && a.AIMade == b.AIMade && a.NoAI == b.NoAI &&
		a.Lang == b.Lang && a.PublishZone == b.PublishZone
}

func sameYear(a, b *int) bool {
	return (a == nil) == (b == nil) && (a == nil || *a == *b)
}
