package app

import (
	"crypto/rand"
	"encoding/hex"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"

	"vitrine/app/platform/pgserver"
)

// systemDataDir is where data goes when root has no better place: below /root,
// which is closed to others, PostgreSQL's own user cannot reach its files.
const systemDataDir = "/var/lib/vitrine"

// dataDir is the directory of one installation, with the parts it holds.
type dataDir struct{ root string }

func (d dataDir) blobs() string   { return filepath.Join(d.root, "blobs") }
func (d dataDir) uploads() string { return filepath.Join(d.root, "uploads") }
func (d dataDir) temp() string    { return filepath.Join(d.root, "tmp") }

// openDataDir makes the directory. When it is the default one and PostgreSQL's
// user cannot reach it, the system's place is taken instead and said so.
func openDataDir(c Config, private bool, say func(format string, args ...any)) (dataDir, error) {
	root, err := filepath.Abs(c.DataDir)
	if err != nil {
		return dataDir{}, fmt.Errorf("DATA_DIR=%s: %w", c.DataDir, err)
	}
	if private && !pgserver.Reachable(root) {
		if c.DataDir != defaultDataDir {
			return dataDir{}, fmt.Errorf("the user postgres cannot reach DATA_DIR=%s, because a directory above it is closed to others; choose another one, such as %s", root, systemDataDir)
		}
		say("The user postgres cannot reach %s, so data goes to %s.", root, systemDataDir)
		root = systemDataDir
	}
	d := dataDir{root: root}
	// The directory itself must be passable for PostgreSQL's user; what is
	// private below it is closed one level down.
	if err := os.MkdirAll(root, 0o755); err != nil { //nolint:gosec // see above
		return dataDir{}, fmt.Errorf("the data directory cannot be made: %w", err)
	}
	for _, p := range []string{d.blobs(), d.uploads(), d.temp()} {
		if err := os.MkdirAll(p, 0o750); err != nil {
			return dataDir{}, fmt.Errorf("the data directory cannot be written to: %w", err)
		}
	}
	return d, nil
}

// secret gives the installation's secret: the configured one, or one that is
// made on the first start and kept.
func (d dataDir) secret(configured string) (string, error) {
	if configured != "" {
		return configured, nil
	}
	path := filepath.Join(d.root, secretFile)
	raw, err := os.ReadFile(path)
	if err == nil {
		if s := strings.TrimSpace(string(raw)); len(s) >= 32 {
			return s, nil
		}
		return "", fmt.Errorf("%s is damaged: it should hold at least 32 characters. Restore it from a backup, or delete it to get a new one", path)
	}
	if !errors.Is(err, fs.ErrNotExist) {
		return "", fmt.Errorf("the installation's secret cannot be read: %w", err)
	}
	var b [32]byte
	_, _ = rand.Read(b[:])
	s := hex.EncodeToString(b[:])
	if err := os.WriteFile(path, []byte(s+"\n"), 0o600); err != nil {
		return "", fmt.Errorf("the installation's secret cannot be kept: %w", err)
	}
	return s, nil
}
