package main

import (
	"fmt"
	"os"
	"os/exec"
	"runtime"
	"slices"
	"strings"
	"time"

	"vitrine/bench/traffic"
)

// report is all that a run has measured.
type report struct {
	conf    config
	began   time.Time
	idle    int64 // bytes resident after the start
	pages   []compared
	mix     mixture
	samples []sample // of a soak
	soaked  *traffic.Report
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
	r.line("Machine: %s, %d processors, %s; the product %s. Load average: %s.", machine(), runtime.NumCPU(), runtime.Version(), cpus, strings.TrimSpace(string(load)))
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
	r.line("| page | requests/s (spread) | of the floor | CPU ms | queries | failed |")
	r.line("|---|---|---|---|---|---|")
	floor := slices.IndexFunc(r.pages, func(c compared) bool { return c.name == "floor" })
	for _, c := range r.pages {
		rate, least, most := c.median(rateOf)
		queries, _, _ := c.median(queriesOf)
		r.line("| %s | %.0f (%.0f to %.0f) | %.2f | %s | %s | %d |", c.name, rate, least, most, ratio(c, r.pages[floor]), c.costs(), orDash(queries), c.failed)
	}
	r.reasons(r.pages)
	r.line("")
}

// ratio is the median over the rounds of how a page's rate compares with
// another's of the same round.
func ratio(c, with compared) float64 {
	ratios := make([]float64, len(c.rounds))
	for i := range c.rounds {
		ratios[i] = c.rounds[i].rate / with.rounds[i].rate
	}
	return middle(ratios)
}

// orDash is a number of two places, or a dash where nothing was counted.
func orDash(n float64) string {
	if n < 0 {
		return "-"
	}
	return fmt.Sprintf("%.2f", n)
}

func (r *report) reasons(pages []compared) {
	for _, c := range pages {
		for why, n := range c.why {
			r.line("\n%s failed %d times: %s", c.name, n, why)
		}
	}
}

// mixed is the table of the open loop.
func (r *report) mixed() {
	m := r.mix
	sum := m.kinds.All()
	r.line("## The mix at %.0f %% of its ceiling", r.conf.share*100)
	ceilings := make([]string, len(m.ceilings))
	for i, c := range m.ceilings {
		ceilings[i] = fmt.Sprintf("%.0f", c)
	}
	r.line("Ceilings: %s visits/s. Open loop at %.0f/s for %s after %s.\n", strings.Join(ceilings, ", "), m.rate, m.length, r.conf.warm)
	r.line("| visit | n | p50 ms | p95 ms | p99 ms | p99 ÷ p50 | failed | shed |")
	r.line("|---|---|---|---|---|---|---|---|")
	for _, name := range m.kinds.Kinds() {
		r.row(name, m.kinds.Kind(name))
	}
	r.row("**all**", sum)
	r.line("\nCPU ms of a visit: %s. Most memory of the product in that time: %.0f MB. The generator sent %d visits late.", m.used.each(len(sum.Took)), m.late, m.kinds.Late())
	for why, times := range sum.Why {
		r.line("\nFailed %d times: %s", times, why)
	}
	r.line("\nA synced write of 8 KB to the disk of the data took p50 %.1f ms, p99 %.1f ms, at most %.1f ms in that time (%d writes).", ms(m.disk, .5), ms(m.disk, .99), ms(m.disk, 1), len(m.disk.Took))
	for _, name := range []string{"work", "publish or take back"} {
		if k := m.busy.Kind(name); k.Sent() > 0 {
			r.line("\nWhile eight photos of 2 megapixels were made ready, %q took p50 %.1f ms, p99 %.1f ms (%d visits, %d failed).", name, ms(k, .5), ms(k, .99), len(k.Took), k.Failed)
		}
	}
	r.line("\nThe statements of requests that took longest in that time:\n\n| statement | calls | mean ms | longest ms | rows |\n|---|---|---|---|---|")
	for _, q := range m.slowest {
		r.line("| `%s` | %d | %.2f | %.1f | %.0f |", strings.ReplaceAll(q.Query, "|", "\\|"), q.Calls, q.Mean, q.Max, q.PerCallRows)
	}
	r.line("")
}

func (r *report) row(name string, t *traffic.Kind) {
	r.line("| %s | %d | %.1f | %.1f | %.1f | %.1f | %d | %d |", name, len(t.Took), ms(t, .5), ms(t, .95), ms(t, .99), ms(t, .99)/max(ms(t, .5), .001), t.Failed, t.Shed)
}

// ms is a percentile in milliseconds.
func ms(t *traffic.Kind, p float64) float64 { return float64(t.At(p).Microseconds()) / 1000 }

// soak is the table of samples.
func (r *report) soak() {
	sum := r.soaked.All()
	r.line("## Soak: %s at %.0f visits/s", r.conf.soak, r.mix.rate)
	r.line("%d visits, p50 %.1f ms, p99 %.1f ms, %d failed, %d shed.\n", len(sum.Took), ms(sum, .5), ms(sum, .99), sum.Failed, sum.Shed)
	r.line("| minute | MB resident | goroutines | open files | connections | dead rows | live rows | waiting events and tasks |")
	r.line("|---|---|---|---|---|---|---|---|")
	for _, s := range r.samples {
		r.line("| %.1f | %.0f | %.0f | %.0f | %d | %d | %d | %d |", s.at.Minutes(), s.megabytes, s.goroutines, s.files, s.connections, s.dead, s.live, s.backlog)
	}
	for why, times := range sum.Why {
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
		sum, after := b.kinds.All(), b.after.All()
		r.line("| %s | %d | %.1f | %.2f | %d | %d | %d | %d | %d |", b.name, len(b.recoveries), b.away.Seconds(), b.worst().Seconds(),
			len(sum.Took)+sum.Failed+sum.Shed, len(sum.Took), sum.Shed, sum.Failed, after.Failed)
	}
	for _, b := range r.broken {
		for why, n := range b.kinds.All().Why {
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
	r.line("- Beginning an upload (%d, 20 a second): p50 %.1f ms, p99 %.1f ms, %d failed.", len(u.creation.Took), ms(u.creation, .5), ms(u.creation, .99), u.creation.Failed+u.creation.Shed)
	l := r.lost
	r.line("\n## What was acknowledged, looked up afterwards")
	r.line("| | acknowledged | missing |\n|---|---|---|")
	r.line("| drafts saved | %d | %d |", l.saved, l.drafts)
	r.line("| works published or taken back (last state) | %d | %d |", l.turned, l.turns)
	r.line("| uploads accepted whole, processed | %d | 0 |", l.sent)
	r.line("| uploads with fewer than three renditions (%d renditions in all) | %d | %d |", l.renditions, l.sent, l.few)
}
