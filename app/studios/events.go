package studios

import "github.com/google/uuid"

// Created tells that a studio exists.
type Created struct {
	StudioID uuid.UUID `json:"studio_id"`
	OwnerID  uuid.UUID `json:"owner_id"`
}

// EventName names the event.
func (Created) EventName() string { return "studios.created.v1" }

// Changed tells that what people see of a studio has changed, its name and
// slug included. Version is that of the row afterwards.
type Changed struct {
	StudioID uuid.UUID `json:"studio_id"`
	Version  int64     `json:"version"`
}

// EventName names the event.
func (Changed) EventName() string { return "studios.changed.v1" }

// Renamed tells that a studio has another slug; it comes beside Changed.
type Renamed struct {
	StudioID uuid.UUID `json:"studio_id"`
	From     string    `json:"from"`
	To       string    `json:"to"`
	Version  int64     `json:"version"`
}

// EventName names the event.
func (Renamed) EventName() string { return "studios.renamed.v1" }

// MemberJoined tells that a person belongs to a studio, the founder included.
type MemberJoined struct {
	StudioID uuid.UUID `json:"studio_id"`
	UserID   uuid.UUID `json:"user_id"`
	Role     Role      `json:"role"`
}

// EventName names the event.
func (MemberJoined) EventName() string { return "studios.member_joined.v1" }
