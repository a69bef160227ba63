package blob

import (
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"time"
)

// incoming holds objects that are being written. A crash leaves them there;
// openDisk removes those that nobody holds any more.
const incoming = ".incoming"

// disk keeps each object as one file. A file appears under its name by rename
// after it was flushed, so a reader sees it whole or not at all, also after a
// power cut.
type disk struct {
	root     string
	incoming spool
}

func openDisk(dir string) (Store, error) {
	if dir == "" {
		return nil, errors.New("the disk store needs a directory")
	}
	d := disk{root: dir, incoming: spool(filepath.Join(dir, incoming))}
	if err := os.MkdirAll(string(d.incoming), 0o750); err != nil {
		return nil, fmt.Errorf("making the file store in %s: %w", dir, err)
	}
	d.incoming.sweep()
	return d, nil
}

func (d disk) Name() string { return "disk" }

func (d disk) path(key string) (string, error) {
	if err := validKey(key); err != nil {
		return "", err
	}
	return filepath.Join(d.root, filepath.FromSlash(key)), nil
}

func (d disk) Put(ctx context.Context, key string, r io.Reader) (size int64, err error) {
	f, err := d.incoming.file("put-*")
	if err != nil {
		return 0, unusable(err)
	}
	// Until it lies under its name it stays open, and so locked: a process that
	// starts meanwhile would take it for one that nobody is writing. What was
	// flushed is written; closing cannot lose it any more.
	defer func() { _ = f.Close() }()
	defer func() {
		if err != nil {
			_ = os.Remove(f.Name())
		}
	}()
	src := &source{ctx: ctx, r: r}
	size, err = io.Copy(f, src)
	if err != nil {
		if src.err != nil { // the reader's fault, not the disk's
			return 0, src.err
		}
		return 0, unusable(err)
	}
	if err = f.Sync(); err != nil {
		return 0, unusable(err)
	}
	if err = d.settle(f.Name(), key); err != nil {
		return 0, err
	}
	return size, nil
}

// source remembers whether reading failed, and stops when the caller does.
type source struct {
	ctx context.Context
	r   io.Reader
	err error
}

func (s *source) Read(p []byte) (int, error) {
	if err := s.ctx.Err(); err != nil {
		s.err = err
		return 0, err
	}
	n, err := s.r.Read(p)
	if err != nil && !errors.Is(err, io.EOF) {
		s.err = err
	}
	return n, err
}

func (d disk) Adopt(ctx context.Context, key, path string) (int64, error) {
	info, err := os.Stat(path)
	if err != nil {
		return 0, err
	}
	if err := syncFile(path); err != nil {
		return 0, unusable(err)
	}
	err = d.settle(path, key)
	if errors.Is(err, syscall.EXDEV) { // another file system: copy
		f, err := os.Open(path)
		if err != nil {
			return 0, err
		}
		defer func() { _ = f.Close() }()
		size, err := d.Put(ctx, key, f)
		if err != nil {
			return 0, err
		}
		return size, os.Remove(path)
	}
	return info.Size(), err
}

// settle renames a flushed file to its key and flushes the directory entry.
func (d disk) settle(from, key string) error {
	to, err := d.path(key)
	if err != nil {
		return err
	}
	folder := filepath.Dir(to)
	if err := makeFolder(folder); err != nil {
		return unusable(err)
	}
	if err := os.Rename(from, to); err != nil {
		return unusable(err)
	}
	if err := syncFile(folder); err != nil {
		return unusable(err)
	}
	return nil
}

// makeFolder is os.MkdirAll that a power cut cannot undo: the entry of each new
// folder is flushed, too.
func makeFolder(path string) error {
	err := os.Mkdir(path, 0o750)
	if errors.Is(err, fs.ErrNotExist) {
		if err = makeFolder(filepath.Dir(path)); err == nil {
			err = os.Mkdir(path, 0o750)
		}
	}
	if errors.Is(err, fs.ErrExist) { // made just now, or before
		return nil
	}
	if err != nil {
		return err
	}
	return syncFile(filepath.Dir(path))
}

func syncFile(path string) error {
	f, err := os.Open(path)
	if err != nil {
		return err
	}
	defer func() { _ = f.Close() }()
	return f.Sync()
}

type diskObject struct {
	*os.File
	info fs.FileInfo
}

func (o diskObject) Size() int64        { return o.info.Size() }
func (o diskObject) ModTime() time.Time { return o.info.ModTime() }

func (d disk) Open(_ context.Context, key string) (Object, error) {
	p, err := d.path(key)
	if err != nil {
		return nil, err
	}
	f, err := os.Open(p)
	if err != nil {
		return nil, openFault(key, err)
	}
	info, err := f.Stat()
	if err != nil {
		_ = f.Close()
		return nil, unusable(err)
	}
	if info.IsDir() {
		_ = f.Close()
		return nil, missing(key, errors.New("is a directory"))
	}
	return diskObject{File: f, info: info}, nil
}

func (d disk) Size(ctx context.Context, key string) (int64, error) {
	o, err := d.Open(ctx, key)
	if err != nil {
		return 0, err
	}
	return o.Size(), o.Close()
}

func openFault(key string, err error) error {
	if errors.Is(err, fs.ErrNotExist) || errors.Is(err, syscall.ENOTDIR) {
		return missing(key, err)
	}
	return unusable(err)
}

func (d disk) Local(_ context.Context, key string) (string, func(), error) {
	p, err := d.path(key)
	if err != nil {
		return "", nil, err
	}
	if _, err := os.Stat(p); err != nil {
		return "", nil, openFault(key, err)
	}
	return p, func() {}, nil
}

func (d disk) Delete(_ context.Context, key string) error {
	p, err := d.path(key)
	if err != nil {
		return err
	}
	if err := os.Remove(p); err != nil && !errors.Is(err, fs.ErrNotExist) {
		return unusable(err)
	}
	// An empty folder per deleted media would pile up. Removing one that is
	// not empty fails, which is what is wanted.
	if dir := filepath.Dir(p); dir != d.root {
		_ = os.Remove(dir)
	}
	return nil
}

func (d disk) List(ctx context.Context, prefix string, fn func(Entry) error) error {
	// Only the folder that the prefix names is walked, not the whole store.
	start := filepath.Join(d.root, filepath.FromSlash(prefix[:strings.LastIndexByte(prefix, '/')+1]))
	return filepath.WalkDir(start, func(path string, e fs.DirEntry, err error) error {
		if err != nil {
			if errors.Is(err, fs.ErrNotExist) {
				return nil // deleted while we walked
			}
			return unusable(err)
		}
		if err := ctx.Err(); err != nil {
			return err
		}
		if e.IsDir() {
			if e.Name() == incoming {
				return fs.SkipDir
			}
			return nil
		}
		rel, err := filepath.Rel(d.root, path)
		if err != nil {
			return err
		}
		key := filepath.ToSlash(rel)
		if !strings.HasPrefix(key, prefix) {
			return nil
		}
		info, err := e.Info()
		if err != nil {
			return nil //nolint:nilerr // deleted while we walked
		}
		return fn(Entry{Key: key, Size: info.Size(), ModTime: info.ModTime()})
	})
}

func (d disk) Check(context.Context) error {
	f, err := d.incoming.file("check-*")
	if err != nil {
		return unusable(err)
	}
	name := f.Name()
	_, err = f.WriteString("vitrine")
	err = errors.Join(err, f.Close(), os.Remove(name))
	if err != nil {
		return unusable(err)
	}
	return nil
}
