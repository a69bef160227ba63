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
	StudioID  uuid.UUID  `json:"studio_id"`
	UserID    uuid.UUID  `json:"user_id"`
	Role      Role       `json:"role"`
	InvitedBy *uuid.UUID `json:"invited_by,omitempty"` // who sent the invitation, if one was
}

// EventName names the event.
func (MemberJoined) EventName() string { return "studios.member_joined.v1" }

// Invited tells that the mail of an invitation waits to be written. It comes
// again when the mail is asked for again.
type Invited struct {
	StudioID     uuid.UUID `json:"studio_id"`
	InvitationID uuid.UUID `json:"invitation_id"`
}

// EventName names the event.
func (Invited) EventName() string { return "studios.invited.v1" }

// RoleChanged tells that a member has another role. Transfers of ownership are
// told by OwnershipTransferred alone.
type RoleChanged struct {
	StudioID uuid.UUID `json:"studio_id"`
	UserID   uuid.UUID `json:"user_id"`
	From     Role      `json:"from"`
	To       Role      `json:"to"`
	By       uuid.UUID `json:"by"`
}

// EventName names the event.
func (RoleChanged) EventName() string { return "studios.role_changed.v1" }

// MemberLeft tells that a person does not belong to a studio any more. By is
// the person themselves when they left.
type MemberLeft struct {
	StudioID uuid.UUID `json:"studio_id"`
	UserID   uuid.UUID `json:"user_id"`
	Role     Role      `json:"role"` // that they had
	By       uuid.UUID `json:"by"`
}

// EventName names the event.
func (MemberLeft) EventName() string { return "studios.member_left.v1" }

// OwnershipTransferred tells that a studio has another owner; From is an admin
// since then.
type OwnershipTransferred struct {
	StudioID uuid.UUID `json:"studio_id"`
	From     uuid.UUID `json:"from"`
	To       uuid.UUID `json:"to"`
}

// EventName names the event.
func (OwnershipTransferred) EventName() string { return "studios.ownership_transferred.v1" }
