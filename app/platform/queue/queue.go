// Package queue brings events to their subscribers: a relay turns each row of
// the outbox into one task for each subscriber, and a runner works the tasks
// off with leases, retries and a dead letter.
//
// Delivery is at least once. A handler makes its effect idempotent (bus.Once,
// or a version that it compares), because a task is run again when its process
// dies, when its lease is lost, and when its end could not be recorded.
package queue

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"time"

	"github.com/google/uuid"
	"github.com/prometheus/client_golang/prometheus"
	"go.opentelemetry.io/otel/trace"
	"go.opentelemetry.io/otel/trace/noop"

	"vitrine/app/platform/bus"
	"vitrine/app/platform/clock"
	"vitrine/app/platform/db"
)

// The queues. Each has a concurrency of its own, so that a film that is being
// encoded never delays a mail that somebody waits for.
const (
	Critical = "critical" // somebody waits: verification mails, takedowns
	Default  = "default"  // short effects: counters, search documents, notices
	Media    = "media"    // renditions
	Bulk     = "bulk"     // whatever may wait: retention, demo data, rebuilds
)

// Subscription is one line of the table of who reacts to what. An event has
// one task for each subscription to it.
type Subscription struct {
	Event       string        // as the producer names it: works.Published{}.EventName()
	Name        string        // of the subscriber, "search.index"; unique for the event, and never changed while tasks of it may exist
	Queue       string        // Critical, Default, Media or Bulk
	Priority    int           // added to the event's own; 0 is normal, negative waits
	Timeout     time.Duration // of one attempt; 30 s when zero
	MaxAttempts int           // 8 when zero, which takes about an hour; see Backoff
	// Handle's error is tried again; one of bus.ErrUnreadable is not, and the task is
	// dead at once.
	Handle func(ctx context.Context, env bus.Envelope) error
}

// What a Subscription has when it does not say.
const (
	DefaultTimeout     = 30 * time.Second
	DefaultMaxAttempts = 8
)

// Replayable is how old the event of a dead task may be to be replayed: the
// inbox remembers no longer than this what has been done.
const Replayable = 30 * 24 * time.Hour

// Config of a queue. Zero values mean the defaults named beside them.
type Config struct {
	Kind          string                // "inline" or "asynq"
	DB            *db.DB                // of the worker role
	Outbox        *bus.Outbox           // whose commits wake the relay
	RedisURL      string                // where asynq keeps its tickets
	Subscriptions []Subscription        // the whole table, in every process that runs tasks
	Concurrency   map[string]int        // tasks at once by queue: critical 4, default 4, media 2, bulk 1
	Drain         time.Duration         // how long running tasks may go on after the end was asked for; 10 s
	Clock         clock.Clock           // clock.System
	Log           *slog.Logger          // slog.Default
	Metrics       prometheus.Registerer // where tasks are counted; nowhere when nil
	Tracer        trace.Tracer          // a span for each task; none when nil
	// Failed is told of each attempt that failed, and must not wait; nil tells nobody.
	Failed func(subscriber string, err error)
}

// Queue is relay and runner of one process.
type Queue interface {
	// Run relays events and runs tasks until ctx ends. Then it claims nothing
	// more, lets running tasks go on for Config.Drain, interrupts those that are
	// left and releases them. Whatever cannot be reached meanwhile is retried:
	// the error is nil unless handlers ignored their interruption.
	Run(ctx context.Context) error
	// Tell is for a process that runs no tasks, instead of Run: until ctx ends it
	// tells those that do of what is committed here, when the kind can. It is a hint.
	Tell(ctx context.Context)
	// Pause sets a gate: while it says true, no task of the queue is begun. It is
	// asked often and must not block. Running tasks go on.
	Pause(queue string, gate func() bool)
	// Dead lists tasks that failed for good, oldest first, at most limit; after is
	// the ID of the last one seen, or uuid.Nil.
	Dead(ctx context.Context, limit int, after uuid.UUID) ([]Task, error)
	// Replay makes a dead task new: all its attempts are ahead of it. NotFound
	// when there is no such dead task, Conflict when its event is older than
	// Replayable.
	Replay(ctx context.Context, taskID uuid.UUID) error
	// Discard removes a dead task for good. NotFound when there is none.
	Discard(ctx context.Context, taskID uuid.UUID) error
	// Stats counts what waits.
	Stats(ctx context.Context) (Stats, error)
}

