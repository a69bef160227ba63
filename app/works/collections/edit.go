package collections

import (
	"context"
	"fmt"
	"slices"

	"github.com/google/uuid"

	"vitrine/app/fault"
	"vitrine/app/platform/db"
	"vitrine/app/platform/id"
	"vitrine/app/platform/idem"
	"vitrine/app/platform/text"
	"vitrine/app/studios"
	"vitrine/app/works"
	"vitrine/app/works/naming"
)

// Words is the form of a collection, as it was typed.
type Words struct {
	Version int64 // of the collection when the form was opened; 0 for a new one
	Title   string
	About   string
	Shown   bool
}

func (w Words) parse() (Words, error) {
	bad := map[string]string{}
	w.Title, w.About = text.Line(w.Title), text.Block(w.About)
	switch n := text.Length(w.Title); {
	case text.Blank(w.Title):
		bad["title"] = "Give the collection a title."
	case n > MaxTitle:
		bad["title"] = fmt.Sprintf("%d characters at most; these are %d.", MaxTitle, n)
	}
	if n := text.Length(w.About); n > MaxAbout {
		bad["about"] = fmt.Sprintf("%d characters at most; these are %d.", MaxAbout, n)
	}
	return w, fault.Fields(bad)
}

// Create makes a collection for an editor. Idempotent by key: a form that was
// sent twice makes one. Conflict when the studio has as many as it may have;
// Invalid names the fields title and about.
func (s *Service) Create(ctx context.Context, a works.Actor, w Words, key string) (c Collection, err error) {
	defer fault.Wrap(&err, "collections.Create(%s)", a.StudioID)
	w, invalid := w.parse()
	err = s.within(ctx, a, func(tx db.Tx) error {
		if invalid != nil {
			return invalid
		}
		scope := "collections.create:" + a.UserID.String()
		prior, repeated, err := idem.Claim(ctx, tx, scope, key)
		if err != nil {
			return err
		}
		if repeated {
			c, err = own(ctx, tx.Reader(), a.StudioID, prior)
			return err
		}
		if n, err := count(tx, a.StudioID); err != nil {
			return err
		} else if n >= MaxCollections {
			return fault.Newf(fault.Conflict, "A studio has %d collections at most. Remove one that nobody needs, then make this one.", MaxCollections)
		}
		c = Collection{ID: id.New(), StudioID: a.StudioID, PublicID: id.Public(), Title: w.Title, Slug: naming.Slug(w.Title), About: w.About, Wanted: w.Shown, Shown: w.Shown, CreatedAt: tx.Now(), UpdatedAt: tx.Now(), Version: 1}
		if err := insert(tx, c); err != nil {
			return err
		}
		if err := s.outbox.Publish(ctx, tx, Changed{StudioID: c.StudioID, CollectionID: c.ID}); err != nil {
			return err
		}
		return idem.Finish(ctx, tx, scope, key, c.PublicID)
	})
	return c, err
}

// Save changes the words of a collection, and whether it is shown. A form that
// was sent twice changes nothing the second time. Conflict when somebody else
// changed the words since; Invalid names the fields title and about.
func (s *Service) Save(ctx context.Context, a works.Actor, publicID string, w Words) (c Collection, err error) {
	defer fault.Wrap(&err, "collections.Save(%s)", publicID)
	version := w.Version
	w, invalid := w.parse()
	err = s.change(ctx, a, publicID, func(tx db.Tx, now *Collection) error {
		if invalid != nil {
			return invalid
		}
		if now.Title == w.Title && now.About == w.About && now.Wanted == w.Shown {
			c = *now
			return nil
		}
		if now.Version != version {
			return fault.New(fault.Conflict, "Somebody changed this collection after you opened it. What you typed is still here; save again to replace theirs.")
		}
		now.Title, now.Slug, now.About, now.Wanted = w.Title, naming.Slug(w.Title), w.About, w.Shown
		now.Shown = now.Wanted && !now.Hidden
		c, err = *now, save(tx, now, true)
		c.Version = now.Version
		return err
	})
	return c, err
}

// Delete removes a collection; its works stay where they are. One that is gone
// already is no error.
func (s *Service) Delete(ctx context.Context, a works.Actor, publicID string) (err error) {
	defer fault.Wrap(&err, "collections.Delete(%s)", publicID)
	err = s.change(ctx, a, publicID, func(tx db.Tx, c *Collection) error { return remove(tx, *c) })
	if fault.Is(err, fault.NotFound) && a.Role.Can(studios.EditWorks) {
		return nil
	}
	return err
}

