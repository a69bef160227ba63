package analytics

import (
	"context"
	"strconv"
	"time"

	"github.com/google/uuid"

	"vitrine/app/fault"
	"vitrine/app/media"
	"vitrine/app/platform/db"
	"vitrine/app/platform/zone"
	"vitrine/app/works"
	"vitrine/app/works/brief"
)

// String is the number of days.
func (r Range) String() string { return strconv.Itoa(int(r)) }

// Sum is what came together in a time. Visitors are those of each day: who comes
// on two days is two. Likes and Follows are those given less those taken back.
type Sum struct {
	Views    int
	Visitors int
	Likes    int
	Follows  int
}

func (s *Sum) add(o Sum) {
	s.Views += o.Views
	s.Visitors += o.Visitors
	s.Likes += o.Likes
	s.Follows += o.Follows
}

// DaySum is that of one day.
type DaySum struct {
	Day zone.Day
	Sum
}

// WorkSum is that of a work; Work is the zero value when it is gone or for the
// studio's own page, which has no WorkID either.
type WorkSum struct {
	WorkID uuid.UUID
	Sum
	Work works.Work `gorm:"-"`
}

// SourceSum is that of a host that led here: empty when it was not told,
// OtherSources for all that are not told apart.
type SourceSum struct {
	Source string
	Sum
}

// Overview is a studio's statistics over a range that ends today.
type Overview struct {
	Range   Range
	Zone    string
	Days    []DaySum // each day of the range, the oldest first
	Before  []DaySum // as many days before those
	Total   Sum
	Earlier Sum // the total of Before
	Works   []WorkSum
	Sources []SourceSum
	Hours   [24]int                     // views by the hour that the studio's clock showed
	Covers  map[uuid.UUID]media.Picture // of Works, by the cover's id
}

// listed is how many works and sources an overview has.
const listed = 20

// Overview reads a studio's statistics. The caller has checked that the viewer
// belongs to the studio. Six queries.
func (s *Service) Overview(ctx context.Context, studioID uuid.UUID, zoneName string, over Range) (o Overview, err error) {
	defer fault.Wrap(&err, "analytics.Overview(%s, %d)", studioID, over)
	o = Overview{Range: over, Zone: zoneName}
	loc := zone.Or(zoneName)
	today := zone.Of(s.Clock(), loc)
	first := today.Plus(1 - int(over))
	err = s.DB.TenantRead(ctx, studioID, func(r db.Reader) error {
		if err := o.readDays(ctx, r, studioID, first, today); err != nil {
			return err
		}
		if o.Works, err = worksOver(ctx, r, studioID, first, today, listed); err != nil {
			return err
		}
		if o.Sources, err = sourcesOver(ctx, r, studioID, first, today, listed); err != nil {
			return err
		}
		if o.Hours, err = hoursOver(ctx, r, studioID, first.Starts(loc), loc); err != nil {
			return err
		}
		return s.nameWorks(ctx, r, studioID, &o)
	})
	return o, err
}

func (o *Overview) readDays(ctx context.Context, r db.Reader, studioID uuid.UUID, first, today zone.Day) error {
	n := int(o.Range)
	found, err := daysOver(ctx, r, studioID, first.Plus(-n), today)
	if err != nil {
		return err
	}
	o.Days, o.Total = filled(found, first, n)
	o.Before, o.Earlier = filled(found, first.Plus(-n), n)
	return nil
}

// filled gives each day of a time, also those on which nothing happened.
func filled(found map[zone.Day]Sum, first zone.Day, n int) (days []DaySum, total Sum) {
	days = make([]DaySum, n)
	for i := range days {
		day := first.Plus(i)
		days[i] = DaySum{day, found[day]}
		total.add(days[i].Sum)
	}
	return days, total
}

func (s *Service) nameWorks(ctx context.Context, r db.Reader, studioID uuid.UUID, o *Overview) error {
	ids := make([]uuid.UUID, 0, len(o.Works))
	for _, w := range o.Works {
		ids = append(ids, w.WorkID)
	}
	found, err := brief.Of(ctx, r, studioID, ids)
	if err != nil {
		return err
	}
	var covers []uuid.UUID
	for i := range o.Works {
		o.Works[i].Work = found[o.Works[i].WorkID]
		if cover := o.Works[i].Work.CoverID; cover != nil {
			covers = append(covers, *cover)
		}
	}
	o.Covers, err = s.Media.StudioPictures(ctx, r, studioID, covers)
	return err
}

// Summary is the days of a month and of the month before; ok is false while a
// studio has no statistics at all. One query.
func (s *Service) Summary(ctx context.Context, studioID uuid.UUID, zoneName string) (o Overview, ok bool, err error) {
	defer fault.Wrap(&err, "analytics.Summary(%s)", studioID)
	o = Overview{Range: Month, Zone: zoneName}
	today := zone.Of(s.Clock(), zone.Or(zoneName))
	err = s.DB.TenantRead(ctx, studioID, func(r db.Reader) error {
		return o.readDays(ctx, r, studioID, today.Plus(1-int(Month)), today)
	})
	return o, o.Total != (Sum{}) || o.Earlier != (Sum{}), err
}

// daysOver reads the days of a time, both ends included.
func daysOver(ctx context.Context, r db.Reader, studioID uuid.UUID, from, to zone.Day) (map[zone.Day]Sum, error) {
	var rows []struct {
		Day time.Time
		Sum `gorm:"embedded"`
	}
	err := r.SQL(ctx).Raw(`select day, views, visitors, likes, follows from stat_days where studio_id = ? and day between cast(? as date) and cast(? as date)`,
		studioID, from.String(), to.String()).Scan(&rows).Error
	out := make(map[zone.Day]Sum, len(rows))
	for _, row := range rows {
		out[zone.Of(row.Day, time.UTC)] = row.Sum
	}
	return out, err
}

func worksOver(ctx context.Context, r db.Reader, studioID uuid.UUID, from, to zone.Day, limit int) (list []WorkSum, err error) {
	err = r.SQL(ctx).Raw(`select work_id, sum(views) as views, sum(visitors) as visitors, sum(likes) as likes from stat_works
		where studio_id = ? and day between cast(? as date) and cast(? as date) group by work_id order by 2 desc, 4 desc, work_id limit ?`,
		studioID, from.String(), to.String(), limit).Scan(&list).Error
	return list, err
}

func sourcesOver(ctx context.Context, r db.Reader, studioID uuid.UUID, from, to zone.Day, limit int) (list []SourceSum, err error) {
	err = r.SQL(ctx).Raw(`select source, sum(views) as views, sum(visitors) as visitors from stat_sources
		where studio_id = ? and day between cast(? as date) and cast(? as date) group by source order by source = ?, 2 desc, source limit ?`,
		studioID, from.String(), to.String(), OtherSources, limit).Scan(&list).Error
	return list, err
}

// hoursOver adds up hours by what the clock showed. Go tells that, not the
// database, whose time zones may be of another year.
func hoursOver(ctx context.Context, r db.Reader, studioID uuid.UUID, from time.Time, loc *time.Location) (out [24]int, err error) {
	var rows []struct {
		Hour  time.Time
		Views int
	}
	err = r.SQL(ctx).Raw(`select hour, views from stat_hours where studio_id = ? and hour >= ?`, studioID, from).Scan(&rows).Error
	for _, row := range rows {
		out[row.Hour.In(loc).Hour()] += row.Views
	}
	return out, err
}
