package pgserver

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net/url"
	"os"
	"strconv"
	"sync"
	"syscall"
	"time"

	"github.com/jackc/pgx/v5"
)

// Owner is the role that initdb makes: the superuser that owns every table and makes the other roles.
const Owner = "vitrine"

// defaultPort only names the socket file: every server has a directory of its own.
const defaultPort = 5432

// ErrInUse says that another process holds the directory. The error that wraps it is a sentence with that process's number.
var ErrInUse = errors.New("the directory is in use")

// Config says where the server lives. Only Dir is required.
type Config struct {
	// Dir is the server's own directory, usually DATA_DIR/postgres. It is created with mode 0700 when missing.
	Dir string
	// Log gets a line when the server is made, started, taken over, recovered or stopped. Nil discards them.
	Log *slog.Logger
	// Port lets programs of this machine in by TCP, too, with a password. Zero does not. Ports of one server may differ from
	// start to start.
	Port int
	// Settings override the generated configuration, name by name ("fsync": "off").
	Settings map[string]string
	// Trust lets in whoever reaches the socket, without a password. For tests, where hashing it costs more than many a
	// test does.
	Trust bool
	// DieWithParent stops the server soon after this process ends, however it ends. For tests: a product server
	// must rather survive a crash of Vitrine and be taken over.
	DieWithParent bool
}

// Server is a running PostgreSQL. Its methods may be called from several goroutines.
type Server struct {
	cluster  cluster
	log      *slog.Logger
	lock     *os.File
	password string
	sockets  string
	pid      int
	done     chan struct{}
	watchdog io.Closer
	stopOnce sync.Once
	stopErr  error
}

// Start makes the server's directory when there is none, starts PostgreSQL or takes over one that a killed process left
// running, and returns once it answers queries. A server that recovers from a crash is waited for as long as ctx allows.
//
// It wraps ErrInUse when another process holds the directory. Every error is a sentence for the person at the terminal:
// missing binaries, a directory of another major version, a full disk, a directory that the server's user cannot reach.
func Start(ctx context.Context, cfg Config) (_ *Server, err error) {
	log := cfg.Log
	if log == nil {
		log = slog.New(slog.DiscardHandler)
	}
	dir, err := resolve(cfg.Dir)
	if err != nil {
		return nil, err
	}
	c, err := openCluster(dir)
	if err != nil {
		return nil, err
	}
	c.port = strconv.Itoa(cmp.Or(cfg.Port, defaultPort))
	lock, err := lockDir(dir)
	if err != nil {
		return nil, err
	}
	s := &Server{cluster: c, log: log, lock: lock, done: make(chan struct{})}
	defer func() {
		if err != nil {
			s.abandon()
			s.removeSockets()
		}
	}()
	if err := s.cluster.prepare(ctx, log); err != nil {
		return nil, err
	}
	if s.password, err = s.cluster.password(); err != nil {
		return nil, err
	}
	if err := s.run(ctx, cfg); err != nil {
		return nil, err
	}
	return s, nil
}

// run takes over a server that is there, or starts one.
func (s *Server) run(ctx context.Context, cfg Config) error {
	began := time.Now()
	left, err := s.cluster.settle(ctx)
	if err != nil {
		return err
	}
	conf, err := s.cluster.config(cfg, left)
	if err != nil {
		return err
	}
	s.sockets = conf.sockets
	if left != nil && left.reachable(s.cluster.port) && s.cluster.upToDate(conf) && s.adopt(ctx, left) {
		s.log.InfoContext(ctx, "took over the PostgreSQL that was still running", "pid", left.pid, "took", took(began))
		return s.watch(cfg.DieWithParent)
	}
	if left != nil {
		s.log.InfoContext(ctx, "restarting the PostgreSQL that was still running", "pid", left.pid)
		if err := terminate(ctx, left.pid, left.gone); err != nil {
			return err
		}
	}
	if err := s.cluster.clearSockets(conf.sockets); err != nil {
		return err
	}
	if err := s.cluster.write(conf); err != nil {
		return err
	}
	if err := s.watch(cfg.DieWithParent); err != nil {
		return err
	}
	if err := s.launch(ctx); err != nil {
		return err
	}
	s.log.InfoContext(ctx, "PostgreSQL is up", "version", s.cluster.bin.version, "pid", s.pid, "took", took(began))
	return nil
}

