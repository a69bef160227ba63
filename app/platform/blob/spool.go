package blob

import (
	"errors"
	"os"
	"path/filepath"
	"syscall"
	"time"
)

// spool is a directory of files that are being written or read right now.
// Whoever uses one holds a lock on it, which the kernel drops with the process;
// sweep removes what nobody holds, so a crash leaves nothing for long.
type spool string

// justMade is how old a file of somebody else is at least before it is judged:
// between making and locking it, it looks as if nobody held it.
const justMade = time.Second

// sweep removes what killed processes were using. That a file could not be
// removed is no reason not to start.
func (s spool) sweep() {
	left, err := filepath.Glob(filepath.Join(string(s), "*"))
	if err != nil {
		return
	}
	for _, path := range left {
		f, err := os.Open(path)
		if err != nil {
			continue
		}
		info, err := f.Stat()
		if err == nil && !info.IsDir() && time.Since(info.ModTime()) > justMade && syscall.Flock(int(f.Fd()), syscall.LOCK_EX|syscall.LOCK_NB) == nil {
			_ = os.Remove(path)
		}
		_ = f.Close()
	}
}

// file makes a file that sweep leaves alone as long as it is open.
func (s spool) file(pattern string) (*os.File, error) {
	f, err := os.CreateTemp(string(s), pattern)
	if err != nil {
		return nil, err
	}
	if err := syscall.Flock(int(f.Fd()), syscall.LOCK_EX); err != nil {
		return nil, errors.Join(err, f.Close(), os.Remove(f.Name()))
	}
	return f, nil
}
