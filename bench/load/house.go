package main

import (
	"bytes"
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
	"time"

	"vitrine/app/platform/db"
	"vitrine/app/platform/pgserver"
)

// password opens every seeded account; the house is reachable from this
// machine alone and holds nothing of anybody's.
const password = "bench harbour 0611"

// house is the installation under measurement: a PostgreSQL with the product's
// settings, the binary, and a data directory that is kept between runs.
type house struct {
	conf   config
	pg     *pgserver.Server
	owner  *db.Owner
	cmd    *exec.Cmd
	log    *os.File
	url    string // public port
	admin  string // metrics
	sticks string // yardsticks
	sink   *sink

	running string // the build that runs; empty is conf.binary
	ahead   bool   // whether its clock has been moved
}

// open starts PostgreSQL, seeds what is missing and starts the product.
func open(ctx context.Context, c config) (_ *house, err error) {
	h := &house{conf: c}
	defer func() {
		if err != nil {
			err = errors.Join(err, h.close(ctx))
		}
	}()
	if err := os.MkdirAll(c.dir, 0o755); err != nil { //nolint:gosec // PostgreSQL may run as another user
		return nil, err
	}
	if h.pg, err = pgserver.Start(ctx, pgserver.Config{Dir: filepath.Join(c.dir, "postgres"), DieWithParent: true}); err != nil {
		return nil, err
	}
	if _, err := h.pg.EnsureDatabase(ctx, "vitrine"); err != nil {
		return nil, err
	}
	ports, err := freePorts(3)
	if err != nil {
		return nil, err
	}
	h.url, h.admin, h.sticks = "http://"+ports[0], "http://"+ports[1], "http://"+ports[2]
	if h.sink, err = openSink(); err != nil {
		return nil, err
	}
	if h.log, err = os.Create(filepath.Join(c.dir, "vitrine.log")); err != nil {
		return nil, err
	}
	say("Seeding %d works and %d members, as far as they are missing.", c.works, c.members)
	seeding := h.command(ctx, "seed", "--works", strconv.Itoa(c.works), "--members", strconv.Itoa(c.members), "--password", password)
	if err := seeding.Run(); err != nil {
		return nil, fmt.Errorf("seeding failed, see %s: %w", h.log.Name(), err)
	}
	if err := h.connectOwner(ctx); err != nil {
		return nil, err
	}
	if err := h.owner.Exec(ctx, "vacuum analyze"); err != nil {
		return nil, err
	}
	err = h.start(ctx)
	return h, err
}

// connectOwner opens the connection by which the house is looked at. A migration
// has put pg_stat_statements into a schema of its own.
func (h *house) connectOwner(ctx context.Context) (err error) {
	if h.owner, err = db.ConnectOwner(ctx, h.pg.URL("vitrine")); err != nil {
		return err
	}
	return h.owner.Exec(ctx, "set search_path = public, statistics")
}

// impatient asks for health and metrics.
var impatient = &http.Client{Timeout: timeout}

// start runs the product until it is ready.
func (h *house) start(ctx context.Context) error {
	h.cmd = h.command(ctx, "serve")
	if err := h.cmd.Start(); err != nil {
		return err
	}
	deadline := time.Now().Add(time.Minute)
	for time.Now().Before(deadline) {
		res, err := impatient.Get(h.url + "/readyz")
		if err == nil {
			_ = res.Body.Close()
			if res.StatusCode == http.StatusOK {
				return nil
			}
		}
		select {
		case <-ctx.Done():
			return ctx.Err()
		case <-time.After(50 * time.Millisecond):
		}
	}
	return fmt.Errorf("vitrine was not ready within a minute, see %s", h.log.Name())
}

// command is a subcommand of the product with the house's configuration.
func (h *house) command(ctx context.Context, args ...string) *exec.Cmd {
	binary := cmp.Or(h.running, h.conf.binary)
	name, all := binary, args
	if h.conf.serverCPUs != "" {
		name, all = "taskset", append([]string{"-c", h.conf.serverCPUs, binary}, args...)
	}
	cmd := exec.CommandContext(ctx, name, all...)
	cmd.Cancel = func() error { return cmd.Process.Signal(syscall.SIGINT) }
	cmd.WaitDelay = 30 * time.Second
	cmd.Stdout, cmd.Stderr = h.log, h.log
	host := strings.TrimPrefix(h.url, "http://")
	cmd.Env = []string{
		"PATH=" + os.Getenv("PATH"), "HOME=" + os.Getenv("HOME"), "TIER=" + h.conf.tier, "DATA_DIR=" + filepath.Join(h.conf.dir, "data"),
		"DATABASE_URL=" + h.pg.URL("vitrine"), "PORT=" + host[strings.LastIndexByte(host, ':')+1:], "BASE_URL=" + h.url,
		"ADMIN_ADDR=" + strings.TrimPrefix(h.admin, "http://"), "BENCH_ADDR=" + strings.TrimPrefix(h.sticks, "http://"),
		"BENCH_CLOCK_FILE=" + h.clockFile(), "TRUSTED_PROXIES=127.0.0.1/32", "DEV=false", "MAIL=smtp", "SMTP_URL=" + h.sink.url(), "DEMO=off", "LOG_LEVEL=warn",
	}
	// Everything is counted as ever, and nobody refused: the people of a load are few and quick.
	for _, class := range []string{"DYNAMIC", "SESSIONS", "FILES", "LOGIN", "SIGNUP", "MAIL", "ALL_MAIL", "UPLOAD", "SEARCH", "POLL", "API"} {
		cmd.Env = append(cmd.Env, "LIMIT_"+class+"=1000000")
	}
	return cmd
}

