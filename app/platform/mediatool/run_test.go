package mediatool

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
	"time"

	"vitrine/app/fault"
	"vitrine/app/platform/mediatool/mediatest"
)

const helperVariable = "VITRINE_MEDIATOOL_HELPER"

// TestMain lets the test binary be the process that is killed in
// TestKilledParent: it then runs one hanging tool and never returns.
func TestMain(m *testing.M) {
	if dir := os.Getenv(helperVariable); dir != "" {
		tools, err := Open(Config{TempDir: dir})
		if err == nil {
			err = tools.job(func(job string) error {
				_, err := tools.run(context.Background(), command{program: filepath.Join(dir, "tool"), dir: job,
					timeout: time.Minute, memory: 1 << 30})
				return err
			})
		}
		fmt.Println(err)
		os.Exit(1)
	}
	os.Exit(m.Run())
}

// stand writes a shell script that stands in for a tool.
func stand(t *testing.T, script string) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), "tool")
	if err := os.WriteFile(path, []byte("#!/bin/sh\n"+script+"\n"), 0o700); err != nil {
		t.Fatal(err)
	}
	return path
}

// waitFor polls until the condition holds, at most half a minute.
func waitFor(t *testing.T, what string, holds func() bool) {
	t.Helper()
	tick := time.NewTicker(10 * time.Millisecond)
	defer tick.Stop()
	deadline := time.After(30 * time.Second)
	for !holds() {
		select {
		case <-tick.C:
		case <-deadline:
			t.Fatalf("%s did not happen within half a minute", what)
		}
	}
}

// alive is false for a process that is gone or only waits to be collected.
func alive(pid string) bool {
	b, err := os.ReadFile("/proc/" + pid + "/stat")
	if err != nil {
		return false
	}
	_, rest, _ := strings.Cut(string(b), ") ")
	return !strings.HasPrefix(rest, "Z")
}

func readPID(t *testing.T, path string) string {
	t.Helper()
	pid := ""
	waitFor(t, "the tool's start", func() bool {
		b, err := os.ReadFile(path)
		pid = strings.TrimSpace(string(b))
		return err == nil && strings.HasSuffix(string(b), "\n")
	})
	if _, err := strconv.Atoi(pid); err != nil {
		t.Fatal(err)
	}
	return pid
}

func TestRun_endedContextKillsTheGroup(t *testing.T) {
	t.Parallel()
	note := filepath.Join(t.TempDir(), "pid")
	tools := openTools(t, Config{Commands: Commands{Vips: stand(t, "sleep 1000 & echo $! > "+note+"; touch $TMPDIR/rubbish; wait")}})
	src := mediatest.Write(t, "a.jpg", mediatest.JPEG(t, 8, 8))
	dst := filepath.Join(t.TempDir(), "o.webp")
	ctx, cancel := context.WithCancel(t.Context())
	done := make(chan error, 1)
	go func() {
		_, err := tools.Thumbnail(ctx, src, dst, Spec{Format: FormatWebP, Width: 320})
		done <- err
	}()
	child := readPID(t, note)
	cancel()
	if err := <-done; !fault.Is(err, fault.Unavailable) || !errors.Is(err, context.Canceled) {
		t.Errorf("got %v", err)
	}
	waitFor(t, "the end of the tool's child", func() bool { return !alive(child) })
	if left, _ := filepath.Glob(filepath.Join(filepath.Dir(dst), "*")); len(left) > 0 {
		t.Errorf("left behind: %v", left)
	}
}

