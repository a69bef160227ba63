package pgserver

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"syscall"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"
)

const (
	// pollEvery is how often a condition outside of this process is looked at.
	pollEvery = 20 * time.Millisecond
	// sayEvery is how often a long start is mentioned in the log.
	sayEvery = 5 * time.Second
	// adoptPatience bounds the wait for a server that was left running and says that it is ready.
	adoptPatience = 10 * time.Second
	// orphanPatience bounds the wait for the children of a killed postmaster, which end by themselves.
	orphanPatience = 15 * time.Second
)

// postmaster is a server that an earlier process left running.
type postmaster struct {
	pid     int
	sockets string
	ready   bool
	gone    chan struct{}
}

// reachable reports whether its socket is still there: somebody may have swept /run or /tmp.
func (p *postmaster) reachable(port string) bool {
	_, err := os.Stat(filepath.Join(p.sockets, ".s.PGSQL."+port))
	return err == nil
}

// settle looks at what an earlier run left. It returns the postmaster when one is alive. When only its children are, it
// waits for them, because two sets of processes on one data directory would destroy it. When nothing is alive it removes
// the stale pid file: after a crash of the machine its number may belong to another program by now, and PostgreSQL
// would then refuse to start.
func (c cluster) settle(ctx context.Context) (*postmaster, error) {
	file := filepath.Join(c.data, "postmaster.pid")
	deadline := time.Now().Add(orphanPatience)
	for {
		alive := processesIn(c.data)
		found := readPidFile(file)
		switch {
		case found != nil && slices.Contains(alive, found.pid):
			found.gone = make(chan struct{})
			go awaitExit(found.pid, c.data, found.gone)
			return found, nil
		case len(alive) == 0:
			if err := os.Remove(file); err != nil && !errors.Is(err, os.ErrNotExist) {
				return nil, fmt.Errorf("The stale file %s cannot be removed: %w.", file, err)
			}
			return nil, nil
		case time.Now().After(deadline):
			return nil, fmt.Errorf("Processes of an earlier PostgreSQL still use %s: %v; end them and start again.", c.data, alive)
		}
		if err := pause(ctx, pollEvery); err != nil {
			return nil, err
		}
	}
}

// adopt makes a postmaster that was left running ours, unless it is shutting down, does not know our password, or calls
// itself ready and does not answer.
func (s *Server) adopt(ctx context.Context, left *postmaster) bool {
	s.pid = left.pid
	if left.ready {
		var cancel context.CancelFunc
		ctx, cancel = context.WithTimeout(ctx, adoptPatience)
		defer cancel()
	}
	if err := s.awaitReady(ctx, left.gone); err != nil {
		s.log.WarnContext(ctx, "the PostgreSQL that was still running does not answer", "pid", left.pid, "error", err)
		return false
	}
	go func() {
		<-left.gone
		close(s.done)
	}()
	return true
}

// launch starts a postmaster and waits until it answers.
func (s *Server) launch(ctx context.Context) error {
	// A file, not a pipe: the server may outlive us.
	early, err := os.Create(s.cluster.earlyLog())
	if err != nil {
		return fmt.Errorf("The log of PostgreSQL cannot be opened: %w.", err)
	}
	defer func() { _ = early.Close() }()
	cmd := s.cluster.who.command(context.WithoutCancel(ctx), s.cluster.bin.path("postgres"), "-D", s.cluster.data)
	cmd.Stdout, cmd.Stderr = early, early
	if err := cmd.Start(); err != nil {
		return fmt.Errorf("PostgreSQL cannot be started: %w.", err)
	}
	s.pid = cmd.Process.Pid
	go func() {
		// How it ended is in its own log; that it ended is what callers wait for.
		_ = cmd.Wait()
		close(s.done)
	}()
	if err := s.awaitReady(ctx, s.done); err != nil {
		stop, cancel := context.WithTimeout(context.WithoutCancel(ctx), quitPatience)
		defer cancel()
		return errors.Join(err, terminate(stop, s.pid, s.done))
	}
	return nil
}

