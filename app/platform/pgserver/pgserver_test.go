package pgserver

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"
)

func TestStart_keepsRowsAcrossARestart(t *testing.T) {
	t.Parallel()
	dir := scratch(t)
	began := time.Now()
	s := start(t, dir)
	t.Logf("first start took %v", time.Since(began))
	if created, err := s.EnsureDatabase(t.Context(), "vitrine"); err != nil || !created {
		t.Fatalf("EnsureDatabase = %v, %v; want it created", created, err)
	}
	if created, err := s.EnsureDatabase(t.Context(), "vitrine"); err != nil || created {
		t.Fatalf("EnsureDatabase again = %v, %v; want it found", created, err)
	}
	query(t, s.URL("vitrine"), "create table t (n int)")
	query(t, s.URL("vitrine"), "insert into t values (7)")
	stop(t, s)

	began = time.Now()
	again := start(t, dir)
	t.Logf("second start took %v", time.Since(began))
	if got := query(t, again.URL("vitrine"), "select n::text from t"); got != "7" {
		t.Errorf("after a restart the row is %q, want 7", got)
	}
}

func TestStart_configuration(t *testing.T) {
	t.Parallel()
	s := start(t, scratch(t))
	for setting, want := range map[string]string{
		"wal_level": "logical", "max_connections": "100", "fsync": "on", "data_checksums": "on", "track_io_timing": "on",
		"listen_addresses": "", "server_encoding": "UTF8", "lc_collate": "C.UTF-8", "password_encryption": "scram-sha-256",
	} {
		if got := query(t, s.URL("postgres"), "show "+setting); got != want {
			t.Errorf("%s = %q, want %q", setting, got, want)
		}
	}
	info, err := os.Stat(s.sockets)
	if err != nil || info.Mode().Perm() != 0o700 {
		t.Errorf("the socket's directory: %v, %v; want mode 0700", info, err)
	}
	if logs, err := filepath.Glob(filepath.Join(s.LogDir(), "postgres-*.log")); err != nil || len(logs) == 0 {
		t.Errorf("no log in %s: %v", s.LogDir(), err)
	}
}

func TestStart_passwordIsAsked(t *testing.T) {
	t.Parallel()
	s := start(t, scratch(t))
	conn, err := pgx.Connect(t.Context(), s.RoleURL(Owner, "wrong", "postgres"))
	if err == nil {
		_ = conn.Close(t.Context())
		t.Fatal("a wrong password was accepted")
	}
}

func TestStart_secondIsRefused(t *testing.T) {
	t.Parallel()
	dir := scratch(t)
	start(t, dir)
	_, err := Start(t.Context(), Config{Dir: dir})
	if !errors.Is(err, ErrInUse) {
		t.Fatalf("a second Start returned %v, want ErrInUse", err)
	}
	if want := fmt.Sprintf("process %d", os.Getpid()); !strings.Contains(err.Error(), want) {
		t.Errorf("%q does not name %s", err, want)
	}
}

func TestStart_takesOverARunningServer(t *testing.T) {
	t.Parallel()
	dir := scratch(t)
	first := start(t, dir)
	first.Detach() // what the kernel does for a Vitrine that is killed
	second := start(t, dir)
	if second.Pid() != first.Pid() {
		t.Errorf("a new server %d was started beside %d", second.Pid(), first.Pid())
	}
	stop(t, second)
	await(t, "Done of the first", first.Done())
}

func TestStart_restartsALeftServerWithAnotherConfiguration(t *testing.T) {
	t.Parallel()
	dir := scratch(t)
	first := start(t, dir)
	first.Detach()
	second, err := Start(t.Context(), Config{Dir: dir, DieWithParent: true, Settings: map[string]string{"max_connections": "33"}})
	if err != nil {
		t.Fatal(err)
	}
	defer stop(t, second)
	if got := query(t, second.URL("postgres"), "show max_connections"); got != "33" {
		t.Errorf("max_connections = %s, want the new 33", got)
	}
}

func TestStart_restartsALeftServerWhoseSocketWasSwept(t *testing.T) {
	t.Parallel()
	dir := scratch(t)
	first := start(t, dir)
	first.Detach()
	if err := os.RemoveAll(first.sockets); err != nil {
		t.Fatal(err)
	}
	second := start(t, dir)
	if got := query(t, second.URL("postgres"), "select 'here'"); got != "here" {
		t.Errorf("the server answers %q", got)
	}
}

