package cache

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"sync"
	"sync/atomic"
	"time"

	"vitrine/app/platform/redisdb"
)

// The kinds of caches.
const (
	KindOff   = "off"   // everything is made each time
	KindFill  = "fill"  // kept and invalidated as with KindRedis, but nobody is given it
	KindRedis = "redis" // one Redis for all processes
)

// Class is how long a value is kept at most. Invalidation makes it shorter.
type Class time.Duration

// The classes. A value lives up to a tenth shorter, so that those which were made
// together do not end together.
const (
	Hot  = Class(300 * time.Second)
	Warm = Class(1800 * time.Second)
	Cold = Class(3600 * time.Second)
)

// Passing is the class of what may be ten seconds late and whose changes nobody
// tells, or tells only the worst of. It leaves the others two seconds.
const Passing = Class(8 * time.Second)

// Longest is how long a value may be given out at most after it was made, the time
// of its making included: whatever is older than this is void by itself.
const Longest = time.Duration(Cold) + 5*time.Minute

// How long after its making a value still stands when a subject of a Slack has
// changed, or of a Loose, and what stands before those.
const (
	slackTime = 5 * time.Second
	slackMark = "~"
	looseTime = 5 * time.Minute
	looseMark = "^"
)

// Slack makes a subject of what may be shown a little late, as counters may: a
// value made from it stands for five seconds, however often the subject changes,
// and is void then. So what changes with every click is made anew every five
// seconds at most, and what changes once is not forgotten.
func Slack(subject string) string { return slackMark + subject }

// Loose is a Slack of five minutes, for what nobody misses in that time.
func Loose(subject string) string { return looseMark + subject }

// graves is how long a tombstone stays: longer than any value that must meet it.
const graves = 2 * time.Duration(Cold)

// The bounds of what is kept.
const (
	MaxBody     = 256 << 10 // bytes
	MaxSubjects = 200
	maxKey      = 256 // bytes
)

// Made is a value that was made.
type Made struct {
	Body     []byte
	Subjects []string // what it was made from: none of them may have changed since
	Class    Class    // 0: it is not kept
	// Same tells whether what is kept says the same as Body; nil compares bytes. Only
	// KindFill asks.
	Same func(kept []byte) bool
}

// Make makes a value from the truth. It must read the primary. It may be given to
// others than who asked, so nothing of the asker may be in it; the context does
// not end when the asker goes.
type Make func(ctx context.Context) (Made, error)

// From is where an answer comes from.
type From string

// Where answers come from.
const (
	Hit     From = "hit"     // it was kept
	Miss    From = "miss"    // it was made for this asker
	Shared  From = "shared"  // it was made for another asker of this process
	Skipped From = "skipped" // it was made since the asker has just changed something, or nothing is kept
)

// Answer is a value.
type Answer struct {
	Body []byte // not to be changed
	From From
	Age  time.Duration // since its making began; of a Hit
}

// Config of a cache. Zero values mean the defaults named beside them.
type Config struct {
	Kind  string
	Redis *redisdb.Client // for all kinds but KindOff
	Lock  time.Duration   // how long others wait for who makes a value; 300 ms
	Time  time.Duration   // for making a value; 10 s
	// Settle is how long the word of a change may take to come; 5 s. A KindFill tells of
	// what still is another then.
	Settle time.Duration
	Log    *slog.Logger // nil tells nobody
	Kinds  []string     // of which differences are counted from the start, so that there is a zero to look at
}

// Cache is safe for concurrent use.
type Cache struct {
	conf      Config
	reading   turn
	writing   turn
	begun     atomic.Bool
	beginning turn
	untold    atomic.Int64 // invalidations that failed
	closed    chan struct{}
	close     func()
	flights   flights
	suspects  turn // that are looked at once more
	meters    meters
}

