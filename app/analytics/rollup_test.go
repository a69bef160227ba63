package analytics_test

import (
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/uuid"

	"vitrine/app/analytics"
	"vitrine/app/engagement"
	"vitrine/app/platform/id"
	"vitrine/app/platform/zone"
	"vitrine/app/studios"
)

const (
	daysOf    = "select day, views, visitors, likes, follows from stat_days where views <> 0 or likes <> 0 or follows <> 0 order by day"
	hoursOf   = "select hour, views, visitors from stat_hours order by hour"
	worksOf   = "select s.day, coalesce(w.title, ''), s.views, s.visitors, s.likes from stat_works s left join works w on w.id = s.work_id order by s.day, w.title nulls first"
	sourcesOf = "select day, source, views, visitors from stat_sources order by day, source"
)

func (w *world) want(query string, want ...string) {
	w.t.Helper()
	if got := w.table(query); !slices.Equal(got, want) {
		w.t.Errorf("%s:\n\t%s\nwant\n\t%s", query, strings.Join(got, "\n\t"), strings.Join(want, "\n\t"))
	}
}

func (w *world) addUp() {
	w.t.Helper()
	w.must(w.jobs.AddUp(ctx()))
	if n := w.Count(w.t, "select count(*) from stat_marks"); n != 0 {
		w.t.Errorf("%d marks are left", n)
	}
}

// TestAddUp_clockChanges: the days of Lisbon in which the clocks change have 23
// and 25 hours, and each view lies in the day and the hour that the clock showed.
func TestAddUp_clockChanges(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		why   string
		views []string // in UTC
		days  []string
		hours []string
	}{
		{
			"summer begins", // 29 March 2026, 01:00 becomes 02:00: 23 hours
			[]string{"2026-03-28T23:59:59Z", "2026-03-29T00:00:00Z", "2026-03-29T00:59:59Z", "2026-03-29T01:00:00Z", "2026-03-29T22:59:59Z", "2026-03-29T23:00:00Z"},
			[]string{"2026-03-28 00:00 | 1 | 1 | 0 | 0", "2026-03-29 00:00 | 4 | 1 | 0 | 0", "2026-03-30 00:00 | 1 | 1 | 0 | 0"},
			[]string{"2026-03-28 23:00 | 1 | 1", "2026-03-29 00:00 | 2 | 1", "2026-03-29 01:00 | 1 | 1", "2026-03-29 22:00 | 1 | 1", "2026-03-29 23:00 | 1 | 1"},
		},
		{
			"summer ends", // 25 October 2026, 02:00 becomes 01:00: 25 hours
			[]string{"2026-10-24T22:59:59Z", "2026-10-24T23:00:00Z", "2026-10-25T00:30:00Z", "2026-10-25T01:30:00Z", "2026-10-25T23:59:59Z", "2026-10-26T00:00:00Z"},
			[]string{"2026-10-24 00:00 | 1 | 1 | 0 | 0", "2026-10-25 00:00 | 4 | 1 | 0 | 0", "2026-10-26 00:00 | 1 | 1 | 0 | 0"},
			[]string{"2026-10-24 22:00 | 1 | 1", "2026-10-24 23:00 | 1 | 1", "2026-10-25 00:00 | 1 | 1", "2026-10-25 01:00 | 1 | 1", "2026-10-25 23:00 | 1 | 1", "2026-10-26 00:00 | 1 | 1"},
		},
	} {
		t.Run(c.why, func(t *testing.T) {
			t.Parallel()
			first, err := time.Parse(time.RFC3339, c.views[0])
			if err != nil {
				t.Fatal(err)
			}
			w := newWorld(t, "Europe/Lisbon", first.Add(-time.Minute))
			for _, at := range c.views {
				w.look(at, uuid.Nil, visit(1))
			}
			w.addUp()
			w.want(daysOf, c.days...)
			w.want(hoursOf, c.hours...)
			o, err := w.web.Overview(ctx(), w.studio, "Europe/Lisbon", analytics.Week)
			w.must(err)
			sum := 0
			for _, n := range o.Hours {
				sum += n
			}
			// The hour that comes twice is one on the clock.
			if c.why == "summer ends" && o.Hours[1] != 2 || sum != 6 || o.Total.Views != 6 || o.Total.Visitors != 3 {
				t.Errorf("by the clock %v, %+v", o.Hours, o.Total)
			}
		})
	}
}

