package media

import (
	"context"
	"log/slog"
	"sync"
	"sync/atomic"
	"time"

	"github.com/google/uuid"
	"github.com/tus/tusd/v2/pkg/handler"

	"vitrine/app/platform/clock"
	"vitrine/app/platform/db"
	"vitrine/app/platform/id"
)

// The rhythm of locks. A holder renews three times before its lease is over; a
// taker waits a little longer than the lease, since clocks of two machines differ.
const (
	leaseTime = 15 * time.Second
	leaseSkew = 2 * time.Second
	beat      = time.Second // how often a holder looks whether somebody waits
	renewBeat = 5           // every so many beats it renews
	waitPoll  = 250 * time.Millisecond
)

// Locker is tusd's locks as rows of PostgreSQL, so that any process may go on
// with any upload.
//
// A lock is a lease of 15 s that its holder renews. Who finds it held asks the
// holder to let go: directly in the same process, else by a mark in the row,
// which the holder sees within a second. The holder then ends its request, and
// what has arrived so far is kept. A holder that died is waited for no longer
// than its lease.
//
// Each new holder gets a higher fence. A holder that lost its lease without
// knowing (a stopped process, a long pause) cannot do harm with it: bytes count
// only once they are committed, and the commit names the fence.
type Locker struct {
	db    *db.DB
	clock clock.Clock
	log   *slog.Logger
	owner string

	mu   sync.Mutex
	held map[uuid.UUID]*lease
}

// NewLocker makes the locks of one process.
func NewLocker(d *db.DB, now clock.Clock, log *slog.Logger) *Locker {
	return &Locker{db: d, clock: now, log: log, owner: id.New().String(), held: map[uuid.UUID]*lease{}}
}

var _ handler.Locker = (*Locker)(nil)

// NewLock prepares the lock of an upload.
func (l *Locker) NewLock(uploadID string) (handler.Lock, error) {
	upload, err := uuid.Parse(uploadID)
	if err != nil {
		return nil, handler.ErrNotFound
	}
	return &uploadLock{locker: l, upload: upload}, nil
}

// lease is a lock that is held.
type lease struct {
	upload   uuid.UUID
	sender   Sender
	fence    int64
	until    atomic.Pointer[time.Time]
	lost     atomic.Bool
	unlock   func() // tusd's way to end the body of the request; harmless when repeated
	stop     context.CancelFunc
	released chan struct{}

	mu      sync.Mutex
	asked   bool // to end the request
	reading bool // the request's body
}

// ask asks the holder to end its request. tusd can end a body only once it is
// being read, and does not end it later: who asks before is remembered, and
// read says so. A request that has no body ends by itself.
func (l *lease) ask() {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.asked = true
	if l.reading {
		l.unlock()
	}
}

// read tells whether the body may be read: not when the holder was asked before.
func (l *lease) read() bool {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.reading = !l.asked
	return l.reading
}

// alive tells whether the holder may still write. It needs no query: it is
// asked before every write, and the commit asks the database.
func (l *lease) alive(now time.Time) bool { return !l.lost.Load() && now.Before(*l.until.Load()) }

type uploadLock struct {
	locker *Locker
	upload uuid.UUID
	held   *lease
}

// Lock waits until the upload is ours or ctx ends (ErrLockTimeout). The context
// carries the Sender; an upload that is not of its studio is not found.
// requestUnlock is called when somebody else wants the upload, or when the
// lease was lost.
func (k *uploadLock) Lock(ctx context.Context, requestUnlock func()) error {
	l := k.locker
	scope := scopeOf(ctx)
	if scope == nil {
		return handler.ErrNotFound
	}
	for {
		fence, until, err := l.take(ctx, scope.Sender, k.upload)
		if err != nil {
			if ctx.Err() != nil {
				return handler.ErrLockTimeout
			}
			return tusError(l.log, err)
		}
		if fence > 0 {
			k.held = l.hold(scope.Sender, k.upload, fence, until, requestUnlock)
			scope.lease = k.held
			return nil
		}
		released := l.askHere(k.upload)
		timer := time.NewTimer(waitPoll)
		select {
		case <-ctx.Done():
			timer.Stop()
			return handler.ErrLockTimeout
		case <-released: // nil, and so never ready, when another process holds it
			timer.Stop()
		case <-timer.C:
		}
	}
}

