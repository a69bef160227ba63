package pgserver

import (
	"context"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
)

// oldest is the lowest major version that Vitrine runs on.
const oldest = 15

// binaries is one installed PostgreSQL.
type binaries struct {
	dir     string
	version int
}

// debianDirs is where Debian and Ubuntu keep each major version, off the PATH.
const debianDirs = "/usr/lib/postgresql/*/bin"

// findBinaries picks the version that wrote the data directory, or the newest when there is no data yet (major 0).
func findBinaries(major int) (binaries, error) {
	found := installed()
	if len(found) == 0 {
		return binaries{}, fmt.Errorf(
			"PostgreSQL's server is not installed; type `scripts/setup`, or `apt-get install postgresql-%d`, or set DATABASE_URL.", oldest)
	}
	if major == 0 {
		if found[0].version < oldest {
			return binaries{}, fmt.Errorf("Vitrine needs PostgreSQL %d or newer, and here is only %d; type `scripts/setup`, or set DATABASE_URL.",
				oldest, found[0].version)
		}
		return found[0], nil
	}
	for _, b := range found {
		if b.version == major {
			return b, nil
		}
	}
	return binaries{}, fmt.Errorf(
		"The database was written by PostgreSQL %d, and here is only %s; install postgresql-%d, or move the data with pg_dumpall and a new DATA_DIR.",
		major, versions(found), major)
}

// installed lists what is there, newest first.
func installed() []binaries {
	dirs, err := filepath.Glob(debianDirs)
	if err != nil {
		dirs = nil
	}
	if path, err := exec.LookPath("postgres"); err == nil {
		if real, err := filepath.EvalSymlinks(path); err == nil {
			dirs = append(dirs, filepath.Dir(real))
		}
	}
	var found []binaries
	for _, dir := range dirs {
		known := slices.ContainsFunc(found, func(b binaries) bool { return b.dir == dir })
		if !known && executable(filepath.Join(dir, "postgres")) && executable(filepath.Join(dir, "initdb")) {
			if v := versionOf(dir); v > 0 {
				found = append(found, binaries{dir: dir, version: v})
			}
		}
	}
	slices.SortStableFunc(found, func(a, b binaries) int { return b.version - a.version })
	return found
}

var versionPattern = regexp.MustCompile(`\(PostgreSQL\) (\d+)`)

// versionOf reads the number from Debian's path, else asks the program. 0 when neither tells.
func versionOf(dir string) int {
	if v, err := strconv.Atoi(filepath.Base(filepath.Dir(dir))); err == nil {
		return v
	}
	out, err := exec.CommandContext(context.Background(), filepath.Join(dir, "postgres"), "--version").Output()
	if err != nil {
		return 0
	}
	m := versionPattern.FindSubmatch(out)
	if m == nil {
		return 0
	}
	v, err := strconv.Atoi(string(m[1]))
	if err != nil {
		return 0
	}
	return v
}

func (b binaries) path(name string) string { return filepath.Join(b.dir, name) }

// has reports whether a preloadable library is installed with the server. Debian keeps them beside bin, others below lib.
func (b binaries) has(library string) bool {
	for _, dir := range []string{"../lib", "../lib/postgresql"} {
		if _, err := os.Stat(filepath.Join(b.dir, dir, library+".so")); err == nil {
			return true
		}
	}
	return false
}

func executable(path string) bool {
	info, err := os.Stat(path)
	return err == nil && info.Mode().IsRegular() && info.Mode()&0o111 != 0
}

func versions(found []binaries) string {
	names := make([]string, 0, len(found))
	for _, b := range found {
		names = append(names, strconv.Itoa(b.version))
	}
	return strings.Join(names, ", ")
}
