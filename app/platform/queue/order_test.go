package queue_test

import (
	"context"
	"slices"
	"strings"
	"testing"

	"vitrine/app/platform/bus"
	"vitrine/app/platform/queue"
)

// TestContract_priority holds carriers to an order of classes: what is above 0
// goes before what is 0, and that before what is below, on the whole.
func TestContract_priority(t *testing.T) {
	eachKind(t, func(t *testing.T, h *house) {
		const each = 60 // by their weights alone, twenty come in another order once in a thousand times
		order := make(chan int, 3*each)
		var evs []bus.Event
		for n := range 3 * each {
			evs = append(evs, hung{Number: n%3 - 1, Priority: 7 * (n%3 - 1)})
		}
		h.publish(evs...)
		h.run(h.open(queue.Subscription{Name: "a", Queue: queue.Bulk, Handle: func(_ context.Context, env bus.Envelope) error {
			ev, err := bus.Decode[hung](env)
			order <- ev.Number
			return err
		}}))
		sum := map[int]int{}
		for place := range 3 * each {
			sum[<-order] += place
		}
		if sum[1] >= sum[0] || sum[0] >= sum[-1] {
			t.Errorf("in the mean, priority 7 came as number %d, 0 as %d and -7 as %d", sum[1]/each, sum[0]/each, sum[-1]/each)
		}
	})
}

// TestContract_mediaInOrder fills the queue of media with what each photo needs
// (look at it, the first size, the others) while its only place is taken: no first
// size waits for other sizes, whoever came first.
func TestContract_mediaInOrder(t *testing.T) {
	eachKind(t, func(t *testing.T, h *house) {
		const photos = 20
		h.concurrency = map[string]int{queue.Media: 1}
		order := make(chan string, 3*photos)
		taken, free, relayed := make(chan struct{}), make(chan struct{}), make(chan struct{})
		step := func(name string, priority int) queue.Subscription {
			return queue.Subscription{Name: name, Queue: queue.Media, Priority: priority, Handle: func(context.Context, bus.Envelope) error { order <- name; return nil }}
		}
		h.run(h.open(step("others", -1), step("first", 0), step("look", 10),
			queue.Subscription{Name: "long", Event: opened{}.EventName(), Queue: queue.Media, Handle: func(context.Context, bus.Envelope) error { close(taken); <-free; return nil }},
			queue.Subscription{Name: "mark", Event: closed{}.EventName(), Handle: func(context.Context, bus.Envelope) error { close(relayed); return nil }},
		))
		h.publish(opened{})
		<-taken
		for range photos {
			h.publish(hung{})
		}
		until(t, "all events are rows", func() bool { return h.count("outbox where sent_at is null") == 0 })
		h.publish(closed{}) // whoever relays it has done with those before
		<-relayed
		close(free)
		want := slices.Concat(slices.Repeat([]string{"look"}, photos), slices.Repeat([]string{"first"}, photos), slices.Repeat([]string{"others"}, photos))
		var got []string
		for range want {
			got = append(got, <-order)
		}
		if !slices.Equal(got, want) {
			t.Errorf("the order was %s", strings.Join(got, ", "))
		}
	})
}
