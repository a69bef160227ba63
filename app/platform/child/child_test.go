package child_test

import (
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"time"

	"vitrine/app/platform/child"
)

func TestProcess_stop(t *testing.T) {
	t.Parallel()
	p := shell(t, `trap 'echo "told to end"; exit 7' TERM; echo ready; while :; do sleep 0.01; done`)
	await(t, p, "ready")
	status, err := p.Stop(syscall.SIGTERM, time.Minute)
	if err != nil || status != 7 {
		t.Errorf("it ended with %d and %v, want 7", status, err)
	}
	if !strings.HasSuffix(p.Log(), "told to end\n") {
		t.Errorf("the log is %q", p.Log())
	}
	if p.Running() {
		t.Error("it says that it runs")
	}
}

func TestProcess_stopOfADeafOne(t *testing.T) {
	t.Parallel()
	p := shell(t, `trap '' TERM; echo ready; while :; do sleep 0.01; done`)
	await(t, p, "ready")
	if status, err := p.Stop(syscall.SIGTERM, 50*time.Millisecond); err == nil || status != -1 {
		t.Errorf("a deaf program ended with %d and %v, want -1 and a sentence", status, err)
	}
}

func TestProcess_killTakesItsChildren(t *testing.T) {
	t.Parallel()
	p := shell(t, `setsid sleep 600 & echo "child $!"; wait`)
	await(t, p, "child")
	family := child.Family(p.Pid())
	if len(family) < 2 {
		t.Fatalf("the family is %v, want the shell and its child", family)
	}
	p.Kill()
	p.Kill()
	for _, pid := range family {
		awaitGone(t, pid)
	}
}

func TestProcess_freeze(t *testing.T) {
	t.Parallel()
	p := shell(t, `sleep 600 & echo "child $!"; wait`)
	await(t, p, "child")
	p.Freeze()
	for _, pid := range child.Family(p.Pid()) {
		awaitState(t, pid, "T")
	}
	p.Thaw()
	for _, pid := range child.Family(p.Pid()) {
		awaitState(t, pid, "S")
	}
}

// TestProcess_endsWithItsParent runs this test's binary as a parent that is
// killed.
func TestProcess_endsWithItsParent(t *testing.T) {
	t.Parallel()
	log := filepath.Join(t.TempDir(), "log")
	parent := exec.CommandContext(t.Context(), os.Args[0], "-test.run=^TestParent$")
	parent.Env = append(os.Environ(), "VITRINE_CHILD_LOG="+log)
	if err := parent.Start(); err != nil {
		t.Fatal(err)
	}
	pid := 0
	eventually(t, "the child says its number", func() bool {
		raw, err := os.ReadFile(log)
		if err != nil || !strings.HasSuffix(string(raw), "\n") {
			return false
		}
		pid, err = strconv.Atoi(strings.TrimSpace(string(raw)))
		return err == nil
	})
	_ = parent.Process.Kill()
	_ = parent.Wait()
	awaitGone(t, pid)
}

// TestParent is the parent of TestProcess_endsWithItsParent, in a process of its
// own.
func TestParent(t *testing.T) {
	log := os.Getenv("VITRINE_CHILD_LOG")
	if log == "" {
		t.Skip("This is no test of its own: TestProcess_endsWithItsParent runs it.")
	}
	p, err := child.Start(child.Config{Path: "/bin/sh", Args: []string{"-c", "echo $$; exec sleep 600"}, Log: log})
	if err != nil {
		t.Fatal(err)
	}
	<-p.Done()
}

func TestStart_noSuchProgram(t *testing.T) {
	t.Parallel()
	if _, err := child.Start(child.Config{Path: "/nowhere/at-all", Log: filepath.Join(t.TempDir(), "log")}); err == nil {
		t.Error("a program that is not there was started")
	}
}

func shell(t *testing.T, script string) *child.Process {
	t.Helper()
	p, err := child.Start(child.Config{Path: "/bin/sh", Args: []string{"-c", script}, Env: []string{"PATH=/usr/bin:/bin"}, Log: filepath.Join(t.TempDir(), "log")})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(p.Kill)
	return p
}

func await(t *testing.T, p *child.Process, said string) {
	t.Helper()
	eventually(t, "the log has "+said, func() bool { return strings.Contains(p.Log(), said) })
}

func awaitGone(t *testing.T, pid int) {
	t.Helper()
	eventually(t, "a process is gone", func() bool { s := state(pid); return s == "" || s == "Z" })
}

func awaitState(t *testing.T, pid int, want string) {
	t.Helper()
	eventually(t, "a process is in state "+want, func() bool { return state(pid) == want })
}

// state is the letter of a process in /proc, "" when there is none.
func state(pid int) string {
	raw, err := os.ReadFile("/proc/" + strconv.Itoa(pid) + "/stat")
	if err != nil {
		return ""
	}
	_, rest, _ := strings.Cut(string(raw), ") ")
	return rest[:1]
}

func eventually(t *testing.T, what string, ok func() bool) {
	t.Helper()
	tick := time.NewTicker(5 * time.Millisecond)
	defer tick.Stop()
	for deadline := time.Now().Add(30 * time.Second); !ok(); <-tick.C {
		if time.Now().After(deadline) {
			t.Fatalf("waited 30 s for: %s", what)
		}
	}
}
