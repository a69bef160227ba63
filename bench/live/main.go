// Command live measures how many open pages one process holds: connections over
// loopback, notices that each of them must hear, the memory that one takes, and
// how long a notice is on its way.
//
//	go run ./bench/live -connections 2000 -notices 100
//
// The server is the product's own: routes, guards, sessions in a PostgreSQL that
// is started for it, hub. The pages are in a process of their own, which this
// program starts, so that the memory measured is the server's alone. Each
// connection is another member's.
package main

import (
	"context"
	"encoding/json"
	"errors"
	"flag"
	"fmt"
	"os"
	"os/exec"
	"os/signal"
	"runtime"
	"slices"
	"strings"
	"time"
)

// config of a run.
type config struct {
	connections, notices int
	every                time.Duration // between two notices
	out                  string
	pages                string // the URL: this process is the pages, see listen
}

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt)
	err := run(ctx)
	stop()
	if err != nil && !errors.Is(err, flag.ErrHelp) {
		_, _ = fmt.Fprintf(os.Stderr, "The measurement ended: %v\n", err)
		os.Exit(1)
	}
}

func run(ctx context.Context) error {
	var c config
	f := flag.NewFlagSet("live", flag.ContinueOnError)
	f.IntVar(&c.connections, "connections", 2000, "open pages, each of another member")
	f.IntVar(&c.notices, "notices", 100, "notices that each of them hears")
	f.DurationVar(&c.every, "every", 250*time.Millisecond, "between two notices")
	f.StringVar(&c.out, "out", "", "file for the report; the terminal when empty")
	f.StringVar(&c.pages, "pages", "", "used by the program itself: be the pages of this site")
	if err := f.Parse(os.Args[1:]); err != nil {
		return err
	}
	if c.pages != "" {
		return listen(ctx, c)
	}
	return measure(ctx, c)
}

// result is all that a run has measured.
type result struct {
	config
	opened          time.Duration // until all connections stood
	before, open    memory        // without and with connections
	after           memory        // when all notices have arrived
	published       time.Duration // for one notice to all members, the mean
	spent           time.Duration // processor time of the server for all notices
	heard           heard
	sockets, leaked int
}

// measure runs the server here and the pages beside it.
func measure(ctx context.Context, c config) (err error) {
	h, err := open(ctx, c)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, h.close(context.WithoutCancel(ctx))) }()
	r := result{config: c, before: measured()}
	pages, err := begin(ctx, c, h.url)
	if err != nil {
		return err
	}
	began := time.Now()
	if err := pages.await("open"); err != nil {
		return err
	}
	r.opened, r.open, r.sockets = time.Since(began), measured(), h.sockets()
	spent := cpu()
	if r.published, err = h.tell(ctx, c); err != nil {
		return err
	}
	if err := json.NewDecoder(pages.out).Decode(&r.heard); err != nil {
		return fmt.Errorf("what the pages heard: %w", err)
	}
	r.spent, r.after = cpu()-spent, measured()
	if err := pages.end(); err != nil {
		return err
	}
	r.leaked = h.emptied(ctx)
	return r.write()
}

// write puts the report where it was asked for.
func (r result) write() error {
	var b strings.Builder
	line := func(format string, args ...any) { fmt.Fprintf(&b, format+"\n", args...) }
	commit, _ := exec.Command("git", "rev-parse", "--short", "HEAD").Output()
	load, _ := os.ReadFile("/proc/loadavg")
	line("# Live: open pages of one process")
	line("`go run ./bench/live %s`, commit %s, %s.", strings.Join(os.Args[1:], " "), strings.TrimSpace(string(commit)), time.Now().Format("2006-01-02 15:04"))
	line("Machine: %s, %d processors, %s; server, pages and PostgreSQL share them. Load average at the end: %s.\n", machine(), runtime.NumCPU(), runtime.Version(), strings.TrimSpace(string(load)))
	line("| | |")
	line("|---|---|")
	line("| connections, each another member's, over loopback | %d |", r.sockets)
	line("| time until all stood, sessions looked up in PostgreSQL | %.1f s |", r.opened.Seconds())
	line("| notices published to each member, one every %s | %d |", r.every, r.notices)
	line("| arrived, of %d | %d |", r.sockets*r.notices, r.heard.Arrived)
	line("| out of order or twice | %d |", r.heard.Wrong)
	line("| on the way, from publishing to the page: median, 99 %%, longest | %.1f, %.1f, %.1f ms |", millis(r.heard.Median), millis(r.heard.P99), millis(r.heard.Longest))
	line("| publishing one notice to all members | %.2f ms |", millis(r.published))
	line("| processor time of the server for one message | %.1f µs |", float64(r.spent.Microseconds())/float64(r.sockets*r.notices))
	line("| memory for one connection, silent: Go's heap and stacks | %.1f KB |", r.each(r.open.goes-r.before.goes))
	line("| the same after all notices, with those that are remembered | %.1f KB |", r.each(r.after.goes-r.before.goes))
	line("| memory for one connection after all notices: resident | %.1f KB |", r.each(r.after.resident-r.before.resident))
	line("| connections left over when the pages had gone | %d |", r.leaked)
	if r.out == "" {
		_, err := os.Stdout.WriteString(b.String())
		return err
	}
	return os.WriteFile(r.out, []byte(b.String()), 0o644) //nolint:gosec // a document
}

func (r result) each(bytes int64) float64 { return float64(bytes) / float64(r.sockets) / 1000 }

func millis(d time.Duration) float64 { return float64(d.Microseconds()) / 1000 }

func machine() string {
	raw, _ := os.ReadFile("/proc/cpuinfo")
	for line := range strings.Lines(string(raw)) {
		if rest, ok := strings.CutPrefix(line, "model name"); ok {
			return strings.TrimSpace(strings.TrimLeft(rest, " \t:"))
		}
	}
	return runtime.GOARCH
}

// at gives the value below which a part of them lies; they are sorted.
func at(all []time.Duration, part float64) time.Duration {
	if len(all) == 0 {
		return 0
	}
	slices.Sort(all)
	return all[min(len(all)-1, int(part*float64(len(all))))]
}
