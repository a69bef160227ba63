package engagement

import (
	"time"

	"github.com/google/uuid"
)

// Followed: a person follows a studio.
type Followed struct {
	StudioID uuid.UUID `json:"studio_id"`
	UserID   uuid.UUID `json:"user_id"`
	At       time.Time `json:"at"`
}

// EventName names the event.
func (Followed) EventName() string { return "engagement.followed.v1" }

// Unfollowed: a person follows a studio no more.
type Unfollowed struct {
	StudioID uuid.UUID `json:"studio_id"`
	UserID   uuid.UUID `json:"user_id"`
	At       time.Time `json:"at"`
}

// EventName names the event.
func (Unfollowed) EventName() string { return "engagement.unfollowed.v1" }

// Liked: a person likes a work.
type Liked struct {
	WorkID   uuid.UUID `json:"work_id"`
	StudioID uuid.UUID `json:"studio_id"`
	UserID   uuid.UUID `json:"user_id"`
	At       time.Time `json:"at"`
}

// EventName names the event.
func (Liked) EventName() string { return "engagement.liked.v1" }

// Unliked: a person took their like of a work back.
type Unliked struct {
	WorkID   uuid.UUID `json:"work_id"`
	StudioID uuid.UUID `json:"studio_id"`
	UserID   uuid.UUID `json:"user_id"`
	At       time.Time `json:"at"`
}

// EventName names the event.
func (Unliked) EventName() string { return "engagement.unliked.v1" }

// Commented: a person wrote below a work, or replied there.
type Commented struct {
	CommentID uuid.UUID  `json:"comment_id"`
	WorkID    uuid.UUID  `json:"work_id"`
	StudioID  uuid.UUID  `json:"studio_id"`
	UserID    uuid.UUID  `json:"user_id"`
	ParentID  *uuid.UUID `json:"parent_id,omitempty"` // the comment that is replied to
	At        time.Time  `json:"at"`
}

// EventName names the event.
func (Commented) EventName() string { return "engagement.commented.v1" }

// Blocked: a person blocks another.
type Blocked struct {
	BlockerID uuid.UUID `json:"blocker_id"`
	BlockedID uuid.UUID `json:"blocked_id"`
}

// EventName names the event.
func (Blocked) EventName() string { return "engagement.blocked.v1" }

// CommentChanged: a comment has other words, or was hidden or shown again by a
// moderator.
type CommentChanged struct {
	CommentID uuid.UUID `json:"comment_id"`
	WorkID    uuid.UUID `json:"work_id"`
	StudioID  uuid.UUID `json:"studio_id"`
}

// EventName names the event.
func (CommentChanged) EventName() string { return "engagement.comment_changed.v1" }

// Locked: a studio has closed the comments of a work, or opened them again.
type Locked struct {
	WorkID   uuid.UUID `json:"work_id"`
	StudioID uuid.UUID `json:"studio_id"`
	On       bool      `json:"on"`
}

// EventName names the event.
func (Locked) EventName() string { return "engagement.locked.v1" }

// Swept: a person has another name, was shut out or let in, or has left. What
// stands below these works reads differently since, and these works and studios
// have other counters. Of many it comes in parts.
type Swept struct {
	WorkIDs   []uuid.UUID `json:"work_ids,omitempty"`
	StudioIDs []uuid.UUID `json:"studio_ids,omitempty"`
}

// EventName names the event.
func (Swept) EventName() string { return "engagement.swept.v1" }

// CommentDeleted: the words of a comment are gone.
type CommentDeleted struct {
	CommentID uuid.UUID `json:"comment_id"`
	WorkID    uuid.UUID `json:"work_id"`
	StudioID  uuid.UUID `json:"studio_id"`
}

// EventName names the event.
func (CommentDeleted) EventName() string { return "engagement.comment_deleted.v1" }
