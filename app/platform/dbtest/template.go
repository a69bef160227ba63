package dbtest

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io/fs"

	"github.com/jackc/pgx/v5"

	"vitrine/app/platform/db"
)

// buildLock is the advisory lock under which templates are built: one process migrates, the others wait for it.
const buildLock = 0x76697472

// buildTemplate gives the name of the migrated database that all clones are made from. It is built when the migration
// files have changed since the last one was.
func (s *server) buildTemplate() (name string, err error) {
	ctx, cancel := context.WithTimeout(context.Background(), patience)
	defer cancel()
	hash, err := hashFiles(db.Migrations())
	if err != nil {
		return "", err
	}
	name = templatePrefix + hash
	conn, err := s.admin.Conn(ctx)
	if err != nil {
		return "", err
	}
	defer func() { err = errors.Join(err, conn.Close()) }()
	if _, err := conn.ExecContext(ctx, "select pg_advisory_lock($1)", buildLock); err != nil {
		return "", err
	}
	defer func() {
		_, unlockErr := conn.ExecContext(context.WithoutCancel(ctx), "select pg_advisory_unlock($1)", buildLock)
		err = errors.Join(err, unlockErr)
	}()
	var exists bool
	const lookup = "select exists (select from pg_database where datname = $1)"
	if err := conn.QueryRowContext(ctx, lookup, name).Scan(&exists); err != nil || exists {
		return name, err
	}
	return name, s.migrate(ctx, name)
}

const templatePrefix = "template_"

// migrate builds under another name and renames at the end, so a half-migrated database is never cloned.
func (s *server) migrate(ctx context.Context, name string) error {
	building := "building_" + name
	if err := s.drop(ctx, building); err != nil {
		return err
	}
	from, to := pgx.Identifier{building}.Sanitize(), pgx.Identifier{name}.Sanitize()
	if _, err := s.admin.ExecContext(ctx, "create database "+from); err != nil {
		return err
	}
	if err := db.Migrate(ctx, s.url(building), Secret); err != nil {
		return err
	}
	for _, statement := range []string{
		// Statistics travel with the clone, so plans are the same in every test.
		"alter database %[1]s rename to %[2]s",
		"alter database %[2]s with allow_connections false is_template true",
	} {
		if _, err := s.admin.ExecContext(ctx, fmt.Sprintf(statement, from, to)); err != nil {
			return err
		}
	}
	return nil
}

func hashFiles(files fs.FS) (string, error) {
	sum := sha256.New()
	err := fs.WalkDir(files, ".", func(path string, entry fs.DirEntry, err error) error {
		if err != nil || entry.IsDir() {
			return err
		}
		text, err := fs.ReadFile(files, path)
		if err != nil {
			return err
		}
		_, err = fmt.Fprintf(sum, "%s\x00%d\x00%s", path, len(text), text)
		return err
	})
	if err != nil {
		return "", fmt.Errorf("read the migrations: %w", err)
	}
	return hex.EncodeToString(sum.Sum(nil)[:8]), nil
}
