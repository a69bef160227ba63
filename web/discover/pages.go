// Package discover has the pages on which people find what they did not know:
// search, what is popular, and the leaderboard.
package discover

import (
	"context"

	"github.com/google/uuid"

	"vitrine/app/analytics/ranking"
	"vitrine/app/search"
	"vitrine/app/studios"
	"vitrine/app/works"
	"vitrine/web/show"
	"vitrine/web/site"
	"vitrine/web/ui"
)

// Context is one request and its answer, and who it comes from.
type Context = site.Context

// Pages holds what the handlers need.
type Pages struct {
	*site.Site
	Search  *search.Service
	Ranking *ranking.Service
	Works   *works.Service
	Studios *studios.Service
}

// hang makes cards of works whose studios are known, and small pictures of
// others. One query.
func (p *Pages) hang(ctx context.Context, cards, small []works.Card, who show.ByStudio) (hung []ui.Card, pictures map[uuid.UUID]ui.Picture, err error) {
	if len(cards)+len(small) == 0 {
		return nil, nil, nil
	}
	covers, err := p.Works.Covers(ctx, append(cards[:len(cards):len(cards)], small...)...)
	if err != nil {
		return nil, nil, err
	}
	pictures = map[uuid.UUID]ui.Picture{}
	for _, card := range small {
		if card.CoverID == nil || card.Sensitive {
			continue
		}
		if cover, ok := covers[*card.CoverID]; ok && !cover.Empty() {
			pic := show.Picture(cover, "", "", card.CoverFocal)
			pic.Sizes = ui.SizesThumb
			pictures[card.ID] = pic
		}
	}
	return show.Cards(cards, covers, who), pictures, nil
}
