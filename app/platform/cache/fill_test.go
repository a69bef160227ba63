package cache_test

import (
	"context"
	"testing"
	"time"

	"github.com/prometheus/client_golang/prometheus"

	"vitrine/app/fault"
	"vitrine/app/platform/cache"
	"vitrine/app/platform/logtest"
	"vitrine/app/platform/redistest"
)

// counted is what a cache has counted of a kind of values.
func counted(t *testing.T, c *cache.Cache, name, kind string) (sum float64) {
	t.Helper()
	r := prometheus.NewRegistry()
	r.MustRegister(c)
	families, err := r.Gather()
	if err != nil {
		t.Fatal(err)
	}
	for _, f := range families {
		for _, m := range f.GetMetric() {
			for _, l := range m.GetLabel() {
				if f.GetName() == name && l.GetName() == "page" && l.GetValue() == kind {
					sum += m.GetCounter().GetValue()
				}
			}
		}
	}
	return sum
}

// A fill tells of what is kept and says something else than what is made: once for
// each, and not when the word of the change was only late, when only a counter has
// changed, when what is kept ends before it could be, or when the two say the same
// in other words.
func TestFill_compares(t *testing.T) {
	t.Parallel()
	for tries := 1; !compares(t); tries++ {
		if tries == 20 {
			t.Fatal("this machine is too busy for a word that is only a little late")
		}
	}
}

// compares tells whether the machine let all happen in the time that it may take:
// otherwise what is told is right, and proves nothing.
func compares(t *testing.T) (inTime bool) {
	t.Helper()
	const settle = 100 * time.Millisecond
	s := redistest.New(t)
	var said logtest.Log
	fill := process(t, s.URL, cache.Config{Kind: cache.KindFill, Settle: settle, Log: said.Logger()})
	ctx := cache.Of(t.Context(), "/one")
	var row truth
	load := func(context.Context) (cache.Made, error) {
		row.made.Add(1)
		m := made(row.value.Load())
		m.Subjects = append(m.Subjects, cache.Slack("likes:1"))
		m.Same = func(kept []byte) bool { return string(kept) == "the same" }
		return m, nil
	}
	look := func(key string, load cache.Make, want string) {
		t.Helper()
		if a, err := fill.Get(ctx, key, load); err == nil && (string(a.Body) != want || a.From != cache.Skipped) {
			t.Fatalf("%s: %q (%s), want %q", key, a.Body, a.From, want)
		}
	}
	kept := func(key string) string {
		t.Helper()
		body := s.Client().HGet(t.Context(), "cache:of:"+key, "body").Val()
		return body[min(4, len(body)):] // behind the checksum
	}
	look("k", load, "0")
	look("k", load, "0")

	row.value.Store(1) // and the word is late
	changed := time.Now()
	look("k", load, "1")
	if err := fill.Invalidate(t.Context(), subject); err != nil {
		t.Fatal(err)
	}
	if time.Since(changed) >= settle {
		return false
	}
	look("k", load, "1")
	row.value.Store(2) // a counter
	if err := fill.Invalidate(t.Context(), cache.Slack("likes:1")); err != nil {
		t.Fatal(err)
	}
	look("k", load, "2")
	if got := kept("k"); got != "2" {
		t.Fatalf("%q is kept", got)
	}

	patient := process(t, s.URL, cache.Config{Kind: cache.KindFill, Settle: time.Hour, Log: said.Logger()})
	row.value.Store(3)
	if a, err := patient.Get(ctx, "k", load); err != nil || string(a.Body) != "3" {
		t.Errorf("%q, %v", a.Body, err)
	}
	began := time.Now()
	redistest.Eventually(t, "a moment passes", func() bool { return time.Since(began) > 50*time.Millisecond })

	passing := func(ctx context.Context) (cache.Made, error) {
		m, err := load(ctx)
		m.Class = cache.Passing
		return m, err
	}
	began = time.Now()
	for row.value.Store(5); row.value.Load() < 8; row.value.Add(1) {
		look("passing", passing, string(made(row.value.Load()).Body))
	}
	if got := kept("passing"); time.Since(began) > time.Duration(cache.Passing)/2 { // it may have ended
		return false
	} else if got != "5" {
		t.Errorf("of what passes by itself, %q is kept", got)
	}

	for n, key := range []string{"a", "gone"} { // changes that tell nobody
		row.value.Store(10)
		look(key, load, "10")
		want := "11"
		row.value.Store(11)
		next := load
		if key == "gone" {
			next = func(context.Context) (cache.Made, error) { return cache.Made{}, fault.New(fault.NotFound, "") }
			want = ""
		}
		redistest.Eventually(t, "it is told", func() bool {
			look(key, next, want)
			return said.Count("key="+key+" ") > 0
		})
		redistest.Eventually(t, "what was kept goes", func() bool { return kept(key) != "10" })
		if got := counted(t, fill, "vitrine_cache_differing_total", "/one"); got != float64(n+1) {
			t.Errorf("%v are counted, want %d", got, n+1)
		}
	}
	if said.Count("page=/one") != 2 || said.Count("key=k ") > 0 {
		t.Errorf("it is told:\n%s", said.String())
	}
	return true
}
