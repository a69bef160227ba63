package media

import (
	"context"
	"errors"
	"io"
	"log/slog"
	"net/http"
	"strings"
	"time"

	"github.com/tus/tusd/v2/pkg/handler"

	"vitrine/app/fault"
	"vitrine/app/media/arriving"
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

// tusStore is tusd's view of uploads. tusd's own stores take for the offset what
// lies there; a holder that lost its lease in the middle of a write would then
// shift everything after it. Here each byte has its own place, see package
// arriving, and what counts is the number in the upload's row, which only the
// holder of the current fence can move.
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
		if err := t.finish(ctx, up); err != nil && !errors.Is(err, arriving.ErrIncomplete) {
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

// trust lowers the offset to what is still there: after a power cut, or on
// another machine, it can be less than the row says.
func (u *tusUpload) trust(ctx context.Context) error {
	if u.scope.lease == nil {
		return nil
	}
	place, err := u.store.place(u.up)
	if err != nil {
		return err
	}
	have, err := place.Have(ctx, u.up.arriving())
	if err != nil || have >= u.up.Received {
		return err
	}
	if have == 0 {
		u.up.Handle = "" // of parts that are lost
	}
	return u.commit(ctx, have, u.up.Handle)
}

// commit makes bytes count under the lease of this request.
func (u *tusUpload) commit(ctx context.Context, received int64, handle string) error {
	err := u.store.commit(ctx, u.scope.lease, received, handle)
	if err == nil {
		u.up.Received, u.up.Handle = received, handle
	}
	return err
}

// GetInfo tells tusd what it answers with.
func (u *tusUpload) GetInfo(context.Context) (handler.FileInfo, error) {
	return handler.FileInfo{ID: u.up.ID.String(), Size: u.up.Size, Offset: u.up.Received}, nil
}

// GetReader is part of tusd's interface; bytes that arrive are shown to nobody.
func (u *tusUpload) GetReader(context.Context) (io.ReadCloser, error) {
	return nil, handler.ErrNotFound
}

// bufferBytes is what is read at a time.
const bufferBytes = 256 << 10

// WriteChunk writes what src has at its place and commits it piece by piece. It
// returns how much is committed; what came after is sent again by the browser.
func (u *tusUpload) WriteChunk(ctx context.Context, offset int64, src io.Reader) (committed int64, err error) {
	if u.scope.lease == nil || offset != u.up.Received {
		return 0, handler.ErrMismatchOffset
	}
	if !u.scope.lease.read() {
		return 0, tusError(u.store.log, errLeaseLost)
	}
	place, err := u.store.place(u.up)
	if err != nil {
		return 0, tusError(u.store.log, err)
	}
	w, err := place.Open(ctx, u.up.arriving(), u.commit)
	if err != nil {
		return 0, tusError(u.store.log, err)
	}
	defer func() { _ = w.Close() }()
	err = u.copyTo(w, src)
	if kerr := w.Keep(); err == nil {
		err = kerr
	}
	return max(0, u.up.Received-offset), tusError(u.store.log, err)
}

// copyTo writes src, and keeps it now and then.
func (u *tusUpload) copyTo(w arriving.Writer, src io.Reader) error {
	buf := make([]byte, bufferBytes)
	kept, last := w.Kept(), time.Now()
	for {
		n, rerr := io.ReadFull(src, buf)
		if n > 0 {
			if !u.scope.lease.alive(u.store.clock()) {
				return errLeaseLost
			}
			if _, err := w.Write(buf[:n]); err != nil {
				return err
			}
		}
		if rerr != nil {
			return nil //nolint:nilerr // tusd keeps the body's error and answers with it
		}
		if w.Kept() == kept && time.Since(last) >= w.Every() {
			if err := w.Keep(); err != nil {
				return err
			}
		}
		if w.Kept() != kept {
			kept, last = w.Kept(), time.Now()
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
		// What is away is said first. Nobody has to try again: the script does.
		away, _, _ := strings.Cut(sentence(err, "The server cannot take files at the moment"), ". ")
		return answer(http.StatusServiceUnavailable, strings.TrimSuffix(away, ".")+". What has arrived is kept; it goes on by itself.")
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
	if status == http.StatusServiceUnavailable {
		e.HTTPResponse.Header["Retry-After"] = "5"
	}
	return e
}
