package media

import (
	"context"
	"errors"
	"io"
	"os"

	"github.com/google/uuid"

	"vitrine/app/fault"
	"vitrine/app/media/arriving"
	"vitrine/app/platform/db"
)

// Receive takes one file of a plain form, for browsers without scripts: it
// streams to disk and then goes the way of every upload. The caller has checked
// that the person is an editor of the studio. Errors are Invalid with a sentence
// for people (too large, empty, no room), and the other files of the form go on.
func (s *Service) Receive(ctx context.Context, studioID, userID uuid.UUID, draftKey, filename string, r io.Reader) (mediaID uuid.UUID, err error) {
	return s.Import(ctx, Begin{Sender: Sender{StudioID: studioID, UserID: userID}, DraftKey: draftKey, Filename: filename}, r)
}

// Import is Receive with all that can be said of a file; its Size is measured.
func (s *Service) Import(ctx context.Context, b Begin, r io.Reader) (mediaID uuid.UUID, err error) {
	defer fault.Wrap(&err, "media.Import(%s)", b.StudioID)
	b.Filename = cleanName(b.Filename)
	path, size, err := s.spool(ctx, b, r)
	if err != nil {
		return uuid.Nil, err
	}
	defer func() { _ = os.Remove(path) }() // gone already when all went well
	b.Size = size
	up, err := s.Begin(ctx, b)
	if err != nil {
		return uuid.Nil, err
	}
	if up.FinishedAt != nil { // the form was sent twice
		return up.ID, nil
	}
	if up.Received == up.Size { // whoever sent it first ended before handing it on
		return up.ID, s.finish(ctx, up)
	}
	place, err := s.place(up)
	if err != nil {
		return uuid.Nil, err
	}
	if err := place.Take(ctx, up.arriving(), path); err != nil {
		return uuid.Nil, err
	}
	err = s.db.Tenant(ctx, b.StudioID, func(tx db.Tx) error {
		return tx.SQL().Exec(`update uploads set received = size, updated_at = ? where studio_id = ? and id = ?`, tx.Now(), b.StudioID, up.ID).Error
	})
	if err != nil {
		return uuid.Nil, err
	}
	return up.ID, s.finish(ctx, up)
}

// spool writes the stream beside the arrivals, no further than the file's limit
// and the studio's room: a form cannot fill the disk. The rest of a file that is
// too large is read and dropped, up to a bound, so that the next one of the form
// is reached.
func (s *Service) spool(ctx context.Context, b Begin, r io.Reader) (path string, size int64, err error) {
	limit, err := s.room(ctx, b)
	if err != nil {
		return "", 0, err
	}
	base, err := s.work.Path()
	if err != nil {
		return "", 0, arriving.NoRoom(err)
	}
	f, err := os.CreateTemp(base, "form-")
	if err != nil {
		return "", 0, arriving.NoRoom(err)
	}
	defer func() {
		if err != nil {
			_ = os.Remove(f.Name())
		}
	}()
	defer func() { _ = f.Close() }()
	src := &reading{ctx: ctx, r: r}
	size, err = io.Copy(f, io.LimitReader(src, limit+1))
	switch {
	case src.err != nil:
		return "", 0, fault.Caused(fault.Invalid, b.Filename+" broke off on the way. Choose it again.", src.err)
	case err != nil:
		return "", 0, arriving.NoRoom(err)
	case size > limit:
		rest, _ := io.Copy(io.Discard, io.LimitReader(src, MaxVideoBytes))
		b.Size = size + rest
		if err := b.check(); err != nil {
			return "", 0, err
		}
		return "", 0, fault.Newf(fault.Invalid, "%s needs %s and your studio has %s left. Make room, or choose a smaller file.", b.Filename, inBytes(b.Size), inBytes(limit))
	case size == 0:
		b.Size = 0
		return "", 0, b.check()
	}
	if err := f.Sync(); err != nil {
		return "", 0, arriving.NoRoom(err)
	}
	return f.Name(), size, nil
}

// room is how many bytes this file may have at most.
func (s *Service) room(ctx context.Context, b Begin) (int64, error) {
	limit := int64(MaxImageBytes)
	if declaredFilm(b.ContentType, b.Filename) {
		limit = MaxVideoBytes
	}
	var u Usage
	err := s.db.TenantRead(ctx, b.StudioID, func(r db.Reader) (err error) {
		u, err = s.Usage(ctx, r, b.StudioID)
		return err
	})
	return min(limit, u.Left()), err
}

// reading remembers that the stream failed, as opposed to the disk.
type reading struct {
	ctx context.Context
	r   io.Reader
	err error
}

func (s *reading) Read(p []byte) (int, error) {
	if s.err == nil {
		s.err = s.ctx.Err()
	}
	if s.err != nil {
		return 0, s.err
	}
	n, err := s.r.Read(p)
	if err != nil && !errors.Is(err, io.EOF) {
		s.err = err
	}
	return n, err
}
