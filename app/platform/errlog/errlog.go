package errlog

import (
	"context"
	"errors"
	"log/slog"
	"slices"
	"sync"
	"time"

	"github.com/google/uuid"

	"vitrine/app/platform/clock"
	"vitrine/app/platform/db"
)

// The bounds. A flood of errors costs no more than this, in the process and in
// the database.
const (
	flushEvery    = time.Second
	perFlush      = 20              // groups written in one transaction: at most 20 writes a second
	maxWaiting    = 500             // groups that wait in memory
	looksASecond  = 200             // occurrences whose text is read; the rest of a second is only counted
	flushPatience = 3 * time.Second // of one write
)

// Kind is what sort of failure a group is.
type Kind string

// The kinds.
const (
	Internal    Kind = "internal"    // an error that nobody foresaw
	Unavailable Kind = "unavailable" // a part could not be reached
	Panicked    Kind = "panic"
	Task        Kind = "task" // an attempt of a task that failed
)

// Group is all occurrences of one failure.
type Group struct {
	Fingerprint uuid.UUID
	Kind        Kind
	Place       string // "GET /@:studio/:work" or "task search.index"; never a URL
	Title       string // the chain of errors without its values
	Message     string // of the last occurrence, redacted
	Stack       string // of the last panic, redacted; empty for others
	Version     string // of the process that met it last
	Count       int64
	FirstSeen   time.Time
	LastSeen    time.Time
	State       State
	Reopened    int        // how often it came again after somebody had resolved it
	ResolvedAt  *time.Time // by a person, last
	ResolvedBy  *uuid.UUID
}

// Config of a Log.
type Config struct {
	DB      *db.DB // of the worker's role, with a few connections of its own
	Version string
	Sentry  string // DSN; empty sends nothing anywhere
	Clock   clock.Clock
	Log     *slog.Logger
}

// Log collects failures. A nil Log records nothing, for tests and tools.
type Log struct {
	db      *db.DB
	version string
	clock   clock.Clock
	log     *slog.Logger
	sentry  *sentry // nil when off

	mu      sync.Mutex
	waiting map[uuid.UUID]*Group // not written yet
	order   []uuid.UUID          // of waiting, the longest waiting first
	unsent  map[uuid.UUID]Group  // for Sentry
	second  time.Time            // that looks belongs to
	looks   int
	dropped int64
	failure string // why the last write failed; empty when it did not
	since   time.Time
}

// New prepares the log; Run writes. A DSN that cannot be one is refused.
func New(c Config) (*Log, error) {
	l := &Log{db: c.DB, version: c.Version, clock: c.Clock, log: c.Log, waiting: map[uuid.UUID]*Group{}, unsent: map[uuid.UUID]Group{}}
	if l.clock == nil {
		l.clock = clock.System
	}
	if l.log == nil {
		l.log = slog.Default()
	}
	if c.Sentry != "" {
		dsn, err := ParseDSN(c.Sentry)
		if err != nil {
			return nil, err
		}
		l.sentry = newSentry(dsn, c.Version)
	}
	return l, nil
}

// Record notes a failure at a place. It never waits and never fails.
func (l *Log) Record(kind Kind, place string, err error) {
	if l == nil || err == nil {
		return
	}
	now := l.clock()
	if !l.mayLook(now) {
		return
	}
	l.add(l.describe(kind, place, err, now))
}

// mayLook bounds the texts that are read in a second.
func (l *Log) mayLook(now time.Time) bool {
	l.mu.Lock()
	defer l.mu.Unlock()
	if s := now.Truncate(time.Second); !s.Equal(l.second) {
		l.second, l.looks = s, 0
	}
	l.looks++
	if l.looks > looksASecond {
		l.dropped++
		return false
	}
	return true
}

// describe makes a group of one occurrence.
func (l *Log) describe(kind Kind, place string, err error, now time.Time) Group {
	g := Group{Kind: kind, Place: cut(clean(place), longestPlace), Version: l.version, Count: 1, FirstSeen: now, LastSeen: now, State: Open}
	var p *Panic
	if errors.As(err, &p) {
		g.Kind, g.Title, g.Message, g.Stack = Panicked, p.title(), Redact(p.message()), Redact(p.trace())
	} else {
		g.Title, g.Message = Title(err.Error()), Redact(err.Error())
	}
	g.Fingerprint = fingerprint(g.Kind, g.Place, g.Title)
	return g
}

// add merges the group with what waits. Beyond the bound it is dropped.
func (l *Log) add(g Group) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.sentry != nil && (len(l.unsent) < maxWaiting) {
		known := l.unsent[g.Fingerprint]
		known = merged(known, g)
		l.unsent[g.Fingerprint] = known
	}
	if known := l.waiting[g.Fingerprint]; known != nil {
		*known = merged(*known, g)
		return
	}
	if len(l.waiting) >= maxWaiting {
		l.dropped += g.Count
		return
	}
	l.waiting[g.Fingerprint] = &g
	l.order = append(l.order, g.Fingerprint)
}

