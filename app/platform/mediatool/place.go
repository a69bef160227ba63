package mediatool

import (
	"errors"
	"io"
	"os"
	"path/filepath"
	"syscall"

	"vitrine/app/fault"
)

// place moves a checked file to dst, whole or not at all, replacing what is there.
func place(made, dst string) error {
	if err := os.Chmod(made, 0o600); err != nil {
		return unplaced(err)
	}
	err := os.Rename(made, dst)
	if errors.Is(err, syscall.EXDEV) {
		err = copyBeside(made, dst)
	}
	if err != nil {
		return unplaced(err)
	}
	return nil
}

// copyBeside crosses file systems: the copy is renamed within dst's own directory.
func copyBeside(made, dst string) (err error) {
	in, err := os.Open(made)
	if err != nil {
		return err
	}
	defer func() { _ = in.Close() }()
	out, err := os.CreateTemp(filepath.Dir(dst), ".part-*")
	if err != nil {
		return err
	}
	defer func() {
		if err != nil {
			_ = out.Close()
			_ = os.Remove(out.Name())
		}
	}()
	if _, err = io.Copy(out, in); err != nil {
		return err
	}
	if err = out.Close(); err != nil {
		return err
	}
	return os.Rename(out.Name(), dst)
}

func unplaced(err error) error {
	return fault.Caused(fault.Unavailable, "The result cannot be stored right now. Try again later.", err)
}

func unreadable(err error) error {
	return fault.Caused(fault.Unavailable, "The file cannot be read right now. Try again later.", err)
}
