// Package originals carries the files of a studio out of the product, with what
// is known of them, and removes all of them when the studio is removed. It is
// apart from package media because none of it is a use case of people, but it
// keeps to the same tables. All of it is for jobs, with the worker's handle.
package originals

import (
	"context"
	"time"

	"github.com/google/uuid"

	"vitrine/app/fault"
	"vitrine/app/media"
	"vitrine/app/platform/blob"
	"vitrine/app/platform/db"
)

// Service has the use cases.
type Service struct {
	db    *db.DB
	media *media.Service
}

// New prepares the service; it reaches nothing.
func New(d *db.DB, m *media.Service) *Service { return &Service{db: d, media: m} }

// File is a media in an archive.
type File struct {
	ID         uuid.UUID   `json:"id"`
	Path       string      `json:"path" gorm:"-"` // in the archive; empty when its original never arrived
	Filename   string      `json:"filename"`
	Kind       media.Kind  `json:"kind"`
	Format     string      `json:"format"`
	Bytes      int64       `json:"bytes"`
	SHA256     string      `json:"sha256" gorm:"column:sha256"` // hexadecimal; empty when nobody has looked at the file yet
	Width      int         `json:"width"`
	Height     int         `json:"height"`
	DurationMS int64       `json:"duration_ms" gorm:"column:duration_ms"`
	State      media.State `json:"state"`
	Failure    string      `json:"failure"`
	Copy       int         `json:"copy"` // above 0: kept beside another file of the same bytes
	Credit     string      `json:"credit"`
	Copyright  string      `json:"copyright"`
	CreatedBy  uuid.UUID   `json:"created_by"`
	CreatedAt  time.Time   `json:"created_at"`

	Store string `json:"-"`
}

// Arrived tells whether the original is in the file store.
func (f File) Arrived() bool { return f.Store != "" }

// Storage is what a studio stores, in bytes.
type Storage struct {
	Used     int64 `json:"used"`
	Reserved int64 `json:"reserved"`
	Limit    int64 `json:"limit"`
}

// Booking is an entry of the account of storage.
type Booking struct {
	MediaID   *uuid.UUID `json:"media_id"`
	Account   string     `json:"account"`
	Entry     string     `json:"entry"`
	Name      string     `json:"name"`
	Bytes     int64      `json:"bytes"`
	CreatedAt time.Time  `json:"created_at"`
}

// page is how many rows are read at a time.
const page = 500

// Export gives every file of a studio in the order of arrival, one page in
// memory at a time.
func (s *Service) Export(ctx context.Context, studioID uuid.UUID, put func(File) error) (err error) {
	defer fault.Wrap(&err, "originals.Export(%s)", studioID)
	var after uuid.UUID
	for {
		list, err := filesAfter(ctx, s.db.Read(ctx), studioID, after)
		if err != nil {
			return err
		}
		for _, f := range list {
			if err := put(f); err != nil {
				return err
			}
			after = f.ID
		}
		if len(list) < page {
			return nil
		}
	}
}

// Storage tells what a studio stores.
func (s *Service) Storage(ctx context.Context, studioID uuid.UUID) (out Storage, err error) {
	u, err := s.media.Usage(ctx, s.db.Read(ctx), studioID)
	return Storage{Used: u.Used, Reserved: u.Reserved, Limit: u.Limit}, err
}

// Ledger gives every entry of the account of a studio, the oldest first.
func (s *Service) Ledger(ctx context.Context, studioID uuid.UUID, put func(Booking) error) (err error) {
	defer fault.Wrap(&err, "originals.Ledger(%s)", studioID)
	var after uuid.UUID
	for {
		list, last, err := bookingsAfter(ctx, s.db.Read(ctx), studioID, after)
		if err != nil {
			return err
		}
		for _, b := range list {
			if err := put(b); err != nil {
				return err
			}
		}
		if len(list) < page {
			return nil
		}
		after = last
	}
}

// Open opens an original. NotFound when it was deleted meanwhile.
func (s *Service) Open(ctx context.Context, studioID, mediaID uuid.UUID) (blob.Object, error) {
	f, err := s.media.Original(ctx, studioID, mediaID)
	if err != nil {
		return nil, err
	}
	return s.media.Open(ctx, f)
}

// Erase removes every file of a studio with its objects, uploads under way
// included, and then the account. Interrupted, it goes on: a file's row is the
// last of it to go.
func (s *Service) Erase(ctx context.Context, studioID uuid.UUID) (err error) {
	defer fault.Wrap(&err, "originals.Erase(%s)", studioID)
	for {
		var ids []uuid.UUID
		err := s.db.Tenant(ctx, studioID, func(tx db.Tx) (err error) {
			ids, err = condemn(tx, studioID)
			return err
		})
		if err != nil {
			return err
		}
		if len(ids) == 0 {
			break
		}
		for _, mediaID := range ids {
			if err := s.media.Remove(ctx, studioID, mediaID); err != nil {
				return err
			}
		}
	}
	return s.db.Tenant(ctx, studioID, func(tx db.Tx) error { return closeAccount(tx, studioID) })
}

// Left counts the files of a studio and closes the account of one that has
// none. The transaction holds the studio.
func (s *Service) Left(_ context.Context, tx db.Tx, studioID uuid.UUID) (n int, err error) {
	if err = tx.SQL().Raw(`select count(*) from (select from media where studio_id = ? limit 1) m`, studioID).Scan(&n).Error; err != nil || n > 0 {
		return n, err
	}
	return 0, closeAccount(tx, studioID)
}

// EraseAuthor takes a person's id off the files that they sent to studios of
// others, which keep the files.
func (s *Service) EraseAuthor(ctx context.Context, userID uuid.UUID) (err error) {
	defer fault.Wrap(&err, "originals.EraseAuthor(%s)", userID)
	return s.db.Transact(ctx, func(tx db.Tx) error {
		if err := tx.SQL().Exec(`update media set created_by = ? where created_by = ?`, uuid.Nil, userID).Error; err != nil {
			return err
		}
		return tx.SQL().Exec(`update uploads set created_by = ? where created_by = ?`, uuid.Nil, userID).Error
	})
}
