package jobs

import (
	"time"

	"vitrine/app/platform/queue"
)

// Handlers holds what reacts to events: the contexts' services, or small
// interfaces of this package. The composition root fills it.
type Handlers struct {
	Retention Retention
}

// Subscriptions is the whole table of "after X, Y happens". A line names the
// producer's event, the subscriber ("context.effect", never renamed while tasks
// of it may exist), its queue and its handler. Timeout is 30 s and MaxAttempts 8
// (about an hour) where a line does not say otherwise.
//
// To react to an event, add a line under its producer's heading:
//
//	{Event: works.Published{}.EventName(), Name: "search.index", Queue: queue.Default, Handle: h.Search.OnPublished},
func (h Handlers) Subscriptions() []queue.Subscription {
	return []queue.Subscription{
		// the clock, see Schedules
		{Event: RetentionFellDue{}.EventName(), Name: "jobs.retention", Queue: queue.Bulk, Timeout: 10 * time.Minute, MaxAttempts: 3, Handle: h.Retention.OnFellDue},

		// accounts

		// studios

		// media

		// works

		// engagement
	}
}
