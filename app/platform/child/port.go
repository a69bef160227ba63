package child

import (
	"context"
	"errors"
	"fmt"
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
// time. Each process gives away those of one block.
const (
	firstPort = 18000
	blocks    = 14
	inBlock   = 1000
)

// lastPort is the last port that was given to a server of this process.
var lastPort atomic.Int32

// FreePort is a port of loopback that nobody listens on, and that no other process
// of this user is given while this one lives: its server may be away for a while.
func FreePort() (int, error) {
	b := mine()
	for range b.ports {
		n := b.from + (os.Getpid()*37+int(lastPort.Add(1)))%b.ports
		l, err := new(net.ListenConfig).Listen(context.Background(), "tcp", "127.0.0.1:"+strconv.Itoa(n))
		if err != nil {
			continue
		}
		return n, l.Close()
	}
	return 0, errors.New("there is no free port")
}

// block is the ports of a process. The lock of a file says that they are taken,
// which the kernel lets go when the process ends.
type block struct {
	from, ports int
	held        *os.File
}

// mine takes a block, once. Where there are more processes than blocks, the last
// ones share all of them.
var mine = sync.OnceValue(func() block {
	for n := range blocks {
		number := (os.Getpid() + n) % blocks
		f, err := os.OpenFile(filepath.Join(os.TempDir(), fmt.Sprintf("vitrine-ports-%d", number)), os.O_RDWR|os.O_CREATE, 0o600)
		if err != nil {
			continue
		}
		if syscall.Flock(int(f.Fd()), syscall.LOCK_EX|syscall.LOCK_NB) == nil {
			return block{firstPort + number*inBlock, inBlock, f}
		}
		_ = f.Close()
	}
	return block{firstPort, blocks * inBlock, nil}
})
