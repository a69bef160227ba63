package app

import (
	"context"
	"errors"
	"io"
)

// reindex makes the search documents again. With DATABASE_URL the site may run
// beside it; a private PostgreSQL belongs to one process at a time.
func reindex(ctx context.Context, c Config, _ []string, out io.Writer) (err error) {
	i, err := openInfra(ctx, c, out)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, i.close(context.WithoutCancel(ctx))) }()
	p, err := newProduct(i, roles{})
	if err != nil {
		return err
	}
	made, err := p.forJobs.search.Rebuild(ctx)
	if err != nil {
		return err
	}
	i.say("%d works can be found again.", made)
	return nil
}
