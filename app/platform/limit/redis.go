package limit

import (
	"context"
	"errors"
	"strconv"
	"time"

	"github.com/prometheus/client_golang/prometheus"
	"github.com/redis/go-redis/v9"

	"vitrine/app/platform/clock"
	"vitrine/app/platform/redisdb"
	"vitrine/app/platform/telemetry"
)

// shared keeps the keys in Redis, where all processes count together. While
// Redis is away each counts for itself: nobody is let through uncounted, and
// with n processes at most n bursts are given in place of one.
//
// The time is that of Redis, so that processes whose clocks differ agree.
type shared struct {
	redis *redisdb.Client
	clock clock.Clock // nil: that of Redis
	cells [classes]cell
	// alone counts what Redis gives here, too, so that whoever this process has
	// seen too often is not let off in the moment when Redis goes.
	alone   *memory
	decided *prometheus.CounterVec
}

// micro is the unit of time in Redis, whose scripts count in floating point: in
// nanoseconds the time of day would not fit.
const micro = 1000

// takeTurn is cell.take, in one step of Redis. A key lives a little longer than
// its debt, because the clock may be the caller's.
var takeTurn = redis.NewScript(`
local step, span, now = tonumber(ARGV[1]), tonumber(ARGV[2]), tonumber(ARGV[3])
if now == 0 then
	local t = redis.call('TIME')
	now = t[1] * 1000000 + t[2]
end
local debt = (tonumber(redis.call('GET', KEYS[1]) or 0) or 0) - now
if not (debt >= 0 and debt <= span) then debt = 0 end
if debt + step > span then return {0, 0, debt + step - span, debt} end
debt = debt + step
redis.call('SET', KEYS[1], string.format('%.0f', now + debt), 'PX', math.floor(debt / 1000) + 5000)
return {1, math.floor((span - debt) / step), 0, debt}
`)

var errAnswer = errors.New("redis answered a turn with something else")

func newShared(c Config, alone *memory) *shared {
	s := &shared{redis: c.Redis, clock: c.Clock, alone: alone, decided: newDecided(c.Metrics)}
	for class, c := range alone.cells {
		if c.step > 0 {
			step := max(1, c.step/micro)
			s.cells[class] = cell{step: step, span: step * (c.span / c.step)}
		}
	}
	return s
}

// Rule implements Limiter.
func (s *shared) Rule(class Class) Rule { return s.alone.Rule(class) }

// Take implements Limiter. It never fails: without Redis the process counts.
func (s *shared) Take(ctx context.Context, class Class, who Key) (Decision, error) {
	if s.cells[class].step == 0 {
		return Decision{Allowed: true}, nil
	}
	d, err := s.ask(ctx, class, who)
	if err != nil {
		s.decided.WithLabelValues(byMemory).Inc()
		d, err = s.alone.Take(ctx, class, who)
		telemetry.Tell(ctx, telemetry.Layer{Of: "limit", From: byMemory, Left: d.Remaining})
		return d, err
	}
	s.decided.WithLabelValues(byRedis).Inc()
	telemetry.Tell(ctx, telemetry.Layer{Of: "limit", From: byRedis, Left: d.Remaining})
	if d.Allowed {
		_, _ = s.alone.Take(ctx, class, who)
	}
	return d, nil
}

func (s *shared) ask(ctx context.Context, class Class, who Key) (d Decision, err error) {
	c, now := s.cells[class], int64(0)
	if s.clock != nil {
		now = s.clock().UnixMicro()
	}
	n, err := takeTurn.Run(ctx, s.redis, []string{"limit:" + class.String() + ":" + who.String()},
		strconv.FormatInt(c.step, 10), strconv.FormatInt(c.span, 10), strconv.FormatInt(now, 10)).Int64Slice()
	if err != nil {
		return d, err
	}
	if len(n) != 4 {
		return d, errAnswer
	}
	return Decision{Allowed: n[0] == 1, Remaining: int(n[1]), After: time.Duration(n[2]) * time.Microsecond, Reset: time.Duration(n[3]) * time.Microsecond}, nil
}
