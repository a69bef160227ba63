package main

import (
	"fmt"
	"os"
	"os/exec"
	"runtime"
	"slices"
	"strings"
	"time"
)

// report is all that a run has measured.
type report struct {
	conf    config
	began   time.Time
	idle    int64 // bytes resident after the start
	pages   []compared
	mix     mixture
	samples []sample // of a soak
	soaked  *tallies
	broken  []broken
	uploads atOnce
	lost    missing
	text    strings.Builder
}

func (r *report) line(format string, args ...any) { fmt.Fprintf(&r.text, format+"\n", args...) }

// write puts the report where it was asked for.
func (r *report) write() error {
	r.head()
	r.comparison()
	r.mixed()
	if r.soaked != nil {
		r.soak()
	}
	if r.broken != nil {
		r.breakages()
	}
	r.storage()
	if r.conf.out == "" {
		_, err := os.Stdout.WriteString(r.text.String())
		return err
	}
	say("The report is in %s.", r.conf.out)
	return os.WriteFile(r.conf.out, []byte(r.text.String()), 0o644) //nolint:gosec // a document
}

func (r *report) head() {
	commit, _ := exec.Command("git", "rev-parse", "--short", "HEAD").Output()
	load, _ := os.ReadFile("/proc/loadavg")
	r.line("# Tier %s: what it carries", r.conf.tier)
	r.line("`go run ./bench/load %s`, commit %s, %s, %s to %s.", strings.Join(os.Args[1:], " "), strings.TrimSpace(string(commit)),
		r.began.Format("2006-01-02"), r.began.Format("15:04"), time.Now().Format("15:04"))
	cpus := "shares all processors with the generator"
	if r.conf.serverCPUs != "" {
		cpus = "has processor " + r.conf.serverCPUs + " of them with PostgreSQL, the generator the rest"
	}
	r.line("Machine: %s, %d processors, %s; the product %s. Load average at the end: %s.", machine(), runtime.NumCPU(), runtime.Version(), cpus, strings.TrimSpace(string(load)))
	r.line("%d published works, %d members, %d of them signed in. Every page is asked for with gzip, unpacked and checked.\n", r.conf.works, r.conf.members, signedIn)
}

func machine() string {
	raw, _ := os.ReadFile("/proc/cpuinfo")
	for line := range strings.Lines(string(raw)) {
		if rest, ok := strings.CutPrefix(line, "model name"); ok {
			return strings.TrimSpace(strings.TrimLeft(rest, " \t:"))
		}
	}
	return runtime.GOARCH
}

// comparison is the table of single pages, each against the floor of its own
// round.
func (r *report) comparison() {
	r.line("## Pages alone, %d clients, %d rounds of %s", clients, r.conf.rounds, r.conf.slice)
	r.line("| page | requests/s (spread) | of the floor | CPU ms vitrine | CPU ms PostgreSQL | queries | failed |")
	r.line("|---|---|---|---|---|---|---|")
	floor := slices.IndexFunc(r.pages, func(c compared) bool { return c.name == "floor" })
	for _, c := range r.pages {
		rate, least, most := c.median(func(f figure) float64 { return f.rate })
		own, _, _ := c.median(func(f figure) float64 { return f.vitrine })
		pg, _, _ := c.median(func(f figure) float64 { return f.postgres })
		ratios := make([]float64, len(c.rounds))
		for i := range c.rounds {
			ratios[i] = c.rounds[i].rate / r.pages[floor].rounds[i].rate
		}
		slices.Sort(ratios)
		queries := "-"
		if c.queries >= 0 {
			queries = fmt.Sprintf("%.2f", c.queries)
		}
		r.line("| %s | %.0f (%.0f to %.0f) | %.2f | %.2f | %.2f | %s | %d |", c.name, rate, least, most, ratios[len(ratios)/2], own, pg, queries, c.failed)
	}
	for _, c := range r.pages {
		for why, n := range c.why {
			r.line("\n%s failed %d times: %s", c.name, n, why)
		}
	}
	r.line("")
}

