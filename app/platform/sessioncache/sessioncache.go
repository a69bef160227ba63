package sessioncache

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"time"

	"github.com/google/uuid"
	"github.com/prometheus/client_golang/prometheus"

	"vitrine/app/fault"
	"vitrine/app/platform/clock"
	"vitrine/app/platform/db"
	"vitrine/app/platform/redisdb"
)

// The values of SESSIONS.
const (
	KindPostgres = "postgres" // nothing is kept
	KindFill     = "fill"     // everything is kept and dropped, and nothing of it is used
	KindRedis    = "redis"
)

// Life is the greatest age of what is given.
const Life = 60 * time.Second

const (
	// skew is how far the clocks of two machines may differ.
	skew = 5 * time.Second
	// shortest is what is worth keeping.
	shortest = time.Second
	// dropTime is how long a Drop may take, also when whoever asked has gone.
	dropTime = 2 * time.Second
	// batch is how many keys one step of Redis drops.
	batch = 500
)

// Config of a Cache.
type Config struct {
	Kind    string
	Redis   *redisdb.Client       // none for KindPostgres
	Secret  string                // the installation's
	Clock   clock.Clock           // clock.System when nil
	Metrics prometheus.Registerer // where hits are counted; nowhere when nil
}

// Cache keeps copies. It is safe for concurrent use; a nil one keeps nothing.
type Cache struct {
	redis  *redisdb.Client
	seal   seal
	keeps  bool // copies
	gives  bool // them
	clock  clock.Clock
	meters meters
}

// Open prepares a cache; it reaches nobody. An unknown kind is an error.
func Open(c Config) (*Cache, error) {
	switch c.Kind {
	case KindPostgres:
		return nil, nil //nolint:nilnil // a nil one keeps nothing
	case KindFill, KindRedis:
	default:
		return nil, fmt.Errorf("SESSIONS=%s is not known; it must be %s, %s or %s", c.Kind, KindPostgres, KindFill, KindRedis)
	}
	if c.Redis == nil || c.Secret == "" {
		return nil, fmt.Errorf("SESSIONS=%s needs a Redis and a secret", c.Kind)
	}
	if c.Clock == nil {
		c.Clock = clock.System
	}
	s, err := newSeal(c.Secret)
	return &Cache{redis: c.Redis, seal: s, keeps: true, gives: c.Kind == KindRedis, clock: c.Clock, meters: newMeters(c.Metrics)}, err
}

// On tells whether anything is kept, so that there is something to drop.
func (c *Cache) On() bool { return c != nil }

// Drop drops what is kept of people and under names, for every process and at
// once. It goes on when whoever asked has gone. Unavailable when it is not sure:
// the rows are as they were written then, and copies of before may be used until
// they are Life old.
func (c *Cache) Drop(ctx context.Context, people []uuid.UUID, names ...Name) error {
	if c == nil {
		return nil
	}
	keys := make([]string, 0, len(people)+len(names))
	for _, p := range people {
		keys = append(keys, personKey(p))
	}
	for _, n := range names {
		keys = append(keys, n.key())
	}
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), dropTime)
	defer cancel()
	for len(keys) > 0 {
		n := min(batch, len(keys))
		if err := drop.Run(ctx, c.redis, append([]string{generationKey}, keys[:n]...), word()).Err(); err != nil {
			c.meters.undone.Inc()
			return fault.Caused(fault.Unavailable, "This is done, but not every part of the site could be told, and for up to a minute some may not know. Send it again to be sure.", err)
		}
		keys = keys[n:]
	}
	return nil
}

// DropWith drops what is kept of people once a transaction is committed, and
// before whoever opened it can answer. It must be called whenever the caller is
// about to say that something is so, even if it was so already: the first
// attempt may have failed here.
func (c *Cache) DropWith(tx db.Tx, people ...uuid.UUID) {
	if c.On() && len(people) > 0 {
		tx.BeforeAnswer(func(ctx context.Context) error { return c.Drop(ctx, people) })
	}
}

// DropNamesWith is DropWith for names.
func (c *Cache) DropNamesWith(tx db.Tx, names ...Name) {
	if c.On() && len(names) > 0 {
		tx.BeforeAnswer(func(ctx context.Context) error { return c.Drop(ctx, nil, names...) })
	}
}

// Dropping is a cache that drops what others keep and neither keeps nor gives
// anything, for whoever always reads the rows.
func (c *Cache) Dropping() *Cache {
	if c == nil {
		return nil
	}
	return &Cache{redis: c.redis, seal: c.seal, clock: c.clock, meters: c.meters}
}

type rows struct{}

// Rows marks a context as that of somebody who must be given no copy.
func Rows(ctx context.Context) context.Context { return context.WithValue(ctx, rows{}, true) }

var errAnswer = errors.New("redis answered with something else")

// ask gives the generation, and what is kept under the name, if there is something.
func (c *Cache) ask(ctx context.Context, name Name) (generation, entry string, err error) {
	answer, err := recall.Run(ctx, c.redis, []string{name.key(), generationKey}, personPrefix, word()).StringSlice()
	switch {
	case err != nil:
		return "", "", err
	case len(answer) == 1:
		return answer[0], "", nil
	case len(answer) == 2:
		return answer[0], answer[1], nil
	}
	return "", "", errAnswer
}

// word is one that never was before.
func word() string { return rand.Text()[:wordLength] }
