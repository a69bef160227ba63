// Package scratch gives a process a private directory for files of a moment, and
// removes what dead processes left in theirs.
package scratch

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"sync"
	"syscall"
)

// Dir is the private directory of this process, below one that all
// processes of the machine share. A lock on a file in it says that the process
// lives; the kernel drops it with the process, however it ends.
type Dir struct {
	root, prefix string
	mu           sync.Mutex
	base         string // empty until there was room for it
	lock         *os.File
}

const lockName = "lock"

// Open makes the directory below root and removes those of dead processes, which
// begin with the same prefix. On a full disk, whoever needs it first once there is
// room makes it.
func Open(root, prefix string) (*Dir, error) {
	d := &Dir{root: root, prefix: prefix}
	if _, err := d.Path(); err != nil && !errors.Is(err, syscall.ENOSPC) {
		return nil, err
	}
	return d, nil
}

// Path is the directory, absolute, and an error as long as there is no room for it.
func (d *Dir) Path() (_ string, err error) {
	d.mu.Lock()
	defer d.mu.Unlock()
	if d.base == "" {
		err = d.make()
	}
	return d.base, err
}

func (d *Dir) make() error {
	if err := os.MkdirAll(d.root, 0o750); err != nil {
		return fmt.Errorf("making a directory for files of a moment: %w", err)
	}
	root, err := filepath.Abs(d.root)
	if err != nil {
		return err
	}
	// One process at a time sweeps and makes, so that nobody takes a directory
	// whose lock is about to be held for one of the dead.
	gate, err := os.Open(root) //nolint:gosec // the directory that whoever runs the process has named
	if err != nil {
		return fmt.Errorf("making a directory for files of a moment: %w", err)
	}
	defer func() { _ = gate.Close() }()
	if err := syscall.Flock(int(gate.Fd()), syscall.LOCK_EX); err != nil {
		return fmt.Errorf("locking the directory for files of a moment: %w", err)
	}
	if err := d.sweep(root); err != nil {
		return err
	}
	base, err := os.MkdirTemp(root, d.prefix)
	if err != nil {
		return fmt.Errorf("making a directory for files of a moment: %w", err)
	}
	lock, err := os.OpenFile(filepath.Join(base, lockName), os.O_CREATE|os.O_RDWR, 0o600)
	if err == nil {
		err = syscall.Flock(int(lock.Fd()), syscall.LOCK_EX|syscall.LOCK_NB)
	}
	if err != nil {
		return errors.Join(err, os.RemoveAll(base))
	}
	d.base, d.lock = base, lock
	return nil
}

// sweep removes what is nobody's: whose lock is free, or was never made.
func (d *Dir) sweep(root string) error {
	left, err := filepath.Glob(filepath.Join(root, d.prefix+"*"))
	if err != nil {
		return err
	}
	for _, base := range left {
		lock, err := os.OpenFile(filepath.Join(base, lockName), os.O_RDWR, 0)
		if err != nil {
			if errors.Is(err, os.ErrNotExist) {
				_ = os.RemoveAll(base)
			}
			continue
		}
		if syscall.Flock(int(lock.Fd()), syscall.LOCK_EX|syscall.LOCK_NB) == nil {
			_ = os.RemoveAll(base)
		}
		_ = lock.Close()
	}
	return nil
}

// Within gives fn a directory of its own and removes it afterwards.
func (d *Dir) Within(fn func(dir string) error) error {
	base, err := d.Path()
	if err != nil {
		return err
	}
	dir, err := os.MkdirTemp(base, "job-")
	if err != nil {
		return fmt.Errorf("making a directory for files of a moment: %w", err)
	}
	defer func() { _ = os.RemoveAll(dir) }()
	return fn(dir)
}

// Close gives the directory back; nothing may use it any more.
func (d *Dir) Close() error {
	if d.base == "" {
		return nil
	}
	return errors.Join(os.RemoveAll(d.base), d.lock.Close())
}
