package pgserver

import (
	"bytes"
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"io/fs"
	"log/slog"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"time"
)

// cluster is the directory on disk: data (PostgreSQL's own), log, and the owner's password.
type cluster struct {
	dir, data, logs string
	port            string
	who             account
	bin             binaries
}

// openCluster decides who runs the server and with which binaries, and makes the directory. It starts nothing.
func openCluster(dir string) (cluster, error) {
	c := cluster{dir: dir, data: filepath.Join(dir, "data"), logs: filepath.Join(dir, "log")}
	var err error
	if c.who, err = serverAccount(c.data); err != nil {
		return c, err
	}
	major, err := c.major()
	if err != nil {
		return c, err
	}
	if c.bin, err = findBinaries(major); err != nil {
		return c, err
	}
	for _, d := range []string{dir, c.logs} {
		if err := c.makeDir(d); err != nil {
			return c, err
		}
	}
	if !c.who.reaches(dir) {
		return c, fmt.Errorf(
			"PostgreSQL runs as the user %s, who may not enter %s; choose a DATA_DIR whose parent directories everybody may enter, such as /var/lib/vitrine.",
			c.who.name, dir)
	}
	return c, nil
}

// resolve makes the directory above dir and gives dir's one true path: the server and its files are told apart by it,
// whichever symbolic links led here.
func resolve(dir string) (string, error) {
	abs, err := filepath.Abs(dir)
	if err != nil {
		return "", fmt.Errorf("The directory %s of PostgreSQL cannot be resolved: %w.", dir, err)
	}
	above := filepath.Dir(abs)
	// PostgreSQL's user has to pass through here; what is private is closed one level below.
	if err := os.MkdirAll(above, 0o755); err != nil {
		return "", fmt.Errorf("The data directory %s cannot be made: %w.", above, err)
	}
	if real, err := filepath.EvalSymlinks(abs); err == nil {
		return real, nil
	}
	real, err := filepath.EvalSymlinks(above)
	if err != nil {
		return "", fmt.Errorf("The data directory %s cannot be resolved: %w.", above, err)
	}
	return filepath.Join(real, filepath.Base(abs)), nil
}

// makeDir makes a directory that only the server's user (and root) may enter.
func (c cluster) makeDir(path string) error {
	err := os.Mkdir(path, 0o700)
	if errors.Is(err, fs.ErrExist) {
		return nil
	}
	if err == nil {
		err = c.who.own(path)
	}
	if err != nil {
		return fmt.Errorf("The directory %s cannot be made: %w.", path, err)
	}
	return nil
}

// major is the version that wrote the data, 0 when there is none.
func (c cluster) major() (int, error) {
	path := filepath.Join(c.data, "PG_VERSION")
	text, err := os.ReadFile(path)
	if errors.Is(err, fs.ErrNotExist) {
		return 0, nil
	}
	if err != nil {
		return 0, fmt.Errorf("The database in %s cannot be read: %w.", c.data, err)
	}
	v, err := strconv.Atoi(strings.TrimSpace(string(text)))
	if err != nil {
		return 0, fmt.Errorf("%s holds no version of PostgreSQL; the database is damaged.", path)
	}
	return v, nil
}

// prepare runs initdb when there is no data yet. It works in a directory aside and renames it at the end, so a half-made
// cluster is never taken for a whole one.
func (c cluster) prepare(ctx context.Context, log *slog.Logger) error {
	c.sweep()
	if _, err := os.Stat(c.data); err == nil {
		return nil
	}
	began := time.Now()
	fresh, err := os.MkdirTemp(c.dir, "init-")
	if err != nil {
		return fmt.Errorf("A directory in %s cannot be made: %w.", c.dir, err)
	}
	defer func() { _ = os.RemoveAll(fresh) }()
	if err := c.who.own(fresh); err != nil {
		return fmt.Errorf("The directory %s cannot be given to %s: %w.", fresh, c.who.name, err)
	}
	if err := c.initdb(ctx, fresh); err != nil {
		return err
	}
	if err := os.Rename(fresh, c.data); err != nil {
		return fmt.Errorf("The new database cannot be moved to %s: %w.", c.data, err)
	}
	log.InfoContext(ctx, "made a new database", "dir", c.data, "version", c.bin.version, "took", took(began))
	return nil
}

