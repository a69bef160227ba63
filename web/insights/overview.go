package insights

import (
	"net/http"
	"strconv"

	"github.com/google/uuid"

	"vitrine/app/analytics"
	"vitrine/app/platform/idem"
	"vitrine/app/studios"
	"vitrine/web/show"
	"vitrine/web/site"
	"vitrine/web/ui"
	"vitrine/web/views"
)

// member is the membership of somebody who may see how the studio does: any role.
func member(c *Context) (site.Membership, error) {
	m := c.Member()
	return m, m.Role.Check(studios.SeeStudio)
}

// Show is GET /studio/{slug}/analytics?days=…
func (p *Pages) Show(c *Context) error {
	return p.overview(c, http.StatusOK, analytics.ParseRange(c.Query("days")), views.Refusal{})
}

// overview has seven queries.
func (p *Pages) overview(c *Context, status int, over analytics.Range, refusal views.Refusal) error {
	m, err := member(c)
	if err != nil {
		return err
	}
	o, err := p.Analytics.Overview(c.Ctx(), m.StudioID, m.TimeZone, over)
	if err != nil {
		return err
	}
	r, found, err := p.Analytics.LastReport(c.Ctx(), m.StudioID)
	if err != nil {
		return err
	}
	path := "/studio/" + m.Slug + "/analytics"
	v := overview{
		Room: show.Room(m.Slug, m.Name, m.Role, views.RoomAnalytics), Path: path, Slug: m.Slug, Overview: o, Key: idem.NewKey(), Refusal: refusal,
		Here: analytics.Source(p.Host()), MayChange: m.Role.Can(studios.ChangeSettings),
	}
	if found {
		v.Report = &reportLine{URL: path + "/reports/" + r.ID.String(), Busy: r.Busy(), Failed: r.State == analytics.Failed, On: on(r.AskedAt, m.TimeZone)}
	}
	return c.Render(status, overviewPage(p.base(c, "Analytics of "+m.Name), v))
}

// Summary is the panel of the dashboard: the last month in four numbers and a
// line; nil while there is nothing to say. It is a hint: a dashboard does not fail
// for it. One query.
func (p *Pages) Summary(c *Context, m site.Membership) *Panel {
	if p.Analytics == nil {
		return nil
	}
	o, some, err := p.Analytics.Summary(c.Ctx(), m.StudioID, m.TimeZone)
	if err != nil {
		p.Log().WarnContext(c.Ctx(), "the statistics were left out of the dashboard", "err", err)
		return nil
	}
	if !some {
		return nil
	}
	return &Panel{o: o, path: "/studio/" + m.Slug + "/analytics"}
}

// overview is the page of a studio's statistics.
type overview struct {
	analytics.Overview
	Room      views.Room
	Path      string
	Slug      string
	Here      string // the site's own host, as a source
	Key       string
	MayChange bool
	Report    *reportLine
	Refusal   views.Refusal
}

// reportLine is the newest report.
type reportLine struct {
	URL, On      string
	Busy, Failed bool
}

func numbers(o analytics.Overview) ui.Stats {
	t, e := o.Total, o.Earlier
	return ui.Stats{
		{Label: "Views", Value: number(t.Views), Note: change(t.Views, e.Views)},
		{Label: "Visitors", Value: number(t.Visitors), Note: change(t.Visitors, e.Visitors)},
		{Label: "Likes", Value: number(t.Likes), Note: change(t.Likes, e.Likes)},
		{Label: "New followers", Value: number(t.Follows), Note: change(t.Follows, e.Follows)},
	}
}

func column(days []analytics.DaySum, of func(analytics.Sum) int) []int {
	out := make([]int, len(days))
	for i, d := range days {
		out[i] = of(d.Sum)
	}
	return out
}

func viewsOf(s analytics.Sum) int    { return s.Views }
func visitorsOf(s analytics.Sum) int { return s.Visitors }
func likesOf(s analytics.Sum) int    { return s.Likes }
func followsOf(s analytics.Sum) int  { return s.Follows }

// viewsChart compares the views of the range with those before.
func viewsChart(o analytics.Overview) chart {
	now, before := these(o.Range)
	c := newChart("Views of each day, compared with the days before",
		line{Class: "before", Name: before, Values: column(o.Before, viewsOf)},
		line{Class: "now", Name: now, Values: column(o.Days, viewsOf), Dot: true})
	c.Marks = marks(o.Days)
	c.Sign = ui.Count(o.Days[len(o.Days)-1].Views, "view", "views")
	return c
}

