package mediatool

import (
	"context"
	"errors"
	"io"
)

// Tools runs the external programs. It is safe for concurrent use.
type Tools struct{ cfg Config }

var errUnbuilt = errors.New("mediatool: not built yet")

// Open finds the programs and makes the private directory.
func Open(cfg Config) (*Tools, error) { return nil, errUnbuilt }

// Check says in a sentence which program is missing or does not run.
func (t *Tools) Check(ctx context.Context) error { return errUnbuilt }

// Close removes the private directory.
func (t *Tools) Close() error { return errUnbuilt }

// Inspect is described at api.
func (t *Tools) Inspect(ctx context.Context, path, name string) (Info, error) {
	return Info{}, errUnbuilt
}

// Thumbnail is described at api.
func (t *Tools) Thumbnail(ctx context.Context, src, dst string, spec Spec) (Result, error) {
	return Result{}, errUnbuilt
}

// DominantColour is described at api.
func (t *Tools) DominantColour(ctx context.Context, src string) (Colour, error) {
	return Colour{}, errUnbuilt
}

// Transcode is described at api.
func (t *Tools) Transcode(ctx context.Context, src, dst string, progress func(float64)) (Result, error) {
	return Result{}, errUnbuilt
}

// Poster is described at api.
func (t *Tools) Poster(ctx context.Context, src, dst string) (Result, error) {
	return Result{}, errUnbuilt
}

// Sniff tells the format of a file by its bytes.
func Sniff(r io.ReaderAt, size int64, name string) (Format, error) { return "", errUnbuilt }

// Ladder lists the widths of a picture's renditions, ascending.
func Ladder(width, height int) []int { return nil }

// Sum is the SHA-256 of a stream and its length.
func Sum(r io.Reader) (string, int64, error) { return "", 0, errUnbuilt }

// SumFile is Sum of a file.
func SumFile(path string) (string, int64, error) { return "", 0, errUnbuilt }
