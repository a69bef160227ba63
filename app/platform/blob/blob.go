// Package blob stores originals and renditions. The database knows which object
// lies where; this package only keeps bytes, whole or not at all.
package blob

import (
	"context"
	"errors"
	"fmt"
	"io"
	"strings"
	"time"

	"vitrine/app/fault"
)

// Store keeps objects under keys such as "original/<media id>". Keys are made
// by the product, never by people; a key that could leave the store is a bug
// and refused as Internal.
//
// Every method returns NotFound for a missing object and Unavailable when the
// store cannot be used (not reachable, disk full, wrong keys); the cause says why
// to those who run the site. None waits for ever for a store that does not answer.
type Store interface {
	// Put stores an object whole or not at all and replaces what was there. It
	// returns its size in bytes.
	Put(ctx context.Context, key string, r io.Reader) (size int64, err error)
	// Adopt is Put for a local file that the store may take over by renaming.
	// The file is gone afterwards; on an error it stays.
	Adopt(ctx context.Context, key, path string) (size int64, err error)
	// Open reads an object from any position. The caller closes it.
	Open(ctx context.Context, key string) (Object, error)
	// Size tells how many bytes an object has, and fetches none of them.
	Size(ctx context.Context, key string) (int64, error)
	// Local gives a path that external tools can read until release is called.
	Local(ctx context.Context, key string) (path string, release func(), err error)
	// Delete removes an object; a missing one is no error.
	Delete(ctx context.Context, key string) error
	// List calls fn for every object whose key starts with the prefix.
	List(ctx context.Context, prefix string, fn func(Entry) error) error
	// Name is what rows record as the object's store ("disk", "s3").
	Name() string
	// Check tells whether the store can be written to right now.
	Check(ctx context.Context) error
}

// Object is an open object.
type Object interface {
	io.ReadSeekCloser
	Size() int64 // bytes
	ModTime() time.Time
}

// Entry is one object of a listing.
type Entry struct {
	Key     string
	Size    int64 // bytes
	ModTime time.Time
}

// Config chooses and locates a store.
type Config struct {
	Kind string // "disk" or "s3"
	Dir  string // disk: the directory that holds all objects
	S3   S3     // s3: the bucket
}

// Open makes the store that the configuration names.
func Open(c Config) (Store, error) {
	switch c.Kind {
	case "disk":
		return openDisk(c.Dir)
	case "s3":
		return openS3(c.S3)
	default:
		return nil, fmt.Errorf("BLOBS=%s is not known; it is disk or s3", c.Kind)
	}
}

// validKey keeps keys inside the store on every implementation.
func validKey(key string) error {
	ok := key != "" && len(key) <= 512 && !strings.HasPrefix(key, "/") && !strings.HasSuffix(key, "/")
	for part := range strings.SplitSeq(key, "/") {
		ok = ok && part != "" && part[0] != '.'
		for i := range len(part) {
			c := part[i]
			ok = ok && (c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' || c >= '0' && c <= '9' || c == '-' || c == '_' || c == '.')
		}
	}
	if !ok {
		return fmt.Errorf("blob key %q is not allowed", key)
	}
	return nil
}

func missing(key string, cause error) error {
	return fault.Caused(fault.NotFound, "This file is not here any more.", fmt.Errorf("object %s: %w", key, cause))
}

// away marks the cause of an error that is the store's, and not the object's.
type away struct{ error }

func (a away) Unwrap() error { return a.error }

// IsAway tells whether an error means that the store cannot be used at the moment:
// it does not answer, does not let us in, is full. What is asked again later may go
// well.
func IsAway(err error) bool {
	var a away
	return errors.As(err, &a)
}

func unusable(cause error) error {
	return fault.Caused(fault.Unavailable, "The file store cannot be used at the moment. Nothing is lost; try again shortly.", away{cause})
}
