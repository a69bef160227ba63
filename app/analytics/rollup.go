package analytics

import (
	"context"
	"errors"
	"slices"
	"time"

	"github.com/google/uuid"

	"vitrine/app/fault"
	"vitrine/app/platform/bus"
	"vitrine/app/platform/db"
	"vitrine/app/platform/zone"
	"vitrine/app/studios"
)

// markedBatch is how many studios one round adds up; what is left comes with the
// next round.
const markedBatch = 1_000

// AddUp makes the statistics of what was marked since the last time. A studio that
// fails does not keep the others back. For jobs; two at once do no harm.
func (s *Service) AddUp(ctx context.Context) (err error) {
	defer fault.Wrap(&err, "analytics.AddUp")
	ids, err := markedStudios(ctx, s.DB.Read(ctx), markedBatch)
	if err != nil {
		return err
	}
	var errs []error
	for _, studioID := range ids {
		errs = append(errs, s.addUp(ctx, studioID, nil))
	}
	return errors.Join(errs...)
}

// OnStudioChanged makes a studio's days again when they begin at another time
// now.
func (s *Service) OnStudioChanged(ctx context.Context, env bus.Envelope) (err error) {
	defer fault.Wrap(&err, "analytics.OnStudioChanged")
	ev, err := bus.Decode[studios.Changed](env)
	if err != nil {
		return err
	}
	return s.addUp(ctx, ev.StudioID, nil)
}

// Recount makes all days of a studio again that can be made: those whose events
// are still there. For whoever repairs.
func (s *Service) Recount(ctx context.Context, studioID uuid.UUID) (err error) {
	defer fault.Wrap(&err, "analytics.Recount(%s)", studioID)
	now := s.Clock()
	return s.addUp(ctx, studioID, []span{{now.Add(-KeepEvents), now}})
}

// addUp makes the days again that are marked, and all of them when the studio has
// moved to another time zone. The marks go last: who is interrupted begins again.
func (s *Service) addUp(ctx context.Context, studioID uuid.UUID, spans []span) error {
	marks, err := marksOf(ctx, s.DB.Read(ctx), studioID)
	if err != nil {
		return err
	}
	st, err := s.Studios.ByID(ctx, studioID)
	if fault.Is(err, fault.NotFound) { // it was removed meanwhile
		return s.DB.Transact(ctx, func(tx db.Tx) error { return Erase(ctx, tx, studioID) })
	}
	if err != nil {
		return err
	}
	now := s.Clock()
	before, err := zoneOf(ctx, s.DB.Read(ctx), studioID)
	if err != nil {
		return err
	}
	if before != "" && before != st.TimeZone {
		spans = append(spans, span{now.Add(-KeepEvents), now})
	}
	ids := make([]int64, len(marks))
	for i, m := range marks {
		ids[i], spans = m.ID, append(spans, span{m.Since, m.Until})
	}
	if len(spans) == 0 {
		return nil
	}
	loc := zone.Or(st.TimeZone)
	for _, day := range daysOf(spans, loc, now) {
		if err := s.DB.Transact(ctx, func(tx db.Tx) error { return makeDay(tx, studioID, day, loc) }); err != nil {
			return err
		}
	}
	return s.DB.Transact(ctx, func(tx db.Tx) error {
		if err := storeZone(tx, studioID, st.TimeZone); err != nil {
			return err
		}
		return deleteMarks(tx, ids)
	})
}

// daysOf are the days that the spans touch, in order. A day whose events have
// begun to go stays as it was made last.
func daysOf(spans []span, loc *time.Location, now time.Time) []zone.Day {
	seen := map[zone.Day]bool{}
	oldest := zone.Of(now.Add(-KeepEvents), loc).Plus(1)
	for _, s := range spans {
		for day := zone.Of(s.Since, loc); day.Starts(loc).Before(s.Until); day = day.Plus(1) {
			if !day.Before(oldest.Time) {
				seen[day] = true
			}
			if len(seen) > int(KeepEvents/(24*time.Hour))+2 {
				break // a mark that reaches into the future
			}
		}
	}
	days := make([]zone.Day, 0, len(seen))
	for day := range seen {
		days = append(days, day)
	}
	slices.SortFunc(days, func(a, b zone.Day) int { return a.Compare(b.Time) })
	return days
}