func TestStart_recoversFromAKilledServer(t *testing.T) {
	t.Parallel()
	dir := scratch(t)
	s := start(t, dir)
	query(t, s.URL("postgres"), "create table t (n int)")
	query(t, s.URL("postgres"), "insert into t values (7)")
	if err := syscall.Kill(s.Pid(), syscall.SIGKILL); err != nil {
		t.Fatal(err)
	}
	await(t, "Done after SIGKILL", s.Done())
	s.Detach()
	again := start(t, dir)
	if got := query(t, again.URL("postgres"), "select n::text from t"); got != "7" {
		t.Errorf("after a crash the row is %q, want 7", got)
	}
}

func TestStart_stalePidFile(t *testing.T) {
	t.Parallel()
	dir := scratch(t)
	s := start(t, dir)
	pidFile := filepath.Join(s.cluster.data, "postmaster.pid")
	text, err := os.ReadFile(pidFile)
	if err != nil {
		t.Fatal(err)
	}
	socketLock := filepath.Join(s.sockets, ".s.PGSQL."+s.cluster.port+".lock")
	stop(t, s)

	// What a crash of the machine leaves: both locks, and their number now belongs to a program of the same user.
	other := s.cluster.who.command(t.Context(), "/bin/sleep", "600")
	if err := other.Start(); err != nil {
		t.Fatal(err)
	}
	defer func() { _ = other.Process.Kill(); _ = other.Wait() }()
	_, rest, _ := strings.Cut(string(text), "\n")
	stale := strconv.Itoa(other.Process.Pid) + "\n" + rest
	if err := s.cluster.claimSocketDir(s.sockets); err != nil {
		t.Fatal(err)
	}
	for _, path := range []string{pidFile, socketLock} {
		if err := s.cluster.writeFile(path, stale); err != nil {
			t.Fatal(err)
		}
	}
	again := start(t, dir)
	if again.Pid() == other.Process.Pid {
		t.Error("an unrelated process was taken for the server")
	}
}

func TestStart_longPathAndSymbolicLink(t *testing.T) {
	t.Parallel()
	base := scratch(t)
	long := filepath.Join(base, strings.Repeat("a-long-name/", 14), "with 'quotes' and spaces")
	s := start(t, long)
	stop(t, s)
	link := filepath.Join(base, "link")
	if err := os.Symlink(long, link); err != nil {
		t.Fatal(err)
	}
	stop(t, start(t, link))
}

func TestStart_removesAnInterruptedInit(t *testing.T) {
	t.Parallel()
	dir := scratch(t)
	half := filepath.Join(dir, "init-1234")
	if err := os.MkdirAll(half, 0o755); err != nil {
		t.Fatal(err)
	}
	start(t, dir)
	if _, err := os.Stat(half); !errors.Is(err, os.ErrNotExist) {
		t.Errorf("the half-made cluster is still there: %v", err)
	}
}

func TestStart_refusals(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		version string
		want    string
	}{
		"another major": {"9999\n", "was written by PostgreSQL 9999"},
		"damaged":       {"oops\n", "holds no version of PostgreSQL"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			dir := scratch(t)
			if err := os.MkdirAll(filepath.Join(dir, "data"), 0o700); err != nil {
				t.Fatal(err)
			}
			if err := os.WriteFile(filepath.Join(dir, "data", "PG_VERSION"), []byte(test.version), 0o600); err != nil {
				t.Fatal(err)
			}
			if _, err := Start(t.Context(), Config{Dir: dir}); err == nil || !strings.Contains(err.Error(), test.want) {
				t.Errorf("Start returned %v, want a sentence with %q", err, test.want)
			}
		})
	}
}

func TestStart_closedDirectory(t *testing.T) {
	t.Parallel()
	if os.Getuid() != 0 {
		t.Skip("Only root can make a directory that the server's user may not enter.")
	}
	closed := filepath.Join(scratch(t), "closed")
	if err := os.Mkdir(closed, 0o700); err != nil {
		t.Fatal(err)
	}
	if Reachable(filepath.Join(closed, "below")) {
		t.Error("Reachable is true below a closed directory")
	}
	if _, err := Start(t.Context(), Config{Dir: filepath.Join(closed, "postgres")}); err == nil || !strings.Contains(err.Error(), "may not enter") {
		t.Errorf("Start returned %v, want a sentence about the closed directory", err)
	}
	if !Reachable(scratch(t)) {
		t.Error("Reachable is false for an open directory")
	}
}