// Open makes the cache of a kind. An unknown kind is an error; a Redis that cannot
// be reached is none.
func Open(c Config) (*Cache, error) {
	if c.Lock == 0 {
		c.Lock = 300 * time.Millisecond
	}
	if c.Time == 0 {
		c.Time = 10 * time.Second
	}
	if c.Settle == 0 {
		c.Settle = 5 * time.Second
	}
	if c.Log == nil {
		c.Log = slog.New(slog.DiscardHandler)
	}
	switch c.Kind {
	case KindOff:
	case KindFill, KindRedis:
		if c.Redis == nil {
			return nil, fmt.Errorf("CACHE=%s needs REDIS_URL", c.Kind)
		}
	default:
		return nil, fmt.Errorf("CACHE=%s is not known; it must be %s, %s or %s", c.Kind, KindOff, KindFill, KindRedis)
	}
	closed := make(chan struct{})
	out := &Cache{conf: c, reading: newTurn(readers, turnTime), writing: newTurn(writers, longTime), beginning: newTurn(1, turnTime), suspects: newTurn(1, 0),
		closed: closed, close: sync.OnceFunc(func() { close(closed) }), flights: flights{of: map[string]*flight{}}, meters: newMeters(c.Kinds)}
	if c.Kind != KindOff {
		c.Redis.OnConnect(out.recognise)
	}
	return out, nil
}

// Close ends what the cache does by itself.
func (c *Cache) Close() error {
	c.close()
	return nil
}

// Off tells whether nothing is ever kept.
func (c *Cache) Off() bool { return c.conf.Kind == KindOff }

// fresh marks the context of who has just changed something.
type fresh struct{}

// Fresh is a context in which everything is made: for whoever has changed
// something in the last seconds, and must see it.
func Fresh(ctx context.Context) context.Context { return context.WithValue(ctx, fresh{}, true) }

// kind marks a context with what kind of value is asked for.
type kind struct{}

// Of is a context in which values are counted as those of a kind, such as the route
// of a page. There are few kinds.
func Of(ctx context.Context, name string) context.Context {
	return context.WithValue(ctx, kind{}, name)
}

func kindOf(ctx context.Context) string {
	name, _ := ctx.Value(kind{}).(string)
	return name
}

// Get gives the value of a key, and makes it when it is not kept. The error is
// that of making it.
func (c *Cache) Get(ctx context.Context, key string, load Make) (a Answer, err error) {
	switch {
	case c.conf.Kind == KindOff || ctx.Value(fresh{}) != nil || len(key) > maxKey:
		a.From = Skipped
		var m Made
		m, err = load(ctx)
		a.Body = m.Body
	case c.conf.Kind == KindFill:
		a, err = c.fill(ctx, key, load)
	default:
		a, err = c.read(ctx, key, load)
	}
	c.meters.answered(kindOf(ctx), a.From, err)
	return a, err
}

// Invalidate makes every value void that was made from one of the subjects. Call
// it when the change is committed. An error says that values may be given out for
// a while yet; as soon as Redis answers again, all of them become void.
func (c *Cache) Invalidate(ctx context.Context, subjects ...string) error {
	if c.conf.Kind == KindOff || len(subjects) == 0 {
		return nil
	}
	args := append([]any{graves.Milliseconds()}, texts(subjects)...)
	if err := c.ask(ctx, c.writing, bury, "", args...).Err(); err != nil {
		c.meters.untold.Inc()
		if c.untold.Add(1) == 1 {
			c.conf.Log.LogAttrs(ctx, slog.LevelWarn, "Nobody can be told what has changed; once Redis answers, nothing that is kept is given out any more", slog.Any("err", err))
			go c.mend()
		}
		return fmt.Errorf("what was made from %s could not be invalidated: %w", subjects[0], err)
	}
	c.meters.invalidated.Add(float64(len(subjects)))
	return nil
}

// Forget makes all values void.
func (c *Cache) Forget(ctx context.Context) error {
	if c.conf.Kind == KindOff {
		return nil
	}
	return c.ask(ctx, c.writing, forget, "").Err()
}

// mendPause is how often Redis is asked whether it is back.
const mendPause = 250 * time.Millisecond

// mend makes all values void once Redis answers again, since nobody knows which
// of them are.
func (c *Cache) mend() {
	tick := time.NewTicker(mendPause)
	defer tick.Stop()
	for {
		failed := c.untold.Load()
		ctx, cancel := context.WithTimeout(context.Background(), time.Second)
		err := c.Forget(ctx)
		cancel()
		if err == nil && c.untold.CompareAndSwap(failed, 0) {
			c.conf.Log.LogAttrs(context.Background(), slog.LevelInfo, "Redis answers again; all that was kept is void", slog.Int64("untold", failed))
			return
		}
		select {
		case <-tick.C:
		case <-c.closed:
			return
		}
	}
}

// errAnswer says that something else answers in Redis' place.
var errAnswer = errors.New("the answer of Redis about a kept value cannot be understood")

func texts(of []string) []any {
	out := make([]any, len(of))
	for i, s := range of {
		out[i] = s
	}
	return out
}