// Task is a dead task as a person sees it.
type Task struct {
	ID            uuid.UUID
	EventID       uuid.UUID
	Event         string
	Subscriber    string
	Queue         string
	Payload       string // JSON
	Attempts      int
	LastError     string
	EventAt       time.Time
	FirstFailedAt time.Time // zero when it never failed in the ordinary way
}

// Depth is how much waits, and since when.
type Depth struct {
	Name    string
	Due     int64         // waits to be run now, or runs
	Running int64         // of these, what a process holds at the moment
	Later   int64         // waits for its next attempt
	Dead    int64         // failed for good
	Oldest  time.Duration // how long the oldest due one has been due; zero when there is none
}

// Stats is what waits in the whole system, not only in this process.
type Stats struct {
	Outbox Depth   // events that are not sent yet
	Queues []Depth // one for each queue, in the order of the constants
}

// Open makes the queue that the configuration names. A table that cannot work
// (a bad event name, an unknown queue, a subscriber named twice) is refused.
func Open(c Config) (Queue, error) {
	c, err := complete(c)
	if err != nil {
		return nil, err
	}
	switch c.Kind {
	case "inline":
		return newInline(c), nil
	case "asynq":
		return newCarried(c)
	default:
		return nil, fmt.Errorf("the queue kind %q is not known; use inline or asynq", c.Kind)
	}
}

func complete(c Config) (Config, error) {
	if c.DB == nil || c.Outbox == nil {
		return c, errors.New("a queue needs the worker's database handle and the outbox")
	}
	concurrency := map[string]int{Critical: 4, Default: 4, Media: 2, Bulk: 1}
	for name, n := range c.Concurrency {
		if _, known := concurrency[name]; !known || n < 1 {
			return c, fmt.Errorf("%d tasks at once in queue %q cannot be: the queues are critical, default, media and bulk, each with at least one", n, name)
		}
		concurrency[name] = n
	}
	c.Concurrency = concurrency
	if c.Drain == 0 {
		c.Drain = 10 * time.Second
	}
	if c.Clock == nil {
		c.Clock = clock.System
	}
	if c.Log == nil {
		c.Log = slog.Default()
	}
	if c.Tracer == nil {
		c.Tracer = noop.NewTracerProvider().Tracer("")
	}
	if c.Failed == nil {
		c.Failed = func(string, error) {}
	}
	if c.Metrics == nil {
		c.Metrics = prometheus.NewRegistry()
	}
	subs := make([]Subscription, len(c.Subscriptions))
	seen := map[subscriber]bool{}
	for i, s := range c.Subscriptions {
		if err := check(s, concurrency); err != nil {
			return c, err
		}
		key := subscriber{s.Event, s.Name}
		if seen[key] {
			return c, fmt.Errorf("%s subscribes twice to %s", s.Name, s.Event)
		}
		seen[key] = true
		if s.Timeout == 0 {
			s.Timeout = DefaultTimeout
		}
		if s.MaxAttempts == 0 {
			s.MaxAttempts = DefaultMaxAttempts
		}
		subs[i] = s
	}
	c.Subscriptions = subs
	return c, nil
}

// subscriber is what a task is for.
type subscriber struct{ event, name string }

func (s subscriber) String() string { return s.event + " " + s.name }

func check(s Subscription, queues map[string]int) error {
	switch _, known := queues[s.Queue]; {
	case !bus.ValidName(s.Event):
		return fmt.Errorf(`the subscriber %q names an event %q that is not like "works.published.v1"`, s.Name, s.Event)
	case s.Name == "" || len(s.Name) > 100:
		return fmt.Errorf("a subscriber to %s needs a name of 1 to 100 characters", s.Event)
	case !known:
		return fmt.Errorf("the subscriber %s names an unknown queue %q", s.Name, s.Queue)
	case s.Handle == nil:
		return fmt.Errorf("the subscriber %s has no handler", s.Name)
	case s.MaxAttempts < 0 || s.Timeout < 0 || s.Priority < -1000 || s.Priority > 1000:
		return fmt.Errorf("the subscriber %s has a negative limit, or a priority beyond ±1,000", s.Name)
	}
	return nil
}

// later marks an error that is none of the task's.
type later struct {
	in    time.Duration
	cause error
}

func (l later) Error() string { return l.cause.Error() }
func (l later) Unwrap() error { return l.cause }

// Later marks a handler's error as one that says nothing of its task: what it needs
// is away for a while. The task is run again after that wait; it costs no attempt,
// and nobody is told, so whoever watches what is away tells of it. Nil stays nil.
func Later(in time.Duration, err error) error {
	if err == nil {
		return nil
	}
	return later{in, err}
}
