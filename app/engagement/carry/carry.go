// Package carry takes what people did with works and studios out of the product,
// for their archives, and brings in what happened long ago: the life of the demo
// data. It is apart from package engagement because none of it is a use case of
// people, but it keeps to the same tables.
package carry

import (
	"context"
	"encoding/json"
	"time"

	"github.com/google/uuid"

	"vitrine/app/fault"
	"vitrine/app/platform/db"
	"vitrine/app/works"
)

// Service has the use cases. All of them are for jobs, with the worker's handle.
type Service struct {
	db    *db.DB
	works *works.Service
}

// New prepares the service; it reaches nothing.
func New(d *db.DB, w *works.Service) *Service { return &Service{db: d, works: w} }

// Mark is that a person likes, keeps or follows something, since when. WorkID is
// that of a work, and left out of a follow.
type Mark struct {
	UserID uuid.UUID  `json:"user_id"`
	WorkID *uuid.UUID `json:"work_id,omitempty"`
	At     time.Time  `json:"at"`
}

// Said is a comment.
type Said struct {
	ID       uuid.UUID  `json:"id"`
	PublicID string     `json:"public_id"`
	ParentID *uuid.UUID `json:"parent_id"` // stands before it in the list
	WorkID   uuid.UUID  `json:"work_id"`
	UserID   uuid.UUID  `json:"user_id"`
	Name     string     `json:"name"`
	Body     string     `json:"body"`
	ByMember bool       `json:"by_member"`
	At       time.Time  `json:"at"`
}

// Past is what happened in a studio long ago.
type Past struct {
	StudioID  uuid.UUID
	Follows   []Mark
	Likes     []Mark
	Bookmarks []Mark
	Comments  []Said
}

// Bring writes down what happened long ago, counters included. Nobody is told of
// it: there is no event. What stands already stays as it is, so it may be
// repeated. All works are the studio's.
func (s *Service) Bring(_ context.Context, tx db.Tx, p Past) (err error) {
	defer fault.Wrap(&err, "carry.Bring(%s)", p.StudioID)
	if err := bringMarks(tx, p); err != nil {
		return err
	}
	raw, err := json.Marshal(p.Comments)
	if err != nil || len(p.Comments) == 0 {
		return err
	}
	return bringComments(tx, p.StudioID, string(raw))
}
