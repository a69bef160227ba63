package live

import (
	"context"
	"encoding/json"
	"fmt"
	"time"

	"github.com/google/uuid"
	"github.com/prometheus/client_golang/prometheus"

	"vitrine/app/platform/clock"
	"vitrine/app/platform/redisdb"
)

// The kinds of hubs.
const (
	// KindMemory keeps everything in the process: it reaches the connections of
	// this process alone, and a restart forgets what they have missed.
	KindMemory = "memory"
	// KindRedis reaches the connections of all processes that have the same Redis,
	// and a page goes on with any of them.
	KindRedis = "redis"
)

// Message is one thing that an open page is told.
type Message struct {
	ID   string          `json:"id"`
	Kind string          `json:"kind"`
	Data json.RawMessage `json:"data,omitempty"`
}

// MaxData bounds what a message tells, in bytes of JSON.
const MaxData = 2 << 10

// Publisher tells members' open pages something.
type Publisher interface {
	// Publish tells the open pages of a member something of a kind ("notice");
	// data is marshalled to JSON, of MaxData bytes at most. Call it when what it
	// tells of is committed. An error says that nobody could be told: it is worth
	// a line in the log, and nothing else, since the next page shows it anyway.
	Publish(ctx context.Context, member uuid.UUID, kind string, data any) error
}

// Hub keeps what members have been told lately.
type Hub interface {
	Publisher
	// Position is the id from which on a page that is made now must ask. It waits
	// for nobody.
	Position() string
	// Since gives what a member was told after a position, oldest first. An error
	// says that it is not known at the moment. A page that asks more often than
	// Keep misses nothing, unless Missed says so.
	Since(ctx context.Context, member uuid.UUID, after string) (Batch, error)
	// Watch gives a channel on which something comes whenever there may be more
	// than before, until stop is called. What came before is not announced, so
	// Watch comes first and Since second.
	Watch(member uuid.UUID) (changed <-chan struct{}, stop func())
	// Close ends what the hub does by itself. Nothing is announced after it.
	Close() error
}

// Batch is an answer of Since.
type Batch struct {
	Messages []Message
	Position string // what to ask for next
	Missed   bool   // more was told than is remembered: Messages is not all of it
}

// Config of a hub. Zero values mean the defaults named beside them.
type Config struct {
	Kind    string
	Redis   *redisdb.Client       // for KindRedis
	Clock   clock.Clock           // clock.System
	Keep    time.Duration         // how long a message is remembered at least, as far as Depth reaches; 5 min
	Depth   int                   // messages of one member that are remembered; 32
	Members int                   // members who are remembered without a connection; 20,000
	Metrics prometheus.Registerer // where messages are counted, for KindRedis; nowhere when nil
}

// Open makes the hub of a kind. An unknown kind is an error; a Redis that cannot
// be reached is none: whoever asks is told so until it is back.
func Open(c Config) (Hub, error) {
	if c.Clock == nil {
		c.Clock = clock.System
	}
	if c.Keep == 0 {
		c.Keep = 5 * time.Minute
	}
	if c.Depth == 0 {
		c.Depth = 32
	}
	if c.Members == 0 {
		c.Members = 20_000
	}
	switch {
	case c.Kind == KindMemory:
		return newMemory(c), nil
	case c.Kind == KindRedis && c.Redis == nil:
		return nil, fmt.Errorf("LIVE=%s needs REDIS_URL", c.Kind)
	case c.Kind == KindRedis:
		return openRedis(c), nil
	}
	return nil, fmt.Errorf("LIVE=%s is not known; it must be %s or %s", c.Kind, KindMemory, KindRedis)
}

// encode makes a message's data.
func encode(kind string, data any) (json.RawMessage, error) {
	if data == nil {
		return nil, nil
	}
	out, err := json.Marshal(data)
	if err != nil {
		return nil, fmt.Errorf("the live message %q: %w", kind, err)
	}
	if len(out) > MaxData {
		return nil, fmt.Errorf("the live message %q has %d bytes, more than %d", kind, len(out), MaxData)
	}
	return out, nil
}
