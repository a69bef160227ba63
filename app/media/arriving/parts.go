package arriving

import (
	"context"
	"errors"
	"io"
	"os"
	"strconv"
	"strings"
	"time"

	"github.com/google/uuid"

	"vitrine/app/fault"
	"vitrine/app/platform/blob"
)

// tails is where what came after the last whole part of an upload waits, under
// its id and the position at which it ends.
const tails = "incoming/"

// abandoned is the age at which a multipart upload is nobody's: weeks after its
// row expired.
const abandoned = 30 * 24 * time.Hour

// inParts is where objects of the product are large enough to be stored in
// parts: uploads, films that were made of them, archives. What a killed process
// began there is seen in no list of objects, and paid for.
func inParts() []string { return []string{"original/", "rendition/", "export/"} }

// Parts is uploads as parts in an object store. What a request holds of its
// part lies in a file that has no name any more, so that nothing of it is left
// when the process dies.
type Parts struct {
	store blob.Parts
	dir   string // of those files
}

// NewParts makes the directory for parts that are being filled.
func NewParts(store blob.Parts, dir string) (Parts, error) {
	return Parts{store, dir}, os.MkdirAll(dir, 0o750)
}

var _ Place = Parts{}

// Name is that of the store.
func (p Parts) Name() string { return p.store.Name() }

func tailKey(id uuid.UUID, end int64) string {
	return tails + id.String() + "/" + strconv.FormatInt(end, 10)
}

// Have looks for what can be missing: the tail, or anything once all of it
// should be there. A whole part that is lost before shows when the next is sent.
func (p Parts) Have(ctx context.Context, u Upload) (int64, error) {
	if u.Received == u.Size {
		return p.haveAll(ctx, u)
	}
	tail := u.Received % p.store.PartSize()
	if tail == 0 {
		return u.Received, nil
	}
	size, err := p.store.Size(ctx, tailKey(u.ID, u.Received))
	if fault.Is(err, fault.NotFound) {
		return u.Received - tail, nil
	}
	if err != nil {
		return 0, err
	}
	if size != tail {
		return u.Received - tail, nil
	}
	return u.Received, nil
}

func (p Parts) haveAll(ctx context.Context, u Upload) (have int64, err error) {
	_, err = p.Finish(ctx, u)
	switch {
	case err == nil:
		return u.Size, nil
	case !errors.Is(err, ErrIncomplete):
		return 0, err
	case u.Handle != "":
		have, err = p.store.HaveParts(ctx, u.Key, u.Handle)
	}
	if err == nil || fault.Is(err, fault.NotFound) || errors.Is(err, ErrIncomplete) {
		return have - have%p.store.PartSize(), nil
	}
	return 0, err
}

// Open fetches the tail, if there is one: the part goes on behind it.
func (p Parts) Open(ctx context.Context, u Upload, commit Commit) (_ Writer, err error) {
	f, err := os.CreateTemp(p.dir, "part-")
	if err != nil {
		return nil, NoRoom(err)
	}
	if err := os.Remove(f.Name()); err != nil {
		return nil, errors.Join(NoRoom(err), f.Close())
	}
	w := &partsWriter{Parts: p, ctx: ctx, u: u, part: f, commit: commit, at: u.Received, kept: u.Received}
	w.start = u.Received - u.Received%p.store.PartSize()
	if w.start < w.at {
		if err := w.fetch(); err != nil {
			return nil, errors.Join(err, f.Close())
		}
	}
	return w, nil
}

type partsWriter struct {
	Parts
	ctx    context.Context //nolint:containedctx // of one request, as the writer
	u      Upload
	part   *os.File // the part that is being filled, from start on
	commit Commit
	start  int64 // where it begins in the upload
	at     int64 // where the next byte goes
	kept   int64 // committed
	broken bool  // a full part could not be stored: nothing after it can be kept
}

func (w *partsWriter) fetch() error {
	o, err := w.store.Open(w.ctx, tailKey(w.u.ID, w.at))
	if err != nil {
		return err
	}
	defer func() { _ = o.Close() }()
	n, err := io.Copy(w.part, o)
	switch {
	case err == nil && n != w.at-w.start:
		return ErrIncomplete
	case fault.Is(err, fault.Internal): // of the disk here; what the store says has a kind
		return NoRoom(err)
	}
	return err
}

func (w *partsWriter) Write(p []byte) (done int, err error) {
	end := min(w.start+w.store.PartSize(), w.u.Size)
	for len(p) > 0 {
		n := min(int64(len(p)), end-w.at)
		if n <= 0 {
			return done, io.ErrShortWrite // more than was announced
		}
		if _, err := w.part.WriteAt(p[:n], w.at-w.start); err != nil {
			return done, NoRoom(err)
		}
		w.at, p, done = w.at+n, p[n:], done+int(n)
		if w.at == end {
			if err := w.send(); err != nil {
				w.broken = true
				return done, err
			}
			end = min(w.start+w.store.PartSize(), w.u.Size)
		}
	}
	return done, nil
}

