package media

import (
	"context"
	"errors"
	"io"
	"log/slog"
	"net/http"
	"os"
	"time"

	"github.com/tus/tusd/v2/pkg/handler"

	"vitrine/app/fault"
	"vitrine/app/platform/db"
)

// Composer gives tusd its store and its locks.
func (s *Service) Composer() *handler.StoreComposer {
	c := handler.NewStoreComposer()
	c.UseCore(tusStore{s})
	c.UseTerminater(tusStore{s})
	c.UseLocker(s.locks)
	return c
}

// tusStore is tusd's view of uploads. tusd's own file store appends to its file
// and takes the file's length for the offset; a holder that lost its lease in
// the middle of a write would then shift everything after it. This one writes
// each byte at its own place, and what counts is the number in the upload's
// row, which only the holder of the current fence can move. A late write of a
// former holder thus puts bytes of the same file where they belong anyway.
type tusStore struct{ *Service }

var (
	_ handler.DataStore           = tusStore{}
	_ handler.TerminaterDataStore = tusStore{}
)

// NewUpload begins an upload. The same key gives the upload of the first time.
func (t tusStore) NewUpload(ctx context.Context, info handler.FileInfo) (handler.Upload, error) {
	scope := scopeOf(ctx)
	if scope == nil {
		return nil, handler.ErrNotFound
	}
	up, err := t.Begin(ctx, Begin{Sender: scope.Sender, DraftKey: info.MetaData["draft"], Filename: info.MetaData["filename"],
		ContentType: info.MetaData["filetype"], Size: info.Size, Fingerprint: info.MetaData["fingerprint"], Key: info.MetaData["key"]})
	if err != nil {
		return nil, tusError(t.log, err)
	}
	return &tusUpload{store: t, up: up, scope: scope}, nil
}

// GetUpload finds an upload of the sender's studio. When its last byte was
// received but the end of it was interrupted, it is finished now.
func (t tusStore) GetUpload(ctx context.Context, uploadID string) (handler.Upload, error) {
	scope := scopeOf(ctx)
	if scope == nil {
		return nil, handler.ErrNotFound
	}
	var up Upload
	err := t.db.TenantRead(ctx, scope.StudioID, func(r db.Reader) (err error) {
		up, err = uploadOf(ctx, r, scope.StudioID, uploadID)
		return err
	})
	if err != nil {
		return nil, tusError(t.log, err)
	}
	u := &tusUpload{store: t, up: up, scope: scope}
	if up.FinishedAt != nil {
		return u, nil
	}
	if up.Received == up.Size {
		if err := t.finish(ctx, up); err != nil && !errors.Is(err, errIncomplete) {
			return nil, tusError(t.log, err)
		} else if err == nil {
			return u, nil
		}
	}
	return u, tusError(t.log, u.trust(ctx))
}

// AsTerminatableUpload lets a person cancel.
func (t tusStore) AsTerminatableUpload(u handler.Upload) handler.TerminatableUpload {
	up, _ := u.(handler.TerminatableUpload) // what GetUpload gave, always one
	return up
}

// tusUpload is an upload within one request.
type tusUpload struct {
	store tusStore
	up    Upload
	scope *scope
}

// trust lowers the offset to what the disk still has: after a power cut, or on
// another machine, the file can be shorter than its row says.
func (u *tusUpload) trust(ctx context.Context) error {
	if u.scope.lease == nil {
		return nil
	}
	var have int64
	info, err := os.Stat(u.store.arriving(u.up.ID))
	switch {
	case err == nil:
		have = info.Size()
	case !errors.Is(err, os.ErrNotExist):
		return err
	}
	if have >= u.up.Received {
		return nil
	}
	u.up.Received = have
	return u.store.commit(ctx, u.scope.lease, have)
}

// GetInfo tells tusd what it answers with.
func (u *tusUpload) GetInfo(context.Context) (handler.FileInfo, error) {
	return handler.FileInfo{ID: u.up.ID.String(), Size: u.up.Size, Offset: u.up.Received}, nil
}

// GetReader is part of tusd's interface; bytes that arrive are shown to nobody.
func (u *tusUpload) GetReader(context.Context) (io.ReadCloser, error) {
	return nil, handler.ErrNotFound
}

// What is committed at a time: enough to cost little, little enough to lose
// little when the server is killed. The time bound also shows that an upload on
// a slow line is alive.
const (
	commitBytes = 8 << 20
	commitEvery = 5 * time.Second
	bufferBytes = 256 << 10
)

