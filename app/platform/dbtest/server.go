package dbtest

import (
	"bytes"
	"context"
	"crypto/sha256"
	"database/sql"
	_ "embed"
	"encoding/hex"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"sync"
	"syscall"

	"github.com/jackc/pgx/v5"

	"vitrine/app/platform/pgserver"
)

// server is this process's share in the test server.
type server struct {
	url      func(database string) string
	admin    *sql.DB
	template func() (string, error)
	// users is locked (shared) for as long as this process lives: the watcher stops the server when nobody holds it.
	users *os.File
}

// settings trade every safety for speed: the data is worth nothing.
func settings() map[string]string {
	return map[string]string{
		"fsync": "off", "synchronous_commit": "off", "full_page_writes": "off",
		"max_connections": "600", "shared_buffers": "128MB", "autovacuum": "off",
		"checkpoint_timeout": "1h", "max_wal_size": "4GB", "log_min_duration_statement": "-1",
	}
}

// connect finds the shared server or starts it. Everything that looks at who uses the server happens under start.lock.
func connect() (*server, error) {
	ctx, cancel := context.WithTimeout(context.Background(), patience)
	defer cancel()
	base, err := baseDir()
	if err != nil {
		return nil, err
	}
	starting, err := lockFile(filepath.Join(base, "start.lock"), syscall.LOCK_EX)
	if err != nil {
		return nil, err
	}
	defer func() { _ = starting.Close() }()
	users, err := os.OpenFile(filepath.Join(base, "users.lock"), os.O_RDWR|os.O_CREATE, 0o600)
	if err != nil {
		return nil, err
	}
	alone := syscall.Flock(int(users.Fd()), syscall.LOCK_EX|syscall.LOCK_NB) == nil
	dir := filepath.Join(base, "postgres")
	if alone {
		if err := discardAfterReboot(base, dir); err != nil {
			return nil, err
		}
	}
	pg, err := pgserver.Start(ctx, pgserver.Config{Dir: dir, Settings: settings(), Trust: true})
	if err != nil {
		return nil, err
	}
	// From here on the watcher is who stops it.
	pg.Detach()
	if err := startWatcher(base, dir); err != nil {
		return nil, err
	}
	s := &server{url: pg.URL, users: users}
	s.template = sync.OnceValues(s.buildTemplate)
	if s.admin, err = sql.Open("pgx", pg.URL("postgres")); err != nil {
		return nil, err
	}
	if alone {
		if err := s.dropLeftovers(ctx); err != nil {
			return nil, err
		}
	}
	return s, syscall.Flock(int(users.Fd()), syscall.LOCK_SH)
}

// dropLeftovers drops what killed tests and older migrations left. Only a process that is alone may.
func (s *server) dropLeftovers(ctx context.Context) error {
	const list = `select datname, datistemplate from pg_database
		where datname like 't\_%' or datname like 'building\_%' or datname like 'template\_%'`
	rows, err := s.admin.QueryContext(ctx, list)
	if err != nil {
		return err
	}
	defer func() { _ = rows.Close() }()
	var tests, templates []string
	for rows.Next() {
		var name string
		var template bool
		if err := rows.Scan(&name, &template); err != nil {
			return err
		}
		if template {
			templates = append(templates, name)
		} else {
			tests = append(tests, name)
		}
	}
	if err := rows.Err(); err != nil {
		return err
	}
	// A few templates are worth keeping: one goes back and forth between branches.
	if len(templates) <= 4 {
		templates = nil
	}
	for _, name := range templates {
		if _, err := s.admin.ExecContext(ctx, "alter database "+pgx.Identifier{name}.Sanitize()+" with is_template false"); err != nil {
			return err
		}
	}
	for _, name := range append(tests, templates...) {
		if err := s.drop(ctx, name); err != nil {
			return err
		}
	}
	return nil
}

// baseDir is the directory of this user's and checkout's server. Others may pass through it (the server's user has to),
// and nobody else may have made it.
func baseDir() (string, error) {
	root, err := checkout()
	if err != nil {
		return "", err
	}
	sum := sha256.Sum256([]byte(root))
	name := fmt.Sprintf("vitrine-test-%d-%s", os.Getuid(), hex.EncodeToString(sum[:4]))
	parent := os.TempDir()
	if !pgserver.Reachable(parent) {
		parent = "/tmp"
	}
	dir := filepath.Join(parent, name)
	if err := os.Mkdir(dir, 0o755); err != nil && !errors.Is(err, fs.ErrExist) {
		return "", err
	}
	info, err := os.Lstat(dir)
	if err != nil {
		return "", err
	}
	if owner, ok := info.Sys().(*syscall.Stat_t); !ok || !info.IsDir() || int(owner.Uid) != os.Getuid() {
		return "", fmt.Errorf("%s was made by somebody else; remove it", dir)
	}
	return dir, nil
}

// checkout is the directory of go.mod, above the package that is tested.
func checkout() (string, error) {
	dir, err := os.Getwd()
	if err != nil {
		return "", err
	}
	for at := dir; at != "/"; at = filepath.Dir(at) {
		if _, err := os.Stat(filepath.Join(at, "go.mod")); err == nil {
			return at, nil
		}
	}
	return "", fmt.Errorf("there is no go.mod above %s", dir)
}

// discardAfterReboot removes the data when the machine was restarted since: without fsync it may be damaged.
func discardAfterReboot(base, dir string) error {
	boot, err := os.ReadFile("/proc/sys/kernel/random/boot_id")
	if err != nil {
		return err
	}
	file := filepath.Join(base, "boot_id")
	if seen, err := os.ReadFile(file); err == nil && bytes.Equal(seen, boot) {
		return nil
	}
	if err := os.RemoveAll(dir); err != nil {
		return err
	}
	return os.WriteFile(file, boot, 0o600)
}

//go:embed watcher.sh
var watcherScript string

// startWatcher starts the process that stops an idle server, unless one is there already.
func startWatcher(base, dir string) error {
	cmd := exec.Command("/bin/sh", "-c", watcherScript, "vitrine-test-watcher", base, filepath.Join(dir, "data"))
	cmd.Dir = "/"
	cmd.SysProcAttr = &syscall.SysProcAttr{Setsid: true}
	if err := cmd.Start(); err != nil {
		return fmt.Errorf("start the watcher of the test server: %w", err)
	}
	go func() { _ = cmd.Wait() }()
	return nil
}

func lockFile(path string, how int) (*os.File, error) {
	f, err := os.OpenFile(path, os.O_RDWR|os.O_CREATE, 0o600)
	if err != nil {
		return nil, err
	}
	if err := syscall.Flock(int(f.Fd()), how); err != nil {
		return nil, errors.Join(err, f.Close())
	}
	return f, nil
}
