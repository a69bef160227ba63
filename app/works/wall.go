package works

import (
	"context"

	"github.com/google/uuid"

	"vitrine/app/fault"
	"vitrine/app/platform/db"
)

// PerPage is how many works a page of a wall holds.
const PerPage = 24

// Wall is a page of published works, the newest first.
type Wall struct {
	Cards []Card
	Next  Cursor // where the next page begins; the zero value when this is the last
}

const cardColumns = `w.id, w.studio_id, w.public_id, w.slug, w.title, w.lang, w.sensitive, w.year, w.cover_id, w.cover_alt, w.cover_focal,
	w.media_count, w.published_at, w.updated_at, w.version`

// public repeats the policy's test in each query, so that the partial indexes
// serve it and a handle that sees more shows no more.
const public = ` w.state = 'published' and not w.hidden `

// Latest is the newest works of all studios from the cursor on, one query.
func (s *Service) Latest(ctx context.Context, from Cursor, limit int) (wall Wall, err error) {
	defer fault.Wrap(&err, "works.Latest")
	return latest(ctx, s.db.Read(ctx), from, limit)
}

// LatestOf is the newest works of a studio from the cursor on, one query.
func (s *Service) LatestOf(ctx context.Context, studioID uuid.UUID, from Cursor, limit int) (wall Wall, err error) {
	defer fault.Wrap(&err, "works.LatestOf(%s)", studioID)
	return latestOf(ctx, s.db.Read(ctx), studioID, from, limit)
}

// LatestAmong is the newest works of the studios from the cursor on, at most each
// of one studio, one query. Only with more than limit of each does it know whether
// there is a next page. What it takes grows with the number of studios, not
// with that of their works.
func (s *Service) LatestAmong(ctx context.Context, studioIDs []uuid.UUID, from Cursor, limit, each int) (wall Wall, err error) {
	defer fault.Wrap(&err, "works.LatestAmong(%d studios)", len(studioIDs))
	if len(studioIDs) == 0 {
		return Wall{}, nil
	}
	return latestAmong(ctx, s.db.Read(ctx), studioIDs, from, limit, each)
}

// LatestTagged is the newest works with a tag from the cursor on, and the tag as
// people write it, one query. NotFound when no public work ever had the tag.
func (s *Service) LatestTagged(ctx context.Context, slug string, from Cursor, limit int) (wall Wall, label string, err error) {
	defer fault.Wrap(&err, "works.LatestTagged(%s)", slug)
	return latestTagged(ctx, s.db.Read(ctx), slug, from, limit)
}

// CountOf is how many works of a studio are public.
func (s *Service) CountOf(ctx context.Context, studioID uuid.UUID) (n int, err error) {
	defer fault.Wrap(&err, "works.CountOf(%s)", studioID)
	return countOf(ctx, s.db.Read(ctx), studioID)
}

// ByIDs gives those of the works that are public right now, in the order of the
// ids, one query. Lists that are kept elsewhere pass through here, so that a
// takedown does not wait for them.
func (s *Service) ByIDs(ctx context.Context, ids []uuid.UUID) (cards []Card, err error) {
	defer fault.Wrap(&err, "works.ByIDs")
	if len(ids) == 0 {
		return nil, nil
	}
	found, err := cardsByID(ctx, s.db.Read(ctx), ids)
	if err != nil {
		return nil, err
	}
	for _, id := range ids {
		if c, ok := found[id]; ok {
			cards = append(cards, c)
			delete(found, id)
		}
	}
	return cards, nil
}

// Shelf is a studio with a few of its newest works.
type Shelf struct {
	StudioID uuid.UUID
	Works    int // public ones
	Cards    []Card
}

// Shelves is up to limit studios that published lately, each with up to three
// works, one query.
func (s *Service) Shelves(ctx context.Context, limit int) (shelves []Shelf, err error) {
	defer fault.Wrap(&err, "works.Shelves")
	return shelvesOf(ctx, s.db.Read(ctx), limit)
}

// Snapshot is a work as the search index reads it.
type Snapshot struct {
	Card
	Tags  Labels
	Story string
}

// Snapshot reads a work inside a transaction of the worker's handle and holds it
// still until the end: a takedown that commits later is told of by a later
// event, so what is derived here cannot outlive it. ok is false when the work is
// not public.
func (s *Service) Snapshot(_ context.Context, tx db.Tx, workID uuid.UUID) (snap Snapshot, ok bool, err error) {
	defer fault.Wrap(&err, "works.Snapshot(%s)", workID)
	return snapshot(tx, workID)
}
