package child

import (
	"context"
	"errors"
	"net"
	"os"
	"strconv"
	"sync/atomic"
)

// lastPort is the last port that was given to a server of this process.
var lastPort atomic.Int32

// FreePort is a port of loopback that nobody listens on. It stays below the range
// that the kernel gives to outgoing connections (from 32768), so that a server
// finds its own port again when it is started a second time.
func FreePort() (int, error) {
	const first, ports = 18000, 14000
	for range ports {
		n := first + (os.Getpid()*37+int(lastPort.Add(1)))%ports
		l, err := new(net.ListenConfig).Listen(context.Background(), "tcp", "127.0.0.1:"+strconv.Itoa(n))
		if err != nil {
			continue
		}
		return n, l.Close()
	}
	return 0, errors.New("there is no free port")
}
