package idem

import (
	"context"

	"github.com/google/uuid"

	"vitrine/app/platform/db"
)

// Erase forgets the keys of a person or a studio that is gone: those whose scope
// or result names the id. It needs the worker's role.
func Erase(_ context.Context, tx db.Tx, id uuid.UUID) error {
	return tx.SQL().Exec(`delete from idempotency_keys where strpos(scope, ?) > 0 or strpos(result, ?) > 0`, id.String(), id.String()).Error
}
