package ranking

import (
	"context"
	"time"

	"github.com/google/uuid"

	"vitrine/app/engagement"
	"vitrine/app/fault"
	"vitrine/app/platform/bus"
	"vitrine/app/platform/db"
	"vitrine/app/platform/id"
	"vitrine/app/works"
)

// OnFellDue makes all lists. Doing it twice makes them twice, and the latest
// count.
func (s *Service) OnFellDue(ctx context.Context, _ bus.Envelope) error { return s.Make(ctx) }

// Make makes all lists from what people did until now, and removes those that
// nobody pages in any more. It needs the worker's handle, may be repeated and may
// be ended at any point.
func (s *Service) Make(ctx context.Context) (err error) {
	defer fault.Wrap(&err, "ranking.Make")
	now := s.Clock().UTC().Truncate(time.Microsecond)
	for _, p := range plans {
		entries, err := s.entries(ctx, p, now)
		if err != nil {
			return err
		}
		err = s.DB.Transact(ctx, func(tx db.Tx) error {
			if err := insert(tx, p.list, id.New(), now, entries); err != nil {
				return err
			}
			return forget(tx, p.list, now.Add(-Keep))
		})
		if err != nil {
			return err
		}
	}
	return nil
}

var weights = engagement.Weights{Like: LikeWeight, Comment: CommentWeight, Follow: FollowWeight}

// asked is how many more than fit are asked for: some are not public, and others
// take their places.
const asked = 2

func (s *Service) entries(ctx context.Context, p plan, now time.Time) ([]Entry, error) {
	span := engagement.Span{To: now, HalfLife: p.fading}
	if p.back > 0 {
		span.From = now.Add(-p.back)
	}
	if p.ofAll {
		found, err := s.Engagement.BusiestStudios(ctx, span, weights, asked*p.most)
		if err != nil {
			return nil, err
		}
		return s.ofStudios(ctx, found, p.most)
	}
	found, err := s.Engagement.BusiestWorks(ctx, span, weights, asked*p.most)
	if err != nil {
		return nil, err
	}
	return s.ofWorks(ctx, found, p.most)
}

// ofWorks keeps those that are public and have something to show.
func (s *Service) ofWorks(ctx context.Context, found []engagement.WorkActivity, most int) ([]Entry, error) {
	ids := make([]uuid.UUID, len(found))
	for i, w := range found {
		ids[i] = w.WorkID
	}
	cards, err := s.Works.ByIDs(ctx, ids)
	if err != nil {
		return nil, err
	}
	public := make(map[uuid.UUID]works.Card, len(cards))
	var of []uuid.UUID
	for _, card := range cards {
		public[card.ID] = card
		of = append(of, card.StudioID)
	}
	names, err := s.Studios.ByIDs(ctx, of)
	if err != nil {
		return nil, err
	}
	var out []Entry
	for _, w := range found {
		st, ok := names[w.StudioID]
		if card, public := public[w.WorkID]; !ok || !public || card.CoverID == nil || len(out) == most {
			continue
		}
		out = append(out, Entry{Position: len(out) + 1, StudioID: st.ID, StudioSlug: st.Slug, StudioName: st.Name, WorkID: &w.WorkID,
			Score: w.Score, Likes: w.Likes, Comments: w.Comments})
	}
	return out, nil
}

// ofStudios keeps those that everybody can see.
func (s *Service) ofStudios(ctx context.Context, found []engagement.StudioActivity, most int) ([]Entry, error) {
	ids := make([]uuid.UUID, len(found))
	for i, st := range found {
		ids[i] = st.StudioID
	}
	names, err := s.Studios.ByIDs(ctx, ids)
	if err != nil {
		return nil, err
	}
	var out []Entry
	for _, one := range found {
		st, ok := names[one.StudioID]
		if !ok || st.Shut() || len(out) == most {
			continue
		}
		out = append(out, Entry{Position: len(out) + 1, StudioID: st.ID, StudioSlug: st.Slug, StudioName: st.Name, WorkID: one.WorkID,
			Score: one.Score, Likes: one.Likes, Comments: one.Comments, Followers: one.Followers})
	}
	return out, nil
}

// Erase takes a studio that is being removed off all lists, in the transaction of
// its removal.
func Erase(_ context.Context, tx db.Tx, studioID uuid.UUID) error { return erase(tx, studioID) }
