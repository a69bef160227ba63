package media

import (
	"context"
	"errors"
	"testing"

	"github.com/google/uuid"

	"vitrine/app/fault"
	"vitrine/app/platform/db"
	"vitrine/app/platform/mediatool/mediatest"
)

// TestPrivate_untilExposed: what no public work shows is for its studio alone,
// and a takedown is whole at its commit.
func TestPrivate_untilExposed(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	ctx := t.Context()
	mediaID := w.receive("a.jpg", mediatest.JPEG(t, 700, 500))
	w.drain()
	public := func() bool {
		t.Helper()
		_, err := w.web.PublicFile(ctx, mediaID, "w640.jpg")
		pictures, perr := w.web.Pictures(ctx, w.App.Read(ctx), ids(mediaID))
		if perr != nil || err != nil && !fault.Is(err, fault.NotFound) {
			t.Fatal(errors.Join(err, perr))
		}
		if (err == nil) != (len(pictures) == 1) {
			t.Error("the picture and its file disagree")
		}
		return err == nil
	}
	if public() {
		t.Error("served before anybody published it")
	}
	w.expose(mediaID, true)
	if !public() {
		t.Error("published, and not served")
	}
	if f, err := w.web.PublicFile(ctx, mediaID, "w640.webp"); err != nil || f.ContentType != "image/webp" || len(f.ETag) != 18 {
		t.Errorf("%+v, %v", f, err)
	}
	if _, err := w.web.PublicFile(ctx, mediaID, "original"); !fault.Is(err, fault.NotFound) {
		t.Errorf("the original: %v", err)
	}
	w.expose(mediaID, false)
	if public() {
		t.Error("taken down, and still served")
	}
	if _, err := w.web.StudioFile(ctx, w.sender.StudioID, mediaID, "w640.jpg"); err != nil {
		t.Errorf("for members: %v", err)
	}
	if f, err := w.web.Original(ctx, w.sender.StudioID, mediaID); err != nil || f.Name != "a.jpg" {
		t.Errorf("the original for members: %+v, %v", f, err)
	}
}

// TestTenancy tries everything that takes a studio with the wrong one.
func TestTenancy(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	ctx := t.Context()
	mediaID := w.receive("a.jpg", mediatest.JPEG(t, 300, 200))
	w.drain()
	w.Exec(t, `update media set state = 'failed', failure = 'It failed.' where id = $1`, mediaID)
	before := w.media(mediaID)
	other := w.studio("stranger")
	mine, stranger := w.sender.StudioID, other.StudioID

	for name, err := range map[string]error{
		"retry":                w.web.Retry(ctx, other, mediaID),
		"keep both":            w.web.KeepBoth(ctx, other, mediaID),
		"original":             second(w.web.Original(ctx, stranger, mediaID)),
		"file":                 second(w.web.StudioFile(ctx, stranger, mediaID, "w300.jpg")),
		"file of its own name": second(w.web.StudioFile(ctx, uuid.Nil, mediaID, "w300.jpg")),
	} {
		if !fault.Is(err, fault.NotFound) {
			t.Errorf("%s: %v", name, err)
		}
	}
	if err := w.App.Tenant(ctx, stranger, func(tx db.Tx) error {
		// Even when the studio is named, the scope is the stranger's.
		return errors.Join(w.web.Expose(ctx, tx, mine, ids(mediaID), true), w.web.Delete(ctx, tx, mine, ids(mediaID)))
	}); err != nil {
		t.Fatal(err)
	}
	if after := w.media(mediaID); after.Version != before.Version {
		t.Errorf("a stranger changed it: %+v", after)
	}
	if err := w.App.TenantRead(ctx, stranger, func(r db.Reader) error {
		for _, table := range []string{"media", "renditions", "uploads", "storage_ledger", "storage_usage"} {
			var n int
			if err := r.SQL(ctx).Raw(`select count(*) from ` + table).Scan(&n).Error; err != nil {
				return err
			}
			if n != 0 {
				t.Errorf("a stranger sees %d rows of %s", n, table)
			}
		}
		list, err := w.web.ByIDs(ctx, r, mine, ids(mediaID))
		if len(list) != 0 {
			t.Error("a stranger read a file by naming its studio")
		}
		return err
	}); err != nil {
		t.Fatal(err)
	}
	if studio, err := w.web.StudioOf(ctx, mediaID); err != nil || studio != mine {
		t.Errorf("%s, %v", studio, err)
	}
}

func second[T any](_ T, err error) error { return err }

// TestReaders_neverWrite runs every query under a role that cannot write.
func TestReaders_neverWrite(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	ctx := context.Background()
	mediaID := w.receive("a.jpg", mediatest.JPEG(t, 300, 200))
	w.begin(10)
	w.drain()
	if err := w.App.TenantRead(ctx, w.sender.StudioID, func(r db.Reader) error {
		var page []Media
		var err error
		for _, query := range []func() error{
			func() error { return second(w.web.ByIDs(ctx, r, w.sender.StudioID, ids(mediaID))) },
			func() error { return second(w.web.Pictures(ctx, r, ids(mediaID))) },
			func() error { return second(w.web.StudioPictures(ctx, r, w.sender.StudioID, ids(mediaID))) },
			func() error { return second(w.web.Usable(ctx, r, w.sender.StudioID, ids(mediaID))) },
			func() error { return second(w.web.Usage(ctx, r, w.sender.StudioID)) },
			func() error { page, err = w.web.OfStudio(ctx, r, w.sender.StudioID, Cursor{}, 1); return err },
			func() error {
				page, err = w.web.OfStudio(ctx, r, w.sender.StudioID, Cursor{CreatedAt: page[0].CreatedAt, ID: page[0].ID}, 5)
				return err
			},
		} {
			if err := query(); err != nil {
				return err
			}
		}
		if len(page) != 1 || page[0].ID != mediaID {
			t.Errorf("the second page: %+v", page)
		}
		return nil
	}); err != nil {
		t.Fatal(err)
	}
}

// attacher refuses a full draft.
type attacher struct{ calls int }

func (a *attacher) AttachMedia(_ context.Context, _ db.Tx, _, _ uuid.UUID, draftKey string, _ uuid.UUID, filename string) error {
	a.calls++
	if draftKey == "full" {
		return fault.Field("files", "A work holds 100 files at most.")
	}
	if filename != "a.jpg" {
		return errors.New(filename)
	}
	return nil
}

func TestBegin_isWholeOrNothing(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	a := &attacher{}
	w.web.AttachTo(a)
	if _, err := w.web.Begin(t.Context(), Begin{Sender: w.sender, DraftKey: "full", Filename: "C:\\photos\\a.jpg", Size: 10}); sentence(err, "") != "A work holds 100 files at most." {
		t.Errorf("a full draft: %v", err)
	}
	if n := w.Count(t, `select (select count(*) from media) + (select count(*) from uploads) + (select count(*) from storage_ledger)`); n != 0 {
		t.Errorf("%d rows of a refused upload", n)
	}
	for range 2 {
		if _, err := w.web.Begin(t.Context(), Begin{Sender: w.sender, DraftKey: "room", Filename: "a.jpg", Size: 10, Key: "0123456789abcdef"}); err != nil {
			t.Fatal(err)
		}
	}
	if a.calls != 2 {
		t.Errorf("attached %d times", a.calls)
	}
	w.balanced()
}
