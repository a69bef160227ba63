// Command load measures a tier: what a page costs against what it could cost at
// least, how much a machine carries, and whether it keeps what it has
// acknowledged. It starts the tier itself, on loopback, and writes a report. A
// tier above 1k is measured beside 1k, in the same run and over the same set, and
// each of its switches against the value that 1k has for it.
//
//	make bench
//	go run ./bench/load -tier 10k -parts switches -only CACHE,SESSIONS
//	go run ./bench/load -tier 1k -soak 30m -faults
//
// Load is open loop: requests leave when they are due, whether earlier ones have
// come back or not, and latency counts from then. Every body is checked, every
// acknowledged write looked up in the database afterwards, every accepted upload
// checked for its renditions. Clients do not retry.
package main

import (
	"cmp"
	"context"
	"errors"
	"flag"
	"fmt"
	"os"
	"os/exec"
	"os/signal"
	"path/filepath"
	"runtime"
	"slices"
	"strconv"
	"strings"
	"syscall"
	"time"
)

// config of a run.
type config struct {
	tier           string
	works, members int
	warm, measured time.Duration
	rounds         int
	parts, only    []string      // of a comparison: what is measured, and which switches
	level          time.Duration // open loop at one rate, of a comparison
	photos         string        // folder of pictures for the media run; drawn ones when empty
	slice          time.Duration // of one page in one round
	share          float64       // of the ceiling, for the open loop
	soak           time.Duration // open loop whose samples are compared; none when zero
	faults         bool          // break one part after the other under load
	dir, out       string
	binary         string
	serverCPUs     string // for taskset; empty shares all processors with the generator
}

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	err := run(ctx)
	stop()
	if err != nil && !errors.Is(err, flag.ErrHelp) {
		say("The measurement ended: %v", err)
		os.Exit(1)
	}
}

func say(format string, args ...any) {
	_, _ = fmt.Fprintf(os.Stderr, time.Now().Format("15:04:05 ")+format+"\n", args...)
}

func parse(args []string) (c config, err error) {
	f := flag.NewFlagSet("load", flag.ContinueOnError)
	f.StringVar(&c.tier, "tier", "1k", "the deployment tier; one above 1k is measured beside it")
	parts := f.String("parts", strings.Join(allParts, ","), "what is measured of a tier above 1k, with commas between")
	only := f.String("only", "", "the switches that are turned back, with commas between; all when empty")
	f.DurationVar(&c.level, "level", 20*time.Second, "open loop at a part of 1k's ceiling, at each tier")
	f.StringVar(&c.photos, "photos", "", "folder of JPEG pictures for the media run; drawn ones when empty")
	f.IntVar(&c.works, "works", 100_000, "published works")
	f.IntVar(&c.members, "members", 20_000, "members, each with a studio")
	f.DurationVar(&c.warm, "warm", time.Minute, "before the mix is measured, so that what is kept is there")
	f.DurationVar(&c.measured, "time", 3*time.Minute, "open loop that is measured")
	f.IntVar(&c.rounds, "rounds", 0, "rounds over all pages, of which medians are given; 3 for 1k, else 2")
	f.DurationVar(&c.slice, "slice", 0, "of one page in one round; 8s for 1k, else 3s, since there is more to measure")
	f.Float64Var(&c.share, "share", 0.5, "part of the ceiling at which the open loop runs")
	f.DurationVar(&c.soak, "soak", 0, "afterwards, how long to run on at that rate and look for what grows")
	f.BoolVar(&c.faults, "faults", false, "afterwards, break one part after the other under load")
	f.StringVar(&c.dir, "dir", filepath.Join(os.TempDir(), "vitrine-bench"), "data directory, kept between runs")
	f.StringVar(&c.out, "out", "", "file for the report; the terminal when empty")
	f.StringVar(&c.binary, "binary", "bin/vitrine", "the product")
	pin := f.Bool("pin", true, "give half of the processors to the product and half to the generator")
	if err := f.Parse(args); err != nil {
		return c, err
	}
	rounds, slice := 3, 8*time.Second
	if c.tier != "1k" {
		rounds, slice = 2, 3*time.Second
	}
	c.rounds, c.slice = cmp.Or(c.rounds, rounds), cmp.Or(c.slice, slice)
	if c.binary, err = filepath.Abs(c.binary); err != nil {
		return c, err
	}
	if c.parts = strings.Split(*parts, ","); *only != "" {
		c.only = strings.Split(*only, ",")
	}
	for _, p := range c.parts {
		if !slices.Contains(allParts, p) {
			return c, fmt.Errorf("-parts %s is not known; it must be of %s", p, strings.Join(allParts, ", "))
		}
	}
	if c.tier != "1k" && (c.faults || c.soak > 0) {
		return c, errors.New("-soak and -faults are for -tier 1k")
	}
	if n := runtime.NumCPU(); *pin && n > 1 {
		c.serverCPUs = "0-" + strconv.Itoa(n/2-1)
		own := strconv.Itoa(n/2) + "-" + strconv.Itoa(n-1)
		if out, err := exec.Command("taskset", "-apc", own, strconv.Itoa(os.Getpid())).CombinedOutput(); err != nil {
			return c, fmt.Errorf("taskset: %w: %s", err, out)
		}
		runtime.GOMAXPROCS(n - n/2)
	}
	return c, nil
}

func run(ctx context.Context) (err error) {
	c, err := parse(os.Args[1:])
	if err != nil {
		return err
	}
	if c.tier != "1k" {
		return compareTiers(ctx, c)
	}
	return measureTier(ctx, c)
}

// measureTier measures one tier alone.
func measureTier(ctx context.Context, c config) (err error) {
	began := time.Now()
	h, err := open(ctx, c, c.tier)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, h.close(ctx)) }()
	r := &report{conf: c, began: began}
	if r.idle, err = h.resident(); err != nil {
		return err
	}
	town, err := newTown(ctx, h)
	if err != nil {
		return err
	}
	pages, err := comparePages(ctx, place{h, town})
	if err != nil {
		return err
	}
	r.pages = pages[0]
	turning, err := h.hangTurning(ctx, town)
	if err != nil {
		return err
	}
	next := town.mix(turning)
	if r.mix, err = h.carryMix(ctx, next); err != nil {
		return err
	}
	if r.mix.busy, err = h.carryBusy(ctx, town, next, r.mix.rate); err != nil {
		return err
	}
	if c.soak > 0 {
		if r.samples, r.soaked, err = h.soak(ctx, next, r.mix.rate); err != nil {
			return err
		}
	}
	if c.faults {
		if r.broken, err = h.breakAll(ctx, town, next, r.mix.rate/2); err != nil {
			return err
		}
	}
	if r.uploads, err = h.uploadAtOnce(ctx, town); err != nil {
		return err
	}
	if r.lost, err = h.audit(ctx, town); err != nil {
		return err
	}
	return r.write()
}