// TestAddUp_halfHours: hours begin with the day where clocks are half an hour off.
func TestAddUp_halfHours(t *testing.T) {
	t.Parallel()
	w := newWorld(t, "Asia/Kolkata", time.Date(2026, 11, 21, 18, 0, 0, 0, time.UTC))
	w.look("2026-11-21T18:29:59Z", uuid.Nil, visit(1))
	w.look("2026-11-21T18:30:00Z", uuid.Nil, visit(1))
	w.look("2026-11-21T19:29:59Z", uuid.Nil, visit(1))
	w.addUp()
	w.want(daysOf, "2026-11-21 00:00 | 1 | 1 | 0 | 0", "2026-11-22 00:00 | 2 | 1 | 0 | 0")
	w.want(hoursOf, "2026-11-21 17:30 | 1 | 1", "2026-11-21 18:30 | 2 | 1")
}

// TestAddUp_again: statistics are the same however often they are made, and
// whatever comes twice, late or out of order.
func TestAddUp_again(t *testing.T) {
	t.Parallel()
	w := newWorld(t, "UTC", noon)
	low, ridges := w.work("Low Water"), w.work("Ridges")
	from := func(n int, host string) analytics.Visit { v := visit(n); v.From = host; return v }
	w.look("2026-11-22T12:00:01Z", low, from(1, "are.na"))
	w.look("2026-11-22T12:00:02Z", low, from(2, "www.are.na"))
	w.look("2026-11-22T13:00:02Z", low, from(1, ""))
	w.look("2026-11-22T13:00:03Z", ridges, from(1, "duckduckgo.com"))
	w.look("2026-11-22T13:00:04Z", uuid.Nil, from(3, ""))
	at := w.at.Now()
	liked := w.envelope(engagement.Liked{WorkID: low, StudioID: w.studio, UserID: id.New(), At: at})
	again := w.envelope(engagement.Liked{WorkID: low, StudioID: w.studio, UserID: id.New(), At: at.Add(-24 * time.Hour)})
	back := w.envelope(engagement.Unliked{WorkID: low, StudioID: w.studio, UserID: id.New(), At: at})
	followed := w.envelope(engagement.Followed{StudioID: w.studio, UserID: id.New(), At: at})
	left := w.envelope(engagement.Unfollowed{StudioID: w.studio, UserID: id.New(), At: at.Add(-24 * time.Hour)})
	check := func() {
		t.Helper()
		w.want(daysOf, "2026-11-21 00:00 | 0 | 0 | 1 | -1", "2026-11-22 00:00 | 5 | 3 | 0 | 1")
		w.want(hoursOf, "2026-11-22 12:00 | 2 | 2", "2026-11-22 13:00 | 3 | 2")
		w.want(worksOf, "2026-11-21 00:00 | Low Water | 0 | 0 | 1", "2026-11-22 00:00 |  | 1 | 1 | 0", "2026-11-22 00:00 | Low Water | 3 | 2 | 0", "2026-11-22 00:00 | Ridges | 1 | 1 | 0")
		w.want(sourcesOf, "2026-11-22 00:00 |  | 2 | 2", "2026-11-22 00:00 | are.na | 2 | 2", "2026-11-22 00:00 | duckduckgo.com | 1 | 1")
	}
	for range 2 { // each event comes twice
		w.must(w.jobs.OnUnliked(ctx(), back))
		w.must(w.jobs.OnLiked(ctx(), liked))
		w.must(w.jobs.OnUnfollowed(ctx(), left))
		w.must(w.jobs.OnFollowed(ctx(), followed))
		w.must(w.jobs.OnLiked(ctx(), again))
		w.addUp()
		check()
	}
	if n := w.Count(t, "select count(*) from stat_acts"); n != 5 {
		t.Errorf("%d acts", n)
	}
	w.Exec(t, "update stat_days set views = 99, likes = 99")
	w.Exec(t, "update stat_works set views = 99")
	w.Exec(t, "insert into stat_hours (studio_id, hour, views, visitors) values ($1, '2026-11-22 15:00Z', 9, 9)", w.studio)
	w.must(w.jobs.Recount(ctx(), w.studio))
	check()
	done := make(chan error, 4)
	for range 4 {
		go func() { done <- w.jobs.Recount(ctx(), w.studio) }()
	}
	for range 4 {
		w.must(<-done)
	}
	check()
}

