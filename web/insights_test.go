package web_test

import (
	"context"
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

	"vitrine/app/analytics"
	"vitrine/app/platform/bus"
	"vitrine/app/platform/db"
	"vitrine/app/works"
)

// person is how a browser calls itself.
const person = "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0"

// counting runs the site's recorder until the test ends.
func (s *site) counting(t *testing.T) {
	t.Helper()
	must(t, s.Views.Prepare(t.Context()))
	ctx, cancel := context.WithCancel(context.Background())
	ended := make(chan struct{})
	go func() { defer close(ended); s.Views.Run(ctx) }()
	t.Cleanup(func() { cancel(); <-ended })
}

// statistics makes the statistics of what was looked at, as the jobs do.
func (s *site) statistics(t *testing.T) *analytics.Service {
	t.Helper()
	deadline := time.Now().Add(30 * time.Second)
	for s.Views.Counts().Waiting > 0 && time.Now().Before(deadline) {
		s.Await(t, "select true")
	}
	jobs := s.services(t, s.Worker, bus.NewOutbox(), s.server.Log()).Analytics
	must(t, jobs.AddUp(db.Guard(t.Context())))
	return jobs
}

// seen is what the page sends back.
func (v view) seen(t *testing.T) (beacon, pixel string) {
	t.Helper()
	beacon, _ = v.Find("body").Attr("data-seen")
	// What stands in a noscript is text to a parser that runs scripts.
	if _, after, found := strings.Cut(v.body, `<noscript><img class="hide" src="`); found {
		pixel, _, _ = strings.Cut(after, `"`)
	}
	return beacon, pixel
}

// TestViews_ofVisitors: the page of a work and that of a studio are counted when a
// browser tells it, by script or by picture, and not for robots, for pages fetched
// ahead, for other sites, and for the studio's members.
func TestViews_ofVisitors(t *testing.T) {
	t.Parallel()
	h := newHung(t)
	w := h.work(t, 1, works.Edit{Title: "Low Water"})
	h.counting(t)
	visitor := h.browser(t)
	visitor.header.Set("User-Agent", person)
	page := visitor.get(h.path(w))
	beacon, pixel := page.seen(t)
	if beacon == "" || pixel != beacon+".gif" || len(beacon) > 120 {
		t.Fatalf("the page sends %q and %q", beacon, pixel)
	}
	if again, _ := h.browser(t).get(h.path(w)).seen(t); again != beacon {
		t.Error("the page of two visitors differs, so no cache can keep it")
	}
	if b, _ := h.member.get(h.path(w)).seen(t); b != "" {
		t.Error("the studio's own members are counted")
	}
	count := func(want int, why string) {
		t.Helper()
		if got := int(h.Views.Counts().Taken); got != want {
			t.Errorf("%d views after %s, want %d", got, why, want)
		}
	}
	answer := visitor.post(beacon+"?from=www.are.na", nil)
	if answer.status != http.StatusNoContent || answer.header.Get("Cache-Control") != "no-store" || len(answer.cookies) > 0 {
		t.Errorf("the beacon is answered by %d %v", answer.status, answer.header)
	}
	count(1, "a beacon")
	picture := visitor.get(pixel)
	if picture.status != http.StatusOK || picture.header.Get("Content-Type") != "image/gif" || picture.header.Get("Cache-Control") != "no-store" || len(picture.body) != 43 {
		t.Errorf("the picture is %d %v, %d bytes", picture.status, picture.header, len(picture.body))
	}
	count(2, "a picture")
	visitor.do(http.MethodHead, pixel, "", nil)
	for _, header := range [][2]string{{"Sec-Purpose", "prefetch;prerender"}, {"Purpose", "prefetch"}, {"X-Moz", "prefetch"}, {"Sec-Fetch-Site", "cross-site"}, {"User-Agent", "Googlebot/2.1 (+http://www.google.com/bot.html)"}} {
		other := h.browser(t)
		other.header.Set("User-Agent", person)
		other.header.Set(header[0], header[1])
		if v := other.get(pixel); v.status != http.StatusOK {
			t.Errorf("%s: %d", header, v.status)
		}
		other.post(beacon, nil)
	}
	visitor.post(beacon[:len(beacon)-1], nil)
	visitor.post("/b/none", nil)
	count(2, "what counts for nothing")
	studio, _ := visitor.get("/@" + h.slug).seen(t)
	visitor.post(studio, nil)
	count(3, "the studio's page")
	h.statistics(t)
	v := h.member.get("/studio/" + h.slug + "/analytics?days=7")
	v.want(t, http.StatusOK, "Low Water")
	v.want(t, http.StatusOK, "are.na")
	v.want(t, http.StatusOK, "Directly, or not told")
	if got := v.Find(".stats .value").First().Text(); got != "3" {
		t.Errorf("the page says %s views:\n%s", got, v.text())
	}
	if v.Find("svg.chart[role=img][aria-label]").Length() < 4 || v.Find("svg [style], [style]").Length() > 0 {
		t.Error("charts without names, or with styles of their own")
	}
	if n, tables := v.Find("svg[role=img]").Length(), v.Find("details.as-table table, table.sources").Length(); tables < n {
		t.Errorf("%d charts, %d tables beside them", n, tables)
	}
	desk := h.member.get("/studio/" + h.slug)
	desk.want(t, http.StatusOK, "All statistics")
}

