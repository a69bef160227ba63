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

// buildLock, with the template's name, is the advisory lock under which it is built: one process does, the others wait.
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
	return name, s.once(ctx, name, func(building string) error {
		if _, err := s.admin.ExecContext(ctx, "create database "+pgx.Identifier{building}.Sanitize()); err != nil {
			return err
		}
		return db.Migrate(ctx, s.url(building), Secret)
	})
}

// seeded gives the name of the template that holds what a script makes.
func (s *server) seeded(script string) (name string, err error) {
	ctx, cancel := context.WithTimeout(context.Background(), patience)
	defer cancel()
	migrated, err := s.template()
	if err != nil {
		return "", err
	}
	sum := sha256.Sum256([]byte(migrated + script))
	name = templatePrefix + "seeded_" + hex.EncodeToString(sum[:8])
	return name, s.once(ctx, name, func(building string) error {
		if err := s.clone(ctx, migrated, building); err != nil {
			return err
		}
		conn, err := pgx.Connect(ctx, s.url(building))
		if err != nil {
			return err
		}
		// Statistics and visibility travel with the clone, so plans are the same in every test.
		err = errors.Join(conn.PgConn().Exec(ctx, script).Close(), conn.PgConn().Exec(ctx, "vacuum analyze").Close())
		return errors.Join(err, conn.Close(ctx))
	})
}

// once makes a template unless it is there.
func (s *server) once(ctx context.Context, name string, build func(building string) error) (err error) {
	conn, err := s.admin.Conn(ctx)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, conn.Close()) }()
	if _, err := conn.ExecContext(ctx, "select pg_advisory_lock($1, hashtext($2))", buildLock, name); err != nil {
		return err
	}
	defer func() {
		_, unlockErr := conn.ExecContext(context.WithoutCancel(ctx), "select pg_advisory_unlock($1, hashtext($2))", buildLock, name)
		err = errors.Join(err, unlockErr)
	}()
	var exists bool
	const lookup = "select exists (select from pg_database where datname = $1)"
	if err := conn.QueryRowContext(ctx, lookup, name).Scan(&exists); err != nil || exists {
		return err
	}
	return s.build(ctx, name, build)
}

const templatePrefix = "template_"

// build makes it under another name and renames at the end, so a half-made database is never cloned.
func (s *server) build(ctx context.Context, name string, fill func(building string) error) error {
	building := "building_" + name
	if err := s.drop(ctx, building); err != nil {
		return err
	}
	if err := fill(building); err != nil {
		return err
	}
	from, to := pgx.Identifier{building}.Sanitize(), pgx.Identifier{name}.Sanitize()
	for _, statement := range []string{
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
