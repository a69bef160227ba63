package analytics

import (
	"log/slog"
	"time"

	"github.com/google/uuid"

	"vitrine/app/media"
	"vitrine/app/platform/bus"
	"vitrine/app/platform/clock"
	"vitrine/app/platform/db"
	"vitrine/app/studios"
)

// How long events and statistics are kept. Days are kept as long as the studio.
const (
	KeepEvents = 90 * 24 * time.Hour
	KeepHourly = 365 * 24 * time.Hour
	KeepReport = 7 * 24 * time.Hour // from when it is ready
)

// Config of the service. Requests read on the app's handle, jobs add up on the
// worker's.
type Config struct {
	DB      *db.DB
	Outbox  *bus.Outbox
	Studios *studios.Service
	Media   *media.Service
	Clock   clock.Clock  // clock.System when nil
	Log     *slog.Logger // slog.Default when nil
}

// Service has the use cases, but for taking views: see Recorder.
type Service struct {
	Config
}

// New prepares the service; it reaches nothing.
func New(c Config) *Service {
	if c.Clock == nil {
		c.Clock = clock.System
	}
	if c.Log == nil {
		c.Log = slog.Default()
	}
	return &Service{Config: c}
}

// Range is how many days statistics are shown for, today included.
type Range int

// The ranges.
const (
	Week    Range = 7
	Month   Range = 30
	Quarter Range = 90
	Year    Range = 365
)

// Ranges lists them, the shortest first.
func Ranges() []Range { return []Range{Week, Month, Quarter, Year} }

// ParseRange reads a number of days; Month when it is none of Ranges.
func ParseRange(days string) Range {
	for _, r := range Ranges() {
		if days == r.String() {
			return r
		}
	}
	return Month
}

// ReportAsked tells that a report is wanted.
type ReportAsked struct {
	StudioID uuid.UUID `json:"studio_id"`
	ReportID uuid.UUID `json:"report_id"`
}

// EventName names the event.
func (ReportAsked) EventName() string { return "analytics.report_asked.v1" }
