// Package disktest gives tests a small disk, which can be filled and emptied.
package disktest

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"syscall"
	"testing"
)

// Disk is a file system of its own over a directory. Its methods fail the test
// when they cannot do what they say.
type Disk struct {
	t   testing.TB
	dir string
}

// Mount puts a disk of so many bytes over a directory, which it makes, until the
// test ends. What lies there is covered. The test is skipped where this process
// may not do that.
func Mount(t testing.TB, dir string, size int64) *Disk {
	t.Helper()
	d := &Disk{t, dir}
	if err := os.MkdirAll(dir, 0o755); err != nil { //nolint:gosec // PostgreSQL's user may have to pass through
		t.Fatal(err)
	}
	if err := syscall.Mount("tmpfs", dir, "tmpfs", 0, fmt.Sprintf("mode=755,size=%d", size)); err != nil {
		t.Skipf("A small file system cannot be mounted here (%v), so a full disk is not tried. Root with CAP_SYS_ADMIN can.", err)
	}
	t.Cleanup(func() {
		if err := syscall.Unmount(dir, syscall.MNT_DETACH); err != nil {
			t.Error(err)
		}
	})
	return d
}

// filler is the file that takes the room away.
func (d *Disk) filler() string { return filepath.Join(d.dir, "filler") }

// Fill takes all room but so many bytes, which are rounded up to whole pages.
func (d *Disk) Fill(leave int64) {
	d.t.Helper()
	f, err := os.OpenFile(d.filler(), os.O_CREATE|os.O_RDWR|os.O_APPEND, 0o600)
	if err != nil {
		d.t.Fatal(err)
	}
	defer func() { _ = f.Close() }()
	for err = syscall.ENOSPC; errors.Is(err, syscall.ENOSPC); { // somebody else was quicker
		err = d.grow(f, leave)
	}
	if err != nil {
		d.t.Fatal(err)
	}
}

// grow makes the filler as large as it can be at this moment.
func (d *Disk) grow(f *os.File, leave int64) error {
	d.t.Helper()
	room := d.stat()
	block := int64(room.Bsize) //nolint:unconvert // its type differs between machines
	info, err := f.Stat()
	if err != nil {
		return err
	}
	more := (int64(room.Bavail) - (leave+block-1)/block) * block //nolint:gosec // of a small disk
	if more <= 0 {
		return nil
	}
	return syscall.Fallocate(int(f.Fd()), 0, info.Size(), more) //nolint:gosec // a descriptor is small
}

// NoMoreFiles lets nobody make one file or directory more, as a disk does that
// has no room for their names.
func (d *Disk) NoMoreFiles() {
	d.t.Helper()
	s := d.stat()
	d.remount(fmt.Sprintf("nr_inodes=%d", s.Files-s.Ffree))
}

// Empty makes room again.
func (d *Disk) Empty() {
	d.t.Helper()
	if err := os.Remove(d.filler()); err != nil && !errors.Is(err, os.ErrNotExist) {
		d.t.Fatal(err)
	}
	d.remount("nr_inodes=100000")
}

func (d *Disk) remount(options string) {
	d.t.Helper()
	if err := syscall.Mount("tmpfs", d.dir, "tmpfs", syscall.MS_REMOUNT, options); err != nil {
		d.t.Fatal(err)
	}
}

func (d *Disk) stat() (s syscall.Statfs_t) {
	d.t.Helper()
	if err := syscall.Statfs(d.dir, &s); err != nil {
		d.t.Fatal(err)
	}
	return s
}
