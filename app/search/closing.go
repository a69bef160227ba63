package search

import (
	"context"

	"github.com/google/uuid"

	"vitrine/app/fault"
	"vitrine/app/platform/db"
)

// Erase removes the documents of a studio that is being removed. Its works are
// hidden already, so that none is made again.
func (s *Service) Erase(ctx context.Context, studioID uuid.UUID) (err error) {
	defer fault.Wrap(&err, "search.Erase(%s)", studioID)
	return s.db.Transact(ctx, func(tx db.Tx) error {
		return tx.SQL().Exec(`delete from search_documents where studio_id = ?`, studioID).Error
	})
}
