package e2e

import (
	"maps"
	"net/http"
	"slices"
	"strings"
	"syscall"
	"testing"
	"time"

	"vitrine/app/platform/mediatool/mediatest"
	"vitrine/e2e/rig"
)

// outage is something that breaks in a running topology, and the alerts that it
// is for.
type outage struct {
	name  string
	fires []string
	harm  func(t *testing.T)
	mend  func(t *testing.T)
	// meanwhile is done again and again until the alerts fire, and then until they
	// do not; nil is nothing.
	meanwhile func(t *testing.T)
}

// passing are alerts that may fire beside others: those of the objectives look
// back on everything that has gone wrong, and a machine may be slow.
var passing = []string{"ObjectiveBurnsFast", "ObjectiveBurnsSlowly"}

// lasting is how long any other alert may: ten minutes of the rules. A part that
// was slow to answer once makes one fire for two or three seconds.
const lasting = 10 * time.Second

// Every alert fires in a running topology when the part is broken that it is for,
// nothing else fires beside it, and it ends when the part is mended. The rules are
// the real ones, asked by a real Prometheus in quick motion.
func TestAlerts(t *testing.T) {
	t.Parallel()
	var disk syscall.Statfs_t
	if err := syscall.Statfs(t.TempDir(), &disk); err != nil {
		t.Fatal(err)
	}
	if free := float64(disk.Bavail) / float64(disk.Blocks); free < 0.15 {
		t.Skipf("The disk that tests write to has %.0f %% left. At 10 an alert is right to fire, which is what this test takes for a fault: make room.", 100*free)
	}
	h := newAlarmed(t)
	var tried []string
	for _, wave := range [][]outage{
		{h.everyConnectionWaits()},
		{h.noDatabase()},
		{h.noMail(t), h.unreadable(), h.fullDisk(t), h.noStore()},
		{h.noRedis()},
		{h.noWorker(), h.waitsForMigration(), h.emptiedRedis()},
	} {
		var names []string
		for _, o := range wave {
			names = append(names, o.name)
			tried = append(tried, o.fires...)
		}
		if !t.Run(strings.Join(names, ", "), func(t *testing.T) { h.tryAll(t, wave) }) {
			return
		}
	}
	if h.noDisk != nil {
		tried = append(tried, "DiskNearlyFull") // see fullDisk
	}
	rules := h.watcher.rules(t)
	slices.Sort(rules)
	slices.Sort(tried)
	if !slices.Equal(rules, slices.Compact(tried)) {
		t.Errorf("there are the alerts %v, and faults for %v", rules, tried)
	}
	t.Run("dashboards", func(t *testing.T) {
		// The worker has begun anew, and shows what it has done since.
		h.signUp(t)
		upload(h.owner, "field.jpg", mediatest.JPEG(t, 700, 500))
		h.watcher.drawn(t, h.Topology)
	})
	h.Eventually(t, "every alert to end, but for what looks back on hours", func() bool {
		left := h.watcher.firing(t)
		delete(left, "ObjectiveBurnsSlowly")
		if left["ObjectiveBurnsFast"].Labels["objective"] != "failures" { // how slow pages are may be the machine's doing
			delete(left, "ObjectiveBurnsFast")
		}
		return len(left) == 0
	})
}

// tryAll breaks several parts that have nothing to do with each other, waits for
// their alerts, and mends them.
func (h *alarmed) tryAll(t *testing.T, wave []outage) {
	before := h.watcher.firing(t)
	var wanted []string
	for _, o := range wave {
		wanted = append(wanted, o.fires...)
		o.harm(t)
	}
	began := time.Now()
	seen := map[string]alert{}
	t.Cleanup(func() {
		for _, name := range wanted {
			if _, fired := seen[name]; !fired {
				t.Errorf("%s did not fire", name)
			}
		}
	})
	strange := map[string]time.Time{} // since when
	h.turn(t, wave, "the alerts "+strings.Join(wanted, ", "), func() bool {
		firing := h.watcher.firing(t)
		maps.DeleteFunc(strange, func(name string, _ time.Time) bool { _, fires := firing[name]; return !fires })
		for name, a := range firing {
			if _, old := before[name]; old || slices.Contains(wanted, name) || slices.Contains(passing, name) {
				seen[name] = a
			} else if since, known := strange[name]; !known {
				strange[name] = time.Now()
			} else if time.Since(since) > lasting {
				t.Fatalf("%s fires, too: %s", name, a.Annotations["summary"])
			}
		}
		return len(strange) == 0 && !slices.ContainsFunc(wanted, func(name string) bool { _, fires := seen[name]; return !fires })
	})
	t.Logf("%d alerts after %.1f s", len(wanted), time.Since(began).Seconds())
	for _, name := range slices.Sorted(maps.Keys(seen)) {
		a := seen[name]
		if slices.Contains(wanted, name) {
			t.Logf("%s: %s", name, a.Annotations["summary"])
		}
		if strings.Contains(a.Annotations["summary"], "error") || strings.Contains(a.Annotations["summary"], "no value") {
			t.Errorf("%s cannot say what it means: %s", name, a.Annotations["summary"])
		}
	}
	for _, o := range wave {
		o.mend(t)
	}
	// What looks back on a quarter of an hour and more may end during what is tried next.
	h.turn(t, wave, "alerts to end", func() bool {
		for name := range h.watcher.firing(t) {
			if slices.Contains(wanted, name) && !slices.Contains(passing, name) && !slices.Contains([]string{"RequestsTurnedAway", "CacheHitShareFell"}, name) {
				return false
			}
		}
		return true
	})
	t.Logf("over after %.1f s", time.Since(began).Seconds())
}

// turn waits for a condition while the wave's own acts go on.
func (h *alarmed) turn(t *testing.T, wave []outage, what string, ok func() bool) {
	t.Helper()
	next := time.Now()
	h.Eventually(t, what, func() bool {
		if now := time.Now(); !now.Before(next) {
			next = now.Add(time.Second)
			for _, o := range wave {
				if o.meanwhile != nil {
					o.meanwhile(t)
				}
			}
		}
		return ok()
	})
}

// traffic asks for pages of all kinds until the test ends: kept ones, made ones,
// those of a member.
func (h *alarmed) traffic(t *testing.T, work string, cookies []*http.Cookie) {
	t.Helper()
	asks := []struct {
		path    string
		cookies []*http.Cookie
	}{{"/explore", nil}, {work, nil}, {"/me/sessions", cookies}}
	ctx := t.Context()
	for _, s := range h.Web() {
		for _, a := range asks {
			h.visitors.Go(func() {
				tick := time.NewTicker(100 * time.Millisecond)
				defer tick.Stop()
				for {
					select {
					case <-ctx.Done():
						return
					case <-h.closed:
						return
					case <-tick.C:
						// What it answers is for Prometheus to judge.
						_, _, _ = h.ask(ctx, s, http.MethodGet, a.path, a.cookies)
					}
				}
			})
		}
	}
}

// site is the house as people see it.
func (h *alarmed) site(t *testing.T) *rig.Site { return h.Site(t) }
