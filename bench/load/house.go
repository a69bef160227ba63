package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"sync"
	"time"

	"vitrine/app/platform/child"
	"vitrine/app/platform/db"
	"vitrine/bench/sink"
	"vitrine/bench/traffic"
	"vitrine/e2e/rig"
)

// password opens every seeded account; the house is reachable from this
// machine alone and holds nothing of anybody's.
const password = "bench harbour 0611"

// house is the installation under measurement: a tier's whole set of servers,
// with data that is kept between runs.
type house struct {
	conf   config
	tier   string
	dir    string
	top    *rig.Topology
	owner  *db.Owner
	url    string // of the site, as people reach it
	sticks string // URL of the yardsticks, in the first process that answers requests
	sink   *sink.Server

	ahead bool // whether its clock has been moved
}

// open starts a tier and seeds what is missing.
func open(ctx context.Context, c config, tier string) (_ *house, err error) {
	h := &house{conf: c, tier: tier, dir: filepath.Join(c.dir, tier)}
	defer func() {
		if err != nil {
			err = errors.Join(err, h.close(ctx))
		}
	}()
	if err := os.MkdirAll(h.dir, 0o755); err != nil { //nolint:gosec // PostgreSQL may run as another user
		return nil, err
	}
	port, err := child.FreePort()
	if err != nil {
		return nil, err
	}
	sticks := "127.0.0.1:" + strconv.Itoa(port)
	if h.sink, err = sink.Open(); err != nil {
		return nil, err
	}
	h.top, err = rig.Run(ctx, rig.Plan{Dir: h.dir, Tier: tier, Binary: c.binary, PerAddress: unbounded, Env: h.environment(), EnvOf: func(name string) []string {
		if name == "all-1" || name == "web-1" {
			return []string{"BENCH_ADDR=" + sticks}
		}
		return nil
	}})
	if err != nil {
		return nil, err
	}
	h.url, h.sticks = h.top.URL, "http://"+sticks
	if err := h.connectOwner(ctx); err != nil {
		return nil, err
	}
	if err := h.seed(ctx); err != nil {
		return nil, err
	}
	// What was kept while the set was made knows less than the set.
	if h.top.Redis != nil {
		h.top.Redis.Kill()
		if err := h.top.Redis.Start(ctx); err != nil {
			return nil, err
		}
	}
	err = h.pin()
	return h, err
}

// unbounded is the limit of every class and at the balancer, a minute.
const unbounded = 1_000_000

// environment is for every process of Vitrine. Everything is counted as ever,
// and nobody refused: the people of a load are few and quick.
func (h *house) environment() []string {
	env := []string{"BENCH_CLOCK_FILE=" + h.clockFile(), "DEV=false", "MAIL=smtp", "SMTP_URL=" + h.sink.URL(), "DEMO=off", "LOG_LEVEL=warn", "TRUSTED_PROXIES=127.0.0.1/32"}
	for _, class := range []string{"DYNAMIC", "SESSIONS", "FILES", "LOGIN", "SIGNUP", "MAIL", "ALL_MAIL", "UPLOAD", "SEARCH", "POLL", "API", "LIVE", "BEACON"} {
		env = append(env, "LIMIT_"+class+"="+strconv.Itoa(unbounded))
	}
	return env
}

// seed makes the set, unless an earlier run has.
func (h *house) seed(ctx context.Context) error {
	var there bool
	if err := h.owner.Scan(ctx, &there, "select (select count(*) from works) >= $1 and (select count(*) from users) >= $2", h.conf.works, h.conf.members); err != nil {
		return err
	}
	if there {
		return nil
	}
	say("Seeding %d works and %d members at %s, as far as they are missing.", h.conf.works, h.conf.members, h.tier)
	cmd := h.top.Command(ctx, h.top.Processes[len(h.top.Processes)-1], "seed",
		"--works", strconv.Itoa(h.conf.works), "--members", strconv.Itoa(h.conf.members), "--password", password)
	if out, err := cmd.CombinedOutput(); err != nil {
		return fmt.Errorf("seeding failed: %w\n%s", err, out)
	}
	return h.owner.Exec(ctx, "vacuum analyze")
}

