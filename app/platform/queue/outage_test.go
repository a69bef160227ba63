package queue_test

import (
	"context"
	"testing"
	"time"

	"vitrine/app/platform/bus"
	"vitrine/app/platform/queue"
	"vitrine/app/platform/redistest"
)

// TestOutage takes Redis away while a task runs and others come: the one goes on
// to its end, the others are run nevertheless, the process ends in time, and when
// Redis is back tickets are obeyed again.
func TestOutage(t *testing.T) {
	t.Parallel()
	for name, harm := range redistest.Outages() {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			h := newHouse(t, "asynq")
			began, end, attempts := make(chan struct{}, 1), make(chan struct{}), make(chan int, 10)
			film := queue.Subscription{Name: "film", Queue: queue.Media, Handle: func(ctx context.Context, env bus.Envelope) error {
				select {
				case began <- struct{}{}:
				default: // only the first is held
					return nil
				}
				select {
				case <-ctx.Done():
					return ctx.Err()
				case <-end:
				}
				attempts <- env.Attempt
				return nil
			}}
			stop := h.run(h.open(film, queue.Subscription{Name: "a", Handle: h.effect("a")}))
			h.publish(hung{})
			<-began
			harm.Away(h.redis)
			h.publish(hung{}, hung{}, hung{})
			until(t, "four effects", func() bool { return h.count("effects") == 4 })
			close(end)
			if n := <-attempts; n != 1 {
				t.Errorf("the film ended in attempt %d", n)
			}
			until(t, "no task is left", func() bool { return h.count("tasks") == 0 })
			asked := time.Now()
			stop()
			if took := time.Since(asked); took > 20*time.Second {
				t.Errorf("the process took %s to end", took)
			}
			harm.Back(h.redis)
			h.run(h.open(film, queue.Subscription{Name: "a", Handle: h.effect("a")}))
			h.publish(hung{})
			until(t, "the fifth effect", func() bool { return h.count("effects") == 5 })
		})
	}
}
