package analytics

import (
	"bytes"
	"context"
	"encoding/csv"
	"encoding/json"
	"errors"
	"log/slog"
	"strconv"
	"strings"
	"time"

	"github.com/google/uuid"

	"vitrine/app/fault"
	"vitrine/app/platform/bus"
	"vitrine/app/platform/db"
	"vitrine/app/platform/zone"
	"vitrine/app/studios"
	"vitrine/app/works"
	"vitrine/app/works/brief"
)

// MakeAttempts is how often a report is tried before it is called failed; its
// subscription has the same number.
const MakeAttempts = 5

// step is how many days of works and sources are read at a time, and partSize how
// many bytes of a file are kept in memory at most, but for one step.
const (
	step     = 7
	partSize = 256 << 10
)

// errUnwanted ends a report that is gone.
var errUnwanted = errors.New("the report is not wanted any more")

// OnReportAsked makes a report. Interrupted, it begins again: what it writes is
// small.
func (s *Service) OnReportAsked(ctx context.Context, env bus.Envelope) (err error) {
	defer fault.Wrap(&err, "analytics.OnReportAsked")
	ev, err := bus.Decode[ReportAsked](env)
	if err != nil {
		return err
	}
	r, err := reportByID(ctx, s.DB.Read(ctx), ev.StudioID, ev.ReportID)
	if fault.Is(err, fault.NotFound) || err == nil && !r.Busy() {
		return nil
	}
	if err != nil {
		return err
	}
	err = s.makeReport(ctx, r)
	switch {
	case err == nil || errors.Is(err, errUnwanted) || fault.Is(err, fault.NotFound):
		return nil
	case ctx.Err() == nil && env.Attempt >= MakeAttempts:
		s.Log.LogAttrs(ctx, slog.LevelError, "A report could not be made", slog.String("report", r.ID.String()), slog.Any("error", err))
		return s.DB.Transact(ctx, func(tx db.Tx) error { return storeFailed(tx, r) })
	}
	return err
}

// maker is the making of one report.
type maker struct {
	*Service
	report Report
	studio studios.Studio
	first  zone.Day
	last   zone.Day
	known  map[uuid.UUID]works.Work // by id, as far as they were asked for
}

func (s *Service) makeReport(ctx context.Context, r Report) error {
	st, err := s.Studios.ByID(ctx, r.StudioID)
	if err != nil {
		return err
	}
	last := zone.Of(r.AskedAt, zone.Or(st.TimeZone))
	m := &maker{Service: s, report: r, studio: st, first: last.Plus(1 - r.Days), last: last, known: map[uuid.UUID]works.Work{}}
	err = s.DB.Transact(ctx, func(tx db.Tx) error { return wantedOr(beginReport(tx, r)) })
	if err != nil {
		return err
	}
	for _, write := range []func(context.Context) error{m.days, m.works, m.sources, m.page} {
		if err := write(ctx); err != nil {
			return err
		}
	}
	return s.DB.Transact(ctx, func(tx db.Tx) error { return storeReady(tx, r) })
}

func wantedOr(wanted bool, err error) error {
	if err == nil && !wanted {
		return errUnwanted
	}
	return err
}

// sheet writes a file in parts.
type sheet struct {
	m      *maker
	name   string
	buffer bytes.Buffer
	csv    *csv.Writer
	number int
}

func (m *maker) sheet(name string, header ...string) *sheet {
	sh := &sheet{m: m, name: name}
	sh.csv = csv.NewWriter(&sh.buffer)
	sh.row(header...)
	return sh
}

// row adds a line; a buffer never fails.
func (sh *sheet) row(cells ...string) { _ = sh.csv.Write(cells) }

// flush stores what is there when it is enough or the last, and tells how far the
// report is.
func (sh *sheet) flush(ctx context.Context, last bool, percent int) error {
	sh.csv.Flush()
	return sh.m.DB.Transact(ctx, func(tx db.Tx) error {
		for sh.buffer.Len() >= partSize || last && sh.buffer.Len() > 0 {
			sh.number++
			if err := insertPart(tx, sh.m.report, sh.name, sh.number, sh.buffer.Next(partSize)); err != nil {
				return err
			}
		}
		return wantedOr(storePercent(tx, sh.m.report, percent))
	})
}

// days writes a line for each day, also for those on which nothing happened.
func (m *maker) days(ctx context.Context) error {
	found, err := daysOver(ctx, m.DB.Read(ctx), m.report.StudioID, m.first, m.last)
	if err != nil {
		return err
	}
	sh := m.sheet(DaysFile, "day", "views", "visitors", "likes", "new_followers")
	days, _ := filled(found, m.first, m.report.Days)
	for _, d := range days {
		sh.row(d.Day.String(), strconv.Itoa(d.Views), strconv.Itoa(d.Visitors), strconv.Itoa(d.Likes), strconv.Itoa(d.Follows))
	}
	return sh.flush(ctx, true, 5)
}

// spread walks the days a step at a time; each step's percent lies between two.
func (m *maker) spread(from, to int, do func(first, last zone.Day, percent int, end bool) error) error {
	for i := 0; i < m.report.Days; i += step {
		n := min(step, m.report.Days-i)
		percent := from + (to-from)*(i+n)/m.report.Days
		if err := do(m.first.Plus(i), m.first.Plus(i+n-1), percent, i+n == m.report.Days); err != nil {
			return err
		}
	}
	return nil
}

