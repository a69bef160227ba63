package moderation

import (
	"context"

	"github.com/google/uuid"

	"vitrine/app/fault"
	"vitrine/app/platform/db"
)

// Erase takes a person's id off the reviews that stay because the works are
// others'. What they wrote is forgotten with their account. For jobs.
func (s *Service) Erase(_ context.Context, tx db.Tx, userID uuid.UUID) (err error) {
	defer fault.Wrap(&err, "moderation.Erase(%s)", userID)
	return eraseReviewer(tx, userID)
}

func eraseReviewer(tx db.Tx, userID uuid.UUID) error {
	if err := tx.SQL().Exec(`update reviews set asked_by = ? where asked_by = ?`, uuid.Nil, userID).Error; err != nil {
		return err
	}
	return tx.SQL().Exec(`update reviews set decided_by = ? where decided_by = ?`, uuid.Nil, userID).Error
}
