package mediatool

import (
	"bytes"
	"cmp"
	"context"
	"errors"
	"fmt"
	"io"
	"os/exec"
	"runtime"
	"strconv"
	"strings"
	"syscall"
	"time"

	"vitrine/app/fault"
)

// command is one run of an external program on untrusted data.
type command struct {
	program string
	args    []string
	dir     string // working directory and TMPDIR: the job's own
	timeout time.Duration
	memory  int64 // bytes of address space
	threads int   // how many threads may compute; 0 means 1
	// computing bounds CPU time; 0 means nine tenths of what timeout and threads allow.
	computing time.Duration
	stdout    io.Writer
}

// exitError is a program that ran and failed. The kind of fault depends on what
// was asked of it, so callers translate it.
type exitError struct {
	program  string
	timedOut bool
	signal   syscall.Signal // 0 when it exited by itself
	code     int
	stderr   string
}

func (e *exitError) Error() string {
	how := fmt.Sprintf("exit status %d", e.code)
	switch {
	case e.timedOut:
		how = "killed after its time limit"
	case e.signal != 0:
		how = "ended by " + e.signal.String()
	}
	return fmt.Sprintf("%s: %s: %s", e.program, how, e.stderr)
}

const (
	maxStdout = 1 << 20
	maxStderr = 4 << 10
	killWait  = 5 * time.Second
)

// run starts c, waits for it, and returns what it wrote to stdout (at most 1 MiB)
// unless c.stdout takes it. Errors: *exitError when the program failed,
// fault.Unavailable when it cannot be started, ctx ended or no slot came free.
func (t *Tools) run(ctx context.Context, c command) (string, error) {
	select {
	case t.slots <- struct{}{}:
		defer func() { <-t.slots }()
	case <-ctx.Done():
		return "", stopped(ctx)
	}
	limited, cancel := context.WithTimeout(ctx, c.timeout)
	defer cancel()

	cmd := t.prepare(limited, c)
	out, errs := &head{limit: maxStdout}, &tail{limit: maxStderr}
	cmd.Stdout, cmd.Stderr = io.Writer(out), errs
	if c.stdout != nil {
		cmd.Stdout = c.stdout
	}
	err := runLocked(cmd, t.cfg.Nice)
	switch {
	case err == nil:
		return out.String(), nil
	case ctx.Err() != nil:
		return "", stopped(ctx)
	case cmd.ProcessState == nil:
		return "", fault.Caused(fault.Unavailable, "Media cannot be processed right now. Try again later.", err)
	}
	failed := &exitError{program: c.program, code: cmd.ProcessState.ExitCode(), stderr: errs.String(),
		timedOut: limited.Err() != nil}
	if status, ok := cmd.ProcessState.Sys().(syscall.WaitStatus); ok && status.Signaled() {
		failed.signal = status.Signal()
	}
	return "", failed
}

// prepare wraps the program in nice and prlimit; both exec, so the program itself
// has the process id that was started.
func (t *Tools) prepare(ctx context.Context, c command) *exec.Cmd {
	// CPU below wall time: a program that spins on an idle machine then ends by
	// SIGXCPU, which blames the file; a timeout alone may be a busy machine's fault.
	allowed := c.timeout * 9 / 10 * time.Duration(max(1, c.threads))
	cpu := max(1, int64(cmp.Or(c.computing, allowed).Seconds()))
	limit := func(name string, n int64) string { return fmt.Sprintf("--%s=%d:%d", name, n, n) }
	args := []string{"-n", strconv.Itoa(t.cfg.Nice), t.cfg.Commands.Prlimit,
		limit("as", c.memory),
		// The hard limit ends it by SIGKILL, which would look like the system's doing.
		fmt.Sprintf("--cpu=%d:%d", cpu, cpu+5), limit("fsize", t.cfg.MaxOutputBytes),
		limit("core", 0), limit("nofile", 256), "--", c.program}
	cmd := exec.CommandContext(ctx, t.cfg.Commands.Nice, append(args, c.args...)...)
	cmd.Dir = c.dir
	cmd.Env = []string{
		"PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin",
		"LANG=C.UTF-8", "HOME=" + c.dir, "TMPDIR=" + c.dir,
		"VIPS_BLOCK_UNTRUSTED=1", "VIPS_CONCURRENCY=1",
		// Each malloc arena reserves 64 MB of the address space that we bound.
		"MALLOC_ARENA_MAX=2",
	}
	// A session and so a group of its own, so that whatever it starts is killed with
	// it, and that it can be made to give way, see yield; SIGKILL from the kernel
	// when this process dies, because nobody else would wait.
	cmd.SysProcAttr = &syscall.SysProcAttr{Setsid: true, Pdeathsig: syscall.SIGKILL}
	cmd.Cancel = func() error { return killGroup(cmd.Process.Pid) }
	cmd.WaitDelay = killWait
	return cmd
}

func killGroup(pid int) error {
	if err := syscall.Kill(-pid, syscall.SIGKILL); err != nil && !errors.Is(err, syscall.ESRCH) {
		return err
	}
	return nil
}

// runLocked keeps the thread that forks: the kernel ties Pdeathsig to that
// thread, not to the process, and Go may end idle threads.
func runLocked(cmd *exec.Cmd, nice int) error {
	done := make(chan error, 1)
	go func() {
		runtime.LockOSThread()
		defer runtime.UnlockOSThread()
		if err := cmd.Start(); err != nil {
			done <- err
			return
		}
		ended := make(chan struct{})
		go yield(cmd.Process.Pid, nice, ended)
		err := cmd.Wait()
		close(ended)
		// The program is gone; what it may have left in its group goes too.
		_ = killGroup(cmd.Process.Pid)
		done <- err
	}()
	return <-done
}

func stopped(ctx context.Context) error {
	return fault.Caused(fault.Unavailable, "Processing was stopped before it was done. It will be tried again.", ctx.Err())
}

// head keeps the first bytes written to it and swallows the rest, so that a
// talkative program neither blocks nor fills memory.
type head struct {
	bytes.Buffer
	limit int
}

func (h *head) Write(p []byte) (int, error) {
	h.Buffer.Write(p[:min(len(p), max(0, h.limit-h.Len()))])
	return len(p), nil
}

// tail keeps the last bytes written to it: programs name the cause at the end.
type tail struct {
	kept  []byte
	limit int
}

func (t *tail) Write(p []byte) (int, error) {
	t.kept = append(t.kept, p[max(0, len(p)-t.limit):]...)
	if over := len(t.kept) - t.limit; over > 0 {
		t.kept = append(t.kept[:0], t.kept[over:]...)
	}
	return len(p), nil
}

func (t *tail) String() string {
	return strings.Join(strings.Fields(strings.ToValidUTF8(strings.ReplaceAll(string(t.kept), "\x00", ""), "?")), " ")
}