func visitorsChart(o analytics.Overview) chart {
	now, before := these(o.Range)
	c := newChart("Visitors of each day, compared with the days before",
		line{Class: "before", Name: before, Values: column(o.Before, visitorsOf)},
		line{Class: "now", Name: now, Values: column(o.Days, visitorsOf), Dot: true})
	c.Marks = marks(o.Days)
	c.Sign = ui.Count(o.Days[len(o.Days)-1].Visitors, "visitor", "visitors")
	return c
}

func actsChart(o analytics.Overview) chart {
	c := newChart("Likes and new followers of each day",
		line{Class: "before", Name: "New followers", Values: column(o.Days, followsOf)},
		line{Class: "now", Name: "Likes", Values: column(o.Days, likesOf), Dot: true})
	c.Marks = marks(o.Days)
	c.Sign = ui.Count(o.Days[len(o.Days)-1].Likes, "like", "likes")
	return c
}

func hoursChart(o analytics.Overview) chart {
	c := newChart("Views by the hour of the day", line{Class: "now", Name: "Views", Values: o.Hours[:]})
	c.Marks = []string{"0:00", "6:00", "12:00", "18:00", "23:00"}
	return c
}

// row is a line of a table: a day, or a month of a year.
type row struct {
	Time, Machine string
	analytics.Sum
	Before analytics.Sum // of as many days before
}

// rowsOf has a line for each day, the newest first. Of a year it has one for each
// month: 365 lines are for the file.
func rowsOf(o analytics.Overview) (out []row) {
	for i := len(o.Days) - 1; i >= 0; i-- {
		day, before := o.Days[i], o.Before[i]
		r := row{Time: longDay(day.Day), Machine: day.Day.String(), Sum: day.Sum, Before: before.Sum}
		if o.Range == analytics.Year {
			r.Time, r.Machine = day.Day.Format("January 2006"), day.Day.Format("2006-01")
		}
		if n := len(out); n > 0 && out[n-1].Machine == r.Machine {
			out[n-1].Sum, out[n-1].Before = plus(out[n-1].Sum, r.Sum), plus(out[n-1].Before, r.Before)
			continue
		}
		out = append(out, r)
	}
	return out
}

// hasHours tells whether anybody came at any hour.
func (v overview) hasHours() bool {
	for _, n := range v.Hours {
		if n > 0 {
			return true
		}
	}
	return false
}

// nothing tells whether there is nothing to show for the range.
func (v overview) nothing() bool {
	return v.Total == (analytics.Sum{}) && len(v.Works) == 0 && len(v.Sources) == 0
}

// workRow is a work in the table.
type workRow struct {
	Title, Lang, URL string
	Picture          *ui.Picture
	analytics.Sum
}

func (v overview) workRows() (out []workRow) {
	for _, w := range v.Works {
		row := workRow{Sum: w.Sum}
		switch {
		case w.WorkID == uuid.Nil:
			row.Title, row.URL = "The studio's own page", show.StudioPath(v.Slug)
		case w.Work.ID == uuid.Nil:
			row.Title = "A work that was deleted"
		default:
			row.Title, row.Lang = w.Work.Name(), w.Work.Lang
			if w.Work.Visible() {
				row.URL = show.WorkPath(v.Slug, w.Work.Slug, w.Work.PublicID)
			}
			if w.Work.CoverID != nil {
				if pic, ok := v.Covers[*w.Work.CoverID]; ok && !pic.Empty() {
					small := show.Picture(pic, "", "", w.Work.CoverFocal)
					small.Sizes = ui.SizesThumb
					row.Picture = &small
				}
			}
		}
		out = append(out, row)
	}
	return out
}

func (v overview) mostSource() int {
	if len(v.Sources) == 0 {
		return 0
	}
	most := 0
	for _, s := range v.Sources {
		most = max(most, s.Views)
	}
	return most
}

// rangeURL is the page for another range.
func (v overview) rangeURL(r analytics.Range) string { return v.Path + "?days=" + r.String() }

func days(r analytics.Range) string { return strconv.Itoa(int(r)) }

func (r workRow) picture() ui.Picture { return *r.Picture }
