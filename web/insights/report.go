package insights

import (
	"mime"
	"net/http"
	"strings"
	"time"

	"github.com/google/uuid"

	"vitrine/app/analytics"
	"vitrine/app/fault"
	"vitrine/web/page"
	"vitrine/web/show"
	"vitrine/web/site"
	"vitrine/web/ui"
	"vitrine/web/views"
)

// Ask is POST /studio/{slug}/analytics/reports.
func (p *Pages) Ask(c *Context) error {
	m, err := member(c)
	if err != nil {
		return err
	}
	if err := c.ParseForm(); err != nil {
		return err
	}
	over := analytics.ParseRange(c.Form("days"))
	reportID, err := p.Analytics.Ask(c.Ctx(), c.Viewer().UserID, m.StudioID, over, c.Form("idempotency_key"))
	if err != nil {
		refusal, status, err := c.Refused(err)
		if err != nil {
			return err
		}
		return p.overview(c, status, over, refusal)
	}
	return c.SeeOther("/studio/" + m.Slug + "/analytics/reports/" + reportID.String())
}

// report finds the report of the path.
func (p *Pages) report(c *Context) (m site.Membership, r analytics.Report, err error) {
	if m, err = member(c); err != nil {
		return m, r, err
	}
	reportID, err := uuid.Parse(c.Param("report"))
	if err != nil {
		return m, r, fault.Caused(fault.NotFound, "", err)
	}
	r, err = p.Analytics.Report(c.Ctx(), m.StudioID, reportID)
	return m, r, err
}

// ShowReport is GET /studio/{slug}/analytics/reports/{report}: how far it is, then
// its files. htmx asks again for the part that changes.
func (p *Pages) ShowReport(c *Context) error {
	m, r, err := p.report(c)
	if err != nil {
		return err
	}
	path := "/studio/" + m.Slug + "/analytics"
	v := reportView{
		Room: show.Room(m.Slug, m.Name, m.Role, views.RoomAnalytics), Report: r, Path: path + "/reports/" + r.ID.String(), Back: path + "?days=" + days(analytics.Range(r.Days)),
		Over: last(analytics.Range(r.Days)), Asked: on(r.AskedAt, m.TimeZone), Until: onDay(r.ExpiresAt, m.TimeZone),
	}
	if c.ByScript() {
		return c.Render(http.StatusOK, reportState(v))
	}
	return c.Render(http.StatusOK, reportPage(p.base(c, "Report of "+m.Name), v))
}

// reportView is the page of a report.
type reportView struct {
	analytics.Report
	Room         views.Room
	Path, Back   string
	Over         string
	Asked, Until string
}

func (v reportView) bar() ui.Bar { return ui.Bar{Label: "The report", Percent: v.Percent} }

// files are what can be fetched.
func (v reportView) files() []fileLink {
	return []fileLink{
		{"By day", "Views, visitors, likes and new followers", v.Path + "/" + analytics.DaysFile},
		{"By work and day", "Views, visitors and likes", v.Path + "/" + analytics.WorksFile},
		{"By source and day", "Views and visitors", v.Path + "/" + analytics.SourcesFile},
	}
}

type fileLink struct{ Label, Note, URL string }

// partTime is how long a browser may take for one part of a file.
const partTime = time.Minute

// Fetch is GET /studio/{slug}/analytics/reports/{report}/{file}.
func (p *Pages) Fetch(c *Context) error {
	m, r, err := p.report(c)
	if err != nil {
		return err
	}
	name := c.Param("file")
	if name != analytics.DaysFile && name != analytics.WorksFile && name != analytics.SourcesFile {
		return fault.New(fault.NotFound, "")
	}
	h := c.Response().Header()
	line, begun := http.NewResponseController(c.Response()), false
	return p.Analytics.File(c.Ctx(), r, name, func(part []byte) error {
		if !begun {
			begun = true
			h.Set("Content-Type", "text/csv; charset=utf-8")
			h.Set("Content-Disposition", mime.FormatMediaType("attachment", map[string]string{
				"filename": m.Slug + "-" + r.AskedAt.UTC().Format(time.DateOnly) + "-" + name}))
		}
		_ = line.SetWriteDeadline(time.Now().Add(partTime)) // a recorder in a test has none
		_, err := c.Response().Write(part)
		return err
	})
}

// Print is GET /studio/{slug}/analytics/reports/{report}/print: the report as it
// was made, laid out for paper.
func (p *Pages) Print(c *Context) error {
	m, r, err := p.report(c)
	if err != nil {
		return err
	}
	out, err := p.Analytics.Print(c.Ctx(), r)
	if err != nil {
		return err
	}
	v := printView{Printed: out, Over: last(analytics.Range(r.Days)), Here: analytics.Source(p.Host()), Back: "/studio/" + m.Slug + "/analytics/reports/" + r.ID.String()}
	v.sum()
	b := p.base(c, "Report of "+out.Studio)
	b.Nav = page.NavStudio
	return c.Render(http.StatusOK, printPage(b, v))
}

// printView is the page to print.
type printView struct {
	analytics.Printed
	Over, Here, Back string
	Total            analytics.Sum
	Rows             []analytics.PrintedDay // a line for each day, or for each month of a year
	Monthly          bool
}

// monthly is from how many days on the table has a line for each month.
const monthly = 100

func (v *printView) sum() {
	for _, d := range v.Days {
		v.Total = plus(v.Total, d.Sum)
	}
	v.Rows, v.Monthly = v.Days, len(v.Days) > monthly
	if !v.Monthly {
		return
	}
	v.Rows = nil
	for _, d := range v.Days {
		month, _ := strings.CutSuffix(d.Day, d.Day[max(0, len(d.Day)-3):])
		if n := len(v.Rows); n > 0 && v.Rows[n-1].Day == month {
			v.Rows[n-1].Sum = plus(v.Rows[n-1].Sum, d.Sum)
			continue
		}
		v.Rows = append(v.Rows, analytics.PrintedDay{Day: month, Sum: d.Sum})
	}
}

func plus(a, b analytics.Sum) analytics.Sum {
	return analytics.Sum{Views: a.Views + b.Views, Visitors: a.Visitors + b.Visitors, Likes: a.Likes + b.Likes, Follows: a.Follows + b.Follows}
}

func (v printView) from() string { return printedDay(v.Days[0].Day) }
func (v printView) to() string   { return printedDay(v.Days[len(v.Days)-1].Day) }

// printedDay writes a date or a month of a report in words.
func printedDay(s string) string {
	if t, err := time.Parse(time.DateOnly, s); err == nil {
		return t.Format("2 January 2006")
	}
	if t, err := time.Parse("2006-01", s); err == nil {
		return t.Format("January 2006")
	}
	return s
}

func (v printView) chart() chart {
	values := make([]int, len(v.Days))
	for i, d := range v.Days {
		values[i] = d.Views
	}
	c := newChart("Views of each day", line{Class: "now", Name: "Views", Values: values, Dot: true})
	c.Marks = []string{v.from(), v.to()}
	return c
}

func (v printView) numbers() ui.Stats {
	t := v.Total
	return ui.Stats{{Label: "Views", Value: number(t.Views)}, {Label: "Visitors", Value: number(t.Visitors)}, {Label: "Likes", Value: number(t.Likes)}, {Label: "New followers", Value: number(t.Follows)}}
}
