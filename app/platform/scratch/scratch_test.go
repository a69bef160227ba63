package scratch_test

import (
	"errors"
	"os"
	"path/filepath"
	"syscall"
	"testing"

	"vitrine/app/platform/disktest"
	"vitrine/app/platform/scratch"
)

// A full disk is no reason not to start: what needs the directory is refused
// until there is room.
func TestOpen_fullDisk(t *testing.T) {
	t.Parallel()
	root := filepath.Join(t.TempDir(), "small")
	disk := disktest.Mount(t, root, 1<<20)
	disk.NoMoreFiles()
	d, err := scratch.Open(root, "p-")
	if err != nil {
		t.Fatal(err)
	}
	nothing := func(string) error { return nil }
	if err := d.Within(nothing); !errors.Is(err, syscall.ENOSPC) {
		t.Errorf("on a full disk: %v", err)
	}
	disk.Empty()
	if err := d.Within(nothing); err != nil {
		t.Errorf("with room again: %v", err)
	}
	path, err := d.Path()
	if err != nil || filepath.Dir(path) != root {
		t.Errorf("it lies in %s: %v", path, err)
	}
	if err := d.Close(); err != nil {
		t.Error(err)
	}
	if _, err := os.Stat(path); !errors.Is(err, os.ErrNotExist) {
		t.Errorf("afterwards: %v", err)
	}
}

// What is wrong in another way is said at once.
func TestOpen_noDirectory(t *testing.T) {
	t.Parallel()
	file := filepath.Join(t.TempDir(), "file")
	if err := os.WriteFile(file, nil, 0o600); err != nil {
		t.Fatal(err)
	}
	if _, err := scratch.Open(filepath.Join(file, "below"), "p-"); err == nil {
		t.Error("a directory lies below a file")
	}
}
