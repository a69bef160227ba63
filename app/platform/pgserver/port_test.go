package pgserver

import (
	"errors"
	"io/fs"
	"net"
	"net/url"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
	"testing"

	"vitrine/app/platform/child"

	"github.com/jackc/pgx/v5"
)

// TestStart_port lets programs of the machine in by TCP, with the password only,
// and takes a server over that had another port.
func TestStart_port(t *testing.T) {
	t.Parallel()
	dir := scratch(t)
	port := freePort(t)
	s, err := Start(t.Context(), Config{Dir: dir, Port: port, DieWithParent: true})
	if err != nil {
		t.Fatal(err)
	}
	if got := query(t, byTCP(t, s, port, ""), "show port"); got != strconv.Itoa(port) {
		t.Errorf("the port is %s, want %d", got, port)
	}
	if conn, err := pgx.Connect(t.Context(), byTCP(t, s, port, "wrong")); err == nil {
		_ = conn.Close(t.Context())
		t.Error("a wrong password was accepted")
	}
	s.Detach()

	again := start(t, dir)
	if got := query(t, again.URL("postgres"), "show listen_addresses"); got != "" {
		t.Errorf("the next start listens on %q, want the socket alone", got)
	}
}

// TestStart_socketOfAnotherPort leaves the socket of a crashed server that had
// another port, and its lock. They must go, and the directory with them once the
// server is stopped; what lies in a directory of others stays.
func TestStart_socketOfAnotherPort(t *testing.T) {
	t.Parallel()
	dir := scratch(t)
	first, err := Start(t.Context(), Config{Dir: dir, Port: freePort(t), DieWithParent: true})
	if err != nil {
		t.Fatal(err)
	}
	if err := syscall.Kill(first.Pid(), syscall.SIGKILL); err != nil {
		t.Fatal(err)
	}
	await(t, "Done after SIGKILL", first.Done())
	first.Detach()
	sockets := first.sockets
	if left := socketsIn(t, sockets); len(left) != 2 {
		t.Fatalf("a crash left %v", left)
	}
	again, err := Start(t.Context(), Config{Dir: dir, Port: freePort(t), DieWithParent: true})
	if err != nil {
		t.Fatal(err)
	}
	if left := socketsIn(t, sockets); len(left) != 2 || !strings.Contains(left[0], again.cluster.port) {
		t.Errorf("beside the server's own socket there is %v", left)
	}
	stop(t, again)
	if _, err := os.Stat(sockets); !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("the directory of the socket stays, with %v", socketsIn(t, sockets))
	}

	others := filepath.Join(t.TempDir(), ".s.PGSQL.5432")
	if err := os.WriteFile(others, nil, 0o600); err != nil {
		t.Fatal(err)
	}
	if err := again.cluster.clearSockets(filepath.Dir(others)); err != nil {
		t.Error(err)
	}
	if _, err := os.Stat(others); err != nil {
		t.Errorf("a socket of others was removed: %v", err)
	}
}

func socketsIn(t *testing.T, dir string) []string {
	t.Helper()
	found, err := filepath.Glob(filepath.Join(dir, ".s.PGSQL.*"))
	if err != nil {
		t.Fatal(err)
	}
	return found
}

func byTCP(t *testing.T, s *Server, port int, password string) string {
	t.Helper()
	u, err := url.Parse(s.URL("postgres"))
	if err != nil {
		t.Fatal(err)
	}
	u.Host, u.RawQuery = net.JoinHostPort("127.0.0.1", strconv.Itoa(port)), "sslmode=disable"
	if password != "" {
		u.User = url.UserPassword(Owner, password)
	}
	return u.String()
}

func freePort(t *testing.T) int {
	t.Helper()
	port, err := child.FreePort()
	if err != nil {
		t.Fatal(err)
	}
	return port
}
