// Package arriving keeps the bytes of uploads that are under way, until a file
// is whole and an object of the file store. It knows nothing of people or
// studios: who may write is for package media to say, which holds the upload's
// lock and commits in its rows how far the bytes count.
//
// There are two places. On disk an upload is a file that all processes of the
// machine share. In an object store it is a multipart upload that any process
// of any machine goes on with: whole parts, and what came after the last of them
// as an object of its own.
//
// In both a byte has one place for good. A former holder of the lock, who does
// not know yet that it lost it, can therefore only write what is there anyway.
package arriving

import (
	"context"
	"errors"
	"io"
	"time"

	"github.com/google/uuid"

	"vitrine/app/fault"
)

// Upload is what a place knows of an upload.
type Upload struct {
	ID       uuid.UUID
	Key      string // of the object that it becomes
	Size     int64  // bytes
	Received int64  // bytes that count
	Handle   string // of its parts in an object store; empty before the first
}

// Commit makes bytes up to a position count, and keeps the handle.
type Commit func(ctx context.Context, received int64, handle string) error

// Place keeps the bytes of uploads under way.
type Place interface {
	// Name is what rows record as the place of an upload.
	Name() string
	// Have tells how many of the bytes that count are there: fewer after a
	// power cut, or when the place was emptied by hand.
	Have(ctx context.Context, u Upload) (int64, error)
	// Open prepares to go on behind the bytes that count. The writer calls
	// commit for what will survive this process.
	Open(ctx context.Context, u Upload, commit Commit) (Writer, error)
	// Take makes a whole file the bytes of an upload. The file is gone
	// afterwards; after an error it stays.
	Take(ctx context.Context, u Upload, path string) error
	// Finish makes an object of an upload whose bytes all count, and gives the
	// name of the store that has it. It may be repeated. ErrIncomplete when
	// bytes are missing.
	Finish(ctx context.Context, u Upload) (store string, err error)
	// Drop removes the bytes of an upload; that they are gone is no error.
	Drop(ctx context.Context, u Upload) error
	// Sweep removes bytes that belong to no open upload, if they are old.
	Sweep(ctx context.Context, now time.Time, open func(context.Context, uuid.UUID) (bool, error)) error
}

// Writer appends to an upload, for one request. It commits by itself each time
// that CommitBytes more would survive.
type Writer interface {
	io.Writer
	// Keep makes everything written so far survive this process and commits it.
	Keep() error
	// Kept is the position that was committed last.
	Kept() int64
	// Every is how often Keep should be called on a slow line, which also shows
	// that the upload is alive.
	Every() time.Duration
	Close() error
}

// CommitBytes is how much a writer holds back at most: enough to cost little,
// little enough to lose little when the server is killed.
const CommitBytes = 8 << 20

// ErrIncomplete means that a place has not all bytes of an upload that was received.
var ErrIncomplete = errors.New("the bytes of a received upload are missing")

// NoRoom is a place that cannot take bytes, for people and, with its cause, for
// those who run the site.
func NoRoom(cause error) error {
	return fault.Caused(fault.Unavailable, "The server cannot take files at the moment. What has arrived is kept; it goes on by itself.", cause)
}

// sweepAfter is the age below which nothing is swept: it may belong to an upload
// whose row is being written.
const sweepAfter = 24 * time.Hour
