package analytics_test

import (
	"context"
	"log/slog"
	"net/netip"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/uuid"

	"vitrine/app/analytics"
	"vitrine/app/platform/db"
	"vitrine/app/platform/id"
)

var noon = time.Date(2026, 11, 22, 12, 0, 0, 0, time.UTC)

func TestTake(t *testing.T) {
	t.Parallel()
	w := newWorld(t, "Europe/Lisbon", noon)
	work := w.work("Low Water")
	stamp := w.stamp(w.studio, work)
	w.await("the first view", func() bool { return w.views.Take(stamp, visit(1)) })
	other := analytics.NewRecorder(analytics.RecorderConfig{DB: w.App, Secret: strings.Repeat("x", 40)})
	for why, c := range map[string]struct {
		stamp string
		visit analytics.Visit
	}{
		"a robot":                   {stamp, analytics.Visit{Address: visit(2).Address, Agent: "Mozilla/5.0 (compatible; Googlebot/2.1; +http://www.google.com/bot.html)"}},
		"somebody without a name":   {stamp, analytics.Visit{Address: visit(2).Address}},
		"a page fetched ahead":      {stamp, analytics.Visit{Address: visit(2).Address, Agent: firefox, Ahead: true}},
		"no stamp":                  {"", visit(2)},
		"a stamp that was cut":      {stamp[:len(stamp)-2], visit(2)},
		"a changed stamp":           {"B" + stamp[1:], visit(2)},
		"a very long stamp":         {strings.Repeat("A", 10_000), visit(2)},
		"a stamp of another secret": {other.Stamp(analytics.Subject{StudioID: w.studio}), visit(2)},
	} {
		if w.views.Take(c.stamp, c.visit) {
			t.Errorf("%s was counted", why)
		}
	}
	w.settle()
	if n := w.Count(t, "select count(*) from view_events"); n != 1 {
		t.Errorf("%d views", n)
	}
	if c := w.views.Counts(); c.Taken != 1 || c.Written != 1 || c.Dropped != 0 {
		t.Errorf("%+v", c)
	}
}

// TestTake_whoIsWho: within a studio and a day the same visitor has one hash, and
// otherwise nobody can tell; nothing else of them is kept.
func TestTake_whoIsWho(t *testing.T) {
	t.Parallel()
	w := newWorld(t, "UTC", noon)
	other := w.found("other-studio", "UTC")
	at := func(a string) analytics.Visit {
		return analytics.Visit{Address: netip.MustParseAddr(a), Agent: firefox}
	}
	take := func(studio uuid.UUID, v analytics.Visit) string {
		t.Helper()
		w.await("a view that is taken", func() bool { return w.views.Take(w.stamp(studio, uuid.Nil), v) })
		w.settle()
		return w.table("select visitor from view_events order by at desc, id desc limit 1")[0]
	}
	first := take(w.studio, at("203.0.113.7"))
	chrome := at("203.0.113.7")
	chrome.Agent = "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/140.0.0.0 Safari/537.36"
	for _, c := range []struct {
		why  string
		hash string
		same bool
	}{
		{"the same visitor", take(w.studio, at("203.0.113.7")), true},
		{"the same network", take(w.studio, at("203.0.113.99")), true},
		{"the same address in IPv6's clothes", take(w.studio, at("::ffff:203.0.113.7")), true},
		{"another network", take(w.studio, at("203.0.114.7")), false},
		{"another browser", take(w.studio, chrome), false},
		{"another studio", take(other, at("203.0.113.7")), false},
		{"no address at all", take(w.studio, analytics.Visit{Agent: firefox}), false},
	} {
		if (c.hash == first) != c.same {
			t.Errorf("%s has the hash %s, the first visitor %s", c.why, c.hash, first)
		}
	}
	w.at.Advance(24 * time.Hour)
	if next := take(w.studio, at("203.0.113.7")); next == first {
		t.Error("the same visitor has the same hash on the next day")
	}
	for _, row := range w.table("select v::text from view_events v") {
		if strings.Contains(row, "203.0") || strings.Contains(row, "Firefox") {
			t.Errorf("a view says who looked: %s", row)
		}
	}
}

