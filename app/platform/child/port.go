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
	from, ports := mine()
	for range ports {
		n := from + (os.Getpid()*37+int(lastPort.Add(1)))%ports
		l, err := new(net.ListenConfig).Listen(context.Background(), "tcp", "127.0.0.1:"+strconv.Itoa(n))
		if err != nil {
			continue
		}
		return n, l.Close()
	}
	return 0, errors.New("there is no free port")
}

// held is the file whose lock says that a block is taken. The kernel lets it go when
// the process ends.
var held *os.File

// mine takes a block, once. Where there are more processes than blocks, the last
// ones share all of them.
var mine = sync.OnceValues(func() (from, ports int) {
	for n := range blocks {
		block := (os.Getpid() + n) % blocks
		f, err := os.OpenFile(filepath.Join(os.TempDir(), fmt.Sprintf("vitrine-ports-%d", block)), os.O_RDWR|os.O_CREATE, 0o600)
		if err != nil {
			continue
		}
		if syscall.Flock(int(f.Fd()), syscall.LOCK_EX|syscall.LOCK_NB) == nil {
			held = f
			return firstPort + block*inBlock, inBlock
		}
		_ = f.Close()
	}
	return firstPort, blocks * inBlock
})
