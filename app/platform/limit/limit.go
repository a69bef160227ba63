package limit

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/prometheus/client_golang/prometheus"

	"vitrine/app/platform/clock"
	"vitrine/app/platform/redisdb"
)

// Where the counts are kept.
const (
	KindMemory = "memory" // in the process; a restart forgets them
	KindRedis  = "redis"  // in Redis, for all processes together; in each while Redis is away
)

// Limiter gives turns.
type Limiter interface {
	// Take asks for one turn of a class for somebody. An error says that the
	// limiter could not be asked, never that the turn was refused.
	Take(ctx context.Context, class Class, who Key) (Decision, error)
	// Rule is what the class promises here.
	Rule(class Class) Rule
}

// Decision is the answer to who asked for a turn.
type Decision struct {
	Allowed   bool
	Remaining int           // turns that are left at once
	After     time.Duration // until the next turn, when refused
	Reset     time.Duration // until the whole burst is there again
}

// Config of a limiter.
type Config struct {
	Kind    string
	Counts  map[Class]int // in place of the default counts; 0 refuses nothing
	Clock   clock.Clock   // the machine's when nil, and Redis's own for what is in Redis
	Entries int           // keys that the process remembers at once, of all classes; 65,536 when zero
	Redis   *redisdb.Client
	Metrics prometheus.Registerer // where it is counted who decides, when Redis may; nowhere when nil
}

// Open makes the limiter of a kind. An unknown kind is an error.
func Open(c Config) (Limiter, error) {
	if c.Entries == 0 {
		c.Entries = 65_536
	}
	var all [classes]Rule
	for _, class := range Classes() {
		all[class] = RuleOf(class)
		if count, set := c.Counts[class]; set {
			all[class].Rate = RateOf(class, count)
		}
	}
	now := c.Clock
	if now == nil {
		now = clock.System
	}
	alone := newMemory(all, c.Entries, now)
	switch c.Kind {
	case KindMemory:
		return alone, nil
	case KindRedis:
		if c.Redis == nil {
			return nil, errors.New("LIMITS=redis needs a Redis")
		}
		return newShared(c, alone), nil
	}
	return nil, fmt.Errorf("LIMITS=%s is not known; it must be %s or %s", c.Kind, KindMemory, KindRedis)
}

// cell is one rate in nanoseconds.
type cell struct {
	step int64 // between two turns
	span int64 // of a whole burst
}

func (r Rate) cell() cell {
	if r.Count <= 0 {
		return cell{}
	}
	step := max(1, int64(r.Per)/int64(r.Count))
	return cell{step: step, span: step * int64(max(1, r.Burst))}
}

// take is the algorithm: paid is the time at which the key's debt is paid, and
// next what to remember in its place. No debt is longer than a burst, so one that
// is tells that the clock was set back: it is let off, because everybody who
// was here a moment ago would have it.
func (c cell) take(paid, now int64) (next int64, d Decision) {
	debt := max(paid-now, 0)
	if debt > c.span {
		debt = 0
	}
	if debt+c.step > c.span {
		return now + debt, Decision{After: time.Duration(debt + c.step - c.span), Reset: time.Duration(debt)}
	}
	debt += c.step
	return now + debt, Decision{Allowed: true, Remaining: int((c.span - debt) / c.step), Reset: time.Duration(debt)}
}
