package analytics_test

import (
	"strings"
	"testing"
	"time"

	"github.com/google/uuid"

	"vitrine/app/analytics"
	"vitrine/app/fault"
	"vitrine/app/platform/db"
	"vitrine/app/platform/id"
	"vitrine/app/platform/idem"
)

func (w *world) file(r analytics.Report, name string) string {
	w.t.Helper()
	var b strings.Builder
	w.must(w.web.File(ctx(), r, name, func(part []byte) error { b.Write(part); return nil }))
	return b.String()
}

func TestReport(t *testing.T) {
	t.Parallel()
	w := newWorld(t, "Europe/Lisbon", noon)
	low, formula := w.work("Low Water, <b>\"early\"</b>"), w.work("=cmd|'/c calc'!A0")
	w.look("2026-11-22T12:00:01Z", low, visit(1))
	w.look("2026-11-22T12:00:02Z", formula, visit(2))
	w.look("2026-11-22T12:00:03Z", uuid.Nil, visit(1))
	w.addUp()
	key := idem.NewKey()
	reportID, err := w.web.Ask(ctx(), w.owner, w.studio, analytics.Week, key)
	w.must(err)
	if twice, err := w.web.Ask(ctx(), w.owner, w.studio, analytics.Week, key); err != nil || twice != reportID {
		t.Errorf("sent twice: %s, %v", twice, err)
	}
	if _, err := w.web.Ask(ctx(), w.owner, w.studio, analytics.Week, idem.NewKey()); !fault.Is(err, fault.Conflict) {
		t.Errorf("a second one at once: %v", err)
	}
	if _, err := w.web.Ask(ctx(), id.New(), w.studio, analytics.Week, idem.NewKey()); !fault.Is(err, fault.NotFound) {
		t.Errorf("a stranger asks: %v", err)
	}
	r, err := w.web.Report(ctx(), w.studio, reportID)
	w.must(err)
	if !r.Busy() || r.Percent != 0 {
		t.Errorf("%+v", r)
	}
	if err := w.web.File(ctx(), r, analytics.DaysFile, nil); !fault.Is(err, fault.NotFound) {
		t.Errorf("a file before its time: %v", err)
	}
	env := w.envelope(analytics.ReportAsked{StudioID: w.studio, ReportID: reportID})
	w.must(w.jobs.OnReportAsked(ctx(), env))
	w.must(w.jobs.OnReportAsked(ctx(), env))
	r, err = w.web.Report(ctx(), w.studio, reportID)
	w.must(err)
	if r.State != analytics.Ready || r.Percent != 100 {
		t.Errorf("%+v", r)
	}
	days := strings.Split(strings.TrimSpace(w.file(r, analytics.DaysFile)), "\n")
	if len(days) != 8 || days[0] != "day,views,visitors,likes,new_followers" || days[7] != "2026-11-22,3,2,0,0" || days[1] != "2026-11-16,0,0,0,0" {
		t.Errorf("%q", days)
	}
	works := w.file(r, analytics.WorksFile)
	for _, want := range []string{`,"Low Water, <b>""early""</b>",1,1,0`, `,'=cmd|'/c calc'!A0,1,1,0`, `2026-11-22,,(page of the studio),1,1,0`} {
		if !strings.Contains(works, want) {
			t.Errorf("%s is not in\n%s", want, works)
		}
	}
	if got := w.file(r, analytics.SourcesFile); got != "day,source,views,visitors\n2026-11-22,(not told),3,2\n" {
		t.Errorf("%q", got)
	}
	p, err := w.web.Print(ctx(), r)
	w.must(err)
	if len(p.Days) != 7 || p.Days[6].Views != 3 || len(p.Works) != 3 || p.Zone != "Europe/Lisbon" {
		t.Errorf("%+v", p)
	}
	w.at.Advance(analytics.KeepReport + time.Second)
	if _, err := w.web.Report(ctx(), w.studio, reportID); !fault.Is(err, fault.NotFound) {
		t.Errorf("after its time: %v", err)
	}
	w.must(w.handle(w.WorkerURL).Transact(ctx(), func(tx db.Tx) error { _, err := w.jobs.Forget(ctx(), tx); return err }))
	if n := w.Count(t, "select (select count(*) from stat_reports) + (select count(*) from stat_report_parts)"); n != 0 {
		t.Errorf("%d rows are left", n)
	}
}

// TestReport_long: a year of a thousand works is made in parts, and says how far
// it is.
func TestReport_long(t *testing.T) {
	t.Parallel()
	w := newWorld(t, "UTC", noon)
	w.Exec(t, `insert into stat_works (studio_id, day, work_id, views, visitors, likes)
		select $1, date '2026-11-22' - d, gen_random_uuid(), 3, 2, 1 from generate_series(0, 364) d, generate_series(1, 40)`, w.studio)
	reportID, err := w.web.Ask(ctx(), w.owner, w.studio, analytics.Year, idem.NewKey())
	w.must(err)
	w.must(w.jobs.OnReportAsked(ctx(), w.envelope(analytics.ReportAsked{StudioID: w.studio, ReportID: reportID})))
	r, err := w.web.Report(ctx(), w.studio, reportID)
	w.must(err)
	if lines := strings.Count(w.file(r, analytics.WorksFile), "\n"); lines != 1+365*40 {
		t.Errorf("%d lines", lines)
	}
	if n := w.Count(t, "select count(*) from stat_report_parts where name = 'works.csv'"); n < 2 {
		t.Errorf("%d parts", n)
	}
	last, ok, err := w.web.LastReport(ctx(), w.studio)
	if err != nil || !ok || last.ID != reportID {
		t.Errorf("the last one is %+v, %v", last, err)
	}
}