// close ends everything.
func (h *house) close(ctx context.Context) error {
	ctx = context.WithoutCancel(ctx)
	var errs []error
	if h.cmd != nil && h.cmd.Process != nil {
		_ = h.cmd.Process.Signal(syscall.SIGINT)
		var ended *exec.ExitError
		if err := h.cmd.Wait(); err != nil && !errors.As(err, &ended) {
			errs = append(errs, err)
		}
	}
	if h.owner != nil {
		errs = append(errs, h.owner.Close(ctx))
	}
	if h.pg != nil {
		errs = append(errs, h.pg.Stop(ctx))
	}
	if h.sink != nil {
		h.sink.close()
	}
	if h.log != nil {
		errs = append(errs, h.log.Close())
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

// freePorts gives addresses on loopback that nobody listens on.
func freePorts(n int) (out []string, err error) {
	var taken []net.Listener
	defer func() {
		for _, l := range taken {
			_ = l.Close()
		}
	}()
	for range n {
		l, err := net.Listen("tcp", "127.0.0.1:0")
		if err != nil {
			return nil, err
		}
		taken = append(taken, l)
		out = append(out, l.Addr().String())
	}
	return out, nil
}

// processor is the processor time that the parts have used so far. That of
// media tools is with vitrine once they have ended.
type processor struct{ vitrine, tools, postgres time.Duration }

func (p processor) since(q processor) processor {
	return processor{p.vitrine - q.vitrine, p.tools - q.tools, p.postgres - q.postgres}
}

// tick is the kernel's unit of processor times, USER_HZ, which is 100 on Linux
// whatever the timer's own rate (man 5 proc).
const tick = 10 * time.Millisecond

// processor reads /proc. A backend that has ended is in the postmaster's
// children's time.
func (h *house) processor() (p processor, err error) {
	self, err := stat(h.cmd.Process.Pid)
	if err != nil {
		return p, err
	}
	p.vitrine, p.tools = self.own, self.children
	master, err := h.postmaster()
	if err != nil {
		return p, err
	}
	all, err := filepath.Glob("/proc/[0-9]*")
	if err != nil {
		return p, err
	}
	for _, dir := range all {
		pid, _ := strconv.Atoi(filepath.Base(dir))
		s, err := stat(pid)
		switch {
		case err != nil: // it has just ended
		case pid == master:
			p.postgres += s.own + s.children
		case s.parent == master:
			p.postgres += s.own
		}
	}
	return p, nil
}

func (h *house) postmaster() (int, error) {
	raw, err := os.ReadFile(filepath.Join(h.conf.dir, "postgres", "data", "postmaster.pid"))
	if err != nil {
		return 0, err
	}
	first, _, _ := bytes.Cut(raw, []byte("\n"))
	return strconv.Atoi(string(bytes.TrimSpace(first)))
}

type procStat struct {
	parent        int
	own, children time.Duration
}

// stat reads the fields 4, 14 to 17 of /proc/PID/stat (man 5 proc).
func stat(pid int) (s procStat, err error) {
	raw, err := os.ReadFile(filepath.Join("/proc", strconv.Itoa(pid), "stat"))
	if err != nil {
		return s, err
	}
	end := bytes.LastIndexByte(raw, ')') // the name before it may hold anything
	fields := strings.Fields(string(raw[end+1:]))
	if len(fields) < 15 {
		return s, fmt.Errorf("/proc/%d/stat is not as expected", pid)
	}
	n := func(field int) int64 { v, _ := strconv.ParseInt(fields[field-3], 10, 64); return v }
	s.parent = int(n(4))
	s.own = time.Duration(n(14)+n(15)) * tick
	s.children = time.Duration(n(16)+n(17)) * tick
	return s, nil
}

// resident is the memory of the vitrine process, in bytes.
func (h *house) resident() (int64, error) {
	raw, err := os.ReadFile(filepath.Join("/proc", strconv.Itoa(h.cmd.Process.Pid), "status"))
	if err != nil {
		return 0, err
	}
	for line := range strings.Lines(string(raw)) {
		if rest, ok := strings.CutPrefix(line, "VmRSS:"); ok {
			kb, err := strconv.ParseInt(strings.Fields(rest)[0], 10, 64)
			return kb << 10, err
		}
	}
	return 0, errors.New("the process has no VmRSS")
}

// counters reads the metrics of a name as label text → value.
func (h *house) counters(ctx context.Context, name string) (map[string]float64, error) {
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, h.admin+"/metrics", nil)
	if err != nil {
		return nil, err
	}
	res, err := impatient.Do(req)
	if err != nil {
		return nil, err
	}
	defer func() { _ = res.Body.Close() }()
	raw, err := io.ReadAll(res.Body)
	if err != nil {
		return nil, err
	}
	out := map[string]float64{}
	for line := range strings.Lines(string(raw)) {
		rest, ok := strings.CutPrefix(line, name)
		if !ok || rest == "" || rest[0] != '{' && rest[0] != ' ' {
			continue
		}
		labels, value, _ := strings.Cut(rest, " ")
		if i := strings.LastIndexByte(rest, '}'); i >= 0 {
			labels, value = rest[:i+1], rest[i+1:]
		}
		if out[labels], err = strconv.ParseFloat(strings.TrimSpace(value), 64); err != nil {
			return nil, fmt.Errorf("%s%s: %w", name, labels, err)
		}
	}
	return out, nil
}
