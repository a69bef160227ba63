package main

import (
	"fmt"
	"os"
	"slices"
	"strings"
	"time"

	"vitrine/bench/traffic"
)

// write puts the report of what has been measured so far where it was asked for.
func (r *beside) write() error {
	r.text.Reset()
	r.head()
	r.line("Both tiers run at once, over the same set; while one is measured, nobody visits the other. What is compared is compared within this run: the generator, both tiers and all their servers share this machine, so its numbers are no tier's, and its ratios are.\n")
	if r.pages != nil {
		r.pagesBeside()
	}
	if r.levels != nil {
		r.ceilingTable()
		r.levelTable()
	}
	if r.switches != nil {
		r.switchTable()
	}
	if r.media != nil {
		r.mediaTable()
	}
	if r.lost != nil {
		r.lostTable()
	}
	if r.conf.out == "" {
		_, err := os.Stdout.WriteString(r.text.String())
		return err
	}
	say("The report is in %s.", r.conf.out)
	return os.WriteFile(r.conf.out, []byte(r.text.String()), 0o644) //nolint:gosec // a document
}

func (r *beside) pagesBeside() {
	r.line("## Pages alone, %d clients, %d rounds of %s", clients, r.conf.rounds, r.conf.slice)
	r.line("Rates are medians; a rate is compared with that of the same round. The work page's aim is 0.25 of the memory behind the chain at the same process.\n")
	r.line("| page | 1k/s | %[1]s/s | %[1]s ÷ 1k | of memory behind the chain: 1k | %[1]s | CPU ms 1k | CPU ms %[1]s | queries 1k | %[1]s | from the cache | failed |", r.conf.tier)
	r.line("|---|---|---|---|---|---|---|---|---|---|---|---|")
	chain := slices.IndexFunc(r.pages[0], func(c compared) bool { return c.name == "memory behind the chain" })
	for i, small := range r.pages[0] {
		large := r.pages[1][i]
		was, _, _ := small.median(rateOf)
		is, _, _ := large.median(rateOf)
		asked, _, _ := small.median(queriesOf)
		asks, _, _ := large.median(queriesOf)
		hits, _, _ := large.median(hitsOf)
		r.line("| %s | %.0f | %.0f | %.2f | %.2f | %.2f | %s | %s | %s | %s | %s | %d |", small.name, was, is, ratio(large, small), ratio(small, r.pages[0][chain]), ratio(large, r.pages[1][chain]),
			small.costs(), large.costs(), orDash(asked), orDash(asks), share(hits), small.failed+large.failed)
	}
	r.reasons(r.pages[0])
	r.reasons(r.pages[1])
	r.line("")
}

// share is a percentage, or a dash where nothing was counted.
func share(n float64) string {
	if n < 0 {
		return "-"
	}
	return fmt.Sprintf("%.0f %%", n*100)
}

func (r *beside) ceilingTable() {
	r.line("## The mix as fast as answers come, %d clients, %d runs of %s in turns", clients, runs, 2*r.conf.slice)
	r.line("| tier | visits/s of each run | median | spread | CPU ms of a visit | failed | what is used up |\n|---|---|---|---|---|---|---|")
	for i, c := range r.ceilings {
		rates := make([]string, len(c.rates))
		sum := 0.0
		for j, rate := range c.rates {
			rates[j] = fmt.Sprintf("%.0f", rate)
			sum += rate
		}
		least, most := slices.Min(c.rates), slices.Max(c.rates)
		visits := int(sum / float64(len(c.rates)) * c.length.Seconds())
		r.line("| %s | %s | %.0f | %.0f %% | %s | %d | %s |", []string{"1k", r.conf.tier}[i], strings.Join(rates, ", "), middle(c.rates), (most-least)/middle(c.rates)*100, c.used.each(visits), c.failed, c.bottleneck(r.conf))
	}
	for _, c := range r.ceilings {
		for why, n := range c.why {
			r.line("\nFailed %d times in the last run: %s", n, why)
		}
	}
	r.line("")
}

