package collections

import "github.com/google/uuid"

// Changed: a collection of the studio has other words, works, order or cover, is
// shown or not any more, came or went.
type Changed struct {
	StudioID     uuid.UUID `json:"studio_id"`
	CollectionID uuid.UUID `json:"collection_id"`
}

// EventName names the event.
func (Changed) EventName() string { return "collections.changed.v1" }