// merged is both, in either order of time.
func merged(a, b Group) Group {
	if a.Count == 0 {
		return b
	}
	if a.LastSeen.After(b.LastSeen) {
		a, b = b, a
	}
	b.Count += a.Count
	if a.FirstSeen.Before(b.FirstSeen) {
		b.FirstSeen = a.FirstSeen
	}
	if b.Stack == "" {
		b.Stack = a.Stack
	}
	return b
}

// Run writes what waits, until ctx ends; then it writes once more.
func (l *Log) Run(ctx context.Context) {
	ticker := time.NewTicker(flushEvery)
	defer ticker.Stop()
	if l.sentry != nil {
		go l.sentry.run(ctx)
	}
	for ctx.Err() == nil {
		select {
		case <-ctx.Done():
		case <-ticker.C:
			l.Flush(ctx)
		}
	}
	l.Flush(context.WithoutCancel(ctx)) // which bounds itself
}

// Flush writes one batch. What cannot be written waits again.
func (l *Log) Flush(ctx context.Context) {
	l.offer()
	batch := l.take()
	if len(batch) == 0 {
		return
	}
	ctx, cancel := context.WithTimeout(ctx, flushPatience)
	defer cancel()
	var refused int64
	err := l.db.Transact(ctx, func(tx db.Tx) (err error) {
		refused, err = upsert(tx, batch)
		return err
	})
	l.settle(ctx, batch, refused, err)
}

// take removes the longest waiting groups.
func (l *Log) take() []Group {
	l.mu.Lock()
	defer l.mu.Unlock()
	n := min(perFlush, len(l.order))
	out := make([]Group, 0, n)
	for _, f := range l.order[:n] {
		out = append(out, *l.waiting[f])
		delete(l.waiting, f)
	}
	l.order = slices.Clone(l.order[n:])
	return out
}

// settle notes how a write ended.
func (l *Log) settle(ctx context.Context, batch []Group, refused int64, err error) {
	if err != nil {
		for _, g := range batch {
			l.restore(g)
		}
	}
	l.mu.Lock()
	defer l.mu.Unlock()
	l.dropped += refused
	was := l.failure
	l.failure = ""
	if err != nil {
		l.failure = Redact(err.Error())
	}
	switch {
	case err != nil && was == "":
		l.since = l.clock()
		l.log.LogAttrs(ctx, slog.LevelWarn, "Errors cannot be written to the database and wait in memory", slog.Any("error", err))
	case err == nil && was != "":
		l.log.LogAttrs(ctx, slog.LevelInfo, "Errors are written to the database again")
	}
}

// restore puts a group back that could not be written, to the others that wait.
func (l *Log) restore(g Group) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if known := l.waiting[g.Fingerprint]; known != nil {
		*known = merged(*known, g)
		return
	}
	if len(l.waiting) >= maxWaiting {
		l.dropped += g.Count
		return
	}
	l.waiting[g.Fingerprint] = &g
	l.order = append(l.order, g.Fingerprint)
}

// Standing is how the log itself does.
type Standing struct {
	Waiting int           // groups that are not in the database yet
	Dropped int64         // occurrences that were only counted, since the process started
	Failure string        // why the last write failed; empty when it did not
	Since   time.Time     // when it began to fail
	Sentry  *SentryCounts // nil when nothing is sent anywhere
}

// Standing tells how the log does, without asking anybody.
func (l *Log) Standing() Standing {
	if l == nil {
		return Standing{}
	}
	l.mu.Lock()
	defer l.mu.Unlock()
	s := Standing{Waiting: len(l.waiting), Dropped: l.dropped, Failure: l.failure, Since: l.since}
	if l.sentry != nil {
		c := l.sentry.counts()
		s.Sentry = &c
	}
	return s
}

// Waiting lists the groups that are not in the database yet, the latest first:
// what the process knows by itself.
func (l *Log) Waiting() []Group {
	if l == nil {
		return nil
	}
	l.mu.Lock()
	defer l.mu.Unlock()
	out := make([]Group, 0, len(l.waiting))
	for _, g := range l.waiting {
		out = append(out, *g)
	}
	slices.SortFunc(out, func(a, b Group) int { return b.LastSeen.Compare(a.LastSeen) })
	return out
}

// offer hands what is new to Sentry's sender.
func (l *Log) offer() {
	if l.sentry == nil {
		return
	}
	l.mu.Lock()
	events := l.unsent
	l.unsent = map[uuid.UUID]Group{}
	l.mu.Unlock()
	for _, g := range events {
		l.sentry.offer(g)
	}
}
