package pgserver

import (
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io/fs"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
)

const (
	confName = "vitrine.conf"
	hbaName  = "vitrine_hba.conf"
	// socketLimit keeps the socket's whole path below the 107 bytes of sun_path, its name included.
	socketLimit = 85
)

// config is the generated part of the server's configuration.
type config struct {
	sockets, conf, hba string
}

// hba lets in whoever reaches the socket and knows a password; replication too, for backups.
const hba = `# Written by Vitrine on every start.
local all         all %[1]s
local replication all %[1]s
`

// loopback lets in who comes by TCP, which every user of the machine can: never without a password.
const loopback = `host all         all 127.0.0.1/32 scram-sha-256
host replication all 127.0.0.1/32 scram-sha-256
`

// defaults holds every setting that Vitrine has an opinion about. Sizes fit a machine of 2 GB that serves the pages too.
func defaults(b binaries) map[string]string {
	settings := map[string]string{
		"listen_addresses":        "",
		"unix_socket_permissions": "0700",
		"password_encryption":     "scram-sha-256",
		"max_connections":         "100",
		"shared_buffers":          "256MB",
		"effective_cache_size":    "1GB",
		"maintenance_work_mem":    "64MB",
		"work_mem":                "8MB",
		"random_page_cost":        "1.1",
		"jit":                     "off", // Compiling a query costs more than our short ones take.
		"timezone":                "UTC",
		"track_io_timing":         "on",

		// Logical decoding later needs no restart, and a forgotten slot cannot fill the disk.
		"wal_level":              "logical",
		"max_slot_wal_keep_size": "2GB",
		"wal_compression":        "on",
		"max_wal_size":           "1GB",
		"checkpoint_timeout":     "15min",
		"fsync":                  "on",
		"synchronous_commit":     "on",
		"full_page_writes":       "on",

		// Outbox and session rows die young: clean up after 5 % instead of 20 %.
		"autovacuum_vacuum_scale_factor":        "0.05",
		"autovacuum_analyze_scale_factor":       "0.05",
		"autovacuum_vacuum_insert_scale_factor": "0.1",
		"autovacuum_naptime":                    "30s",

		"logging_collector":           "on",
		"log_filename":                "postgres-%a.log",
		"log_rotation_age":            "1d",
		"log_rotation_size":           "0",
		"log_truncate_on_rotation":    "on",
		"log_file_mode":               "0600",
		"log_timezone":                "UTC",
		"log_line_prefix":             "%m [%p] %q%u@%d %a ",
		"log_lock_waits":              "on",
		"log_min_duration_statement":  "1s",
		"log_autovacuum_min_duration": "10s",
	}
	if b.has("pg_stat_statements") {
		settings["shared_preload_libraries"] = "pg_stat_statements"
	}
	return settings
}

// config composes the file. A server that was left running keeps its socket directory.
func (c cluster) config(cfg Config, left *postmaster) (config, error) {
	var sockets string
	if left != nil && left.reachable(c.port) {
		sockets = left.sockets
	} else {
		var err error
		if sockets, err = c.socketDir(); err != nil {
			return config{}, err
		}
	}
	settings := defaults(c.bin)
	settings["port"] = c.port
	settings["hba_file"] = filepath.Join(c.data, hbaName)
	settings["log_directory"] = c.logs
	settings["unix_socket_directories"] = sockets
	if cfg.Port != 0 {
		settings["listen_addresses"] = "127.0.0.1"
	}
	maps.Copy(settings, cfg.Settings)
	var text strings.Builder
	text.WriteString("# Written by Vitrine on every start: change settings with ALTER SYSTEM, which wins over this file.\n")
	for _, name := range slices.Sorted(maps.Keys(settings)) {
		fmt.Fprintf(&text, "%s = '%s'\n", name, strings.ReplaceAll(settings[name], "'", "''"))
	}
	method := "scram-sha-256"
	if cfg.Trust {
		method = "trust"
	}
	rules := fmt.Sprintf(hba, method)
	if cfg.Port != 0 {
		rules += loopback
	}
	return config{sockets: sockets, conf: text.String(), hba: rules}, nil
}

func (c cluster) write(conf config) error {
	if err := c.writeFile(filepath.Join(c.data, hbaName), conf.hba); err != nil {
		return err
	}
	return c.writeFile(filepath.Join(c.data, confName), conf.conf)
}

// upToDate reports whether a running server was started with this very configuration.
func (c cluster) upToDate(conf config) bool {
	haveConf, confErr := os.ReadFile(filepath.Join(c.data, confName))
	haveHBA, hbaErr := os.ReadFile(filepath.Join(c.data, hbaName))
	return confErr == nil && hbaErr == nil && string(haveConf) == conf.conf && string(haveHBA) == conf.hba
}

// socketDir makes the private directory of the socket. DATA_DIR may be too long for a socket's path, so it has a short
// name of its own, in /run (which nobody else can write to) or /tmp. One that somebody else made is not trusted.
func (c cluster) socketDir() (string, error) {
	name := c.socketDirName()
	bases := []string{"/run", "/tmp"}
	if c.who.cred == nil {
		bases = []string{"/tmp", os.Getenv("XDG_RUNTIME_DIR")}
	}
	problems := make([]error, 0, len(bases))
	for _, base := range bases {
		if base == "" || len(base)+len(name) > socketLimit {
			continue
		}
		dir := filepath.Join(base, name)
		err := c.claimSocketDir(dir)
		if err == nil {
			return dir, nil
		}
		problems = append(problems, err)
	}
	return "", fmt.Errorf("There is no private directory for PostgreSQL's socket: %w.", errors.Join(problems...))
}

func (c cluster) socketDirName() string {
	sum := sha256.Sum256([]byte(c.data))
	return "vitrine-" + hex.EncodeToString(sum[:6])
}

func (c cluster) claimSocketDir(dir string) error {
	err := os.Mkdir(dir, 0o700)
	if err == nil {
		return c.who.own(dir)
	}
	if !errors.Is(err, fs.ErrExist) {
		return err
	}
	info, err := os.Lstat(dir)
	if err != nil {
		return err
	}
	owner, _ := ownerOf(dir)
	if !info.IsDir() || owner != c.who.uid || info.Mode().Perm()&0o077 != 0 {
		return fmt.Errorf("%s was made by somebody else", dir)
	}
	return nil
}

// clearSockets removes sockets and their locks that crashes left, whatever port they had: one that stays would keep the
// directory for good. The directory is ours alone and no server of ours is alive, so the number in such a lock can only
// be another program's by now. A directory that somebody gave the server with ALTER SYSTEM may be everybody's, such as
// /tmp: it is left alone.
func (c cluster) clearSockets(dir string) error {
	if filepath.Base(dir) != c.socketDirName() {
		return nil
	}
	left, err := filepath.Glob(filepath.Join(dir, ".s.PGSQL.*"))
	if err != nil {
		return err
	}
	for _, path := range left {
		if err := os.Remove(path); err != nil && !errors.Is(err, fs.ErrNotExist) {
			return fmt.Errorf("The stale socket %s cannot be removed: %w.", path, err)
		}
	}
	return nil
}
