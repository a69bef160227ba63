package bus

import (
	"context"

	"github.com/google/uuid"

	"vitrine/app/platform/db"
)

// Erase drops the events and the waiting tasks that name an id, when what the id
// belongs to is gone: nobody could do anything with them any more. A task that
// runs right now ends by itself and finds nothing. It needs the worker's role.
func Erase(_ context.Context, tx db.Tx, id uuid.UUID) error {
	for _, q := range []string{
		`delete from outbox where strpos(cast(payload as text), ?) > 0`,
		`delete from tasks where owner is null and strpos(cast(payload as text), ?) > 0`,
	} {
		if err := tx.SQL().Exec(q, id.String()).Error; err != nil {
			return err
		}
	}
	return nil
}
