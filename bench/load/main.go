// Command load measures a tier: what a page costs against what it could cost at
// least, how much a machine carries, and whether it keeps what it has
// acknowledged. It starts the product itself, on loopback, and writes a report.
//
//	make bench
//	go run ./bench/load -tier 1k -works 100000 -members 20000
//
// Load is open loop: requests leave when they are due, whether earlier ones have
// come back or not, and latency counts from then. Every body is checked, every
// acknowledged write looked up in the database afterwards, every accepted upload
// checked for its renditions. Clients do not retry.
package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"os"
	"os/exec"
	"os/signal"
	"path/filepath"
	"runtime"
	"strconv"
	"syscall"
	"time"
)

// config of a run.
type config struct {
	tier           string
	works, members int
	warm, measured time.Duration
	rounds         int
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
	f.StringVar(&c.tier, "tier", "1k", "the deployment tier")
	f.IntVar(&c.works, "works", 100_000, "published works")
	f.IntVar(&c.members, "members", 20_000, "members, each with a studio")
	f.DurationVar(&c.warm, "warm", time.Minute, "open loop before it is measured")
	f.DurationVar(&c.measured, "time", 3*time.Minute, "open loop that is measured")
	f.IntVar(&c.rounds, "rounds", 3, "rounds over all pages, of which medians are given")
	f.DurationVar(&c.slice, "slice", 8*time.Second, "of one page in one round")
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
	if c.binary, err = filepath.Abs(c.binary); err != nil {
		return c, err
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
	began := time.Now()
	h, err := open(ctx, c)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, h.close(ctx)) }()
	if err := h.pinPostgres(); err != nil {
		return err
	}
	r := &report{conf: c, began: began}
	if r.idle, err = h.resident(); err != nil {
		return err
	}
	town, err := newTown(ctx, h)
	if err != nil {
		return err
	}
	if r.pages, err = comparePages(ctx, h, town); err != nil {
		return err
	}
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

// pinPostgres keeps the database's processes on the product's processors; new
// ones inherit that from the postmaster.
func (h *house) pinPostgres() error {
	if h.conf.serverCPUs == "" {
		return nil
	}
	master, err := h.postmaster()
	if err != nil {
		return err
	}
	for _, pid := range append(childrenOf(master), master) {
		if out, err := exec.Command("taskset", "-apc", h.conf.serverCPUs, strconv.Itoa(pid)).CombinedOutput(); err != nil && alive(pid) {
			return fmt.Errorf("taskset: %w: %s", err, out)
		}
	}
	return nil
}

func alive(pid int) bool { _, err := stat(pid); return err == nil }

func childrenOf(parent int) (out []int) {
	all, _ := filepath.Glob("/proc/[0-9]*")
	for _, dir := range all {
		pid, _ := strconv.Atoi(filepath.Base(dir))
		if s, err := stat(pid); err == nil && s.parent == parent {
			out = append(out, pid)
		}
	}
	return out
}