// take tries once. The fence is 0 when somebody else holds the lock.
func (l *Locker) take(ctx context.Context, sender Sender, upload uuid.UUID) (fence int64, until time.Time, err error) {
	err = l.db.Tenant(db.Guard(ctx), sender.StudioID, func(tx db.Tx) error {
		now := l.clock()
		until = now.Add(leaseTime)
		// The subquery is read under the studio's scope: the lock of another
		// studio's upload cannot be taken, nor even asked for.
		res := tx.SQL().Raw(`update upload_locks set owner = ?, fence = fence + 1, leased_until = ?, wanted = false
			where upload_id = (select id from uploads where studio_id = ? and id = ?)
			and (leased_until is null or leased_until < ?) returning fence`,
			l.owner, until, sender.StudioID, upload, now.Add(-leaseSkew)).Scan(&fence)
		if res.Error != nil || fence > 0 {
			return res.Error
		}
		mark := tx.SQL().Exec(`update upload_locks set wanted = true
			where upload_id = (select id from uploads where studio_id = ? and id = ?)`, sender.StudioID, upload)
		if mark.Error == nil && mark.RowsAffected == 0 {
			return handler.ErrNotFound
		}
		return mark.Error
	})
	return fence, until, err
}

// askHere asks the holder in this process, if it is one, and gives what is
// closed when it has let go.
func (l *Locker) askHere(upload uuid.UUID) <-chan struct{} {
	l.mu.Lock()
	h := l.held[upload]
	l.mu.Unlock()
	if h == nil {
		return nil
	}
	h.ask()
	return h.released
}

func (l *Locker) hold(sender Sender, upload uuid.UUID, fence int64, until time.Time, unlock func()) *lease {
	ctx, stop := context.WithCancel(context.Background())
	h := &lease{upload: upload, sender: sender, fence: fence, unlock: unlock, stop: stop, released: make(chan struct{})}
	h.until.Store(&until)
	l.mu.Lock()
	l.held[upload] = h
	l.mu.Unlock()
	go l.keep(ctx, h)
	return h
}

// keep renews the lease and passes on that somebody waits, until it is released
// or lost. A database that cannot be reached is not a loss: the lease then
// simply runs out, and alive says so.
func (l *Locker) keep(ctx context.Context, h *lease) {
	ticker := time.NewTicker(beat)
	defer ticker.Stop()
	for n := 1; ; n++ {
		select {
		case <-ctx.Done():
			return
		case <-ticker.C:
		}
		if !l.check(ctx, h, n%renewBeat == 0) {
			return
		}
	}
}

// check is one beat. It tells whether to go on.
func (l *Locker) check(ctx context.Context, h *lease, renew bool) bool {
	until := l.clock().Add(leaseTime)
	var row struct {
		Fence  int64
		Wanted bool
	}
	err := l.db.Transact(ctx, func(tx db.Tx) error {
		if renew {
			if err := tx.SQL().Exec(`update upload_locks set leased_until = ? where upload_id = ? and fence = ?`, until, h.upload, h.fence).Error; err != nil {
				return err
			}
		}
		return tx.SQL().Raw(`select fence, wanted from upload_locks where upload_id = ?`, h.upload).Scan(&row).Error
	})
	switch {
	case ctx.Err() != nil:
		return false
	case err != nil:
		l.log.LogAttrs(ctx, slog.LevelWarn, "An upload's lock could not be renewed", slog.String("upload", h.upload.String()), slog.Any("error", err))
		if !h.alive(l.clock()) {
			h.lost.Store(true)
			h.ask()
			return false
		}
		return true
	case row.Fence != h.fence:
		h.lost.Store(true)
		h.ask()
		return false
	}
	if renew {
		h.until.Store(&until)
	}
	if row.Wanted {
		h.ask()
	}
	return true
}

// Unlock lets go. The row is freed only if nobody has taken it meanwhile.
func (k *uploadLock) Unlock() error {
	h := k.held
	if h == nil {
		return nil
	}
	l := k.locker
	h.stop()
	l.mu.Lock()
	if l.held[h.upload] == h {
		delete(l.held, h.upload)
	}
	l.mu.Unlock()
	ctx, cancel := context.WithTimeout(context.Background(), beat)
	defer cancel()
	err := l.db.Transact(ctx, func(tx db.Tx) error {
		return tx.SQL().Exec(`update upload_locks set leased_until = null, owner = '', wanted = false where upload_id = ? and fence = ?`, h.upload, h.fence).Error
	})
	h.lost.Store(true) // whatever still holds the lease may not write with it
	close(h.released)
	if err != nil {
		// The request was answered already; the lease runs out by itself.
		l.log.LogAttrs(ctx, slog.LevelWarn, "An upload's lock could not be released", slog.String("upload", h.upload.String()), slog.Any("error", err))
	}
	return nil
}
