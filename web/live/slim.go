package live

import (
	"bufio"
	"net"
	"net/http"
)

// The buffers of a connection, in bytes: a page sends control frames alone, and
// hears short messages. Those of a request are 4 KiB each, which is more than
// everything else that an open page takes.
const (
	readBuffer  = 256
	writeBuffer = 1024
)

// slim hands a connection over with buffers of that size.
type slim struct{ http.ResponseWriter }

// Hijack implements http.Hijacker.
func (w slim) Hijack() (net.Conn, *bufio.ReadWriter, error) {
	conn, rw, err := http.NewResponseController(w.ResponseWriter).Hijack()
	if err != nil || rw.Reader.Buffered() > 0 { // frames that came with the request
		return conn, rw, err
	}
	return conn, bufio.NewReadWriter(bufio.NewReaderSize(conn, readBuffer), bufio.NewWriterSize(conn, writeBuffer)), nil
}
