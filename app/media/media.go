package media

import (
	"database/sql/driver"
	"encoding/json"
	"fmt"
	"time"

	"github.com/google/uuid"
)

// State is where a file stands.
type State string

// The states.
const (
	StateUploading  State = "uploading"  // bytes are missing
	StateChecking   State = "checking"   // arrived; nobody has looked at it yet
	StateProcessing State = "processing" // sound; sizes are being made
	StateReady      State = "ready"      // everything a page needs exists
	StateFailed     State = "failed"     // Failure says why
	StateDuplicate  State = "duplicate"  // the studio has these bytes already
)

// Kind tells photos from films.
type Kind string

// The kinds. It is KindUnknown until the file was looked at.
const (
	KindUnknown Kind = ""
	KindImage   Kind = "image"
	KindVideo   Kind = "video"
)

// Media is a file as its studio knows it.
type Media struct {
	ID          uuid.UUID
	StudioID    uuid.UUID
	State       State
	Usable      bool // may be shown and published
	Exposed     bool // a public work shows it
	Kind        Kind
	Format      string // of the original: jpeg, png, webp, avif, gif, heic, mp4, mov, webm
	Filename    string // cleaned, for people
	Bytes       int64  // of the original
	SHA256      string `gorm:"column:sha256"`
	Copy        int
	Width       int // upright, in pixels; 0 until known
	Height      int
	DurationMS  int64 `gorm:"column:duration_ms"` // of a film
	HasAudio    bool
	Tone        string // placeholder colour, a name of package tone
	Credit      string // from the file, one line
	Copyright   string
	Failure     string // the sentence, when failed
	Refused     bool   // the file itself is the reason
	DuplicateOf *uuid.UUID
	Store       string // that holds the original; empty until it has arrived
	Served      Served
	Background  bool
	CreatedBy   uuid.UUID
	CreatedAt   time.Time
	UpdatedAt   time.Time
	DeletedAt   *time.Time
	Version     int64

	Renditions []Rendition `gorm:"-"` // filled by ByIDs, smallest first
	Upload     *Upload     `gorm:"-"` // filled by ByIDs while uploading
}

// TableName is where rows are.
func (Media) TableName() string { return "media" }

func (m Media) fact() Fact {
	return Fact{StudioID: m.StudioID, MediaID: m.ID, Version: m.Version, Background: m.Background}
}

// Settled tells whether nothing more happens to the file by itself, so that a
// page that shows it may stop asking.
func (m Media) Settled() bool {
	return m.State == StateReady || m.State == StateFailed || m.State == StateDuplicate
}

// Picture is the media as pages show it to its studio, published or not.
func (m Media) Picture() Picture {
	return Picture{ID: m.ID, Kind: m.Kind, Width: m.Width, Height: m.Height, DurationMS: m.DurationMS, HasAudio: m.HasAudio,
		Tone: m.Tone, Credit: m.Credit, Copyright: m.Copyright, Served: m.Served, Version: m.Version}
}

// GoneAt is when a file that failed for good, an undecided duplicate or an
// abandoned upload is removed; zero when it stays.
func (m Media) GoneAt() time.Time {
	switch {
	case m.State == StateUploading && m.Upload != nil:
		return m.Upload.ExpiresAt
	case m.State == StateFailed && m.Refused, m.State == StateDuplicate:
		return m.UpdatedAt.Add(KeepUndecided)
	}
	return time.Time{}
}

// Rendition is one file made of a media, in the store.
type Rendition struct {
	StudioID  uuid.UUID
	MediaID   uuid.UUID
	Name      string // in the URL: "w640.webp", "video.mp4"
	Format    string // webp, jpeg, avif, mp4
	Width     int
	Height    int
	Bytes     int64
	SHA256    string `gorm:"column:sha256"`
	Key       string
	Store     string
	CreatedAt time.Time
}

// Upload is a file on its way in. Its id is that of its media.
type Upload struct {
	ID          uuid.UUID
	StudioID    uuid.UUID
	Size        int64
	Received    int64  // bytes that survive any process
	Place       string // where they are, see package arriving
	Handle      string // of their parts in an object store
	DraftKey    string
	Fingerprint string // the browser's own, to find the file again
	CreatedBy   uuid.UUID
	CreatedAt   time.Time
	UpdatedAt   time.Time
	ExpiresAt   time.Time
	FinishedAt  *time.Time
}

// Usage is what a studio stores and may store, in bytes.
type Usage struct {
	Used     int64 // originals and renditions
	Reserved int64 // by uploads under way
	Limit    int64 `gorm:"column:byte_limit"`
}

// Left is how much may still be uploaded; never negative.
func (u Usage) Left() int64 { return max(0, u.Limit-u.Used-u.Reserved) }

// Served is what exists of a media for pages: widths by format, ascending. It
// is stored with the media, so that a wall of pictures reads one table.
type Served struct {
	WebP  []int `json:"webp,omitempty"`
	JPEG  []int `json:"jpeg,omitempty"`
	AVIF  []int `json:"avif,omitempty"`
	Video *Size `json:"video,omitempty"`
}

// Size is width and height in pixels.
type Size struct {
	Width  int `json:"width"`
	Height int `json:"height"`
}

// Value writes the widths for the database.
func (s Served) Value() (driver.Value, error) {
	raw, err := json.Marshal(s)
	return string(raw), err
}

// Scan reads the widths from the database.
func (s *Served) Scan(src any) error {
	switch v := src.(type) {
	case []byte:
		return json.Unmarshal(v, s)
	case string:
		return json.Unmarshal([]byte(v), s)
	default:
		return fmt.Errorf("the column served came as %T", src)
	}
}