func TestExplain(t *testing.T) {
	t.Parallel()
	cause := errors.New("exit status 1")
	full := explain("The database could not be made", `initdb: error: could not write: No space left on device`, cause)
	if !strings.Contains(full.Error(), "because the disk is full") {
		t.Errorf("a full disk is explained as %q", full)
	}
	other := explain("The database could not be made", "2026-01-01 UTC [1] FATAL:  could not map memory\n", cause)
	if !strings.Contains(other.Error(), "(PostgreSQL says: could not map memory)") {
		t.Errorf("another cause is explained as %q", other)
	}
}

func TestDieWithParent(t *testing.T) {
	t.Parallel()
	dir := scratch(t)
	child := exec.Command(os.Args[0], "-test.run=^TestChild$", "-test.v")
	child.Env = append(os.Environ(), "PGSERVER_TEST_DIR="+dir)
	out, err := child.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := child.Start(); err != nil {
		t.Fatal(err)
	}
	pid := 0
	for lines := bufio.NewScanner(out); pid == 0 && lines.Scan(); {
		if _, text, ok := strings.Cut(lines.Text(), "server is process "); ok {
			if pid, err = strconv.Atoi(strings.TrimSpace(text)); err != nil {
				t.Fatal(err)
			}
		}
	}
	if err := child.Process.Kill(); err != nil {
		t.Fatal(err)
	}
	_ = child.Wait()
	if pid == 0 {
		t.Fatal("the child started no server")
	}
	gone := make(chan struct{})
	go awaitExit(pid, filepath.Join(dir, "data"), gone)
	await(t, "the end of the killed child's server", gone)
}

// TestChild is the process that TestDieWithParent kills. In any other run it has nothing to do.
func TestChild(t *testing.T) {
	dir := os.Getenv("PGSERVER_TEST_DIR")
	if dir == "" {
		return
	}
	s := start(t, dir)
	fmt.Println("server is process", s.Pid())
	await(t, "the end", s.Done())
}

// scratch is a directory that the server's user may enter, which t.TempDir is not when we are root.
func scratch(t *testing.T) string {
	t.Helper()
	dir, err := os.MkdirTemp("/tmp", "pgserver-test-")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = os.RemoveAll(dir) })
	if err := os.Chmod(dir, 0o755); err != nil {
		t.Fatal(err)
	}
	who, err := serverAccount(filepath.Join(dir, "data"))
	if err != nil {
		t.Fatal(err)
	}
	if err := who.own(dir); err != nil {
		t.Fatal(err)
	}
	return dir
}

func start(t *testing.T, dir string) *Server {
	t.Helper()
	s, err := Start(t.Context(), Config{Dir: dir, DieWithParent: true})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		select {
		case <-s.Done():
		default:
			stop(t, s)
		}
	})
	return s
}

func stop(t *testing.T, s *Server) {
	t.Helper()
	ctx, cancel := context.WithTimeout(context.WithoutCancel(t.Context()), 2*time.Minute)
	defer cancel()
	if err := s.Stop(ctx); err != nil {
		t.Error(err)
	}
}

func await(t *testing.T, what string, ch <-chan struct{}) {
	t.Helper()
	select {
	case <-ch:
	case <-time.After(2 * time.Minute):
		t.Fatalf("%s did not come in time", what)
	}
}

// query runs one statement and returns its only value, if any.
func query(t *testing.T, url, sql string) string {
	t.Helper()
	conn, err := pgx.Connect(t.Context(), url)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = conn.Close(context.WithoutCancel(t.Context())) }()
	rows, err := conn.Query(t.Context(), sql)
	if err != nil {
		t.Fatal(err)
	}
	values, err := pgx.CollectRows(rows, pgx.RowTo[string])
	if err != nil {
		t.Fatal(err)
	}
	if len(values) == 0 {
		return ""
	}
	return values[0]
}
