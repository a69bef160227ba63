package works

import "github.com/google/uuid"

// Published: a work can be seen by everybody. Version is the work's version in
// that transaction, Tags are the labels of the tags it came to or left: as below.
type Published struct {
	StudioID uuid.UUID `json:"studio_id"`
	WorkID   uuid.UUID `json:"work_id"`
	Version  int64     `json:"version"`
	Tags     []string  `json:"tags,omitempty"`
}

// EventName names the event.
func (Published) EventName() string { return "works.published.v1" }

// Opened: the time of a scheduled work has come; Published comes beside it.
type Opened struct {
	StudioID uuid.UUID `json:"studio_id"`
	WorkID   uuid.UUID `json:"work_id"`
}

// EventName names the event.
func (Opened) EventName() string { return "works.opened.v1" }

// Changed: a work that somebody outside the studio can see (published or
// unlisted) has other words, pictures or order. Drafts change silently.
type Changed struct {
	StudioID uuid.UUID `json:"studio_id"`
	WorkID   uuid.UUID `json:"work_id"`
	Version  int64     `json:"version"`
	Tags     []string  `json:"tags,omitempty"`
}

// EventName names the event.
func (Changed) EventName() string { return "works.changed.v1" }

// Unpublished: a published work left the public, whatever became of it.
type Unpublished struct {
	StudioID uuid.UUID `json:"studio_id"`
	WorkID   uuid.UUID `json:"work_id"`
	Version  int64     `json:"version"`
	Tags     []string  `json:"tags,omitempty"`
}

// EventName names the event.
func (Unpublished) EventName() string { return "works.unpublished.v1" }

// Deleted: a work's row is gone.
type Deleted struct {
	StudioID uuid.UUID `json:"studio_id"`
	WorkID   uuid.UUID `json:"work_id"`
	Version  int64     `json:"version"`
}

// EventName names the event.
func (Deleted) EventName() string { return "works.deleted.v1" }

// StudioHidden: all works of a studio left the public at once, whatever they
// were. No Unpublished comes beside it.
type StudioHidden struct {
	StudioID uuid.UUID `json:"studio_id"`
}

// EventName names the event.
func (StudioHidden) EventName() string { return "works.studio_hidden.v1" }

// StudioShown: what StudioHidden hid may be public again, as far as nothing else
// hides it. No Published comes beside it.
type StudioShown struct {
	StudioID uuid.UUID `json:"studio_id"`
}

// EventName names the event.
func (StudioShown) EventName() string { return "works.studio_shown.v1" }
