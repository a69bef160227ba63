package search

import (
	"context"

	"vitrine/app/fault"
	"vitrine/app/works"
)

// rebuildStep is how many works are read at once.
const rebuildStep = 200

// Rebuild makes the document of every public work again, while the site runs:
// what is published meanwhile is indexed by its own event. It needs the worker's
// handle, may be repeated and may be ended at any point. It says how many.
func (s *Service) Rebuild(ctx context.Context) (made int, err error) {
	defer fault.Wrap(&err, "search.Rebuild")
	var from works.Cursor
	for {
		wall, err := s.works.Latest(ctx, from, rebuildStep)
		if err != nil {
			return made, err
		}
		for _, card := range wall.Cards {
			if err := s.Index(ctx, card.StudioID, card.ID); err != nil {
				return made, err
			}
			made++
		}
		if from = wall.Next; from == (works.Cursor{}) {
			return made, nil
		}
	}
}