// TestAddUp_movedStudio: a studio that changes its time zone gets its days made
// again, as far as there are events.
func TestAddUp_movedStudio(t *testing.T) {
	t.Parallel()
	w := newWorld(t, "UTC", noon)
	w.look("2026-11-22T14:00:00Z", uuid.Nil, visit(1))
	w.look("2026-11-22T16:00:00Z", uuid.Nil, visit(1))
	w.addUp()
	w.want(daysOf, "2026-11-22 00:00 | 2 | 1 | 0 | 0")
	w.Exec(t, "update studios set time_zone = 'Asia/Tokyo' where id = $1", w.studio)
	w.must(w.jobs.OnStudioChanged(ctx(), w.envelope(studios.Changed{StudioID: w.studio, Version: 2})))
	w.want(daysOf, "2026-11-22 00:00 | 1 | 1 | 0 | 0", "2026-11-23 00:00 | 1 | 1 | 0 | 0")
	w.must(w.jobs.OnStudioChanged(ctx(), w.envelope(studios.Changed{StudioID: w.studio, Version: 3})))
	w.want("select time_zone from stat_studios", "Asia/Tokyo")
}

// TestAddUp_oldDays: a day whose events have begun to go is not made again.
func TestAddUp_oldDays(t *testing.T) {
	t.Parallel()
	w := newWorld(t, "UTC", noon)
	w.look("2026-11-22T14:00:00Z", uuid.Nil, visit(1))
	w.addUp()
	w.at.Advance(analytics.KeepEvents + time.Hour)
	w.Exec(t, "delete from view_events")
	w.must(w.jobs.Recount(ctx(), w.studio))
	w.want(daysOf, "2026-11-22 00:00 | 1 | 1 | 0 | 0")
}

// TestAddUp_goneStudio: events of a studio that was removed meanwhile go, too.
func TestAddUp_goneStudio(t *testing.T) {
	t.Parallel()
	w := newWorld(t, "UTC", noon)
	w.look("2026-11-22T14:00:00Z", uuid.Nil, visit(1))
	w.Exec(t, "delete from studios where id = $1", w.studio)
	w.addUp()
	if n := w.Count(t, "select (select count(*) from view_events) + (select count(*) from stat_days)"); n != 0 {
		t.Errorf("%d rows of a studio that is gone", n)
	}
}

// TestAddUp_manySources: invented hosts fill no table.
func TestAddUp_manySources(t *testing.T) {
	t.Parallel()
	w := newWorld(t, "UTC", noon)
	w.Exec(t, `insert into view_events (at, id, studio_id, work_id, visitor, source)
		select '2026-11-22 12:00Z', gen_random_uuid(), $1, $1, n, 'host-' || lpad(n::text, 3, '0') || '.example' from generate_series(1, 200) n, generate_series(1, 1 + (n <= 3)::int)`, w.studio)
	w.must(w.jobs.Recount(ctx(), w.studio))
	w.want("select source, views from stat_sources order by views desc, source limit 4", "* | 150", "host-001.example | 2", "host-002.example | 2", "host-003.example | 2")
	if n := w.Count(t, "select count(*) from stat_sources"); n != 51 {
		t.Errorf("%d sources", n)
	}
	o, err := w.web.Overview(ctx(), w.studio, "UTC", analytics.Week)
	w.must(err)
	if len(o.Sources) != 20 || o.Sources[0].Source != "host-001.example" || o.Total.Views != 203 {
		t.Errorf("%+v", o.Sources)
	}
}

