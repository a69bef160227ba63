package archive

import (
	"context"
	"fmt"
	"log/slog"
	"time"

	"github.com/google/uuid"

	"vitrine/app/accounts/closing"
	"vitrine/app/engagement"
	engaged "vitrine/app/engagement/carry"
	"vitrine/app/fault"
	"vitrine/app/media"
	"vitrine/app/media/originals"
	"vitrine/app/moderation"
	"vitrine/app/notifications"
	"vitrine/app/notifications/notices"
	"vitrine/app/platform/audit"
	"vitrine/app/platform/blob"
	"vitrine/app/platform/bus"
	"vitrine/app/platform/clock"
	"vitrine/app/platform/db"
	"vitrine/app/platform/id"
	"vitrine/app/platform/idem"
	"vitrine/app/search"
	"vitrine/app/studios"
	"vitrine/app/works"
	"vitrine/app/works/carry"
	"vitrine/app/works/collections"
)

// KeepArchive is how long an archive can be fetched.
const KeepArchive = 7 * 24 * time.Hour

// askAgainAfter keeps one person from keeping the machine busy with archives.
const askAgainAfter = time.Hour

// VolumeSize is how many bytes of files a volume holds at most; a single file
// that is larger has a volume of its own.
const VolumeSize = 1_000_000_000

// Config of the service. Requests ask on the app's handle, jobs on the worker's;
// what only jobs call may be nil for requests.
type Config struct {
	DB         *db.DB
	Outbox     *bus.Outbox
	Blobs      blob.Store
	Accounts   *closing.Service
	Studios    *studios.Service
	Media      *media.Service
	Works      *works.Service
	Engagement *engagement.Service    // jobs alone
	Search     *search.Service        // jobs alone
	Moderation *moderation.Service    // jobs alone
	Mails      *notifications.Service // jobs alone
	Notices    *notices.Service       // jobs alone
	Clock      clock.Clock            // clock.System when nil
	Log        *slog.Logger           // slog.Default when nil
	VolumeSize int64                  // VolumeSize when zero
}

// Service has the use cases.
type Service struct {
	Config
	carry     *carry.Service
	engaged   *engaged.Service
	originals *originals.Service
	shelves   *collections.Service
}

// New prepares the service; it reaches nothing.
func New(c Config) *Service {
	if c.Clock == nil {
		c.Clock = clock.System
	}
	if c.Log == nil {
		c.Log = slog.Default()
	}
	if c.VolumeSize == 0 {
		c.VolumeSize = VolumeSize
	}
	return &Service{Config: c, carry: carry.New(c.DB), engaged: engaged.New(c.DB, c.Works), originals: originals.New(c.DB, c.Media), shelves: collections.New(c.DB, c.Outbox, c.Media)}
}

// Kind is whose archive it is.
type Kind string

// The kinds.
const (
	User   Kind = "user"
	Studio Kind = "studio"
)

// Subject is a person or a studio.
type Subject struct {
	Kind Kind
	ID   uuid.UUID
}

// State is how far an export has come.
type State string

// The states. One that has expired is gone.
const (
	Waiting State = "waiting"
	Working State = "working"
	Ready   State = "ready"
	Failed  State = "failed"
)

// Export is an archive that is being made or can be fetched.
type Export struct {
	ID        uuid.UUID
	Kind      Kind
	SubjectID uuid.UUID
	AskedBy   uuid.UUID
	State     State
	Files     int   // originals to put in; 0 until they are counted
	FilesDone int   // that are in
	Bytes     int64 // of all originals
	AskedAt   time.Time
	ReadyAt   *time.Time
	ExpiresAt time.Time
	Volumes   []Volume `gorm:"-"`
}

// Busy tells whether it is still being made.
func (e Export) Busy() bool { return e.State == Waiting || e.State == Working }

// Volume is one zip file of an export.
type Volume struct {
	ExportID  uuid.UUID
	Number    int // from 1
	FileCount int
	Bytes     int64      // of the zip file
	SHA256    string     `gorm:"column:sha256"`
	MadeAt    *time.Time // nil until it is whole
}

// Asked tells that an archive is wanted.
type Asked struct {
	ExportID uuid.UUID `json:"export_id"`
}

// EventName names the event.
func (Asked) EventName() string { return "archive.asked.v1" }

// EventPriority lets everything else of the queue go first.
func (Asked) EventPriority() int { return -5 }

// Made tells that an archive can be fetched, and by whom.
type Made struct {
	ExportID uuid.UUID `json:"export_id"`
	UserID   uuid.UUID `json:"user_id"`
	Page     string    `json:"page"` // path of the page that has the links
}

// EventName names the event.
func (Made) EventName() string { return "archive.made.v1" }

// Ask asks for an archive: a person for their own, an admin or the owner for a
// studio's. Conflict while one is being made, TooMany within an hour of the last
// one; a form that was sent twice asks once. NotFound and Forbidden without the
// right role.
func (s *Service) Ask(ctx context.Context, actor uuid.UUID, of Subject, key string) (err error) {
	defer fault.Wrap(&err, "archive.Ask(%s, %s)", of.Kind, of.ID)
	ask := func(tx db.Tx) error { return s.ask(ctx, tx, actor, of, key) }
	if of.Kind == User {
		if of.ID != actor {
			return fault.New(fault.Forbidden, "Everybody can ask for their own archive alone.")
		}
		return s.DB.Transact(ctx, ask)
	}
	return s.DB.Tenant(ctx, of.ID, func(tx db.Tx) error {
		if err := studios.Hold(ctx, tx, of.ID, actor, studios.TakeArchive); err != nil {
			return err
		}
		return ask(tx)
	})
}

