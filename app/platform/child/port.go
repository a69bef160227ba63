package child

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"os"
	"path/filepath"
	"strconv"
	"sync"
	"sync/atomic"
	"syscall"
)

// Ports stay below the range that the kernel gives to outgoing connections (from
// 32768), so that a server finds its own port again when it is started a second
// time.
const (
	firstPort = 18000
	ports     = 14000
)

// lastPort counts the ports that were looked at.
var lastPort atomic.Int32

// FreePort is a port of loopback that nobody listens on, and that no other process
// of this user is given while this one lives: its server may be away for a while,
// or not be there yet.
func FreePort() (int, error) {
	for range ports {
		n := firstPort + (os.Getpid()*37+int(lastPort.Add(1)))%ports
		if !claim(n) {
			continue
		}
		l, err := new(net.ListenConfig).Listen(context.Background(), "tcp", "127.0.0.1:"+strconv.Itoa(n))
		if err != nil {
			continue
		}
		return n, l.Close()
	}
	return 0, errors.New("there is no free port")
}

// claims is a file that has a byte for each port, nil where it cannot be opened.
var claims = sync.OnceValue(func() *os.File {
	f, err := os.OpenFile(filepath.Join(os.TempDir(), fmt.Sprintf("vitrine-ports-%d", os.Getuid())), os.O_RDWR|os.O_CREATE, 0o600)
	if err != nil {
		return nil
	}
	return f
})

// claim takes a port for this process, unless another has. The lock on its byte is
// the process', whose end lets it go.
func claim(port int) bool {
	f := claims()
	if f == nil {
		return true
	}
	err := syscall.FcntlFlock(f.Fd(), syscall.F_SETLK, &syscall.Flock_t{Type: syscall.F_WRLCK, Whence: io.SeekStart, Start: int64(port), Len: 1})
	return !errors.Is(err, syscall.EAGAIN) && !errors.Is(err, syscall.EACCES)
}
