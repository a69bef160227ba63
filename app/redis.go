package app

import (
	"context"
	"fmt"
	"log/slog"
	"slices"

	"vitrine/app/platform/clock"
	"vitrine/app/platform/limit"
	"vitrine/app/platform/live"
	"vitrine/app/platform/redisdb"
	"vitrine/app/platform/sessioncache"
	"vitrine/app/platform/telemetry"
)

// onRedis are the values of switches that need a Redis.
var onRedis = []string{"redis", "fill", "layered", "asynq"}

// redisUsers are the switches that need one, as "LIMITS=redis".
func (c Config) redisUsers() (out []string) {
	for _, name := range sortedKeys(c.Switches) {
		if v := c.Switches[name]; slices.Contains(onRedis, v) {
			out = append(out, name+"="+v)
		}
	}
	return out
}

// checkRedis refuses a switch that needs a Redis without an address of one, and
// an address that cannot be one.
func (c Config) checkRedis() error {
	users := c.redisUsers()
	if c.RedisURL == "" {
		if users != nil {
			return fmt.Errorf("%s needs REDIS_URL, such as redis://:password@host:6379/0", users[0])
		}
		return nil
	}
	_, err := redisdb.Options(c.RedisURL)
	return err
}

// openOnRedis opens what stands on Redis where its switch says so, and in the
// process otherwise.
func (i *infra) openOnRedis() (err error) {
	if err = i.openRedis(); err != nil {
		return err
	}
	if i.recent, err = sessioncache.Open(sessioncache.Config{Kind: i.conf.Switches["SESSIONS"], Redis: i.redis, Secret: i.secret, Metrics: i.metrics.Registry}); err != nil {
		return err
	}
	if i.limits, err = limit.Open(limit.Config{Kind: i.conf.Switches["LIMITS"], Counts: i.conf.limitCounts(), Redis: i.redis, Metrics: i.metrics.Registry}); err != nil {
		return err
	}
	if i.live, err = live.Open(live.Config{Kind: i.conf.Switches["LIVE"], Redis: i.redis, Clock: clock.System, Metrics: i.metrics.Registry}); err != nil {
		return err
	}
	i.onClose(func(context.Context) error { return i.live.Close() })
	return nil
}

// openRedis opens the one client for whatever Redis may lose. There is none when
// no switch needs it. It is not reached yet, and need not be there.
func (i *infra) openRedis() (err error) {
	if i.conf.redisUsers() == nil {
		return nil
	}
	i.redis, err = redisdb.Open(redisdb.Config{URL: i.conf.RedisURL, OnChange: i.redisChanged})
	if err != nil {
		return err
	}
	i.metrics.Registry.MustRegister(redisdb.Watch("shared", i.redis.Client, i.redis.Away))
	i.onClose(func(context.Context) error { return i.redis.Close() })
	return nil
}

// redisAway is what those who run the site read.
const redisAway = "Redis is away; the database answers in its place, and each process counts by itself"

func (i *infra) redisChanged(away bool) {
	if away {
		i.log.LogAttrs(context.Background(), slog.LevelWarn, redisAway, slog.Any("why", i.redis.Why(redisdb.ErrAway)))
		return
	}
	i.log.LogAttrs(context.Background(), slog.LevelInfo, "Redis is back")
}

// redisCheck is its line on /up; there is none without a Redis.
func (i *infra) redisCheck() []telemetry.Check {
	if i.redis == nil {
		return nil
	}
	return []telemetry.Check{{Name: "redis", Run: func(ctx context.Context) error {
		if err := i.redis.Check(ctx); err != nil {
			return fmt.Errorf("%s: %w", redisAway, err)
		}
		if i.conf.Switches["DELIVERY"] == "asynq" || !i.cache.Off() {
			return i.redis.Keeps(ctx)
		}
		return nil
	}}}
}
