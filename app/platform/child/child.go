// Package child runs the servers of tests and of `make up` as children that
// cannot outlive the process that started them: the kernel ends them when it
// ends, however it ends. It kills, freezes and thaws them, and keeps what they
// write in a file.
package child

import (
	"fmt"
	"os"
	"os/exec"
	"runtime"
	"slices"
	"strconv"
	"strings"
	"syscall"
	"time"
)

// Config of a Process.
type Config struct {
	Path string // the program, found on the PATH when it has no slash
	Args []string
	Env  []string // nothing but this
	Dir  string
	// Log is the file that gets what the program writes, after what is there.
	Log string
	// Death is the signal that the program gets when this process ends; SIGKILL
	// when zero. One that has children of its own needs one that it can act on.
	Death syscall.Signal
}

// Process is a running program. Its methods may be called from several
// goroutines.
type Process struct {
	cmd    *exec.Cmd
	log    string
	before int64 // bytes in the log when it began
	done   chan struct{}
}

// Start starts the program in a process group of its own and waits for nothing.
func Start(c Config) (*Process, error) {
	out, err := os.OpenFile(c.Log, os.O_CREATE|os.O_APPEND|os.O_WRONLY, 0o600)
	if err != nil {
		return nil, err
	}
	defer func() { _ = out.Close() }()
	info, err := out.Stat()
	if err != nil {
		return nil, err
	}
	if c.Death == 0 {
		c.Death = syscall.SIGKILL
	}
	cmd := exec.Command(c.Path, c.Args...) //nolint:gosec,noctx // the caller's program; it ends by a signal
	cmd.Dir, cmd.Env, cmd.Stdout, cmd.Stderr = c.Dir, slices.Clone(c.Env), out, out
	if cmd.Env == nil {
		cmd.Env = []string{}
	}
	cmd.SysProcAttr = &syscall.SysProcAttr{Setpgid: true, Pdeathsig: c.Death}
	p := &Process{cmd: cmd, log: c.Log, before: info.Size(), done: make(chan struct{})}
	started := make(chan error)
	go p.hold(started)
	return p, <-started
}

// hold keeps the thread that forks: the kernel ties the death signal to that
// thread, and not to the process, so it has to live as long as the program.
func (p *Process) hold(started chan<- error) {
	runtime.LockOSThread()
	defer runtime.UnlockOSThread()
	defer close(p.done)
	err := p.cmd.Start()
	started <- err
	if err == nil {
		_ = p.cmd.Wait()
	}
}

// Pid is the program's number.
func (p *Process) Pid() int { return p.cmd.Process.Pid }

// Done is closed when the program has ended.
func (p *Process) Done() <-chan struct{} { return p.done }

// Running tells whether it has not ended yet.
func (p *Process) Running() bool {
	select {
	case <-p.done:
		return false
	default:
		return true
	}
}

// Status is the exit status of a program that has ended, -1 when a signal ended
// it.
func (p *Process) Status() int { return p.cmd.ProcessState.ExitCode() }

// Log is what the program and those before it wrote into the file.
func (p *Process) Log() string {
	raw, err := os.ReadFile(p.log)
	if err != nil {
		return err.Error()
	}
	return string(raw)
}

// Said is what this program wrote.
func (p *Process) Said() string {
	raw, err := os.ReadFile(p.log)
	if err != nil {
		return err.Error()
	}
	return string(raw[min(p.before, int64(len(raw))):])
}

// Signal sends a signal to the program alone. One that has ended gets none.
func (p *Process) Signal(sig syscall.Signal) {
	if p.Running() {
		_ = syscall.Kill(p.Pid(), sig)
	}
}

// Kill ends the program and its children as a power cut would, and waits until
// it is gone. A second time it does nothing.
func (p *Process) Kill() {
	for _, pid := range p.family() {
		_ = syscall.Kill(pid, syscall.SIGKILL)
	}
	<-p.done
}

// Stop asks the program to end by a signal, kills it when it has not within
// patience, and gives its exit status.
func (p *Process) Stop(sig syscall.Signal, patience time.Duration) (status int, err error) {
	p.Signal(sig)
	late := time.NewTimer(patience)
	defer late.Stop()
	select {
	case <-p.done:
	case <-late.C:
		p.Kill()
		return p.Status(), fmt.Errorf("%s did not end within %s and was killed", p.cmd.Path, patience)
	}
	return p.Status(), nil
}

// Freeze holds the program and its children: they keep their connections and do
// nothing until Thaw.
func (p *Process) Freeze() {
	for _, pid := range p.family() {
		_ = syscall.Kill(pid, syscall.SIGSTOP)
	}
}

// Thaw lets them go on.
func (p *Process) Thaw() {
	for _, pid := range p.family() {
		_ = syscall.Kill(pid, syscall.SIGCONT)
	}
}

// family is the program, then what descends from it, whatever sessions and
// groups they have made for themselves.
func (p *Process) family() []int {
	if !p.Running() {
		return nil
	}
	return Family(p.Pid())
}

// Family is a process and those that descend from it, parents first.
func Family(pid int) []int {
	all := []int{pid}
	for at := 0; at < len(all); at++ {
		tasks, err := os.ReadDir(fmt.Sprintf("/proc/%d/task", all[at]))
		if err != nil {
			continue // it has ended meanwhile
		}
		for _, task := range tasks {
			raw, err := os.ReadFile(fmt.Sprintf("/proc/%d/task/%s/children", all[at], task.Name()))
			if err != nil {
				continue
			}
			for word := range strings.FieldsSeq(string(raw)) {
				if n, err := strconv.Atoi(word); err == nil {
					all = append(all, n)
				}
			}
		}
	}
	return all
}
