package works

import (
	"context"

	"vitrine/app/media"
	"vitrine/app/platform/db"
	"vitrine/app/studios"
)

// Sender is the same person as the one who sends files.
func (a Actor) Sender() media.Sender { return media.Sender{StudioID: a.StudioID, UserID: a.UserID} }

// lock lets one change of a studio's works happen at a time, by somebody who may
// still make it: the role that the request began with can be gone by now.
func (a Actor) lock(ctx context.Context, tx db.Tx) error {
	if err := lockStudio(tx, a.StudioID); err != nil {
		return err
	}
	return studios.Hold(ctx, tx, a.StudioID, a.UserID, studios.EditWorks)
}
