// Package rig runs the real binary for tests of the whole: it builds it once,
// starts it with a data directory of its own, kills it, starts it again, and
// leaves nothing behind when the test ends.
package rig

import (
	"bufio"
	"fmt"
	"io"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"runtime"
	"slices"
	"strconv"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"vitrine/app/platform/child"
	"vitrine/app/platform/logtest"
)

// patience is how long a condition may take to come true on a busy machine.
const patience = 5 * time.Minute

// Root is the repository's root.
func Root() string {
	_, file, _, _ := runtime.Caller(0)
	return filepath.Dir(filepath.Dir(filepath.Dir(file)))
}

var (
	buildOnce sync.Once
	built     string
	errBuild  error
)

// Main runs the tests of a package and removes what was built for them. A
// package that starts sites calls it from its TestMain.
func Main(m *testing.M) int {
	defer func() {
		if built != "" {
			_ = os.RemoveAll(filepath.Dir(built))
		}
	}()
	return m.Run()
}

// Binary builds the product once for all tests of the process, under the race
// detector when they are.
func Binary(t *testing.T) string {
	t.Helper()
	buildOnce.Do(func() {
		dir, err := os.MkdirTemp("", "vitrine-e2e-bin-")
		if err != nil {
			errBuild = err
			return
		}
		built = filepath.Join(dir, "vitrine")
		args := []string{"build", "-o", built, "."}
		if Raced {
			args = slices.Insert(args, 1, "-race")
		}
		cmd := exec.Command("go", args...)
		cmd.Dir = Root()
		if out, err := cmd.CombinedOutput(); err != nil {
			errBuild = fmt.Errorf("building vitrine: %w\n%s", err, out)
		}
	})
	if errBuild != nil {
		t.Fatal(errBuild)
	}
	return built
}

// Site is one installation: a data directory and, while it runs, a process.
type Site struct {
	Dir   string
	URL   string
	Token string // of the setup, from the last start; empty once it is done
	Admin string // URL of the admin port

	t   *testing.T
	env []string
	cmd *exec.Cmd
	log *logtest.Log
	end chan struct{}
}

// unlimited lets one address do what a test does within seconds. Limits have
// tests of their own.
var unlimited = []string{
	"LIMIT_DYNAMIC=0", "LIMIT_SESSIONS=0", "LIMIT_FILES=0", "LIMIT_LOGIN=0", "LIMIT_SIGNUP=0", "LIMIT_MAIL=0",
	"LIMIT_ALL_MAIL=0", "LIMIT_UPLOAD=0", "LIMIT_SEARCH=0", "LIMIT_POLL=0", "LIMIT_API=0", "LIMIT_LIVE=0", "LIMIT_BEACON=0",
}

// New prepares an installation with extra environment ("DEMO=off").
func New(t *testing.T, env ...string) *Site {
	t.Helper()
	port := freePort(t)
	s := &Site{t: t, Dir: t.TempDir(), URL: "http://127.0.0.1:" + port,
		env: append([]string{"PORT=" + port, "BASE_URL=http://127.0.0.1:" + port, "TIER=1k"}, append(slices.Clone(unlimited), env...)...)}
	Open(t, s.Dir)
	t.Cleanup(s.Destroy)
	return s
}

// Open lets others pass through a directory of t.TempDir, which is closed to
// them: PostgreSQL may run as another user.
func Open(t *testing.T, dir string) string {
	t.Helper()
	for d := dir; len(d) > len(os.TempDir()); d = filepath.Dir(d) {
		if err := os.Chmod(d, 0o755); err != nil { //nolint:gosec // see above
			t.Fatal(err)
		}
	}
	return dir
}

// Start starts the process and waits until it says where it is.
func (s *Site) Start() *Site {
	s.t.Helper()
	s.Launch()
	s.AwaitOpen()
	return s
}

// Launch starts the process and waits for nothing.
func (s *Site) Launch() {
	s.t.Helper()
	s.log = &logtest.Log{}
	s.cmd = s.command(s.log)
	if err := s.cmd.Start(); err != nil {
		s.t.Fatal(err)
	}
	s.end = make(chan struct{})
	go func(cmd *exec.Cmd, end chan struct{}) { _ = cmd.Wait(); close(end) }(s.cmd, s.end)
}

// command is `vitrine serve` with the site's environment. What is given last
// in extra wins.
func (s *Site) command(out io.Writer, extra ...string) *exec.Cmd {
	cmd := exec.Command(Binary(s.t), "serve")
	cmd.Dir = s.Dir
	cmd.Env = slices.Concat(clean(os.Environ()), []string{"DATA_DIR=" + s.Data()}, s.env, extra)
	cmd.SysProcAttr = &syscall.SysProcAttr{Setpgid: true}
	cmd.Stdout, cmd.Stderr = out, out
	return cmd
}

// Refused runs one more process with the site's configuration and extra
// environment, which has to end by itself, and gives its exit status and what
// it wrote.
func (s *Site) Refused(extra ...string) (status int, said string) {
	s.t.Helper()
	out := &logtest.Log{}
	cmd := s.command(out, extra...)
	if err := cmd.Start(); err != nil {
		s.t.Fatal(err)
	}
	late := time.AfterFunc(patience, func() { _ = cmd.Process.Kill() })
	defer late.Stop()
	_ = cmd.Wait()
	return cmd.ProcessState.ExitCode(), out.String()
}

