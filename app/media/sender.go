package media

import (
	"context"

	"github.com/google/uuid"

	"vitrine/app/platform/db"
	"vitrine/app/studios"
)

// Sender is who sends a file, and to which studio. The web layer has checked
// that the person is an editor there when the request began.
type Sender struct {
	StudioID uuid.UUID
	UserID   uuid.UUID
}

// hold checks it again where something is written, see studios.Hold.
func (s Sender) hold(ctx context.Context, tx db.Tx) error {
	return studios.Hold(ctx, tx, s.StudioID, s.UserID, studios.EditWorks)
}

// scope is what one request of the tus protocol knows: who sends, and the lease
// that this very request holds. tusd hands its context to the lock and to the
// store, so a request can never write under the lease of another.
type scope struct {
	Sender
	lease *lease
}

type scopeKey struct{}

// WithSender marks the context of one request of the tus protocol.
func WithSender(ctx context.Context, s Sender) context.Context {
	return context.WithValue(ctx, scopeKey{}, &scope{Sender: s})
}

func scopeOf(ctx context.Context) *scope {
	s, _ := ctx.Value(scopeKey{}).(*scope)
	return s
}
