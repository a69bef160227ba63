package analytics

import (
	"context"
	"crypto/hmac"
	"crypto/sha256"
	"errors"
	"log/slog"
	"sync"
	"time"

	"github.com/google/uuid"

	"vitrine/app/platform/clock"
	"vitrine/app/platform/db"
	"vitrine/app/platform/id"
	"vitrine/app/platform/zone"
)

// The numbers of a recorder where its Config does not say otherwise.
const (
	defaultCapacity = 50_000          // views that wait, about 10 MB
	defaultEvery    = 3 * time.Second // between two writes
	batchSize       = 5_000           // views in one COPY
	lastWrite       = 8 * time.Second // for what waits at the end
	patience        = 5               // writes that fail one after the other, before that is said
)

// RecorderConfig of a Recorder. The handle may be the app's.
type RecorderConfig struct {
	DB       *db.DB
	Secret   string        // of the installation; seals what pages send back
	Clock    clock.Clock   // clock.System when nil
	Log      *slog.Logger  // slog.Default when nil
	Capacity int           // views that wait; the next ones are dropped and counted
	Every    time.Duration // how long a view waits, and how much a crash loses
}

// Recorder takes views of one process and writes them every few seconds.
type Recorder struct {
	RecorderConfig
	key   []byte
	salts salts
	full  chan struct{} // a batch is there before its time

	mu      sync.Mutex
	zones   map[string]*time.Location
	waiting []view
	counts  Counts

	held []view // the batch on its way; touched by Run alone
}

// Counts is what a recorder has done since it was made.
type Counts struct {
	Taken   int64 // views that were taken
	Written int64 // and are in the database
	Dropped int64 // for want of room or, while there was no database at the start, of a salt
	Waiting int   // now
}

// view is a row.
type view struct {
	at       time.Time
	id       uuid.UUID
	studioID uuid.UUID
	workID   uuid.UUID
	visitor  int64
	source   string
}

// NewRecorder prepares a recorder; it reaches nothing before Run.
func NewRecorder(c RecorderConfig) *Recorder {
	if c.Clock == nil {
		c.Clock = clock.System
	}
	if c.Log == nil {
		c.Log = slog.Default()
	}
	if c.Capacity == 0 {
		c.Capacity = defaultCapacity
	}
	if c.Every == 0 {
		c.Every = defaultEvery
	}
	mac := hmac.New(sha256.New, []byte(c.Secret))
	mac.Write([]byte("vitrine views"))
	return &Recorder{RecorderConfig: c, key: mac.Sum(nil), full: make(chan struct{}, 1), zones: map[string]*time.Location{}}
}

// Take counts a view of the page with that stamp. It waits for nobody and reaches
// nothing. taken is false for robots, for pages fetched ahead, for a stamp that is
// none, and when there is no room.
func (r *Recorder) Take(stamp string, v Visit) (taken bool) {
	if v.Ahead || Robot(v.Agent) {
		return false
	}
	s, ok := r.open(stamp)
	if !ok {
		return false
	}
	at := r.Clock().UTC().Truncate(time.Microsecond)
	r.mu.Lock()
	defer r.mu.Unlock()
	salt := r.salts.of(zone.Of(at, r.zone(s.Zone)))
	if salt == nil || len(r.waiting) >= r.Capacity {
		r.counts.Dropped++
		return false
	}
	r.waiting = append(r.waiting, view{at: at, id: id.New(), studioID: s.StudioID, workID: s.WorkID, visitor: visitor(salt, s.StudioID, v), source: Source(v.From)})
	r.counts.Taken++
	if len(r.waiting)%batchSize == 0 {
		select {
		case r.full <- struct{}{}:
		default:
		}
	}
	return true
}

// zone remembers zones, of which stamps under our seal name only those that
// studios have.
func (r *Recorder) zone(name string) *time.Location {
	loc, known := r.zones[name]
	if !known {
		loc = zone.Or(name)
		r.zones[name] = loc
	}
	return loc
}

// Counts tells what happened so far.
func (r *Recorder) Counts() Counts {
	r.mu.Lock()
	defer r.mu.Unlock()
	c := r.counts
	c.Waiting = int(c.Taken - c.Written)
	return c
}

// Prepare asks for the salts, without which nothing can be taken. Run does it, too,
// but later than the first view may come.
func (r *Recorder) Prepare(ctx context.Context) error { return r.keepSalts(ctx) }

// Run writes until ctx ends, and then what is left. What cannot be written by
// then is lost, and said so. A process that is killed loses what it took within
// Config.Every, and what waited for a database that was away.
func (r *Recorder) Run(ctx context.Context) {
	ticker := time.NewTicker(r.Every)
	defer ticker.Stop()
	failures := 0
	for {
		err := r.write(ctx)
		if failures++; err == nil {
			failures = 0
		}
		if failures == patience && ctx.Err() == nil {
			r.Log.LogAttrs(ctx, slog.LevelWarn, "Views cannot be written for a while; they wait in memory", slog.Any("error", err))
		}
		select {
		case <-ctx.Done():
			r.finish(context.WithoutCancel(ctx))
			return
		case <-ticker.C:
		case <-r.full:
		}
	}
}

// finish writes what is left, as long as that may take.
func (r *Recorder) finish(ctx context.Context) {
	ctx, cancel := context.WithTimeout(ctx, lastWrite)
	defer cancel()
	err := r.write(ctx)
	if left := r.Counts().Waiting; left > 0 {
		r.Log.LogAttrs(ctx, slog.LevelError, "Views were lost at the end of the process", slog.Int("views", left), slog.Any("error", err))
	}
}

// write makes sure of the salts and writes all that waits.
func (r *Recorder) write(ctx context.Context) error {
	if err := r.keepSalts(ctx); err != nil {
		return err
	}
	for {
		if len(r.held) == 0 && !r.hold() {
			return nil
		}
		if err := r.copy(ctx); err != nil {
			return err
		}
		r.mu.Lock()
		r.counts.Written += int64(len(r.held))
		r.mu.Unlock()
		r.held = nil
	}
}

// hold takes the next batch.
func (r *Recorder) hold() bool {
	r.mu.Lock()
	defer r.mu.Unlock()
	n := min(len(r.waiting), batchSize)
	r.held = append([]view(nil), r.waiting[:n]...)
	r.waiting = append([]view(nil), r.waiting[n:]...)
	return n > 0
}

// copy writes the batch. It stays the same until that has succeeded: when an
// answer was lost and the batch is in the database, its keys say so.
func (r *Recorder) copy(ctx context.Context) error {
	err := r.DB.Copy(ctx, eventRows(r.held), markRows(r.held))
	if name, twice := db.Unique(err); twice && name == "view_events_pkey" {
		return nil
	}
	return err
}

var errNoSalts = errors.New("the database gave no salts")
