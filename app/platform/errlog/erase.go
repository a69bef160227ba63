package errlog

import (
	"context"

	"github.com/google/uuid"

	"vitrine/app/platform/db"
)

// Erase takes the id of an administrator who is gone off the errors that they
// resolved. It needs the worker's role.
func Erase(_ context.Context, tx db.Tx, userID uuid.UUID) error {
	return tx.SQL().Exec(`update error_groups set resolved_by = ? where resolved_by = ?`, uuid.Nil, userID).Error
}
