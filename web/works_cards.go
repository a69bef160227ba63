package web

import (
	"context"

	"github.com/google/uuid"

	"vitrine/app/works"
	"vitrine/web/show"
	"vitrine/web/ui"
)

// hang makes cards of works: two queries, one for the studios and one for the
// covers. A work without anything to show is left out.
func (s *Server) hang(ctx context.Context, cards []works.Card) ([]ui.Card, error) {
	if len(cards) == 0 {
		return nil, nil
	}
	who, err := s.Studios.ByIDs(ctx, show.StudioIDs(cards))
	if err != nil {
		return nil, err
	}
	pictures, err := s.Works.Covers(ctx, cards...)
	if err != nil {
		return nil, err
	}
	return show.Cards(cards, pictures, func(id uuid.UUID) (string, string) { return who[id].Slug, who[id].Name }), nil
}
