package app

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"log/slog"
	"slices"
	"strings"

	"vitrine/app/platform/live"
)

// The parts of the product that a process can run. ROLES names those of the
// installation, `serve --roles=` those of one process.
const (
	roleAll    = "all"    // every part, in one process
	roleWeb    = "web"    // the public port: pages, forms, uploads, live connections, counting of views
	roleWorker = "worker" // what happens later: events, tasks, schedules; the setup link and the demo data
)

// roles is what one process runs.
type roles struct{ web, worker bool }

func (r roles) all() bool { return r.web && r.worker }

// parseRoles reads serve's arguments. Without --roles a process runs all parts
// of the installation.
func parseRoles(c Config, args []string, out io.Writer) (r roles, err error) {
	flags := flag.NewFlagSet("serve", flag.ContinueOnError)
	flags.SetOutput(out)
	installed := c.Switches["ROLES"]
	wanted := flags.String("roles", installed, "the parts that this process runs, of those that ROLES names, with commas between them")
	if err := flags.Parse(args); err != nil {
		return roles{}, err
	}
	if flags.NArg() > 0 {
		return roles{}, errors.New("serve takes --roles and nothing else; configuration comes from the environment, see `vitrine check`")
	}
	for name := range strings.SplitSeq(*wanted, ",") {
		if !slices.Contains(strings.Split(installed, ","), name) {
			return roles{}, fmt.Errorf("--roles=%s: %q is no part of this installation; ROLES=%s", *wanted, name, installed)
		}
		r.web = r.web || name == roleWeb || name == roleAll
		r.worker = r.worker || name == roleWorker || name == roleAll
	}
	if r.all() {
		return r, nil
	}
	if c.DatabaseURL == "" {
		return roles{}, fmt.Errorf("--roles=%s needs DATABASE_URL: a private PostgreSQL belongs to one process that runs everything", *wanted)
	}
	if c.Secret == "" {
		return roles{}, fmt.Errorf("--roles=%s needs SECRET, the same for all processes of the installation", *wanted)
	}
	if c.Switches["LIVE"] == live.KindMemory {
		return roles{}, fmt.Errorf("--roles=%s needs LIVE=redis: in memory, no page hears what another process does", *wanted)
	}
	return r, nil
}

// later runs what happens outside requests until ctx ends.
func (p *product) later(ctx context.Context) {
	if !p.roles.worker {
		p.queue.Tell(ctx)
		return
	}
	if err := p.jobs.Run(ctx); err != nil {
		p.log.LogAttrs(ctx, slog.LevelError, "the jobs ended with an error", slog.Any("err", err))
	}
}