// URL is the connection string of the owner for one database of the server.
func (s *Server) URL(database string) string {
	return s.RoleURL(Owner, s.password, database)
}

// RoleURL is the connection string of another role. An empty password is left out.
func (s *Server) RoleURL(role, password, database string) string {
	user := url.User(role)
	if password != "" {
		user = url.UserPassword(role, password)
	}
	query := url.Values{"host": {s.sockets}, "port": {s.cluster.port}, "sslmode": {"disable"}}
	u := url.URL{Scheme: "postgres", User: user, Path: "/" + database, RawQuery: query.Encode()}
	return u.String()
}

// EnsureDatabase creates a database that is not there yet. It reports whether it did.
func (s *Server) EnsureDatabase(ctx context.Context, name string) (created bool, err error) {
	conn, err := pgx.Connect(ctx, s.URL("postgres"))
	if err != nil {
		return false, fmt.Errorf("connect to the private PostgreSQL: %w", err)
	}
	defer func() { err = errors.Join(err, conn.Close(ctx)) }()
	var exists bool
	const lookup = `select exists (select from pg_database where datname = $1)`
	if err := conn.QueryRow(ctx, lookup, name).Scan(&exists); err != nil || exists {
		return false, err
	}
	if _, err := conn.Exec(ctx, "create database "+pgx.Identifier{name}.Sanitize()); err != nil {
		return false, fmt.Errorf("create database %s: %w", name, err)
	}
	return true, nil
}

// Done is closed when the server has ended, by Stop or on its own.
func (s *Server) Done() <-chan struct{} { return s.done }

// Pid is the process number of the postmaster.
func (s *Server) Pid() int { return s.pid }

// LogDir is where the server writes its log: one file per weekday, each overwritten a week later.
func (s *Server) LogDir() string { return s.cluster.logs }

// Stop ends every session and shuts the server down cleanly, then gives the directory back. When ctx ends first the
// server is told to quit at once, which loses nothing but makes its next start recover from its log.
// A second call waits for the first and returns the same.
func (s *Server) Stop(ctx context.Context) error {
	s.stopOnce.Do(func() {
		began := time.Now()
		s.stopErr = terminate(ctx, s.pid, s.done)
		s.abandon()
		if s.stopErr == nil {
			s.removeSockets()
		}
		s.log.InfoContext(ctx, "PostgreSQL stopped", "took", took(began))
	})
	return s.stopErr
}

// Detach gives the directory back and leaves the server running for whoever takes it over next.
// Neither Stop nor Done may be used afterwards.
func (s *Server) Detach() { s.abandon() }

// abandon lets go of what this process holds: the watchdog, then the lock.
func (s *Server) abandon() {
	if s.watchdog != nil {
		_ = s.watchdog.Close()
		s.watchdog = nil
	}
	unlock(s.lock)
}

// removeSockets removes the socket's directory. One that is not empty stays: the server is still there, or was killed,
// and the next start uses it again.
func (s *Server) removeSockets() {
	if s.sockets != "" {
		_ = os.Remove(s.sockets)
	}
}

// terminate asks a postmaster for a fast shutdown and, when ctx ends before it is gone, for an immediate one.
func terminate(ctx context.Context, pid int, gone <-chan struct{}) error {
	if err := syscall.Kill(pid, syscall.SIGINT); err != nil && !errors.Is(err, syscall.ESRCH) {
		return fmt.Errorf("PostgreSQL (process %d) cannot be stopped: %w.", pid, err)
	}
	select {
	case <-gone:
		return nil
	case <-ctx.Done():
	}
	if err := syscall.Kill(pid, syscall.SIGQUIT); err != nil && !errors.Is(err, syscall.ESRCH) {
		return fmt.Errorf("PostgreSQL (process %d) cannot be stopped: %w.", pid, err)
	}
	select {
	case <-gone:
		return nil
	case <-time.After(quitPatience):
		return fmt.Errorf("PostgreSQL (process %d) does not stop.", pid)
	}
}

// quitPatience bounds the wait for an immediate shutdown; PostgreSQL itself kills its children after 5 s.
const quitPatience = 8 * time.Second
