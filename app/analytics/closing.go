package analytics

import (
	"context"
	"time"

	"github.com/google/uuid"

	"vitrine/app/fault"
	"vitrine/app/platform/db"
)

// Forget removes events, hours, salts and reports whose time is over, 5,000 of
// each kind at most, and says how many of the kind of which most went. It needs the
// worker's handle.
func (s *Service) Forget(_ context.Context, tx db.Tx) (most int64, err error) {
	defer fault.Wrap(&err, "analytics.Forget")
	now := tx.Now()
	for _, old := range []struct {
		query string
		until time.Time
	}{
		{`delete from view_salts where expires_at <= ?`, now},
		{`delete from view_events where (at, id) in (select at, id from view_events where at < ? order by at limit 5000)`, now.Add(-KeepEvents)},
		{`delete from stat_acts where (at, event_id) in (select at, event_id from stat_acts where at < ? order by at limit 5000)`, now.Add(-KeepEvents)},
		{`delete from stat_hours where (studio_id, hour) in (select studio_id, hour from stat_hours where hour < ? order by hour limit 5000)`, now.Add(-KeepHourly)},
		{`delete from stat_reports where expires_at <= ?`, now},
	} {
		res := tx.SQL().Exec(old.query, old.until)
		if res.Error != nil {
			return most, res.Error
		}
		most = max(most, res.RowsAffected)
	}
	return most, nil
}

// Erase removes all that is kept of a studio that is being removed. For jobs.
func Erase(_ context.Context, tx db.Tx, studioID uuid.UUID) (err error) {
	defer fault.Wrap(&err, "analytics.Erase(%s)", studioID)
	for _, table := range []string{
		"stat_marks", "view_events", "stat_acts", "stat_hours", "stat_works", "stat_sources", "stat_days", "stat_studios", "stat_reports",
	} {
		if err := tx.SQL().Exec(`delete from `+table+` where studio_id = ?`, studioID).Error; err != nil {
			return err
		}
	}
	return nil
}

// EraseAsker takes a person's id off the reports that they asked for, which go by
// themselves within days. For jobs.
func EraseAsker(_ context.Context, tx db.Tx, userID uuid.UUID) (err error) {
	defer fault.Wrap(&err, "analytics.EraseAsker(%s)", userID)
	return tx.SQL().Exec(`update stat_reports set asked_by = ? where asked_by = ?`, uuid.Nil, userID).Error
}