func (s *Service) ask(ctx context.Context, tx db.Tx, actor uuid.UUID, of Subject, key string) error {
	if _, repeated, err := idem.Claim(ctx, tx, "archive.ask:"+of.ID.String()+":"+actor.String(), key); err != nil || repeated {
		return err
	}
	last, found, err := lastExport(ctx, tx.Reader(), of)
	switch {
	case err != nil:
		return err
	case found && last.Busy():
		return fault.New(fault.Conflict, "An archive is being made already. A mail comes when it is ready.")
	case found && last.State == Ready && tx.Now().Sub(last.AskedAt) < askAgainAfter:
		return fault.New(fault.TooMany, "An archive was made within the last hour. Fetch that one, or ask again a little later.")
	}
	e := Export{ID: id.New(), Kind: of.Kind, SubjectID: of.ID, AskedBy: actor, AskedAt: tx.Now(), ExpiresAt: tx.Now().Add(KeepArchive)}
	if made, err := insertExport(tx, e); err != nil || !made {
		return err // somebody else asked at this moment, which is as good
	}
	entry := audit.Entry{ActorID: actor, Action: "archive.asked", Subject: audit.Subject("export", e.ID), Note: "An archive of everything was asked for."}
	if of.Kind == Studio {
		entry.StudioID = of.ID
	}
	if err := audit.Write(ctx, tx, entry); err != nil {
		return err
	}
	return s.Outbox.Publish(ctx, tx, Asked{ExportID: e.ID})
}

// Last gives the newest export of a subject with its volumes; ok is false when
// there is none. The caller has checked that the viewer may see it.
func (s *Service) Last(ctx context.Context, of Subject) (e Export, ok bool, err error) {
	defer fault.Wrap(&err, "archive.Last(%s, %s)", of.Kind, of.ID)
	r := s.DB.Read(ctx)
	if e, ok, err = lastExport(ctx, r, of); err != nil || !ok {
		return e, ok, err
	}
	e.Volumes, err = volumesOf(ctx, r, e.ID)
	return e, true, err
}

// Download is a volume as it is sent: from the file store, in parts if the
// browser wants.
type Download struct {
	blob.Object
	Name string // of the file
	ETag string // strong, with its quotes
}

// Fetch opens a volume for somebody who may have it: the person, or an admin or
// the owner of the studio. NotFound when it is not made, gone, or of another.
// The caller closes it. first tells that the beginning is asked for, which is
// written down once for each beginning.
func (s *Service) Fetch(ctx context.Context, actor uuid.UUID, of Subject, exportID uuid.UUID, number int, name string, first bool) (d Download, err error) {
	defer fault.Wrap(&err, "archive.Fetch(%s, %d)", exportID, number)
	gone := fault.New(fault.NotFound, "This archive is not here any more. Archives are kept for 7 days; ask for a new one.")
	if of.Kind == User && of.ID != actor {
		return d, gone
	}
	var v Volume
	look := func(tx db.Tx) error {
		e, ok, err := exportByID(ctx, tx.Reader(), exportID)
		if err != nil {
			return err
		}
		if !ok || e.Kind != of.Kind || e.SubjectID != of.ID || e.State != Ready || !e.ExpiresAt.After(tx.Now()) {
			return gone
		}
		list, err := volumesOf(ctx, tx.Reader(), exportID)
		if err != nil {
			return err
		}
		if number < 1 || number > len(list) || list[number-1].MadeAt == nil {
			return gone
		}
		v = list[number-1]
		d.Name = fmt.Sprintf("vitrine-%s-%s-%dof%d.zip", name, e.AskedAt.Format("2006-01-02"), number, len(list))
		if !first {
			return nil
		}
		entry := audit.Entry{ActorID: actor, Action: "archive.fetched", Subject: audit.Subject("export", exportID), Note: fmt.Sprintf("Volume %d of %d was fetched.", number, len(list))}
		if of.Kind == Studio {
			entry.StudioID = of.ID
		}
		return audit.Write(ctx, tx, entry)
	}
	if of.Kind == User {
		err = s.DB.Transact(ctx, look)
	} else {
		err = s.DB.Tenant(ctx, of.ID, func(tx db.Tx) error {
			if err := studios.Hold(ctx, tx, of.ID, actor, studios.TakeArchive); err != nil {
				return err
			}
			return look(tx)
		})
	}
	if err != nil {
		return d, err
	}
	d.ETag = `"` + v.SHA256[:32] + `"`
	d.Object, err = s.Blobs.Open(ctx, volumeKey(exportID, number))
	return d, err
}

func volumeKey(exportID uuid.UUID, number int) string {
	return fmt.Sprintf("export/%s/%d.zip", exportID, number)
}

func recordsKey(exportID uuid.UUID) string { return "export/" + exportID.String() + "/records" }