// WriteChunk writes what src has at its place and commits it piece by piece. It
// returns how much is committed; what came after is sent again by the browser.
func (u *tusUpload) WriteChunk(ctx context.Context, offset int64, src io.Reader) (committed int64, err error) {
	l := u.scope.lease
	if l == nil || offset != u.up.Received {
		return 0, handler.ErrMismatchOffset
	}
	f, err := os.OpenFile(u.store.arriving(u.up.ID), os.O_WRONLY|os.O_CREATE, 0o640)
	if err != nil {
		return 0, tusError(u.store.log, noRoom(err))
	}
	defer func() { _ = f.Close() }()
	settle := func(at int64) error {
		if at == offset+committed {
			return nil
		}
		if err := f.Sync(); err != nil {
			return noRoom(err)
		}
		if err := u.store.commit(ctx, l, at); err != nil {
			return err
		}
		committed, u.up.Received = at-offset, at
		return nil
	}
	at, err := u.copyTo(f, offset, src, settle)
	if serr := settle(at); err == nil {
		err = serr
	}
	return committed, tusError(u.store.log, err)
}

// copyTo writes src from offset on and calls settle now and then. It gives the
// position behind the last byte written.
func (u *tusUpload) copyTo(f *os.File, offset int64, src io.Reader, settle func(at int64) error) (at int64, err error) {
	buf := make([]byte, bufferBytes)
	at = offset
	settled, last := at, time.Now()
	for {
		n, rerr := io.ReadFull(src, buf)
		if n > 0 {
			if !u.scope.lease.alive(u.store.clock()) {
				return at, errLeaseLost
			}
			if _, err := f.WriteAt(buf[:n], at); err != nil {
				return at, noRoom(err)
			}
			at += int64(n)
		}
		if rerr != nil {
			return at, nil //nolint:nilerr // tusd keeps the body's error and answers with it
		}
		if at-settled >= commitBytes || time.Since(last) >= commitEvery {
			if err := settle(at); err != nil {
				return at, err
			}
			settled, last = at, time.Now()
		}
	}
}

// FinishUpload is called once the last byte is committed.
func (u *tusUpload) FinishUpload(ctx context.Context) error {
	if u.up.FinishedAt != nil || u.up.Received != u.up.Size {
		return nil
	}
	return tusError(u.store.log, u.store.finish(ctx, u.up))
}

// Terminate cancels: the file is gone from its draft at once. An upload that is
// finished is not cancelled by a late answer to an old page.
func (u *tusUpload) Terminate(ctx context.Context) error {
	if u.up.FinishedAt != nil {
		return answer(http.StatusConflict, "This file has arrived already. Remove it from the work instead.")
	}
	return tusError(u.store.log, u.store.db.Tenant(ctx, u.up.StudioID, func(tx db.Tx) error {
		if err := u.scope.hold(ctx, tx); err != nil {
			return err
		}
		return u.store.Delete(ctx, tx, u.up.StudioID, ids(u.up.ID))
	}))
}

var errLeaseLost = errors.New("the upload's lock was lost to another request")

// noRoom is a disk that cannot be written to.
func noRoom(err error) error {
	return fault.Caused(fault.Unavailable, "The server cannot take files at the moment. What has arrived is kept; it goes on by itself.", err)
}

// tusError is an error as tusd answers it: a status, and for people a sentence
// as the whole body. tusd would print the text of an error that it does not know
// to the browser, so those are logged here and apologised for.
func tusError(log *slog.Logger, err error) error {
	var known handler.Error
	if err == nil || errors.As(err, &known) {
		return err
	}
	if errors.Is(err, errLeaseLost) {
		return answer(http.StatusLocked, "The upload goes on in another place.")
	}
	const later = "The server cannot take files at the moment. What has arrived is kept; it goes on by itself."
	switch fault.KindOf(err) {
	case fault.NotFound:
		return answer(http.StatusNotFound, sentence(err, gone))
	case fault.Invalid, fault.Forbidden:
		return answer(http.StatusUnprocessableEntity, sentence(err, "This file cannot be taken."))
	case fault.Conflict:
		return answer(http.StatusConflict, sentence(err, "This was changed in another place. Open the page again."))
	case fault.TooMany:
		return answer(http.StatusTooManyRequests, sentence(err, "Too much at once. It goes on by itself in a moment."))
	case fault.Unavailable:
		log.LogAttrs(context.Background(), slog.LevelWarn, "An upload could not go on", slog.Any("error", err))
		return answer(http.StatusServiceUnavailable, sentence(err, later))
	default:
		log.LogAttrs(context.Background(), slog.LevelError, "An upload failed", slog.Any("error", err))
		return answer(http.StatusInternalServerError, "Something went wrong on our side. What has arrived is kept; it goes on by itself.")
	}
}

// sentence is what a fault says to people, its first field's message included.
func sentence(err error, otherwise string) string {
	if m := fault.MessageOf(err); m != "" {
		return m
	}
	for _, m := range fault.FieldsOf(err) {
		return m
	}
	return otherwise
}

func answer(status int, message string) error {
	e := handler.NewError("", message, status)
	e.HTTPResponse.Body = message
	return e
}