// mixed is the table of the open loop.
func (r *report) mixed() {
	m := r.mix
	sum := m.kinds.all()
	r.line("## The mix at %.0f %% of its ceiling", r.conf.share*100)
	ceilings := make([]string, len(m.ceilings))
	for i, c := range m.ceilings {
		ceilings[i] = fmt.Sprintf("%.0f", c)
	}
	r.line("Ceilings: %s visits/s. Open loop at %.0f/s for %s after %s.\n", strings.Join(ceilings, ", "), m.rate, m.length, r.conf.warm)
	r.line("| visit | n | p50 ms | p95 ms | p99 ms | p99 ÷ p50 | failed | shed |")
	r.line("|---|---|---|---|---|---|---|---|")
	names := make([]string, 0, len(m.kinds.byKind))
	for name := range m.kinds.byKind {
		names = append(names, name)
	}
	slices.Sort(names)
	for _, name := range names {
		r.row(name, m.kinds.byKind[name])
	}
	r.row("**all**", sum)
	n := float64(max(1, len(sum.took)))
	r.line("\nPer visit: %.2f CPU ms of vitrine, %.2f of media tools, %.2f of PostgreSQL. Most memory of the process in that time: %.0f MB.", m.used.vitrine.Seconds()*1000/n, m.used.tools.Seconds()*1000/n, m.used.postgres.Seconds()*1000/n, m.late)
	for why, times := range sum.why {
		r.line("\nFailed %d times: %s", times, why)
	}
	r.line("\nA synced write of 8 KB to the disk of the data took p50 %.1f ms, p99 %.1f ms, at most %.1f ms in that time (%d writes).", ms(m.disk, .5), ms(m.disk, .99), ms(m.disk, 1), len(m.disk.took))
	for _, name := range []string{"work", "publish or take back"} {
		if k := m.busy.byKind[name]; k != nil {
			r.line("\nWhile eight photos of 2 megapixels were made ready, %q took p50 %.1f ms, p99 %.1f ms (%d visits, %d failed).", name, ms(k, .5), ms(k, .99), len(k.took), k.failed)
		}
	}
	r.line("\nThe statements of requests that took longest in that time:\n\n| statement | calls | mean ms | longest ms | rows |\n|---|---|---|---|---|")
	for _, q := range m.slowest {
		r.line("| `%s` | %d | %.2f | %.1f | %.0f |", strings.ReplaceAll(q.Query, "|", "\\|"), q.Calls, q.Mean, q.Max, q.PerCallRows)
	}
	r.line("")
}

func (r *report) row(name string, t *tally) {
	r.line("| %s | %d | %.1f | %.1f | %.1f | %.1f | %d | %d |", name, len(t.took), ms(t, .5), ms(t, .95), ms(t, .99), ms(t, .99)/max(ms(t, .5), .001), t.failed, t.shed)
}

// ms is a percentile in milliseconds.
func ms(t *tally, p float64) float64 { return float64(t.at(p).Microseconds()) / 1000 }

// soak is the table of samples.
func (r *report) soak() {
	sum := r.soaked.all()
	r.line("## Soak: %s at %.0f visits/s", r.conf.soak, r.mix.rate)
	r.line("%d visits, p50 %.1f ms, p99 %.1f ms, %d failed, %d shed.\n", len(sum.took), ms(sum, .5), ms(sum, .99), sum.failed, sum.shed)
	r.line("| minute | MB resident | goroutines | open files | connections | dead rows | live rows | waiting events and tasks |")
	r.line("|---|---|---|---|---|---|---|---|")
	for _, s := range r.samples {
		r.line("| %.1f | %.0f | %.0f | %.0f | %d | %d | %d | %d |", s.at.Minutes(), s.megabytes, s.goroutines, s.files, s.connections, s.dead, s.live, s.backlog)
	}
	for why, times := range sum.why {
		r.line("\nFailed %d times: %s", times, why)
	}
	r.line("")
}

// breakages is the table of faults.
func (r *report) breakages() {
	r.line("## Faults under %.0f visits/s", r.mix.rate/2)
	r.line("A fault ends when the part is back; recovery is from there until a page comes and a draft is saved. 503 with Retry-After counts as refused.\n")
	r.line("| fault | times | away s | recovery s, longest | visits | answered | refused | failed | failed afterwards (15 s) |")
	r.line("|---|---|---|---|---|---|---|---|---|")
	for _, b := range r.broken {
		sum, after := b.kinds.all(), b.after.all()
		r.line("| %s | %d | %.1f | %.2f | %d | %d | %d | %d | %d |", b.name, len(b.recoveries), b.away.Seconds(), b.worst().Seconds(),
			len(sum.took)+sum.failed+sum.shed, len(sum.took), sum.shed, sum.failed, after.failed)
	}
	for _, b := range r.broken {
		for why, n := range b.kinds.all().why {
			r.line("\n%s, %d times: %s", b.name, n, why)
		}
	}
	r.line("")
}

// storage is memory, uploads and what was looked up.
func (r *report) storage() {
	u := r.uploads
	r.line("## Uploads and memory")
	r.line("- Resident memory of the process: %d MB after the start, at most %d MB with %d uploads of %d MB at once (%.1f s; media tools are processes of their own).",
		r.idle>>20, u.peak>>20, u.clients, u.size>>20, u.took.Seconds())
	if u.why != nil {
		r.line("- Of these uploads failed: %v", u.why)
	}
	r.line("- Beginning an upload (%d, 20 a second): p50 %.1f ms, p99 %.1f ms, %d failed.", len(u.creation.took), ms(u.creation, .5), ms(u.creation, .99), u.creation.failed+u.creation.shed)
	l := r.lost
	r.line("\n## What was acknowledged, looked up afterwards")
	r.line("| | acknowledged | missing |\n|---|---|---|")
	r.line("| drafts saved | %d | %d |", l.saved, l.drafts)
	r.line("| works published or taken back (last state) | %d | %d |", l.turned, l.turns)
	r.line("| uploads accepted whole, processed | %d | 0 |", l.sent)
	r.line("| uploads with fewer than three renditions (%d renditions in all) | %d | %d |", l.renditions, l.sent, l.few)
}