// Add puts works of the studio at the end, in the order of their public ids
// given; those that are in it already, and ids of no work of the studio, are
// passed over. Conflict when not all of them fit.
func (s *Service) Add(ctx context.Context, a works.Actor, publicID string, workPublicIDs []string) (added int, err error) {
	defer fault.Wrap(&err, "collections.Add(%s)", publicID)
	err = s.change(ctx, a, publicID, func(tx db.Tx, c *Collection) error {
		order, err := orderOf(tx, *c)
		if err != nil {
			return err
		}
		found, err := idsOf(tx, a.StudioID, workPublicIDs)
		if err != nil {
			return err
		}
		for _, workID := range found {
			if !slices.Contains(order, workID) {
				order = append(order, workID)
				added++
			}
		}
		if added == 0 {
			return nil
		}
		if len(order) > MaxWorks {
			return fault.Newf(fault.Conflict, "A collection holds %d works at most, so nothing was added. Choose fewer.", MaxWorks)
		}
		if err := store(tx, *c, order); err != nil {
			return err
		}
		return save(tx, c, false)
	})
	return added, err
}

// Act is what a button beside a work does.
type Act string

// The acts.
const (
	Up      Act = "up"
	Down    Act = "down"
	First   Act = "first"
	Last    Act = "last"
	Remove  Act = "remove"
	OnCover Act = "cover"
)

// Do carries out the button of a work in a collection. at is the place that the
// work had on the page: a move of a work that is elsewhere by now does nothing,
// so a repeat is none. A work that has left does nothing either.
func (s *Service) Do(ctx context.Context, a works.Actor, publicID, workPublicID string, act Act, at int) (err error) {
	defer fault.Wrap(&err, "collections.Do(%s, %s, %s)", publicID, workPublicID, act)
	return s.change(ctx, a, publicID, func(tx db.Tx, c *Collection) error {
		found, err := idsOf(tx, a.StudioID, []string{workPublicID})
		if err != nil || len(found) == 0 {
			return err
		}
		order, err := orderOf(tx, *c)
		if err != nil {
			return err
		}
		i := slices.Index(order, found[0])
		if i < 0 {
			return nil
		}
		if act == OnCover {
			if c.CoverID != nil && *c.CoverID == order[i] {
				return nil
			}
			c.CoverID = &order[i]
			return save(tx, c, false)
		}
		if order = moved(order, i, at, act); order == nil {
			return nil
		}
		if act == Remove && c.CoverID != nil && *c.CoverID == found[0] {
			c.CoverID = nil
		}
		if err := store(tx, *c, order); err != nil {
			return err
		}
		return save(tx, c, false)
	})
}

// moved is the order after an act on the i-th; nil when nothing changes.
func moved(order []uuid.UUID, i, at int, act Act) []uuid.UUID {
	var to int
	switch act {
	case Up:
		to = i - 1
	case Down:
		to = i + 1
	case First:
		to = 0
	case Last:
		to = len(order) - 1
	case Remove:
		return slices.Delete(slices.Clone(order), i, i+1)
	default:
		return nil
	}
	if i != at || to < 0 || to >= len(order) || to == i {
		return nil
	}
	one := order[i]
	return slices.Insert(slices.Delete(slices.Clone(order), i, i+1), to, one)
}

// within opens a transaction in the studio's scope for an editor of it.
func (s *Service) within(ctx context.Context, a works.Actor, do func(tx db.Tx) error) error {
	if err := a.Role.Check(studios.EditWorks); err != nil {
		return err
	}
	return s.db.Tenant(ctx, a.StudioID, func(tx db.Tx) error {
		if err := lockStudio(tx, a.StudioID); err != nil {
			return err
		}
		if err := studios.Hold(ctx, tx, a.StudioID, a.UserID, studios.EditWorks); err != nil {
			return err
		}
		return do(tx)
	})
}

func (s *Service) change(ctx context.Context, a works.Actor, publicID string, do func(tx db.Tx, c *Collection) error) error {
	return s.within(ctx, a, func(tx db.Tx) error {
		c, err := own(ctx, tx.Reader(), a.StudioID, publicID)
		if err != nil {
			return err
		}
		if err := do(tx, &c); err != nil {
			return err
		}
		return s.outbox.Publish(ctx, tx, Changed{StudioID: c.StudioID, CollectionID: c.ID})
	})
}