// send stores the part that is full, and commits it. A file of one part is
// stored as the object at once.
func (w *partsWriter) send() error {
	size := w.at - w.start
	body := io.NewSectionReader(w.part, 0, size)
	if w.u.Size <= w.store.PartSize() {
		if _, err := w.store.Put(w.ctx, w.u.Key, body); err != nil {
			return err
		}
		return w.settle()
	}
	if err := w.begin(); err != nil {
		return err
	}
	err := w.store.PutPart(w.ctx, w.u.Key, w.u.Handle, int(w.start/w.store.PartSize())+1, body, size)
	if fault.Is(err, fault.NotFound) {
		// Somebody emptied the store: the browser is told to begin again.
		w.u.Handle = ""
		return errors.Join(NoRoom(err), w.commit(w.ctx, 0, ""))
	}
	if err != nil {
		return err
	}
	return w.settle()
}

// begin sees to it that there is a handle, and that the row has it before the
// first part needs it.
func (w *partsWriter) begin() (err error) {
	if w.u.Handle != "" {
		return nil
	}
	if w.u.Handle, err = w.store.BeginParts(w.ctx, w.u.Key); err != nil {
		return err
	}
	return w.commit(w.ctx, w.kept, w.u.Handle)
}

// settle commits a stored part; the next one begins.
func (w *partsWriter) settle() error {
	before := w.kept
	if err := w.commit(w.ctx, w.at, w.u.Handle); err != nil {
		return err
	}
	w.kept, w.start = w.at, w.at
	w.forget(before)
	return nil
}

// Keep stores what there is of the part as the tail.
func (w *partsWriter) Keep() error {
	if w.at == w.kept || w.broken {
		return nil
	}
	if _, err := w.store.Put(w.ctx, tailKey(w.u.ID, w.at), io.NewSectionReader(w.part, 0, w.at-w.start)); err != nil {
		return err
	}
	before := w.kept
	if err := w.commit(w.ctx, w.at, w.u.Handle); err != nil {
		return err
	}
	w.kept = w.at
	w.forget(before)
	return nil
}

// forget removes the tail of a position that was committed before. One that
// stays is removed with the upload, so that it failed is no reason to stop.
func (w *partsWriter) forget(end int64) {
	if end%w.store.PartSize() != 0 {
		_ = w.store.Delete(w.ctx, tailKey(w.u.ID, end))
	}
}

// Every is rare: a tail is sent whole each time.
func (w *partsWriter) Every() time.Duration { return 15 * time.Second }

func (w *partsWriter) Kept() int64  { return w.kept }
func (w *partsWriter) Close() error { return w.part.Close() }

// Take stores the file as the object at once.
func (p Parts) Take(ctx context.Context, u Upload, path string) error {
	_, err := p.store.Adopt(ctx, u.Key, path)
	return err
}

// Finish joins the parts. Without a handle the object was stored whole.
func (p Parts) Finish(ctx context.Context, u Upload) (string, error) {
	if u.Handle == "" { // the last tail went when the object came
		return find(ctx, blob.NewSet(p.store), u)
	}
	err := p.store.JoinParts(ctx, u.Key, u.Handle, u.Size)
	if fault.Is(err, fault.NotFound) {
		return "", errors.Join(ErrIncomplete, err)
	}
	if err != nil {
		return "", err
	}
	return p.Name(), p.dropTails(ctx, u.ID)
}

// Drop removes parts and tails; the object is not its to remove.
func (p Parts) Drop(ctx context.Context, u Upload) error {
	var err error
	if u.Handle != "" {
		err = p.store.DropParts(ctx, u.Key, u.Handle)
	}
	return errors.Join(err, p.dropTails(ctx, u.ID))
}

func (p Parts) dropTails(ctx context.Context, id uuid.UUID) error {
	var keys []string
	err := p.store.List(ctx, tails+id.String()+"/", func(e blob.Entry) error {
		keys = append(keys, e.Key)
		return nil
	})
	for _, key := range keys {
		err = errors.Join(err, p.store.Delete(ctx, key))
	}
	return err
}

// Sweep removes tails of uploads that are no more, and parts that no row can
// know any longer.
func (p Parts) Sweep(ctx context.Context, now time.Time, open func(context.Context, uuid.UUID) (bool, error)) error {
	var gone []string
	err := p.store.List(ctx, tails, func(e blob.Entry) error {
		name, _, _ := strings.Cut(strings.TrimPrefix(e.Key, tails), "/")
		upload, err := uuid.Parse(name)
		if err != nil || now.Sub(e.ModTime) < sweepAfter {
			return nil //nolint:nilerr // not ours, or too young
		}
		yes, err := open(ctx, upload)
		if err == nil && !yes {
			gone = append(gone, e.Key)
		}
		return err
	})
	for _, key := range gone {
		err = errors.Join(err, p.store.Delete(ctx, key))
	}
	for _, prefix := range inParts() {
		err = errors.Join(err, p.store.SweepParts(ctx, prefix, now.Add(-abandoned)))
	}
	return err
}
