package rig

import (
	"context"
	"fmt"
	"path/filepath"
	"strings"
	"sync"
	"syscall"
	"time"

	"vitrine/app/platform/child"
)

// stopPatience is how long a server may take to end when it is asked to. A process
// of Vitrine gives its last requests 11 s; the rest is for a busy machine.
const stopPatience = time.Minute

// Server is one server of a topology: Redis, the object store, the balancer, or
// a process of Vitrine. Its methods may be called from several goroutines.
type Server struct {
	Name    string // "redis", "store", "balancer", "web-1", "worker-1", "all-1"
	Address string // host:port that it listens on; of a worker: of its admin port
	Admin   string // URL of the admin port of a process of Vitrine

	env   func() []string // of a process of Vitrine, as it would start next
	run   func() (*child.Process, error)
	ready func(ctx context.Context) error
	ask   syscall.Signal // that asks it to end
	log   string

	mu      sync.Mutex
	process *child.Process // the last one; nil before the first
}

// Launch starts the server and waits for nothing.
func (s *Server) Launch() error {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.process != nil && s.process.Running() {
		return fmt.Errorf("%s runs already", s.Name)
	}
	p, err := s.run()
	if err != nil {
		return fmt.Errorf("%s cannot be started: %w", s.Name, err)
	}
	s.process = p
	return nil
}

// Start starts the server, again after a Kill or Stop, on the same port and with
// what it had on disk, and waits until it does its work.
func (s *Server) Start(ctx context.Context) error {
	if err := s.Launch(); err != nil {
		return err
	}
	return s.AwaitReady(ctx)
}

// AwaitReady waits until the server does its work. It gives up when the server
// ends or ctx does.
func (s *Server) AwaitReady(ctx context.Context) error {
	p := s.last()
	return await(ctx, p.Done(), func() string { return s.Name + ":\n" + tailOf(s.Said()) }, s.ready)
}

// await asks until there is no error. what is for those who read why it gave up.
func await(ctx context.Context, ended <-chan struct{}, what func() string, ready func(ctx context.Context) error) error {
	tick := time.NewTicker(10 * time.Millisecond)
	defer tick.Stop()
	for {
		err := ready(ctx)
		if err == nil {
			return nil
		}
		select {
		case <-ended:
			return fmt.Errorf("it ended while starting: %s", what())
		case <-ctx.Done():
			return fmt.Errorf("it was not ready in time (%w): %s", err, what())
		case <-tick.C:
		}
	}
}

func (s *Server) last() *child.Process {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.process
}

// Running tells whether it has been started and has not ended.
func (s *Server) Running() bool {
	p := s.last()
	return p != nil && p.Running()
}

// Pid is the number of its process.
func (s *Server) Pid() int { return s.last().Pid() }

// Stop asks it to end and waits until it has. The status is 0 for one that ended
// well or did not run.
func (s *Server) Stop() (status int, err error) {
	if !s.Running() {
		return 0, nil
	}
	status, err = s.last().Stop(s.ask, stopPatience)
	if err != nil {
		err = fmt.Errorf("%s: %w", s.Name, err)
	}
	return status, err
}

// Kill ends it and its children as a power cut would.
func (s *Server) Kill() {
	if p := s.last(); p != nil {
		p.Kill()
	}
}

// Freeze holds it and its children until Thaw: connections stay, nothing answers.
func (s *Server) Freeze() {
	if p := s.last(); p != nil {
		p.Freeze()
	}
}

// Thaw lets it go on.
func (s *Server) Thaw() {
	if p := s.last(); p != nil {
		p.Thaw()
	}
}

// Signal sends it a signal.
func (s *Server) Signal(sig syscall.Signal) {
	if p := s.last(); p != nil {
		p.Signal(sig)
	}
}

// Log is what it wrote in all its lives.
func (s *Server) Log() string {
	if p := s.last(); p != nil {
		return p.Log()
	}
	return ""
}

// Said is what it wrote since it was last started.
func (s *Server) Said() string {
	if p := s.last(); p != nil {
		return p.Said()
	}
	return ""
}

// tailOf is the last of what a server wrote.
func tailOf(log string) string {
	const most = 4000
	if len(log) > most {
		log = "…" + log[len(log)-most:]
	}
	return strings.TrimSpace(log)
}

// logFile is the file of a server's log.
func (t *Topology) logFile(name string) string { return filepath.Join(t.plan.Dir, "log", name+".log") }
