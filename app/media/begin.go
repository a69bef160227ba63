package media

import (
	"context"
	"fmt"
	"strings"
	"unicode/utf8"

	"github.com/google/uuid"

	"vitrine/app/fault"
	"vitrine/app/platform/db"
	"vitrine/app/platform/id"
	"vitrine/app/platform/idem"
)

// Begin is what is known of a file before its first byte.
type Begin struct {
	Sender
	DraftKey    string // creation key of the draft that gets the file; empty for none
	Filename    string // as the browser says
	ContentType string // as the browser says
	Size        int64  // bytes
	Fingerprint string // the browser's own, kept to find the file again after a reload
	Key         string // idempotency key; empty for callers that never repeat
	Background  bool   // demo data: nobody waits for it
}

// Begin starts an upload in one transaction: the media row, the reservation of
// its bytes, the upload, its lock, and its place in the draft. Sent again with
// the same key it gives the upload of the first time. Errors are Invalid with a
// sentence for people: an empty file, one that is too large, no room left, or
// what the draft says; TooMany when MaxOpen others are on their way.
func (s *Service) Begin(ctx context.Context, b Begin) (up Upload, err error) {
	defer fault.Wrap(&err, "media.Begin(%s)", b.StudioID)
	b.Filename = cleanName(b.Filename)
	if err := b.check(); err != nil {
		return up, err
	}
	err = s.db.Tenant(ctx, b.StudioID, func(tx db.Tx) error {
		if err := b.hold(ctx, tx); err != nil {
			return err
		}
		if b.Key != "" {
			prior, repeated, err := idem.Claim(ctx, tx, b.scope(), b.Key)
			if err != nil {
				return err
			}
			if repeated {
				up, err = uploadOf(ctx, tx.Reader(), b.StudioID, prior)
				return err
			}
		}
		up, err = s.begin(ctx, tx, b)
		if err != nil || b.Key == "" {
			return err
		}
		return idem.Finish(ctx, tx, b.scope(), b.Key, up.ID.String())
	})
	return up, err
}

func (b Begin) scope() string { return "media.begin:" + b.StudioID.String() + ":" + b.UserID.String() }

// maxDraftKey is what the column holds; whether there may be such a draft is for
// whoever holds the drafts to say.
const maxDraftKey = 64

func (b Begin) check() error {
	switch film := declaredFilm(b.ContentType, b.Filename); {
	case len(b.DraftKey) > maxDraftKey || !utf8.ValidString(b.DraftKey) || strings.ContainsRune(b.DraftKey, 0):
		return fault.Newf(fault.Invalid, "%s was sent to a work that does not exist. Open the work again and choose the file there.", b.Filename)
	case b.Size <= 0:
		return fault.Newf(fault.Invalid, "%s is empty. Export it again and choose it once more.", b.Filename)
	case film && b.Size > MaxVideoBytes:
		return fault.Newf(fault.Invalid, "%s has %s; films may have up to 2 GB. Export it smaller, or in parts.", b.Filename, inBytes(b.Size))
	case !film && b.Size > MaxImageBytes:
		return fault.Newf(fault.Invalid, "%s has %s; photos may have up to 50 MB. Export it smaller and choose it again.", b.Filename, inBytes(b.Size))
	}
	return nil
}

func (s *Service) begin(ctx context.Context, tx db.Tx, b Begin) (Upload, error) {
	if err := roomToBegin(tx, b.StudioID); err != nil {
		return Upload{}, err
	}
	now := tx.Now()
	mediaID := id.New()
	fingerprint := []rune(strings.ToValidUTF8(strings.ReplaceAll(b.Fingerprint, "\x00", ""), ""))
	up := Upload{ID: mediaID, StudioID: b.StudioID, Size: b.Size, Place: s.places[0].Name(), DraftKey: b.DraftKey, Fingerprint: string(fingerprint[:min(len(fingerprint), 300)]),
		CreatedBy: b.UserID, CreatedAt: now, UpdatedAt: now, ExpiresAt: now.Add(KeepUpload)}
	m := Media{ID: mediaID, StudioID: b.StudioID, State: StateUploading, Filename: b.Filename, Bytes: b.Size, Tone: noTone,
		Background: b.Background, CreatedBy: b.UserID, CreatedAt: now, UpdatedAt: now, Version: 1}
	if err := tx.SQL().Create(&m).Error; err != nil {
		return up, err
	}
	if err := tx.SQL().Create(&up).Error; err != nil {
		return up, err
	}
	if err := tx.SQL().Exec(`insert into upload_locks (upload_id) values (?)`, up.ID).Error; err != nil {
		return up, err
	}
	if b.DraftKey != "" && s.attach != nil {
		if err := s.attach.AttachMedia(ctx, tx, b.StudioID, b.UserID, b.DraftKey, mediaID, b.Filename); err != nil {
			return up, err
		}
	}
	// Last: everybody locks a work, then its media, then the studio's usage.
	return up, reserve(tx, m)
}

// MaxOpen is how many uploads of one studio may be on their way at a time. The
// quota bounds their bytes; this bounds the rows of uploads of one byte.
const MaxOpen = 1000

// roomToBegin is TooMany when the studio has MaxOpen uploads on their way.
func roomToBegin(tx db.Tx, studioID uuid.UUID) error {
	var open int
	err := tx.SQL().Raw(`select count(*) from (select from uploads where studio_id = ? and finished_at is null limit ?) u`, studioID, MaxOpen).Scan(&open).Error
	if err != nil {
		return err
	}
	if open >= MaxOpen {
		return fault.New(fault.TooMany, "1,000 files of this studio are on their way already. Let some of them arrive or cancel some, then send this one again.")
	}
	return nil
}

// uploadOf reads an upload of the studio. NotFound when there is none: it was
// cancelled, or expired.
func uploadOf(ctx context.Context, r db.Reader, studioID uuid.UUID, uploadID string) (up Upload, err error) {
	parsed, err := uuid.Parse(uploadID)
	if err != nil {
		return up, fault.Caused(fault.NotFound, gone, err)
	}
	err = r.SQL(ctx).Raw(`select u.* from uploads u join media m on m.studio_id = u.studio_id and m.id = u.id
		where u.studio_id = ? and u.id = ? and m.deleted_at is null`, studioID, parsed).Take(&up).Error
	if db.NotFound(err) {
		return up, fault.Caused(fault.NotFound, gone, err)
	}
	return up, err
}

const gone = "This upload was cancelled or is too old to go on with. Choose the file again."

// inBytes writes a number of bytes as people read it: "48.9 MB".
func inBytes(n int64) string {
	switch {
	case n < 1000:
		return fmt.Sprintf("%d bytes", n)
	case n < 1_000_000:
		return fmt.Sprintf("%d kB", n/1000)
	case n < 1_000_000_000:
		return strings.Replace(fmt.Sprintf("%.1f MB", float64(n)/1e6), ".0 ", " ", 1)
	default:
		return strings.Replace(fmt.Sprintf("%.1f GB", float64(n)/1e9), ".0 ", " ", 1)
	}
}