// TestOverview_ofStrangers: the statistics of a studio are not there in the scope
// of another.
func TestOverview_ofStrangers(t *testing.T) {
	t.Parallel()
	w := newWorld(t, "UTC", noon)
	w.look("2026-11-22T14:00:00Z", w.work("Low Water"), visit(1))
	w.addUp()
	other, err := w.web.Overview(ctx(), w.found("other-studio", "UTC"), "UTC", analytics.Month)
	w.must(err)
	if other.Total != (analytics.Sum{}) || len(other.Works) != 0 {
		t.Errorf("a stranger sees %+v", other)
	}
	o, err := w.web.Overview(ctx(), w.studio, "UTC", analytics.Month)
	w.must(err)
	if len(o.Works) != 1 || o.Works[0].Work.Title != "Low Water" || len(o.Days) != 30 || len(o.Before) != 30 || o.Days[29].Day != zone.On(2026, 11, 22) || o.Days[29].Views != 1 {
		t.Errorf("the studio sees %+v", o)
	}
	sum, some, err := w.web.Summary(ctx(), w.studio, "UTC")
	w.must(err)
	if !some || sum.Total.Views != 1 {
		t.Errorf("the summary is %+v", sum)
	}
}

// TestImagine: the same studio has the same visitors, however often it is asked
// for, and its statistics are made from them like any others.
func TestImagine(t *testing.T) {
	t.Parallel()
	w := newWorld(t, "Europe/Lisbon", noon)
	of := analytics.Imagined{StudioID: w.studio, Zone: "Europe/Lisbon", Since: noon.Add(-200 * 24 * time.Hour)}
	for i, title := range []string{"Low Water", "Ridges", "Erg"} {
		of.Works = append(of.Works, analytics.ImaginedWork{WorkID: w.work(title), Since: noon.Add(-time.Duration(30*i) * 24 * time.Hour)})
	}
	n, err := w.jobs.Imagine(ctx(), of)
	w.must(err)
	if n < 200 || n > 5000 {
		t.Errorf("%d imagined views", n)
	}
	if again, err := w.jobs.Imagine(ctx(), of); err != nil || again != 0 {
		t.Errorf("imagined again: %d, %v", again, err)
	}
	if late := w.Count(t, "select count(*) from view_events where at > $1", noon); late != 0 {
		t.Errorf("%d views lie in the future", late)
	}
	acts := []analytics.PastAct{{WorkID: of.Works[0].WorkID, At: noon.Add(-time.Hour)}, {WorkID: of.Works[0].WorkID, At: noon.Add(-time.Hour)}, {At: noon.Add(-time.Hour)}, {At: noon.Add(-100 * 24 * time.Hour)}}
	for range 2 {
		w.must(w.jobs.Remember(ctx(), w.studio, acts))
	}
	w.addUp()
	w.want("select sum(likes), sum(follows) from stat_days", "2 | 1")
	if sum := w.Count(t, "select sum(views) from stat_days"); sum != n {
		t.Errorf("%d views were added up, %d imagined", sum, n)
	}
	o, err := w.web.Overview(ctx(), w.studio, "Europe/Lisbon", analytics.Quarter)
	w.must(err)
	if len(o.Works) < 3 || len(o.Sources) < 5 || o.Total.Visitors < 100 {
		t.Errorf("%+v of %d works and %d sources", o.Total, len(o.Works), len(o.Sources))
	}
}