// TestViews_limited: beacons have turns of their own, and who has none left still
// reads pages.
func TestViews_limited(t *testing.T) {
	t.Parallel()
	h := newHung(t)
	w := h.work(t, 1, works.Edit{Title: "Low Water"})
	beacon, _ := h.browser(t).get(h.path(w)).seen(t)
	if beacon == "" {
		t.Fatal("the page sends nothing")
	}
	if v := h.browser(t).post(beacon, url.Values{}); v.status != http.StatusNoContent {
		t.Errorf("without a recorder that runs: %d", v.status)
	}
}

// TestReport_pages walks a report from the form to its files.
func TestReport_pages(t *testing.T) {
	t.Parallel()
	h := newHung(t)
	w := h.work(t, 1, works.Edit{Title: "<b>Low</b> Water"})
	h.counting(t)
	visitor := h.browser(t)
	visitor.header.Set("User-Agent", person)
	beacon, _ := visitor.get(h.path(w)).seen(t)
	visitor.post(beacon, nil)
	jobs := h.statistics(t)
	at := "/studio/" + h.slug + "/analytics"
	form := h.member.get(at+"?days=90").fill(t, at+"/reports", nil)
	if form.Get("days") != "90" {
		t.Errorf("the form asks for %s days", form.Get("days"))
	}
	asked := h.member.post(at+"/reports", form)
	if asked.status != http.StatusSeeOther || !strings.HasPrefix(asked.location, at+"/reports/") {
		t.Fatalf("%d %s", asked.status, asked.location)
	}
	h.member.post(at+"/reports", form).leads(t, asked.location) // sent twice
	form.Set("idempotency_key", "another-key-for-the-same-form")
	h.member.post(at+"/reports", form).want(t, http.StatusConflict, "A report is being made already")
	h.member.get(asked.location).want(t, http.StatusOK, "The report is being made")
	h.member.header.Set("HX-Request", "true")
	part := h.member.get(asked.location)
	if part.Find("header, footer").Length() > 0 || part.Find("#report[hx-get='"+asked.location+"']").Length() != 1 {
		t.Errorf("htmx gets %s", part.body)
	}
	for _, env := range h.happened(t) {
		if env.Name == (analytics.ReportAsked{}).EventName() {
			must(t, jobs.OnReportAsked(db.Guard(t.Context()), env))
		}
	}
	if part = h.member.get(asked.location); part.Find("#report[hx-get]").Length() != 0 || part.Find("#report a[download]").Length() != 3 {
		t.Errorf("htmx gets %s", part.body)
	}
	h.member.header.Del("HX-Request")
	whole := h.member.get(asked.location)
	whole.want(t, http.StatusOK, "Kept until")
	for _, name := range []string{"days", "works", "sources"} {
		file := h.member.get(asked.location + "/" + name + ".csv")
		if file.status != http.StatusOK || file.header.Get("Content-Type") != "text/csv; charset=utf-8" || !strings.Contains(file.header.Get("Content-Disposition"), name+".csv") || !strings.HasPrefix(file.body, "day,") {
			t.Errorf("%s: %d %v %.80s", name, file.status, file.header, file.body)
		}
	}
	paper := h.member.get(asked.location + "/print")
	paper.want(t, http.StatusOK, "<b>Low</b> Water")
	paper.want(t, http.StatusOK, "days of UTC")
	h.member.get(asked.location+"/page.json").want(t, http.StatusNotFound, "")
	stranger := h.site.member(t, "Stranger", "stranger@harbour.example")
	for _, path := range []string{asked.location, asked.location + "/days.csv", asked.location + "/print"} {
		if v := stranger.get(path); v.status != http.StatusNotFound {
			t.Errorf("a stranger gets %d for %s", v.status, path)
		}
	}
	h.Exec(t, "update stat_reports set expires_at = now()")
	for _, path := range []string{asked.location, asked.location + "/days.csv", asked.location + "/print"} {
		if v := h.member.get(path); v.status != http.StatusNotFound {
			t.Errorf("after its time %s is %d", path, v.status)
		}
	}
}

// TestSettings_timeZone: the zone is chosen by its name, and nothing else passes.
func TestSettings_timeZone(t *testing.T) {
	t.Parallel()
	h := newHung(t)
	at := "/studio/" + h.slug + "/settings"
	form := func(zone string) url.Values {
		return h.member.get(at).fill(t, at, map[string]string{"time_zone": zone})
	}
	if f := form(""); h.member.get(at).Find("#time_zone").AttrOr("value", "") != "UTC" || f == nil {
		t.Error("a new studio has another zone than UTC")
	}
	h.member.post(at, form("Mars/Olympus")).want(t, http.StatusUnprocessableEntity, "No time zone has this name")
	h.member.post(at, form("europe/lisbon")).leads(t, at)
	if got := h.member.get(at).Find("#time_zone").AttrOr("value", ""); got != "Europe/Lisbon" {
		t.Errorf("the zone is %s", got)
	}
	h.member.get("/studio/"+h.slug+"/analytics").want(t, http.StatusOK, "Days are those of Europe/Lisbon")
	h.member.get("/studio/"+h.slug+"/analytics").want(t, http.StatusOK, "Nobody has looked yet")
}
