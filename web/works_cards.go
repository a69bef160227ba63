package web

import (
	"context"

	"github.com/google/uuid"

	"vitrine/app/studios"
	"vitrine/app/works"
	"vitrine/web/show"
	"vitrine/web/ui"
)

// hang makes cards of works: two queries, one for the studios and one for the
// covers. A work without anything to show is left out.
func (s *Server) hang(ctx context.Context, cards []works.Card) ([]ui.Card, error) {
	return s.hangWith(ctx, cards, nil)
}

// hangOf makes cards for the page of one studio: the label says the year, not
// the studio. One query.
func (s *Server) hangOf(ctx context.Context, cards []works.Card, st studios.Studio) ([]ui.Card, error) {
	pictures, err := s.Works.Covers(ctx, cards...)
	if err != nil {
		return nil, err
	}
	out := show.Cards(cards, pictures, func(uuid.UUID) (string, string) { return st.Slug, st.Name })
	for i := range out {
		out[i].StudioName = ""
	}
	return out, nil
}

func (s *Server) hangWith(ctx context.Context, cards []works.Card, who show.ByStudio) ([]ui.Card, error) {
	if len(cards) == 0 {
		return nil, nil
	}
	if who == nil {
		found, err := s.Studios.ByIDs(ctx, show.StudioIDs(cards))
		if err != nil {
			return nil, err
		}
		who = func(id uuid.UUID) (string, string) { return found[id].Slug, found[id].Name }
	}
	pictures, err := s.Works.Covers(ctx, cards...)
	if err != nil {
		return nil, err
	}
	return show.Cards(cards, pictures, who), nil
}
