package search

import (
	"context"

	"github.com/google/uuid"

	"vitrine/app/fault"
	"vitrine/app/platform/db"
)

// Erase removes the documents of a studio that is being removed, and the words
// that nobody else says. Its works are hidden already, so that none is made
// again.
func (s *Service) Erase(ctx context.Context, studioID uuid.UUID) (err error) {
	defer fault.Wrap(&err, "search.Erase(%s)", studioID)
	return s.db.Transact(ctx, func(tx db.Tx) error {
		if err := holdStudio(tx, studioID); err != nil {
			return err
		}
		return removeAll(tx, studioID)
	})
}
