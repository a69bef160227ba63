package cache

import (
	"bytes"
	"context"
	"log/slog"
	"time"

	"vitrine/app/fault"
)

// fill makes the value for who asks, and leaves it for those who will be given it
// once the cache is on. What lies there already must say the same, unless it ends
// before a change of it is told.
func (c *Cache) fill(ctx context.Context, key string, load Make) (Answer, error) {
	is, away := c.look(ctx, key, "", true)
	m, err := load(ctx)
	switch {
	case away != nil:
	case is.hit && m.Class == Passing:
	case is.hit && (err == nil && !m.says(is.body) || fault.Is(err, fault.NotFound)):
		c.suspect(ctx, key, is.body)
	case !is.hit && err == nil:
		_, _ = c.keep(ctx, key, is, "", m) // who asks has the value anyway
	}
	return Answer{Body: m.Body, From: Skipped}, err
}

func (m Made) says(kept []byte) bool {
	return bytes.Equal(m.Body, kept) || m.Same != nil && m.Same(kept)
}

// suspect looks once more at what is kept and says something else than what has
// been made: the word of a change may be on its way. If it is kept still when that
// must have come, some change told nobody, and people would be shown what was before
// it. That is counted and told, and what was kept goes. One at a time is looked at.
func (c *Cache) suspect(ctx context.Context, key string, kept []byte) {
	if c.suspects.take(ctx) != nil {
		return
	}
	ctx = context.WithoutCancel(ctx)
	go func() {
		defer func() { <-c.suspects.places }()
		settled := time.NewTimer(c.conf.Settle)
		defer settled.Stop()
		select {
		case <-settled.C:
		case <-c.closed:
			return
		}
		ctx, cancel := lasting(ctx)
		defer cancel()
		is, err := c.look(ctx, key, "", true)
		if err != nil || !is.hit || is.age < c.conf.Settle/2 || !bytes.Equal(is.body, kept) {
			return
		}
		c.meters.differing.WithLabelValues(kindOf(ctx)).Inc()
		c.conf.Log.LogAttrs(ctx, slog.LevelError, "What is kept says something else than what is made: a change told nobody of itself. Leave CACHE=fill, or turn it off, until that is mended", slog.String("key", key), slog.String("page", kindOf(ctx)), slog.Duration("age", is.age))
		_ = c.conf.Redis.Del(ctx, valueOf+key).Err() // or it is told again
	}()
}
