// Package moving takes the objects of media from one store to another while the
// site runs. It is apart from package media because it is a use case of those
// who run the installation, but it keeps to the same tables.
//
// For each object: the bytes go to the other store and are compared with their
// sum, then the row says so, and a little later, when nobody reads them there
// any more, they go from where they were. Whoever read the row before finds the
// object in the other store all the same, see blob.Set. Interrupted anywhere, the
// next run goes on; what it finds in both stores stays where the row says.
package moving

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"sync"
	"time"

	"github.com/google/uuid"

	"vitrine/app/fault"
	"vitrine/app/platform/blob"
	"vitrine/app/platform/clock"
	"vitrine/app/platform/db"
)

// Grace is how long an object stays where it was after its row has changed:
// somebody may have read the row before, or be in the middle of it.
const Grace = 10 * time.Second

// batch is how many rows are read at a time, and atOnce how many objects move
// together.
const (
	batch  = 200
	atOnce = 4
)

// Config of the service.
type Config struct {
	DB    *db.DB // of the worker's role
	Blobs *blob.Set
	Clock clock.Clock   // clock.System when nil
	Grace time.Duration // Grace when 0
}

// Service moves objects.
type Service struct {
	db    *db.DB
	blobs *blob.Set
	clock clock.Clock
	grace time.Duration
}

// New prepares the service; it reaches nothing.
func New(c Config) *Service {
	if c.Clock == nil {
		c.Clock = clock.System
	}
	if c.Grace == 0 {
		c.Grace = Grace
	}
	return &Service{db: c.DB, blobs: c.Blobs, clock: c.Clock, grace: c.Grace}
}

// Report is what a run did and what it left.
type Report struct {
	Moved     int
	Bytes     int64
	There     int      // were in the other store already
	Arriving  int      // uploads that nobody has finished; their files go where they end
	Working   int      // files that are being processed; the next run takes them
	Missing   []string // keys that are in no store
	Different []string // keys whose bytes are not those that the row says; they stay
}

// object is an original or a rendition as its row knows it.
type object struct {
	MediaID  uuid.UUID
	StudioID uuid.UUID
	Name     string // of a rendition; empty for an original
	State    string // of the media, for an original
	Key      string
	Store    string
	Bytes    int64
	SHA256   string `gorm:"column:sha256"` // empty for an original that nobody has looked at
}

// errDifferent means that an object is not what its row says.
var errDifferent = errors.New("the bytes are not those that the row says")

// Move takes every object of media to a store and tells now and then how far it
// is. Invalid when there is no store of that name here. An object that is missing
// or different stays as it is and is named in the report; any other error ends
// the run, which may be repeated.
func (s *Service) Move(ctx context.Context, to string, tell func(Report)) (r Report, err error) {
	defer fault.Wrap(&err, "moving.Move(%s)", to)
	target, err := s.blobs.In(to)
	if err != nil {
		return r, fault.Caused(fault.Invalid, fmt.Sprintf("There is no store %q here; its keys are not in the configuration.", to), err)
	}
	run := &run{Service: s, to: target, report: &r}
	for _, next := range []func(context.Context, db.Reader, object) ([]object, error){originalsAfter, renditionsAfter} {
		if err := run.all(ctx, next, tell); err != nil {
			return r, errors.Join(err, run.clear(context.WithoutCancel(ctx), true))
		}
	}
	return r, run.clear(ctx, true)
}

// run is one time of moving.
type run struct {
	*Service
	to blob.Store

	mu     sync.Mutex
	report *Report
	old    []leftover
}

// leftover is an object whose row names the other store now.
type leftover struct {
	store blob.Store
	key   string
	since time.Time
}

func (r *run) all(ctx context.Context, next func(context.Context, db.Reader, object) ([]object, error), tell func(Report)) error {
	var last object
	for {
		list, err := next(ctx, r.db.Read(ctx), last)
		if err != nil {
			return err
		}
		if err := r.some(ctx, list); err != nil {
			return err
		}
		if err := r.clear(ctx, false); err != nil {
			return err
		}
		tell(*r.report)
		if len(list) < batch {
			return nil
		}
		last = list[len(list)-1]
	}
}

// some moves a batch, a few objects at once.
func (r *run) some(ctx context.Context, list []object) error {
	var all sync.WaitGroup
	errs := make([]error, len(list))
	turns := make(chan struct{}, atOnce)
	for i, o := range list {
		turns <- struct{}{}
		all.Go(func() {
			defer func() { <-turns }()
			if errs[i] = ctx.Err(); errs[i] == nil {
				errs[i] = r.one(ctx, o)
			}
		})
	}
	all.Wait()
	return errors.Join(errs...)
}

