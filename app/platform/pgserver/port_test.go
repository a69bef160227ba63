package pgserver

import (
	"net"
	"net/url"
	"strconv"
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