// TestSalts: one for each date that some clock shows, the same for all processes,
// and gone once its date is over everywhere.
func TestSalts(t *testing.T) {
	t.Parallel()
	w := newWorld(t, "UTC", noon)
	want := []string{"2026-11-22 00:00 | 2026-11-23 12:00", "2026-11-23 00:00 | 2026-11-24 12:00"}
	if got := w.table("select day, expires_at from view_salts order by day"); !slices.Equal(got, want) {
		t.Errorf("the salts are %q", got)
	}
	before := w.table("select encode(salt, 'hex') from view_salts order by day")
	w.record(analytics.RecorderConfig{})
	if got := w.table("select encode(salt, 'hex') from view_salts order by day"); !slices.Equal(got, before) {
		t.Error("a second process made other salts")
	}
	w.stop() // it might be about to make those of the day before once more
	w.at.Advance(24 * time.Hour)
	w.must(w.handle(w.WorkerURL).Transact(ctx(), func(tx db.Tx) error {
		_, err := w.jobs.Forget(ctx(), tx)
		return err
	}))
	if n := w.Count(t, "select count(*) from view_salts where day <= '2026-11-22'"); n != 0 {
		t.Errorf("%d salts of days that are over are left", n)
	}
	w.record(analytics.RecorderConfig{})
	w.look("2026-11-23T12:00:05Z", uuid.Nil, visit(1))
}

// TestPrepare: the first view is taken, though nothing has run yet.
func TestPrepare(t *testing.T) {
	t.Parallel()
	w := newWorld(t, "UTC", noon)
	r := analytics.NewRecorder(analytics.RecorderConfig{DB: w.handle(w.AppURL), Secret: secret, Clock: w.at.Now})
	stamp := w.stamp(w.studio, uuid.Nil)
	if r.Take(stamp, visit(0)) {
		t.Error("a view is taken without a salt")
	}
	w.must(r.Prepare(ctx()))
	if !r.Take(stamp, visit(0)) {
		t.Error("the first view after it is not taken")
	}
}

// TestTake_bounded: what finds no room is dropped and counted, and the memory
// stays what it was.
func TestTake_bounded(t *testing.T) {
	t.Parallel()
	w := newWorld(t, "UTC", noon)
	r := analytics.NewRecorder(analytics.RecorderConfig{DB: w.handle(w.AppURL), Secret: secret, Clock: w.at.Now, Capacity: 100, Every: time.Hour, Log: slog.New(slog.DiscardHandler)})
	w.must(r.Prepare(ctx()))
	stamp := w.stamp(w.studio, uuid.Nil)
	for n := range 201 { // while nobody writes, who would make room
		r.Take(stamp, visit(n))
	}
	if c := r.Counts(); c.Taken != 100 || c.Dropped != 101 || c.Waiting != 100 {
		t.Errorf("%+v", c)
	}
	ended, end := context.WithCancel(ctx())
	end()
	r.Run(ended) // writes what is left
	if n := w.Count(t, "select count(*) from view_events"); n != 100 {
		t.Errorf("%d views were written at the end", n)
	}
}

// TestRun_databaseAway: views wait for a database that is away, and are written
// once when it is back, whatever became of the attempt before.
func TestRun_databaseAway(t *testing.T) {
	t.Parallel()
	w := newWorld(t, "UTC", noon)
	w.look("2026-11-22T12:00:01Z", uuid.Nil, visit(1))
	w.Exec(t, "alter table view_events rename to view_events_away")
	stamp := w.stamp(w.studio, uuid.Nil)
	for n := range 20 {
		if !w.views.Take(stamp, visit(n)) {
			t.Fatal("a view was not taken")
		}
	}
	w.await("a failure", func() bool { return w.views.Counts().Waiting == 20 })
	w.Exec(t, "alter table view_events_away rename to view_events")
	w.settle()
	if n := w.Count(t, "select count(*) from view_events"); n != 21 {
		t.Errorf("%d views", n)
	}
	if n := w.Count(t, "select count(*) from stat_marks"); n < 2 {
		t.Errorf("%d marks", n)
	}
}