// awaitReady waits until a query succeeds. It gives up when the server ends, when ctx does, or when the answer can never
// become a good one.
func (s *Server) awaitReady(ctx context.Context, ended <-chan struct{}) error {
	said := time.Now()
	for {
		err := s.ping(ctx)
		if err == nil {
			return nil
		}
		var refused *pgconn.PgError
		if errors.As(err, &refused) && refused.Code != "57P03" { // cannot_connect_now: starting up, or recovering
			return fmt.Errorf("PostgreSQL refuses its owner: %w.", err)
		}
		if errors.Is(err, errElsewhere) {
			return err
		}
		if time.Since(said) > sayEvery {
			said = time.Now()
			s.log.InfoContext(ctx, "waiting for PostgreSQL, which may be recovering from a crash", "pid", s.pid)
		}
		select {
		case <-ended:
			return explain("PostgreSQL ended while starting; its log is in "+s.cluster.logs, s.cluster.lastWords(), errors.New("see there"))
		case <-ctx.Done():
			return fmt.Errorf("Starting PostgreSQL was interrupted: %w.", context.Cause(ctx))
		case <-time.After(pollEvery):
		}
	}
}

// ping proves that whoever answers at the socket is the server of our directory.
func (s *Server) ping(ctx context.Context) error {
	ctx, cancel := context.WithTimeout(ctx, sayEvery)
	defer cancel()
	conn, err := pgx.Connect(ctx, s.URL("postgres"))
	if err != nil {
		return err
	}
	defer func() { _ = conn.Close(ctx) }()
	var dir string
	if err := conn.QueryRow(ctx, "show data_directory").Scan(&dir); err != nil {
		return err
	}
	if dir != s.cluster.data {
		return fmt.Errorf("PostgreSQL at %s serves %s: %w.", s.sockets, dir, errElsewhere)
	}
	return nil
}

var errElsewhere = errors.New("another server has taken the socket")

func (c cluster) earlyLog() string { return filepath.Join(c.logs, "start.log") }

// lastWords is what the server wrote before its log was open, and the end of today's log.
func (c cluster) lastWords() string {
	early, _ := os.ReadFile(c.earlyLog())
	today := filepath.Join(c.logs, "postgres-"+time.Now().UTC().Format("Mon")+".log")
	if lines, err := os.ReadFile(today); err == nil {
		early = append(lines[max(0, len(lines)-4096):], early...)
	}
	return string(early)
}

// readPidFile reads number, socket directory and state from lines 1, 5 and 8 of postmaster.pid. Nil when it holds none.
func readPidFile(path string) *postmaster {
	text, err := os.ReadFile(path)
	if err != nil {
		return nil
	}
	lines := strings.Split(string(text), "\n")
	pid, err := strconv.Atoi(strings.TrimSpace(lines[0]))
	if err != nil || pid <= 0 || len(lines) < 5 {
		return nil
	}
	ready := len(lines) > 7 && strings.TrimSpace(lines[7]) == "ready"
	return &postmaster{pid: pid, sockets: strings.TrimSpace(lines[4]), ready: ready}
}

// processesIn lists the processes that work in a directory. Every process of a PostgreSQL works in its data directory,
// which tells it from a program that merely got the same number after a crash.
func processesIn(dir string) []int {
	if real, err := filepath.EvalSymlinks(dir); err == nil {
		dir = real
	}
	links, err := filepath.Glob("/proc/[0-9]*/cwd")
	if err != nil {
		return nil
	}
	var pids []int
	for _, link := range links {
		if at, err := os.Readlink(link); err != nil || at != dir {
			continue
		}
		if pid, err := strconv.Atoi(filepath.Base(filepath.Dir(link))); err == nil {
			pids = append(pids, pid)
		}
	}
	return pids
}

// awaitExit closes gone when a process that is not our child has ended.
func awaitExit(pid int, dir string, gone chan<- struct{}) {
	if real, err := filepath.EvalSymlinks(dir); err == nil {
		dir = real
	}
	link := filepath.Join("/proc", strconv.Itoa(pid), "cwd")
	tick := time.NewTicker(5 * pollEvery)
	defer tick.Stop()
	for range tick.C {
		at, err := os.Readlink(link)
		if err != nil || at != dir || errors.Is(syscall.Kill(pid, 0), syscall.ESRCH) {
			close(gone)
			return
		}
	}
}

func pause(ctx context.Context, d time.Duration) error {
	select {
	case <-ctx.Done():
		return fmt.Errorf("Starting PostgreSQL was interrupted: %w.", context.Cause(ctx))
	case <-time.After(d):
		return nil
	}
}

// took is a duration as a log line shows it.
func took(began time.Time) string { return time.Since(began).Round(time.Millisecond).String() }
