package jobs

import (
	"context"
	"time"

	"vitrine/app/platform/db"
	"vitrine/app/platform/queue"
)

// Timetable tells of each schedule when it fired last and when it fires next.
func Timetable(ctx context.Context, r db.Reader, now time.Time, table []Schedule) ([]queue.Firing, error) {
	var last []struct {
		Job  string
		Slot time.Time
	}
	err := r.SQL(ctx).Raw("select job, max(slot) as slot from schedule_slots group by job").Scan(&last).Error
	if err != nil {
		return nil, err
	}
	fired := map[string]time.Time{}
	for _, l := range last {
		fired[l.Job] = l.Slot
	}
	out := make([]queue.Firing, 0, len(table))
	for _, s := range table {
		f := queue.Firing{Name: s.Name, Every: s.Every, Next: s.slot(now).Add(s.Every)}
		if at, ok := fired[s.Name]; ok {
			f.Last = &at
		}
		out = append(out, f)
	}
	return out, nil
}
