package pgserver

import (
	"errors"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"syscall"
	"testing"
)

// TestWatchdog_leavesTheNextOneAlone lets somebody else take the directory while a watchdog ends the server of a process
// that died, and lets nobody take it.
func TestWatchdog_leavesTheNextOneAlone(t *testing.T) {
	t.Parallel()
	for name, taken := range map[string]bool{"taken": true, "not taken": false} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			dir := t.TempDir()
			server := exec.Command("sh", "-c", "trap '' INT; exec sleep 600") // it takes its time
			if err := server.Start(); err != nil {
				t.Fatal(err)
			}
			ended := make(chan struct{})
			go func() { _ = server.Wait(); close(ended) }()
			t.Cleanup(func() { _ = server.Process.Kill(); <-ended })
			holder, next := strconv.Itoa(os.Getpid()), "1"
			lock := filepath.Join(dir, "vitrine.lock")
			err := errors.Join(os.WriteFile(lock, []byte(holder+"\n"), 0o600),
				os.WriteFile(filepath.Join(dir, "postmaster.pid"), []byte(strconv.Itoa(server.Process.Pid)+"\n"), 0o600))
			if err != nil {
				t.Fatal(err)
			}
			dog, err := startWatchdog(dir, filepath.Join(dir, "sockets"), lock)
			if err != nil {
				t.Fatal(err)
			}
			gone := make(chan struct{})
			go func() { _ = dog.cmd.Wait(); close(gone) }()
			if taken {
				if err := os.WriteFile(lock, []byte(next+"\n"), 0o600); err != nil {
					t.Fatal(err)
				}
			}
			if err := dog.line.Close(); err != nil { // as when the holder dies
				t.Fatal(err)
			}
			await(t, "the end of the watchdog", gone)
			if alive := syscall.Kill(server.Process.Pid, 0) == nil; alive && !taken {
				await(t, "the end of the server", ended)
			} else if !alive && taken {
				t.Error("a server of somebody else was ended")
			}
		})
	}
}
