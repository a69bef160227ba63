package disktest_test

import (
	"bytes"
	"errors"
	"os"
	"path/filepath"
	"syscall"
	"testing"

	"vitrine/app/platform/disktest"
)

func TestDisk(t *testing.T) {
	t.Parallel()
	dir := filepath.Join(t.TempDir(), "small")
	d := disktest.Mount(t, dir, 1<<20)
	write := func(name string, size int) error {
		return os.WriteFile(filepath.Join(dir, name), bytes.Repeat([]byte("x"), size), 0o600)
	}
	d.Fill(64 << 10)
	if err := write("small", 60<<10); err != nil {
		t.Errorf("what there is room for: %v", err)
	}
	if err := write("large", 60<<10); !errors.Is(err, syscall.ENOSPC) {
		t.Errorf("what there is no room for: %v", err)
	}
	d.Empty()
	if err := write("large", 500<<10); err != nil {
		t.Errorf("with room again: %v", err)
	}
	d.NoMoreFiles()
	if err := os.Mkdir(filepath.Join(dir, "more"), 0o700); !errors.Is(err, syscall.ENOSPC) {
		t.Errorf("one directory more: %v", err)
	}
	d.Empty()
	if err := os.Mkdir(filepath.Join(dir, "more"), 0o700); err != nil {
		t.Errorf("a directory with room for names again: %v", err)
	}
}
