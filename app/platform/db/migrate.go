package db

import (
	"context"
	"crypto/hmac"
	"crypto/sha256"
	"database/sql"
	"embed"
	"encoding/hex"
	"errors"
	"fmt"
	"io/fs"
	"net/url"
	"strings"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"
	"github.com/jackc/pgx/v5/stdlib"
	"github.com/pressly/goose/v3"
	"github.com/pressly/goose/v3/lock"
)

//go:embed migrations/*.sql
var migrations embed.FS

// The two roles that the product runs as. They own nothing.
const (
	RoleApp    = "vitrine_app"
	RoleWorker = "vitrine_worker"
)

// RolePassword derives a role's password from the installation's secret, so
// that migrate and serve agree on it and nothing has to be stored.
func RolePassword(secret, role string) string {
	mac := hmac.New(sha256.New, []byte(secret))
	mac.Write([]byte("database role " + role))
	return hex.EncodeToString(mac.Sum(nil)[:16])
}

// RoleURL turns the owner's URL into that of a role.
func RoleURL(owner, role, secret string) (string, error) {
	u, err := url.Parse(owner)
	if err != nil || u.Scheme != "postgres" && u.Scheme != "postgresql" || strings.Trim(u.Path, "/") == "" {
		return "", fmt.Errorf("the database URL cannot be parsed; it should look like postgres://user:password@host:5432/name")
	}
	u.User = url.UserPassword(role, RolePassword(secret, role))
	q := u.Query()
	q.Del("user")
	q.Del("password")
	u.RawQuery = q.Encode()
	return u.String(), nil
}

// Migrate brings the schema up to date as its owner and sets the roles'
// passwords. A session lock keeps two processes from migrating at once.
func Migrate(ctx context.Context, ownerURL, secret string) error {
	return withProvider(ctx, ownerURL, func(pool *sql.DB, p *goose.Provider) error {
		if _, err := p.Up(ctx); err != nil {
			return fmt.Errorf("migrating: %w", err)
		}
		return setPasswords(ctx, pool, secret)
	})
}

// MigrateTo moves the schema to a version, up or down. Version 0 is empty.
func MigrateTo(ctx context.Context, ownerURL string, version int64) error {
	return withProvider(ctx, ownerURL, func(_ *sql.DB, p *goose.Provider) error {
		current, err := p.GetDBVersion(ctx)
		if err != nil {
			return err
		}
		switch {
		case version < current:
			_, err = p.DownTo(ctx, version)
		case version > current: // goose takes up to 0 for a mistake
			_, err = p.UpTo(ctx, version)
		}
		return err
	})
}

// MigrationVersions lists the versions of all migrations, ascending.
func MigrationVersions() ([]int64, error) {
	var out []int64
	names, err := fs.Glob(migrations, "migrations/*.sql")
	if err != nil {
		return nil, err
	}
	for _, n := range names {
		v, err := goose.NumericComponent(n)
		if err != nil {
			return nil, fmt.Errorf("%s: %w", n, err)
		}
		out = append(out, v)
	}
	return out, nil
}

// Migrations gives the embedded files, for a hash of the schema.
func Migrations() fs.FS { return migrations }

func withProvider(ctx context.Context, ownerURL string, fn func(*sql.DB, *goose.Provider) error) error {
	conf, err := pgx.ParseConfig(ownerURL)
	if err != nil {
		return fmt.Errorf("the database URL cannot be parsed; it should look like postgres://user:password@host:5432/name")
	}
	conf.ConnectTimeout = connectTimeout
	pool := stdlib.OpenDB(*conf)
	defer func() { _ = pool.Close() }()
	if err := pool.PingContext(ctx); err != nil {
		return fmt.Errorf("reaching the database to migrate it: %w", err)
	}
	locker, err := lock.NewPostgresSessionLocker()
	if err != nil {
		return err
	}
	files, err := fs.Sub(migrations, "migrations")
	if err != nil {
		return err
	}
	p, err := goose.NewProvider(goose.DialectPostgres, pool, files, goose.WithSessionLocker(locker))
	if err != nil {
		return fmt.Errorf("reading the migrations: %w", err)
	}
	return fn(pool, p)
}

func setPasswords(ctx context.Context, pool *sql.DB, secret string) error {
	for _, role := range []string{RoleApp, RoleWorker} {
		// ALTER ROLE takes no parameters; the password is hexadecimal.
		q := fmt.Sprintf("alter role %s login password '%s'", role, RolePassword(secret, role))
		if err := again(func() error { _, err := pool.ExecContext(ctx, q); return err }); err != nil {
			return fmt.Errorf("setting the password of role %s: %w", role, scrub(err, secret, role))
		}
	}
	return nil
}

// again repeats a change of a role that another one met: roles belong to the
// whole server, and PostgreSQL answers the slower of two with an error
// (tuple concurrently updated, XX000) where a table would let it wait.
func again(change func() error) (err error) {
	for range 10 {
		var pg *pgconn.PgError
		if err = change(); !errors.As(err, &pg) || pg.Code != "XX000" {
			return err
		}
	}
	return err
}

// scrub keeps the password out of the error of a failed ALTER ROLE.
func scrub(err error, secret, role string) error {
	return fmt.Errorf("%s", strings.ReplaceAll(err.Error(), RolePassword(secret, role), "…"))
}