func TestRun_limits(t *testing.T) {
	t.Parallel()
	src := mediatest.Write(t, "a.jpg", mediatest.JPEG(t, 8, 8))
	for _, c := range []struct {
		title, script string
		cfg           Config
		kind          fault.Kind
		says          string
	}{
		{"hangs", "sleep 1000", Config{ImageTimeout: 300 * time.Millisecond}, fault.Unavailable, "took too long"},
		{"spins", "while :; do :; done", Config{ImageCPUTime: time.Second}, fault.Invalid, "too much computing"},
		{"eats memory", "exec dd if=/dev/zero of=/dev/null bs=1G count=1", Config{ImageMemoryBytes: 256 << 20}, fault.Invalid, "too much memory"},
		{"fills the disk", "exec dd if=/dev/zero of=big bs=64k count=1000", Config{MaxOutputBytes: 1 << 20}, fault.Invalid, "too large"},
		{"floods its outputs", "head -c 3000000 /dev/zero; head -c 3000000 /dev/zero >&2; exit 3", Config{ImageTimeout: 2 * time.Minute}, fault.Invalid, ""},
		{"ends by a signal of the system", "kill -9 $$", Config{}, fault.Unavailable, "stopped"},
		{"says that memory is short", "echo out of memory >&2; exit 1", Config{}, fault.Invalid, "too much memory"},
		{"makes nothing", "exit 0", Config{}, fault.Unavailable, ""},
		{"makes something else", "echo hello > out.jpg", Config{}, fault.Unavailable, "not sound"},
		{"leaves the metadata", "cp in out.jpg", Config{}, fault.Unavailable, "not sound"},
		{"reads its input", "cat; exit 1", Config{}, fault.Invalid, "damaged"},
	} {
		t.Run(c.title, func(t *testing.T) {
			t.Parallel()
			c.cfg.Commands.Vips = stand(t, c.script)
			tools := openTools(t, c.cfg)
			from := src
			if c.title == "leaves the metadata" {
				from = mediatest.Write(t, "m.jpg", mediatest.JPEGWith(t, 0xe1, append([]byte("Exif\x00\x00"), mediatest.EXIF(1, "Ada", "Ada")...)))
			}
			dst := filepath.Join(t.TempDir(), "o.jpg")
			_, err := tools.Thumbnail(t.Context(), from, dst, Spec{Format: FormatJPEG, Width: 320})
			if fault.KindOf(err) != c.kind || err == nil || !strings.Contains(fault.MessageOf(err), c.says) {
				t.Errorf("got %v, saying %q", err, fault.MessageOf(err))
			}
			if len(fmt.Sprint(err)) > maxStderr+1000 {
				t.Errorf("the error has %d bytes", len(fmt.Sprint(err)))
			}
			if _, err := os.Stat(dst); !errors.Is(err, os.ErrNotExist) {
				t.Error("something was put in place")
			}
		})
	}
}

func TestRun_environmentIsOurs(t *testing.T) {
	t.Parallel()
	tools := openTools(t, Config{})
	out, err := tools.run(t.Context(), command{program: "env", dir: t.TempDir(), timeout: time.Minute, memory: 1 << 30})
	if err != nil {
		t.Fatal(err)
	}
	for _, line := range strings.Fields(out) {
		name, _, _ := strings.Cut(line, "=")
		switch name {
		case "PATH", "LANG", "HOME", "TMPDIR", "VIPS_BLOCK_UNTRUSTED", "VIPS_CONCURRENCY", "MALLOC_ARENA_MAX", "PWD":
		default:
			t.Errorf("tools see the variable %s", name)
		}
	}
	if !strings.Contains(out, "VIPS_BLOCK_UNTRUSTED=1\n") {
		t.Error("untrusted loaders are open")
	}
}

func TestRun_waitsForASlot(t *testing.T) {
	t.Parallel()
	tools := openTools(t, Config{Concurrency: 1})
	tools.slots <- struct{}{}
	ctx, cancel := context.WithTimeout(t.Context(), 50*time.Millisecond)
	defer cancel()
	if _, err := tools.run(ctx, command{program: "true", dir: t.TempDir(), timeout: time.Minute, memory: 1 << 30}); !fault.Is(err, fault.Unavailable) {
		t.Errorf("got %v", err)
	}
	<-tools.slots
}

