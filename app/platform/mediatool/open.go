package mediatool

import (
	"context"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"time"

	"vitrine/app/fault"
	"vitrine/app/platform/scratch"
)

// Tools runs the external programs within the limits of its Config. It is safe
// for concurrent use; Close it when nothing runs any more.
type Tools struct {
	cfg   Config
	work  *scratch.Dir // each job has its own below it
	slots chan struct{}
	ran   chan time.Time // holds when Check last saw every program run
}

// basePrefix begins the name of a private directory below TempDir.
const basePrefix = "vitrine-media-"

// Open makes the private directory under TempDir and removes those of processes
// that were killed. A missing program is not an error here: uploads then fail
// with fault.Unavailable, and Check says why. Neither is a full disk: the first
// job that finds room makes the directory.
func Open(cfg Config) (*Tools, error) {
	cfg = cfg.withDefaults()
	work, err := scratch.Open(cfg.TempDir, basePrefix)
	if err != nil {
		return nil, err
	}
	return &Tools{cfg: cfg, work: work, slots: make(chan struct{}, cfg.Concurrency), ran: firstRun()}, nil
}

// Close removes the private directory.
func (t *Tools) Close() error { return t.work.Close() }

// runAgain is how long programs that ran are taken to run: starting four of them
// is much to ask each second of a machine that has little time.
const runAgain = time.Minute

// firstRun says that no program has been seen to run yet.
func firstRun() chan time.Time {
	ran := make(chan time.Time, 1)
	ran <- time.Time{}
	return ran
}

// Check names the programs that are missing or broken in one sentence, with what
// installs them on Debian: fault.Unavailable. Whether they are there it looks each
// time, whether they run at most once a minute while they do. A machine that is
// too busy to start them before ctx ends does so for the next who asks.
func (t *Tools) Check(ctx context.Context) error {
	c := t.cfg.Commands
	var missing []string
	for _, p := range []struct{ program, pack string }{
		{c.Nice, "coreutils"}, {c.Prlimit, "util-linux"}, {c.Vips, "libvips-tools"},
		{c.VipsHeader, "libvips-tools"}, {c.FFmpeg, "ffmpeg"}, {c.FFprobe, "ffmpeg"},
	} {
		if _, err := exec.LookPath(p.program); err != nil {
			missing = append(missing, fmt.Sprintf("%s (Debian package %s)", p.program, p.pack))
		}
	}
	if missing != nil {
		return fault.Newf(fault.Unavailable, "Media cannot be processed: %s cannot be found. Install what is missing.",
			strings.Join(missing, ", "))
	}
	select {
	case last := <-t.ran:
		now, err := t.runAll(context.WithoutCancel(ctx), last)
		t.ran <- now
		return err
	case <-ctx.Done():
		return ctx.Err()
	}
}

// runAll runs each program once, unless all of them ran not long ago, and gives
// when they last did.
func (t *Tools) runAll(ctx context.Context, last time.Time) (ran time.Time, err error) {
	if time.Since(last) < runAgain {
		return last, nil
	}
	c := t.cfg.Commands
	for _, p := range []struct{ program, argument string }{
		{c.Vips, "--version"}, {c.VipsHeader, "--version"}, {c.FFmpeg, "-version"}, {c.FFprobe, "-version"},
	} {
		err := t.job(func(dir string) error {
			_, err := t.run(ctx, command{program: p.program, args: []string{p.argument}, dir: dir,
				timeout: 20 * time.Second, memory: t.cfg.VideoMemoryBytes})
			return err
		})
		if err != nil {
			return time.Time{}, fault.Caused(fault.Unavailable,
				fmt.Sprintf("Media cannot be processed: %s is there but does not run.", p.program), err)
		}
	}
	return time.Now(), nil
}

// job gives fn a directory of its own and removes it afterwards, whatever happened.
func (t *Tools) job(fn func(dir string) error) error {
	ran := false
	err := t.work.Within(func(dir string) error {
		ran = true
		return fn(dir)
	})
	if err != nil && !ran {
		return fault.Caused(fault.Unavailable, "There is no room to process media right now. Try again later.", err)
	}
	return err
}

// link puts src into the job's directory under a name without meaning: libvips
// reads options in brackets and ffmpeg reads protocols and patterns in names.
func link(dir, src string) error {
	abs, err := filepath.Abs(src)
	if err == nil {
		err = os.Symlink(abs, filepath.Join(dir, inputName))
	}
	if err != nil {
		return fault.Caused(fault.Unavailable, "The file cannot be read right now. Try again later.", err)
	}
	return nil
}

const inputName = "in"