// works writes a line for each work and day on which somebody looked at it.
func (m *maker) works(ctx context.Context) error {
	sh := m.sheet(WorksFile, "day", "work", "title", "views", "visitors", "likes")
	return m.spread(5, 80, func(first, last zone.Day, percent int, end bool) error {
		var rows []struct {
			Day time.Time
			WorkSum
		}
		err := m.DB.Read(ctx).SQL(ctx).Raw(`select day, work_id, views, visitors, likes from stat_works
			where studio_id = ? and day between cast(? as date) and cast(? as date) order by day, views desc, work_id`, m.report.StudioID, first.String(), last.String()).Scan(&rows).Error
		if err != nil {
			return err
		}
		ids := make([]uuid.UUID, len(rows))
		for i, row := range rows {
			ids[i] = row.WorkID
		}
		if err := m.learn(ctx, ids); err != nil {
			return err
		}
		for _, row := range rows {
			public, title := m.called(row.WorkID)
			sh.row(row.Day.Format(time.DateOnly), public, inert(title), strconv.Itoa(row.Views), strconv.Itoa(row.Visitors), strconv.Itoa(row.Likes))
		}
		return sh.flush(ctx, end, percent)
	})
}

// learn asks for the works that are not known yet.
func (m *maker) learn(ctx context.Context, ids []uuid.UUID) error {
	var missing []uuid.UUID
	for _, id := range ids {
		if _, known := m.known[id]; !known && id != uuid.Nil {
			m.known[id] = works.Work{}
			missing = append(missing, id)
		}
	}
	found, err := brief.Of(ctx, m.DB.Read(ctx), m.report.StudioID, missing)
	for id, w := range found {
		m.known[id] = w
	}
	return err
}

// called is the public id and the title of a work in a file.
func (m *maker) called(id uuid.UUID) (public, title string) {
	w := m.known[id]
	switch {
	case id == uuid.Nil:
		return "", "(page of the studio)"
	case w.ID == uuid.Nil:
		return "", "(a work that was deleted)"
	}
	return w.PublicID, w.Name()
}

// sources writes a line for each source and day.
func (m *maker) sources(ctx context.Context) error {
	sh := m.sheet(SourcesFile, "day", "source", "views", "visitors")
	return m.spread(80, 95, func(first, last zone.Day, percent int, end bool) error {
		var rows []struct {
			Day time.Time
			SourceSum
		}
		err := m.DB.Read(ctx).SQL(ctx).Raw(`select day, source, views, visitors from stat_sources
			where studio_id = ? and day between cast(? as date) and cast(? as date) order by day, views desc, source`, m.report.StudioID, first.String(), last.String()).Scan(&rows).Error
		if err != nil {
			return err
		}
		for _, row := range rows {
			source := row.Source
			switch source {
			case "":
				source = "(not told)"
			case OtherSources:
				source = "(others)"
			}
			sh.row(row.Day.Format(time.DateOnly), inert(source), strconv.Itoa(row.Views), strconv.Itoa(row.Visitors))
		}
		return sh.flush(ctx, end, percent)
	})
}

// inert keeps what people typed from being a formula to whoever opens the file in
// a table.
func inert(s string) string {
	if s != "" && strings.ContainsRune("=+-@\t\r", rune(s[0])) {
		return "'" + s
	}
	return s
}

// Printed is the page of a report, as it was when it was made.
type Printed struct {
	Studio  string        `json:"studio"`
	Zone    string        `json:"zone"`
	MadeAt  time.Time     `json:"made_at"`
	Days    []PrintedDay  `json:"days"`
	Works   []PrintedLine `json:"works"`
	Sources []PrintedLine `json:"sources"`
}

// PrintedDay is a day of it.
type PrintedDay struct {
	Day string `json:"day"` // 2006-01-02
	Sum
}

// PrintedLine is a work or a source of it.
type PrintedLine struct {
	Name string `json:"name"`
	Sum
}

// printed is how many works and sources the page has.
const printed = 50

func (m *maker) page(ctx context.Context) error {
	r, out := m.DB.Read(ctx), Printed{Studio: m.studio.Name, Zone: m.studio.TimeZone, MadeAt: m.Clock()}
	found, err := daysOver(ctx, r, m.report.StudioID, m.first, m.last)
	if err != nil {
		return err
	}
	days, _ := filled(found, m.first, m.report.Days)
	for _, d := range days {
		out.Days = append(out.Days, PrintedDay{d.Day.String(), d.Sum})
	}
	list, err := worksOver(ctx, r, m.report.StudioID, m.first, m.last, printed)
	if err != nil {
		return err
	}
	ids := make([]uuid.UUID, len(list))
	for i, w := range list {
		ids[i] = w.WorkID
	}
	if err := m.learn(ctx, ids); err != nil {
		return err
	}
	for _, w := range list {
		_, title := m.called(w.WorkID)
		out.Works = append(out.Works, PrintedLine{title, w.Sum})
	}
	sources, err := sourcesOver(ctx, r, m.report.StudioID, m.first, m.last, printed)
	if err != nil {
		return err
	}
	for _, x := range sources {
		out.Sources = append(out.Sources, PrintedLine{x.Source, x.Sum})
	}
	raw, err := json.Marshal(out)
	if err != nil {
		return err
	}
	sh := &sheet{m: m, name: pageFile}
	sh.csv = csv.NewWriter(&sh.buffer)
	sh.buffer.Write(raw)
	return sh.flush(ctx, true, 99)
}

// Print reads the page of a report that is ready.
func (s *Service) Print(ctx context.Context, r Report) (out Printed, err error) {
	defer fault.Wrap(&err, "analytics.Print(%s)", r.ID)
	var raw []byte
	err = s.File(ctx, r, pageFile, func(part []byte) error {
		raw = append(raw, part...)
		return nil
	})
	if err != nil {
		return out, err
	}
	err = json.Unmarshal(raw, &out)
	return out, err
}