// TestTake_aCrowd: many at once lose nothing and take many rows in few writes.
func TestTake_aCrowd(t *testing.T) {
	t.Parallel()
	w := newWorld(t, "UTC", noon)
	work := w.work("Low Water")
	stamp := w.stamp(w.studio, work)
	w.await("the salts", func() bool { return w.views.Take(stamp, visit(0)) })
	done := make(chan struct{})
	for n := range 8 {
		go func() {
			for i := range 1500 {
				w.views.Take(stamp, visit(n*8+i%8))
			}
			done <- struct{}{}
		}()
	}
	for range 8 {
		<-done
	}
	w.settle()
	if c := w.views.Counts(); c.Taken != 12_001 || c.Dropped != w.views.Counts().Dropped || c.Written != 12_001 {
		t.Errorf("%+v", c)
	}
	if n := w.Count(t, "select count(*) from view_events where work_id = $1", work); n != 12_001 {
		t.Errorf("%d views", n)
	}
}

// TestGrants: the app's role writes views and reads none.
func TestGrants(t *testing.T) {
	t.Parallel()
	w := newWorld(t, "UTC", noon)
	for _, query := range []string{"select 1 from view_events", "delete from view_events", "update view_events set visitor = 1", "select 1 from stat_marks", "select 1 from stat_acts", "delete from view_salts"} {
		if _, err := w.App.Pool().ExecContext(t.Context(), query); err == nil || !strings.Contains(err.Error(), "permission denied") {
			t.Errorf("%s: %v", query, err)
		}
	}
}

func TestRobot(t *testing.T) {
	t.Parallel()
	for _, agent := range []string{
		"", "x", "curl/8.5.0 (a long enough text)", "Mozilla/5.0 (compatible; bingbot/2.0; +http://www.bing.com/bingbot.htm)", "facebookexternalhit/1.1 (+http://www.facebook.com/externalhit_uatext.php)",
		"Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) HeadlessChrome/140.0.0.0 Safari/537.36", "Mastodon/4.3.0 (http.rb/5.2.0; +https://mastodon.social/) Bot",
		"python-requests/2.32.3 and more", "Slackbot-LinkExpanding 1.0 (+https://api.slack.com/robots)", "NetNewsWire (RSS Reader; https://netnewswire.com/)", strings.Repeat("Mozilla", 200),
	} {
		if !analytics.Robot(agent) {
			t.Errorf("%q passes for a person", agent)
		}
	}
	for _, agent := range []string{
		firefox, "Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/18.0 Safari/605.1.15",
		"Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/18.0 Mobile/15E148 Safari/604.1",
		"Mozilla/5.0 (Linux; Android 15) AppleWebKit/537.36 (KHTML, like Gecko) SamsungBrowser/27.0 Chrome/125.0.0.0 Mobile Safari/537.36",
		"Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/140.0.0.0 Safari/537.36 Edg/140.0.0.0", "Lynx/2.9.0dev.12 libwww-FM/2.14FM SSL-MM/1.4.1",
	} {
		if analytics.Robot(agent) {
			t.Errorf("%q passes for a robot", agent)
		}
	}
}

func TestSource(t *testing.T) {
	t.Parallel()
	for from, want := range map[string]string{
		"": "", "are.na": "are.na", "WWW.Are.Na": "are.na", "are.na:443": "are.na", "are.na.": "are.na", "localhost:8080": "localhost", "xn--bcher-kva.example": "xn--bcher-kva.example",
		"192.0.2.1": "", "[2001:db8::1]:80": "", "a b": "", "<script>": "", "a..b": "", strings.Repeat("a", 101): "", "bücher.example": "",
	} {
		if got := analytics.Source(from); got != want {
			t.Errorf("Source(%q) is %q, want %q", from, got, want)
		}
	}
}

func BenchmarkTake(b *testing.B) {
	r := analytics.NewRecorder(analytics.RecorderConfig{Secret: secret})
	stamp := r.Stamp(analytics.Subject{StudioID: id.New(), WorkID: id.New(), Zone: "Europe/Lisbon"})
	v := visit(1)
	b.ReportAllocs()
	for b.Loop() {
		r.Take(stamp, v)
	}
}
