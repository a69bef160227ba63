// Package redistest gives each test a real Redis of its own, on a free port of
// loopback and without a disk, which ends with the test's process.
package redistest

import (
	"bytes"
	"context"
	"net"
	"os/exec"
	"sync"
	"syscall"
	"testing"
	"time"

	"github.com/redis/go-redis/v9"
)

const patience = 30 * time.Second

// Server is a running Redis. Its methods fail the test when they cannot do what
// they say.
type Server struct {
	URL  string // redis://127.0.0.1:port/0
	t    testing.TB
	port string
	cmd  *exec.Cmd
	said *lockedBuffer
}

// New starts a Redis and stops it when the test ends.
func New(t testing.TB) *Server {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	_, port, err := net.SplitHostPort(l.Addr().String())
	_ = l.Close()
	if err != nil {
		t.Fatal(err)
	}
	s := &Server{t: t, port: port, URL: "redis://127.0.0.1:" + port + "/0"}
	t.Cleanup(s.Kill)
	s.Start()
	return s
}

// Start runs it again after a Kill, empty, on the same port.
func (s *Server) Start() {
	s.t.Helper()
	s.said = &lockedBuffer{}
	s.cmd = exec.Command("redis-server", "--port", s.port, "--bind", "127.0.0.1", "--save", "", "--appendonly", "no", "--dir", s.t.TempDir())
	s.cmd.Stdout, s.cmd.Stderr = s.said, s.said
	s.cmd.SysProcAttr = &syscall.SysProcAttr{Pdeathsig: syscall.SIGKILL}
	if err := s.cmd.Start(); err != nil {
		s.t.Fatalf("redis-server cannot be started; `scripts/setup --tests` installs it: %v", err)
	}
	s.await()
}

func (s *Server) await() {
	s.t.Helper()
	c := s.Client()
	defer func() { _ = c.Close() }()
	tick := time.NewTicker(5 * time.Millisecond)
	defer tick.Stop()
	for deadline := time.Now().Add(patience); ; <-tick.C {
		if c.Ping(context.Background()).Err() == nil {
			return
		}
		if time.Now().After(deadline) {
			s.t.Fatalf("Redis did not answer within %s:\n%s", patience, s.said)
		}
	}
}

// Client is a plain connection for the test itself; the test closes it or not.
func (s *Server) Client() *redis.Client {
	return redis.NewClient(&redis.Options{Addr: "127.0.0.1:" + s.port, DisableIdentity: true})
}

// Flush empties it.
func (s *Server) Flush() {
	s.t.Helper()
	c := s.Client()
	defer func() { _ = c.Close() }()
	if err := c.FlushAll(context.Background()).Err(); err != nil {
		s.t.Fatal(err)
	}
}

// Kill ends it as a power cut would. A second time it does nothing.
func (s *Server) Kill() {
	if s.cmd == nil || s.cmd.Process == nil {
		return
	}
	_ = s.cmd.Process.Kill()
	_ = s.cmd.Wait()
	s.cmd = nil
}

// Freeze holds it: it keeps its connections and answers nothing until Thaw.
func (s *Server) Freeze() { s.signal(syscall.SIGSTOP) }

// Thaw lets it go on.
func (s *Server) Thaw() { s.signal(syscall.SIGCONT) }

func (s *Server) signal(sig syscall.Signal) {
	s.t.Helper()
	if err := s.cmd.Process.Signal(sig); err != nil {
		s.t.Fatal(err)
	}
}

// lockedBuffer collects what a process writes.
type lockedBuffer struct {
	mu  sync.Mutex
	buf bytes.Buffer
}

func (b *lockedBuffer) Write(p []byte) (int, error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.buf.Write(p)
}

func (b *lockedBuffer) String() string {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.buf.String()
}