// AwaitOpen waits until the process says where it is, and reads the setup's
// token and the admin port from its log.
func (s *Site) AwaitOpen() {
	s.t.Helper()
	s.Eventually("the site says where it is", func() bool {
		select {
		case <-s.end:
			s.t.Fatalf("vitrine ended while starting:\n%s", s.log)
		default:
		}
		return strings.Contains(s.log.String(), "Vitrine is open at")
	})
	s.Token = ""
	s.Eventually("the process answers", func() bool { return s.Status("/readyz") == http.StatusOK })
	if m := regexp.MustCompile(`/setup\?token=([\w-]+)`).FindStringSubmatch(s.log.String()); m != nil {
		s.Token = m[1]
	}
	if m := regexp.MustCompile(`admin port.*?(127\.0\.0\.1:\d+)`).FindStringSubmatch(s.log.String()); m != nil {
		s.Admin = "http://" + m[1]
	}
}

// Data is the site's data directory.
func (s *Site) Data() string { return filepath.Join(s.Dir, "data") }

// Pid is the number of the running process.
func (s *Site) Pid() int { return s.cmd.Process.Pid }

// Postmaster is the number of the private PostgreSQL, 0 when none is recorded.
func (s *Site) Postmaster() int {
	n, _ := firstNumber(filepath.Join(s.Data(), "postgres", "data", "postmaster.pid"))
	return n
}

// clean drops configuration that the developer's shell may carry.
func clean(env []string) (out []string) {
	for _, kv := range env {
		k, _, _ := strings.Cut(kv, "=")
		switch k {
		case "PATH", "HOME", "TMPDIR", "LANG", "USER", "GOCOVERDIR":
			out = append(out, kv)
		}
	}
	return out
}

// Kill ends the process as a crash does: nothing is flushed, nobody is told.
func (s *Site) Kill() {
	if s.cmd == nil {
		return
	}
	_ = s.cmd.Process.Kill()
	<-s.end
	s.cmd = nil
}

// Signal sends a signal to the process alone, and waits for nothing.
func (s *Site) Signal(sig os.Signal) {
	s.t.Helper()
	if err := s.cmd.Process.Signal(sig); err != nil {
		s.t.Fatal(err)
	}
}

// Stop ends the process as Ctrl-C does and waits for it. It gives the exit
// status.
func (s *Site) Stop() (status int) {
	s.t.Helper()
	if s.cmd == nil {
		return 0
	}
	_ = s.cmd.Process.Signal(os.Interrupt)
	select {
	case <-s.end:
	case <-time.After(patience):
		s.t.Errorf("vitrine did not stop within %s:\n%s", patience, s.log)
		_ = s.cmd.Process.Kill()
		<-s.end
	}
	status = s.cmd.ProcessState.ExitCode()
	s.cmd = nil
	return status
}

// Wait waits until the process has ended by itself, and gives its exit status.
func (s *Site) Wait() (status int) {
	s.t.Helper()
	select {
	case <-s.end:
	case <-time.After(patience):
		s.t.Fatalf("vitrine did not end within %s:\n%s", patience, unusual(s.log.String()))
	}
	status = s.cmd.ProcessState.ExitCode()
	s.cmd = nil
	return status
}

// Destroy ends everything that belongs to the site, the database included.
func (s *Site) Destroy() {
	if s.cmd != nil && s.t.Failed() {
		s.t.Logf("the site's log:\n%s", unusual(s.log.String()))
	}
	s.Stop()
	if n := s.Postmaster(); n != 0 {
		_ = syscall.Kill(n, syscall.SIGQUIT)
		for deadline := time.Now().Add(patience); time.Now().Before(deadline) && syscall.Kill(n, 0) == nil; {
			<-time.After(20 * time.Millisecond)
		}
	}
}

func firstNumber(path string) (int, bool) {
	f, err := os.Open(path)
	if err != nil {
		return 0, false
	}
	defer func() { _ = f.Close() }()
	line, _ := bufio.NewReader(f).ReadString('\n')
	n, err := strconv.Atoi(strings.TrimSpace(line))
	return n, err == nil && n > 1
}

// Log is what the process has written since it was started.
func (s *Site) Log() string { return s.log.String() }

// Eventually waits for a condition, and fails the test when it does not come.
func (s *Site) Eventually(what string, ok func() bool) {
	s.t.Helper()
	tick := time.NewTicker(20 * time.Millisecond)
	defer tick.Stop()
	for deadline := time.Now().Add(patience); ; <-tick.C {
		if ok() {
			return
		}
		if time.Now().After(deadline) {
			s.t.Fatalf("waited %s for: %s\n%s", patience, what, unusual(s.log.String()))
		}
	}
}

func freePort(t *testing.T) string {
	t.Helper()
	n, err := child.FreePort()
	if err != nil {
		t.Fatal(err)
	}
	return strconv.Itoa(n)
}

// unusual is what was written, without the lines of requests that went well.
func unusual(log string) string {
	var b strings.Builder
	for line := range strings.Lines(log) {
		if !strings.Contains(line, `"msg":"request"`) || !strings.Contains(line, `"status":200`) {
			b.WriteString(line)
		}
	}
	return b.String()
}
