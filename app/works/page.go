package works

import (
	"context"

	"github.com/google/uuid"

	"vitrine/app/fault"
	"vitrine/app/platform/db"
	"vitrine/app/platform/id"
)

// Page is what the public page of a work shows of works.
type Page struct {
	Work    Work
	Items   []Item
	Earlier *Card
	Later   *Card
	Near    []Card // published works of any studio that share tags
}

// ByPublicID is the public page of a work, for everybody when it is published
// and for whoever has the link when it is unlisted. Two queries; an unlisted
// work takes one more, since its studio's scope has to be entered.
//
// NotFound for everything else, hidden works among them.
func (s *Service) ByPublicID(ctx context.Context, publicID string) (p Page, err error) {
	defer fault.Wrap(&err, "works.ByPublicID(%s)", publicID)
	if !id.ValidPublic(publicID) {
		return Page{}, fault.New(fault.NotFound, "")
	}
	p, unlistedIn, err := publicPage(ctx, s.db.Read(ctx), publicID)
	if err != nil {
		return Page{}, err
	}
	if unlistedIn != uuid.Nil {
		err := s.db.TenantRead(ctx, unlistedIn, func(r db.Reader) error {
			p, err = unlistedPage(ctx, r, unlistedIn, publicID)
			return err
		})
		return p, err
	}
	return p, relatives(ctx, s.db.Read(ctx), &p)
}

// Own is a work with its pictures as its studio sees it, in any state. Whoever
// calls has checked that the person belongs to the studio. NotFound when the
// studio has no such work.
func (s *Service) Own(ctx context.Context, studioID uuid.UUID, t Target) (w Work, items []Item, err error) {
	defer fault.Wrap(&err, "works.Own(%s%s)", t.PublicID, t.CreationKey)
	err = s.db.TenantRead(ctx, studioID, func(r db.Reader) error {
		w, items, err = ownPage(ctx, r, studioID, t)
		return err
	})
	return w, items, err
}

// Desk is a page of a studio's works in one state.
type Desk struct {
	Works  []Work
	Counts map[State]int
	Next   Cursor // by the last change; the zero value when this is the last page
}

// OfStudio lists a studio's works of one state, the last changed first, and
// counts those of each state. Whoever calls has checked that the person belongs
// to the studio. Two queries.
func (s *Service) OfStudio(ctx context.Context, studioID uuid.UUID, state State, from Cursor, limit int) (d Desk, err error) {
	defer fault.Wrap(&err, "works.OfStudio(%s, %s)", studioID, state)
	err = s.db.TenantRead(ctx, studioID, func(r db.Reader) error {
		if d.Counts, err = countStates(ctx, r, studioID); err != nil {
			return err
		}
		d.Works, d.Next, err = listState(ctx, r, studioID, state, from, limit)
		return err
	})
	return d, err
}

// Holders tells in which of the studio's works files hang, one per file: the
// one that was changed last.
func (s *Service) Holders(ctx context.Context, studioID uuid.UUID, mediaIDs []uuid.UUID) (holders map[uuid.UUID]Work, err error) {
	defer fault.Wrap(&err, "works.Holders(%s)", studioID)
	if len(mediaIDs) == 0 {
		return nil, nil
	}
	err = s.db.TenantRead(ctx, studioID, func(r db.Reader) error {
		holders, err = holdersOf(ctx, r, studioID, mediaIDs)
		return err
	})
	return holders, err
}
