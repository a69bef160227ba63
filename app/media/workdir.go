package media

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"syscall"
)

// workDir is the private directory of this process, below one that all
// processes of the machine share. A lock on a file in it says that the process
// lives; the kernel drops it with the process, however it ends.
type workDir struct {
	base string
	lock *os.File
}

const workLock = "lock"

// openWorkDir makes the directory and removes those of dead processes.
func openWorkDir(root string) (*workDir, error) {
	if err := os.MkdirAll(root, 0o750); err != nil {
		return nil, fmt.Errorf("making the directory for renditions: %w", err)
	}
	root, err := filepath.Abs(root)
	if err != nil {
		return nil, err
	}
	// One process at a time sweeps and makes, so that nobody takes a directory
	// whose lock is about to be held for one of the dead.
	gate, err := os.OpenFile(filepath.Join(root, "gate"), os.O_CREATE|os.O_RDWR, 0o600)
	if err != nil {
		return nil, fmt.Errorf("making the directory for renditions: %w", err)
	}
	defer func() { _ = gate.Close() }()
	if err := syscall.Flock(int(gate.Fd()), syscall.LOCK_EX); err != nil {
		return nil, fmt.Errorf("locking the directory for renditions: %w", err)
	}
	if err := sweepWork(root); err != nil {
		return nil, err
	}
	base, err := os.MkdirTemp(root, "p-")
	if err != nil {
		return nil, fmt.Errorf("making the directory for renditions: %w", err)
	}
	lock, err := os.OpenFile(filepath.Join(base, workLock), os.O_CREATE|os.O_RDWR, 0o600)
	if err == nil {
		err = syscall.Flock(int(lock.Fd()), syscall.LOCK_EX|syscall.LOCK_NB)
	}
	if err != nil {
		return nil, errors.Join(err, os.RemoveAll(base))
	}
	return &workDir{base: base, lock: lock}, nil
}

// sweepWork removes what is nobody's: whose lock is free, or was never made.
func sweepWork(root string) error {
	left, err := filepath.Glob(filepath.Join(root, "p-*"))
	if err != nil {
		return err
	}
	for _, base := range left {
		lock, err := os.OpenFile(filepath.Join(base, workLock), os.O_RDWR, 0)
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

// within gives fn a directory of its own and removes it afterwards.
func (w *workDir) within(fn func(dir string) error) error {
	dir, err := os.MkdirTemp(w.base, "job-")
	if err != nil {
		return fmt.Errorf("making room for a rendition: %w", err)
	}
	defer func() { _ = os.RemoveAll(dir) }()
	return fn(dir)
}

func (w *workDir) close() error { return errors.Join(os.RemoveAll(w.base), w.lock.Close()) }
