package pgserver

import (
	"context"
	"fmt"
	"os"
	"os/exec"
	"strconv"
)

// watchdogScript waits for the end of its standard input, which comes when the process that holds the other end closes it
// or dies, and stops the server. It reads the number then, so it may start before the server does. A death signal from the
// kernel would not do: it follows the thread that forked, not the process. Whoever has taken the directory meanwhile, which
// its lock names, sees to what is left there by itself: a server that runs by then is theirs.
const watchdogScript = `
read -r _
lock=$3 holder=$4
ours() { [ "$(head -n 1 "$lock" 2>/dev/null)" = "$holder" ]; }
for signal in INT QUIT; do
	pid=$(head -n 1 "$1/postmaster.pid" 2>/dev/null) || exit 0
	ours || exit 0
	[ -n "$pid" ] && kill -s "$signal" "$pid" 2>/dev/null || exit 0
	for _ in 1 2 3 4 5 6 7 8 9 10; do
		ours || exit 0
		kill -s 0 "$pid" 2>/dev/null || { rmdir "$2"; exit 0; }
		sleep 0.5
	done
done
`

// watchdog is a process that ends the server when we end.
type watchdog struct {
	cmd  *exec.Cmd
	line *os.File
}

func (s *Server) watch(wanted bool) error {
	if !wanted {
		return nil
	}
	dog, err := startWatchdog(s.cluster.data, s.sockets, s.lock.Name())
	if err != nil {
		return fmt.Errorf("The watchdog of PostgreSQL cannot be started: %w.", err)
	}
	s.watchdog = dog
	return nil
}

func startWatchdog(data, sockets, lock string) (*watchdog, error) {
	far, near, err := os.Pipe()
	if err != nil {
		return nil, err
	}
	defer func() { _ = far.Close() }()
	// As ourselves, not as the server's user, who could not remove the socket's directory from /run.
	cmd := account{}.command(context.Background(), "/bin/sh", "-c", watchdogScript, "vitrine-watchdog", data, sockets, lock, strconv.Itoa(os.Getpid()))
	cmd.Stdin = far
	if err := cmd.Start(); err != nil {
		_ = near.Close()
		return nil, err
	}
	return &watchdog{cmd: cmd, line: near}, nil
}

// Close calls the watchdog off.
func (w *watchdog) Close() error {
	// It has to die before its input ends, or it would stop a server that is to stay.
	_ = w.cmd.Process.Kill()
	_ = w.cmd.Wait()
	return w.line.Close()
}
