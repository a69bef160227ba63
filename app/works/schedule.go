package works

import (
	"context"
	"strings"
	"time"

	"vitrine/app/fault"
	"vitrine/app/platform/db"
)

// When is a time as a person typed it: a wall clock and the zone it hangs in.
type When struct {
	Local string // "2026-11-26T09:00", as a datetime-local field sends it
	Zone  string // IANA name; UTC when empty
}

// Zones that the form offers, from west to east. Any IANA name is understood.
var Zones = [...]string{
	"UTC", "Pacific/Honolulu", "America/Anchorage", "America/Los_Angeles", "America/Denver", "America/Mexico_City", "America/Chicago",
	"America/New_York", "America/Bogota", "America/Halifax", "America/Sao_Paulo", "America/Argentina/Buenos_Aires", "Atlantic/Azores",
	"Europe/London", "Europe/Lisbon", "Africa/Lagos", "Europe/Berlin", "Europe/Paris", "Europe/Madrid", "Europe/Rome", "Europe/Amsterdam",
	"Europe/Oslo", "Europe/Stockholm", "Europe/Warsaw", "Africa/Cairo", "Africa/Johannesburg", "Europe/Athens", "Europe/Helsinki",
	"Europe/Kyiv", "Europe/Istanbul", "Africa/Nairobi", "Asia/Riyadh", "Asia/Tehran", "Asia/Dubai", "Asia/Karachi", "Asia/Kolkata",
	"Asia/Kathmandu", "Asia/Dhaka", "Asia/Bangkok", "Asia/Jakarta", "Asia/Shanghai", "Asia/Singapore", "Australia/Perth", "Asia/Tokyo",
	"Asia/Seoul", "Australia/Sydney", "Pacific/Auckland",
}

// Schedule opens a draft or archived work later: after now and within a year.
// A work that can be seen already is a Conflict, because it would vanish until
// then. The pictures may still be on their way; the work opens at its time or as
// soon as the first one is ready. Idempotent by key.
//
// Invalid for a time that cannot be read, has passed, is more than a year away,
// or is skipped by the zone's summer time.
func (s *Service) Schedule(ctx context.Context, a Actor, t Target, e *Edit, when When, key string) (w Work, err error) {
	defer fault.Wrap(&err, "works.Schedule(%s%s)", t.PublicID, t.CreationKey)
	return s.change(ctx, a, t, e, "schedule", key, func(c *change) error {
		if c.work.State.Reachable() {
			return fault.New(fault.Conflict, "This work is open already. Make it a draft first, then schedule it.")
		}
		at, zone, err := when.parse(c.tx.Now())
		if err != nil {
			return err
		}
		if len(c.items) == 0 {
			return fault.Field(FieldFiles, "Add a photo or a film first; then you can schedule the work.")
		}
		c.work.State, c.work.PublishAt, c.work.PublishZone = StateScheduled, &at, zone
		return nil
	})
}

func (w When) parse(now time.Time) (at time.Time, zone string, err error) {
	zone = strings.TrimSpace(w.Zone)
	if zone == "" {
		zone = "UTC"
	}
	loc, err := time.LoadLocation(zone)
	if err != nil || zone == "Local" || len(zone) > 64 {
		return at, "", fault.Field(FieldZone, "Choose one of the time zones in the list.")
	}
	local := strings.TrimSpace(w.Local)
	if local == "" {
		return at, "", fault.Field(FieldWhen, "Choose the day and the time at which the work opens.")
	}
	const minutes, seconds = "2006-01-02T15:04", "2006-01-02T15:04:05"
	layout := minutes
	if len(local) > len(minutes) {
		layout = seconds
	}
	at, err = time.ParseInLocation(layout, local, loc)
	switch {
	case err != nil:
		return at, "", fault.Field(FieldWhen, "This time could not be read. Write it like 2026-11-26T09:00.")
	case at.Format(layout) != local:
		return at, "", fault.Field(FieldWhen, "On that day the clocks of "+zone+" skip this time. Choose another.")
	case !at.After(now):
		return at, "", fault.Field(FieldWhen, "This time has passed. Choose a later one, or publish now.")
	case at.Sub(now) > MaxSchedule:
		return at, "", fault.Field(FieldWhen, "This is more than a year away. Choose a day within a year.")
	}
	return at.UTC(), zone, nil
}

// PublishDue opens every scheduled work whose time has come and of which
// something can be seen, each in its own transaction, and says how many. Two
// that run at once share the work. It needs the worker's handle.
func (s *Service) PublishDue(ctx context.Context) (opened int, err error) {
	defer fault.Wrap(&err, "works.PublishDue")
	for ctx.Err() == nil {
		done, err := s.publishNext(ctx)
		if err != nil || done {
			return opened, err
		}
		opened++
	}
	return opened, ctx.Err()
}

func (s *Service) publishNext(ctx context.Context) (done bool, err error) {
	err = s.db.Transact(ctx, func(tx db.Tx) error {
		var w Work
		res := tx.SQL().Raw(`
			select * from works where state = 'scheduled' and publish_at <= ? and media_count > 0
			order by publish_at limit 1 for update skip locked`, tx.Now()).Scan(&w)
		if res.Error != nil || res.RowsAffected == 0 {
			done = true
			return res.Error
		}
		c := &change{s: s, ctx: ctx, tx: tx, by: w.CreatedBy, work: w}
		if err := c.remember(); err != nil {
			return err
		}
		if err := c.publish(); err != nil {
			return err
		}
		if err := c.commit(); err != nil {
			return err
		}
		return s.outbox.Publish(ctx, tx, Opened{StudioID: w.StudioID, WorkID: w.ID})
	})
	return done, err
}
