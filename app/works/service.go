package works

import (
	"errors"

	"github.com/google/uuid"

	"vitrine/app/media"
	"vitrine/app/platform/bus"
	"vitrine/app/platform/db"
	"vitrine/app/studios"
)

// Service is the use cases of works.
type Service struct {
	db     *db.DB
	outbox *bus.Outbox
	files  *media.Service
	gate   Gate // nil: everything is shown at once
}

// New makes the service. A handle of the app's role serves requests, one of the
// worker's role the tasks; files is a service with the same handle.
func New(d *db.DB, outbox *bus.Outbox, files *media.Service) *Service {
	return &Service{db: d, outbox: outbox, files: files}
}

// Actor is who acts on a studio's works: a member and their role there.
type Actor struct {
	UserID   uuid.UUID
	StudioID uuid.UUID
	Role     studios.Role
}

// Target names the work that a use case is about: one that exists by its public
// id, or one that is made when it is first needed, by its creation key.
type Target struct {
	PublicID    string
	CreationKey string
}

// ErrStale is in the chain of a Conflict that Save and all use cases with an
// Edit return when somebody else has saved since the form was opened. Nothing
// was changed; the caller shows both versions.
var ErrStale = errors.New("the form is older than the work")

// Edit is what people typed into the compose form, as they typed it.
type Edit struct {
	Edition   int64  // of the work when the form was made; 0 for a new work
	FormKey   string // names the open form, so that it is never stale to itself
	Title     string
	Story     string
	Tags      string // separated by commas
	Credits   string
	Licence   string
	Year      string
	Lang      string
	Sensitive bool
	AIMade    bool
	NoAI      bool
	Items     map[uuid.UUID]ItemEdit
}

// ItemEdit is what people typed beside one picture.
type ItemEdit struct {
	Alt     string
	Caption string
	Focal   string // 0 to 8
}
