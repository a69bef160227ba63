package media

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"path/filepath"
	"time"

	"github.com/google/uuid"

	"vitrine/app/media/arriving"
	"vitrine/app/platform/blob"
	"vitrine/app/platform/bus"
	"vitrine/app/platform/clock"
	"vitrine/app/platform/db"
	"vitrine/app/platform/mediatool"
	"vitrine/app/platform/scratch"
)

// Limits that people are told before they choose a file. The same numbers are
// the defaults of package mediatool, which looks at the bytes.
const (
	MaxImageBytes = 50_000_000
	MaxVideoBytes = 2_000_000_000
)

// How long things wait for a person.
const (
	KeepUpload    = 7 * 24 * time.Hour // an upload that nobody goes on with
	KeepFinished  = 24 * time.Hour     // the row of a finished one, for a browser that missed the answer
	KeepUndecided = 7 * 24 * time.Hour // a refused file, an undecided duplicate
)

// Attacher puts a new file into its draft; works implements it. It is called in
// the transaction that begins the upload, makes the draft of that creation key
// when there is none, and adds the file at its end. A fault of it (the draft is
// full) refuses the upload.
type Attacher interface {
	AttachMedia(ctx context.Context, tx db.Tx, studioID, userID uuid.UUID, draftKey string, mediaID uuid.UUID, filename string) error
}

// Config of the service.
type Config struct {
	DB     *db.DB // of the app's role for requests, of the worker's for tasks
	Outbox *bus.Outbox
	Blobs  blob.Store       // a *blob.Set where there are several
	Tools  *mediatool.Tools // nil where no task runs
	Dir    string           // where bytes arrive and renditions are made, on one file system
	// PublicURL is the host of what public works show, without a path; the
	// site's own when empty. It has to lead to the site's /m/.
	PublicURL string
	Clock     clock.Clock  // clock.System when nil
	Log       *slog.Logger // slog.Default when nil
}

// Service is the use cases of media. One with a handle of the app's role serves
// requests, one with the worker's role runs tasks.
type Service struct {
	db     *db.DB
	outbox *bus.Outbox
	blobs  *blob.Set
	tools  *mediatool.Tools
	places []arriving.Place // of uploads; new ones begin in the first
	work   *scratch.Dir
	public string
	clock  clock.Clock
	log    *slog.Logger
	attach Attacher
	locks  *Locker
}

// New makes the service and its directories, and removes what dead processes
// left in them.
func New(c Config) (*Service, error) {
	if c.DB == nil || c.Outbox == nil || c.Blobs == nil || c.Dir == "" {
		return nil, errors.New("media needs a database handle, the outbox, a file store and a directory")
	}
	if c.Clock == nil {
		c.Clock = clock.System
	}
	if c.Log == nil {
		c.Log = slog.Default()
	}
	blobs, ok := c.Blobs.(*blob.Set)
	if !ok {
		blobs = blob.NewSet(c.Blobs)
	}
	places, err := openPlaces(c.Dir, blobs)
	if err != nil {
		return nil, err
	}
	work, err := scratch.Open(filepath.Join(c.Dir, "work"), "p-")
	if err != nil {
		return nil, err
	}
	s := &Service{db: c.DB, outbox: c.Outbox, blobs: blobs, tools: c.Tools, places: places, work: work, public: c.PublicURL, clock: c.Clock, log: c.Log}
	s.locks = NewLocker(c.DB, c.Clock, c.Log)
	return s, nil
}

// AttachTo names who puts new files into drafts. The composition root calls it
// once, because works is made with this service.
func (s *Service) AttachTo(a Attacher) { s.attach = a }

// Close gives the private directory back; nothing may run any more.
func (s *Service) Close() error { return s.work.Close() }

func originalKey(mediaID uuid.UUID) string { return "original/" + mediaID.String() }

// openPlaces gives a place for uploads on disk and one in each store that takes
// parts. New ones begin where their object will lie.
func openPlaces(dir string, blobs *blob.Set) ([]arriving.Place, error) {
	disk, err := arriving.NewDisk(filepath.Join(dir, "incoming"), blobs)
	if err != nil {
		return nil, err
	}
	list := []arriving.Place{disk}
	for _, store := range blobs.All() {
		if parts, ok := store.(blob.Parts); ok {
			place, err := arriving.NewParts(parts, filepath.Join(dir, "parts"))
			if err != nil {
				return nil, err
			}
			list = append(list, place)
			if store.Name() == blobs.Name() {
				list[0], list[len(list)-1] = place, disk
			}
		}
	}
	return list, nil
}

// place is where an upload's bytes are. Unavailable when this process does not
// reach it.
func (s *Service) place(up Upload) (arriving.Place, error) {
	for _, p := range s.places {
		if p.Name() == up.Place {
			return p, nil
		}
	}
	return nil, arriving.NoRoom(fmt.Errorf("upload %s arrives in %q, which is not configured here", up.ID, up.Place))
}
