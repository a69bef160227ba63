package e2e

import (
	"fmt"
	"net/http"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"

	"vitrine/app/platform/dbtest"
	"vitrine/e2e/browser"
	"vitrine/e2e/rig"
)

// somebody is how a person's browser calls itself.
const somebody = "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0"

// look has somebody look at a page as often as that, many at once, and tells how
// often they were answered.
func lookAt(t *testing.T, site *rig.Site, beacon string, times int) (answered int) {
	t.Helper()
	var all sync.WaitGroup
	var mu sync.Mutex
	for n := range 8 {
		visitor := site.Visit()
		all.Go(func() {
			for i := n; i < times; i += 8 {
				p := visitor.Send(http.MethodPost, beacon, http.Header{"User-Agent": {somebody}}, nil)
				mu.Lock()
				if p.Status == http.StatusNoContent {
					answered++
				}
				mu.Unlock()
			}
		})
	}
	all.Wait()
	return answered
}

// TestViews_endOfAProcess: a process that is told to end loses no view that it
// answered for; one that is killed loses at most what it had not written yet, and
// counts nothing twice when it is back.
func TestViews_endOfAProcess(t *testing.T) {
	t.Parallel()
	d := dbtest.NewEmpty(t)
	site := rig.New(t, "DEMO=off", "DATABASE_URL="+d.OwnerURL, "SECRET="+dbtest.Secret).Start()
	site.Visit().SetUp("owner@studio.example", password, "Harbour & Field")
	d.Await(t, "select count(*) >= 2 from view_salts")
	beacon := site.Visit().Get("/@harbour-field").Find("body").AttrOr("data-seen", "")
	if beacon == "" {
		t.Fatal("the page sends nothing")
	}
	count := func() int { t.Helper(); return d.Count(t, "select count(*) from view_events") }

	told := lookAt(t, site, beacon, 400)
	if status := site.Stop(); status != 0 {
		t.Fatalf("it ended with %d:\n%s", status, site.Log())
	}
	if n := count(); n != told || told != 400 {
		t.Errorf("%d views are written after SIGTERM, %d were answered", n, told)
	}

	site.Start()
	before := lookAt(t, site, beacon, 100)
	d.Await(t, fmt.Sprintf("select count(*) = %d from view_events", told+before))
	last := lookAt(t, site, beacon, 100)
	site.Kill()
	// What the dead process had sent to PostgreSQL may yet be written.
	d.Await(t, "select not exists (select from pg_stat_activity where datname = current_database() and usename <> current_user)")
	n := count()
	if n < told+before || n > told+before+last {
		t.Errorf("%d views are written after SIGKILL; %d were written before, and %d came last", n, told+before, last)
	}
	t.Logf("of %d views that were answered right before SIGKILL, %d were lost", last, told+before+last-n)
	site.Start()
	lookAt(t, site, beacon, 10)
	d.Await(t, fmt.Sprintf("select count(*) = %d from view_events", n+10))
}

// TestViews_inBrowsers: a view is counted once by a script, and by a picture where
// scripts are off; of where somebody came from the host alone is told. Then the
// pages of statistics are looked at.
func TestViews_inBrowsers(t *testing.T) {
	if testing.Short() {
		t.Skip("A browser looks at the pages of statistics; run without -short.")
	}
	t.Parallel()
	d := dbtest.NewEmpty(t)
	site := rig.New(t, "DEMO=off", "DATABASE_URL="+d.OwnerURL, "SECRET="+dbtest.Secret).Start()
	owner := site.Visit()
	owner.SetUp("owner@studio.example", password, "Harbour & Field")
	d.Await(t, "select count(*) >= 2 from view_salts")

	scripts := browser.Open(t, browser.Options{Agent: somebody})
	elsewhere := strings.Replace(site.URL, "127.0.0.1", "localhost", 1)
	scripts.Go(elsewhere + "/explore?secret=1")
	browser.Eval[bool](scripts, `(location.href = "`+site.URL+`/@harbour-field", true)`)
	d.Await(t, "select count(*) = 1 from view_events")
	if n := d.Count(t, "select count(*) from view_events where source = 'localhost'"); n != 1 {
		t.Error("where they came from is not told, or more than the host")
	}
	plain := browser.Open(t, browser.Options{Agent: somebody, NoScripts: true})
	plain.Go(site.URL + "/@harbour-field")
	d.Await(t, "select count(*) = 2 from view_events")
	robot := browser.Open(t, browser.Options{}) // says that it has no window
	robot.Go(site.URL + "/@harbour-field")
	scripts.Go(site.URL + "/login")
	scripts.Fill("#email", "owner@studio.example")
	scripts.Fill("#password", password)
	scripts.Press("main form button")
	scripts.Go(site.URL + "/@harbour-field") // the owner's own view
	plain.Go(site.URL + "/@harbour-field")
	d.Await(t, "select count(*) = 3 from view_events")
	if n := d.Count(t, "select count(distinct visitor) from view_events"); n != 1 {
		t.Errorf("%d visitors, though one browser calls itself so at one address", n)
	}
	seeInsights(t, d, site, owner, scripts)
}

