package jobs

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"time"

	"vitrine/app/analytics/ranking"
	"vitrine/app/platform/bus"
	"vitrine/app/platform/clock"
	"vitrine/app/platform/db"
)

// Schedule fires an event at a regular time. Subscribers do the work, with the
// queue's retries; a schedule only says when.
type Schedule struct {
	Name  string        // never changed: its slots are remembered by it
	Every time.Duration // the period, counted from midnight UTC of some past day
	At    time.Duration // into the period: {Every: 24 h, At: 3 h} is 03:00 UTC each day
	Event func(slot time.Time) bus.Event
}

// Schedules is the whole table of what happens by the clock. To add one, define
// its event, add a line here, and a line to Subscriptions.
func Schedules() []Schedule {
	return []Schedule{
		{Name: "retention", Every: time.Hour, At: 17 * time.Minute, Event: func(slot time.Time) bus.Event { return RetentionFellDue{Slot: slot} }},
		{Name: "works", Every: time.Minute, Event: func(slot time.Time) bus.Event { return WorksFellDue{Slot: slot} }},
		{Name: "uploads", Every: 2 * time.Minute, Event: func(slot time.Time) bus.Event { return UploadsFellDue{Slot: slot} }},
		{Name: "expiry", Every: time.Hour, At: 37 * time.Minute, Event: func(slot time.Time) bus.Event { return ExpiryFellDue{Slot: slot} }},
		{Name: "closing", Every: time.Hour, At: 47 * time.Minute, Event: func(slot time.Time) bus.Event { return ClosingFellDue{Slot: slot} }},
		{Name: "digest", Every: 15 * time.Minute, Event: func(slot time.Time) bus.Event { return DigestFellDue{Slot: slot} }},
		{Name: "ranking", Every: ranking.Every, Event: func(slot time.Time) bus.Event { return RankingFellDue{Slot: slot} }},
		{Name: "recount", Every: 24 * time.Hour, At: 4*time.Hour + 7*time.Minute, Event: func(slot time.Time) bus.Event { return RecountFellDue{Slot: slot} }},
		{Name: "sitemap", Every: time.Hour, At: 7 * time.Minute, Event: func(slot time.Time) bus.Event { return SitemapFellDue{Slot: slot} }},
		{Name: "statistics", Every: 5 * time.Minute, Event: func(slot time.Time) bus.Event { return StatisticsFellDue{Slot: slot} }},
		{Name: "storage", Every: 24 * time.Hour, At: 3*time.Hour + 11*time.Minute, Event: func(slot time.Time) bus.Event { return StorageFellDue{Slot: slot} }},
	}
}

// slot is the latest time at or before now at which the schedule fires.
func (s Schedule) slot(now time.Time) time.Time {
	return now.UTC().Add(-s.At).Truncate(s.Every).Add(s.At)
}

// KeepSlots is how long slots are remembered; the latest of a schedule stays
// longer, however rare it is.
const KeepSlots = 7 * 24 * time.Hour

// Scheduler fires schedules. Any number may run at once: of those that insert
// the same slot one succeeds. When the process was away over several slots, the
// latest one alone is fired.
type Scheduler struct {
	db     *db.DB
	outbox *bus.Outbox
	clock  clock.Clock
	log    *slog.Logger
	table  []Schedule
	last   map[string]time.Time // slots that need not be tried again
}

// NewScheduler checks the table; the handle is the worker's.
func NewScheduler(d *db.DB, outbox *bus.Outbox, now clock.Clock, log *slog.Logger, table []Schedule) (*Scheduler, error) {
	seen := map[string]bool{}
	for _, s := range table {
		switch {
		case s.Name == "" || seen[s.Name]:
			return nil, fmt.Errorf("each schedule needs a name of its own, %q is none", s.Name)
		case s.Every < time.Second || s.At < 0 || s.At >= s.Every:
			return nil, fmt.Errorf("the schedule %s must have a period of a second or more and a time within it", s.Name)
		case s.Event == nil:
			return nil, fmt.Errorf("the schedule %s has no event", s.Name)
		}
		seen[s.Name] = true
	}
	return &Scheduler{db: d, outbox: outbox, clock: now, log: log, table: table, last: map[string]time.Time{}}, nil
}

// Run looks each second whether something is due, until ctx ends.
func (s *Scheduler) Run(ctx context.Context) {
	ticker := time.NewTicker(time.Second)
	defer ticker.Stop()
	failing := false
	for {
		err := s.tick(ctx)
		if err != nil && !failing && ctx.Err() == nil {
			s.log.LogAttrs(ctx, slog.LevelWarn, "A schedule could not be fired; it is tried again each second", slog.Any("error", err))
		}
		failing = err != nil
		select {
		case <-ctx.Done():
			return
		case <-ticker.C:
		}
	}
}

// tick fires what is due. A schedule that fails does not keep others back.
func (s *Scheduler) tick(ctx context.Context) error {
	now := s.clock()
	var errs []error
	for _, sch := range s.table {
		slot := sch.slot(now)
		if !slot.After(s.last[sch.Name]) {
			continue
		}
		if err := s.fire(ctx, sch, slot); err != nil {
			errs = append(errs, fmt.Errorf("firing the schedule %s: %w", sch.Name, err))
			continue
		}
		s.last[sch.Name] = slot
	}
	return errors.Join(errs...)
}

// fire inserts the slot and its event in one transaction. A clock that is
// behind must not fire an earlier slot again that was forgotten meanwhile.
func (s *Scheduler) fire(ctx context.Context, sch Schedule, slot time.Time) error {
	ctx, cancel := context.WithTimeout(ctx, 5*time.Second)
	defer cancel()
	return s.db.Transact(ctx, func(tx db.Tx) error {
		res := tx.SQL().Exec(`insert into schedule_slots (job, slot, created_at)
			select ?, ?::timestamptz, ?::timestamptz
			where not exists (select from schedule_slots where job = ? and slot > ?) on conflict do nothing`,
			sch.Name, slot, s.clock(), sch.Name, slot)
		if res.Error != nil || res.RowsAffected == 0 {
			return res.Error // another scheduler was faster
		}
		return s.outbox.Publish(ctx, tx, sch.Event(slot))
	})
}
