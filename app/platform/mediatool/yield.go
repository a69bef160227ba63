package mediatool

import (
	"errors"
	"os"
	"strconv"
	"syscall"
	"time"
)

// yield makes the session of a program give way to everything else, until ended
// is closed. Where Linux groups tasks by session (sched_autogroup, on by default
// in Debian), niceness counts only within a session: without this a picture takes
// as much of a processor as all of this process, or as a connection of the
// database, which has a session of its own. A kernel without such groups has no
// such file, and needs none.
func yield(pid, nice int, ended <-chan struct{}) {
	file, value := "/proc/"+strconv.Itoa(pid)+"/autogroup", []byte(strconv.Itoa(nice))
	// Only the system's administrator may write more often than ten times a second.
	for again := time.NewTicker(110 * time.Millisecond); ; {
		err := os.WriteFile(file, value, 0o600)
		if !errors.Is(err, syscall.EAGAIN) {
			again.Stop()
			return // done, gone, or nothing to be done
		}
		select {
		case <-ended:
			again.Stop()
			return
		case <-again.C:
		}
	}
}
