// Up runs a deployment tier's whole topology on this machine, as real
// processes on loopback: `make up TIER=10k`, `make deploy`, `make down`.
//
// A process of its own holds the topology. Everything ends with it, also when it
// is killed.
package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"os/signal"
	"path/filepath"
	"strings"
	"syscall"
	"time"

	"vitrine/app/platform/pgserver"
	"vitrine/e2e/rig"
)

// patience is how long a topology may take to start, and to end.
const patience = 2 * time.Minute

// perAddress is five times what the site gives one member or visitor: who is alone
// behind an address meets the site's own limit first, and people who share one do
// not stand in each other's way.
const perAddress = 600

// systemDir is where data goes when PostgreSQL's user cannot reach the checkout.
const systemDir = "/var/lib/vitrine"

func main() {
	if err := run(os.Args[1:], os.Stdout); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

func run(args []string, out io.Writer) error {
	flags := flag.NewFlagSet("up", flag.ContinueOnError)
	plan := rig.Plan{PerAddress: perAddress}
	flags.StringVar(&plan.Tier, "tier", "1k", "1k or 10k")
	flags.IntVar(&plan.Port, "port", 8080, "of the site")
	flags.StringVar(&plan.Binary, "binary", "bin/vitrine", "the product")
	dir := flags.String("dir", "data", "where the data of topologies lies")
	if len(args) == 0 {
		return errors.New("say up, deploy, down or hold")
	}
	if err := flags.Parse(args[1:]); err != nil {
		return err
	}
	at, err := reachable(*dir)
	if err != nil {
		return err
	}
	plan.Dir = filepath.Join(at, "up-"+plan.Tier)
	if plan.Binary, err = filepath.Abs(plan.Binary); err != nil {
		return err
	}
	switch args[0] {
	case "up":
		return up(at, args[1:], out)
	case "hold":
		return hold(at, plan)
	case "deploy":
		return deploy(at, flags.Args(), out)
	case "down":
		return down(at, out)
	}
	return fmt.Errorf("%q is none of up, deploy, down and hold", args[0])
}

// reachable is dir, or the system's place when PostgreSQL's user cannot enter
// it.
func reachable(dir string) (string, error) {
	dir, err := filepath.Abs(dir)
	if err != nil {
		return "", err
	}
	if !pgserver.Reachable(dir) {
		dir = systemDir
	}
	return dir, os.MkdirAll(dir, 0o755) //nolint:gosec // PostgreSQL's user passes through
}

// up starts the process that holds the topology, shows what it says, and leaves
// it alone once all of it runs.
func up(dir string, args []string, out io.Writer) error {
	self, err := os.Executable()
	if err != nil {
		return err
	}
	hear, say, err := os.Pipe()
	if err != nil {
		return err
	}
	log, err := os.OpenFile(filepath.Join(dir, "up.log"), os.O_CREATE|os.O_APPEND|os.O_WRONLY, 0o600)
	if err != nil {
		return err
	}
	defer func() { _ = log.Close() }()
	holder, err := os.StartProcess(self, append([]string{self, "hold"}, args...), &os.ProcAttr{
		Env: os.Environ(), Files: []*os.File{nil, log, log, say}, Sys: &syscall.SysProcAttr{Setsid: true},
	})
	if err != nil {
		return err
	}
	_ = say.Close()
	// Until the topology runs, Ctrl-C is for all of it.
	stop := make(chan os.Signal, 1)
	signal.Notify(stop, os.Interrupt, syscall.SIGTERM)
	go func() {
		<-stop
		_ = holder.Signal(syscall.SIGTERM)
	}()
	ready, err := listen(hear, out)
	if err != nil {
		return err
	}
	if !ready {
		state, err := holder.Wait()
		if err != nil {
			return err
		}
		return fmt.Errorf("it did not start (%s); %s may say more", state, log.Name())
	}
	return holder.Release()
}

// done is the word with which the holder says that all runs.
const done = "\x00"

// listen shows what the holder says until it says that it is done or ends.
func listen(hear io.Reader, out io.Writer) (ready bool, err error) {
	buf := make([]byte, 4096)
	for {
		n, err := hear.Read(buf)
		text := string(buf[:n])
		if said, _, ready := strings.Cut(text, done); ready {
			_, err := io.WriteString(out, said)
			return true, err
		}
		_, _ = io.WriteString(out, text)
		if err != nil {
			return false, nil //nolint:nilerr // the end of the pipe is the end of the holder
		}
	}
}

// hold runs the topology until it is told to end.
func hold(dir string, plan rig.Plan) (err error) {
	const asked = 3 // the end of a pipe, which is none of our children's business
	syscall.CloseOnExec(asked)
	out := os.NewFile(asked, "the one who asked")
	tell := func(format string, args ...any) { _, _ = fmt.Fprintf(out, format+"\n", args...) }
	defer func() {
		if err != nil {
			tell("%v", err)
		}
	}()
	lock, err := claim(dir)
	if err != nil {
		return err
	}
	defer func() { _ = lock.Close() }()
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	began := time.Now()
	starting, cancel := context.WithTimeout(ctx, patience)
	defer cancel()
	if demo := os.Getenv("DEMO"); demo != "" {
		plan.Env = append(plan.Env, "DEMO="+demo)
	}
	top, err := rig.Run(starting, plan)
	if err != nil {
		return err
	}
	place, err := hear(dir)
	if err != nil {
		return errors.Join(err, top.Stop())
	}
	go tellOfEnd(ctx, top.Postgres)
	heeded := make(chan struct{})
	go func() {
		defer close(heeded)
		heed(ctx, place, top, plan)
	}()
	tell("%s", describe(top, plan, time.Since(began)))
	_, _ = out.WriteString(done)
	_ = out.Close()
	<-ctx.Done()
	<-heeded
	return top.Stop()
}

// tellOfEnd says it when PostgreSQL ends by itself. It is not started again: whatever
// ended it is there still, a full disk say, and a person should look.
func tellOfEnd(ctx context.Context, p *rig.Postgres) {
	logs := p.LogDir()
	select {
	case <-ctx.Done():
	case <-p.Ended():
		fmt.Fprintf(os.Stderr, "PostgreSQL has ended by itself, and pages answer 503. Its log in %s says why. `make down` and `make up` start it again.\n", logs)
	}
}

// describe is what a person wants to know of a topology that runs.
func describe(top *rig.Topology, plan rig.Plan, took time.Duration) string {
	var b strings.Builder
	fmt.Fprintf(&b, "\n  The %s tier runs at %s (after %.1f s).\n", plan.Tier, top.URL, took.Seconds())
	if link := top.SetupLink(); link != "" {
		fmt.Fprintf(&b, "\n  Set it up, once:  %s\n", link)
	}
	fmt.Fprintf(&b, "\n  %-10s %-22s process %d\n", "postgres", top.Postgres.Address, top.Postgres.Pid())
	for _, s := range top.Servers() {
		fmt.Fprintf(&b, "  %-10s %-22s process %d\n", s.Name, s.Address, s.Pid())
	}
	if top.MediaURL != "" {
		fmt.Fprintf(&b, "\n  Media, through what stands for the CDN: %s\n", top.MediaURL)
	}
	fmt.Fprintf(&b, "\n  Data and logs are in %s. `make down` ends all of it.\n", plan.Dir)
	return b.String()
}

// claim takes the place of the one topology of a directory, and writes who
// holds it.
func claim(dir string) (*os.File, error) {
	f, err := os.OpenFile(filepath.Join(dir, "up.lock"), os.O_RDWR|os.O_CREATE, 0o600)
	if err != nil {
		return nil, err
	}
	if err := syscall.Flock(int(f.Fd()), syscall.LOCK_EX|syscall.LOCK_NB); err != nil {
		pid := holder(f)
		_ = f.Close()
		return nil, fmt.Errorf("a topology runs already (process %d); `make deploy` puts new processes in the place of its own, `make down` ends it", pid)
	}
	if err := f.Truncate(0); err != nil {
		return nil, errors.Join(err, f.Close())
	}
	if _, err := fmt.Fprintf(f, "%d\n", os.Getpid()); err != nil {
		return nil, errors.Join(err, f.Close())
	}
	return f, nil
}

// holder is the number in the lock's file.
func holder(f *os.File) (pid int) {
	if _, err := f.Seek(0, 0); err != nil {
		return 0
	}
	if _, err := fmt.Fscan(f, &pid); err != nil {
		return 0
	}
	return pid
}

// down ends the topology of a directory and waits until all of it is gone.
func down(dir string, out io.Writer) error {
	f, err := os.OpenFile(filepath.Join(dir, "up.lock"), os.O_RDWR|os.O_CREATE, 0o600)
	if err != nil {
		return err
	}
	defer func() { _ = f.Close() }()
	free := func() bool { return syscall.Flock(int(f.Fd()), syscall.LOCK_EX|syscall.LOCK_NB) == nil }
	if free() {
		_, err := fmt.Fprintln(out, "No topology runs.")
		return err
	}
	pid := holder(f)
	if pid < 2 {
		return fmt.Errorf("%s does not say which process holds the topology", f.Name())
	}
	if err := syscall.Kill(pid, syscall.SIGTERM); err != nil {
		return fmt.Errorf("process %d holds the topology and cannot be told to end: %w", pid, err)
	}
	tick := time.NewTicker(20 * time.Millisecond)
	defer tick.Stop()
	for deadline := time.Now().Add(patience); !free(); <-tick.C {
		if time.Now().After(deadline) {
			// All that it holds ends with it.
			_ = syscall.Kill(pid, syscall.SIGKILL)
			return fmt.Errorf("process %d did not end within %s and was killed", pid, patience)
		}
	}
	_, err = fmt.Fprintln(out, "All of it has ended; its data stays.")
	return err
}