func (r *run) one(ctx context.Context, o object) error {
	switch {
	case o.Store == "":
		r.count(func(x *Report) { x.Arriving++ })
		return nil
	case o.Store == r.to.Name():
		r.count(func(x *Report) { x.There++ })
		return nil
	case o.State == "checking" || o.State == "processing":
		// A tool may be reading the file by its name.
		r.count(func(x *Report) { x.Working++ })
		return nil
	}
	from, err := r.blobs.In(o.Store)
	if err != nil {
		return err
	}
	err = r.copy(ctx, from, o)
	switch {
	case fault.Is(err, fault.NotFound):
		r.count(func(x *Report) { x.Missing = append(x.Missing, o.Key) })
		return nil
	case errors.Is(err, errDifferent):
		r.count(func(x *Report) { x.Different = append(x.Different, o.Key) })
		return nil
	case err != nil:
		return err
	}
	return r.record(ctx, from, o)
}

func (r *run) count(change func(*Report)) {
	r.mu.Lock()
	defer r.mu.Unlock()
	change(r.report)
}

// copy puts the bytes into the other store. When they have left the first
// one, because several rows share an object or a run was interrupted, those in
// the other store have to be the right ones.
func (r *run) copy(ctx context.Context, from blob.Store, o object) error {
	src, err := from.Open(ctx, o.Key)
	if fault.Is(err, fault.NotFound) {
		return r.verify(ctx, o)
	}
	if err != nil {
		return err
	}
	defer func() { _ = src.Close() }()
	// Before anything is written: what is wrong must not replace what is right.
	if src.Size() != o.Bytes {
		return errDifferent
	}
	sum := sha256.New()
	n, err := r.to.Put(ctx, o.Key, &exact{r: io.TeeReader(src, sum), left: o.Bytes, sum: func() bool {
		return o.SHA256 == "" || hex.EncodeToString(sum.Sum(nil)) == o.SHA256
	}})
	if err == nil && n != o.Bytes {
		err = fmt.Errorf("object %s: %d of %d bytes were stored", o.Key, n, o.Bytes)
	}
	return err
}

// exact fails instead of ending when the bytes are not as many as they should
// be, or others: a put of it then leaves nothing.
type exact struct {
	r    io.Reader
	left int64
	sum  func() bool
}

func (e *exact) Read(p []byte) (int, error) {
	n, err := e.r.Read(p)
	e.left -= int64(n)
	if errors.Is(err, io.EOF) && (e.left != 0 || !e.sum()) {
		return n, errDifferent
	}
	return n, err
}

// verify looks whether the other store has the bytes of a row.
func (r *run) verify(ctx context.Context, o object) error {
	there, err := r.to.Open(ctx, o.Key)
	if err != nil {
		return err
	}
	defer func() { _ = there.Close() }()
	sum := sha256.New()
	n, err := io.Copy(sum, there)
	if err != nil {
		return err
	}
	if n != o.Bytes || o.SHA256 != "" && hex.EncodeToString(sum.Sum(nil)) != o.SHA256 {
		return errDifferent
	}
	return nil
}

// record makes the row name the other store. When it has gone meanwhile, or names
// another object, the bytes that were just put there go, too, unless another row
// names them.
func (r *run) record(ctx context.Context, from blob.Store, o object) error {
	changed, needed, err := rename(ctx, r.db, o, r.to.Name())
	if err != nil {
		return err
	}
	if !changed {
		if needed {
			return nil // somebody else moved it, or another row will
		}
		return r.to.Delete(ctx, o.Key)
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	r.report.Moved++
	r.report.Bytes += o.Bytes
	r.old = append(r.old, leftover{from, o.Key, r.clock()})
	return nil
}

// clear removes what nobody needs any more where it was: what is older than the
// grace, or, with all, everything, as soon as it may go.
func (r *run) clear(ctx context.Context, all bool) error {
	for len(r.old) > 0 {
		x := r.old[0]
		if wait := r.grace - r.clock().Sub(x.since); wait > 0 {
			if !all {
				return nil
			}
			select {
			case <-ctx.Done():
				return ctx.Err()
			case <-time.After(wait):
			}
			continue
		}
		if err := x.store.Delete(ctx, x.key); err != nil {
			return err
		}
		r.old = r.old[1:]
	}
	return nil
}
