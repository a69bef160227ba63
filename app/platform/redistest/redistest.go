// Package redistest gives each test a real Redis of its own, on a free port of
// loopback and without a disk, which ends with the test's process.
package redistest

import (
	"context"
	"net"
	"path/filepath"
	"strconv"
	"testing"
	"time"

	"github.com/redis/go-redis/v9"

	"vitrine/app/platform/child"
	"vitrine/app/platform/redisdb"
)

const patience = time.Minute

// Server is a running Redis. Its methods fail the test when they cannot do what
// they say.
type Server struct {
	URL string // redis://127.0.0.1:port/0

	t       testing.TB
	port    string
	dir     string
	process *child.Process
}

// Outage is a way to lose a Redis, and to have it back.
type Outage struct{ Away, Back func(*Server) }

// Outages are the ways, by name: one that is gone refuses connections, one that
// is frozen takes them and answers nothing.
func Outages() map[string]Outage {
	return map[string]Outage{
		"killed": {(*Server).Kill, (*Server).Start},
		"frozen": {(*Server).Freeze, (*Server).Thaw},
	}
}

// New starts a Redis and stops it when the test ends.
func New(t testing.TB) *Server {
	t.Helper()
	n, err := child.FreePort()
	if err != nil {
		t.Fatal(err)
	}
	port := strconv.Itoa(n)
	s := &Server{t: t, port: port, dir: t.TempDir(), URL: "redis://127.0.0.1:" + port + "/0"}
	t.Cleanup(s.Kill)
	s.Start()
	return s
}

// Start runs it again after a Kill, on the same port: empty, or as it was at the
// last Save.
func (s *Server) Start() {
	s.t.Helper()
	process, err := child.Start(child.Config{
		Path: "redis-server", Dir: s.dir, Log: filepath.Join(s.dir, "redis.log"),
		Args: []string{"--port", s.port, "--bind", "127.0.0.1", "--save", "", "--appendonly", "no", "--maxmemory-policy", "noeviction"},
	})
	if err != nil {
		s.t.Fatalf("redis-server cannot be started; `scripts/setup --tests` installs it: %v", err)
	}
	s.process = process
	c := s.Client()
	defer func() { _ = c.Close() }()
	tick := time.NewTicker(5 * time.Millisecond)
	defer tick.Stop()
	for deadline := time.Now().Add(patience); c.Ping(context.Background()).Err() != nil; <-tick.C {
		if !s.process.Running() {
			s.t.Fatalf("Redis ended while starting:\n%s", s.process.Said())
		}
		if time.Now().After(deadline) {
			s.t.Fatalf("Redis did not answer within %s:\n%s", patience, s.process.Said())
		}
	}
}

// Client is a plain connection for the test itself; the test closes it or not.
func (s *Server) Client() *redis.Client {
	return redis.NewClient(&redis.Options{Addr: "127.0.0.1:" + s.port, DisableIdentity: true})
}

// Connect is a client as one process of the product has it, until the test ends, but for its patience: on a machine full of
// tests a Redis that is well answers late.
func (s *Server) Connect(t testing.TB) *redisdb.Client {
	t.Helper()
	return s.connect(t, patience)
}

// Hurried is one that waits for an answer only so long, for tests of a Redis that is frozen; 0 is as long as the product does.
func (s *Server) Hurried(t testing.TB, wait time.Duration) *redisdb.Client {
	t.Helper()
	return s.connect(t, wait)
}

func (s *Server) connect(t testing.TB, timeout time.Duration) *redisdb.Client {
	t.Helper()
	c, err := redisdb.Open(redisdb.Config{URL: s.URL, Timeout: timeout})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = c.Close() })
	return c
}

// Flush empties it.
func (s *Server) Flush() {
	s.t.Helper()
	s.must((*redis.Client).FlushAll)
}

// Save has it write down what it holds, for the next Start.
func (s *Server) Save() {
	s.t.Helper()
	s.must((*redis.Client).Save)
}

func (s *Server) must(do func(*redis.Client, context.Context) *redis.StatusCmd) {
	s.t.Helper()
	c := s.Client()
	defer func() { _ = c.Close() }()
	if err := do(c, context.Background()).Err(); err != nil {
		s.t.Fatal(err)
	}
}

// Kill ends it as a power cut would. A second time it does nothing.
func (s *Server) Kill() {
	if s.process != nil {
		s.process.Kill()
	}
}

// Freeze holds it: it keeps its connections and answers nothing until Thaw.
func (s *Server) Freeze() { s.process.Freeze() }

// Thaw lets it go on.
func (s *Server) Thaw() { s.process.Thaw() }

// Eventually asks until the answer is as it should be, and fails the test when
// that does not come.
func Eventually(t testing.TB, what string, is func() bool) {
	t.Helper()
	tick := time.NewTicker(10 * time.Millisecond)
	defer tick.Stop()
	for deadline := time.Now().Add(patience); !is(); <-tick.C {
		if time.Now().After(deadline) {
			t.Fatalf("not within %s: %s", patience, what)
		}
	}
}

// Silent takes connections and answers nothing.
func Silent(t testing.TB) (address string) {
	t.Helper()
	l, err := new(net.ListenConfig).Listen(t.Context(), "tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = l.Close() })
	go func() {
		for {
			c, err := l.Accept()
			if err != nil {
				return
			}
			t.Cleanup(func() { _ = c.Close() })
		}
	}()
	return l.Addr().String()
}
