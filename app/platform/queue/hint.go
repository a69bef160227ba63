package queue

import (
	"context"
	"time"
)

// hints is the channel of Redis on which processes that serve pages tell those
// that relay of a commit. Hints may be lost, and nobody waits for them: the relay
// looks each second anyway.
const hints = "vitrine:outbox:committed"

// gather is how long commits are gathered into one hint.
const gather = 5 * time.Millisecond

// Tell passes on that somebody here has committed events. Commits in the
// meantime are one hint.
func (q *carried) Tell(ctx context.Context) {
	defer func() { _ = q.redis.Close() }()
	ticker := time.NewTicker(gather)
	defer ticker.Stop()
	for {
		select {
		case <-ctx.Done():
			return
		case <-q.Outbox.Woken():
		}
		// While Redis is away this takes as long as the pace allows, and helps nobody.
		_ = q.redis.Publish(ctx, hints, 1).Err()
		select {
		case <-ctx.Done():
		case <-ticker.C:
		}
	}
}

// listen wakes the relay of this process when another one has committed.
func (q *carried) listen(ctx context.Context) {
	told := q.redis.Subscribe(ctx, hints)
	defer func() { _ = told.Close() }()
	heard := told.Channel()
	for {
		select {
		case <-ctx.Done():
			return
		case _, open := <-heard:
			if !open {
				return
			}
			q.Outbox.Wake()
		}
	}
}

// Tell has nobody to tell: relays of other processes find what was committed
// within a second.
func (q *inline) Tell(ctx context.Context) { <-ctx.Done() }