func (r *beside) levelTable() {
	r.line("## The mix at a part of 1k's ceiling, open loop, %s each", r.conf.level)
	r.line("| tier | of 1k's ceiling | visits/s | p50 ms | p95 ms | p99 ms | failed | shed | sent late | CPU ms of a visit | queries per request | from the cache |")
	r.line("|---|---|---|---|---|---|---|---|---|---|---|---|")
	for _, l := range r.levels {
		k := l.kinds.All()
		r.line("| %s | %.0f %% | %.0f | %.1f | %.1f | %.1f | %d | %d | %d | %s | %s | %s |", l.tier, l.share*100, l.rate, ms(k, .5), ms(k, .95), ms(k, .99), k.Failed, k.Shed, l.kinds.Late(),
			l.used.each(len(k.Took)), orDash(l.queries), share(l.hits))
	}
	small, large, full := r.levels[0], r.levels[1], r.levels[2]
	r.line("\n- At 80 %% of 1k's ceiling: p95 of 1k ÷ p95 of %s = %.2f.", r.conf.tier, ms(small.kinds.All(), .95)/max(.001, ms(large.kinds.All(), .95)))
	r.line("- At 1k's ceiling: %s has a p99 of %.1f ms (aim: under 100), %d of %d answered.", r.conf.tier, ms(full.kinds.All(), .99), len(full.kinds.All().Took), full.kinds.All().Sent())
	r.line("- Queries per request, over the whole mix: %.2f at 1k, %.2f at %s: %.0f %% fewer (aim: 85 %%).", small.queries, large.queries, r.conf.tier, (1-large.queries/small.queries)*100)
	repeated, kept := large.repeated+full.repeated, large.kept+full.kept
	r.line("- Visits without a session that asked for what somebody had asked for before in this run: %d; answers from the cache: %.0f, %.0f %% of these (aim: 90 %%).", repeated, kept, kept/float64(max(1, repeated))*100)
	r.line("\n| visit | 1k p50 | p95 | p99 | %[1]s p50 | p95 | p99 |\n|---|---|---|---|---|---|---|", r.conf.tier)
	for _, name := range small.kinds.Kinds() {
		a, b := small.kinds.Kind(name), large.kinds.Kind(name)
		r.line("| %s | %.1f | %.1f | %.1f | %.1f | %.1f | %.1f |", name, ms(a, .5), ms(a, .95), ms(a, .99), ms(b, .5), ms(b, .95), ms(b, .99))
	}
	for _, l := range r.levels {
		for why, n := range l.kinds.All().Why {
			r.line("\n%s at %.0f %%, failed %d times: %s", l.tier, l.share*100, n, why)
		}
	}
	r.line("")
}

func (r *beside) switchTable() {
	r.line("## What each switch is worth: turned back to 1k's value, and as the tier has it, %d times in turns", turns)
	r.line("Rates as fast as answers come (%d clients, %s); percentiles in open loop at one rate for both. The processes start anew at each turn.\n", clients, r.conf.slice)
	r.line("| switch | visits | rate, tier ÷ turned back (spread) | CPU ms turned back | CPU ms as the tier | queries | from the cache | at | p50, p95, p99 ms turned back | as the tier | failed |")
	r.line("|---|---|---|---|---|---|---|---|---|---|---|")
	for _, s := range r.switches {
		if s.refused != "" {
			r.line("| %s | - | refused alone: %s | | | | | | | | |", s.set, s.refused)
			continue
		}
		mid, least, most := s.gain()
		verdict := ""
		if least <= 1.03 {
			verdict = ", no gain here"
		}
		r.line("| %s | %s | %.2f (%.2f to %.2f)%s | %s | %s | %s → %s | %s | %.0f/s | %s | %s | %d |", s.set, s.visits, mid, least, most, verdict, s.back.used.each(s.back.n), s.full.used.each(s.full.n),
			orDash(middle(s.back.queries)), orDash(middle(s.full.queries)), share(middle(s.full.hits)), s.rate, percentiles(s.back.kinds), percentiles(s.full.kinds),
			s.back.failed+s.full.failed+s.back.kinds.All().Failed+s.full.kinds.All().Failed)
	}
	r.line("")
}

func percentiles(kinds *traffic.Report) string {
	k := kinds.All()
	return fmt.Sprintf("%.1f, %.1f, %.1f", ms(k, .5), ms(k, .95), ms(k, .99))
}

func (r *beside) mediaTable() {
	r.line("## Photos: %d each time (%s), %d people upload at once", photosOfRun, r.media[0].megapixels, uploaders)
	r.line("Times count from a photo's last byte. Renditions are those that are made at once; AVIF comes when a work is shown.\n")
	r.line("| tier | all ready after s | photos a minute and core | per minute of processor time | first rendition p50, most s | all renditions p50, most s | renditions | CPU s of a photo |\n|---|---|---|---|---|---|---|---|")
	for _, g := range r.media {
		var parts []string
		for _, name := range partNames {
			if s := g.used[name].Seconds() / float64(g.photos); s >= .005 {
				parts = append(parts, fmt.Sprintf("%s %.2f", name, s))
			}
		}
		r.line("| %s | %.1f | %.1f | %.1f | %.2f, %.2f | %.2f, %.2f | %d | %s |", g.name, g.took.Seconds(), float64(g.photos)/g.took.Minutes()/float64(r.conf.processors()), g.perCore(),
			ms(g.first, .5)/1000, ms(g.first, 1)/1000, ms(g.all, .5)/1000, ms(g.all, 1)/1000, g.renditions, strings.Join(parts, ", "))
	}
	r.line("")
}

func (r *beside) lostTable() {
	r.line("## What was acknowledged, looked up afterwards\n| tier | drafts saved | missing | published or taken back | missing | uploads | with fewer than three renditions |\n|---|---|---|---|---|---|---|")
	for i, l := range r.lost {
		r.line("| %s | %d | %d | %d | %d | %d | %d |", []string{"1k", r.conf.tier}[i], l.saved, l.drafts, l.turned, l.turns, l.sent, l.few)
	}
	r.line("\nThe run took %s.", time.Since(r.began).Round(time.Second))
}