// connectOwner opens the connection by which the house is looked at. A migration
// has put pg_stat_statements into a schema of its own.
func (h *house) connectOwner(ctx context.Context) (err error) {
	at, err := h.top.OwnerURL()
	if err != nil {
		return err
	}
	if h.owner, err = db.ConnectOwner(ctx, at); err != nil {
		return err
	}
	return h.owner.Exec(ctx, "set search_path = public, statistics")
}

// restart ends the processes of Vitrine gently and starts them with the plan as
// it is then.
func (h *house) restart(ctx context.Context, alter func(p *rig.Plan)) error {
	var all sync.WaitGroup
	for _, s := range h.top.Processes {
		all.Go(func() {
			if status, err := s.Stop(); err != nil || status != 0 {
				say("%s ended with %d, %v", s.Name, status, err)
			}
		})
	}
	all.Wait()
	if alter != nil {
		h.top.Alter(alter)
	}
	return h.startProcesses(ctx)
}

func (h *house) startProcesses(ctx context.Context) error {
	ctx, cancel := context.WithTimeout(ctx, time.Minute)
	defer cancel()
	var all sync.WaitGroup
	problems := make([]error, len(h.top.Processes))
	for i, s := range h.top.Processes {
		all.Go(func() { problems[i] = s.Start(ctx) })
	}
	all.Wait()
	return errors.Join(errors.Join(problems...), h.pin())
}

// close ends everything.
func (h *house) close(ctx context.Context) error {
	var errs []error
	if h.owner != nil {
		errs = append(errs, h.owner.Close(context.WithoutCancel(ctx)))
	}
	if h.top != nil {
		errs = append(errs, h.top.Stop())
	}
	if h.sink != nil {
		h.sink.Close()
	}
	return errors.Join(errs...)
}

// rows reads what a query gives as objects.
func rows[T any](ctx context.Context, h *house, query string, args ...any) ([]T, error) {
	var raw []byte
	if err := h.owner.Scan(ctx, &raw, "select coalesce(json_agg(q), '[]')::text from ("+query+") q", args...); err != nil {
		return nil, err
	}
	var out []T
	err := json.Unmarshal(raw, &out)
	return out, err
}

// counters reads the metrics of a name from every process as label text → sum.
func (h *house) counters(ctx context.Context, name string) (map[string]float64, error) {
	sums := map[string]float64{}
	for _, s := range h.top.Processes {
		if err := counted(ctx, s.Admin, name, sums); err != nil {
			return nil, fmt.Errorf("%s: %w", s.Name, err)
		}
	}
	return sums, nil
}

// impatient asks for metrics.
var impatient = &http.Client{Timeout: traffic.Timeout}

func counted(ctx context.Context, admin, name string, sums map[string]float64) error {
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, admin+"/metrics", nil)
	if err != nil {
		return err
	}
	res, err := impatient.Do(req)
	if err != nil {
		return err
	}
	defer func() { _ = res.Body.Close() }()
	raw, err := io.ReadAll(res.Body)
	if err != nil {
		return err
	}
	for line := range strings.Lines(string(raw)) {
		rest, ok := strings.CutPrefix(line, name)
		if !ok || rest == "" || rest[0] != '{' && rest[0] != ' ' {
			continue
		}
		labels, value, _ := strings.Cut(rest, " ")
		if i := strings.LastIndexByte(rest, '}'); i >= 0 {
			labels, value = rest[:i+1], rest[i+1:]
		}
		n, err := strconv.ParseFloat(strings.TrimSpace(value), 64)
		if err != nil {
			return fmt.Errorf("%s%s: %w", name, labels, err)
		}
		sums[labels] += n
	}
	return nil
}
