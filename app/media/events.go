package media

import "github.com/google/uuid"

// Fact is what all events of media tell: which row changed, and its version in
// that transaction. A subscriber reads the row again and acts on what it says.
type Fact struct {
	StudioID   uuid.UUID `json:"studio_id"`
	MediaID    uuid.UUID `json:"media_id"`
	Version    int64     `json:"version"`
	Background bool      `json:"background,omitempty"` // demo data
}

// EventPriority lets the files that people wait for go before demo data.
func (f Fact) EventPriority() int {
	if f.Background {
		return -20 // below everything of people's, whatever their task's own priority
	}
	return 0
}

// Uploaded: the last byte has arrived and the original is in the store.
type Uploaded struct{ Fact }

// EventName names the event.
func (Uploaded) EventName() string { return "media.uploaded.v1" }

// Accepted: the file is sound and no duplicate; its sizes can be made.
type Accepted struct{ Fact }

// EventName names the event.
func (Accepted) EventName() string { return "media.accepted.v1" }

// Usable: the first size exists, so a work can be published with it.
type Usable struct{ Fact }

// EventName names the event.
func (Usable) EventName() string { return "media.usable.v1" }

// FirstMade: a photo has its first size; the others follow.
type FirstMade struct{ Fact }

// EventName names the event.
func (FirstMade) EventName() string { return "media.first_made.v1" }

// PosterMade: the poster of a film exists in all sizes; the film is next.
type PosterMade struct{ Fact }

// EventName names the event.
func (PosterMade) EventName() string { return "media.poster_made.v1" }

// Processed: everything that a page needs exists; AVIF follows.
type Processed struct{ Fact }

// EventName names the event.
func (Processed) EventName() string { return "media.processed.v1" }

// SizesMade: the last rendition, AVIF included, exists.
type SizesMade struct{ Fact }

// EventName names the event.
func (SizesMade) EventName() string { return "media.sizes_made.v1" }

// Failed: the file was refused or could not be processed; its row says why.
type Failed struct{ Fact }

// EventName names the event.
func (Failed) EventName() string { return "media.failed.v1" }

// Deleted: the media is gone for everybody; its objects go next.
type Deleted struct{ Fact }

// EventName names the event.
func (Deleted) EventName() string { return "media.deleted.v1" }