// TestKilledParent: tools die with a process that is killed, and the next one
// removes what it left.
func TestKilledParent(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	note := filepath.Join(dir, "pid")
	if err := os.WriteFile(filepath.Join(dir, "tool"), []byte("#!/bin/sh\necho $$ > "+note+"\nexec sleep 1000\n"), 0o700); err != nil {
		t.Fatal(err)
	}
	self, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	parent := exec.Command(self)
	parent.Env = append(os.Environ(), helperVariable+"="+dir)
	if err := parent.Start(); err != nil {
		t.Fatal(err)
	}
	child := readPID(t, note)
	if err := parent.Process.Kill(); err != nil {
		t.Fatal(err)
	}
	_ = parent.Wait() // says that it was killed
	waitFor(t, "the tool's end", func() bool { return !alive(child) })

	left := func() int {
		found, err := filepath.Glob(filepath.Join(dir, basePrefix+"*"))
		if err != nil {
			t.Fatal(err)
		}
		return len(found)
	}
	if left() != 1 {
		t.Fatalf("%d directories are left by the killed process", left())
	}
	first := openTools(t, Config{TempDir: dir})
	openTools(t, Config{TempDir: dir})
	if left() != 2 {
		t.Errorf("%d directories, want those of two living Tools", left())
	}
	base, err := first.work.Path()
	if err != nil {
		t.Fatal(err)
	}
	if _, err := os.Stat(base); err != nil {
		t.Errorf("the directory of living Tools was removed: %v", err)
	}
}

func TestCheck(t *testing.T) {
	t.Parallel()
	if err := openTools(t, Config{}).Check(t.Context()); err != nil {
		t.Error(err)
	}
	missing := openTools(t, Config{Commands: Commands{Vips: "no-such-vips"}})
	if err := missing.Check(t.Context()); !fault.Is(err, fault.Unavailable) || !strings.Contains(fault.MessageOf(err), "no-such-vips (Debian package libvips-tools)") {
		t.Errorf("got %v", err)
	}
	src := mediatest.Write(t, "a.jpg", mediatest.JPEG(t, 8, 8))
	if _, err := missing.Thumbnail(t.Context(), src, src+".webp", Spec{Format: FormatWebP, Width: 9}); !fault.Is(err, fault.Unavailable) {
		t.Errorf("a missing program blames the file: %v", err)
	}
	broken := openTools(t, Config{Commands: Commands{FFmpeg: stand(t, "exit 1")}})
	if err := broken.Check(t.Context()); !fault.Is(err, fault.Unavailable) || !strings.Contains(fault.MessageOf(err), "does not run") {
		t.Errorf("got %v", err)
	}
}

// TestCheck_rarelyRuns counts how often a program is started by who asks for its
// health each second, on a machine that has no time for it, too.
func TestCheck_rarelyRuns(t *testing.T) {
	t.Parallel()
	ran := filepath.Join(t.TempDir(), "ran")
	tools := openTools(t, Config{Commands: Commands{FFprobe: stand(t, "echo x >>"+ran)}})
	busy, cancel := context.WithCancel(t.Context())
	cancel()
	_ = tools.Check(busy)
	for range 5 {
		if err := tools.Check(t.Context()); err != nil {
			t.Fatal(err)
		}
	}
	if b, err := os.ReadFile(ran); err != nil || len(b) != len("x\n") {
		t.Errorf("a program that runs was started %q times: %v", b, err)
	}
}

// TestRun_givesWay looks at the niceness of a running tool's session, which is
// what counts where Linux groups tasks by session.
func TestRun_givesWay(t *testing.T) {
	t.Parallel()
	tools, err := Open(Config{TempDir: t.TempDir(), Nice: 7})
	if err != nil {
		t.Fatal(err)
	}
	note := filepath.Join(t.TempDir(), "pid")
	ctx, stop := context.WithCancel(t.Context())
	done := make(chan error, 1)
	go func() {
		_, err := tools.run(ctx, command{program: stand(t, "echo $$ > "+note+"; sleep 60"), dir: t.TempDir(), timeout: time.Minute, memory: 1 << 30})
		done <- err
	}()
	pid := readPID(t, note)
	group := "/proc/" + pid + "/autogroup"
	if _, err := os.Stat(group); err != nil {
		stop()
		<-done
		t.Skip("This kernel does not group tasks by session: niceness alone counts.")
	}
	waitFor(t, "the niceness of the session", func() bool {
		raw, err := os.ReadFile(group)
		return err == nil && strings.HasSuffix(strings.TrimSpace(string(raw)), " nice 7")
	})
	stop()
	if err := <-done; err == nil {
		t.Error("the tool was not stopped")
	}
}
