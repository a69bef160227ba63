package pgserver

import (
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"
	"syscall"
)

// lockDir takes the directory for this process. The kernel releases the lock when the process ends, however it ends,
// so there is nothing stale to clean up; the number in the file is for the message only.
func lockDir(dir string) (*os.File, error) {
	path := filepath.Join(dir, "vitrine.lock")
	f, err := os.OpenFile(path, os.O_RDWR|os.O_CREATE, 0o600)
	if err != nil {
		return nil, fmt.Errorf("The file %s cannot be opened: %w.", path, err)
	}
	err = syscall.Flock(int(f.Fd()), syscall.LOCK_EX|syscall.LOCK_NB)
	if errors.Is(err, syscall.EWOULDBLOCK) {
		holder := lockHolder(f)
		_ = f.Close()
		return nil, inUse(fmt.Sprintf("Another Vitrine%s already runs on %s; stop it, or choose another DATA_DIR.",
			holder, filepath.Dir(dir)))
	}
	if err != nil {
		_ = f.Close()
		return nil, fmt.Errorf("The file %s cannot be locked: %w.", path, err)
	}
	if err := recordHolder(f); err != nil {
		_ = f.Close()
		return nil, fmt.Errorf("The file %s cannot be written: %w.", path, err)
	}
	return f, nil
}

// unlock gives the directory back. Closing alone would not do at once: a process that is just being forked holds a copy of
// the descriptor until it runs its own program.
func unlock(f *os.File) {
	_ = syscall.Flock(int(f.Fd()), syscall.LOCK_UN)
	_ = f.Close()
}

// inUse is the sentence about the other process; errors.Is finds ErrInUse behind it.
type inUse string

func (e inUse) Error() string { return string(e) }
func (inUse) Unwrap() error   { return ErrInUse }

func recordHolder(f *os.File) error {
	if err := f.Truncate(0); err != nil {
		return err
	}
	_, err := f.WriteAt([]byte(fmt.Sprintf("%d\n", os.Getpid())), 0)
	return err
}

// lockHolder is " (process N)", or nothing when the holder has not written its number yet.
func lockHolder(f *os.File) string {
	text, err := io.ReadAll(io.LimitReader(f, 32))
	pid := strings.TrimSpace(string(text))
	if err != nil || pid == "" {
		return ""
	}
	return " (process " + pid + ")"
}