// sweep removes what an interrupted initdb left. We hold the lock, so nobody else is making one.
func (c cluster) sweep() {
	left, err := filepath.Glob(filepath.Join(c.dir, "init-*"))
	if err != nil {
		return
	}
	for _, dir := range left {
		_ = os.RemoveAll(dir)
	}
}

func (c cluster) initdb(ctx context.Context, dir string) error {
	password := rand.Text()
	if err := c.writeFile(c.passwordFile(), password+"\n"); err != nil {
		return err
	}
	cmd := c.who.command(ctx, c.bin.path("initdb"),
		"--pgdata", dir, "--username", Owner, "--pwfile", c.passwordFile(), "--auth", "scram-sha-256",
		"--encoding", "UTF8", "--locale", "C.UTF-8", "--data-checksums", "--no-instructions", "--no-sync")
	var out bytes.Buffer
	cmd.Stdout, cmd.Stderr = &out, &out
	if err := cmd.Run(); err != nil {
		if ctx.Err() != nil {
			return fmt.Errorf("Making the database was interrupted: %w.", context.Cause(ctx))
		}
		return explain("The database in "+c.dir+" could not be made", out.String(), err)
	}
	conf := filepath.Join(dir, "postgresql.conf")
	f, err := os.OpenFile(conf, os.O_APPEND|os.O_WRONLY, 0)
	if err != nil {
		return fmt.Errorf("The file %s cannot be opened: %w.", conf, err)
	}
	_, err = f.WriteString("\ninclude '" + confName + "'\n")
	if err := errors.Join(err, f.Close()); err != nil {
		return fmt.Errorf("The file %s cannot be written: %w.", conf, err)
	}
	// One sync of the finished directory instead of initdb's own, so the line above is on disk too.
	syncCmd := c.who.command(ctx, c.bin.path("initdb"), "--pgdata", dir, "--sync-only")
	if text, err := syncCmd.CombinedOutput(); err != nil {
		return explain("The database in "+c.dir+" could not be written to disk", string(text), err)
	}
	return nil
}

func (c cluster) passwordFile() string { return filepath.Join(c.dir, "password") }

func (c cluster) password() (string, error) {
	text, err := os.ReadFile(c.passwordFile())
	if err != nil {
		return "", fmt.Errorf("The password of the database's owner cannot be read: %w.", err)
	}
	return strings.TrimSpace(string(text)), nil
}

// writeFile replaces a file of the server's user as a whole, or not at all.
func (c cluster) writeFile(path, text string) error {
	fresh := path + ".new"
	err := os.WriteFile(fresh, []byte(text), 0o600)
	if err == nil {
		err = c.who.own(fresh)
	}
	if err == nil {
		err = os.Rename(fresh, path)
	}
	if err != nil {
		return explain("The file "+path+" cannot be written", "", err)
	}
	return nil
}

// explain turns what a program of PostgreSQL printed into one sentence with its likely cause.
func explain(what, output string, err error) error {
	if strings.Contains(output, "No space left on device") || strings.Contains(err.Error(), "no space left on device") {
		return fmt.Errorf("%s because the disk is full; make room and start again: %w.", what, err)
	}
	if last := lastComplaint(output); last != "" {
		return fmt.Errorf("%s (PostgreSQL says: %s): %w.", what, last, err)
	}
	return fmt.Errorf("%s: %w.", what, err)
}

// lastComplaint is the last line that reports an error, without its time and level.
func lastComplaint(output string) string {
	var last string
	for line := range strings.Lines(output) {
		for _, mark := range []string{"FATAL:", "PANIC:", "error:", "ERROR:"} {
			if _, text, ok := strings.Cut(line, mark); ok {
				last = strings.TrimSpace(text)
			}
		}
	}
	return last
}
