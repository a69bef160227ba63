package works

import (
	"time"

	"github.com/google/uuid"

	"vitrine/app/works/column"
)

// State is where a work stands between the studio and the public.
type State string

// The states.
const (
	StateDraft     State = "draft"     // seen by the studio
	StateScheduled State = "scheduled" // seen by the studio until PublishAt
	StatePublished State = "published" // on every wall
	StateUnlisted  State = "unlisted"  // seen by whoever has the link
	StateArchived  State = "archived"  // kept, seen by the studio
)

// States in the order in which a dashboard shows them.
var States = [...]State{StateDraft, StateScheduled, StatePublished, StateUnlisted, StateArchived}

// Known tells whether s is a state.
func (s State) Known() bool {
	for _, known := range States {
		if s == known {
			return true
		}
	}
	return false
}

// Reachable tells whether people outside the studio can see a work of this
// state, by a wall or by its link.
func (s State) Reachable() bool { return s == StatePublished || s == StateUnlisted }

// Limits of what people type, in characters (runes).
const (
	MaxTitle    = 200
	MaxStory    = 10_000
	MaxCredits  = 1_000
	MaxTags     = 10
	MaxTag      = 40
	MaxAlt      = 1_500
	MaxCaption  = 1_000
	MaxFiles    = 100 // pictures and films in one work
	MaxSchedule = 366 * 24 * time.Hour
)

// Work is a work as its studio knows it.
type Work struct {
	ID            uuid.UUID
	StudioID      uuid.UUID
	PublicID      string
	CreationKey   string
	State         State
	Hidden        bool   // HiddenFor names a reason
	HiddenFor     Hiding // set with hide alone
	Title         string
	TitleGuessed  bool // from a file name
	Slug          string
	Story         string
	Credits       string
	Licence       Licence
	Year          *int
	Sensitive     bool
	SensitiveHeld bool // moderators marked it, and its author cannot undo that
	AIMade        bool `gorm:"column:ai_made"`
	NoAI          bool `gorm:"column:noai"`
	Lang          string
	Tags          Labels
	CoverID       *uuid.UUID
	CoverAlt      string
	CoverFocal    int
	MediaCount    int // usable ones
	PublishAt     *time.Time
	PublishZone   string // IANA name that PublishAt was typed in
	PublishedAt   *time.Time
	CreatedBy     uuid.UUID
	CreatedAt     time.Time
	UpdatedAt     time.Time
	Version       int64
	Edition       int64
	FormKey       string
}

// Public tells whether everybody can see the work.
func (w Work) Public() bool { return w.State == StatePublished && !w.Hidden }

// Visible tells whether somebody outside the studio can see the work: everybody
// or whoever has the link.
func (w Work) Visible() bool { return w.State.Reachable() && !w.Hidden }

// Name is the title, or what stands in its place.
func (w Work) Name() string { return nameOr(w.Title) }

func nameOr(title string) string {
	if title == "" {
		return "Untitled"
	}
	return title
}

// Item is a picture or film in a work. What it looks like is media's to say.
type Item struct {
	MediaID  uuid.UUID `json:"media_id"`
	Position int       `json:"position"` // from 0
	Filename string    `json:"filename"` // as uploaded; for the studio's eyes
	Alt      string    `json:"alt"`
	Caption  string    `json:"caption"`
	Focal    int       `json:"focal"` // one of nine points, 0 is the centre
	// Replaces names the file whose place this one takes once it is usable, so
	// that a visible work never stands empty meanwhile.
	Replaces uuid.NullUUID `json:"replaces"`
}

// Card is a published work as a wall needs it.
type Card struct {
	ID          uuid.UUID
	StudioID    uuid.UUID
	PublicID    string
	Slug        string
	Title       string
	Lang        string
	Sensitive   bool
	Year        *int
	CoverID     *uuid.UUID
	CoverAlt    string
	CoverFocal  int
	MediaCount  int
	PublishedAt time.Time
	UpdatedAt   time.Time
	Version     int64
}

// Name is the title, or what stands in its place.
func (c Card) Name() string { return nameOr(c.Title) }

// Labels are tags as the studio wrote them. They are stored as a JSON array.
type Labels = column.List[string]

// Items are the pictures of a work in order, read as a JSON array.
type Items = column.List[Item]
