package moderation

import (
	"context"

	"github.com/google/uuid"

	"vitrine/app/fault"
	"vitrine/app/platform/db"
)

// Erase takes a person's id off what stays because it is about others' works:
// reviews, actions, claims. What they reported goes, and what they wrote is
// forgotten with their account. For jobs.
func (s *Service) Erase(_ context.Context, tx db.Tx, userID uuid.UUID) (err error) {
	defer fault.Wrap(&err, "moderation.Erase(%s)", userID)
	if err := eraseReviewer(tx, userID); err != nil {
		return err
	}
	return erasePerson(tx, userID)
}

// EraseStudio takes a studio's id and its pages off the claims against it, which
// are evidence and stay. Everything else goes with the studio. For jobs.
func (s *Service) EraseStudio(_ context.Context, tx db.Tx, studioID uuid.UUID) (err error) {
	defer fault.Wrap(&err, "moderation.EraseStudio(%s)", studioID)
	return eraseFromClaims(tx, studioID)
}

func eraseReviewer(tx db.Tx, userID uuid.UUID) error {
	if err := tx.SQL().Exec(`update reviews set asked_by = ? where asked_by = ?`, uuid.Nil, userID).Error; err != nil {
		return err
	}
	return tx.SQL().Exec(`update reviews set decided_by = ? where decided_by = ?`, uuid.Nil, userID).Error
}
