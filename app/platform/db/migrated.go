package db

import (
	"context"
	"errors"
	"fmt"
	"strings"

	"github.com/jackc/pgx/v5/pgconn"
)

// ErrOutdated says that the database has not been migrated as far as this
// program needs it.
var ErrOutdated = errors.New("the database is older than this program")

// CheckMigrated is ErrOutdated as long as migrations are missing, or the role of
// app cannot sign in, which a migration ends, too. It changes nothing. A schema
// that is newer than the program is fine: that is how a deploy begins.
func CheckMigrated(ctx context.Context, ownerURL string, app *DB) (err error) {
	versions, err := MigrationVersions()
	if err != nil {
		return err
	}
	ctx, cancel := context.WithTimeout(ctx, connectTimeout)
	defer cancel()
	owner, err := ConnectOwner(ctx, ownerURL)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, owner.Close(ctx)) }()
	var at int64
	err = owner.Scan(ctx, &at, "select max(version_id) from goose_db_version where is_applied")
	if code(err) == "42P01" { // undefined_table
		return ErrOutdated
	}
	if err != nil {
		return err
	}
	if last := versions[len(versions)-1]; at < last {
		return fmt.Errorf("%w: it is at migration %d of %d", ErrOutdated, at, last)
	}
	err = app.Ping(ctx)
	if strings.HasPrefix(code(err), "28") { // invalid_authorization
		return fmt.Errorf("%w, or was migrated with another SECRET: %w", ErrOutdated, err)
	}
	return err
}

// code is PostgreSQL's code of an error, "" when it has none.
func code(err error) string {
	var refused *pgconn.PgError
	if errors.As(err, &refused) {
		return refused.Code
	}
	return ""
}
