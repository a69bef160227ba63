package media

import (
	"context"
	"errors"
	"log/slog"
	"os"
	"path/filepath"
	"time"

	"github.com/google/uuid"

	"vitrine/app/platform/blob"
	"vitrine/app/platform/bus"
	"vitrine/app/platform/clock"
	"vitrine/app/platform/db"
	"vitrine/app/platform/mediatool"
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
	Blobs  blob.Store
	Tools  *mediatool.Tools // nil where no task runs
	Dir    string           // where bytes arrive and renditions are made, on one file system
	Clock  clock.Clock      // clock.System when nil
	Log    *slog.Logger     // slog.Default when nil
}

// Service is the use cases of media. One with a handle of the app's role serves
// requests, one with the worker's role runs tasks.
type Service struct {
	db     *db.DB
	outbox *bus.Outbox
	blobs  blob.Store
	tools  *mediatool.Tools
	inbox  string // directory of bytes that are arriving, shared by all processes of the machine
	work   *workDir
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
	inbox := filepath.Join(c.Dir, "incoming")
	if err := os.MkdirAll(inbox, 0o750); err != nil {
		return nil, err
	}
	work, err := openWorkDir(filepath.Join(c.Dir, "work"))
	if err != nil {
		return nil, err
	}
	s := &Service{db: c.DB, outbox: c.Outbox, blobs: c.Blobs, tools: c.Tools, inbox: inbox, work: work, clock: c.Clock, log: c.Log}
	s.locks = NewLocker(c.DB, c.Clock, c.Log)
	return s, nil
}

// AttachTo names who puts new files into drafts. The composition root calls it
// once, because works is made with this service.
func (s *Service) AttachTo(a Attacher) { s.attach = a }

// Close gives the private directory back; nothing may run any more.
func (s *Service) Close() error { return s.work.close() }

func originalKey(mediaID uuid.UUID) string { return "original/" + mediaID.String() }

// arriving is the file that the bytes of an upload are written to.
func (s *Service) arriving(id uuid.UUID) string { return filepath.Join(s.inbox, id.String()) }