// seeInsights looks at every page of statistics, with two years of them.
func seeInsights(t *testing.T, d *dbtest.Database, site *rig.Site, owner *rig.Member, tab *browser.Tab) {
	t.Helper()
	axe, err := os.ReadFile(filepath.Join(rig.Root(), "web", "testdata", "axe.min.js"))
	if err != nil {
		t.Fatal(err)
	}
	e := eye{axe: string(axe), bars: deskBars, member: owner, tab: tab, site: site}
	const at = "/studio/harbour-field/analytics"
	e.see(t, look{name: "no statistics", path: at})
	// What was seen above may have been summed up meanwhile.
	d.Exec(t, `insert into stat_days (studio_id, day, views, visitors, likes, follows)
		select s.id, current_date - n, (60 + 40 * sin(n / 5.0) + 800 / (n + 4))::int, (40 + 20 * sin(n / 5.0))::int, n % 7, n % 3 - 1 from studios s, generate_series(0, 730) n on conflict do nothing`)
	d.Exec(t, `insert into stat_works (studio_id, day, work_id, views, visitors, likes)
		select s.id, current_date - n, w, 1 + n % 9, 1 + n % 5, n % 2 from studios s, generate_series(0, 60) n, (values ('00000000-0000-0000-0000-000000000000'::uuid), (gen_random_uuid())) x (w) on conflict do nothing`)
	d.Exec(t, `insert into stat_sources (studio_id, day, source, views, visitors)
		select s.id, current_date - n, x.source, x.views, 3 from studios s, generate_series(0, 60) n,
			(values ('', 20), ('duckduckgo.com', 8), ('a-host-with-a-very-long-name-that-does-not-end.on-the-first.line.example', 4), ('127.0.0.1', 2), ('*', 1)) x (source, views) on conflict do nothing`)
	d.Exec(t, `insert into stat_hours (studio_id, hour, views, visitors)
		select s.id, date_trunc('hour', now()) - make_interval(hours => n), 3 + n % 17, 2 from studios s, generate_series(0, 600) n on conflict do nothing`)
	open := `document.querySelectorAll("main details").forEach((d) => { d.open = true })`
	e.see(t, look{name: "statistics", path: at})
	e.see(t, look{name: "statistics as tables", path: at + "?days=7", script: open})
	e.see(t, look{name: "a year of statistics", path: at + "?days=365"})
	e.see(t, look{name: "the dashboard with statistics", path: "/studio/harbour-field"})
	asked := owner.Submit(owner.Get(at+"?days=90"), `form[action$="/reports"]`, url.Values{})
	done := owner.Await(asked.Path, "the report", func(p *rig.Page) bool { return p.Find(`a[href$="/print"]`).Length() == 1 })
	e.see(t, look{name: "a report", path: done.Path})
	e.see(t, look{name: "a report on paper", path: done.Path + "/print"})
	d.Exec(t, "update stat_reports set state = 'working', ready_at = null, percent = 40")
	e.see(t, look{name: "a report that is being made", path: done.Path})
	d.Exec(t, "update stat_reports set state = 'ready', ready_at = now(), percent = 100")
	tab.Eventually("the report to come by itself", `document.querySelectorAll("#report a[download]").length === 3`)
}
