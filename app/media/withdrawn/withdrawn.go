// Package withdrawn tells which renditions the public may no longer have, in the
// transaction that takes them away: the site itself refuses them from its commit
// on, and what keeps copies beside it has to be told.
package withdrawn

import (
	"context"
	"slices"

	"github.com/google/uuid"

	"vitrine/app/platform/bus"
	"vitrine/app/platform/db"
)

// Files were everybody's and are not any more: their work was hidden, left the
// public or lost them, or they were deleted. Their rows may be gone by the time
// this is read, so it names the renditions.
type Files struct {
	StudioID   uuid.UUID `json:"studio_id"`
	Renditions []string  `json:"renditions"` // as "<media id>/w640.webp"
}

// EventName names the event.
func (Files) EventName() string { return "media.withdrawn.v1" }

// most is how many renditions one event names: a studio that is hidden has any
// number.
const most = 500

// Tell publishes what of these files everybody has been able to see. It comes
// before the change that shuts them, in its transaction.
func Tell(ctx context.Context, tx db.Tx, outbox *bus.Outbox, studioID uuid.UUID, mediaIDs []uuid.UUID) error {
	var names []string
	err := tx.SQL().Raw(`select cast(r.media_id as text) || '/' || r.name from renditions r join media m on m.id = r.media_id
		where m.studio_id is not distinct from ? and m.id = any(cast(? as uuid[])) and m.exposed and m.deleted_at is null order by 1`,
		studioID, db.Array(mediaIDs)).Scan(&names).Error
	if err != nil {
		return err
	}
	for part := range slices.Chunk(names, most) {
		if err := outbox.Publish(ctx, tx, Files{StudioID: studioID, Renditions: part}); err != nil {
			return err
		}
	}
	return nil
}
