package arriving

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"time"

	"github.com/google/uuid"

	"vitrine/app/fault"
	"vitrine/app/platform/blob"
)

// Disk is a directory with a file for each upload.
type Disk struct {
	dir   string
	blobs *blob.Set
}

// NewDisk makes the directory. What has arrived goes to the main store.
func NewDisk(dir string, blobs *blob.Set) (Disk, error) {
	return Disk{dir, blobs}, os.MkdirAll(dir, 0o750)
}

var _ Place = Disk{}

// Name is "disk".
func (Disk) Name() string { return "disk" }

// Path is the file of an upload.
func (d Disk) Path(id uuid.UUID) string { return filepath.Join(d.dir, id.String()) }

// Have is at most the size of the file.
func (d Disk) Have(_ context.Context, u Upload) (int64, error) {
	info, err := os.Stat(d.Path(u.ID))
	if errors.Is(err, fs.ErrNotExist) {
		return 0, nil
	}
	if err != nil {
		return 0, NoRoom(err)
	}
	return min(u.Received, info.Size()), nil
}

// Open opens the file. It is never shortened: see the package.
func (d Disk) Open(ctx context.Context, u Upload, commit Commit) (Writer, error) {
	f, err := os.OpenFile(d.Path(u.ID), os.O_WRONLY|os.O_CREATE, 0o640)
	if err != nil {
		return nil, NoRoom(err)
	}
	return &diskWriter{ctx: ctx, f: f, commit: commit, at: u.Received, kept: u.Received}, nil
}

type diskWriter struct {
	ctx      context.Context //nolint:containedctx // of one request, as the writer
	f        *os.File
	commit   Commit
	at, kept int64
}

func (w *diskWriter) Write(p []byte) (int, error) {
	n, err := w.f.WriteAt(p, w.at)
	w.at += int64(n)
	if err != nil {
		return n, NoRoom(err)
	}
	if w.at-w.kept >= CommitBytes {
		err = w.Keep()
	}
	return n, err
}

func (w *diskWriter) Keep() error {
	if w.at == w.kept {
		return nil
	}
	if err := w.f.Sync(); err != nil {
		return NoRoom(err)
	}
	if err := w.commit(w.ctx, w.at, ""); err != nil {
		return err
	}
	w.kept = w.at
	return nil
}

func (w *diskWriter) Kept() int64          { return w.kept }
func (w *diskWriter) Every() time.Duration { return 5 * time.Second }
func (w *diskWriter) Close() error         { return w.f.Close() }

// Take renames the file, which lies on the same file system.
func (d Disk) Take(_ context.Context, u Upload, path string) error {
	if err := os.Rename(path, d.Path(u.ID)); err != nil {
		return NoRoom(err)
	}
	return nil
}

// Finish moves the file into the main store, if it is in none already.
func (d Disk) Finish(ctx context.Context, u Upload) (string, error) {
	path := d.Path(u.ID)
	info, err := os.Stat(path)
	switch {
	case err == nil && info.Size() == u.Size:
		_, err = d.blobs.Adopt(ctx, u.Key, path)
		return d.blobs.Name(), err
	case err == nil:
		return "", fmt.Errorf("%w: %d of %d", ErrIncomplete, info.Size(), u.Size)
	case !errors.Is(err, fs.ErrNotExist):
		return "", NoRoom(err)
	}
	return find(ctx, d.blobs, u)
}

// find looks for the whole object.
func find(ctx context.Context, blobs *blob.Set, u Upload) (string, error) {
	size, in, err := blobs.Find(ctx, u.Key)
	if fault.Is(err, fault.NotFound) {
		return "", fmt.Errorf("%w: all of %d", ErrIncomplete, u.Size)
	}
	if err != nil {
		return "", err
	}
	if size != u.Size {
		return "", fmt.Errorf("%w: the store has %d of %d", ErrIncomplete, size, u.Size)
	}
	return in.Name(), nil
}

// Drop removes the file.
func (d Disk) Drop(_ context.Context, u Upload) error {
	if err := os.Remove(d.Path(u.ID)); err != nil && !errors.Is(err, fs.ErrNotExist) {
		return NoRoom(err)
	}
	return nil
}

// Sweep removes files of uploads that are no more.
func (d Disk) Sweep(ctx context.Context, now time.Time, open func(context.Context, uuid.UUID) (bool, error)) error {
	entries, err := os.ReadDir(d.dir)
	if err != nil {
		return err
	}
	for _, e := range entries {
		info, err := e.Info()
		upload, perr := uuid.Parse(e.Name())
		if err != nil || perr != nil || now.Sub(info.ModTime()) < sweepAfter {
			continue
		}
		yes, err := open(ctx, upload)
		if err != nil {
			return err
		}
		if yes {
			continue
		}
		if err := os.Remove(filepath.Join(d.dir, e.Name())); err != nil && !errors.Is(err, fs.ErrNotExist) {
			return err
		}
	}
	return nil
}
