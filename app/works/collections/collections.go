package collections

import (
	"context"
	"time"

	"github.com/google/uuid"

	"vitrine/app/fault"
	"vitrine/app/media"
	"vitrine/app/platform/bus"
	"vitrine/app/platform/db"
	"vitrine/app/platform/id"
	"vitrine/app/works"
)

// Limits, in characters and rows.
const (
	MaxTitle       = 120
	MaxAbout       = 2000
	MaxWorks       = 200 // in one collection
	MaxCollections = 60  // of one studio, so that a list of them is one page
)

// Collection is works that belong together.
type Collection struct {
	ID        uuid.UUID
	StudioID  uuid.UUID
	PublicID  string
	Title     string
	Slug      string
	About     string
	Wanted    bool       // by its studio, for everybody; else it is the studio's own
	Hidden    bool       // by moderators, from everybody but the studio
	Shown     bool       // to everybody: wanted and not hidden
	CoverID   *uuid.UUID // the work on the cover; nil: the first that can be seen
	CreatedAt time.Time
	UpdatedAt time.Time
	Version   int64
}

// Cover is the picture that stands for a collection. MediaID is nil when none
// of its works can be shown uncovered.
type Cover struct {
	MediaID *uuid.UUID
	Alt     string
	Focal   int
}

// Listed is a collection in a list, with its cover.
type Listed struct {
	Collection `gorm:"embedded"`
	Cover      Cover `gorm:"embedded;embeddedPrefix:pic_"`
	Works      int   // all of them; for the studio's own lists
}

// Service is the use cases of collections.
type Service struct {
	db     *db.DB
	outbox *bus.Outbox
	files  *media.Service
}

// New makes the service; it reaches nothing. files is a service with the same
// handle.
func New(d *db.DB, outbox *bus.Outbox, files *media.Service) *Service {
	return &Service{db: d, outbox: outbox, files: files}
}

// Gone is said of a collection that is not there.
func Gone() error {
	return fault.New(fault.NotFound, "There is no such collection. It may have been removed, or the link is incomplete.")
}

// ByPublicID finds one that Public shows, for whoever reports it.
func (s *Service) ByPublicID(ctx context.Context, publicID string) (c Collection, err error) {
	c, _, err = s.Public(ctx, publicID)
	return c, err
}

// SetHidden hides a collection from everybody outside its studio, or shows it
// again, in a transaction of the caller in the studio's scope, who has checked
// that a moderator wants it. Its works stay as they are. It may be repeated; one
// that is gone is no error.
func (s *Service) SetHidden(ctx context.Context, tx db.Tx, studioID, collectionID uuid.UUID, on bool) (err error) {
	defer fault.Wrap(&err, "collections.SetHidden(%s, %t)", collectionID, on)
	changed, err := hide(tx, studioID, collectionID, on)
	if err != nil || !changed {
		return err
	}
	return s.outbox.Publish(ctx, tx, Changed{StudioID: studioID, CollectionID: collectionID})
}

// Public is a collection that is shown and holds a work that everybody can see,
// with the number of those works. NotFound otherwise. One query.
func (s *Service) Public(ctx context.Context, publicID string) (c Collection, count int, err error) {
	defer fault.Wrap(&err, "collections.Public(%s)", publicID)
	if !id.ValidPublic(publicID) {
		return c, 0, Gone()
	}
	return shown(ctx, s.db.Read(ctx), publicID)
}

// Hanging is the works of a collection that everybody can see, in its order,
// from the place on; next is the place of the next page, 0 when this is the
// last. One query.
func (s *Service) Hanging(ctx context.Context, collectionID uuid.UUID, from, limit int) (cards []works.Card, next int, err error) {
	defer fault.Wrap(&err, "collections.Hanging(%s)", collectionID)
	return hanging(ctx, s.db.Read(ctx), collectionID, from, limit)
}

// Shelf is what a studio's page says of it: the collections that are shown, the
// newest first, limit of them at most, and how many public works the studio has.
// more tells that there are others. One query.
func (s *Service) Shelf(ctx context.Context, studioID uuid.UUID, limit int) (list []Listed, more bool, count int, err error) {
	defer fault.Wrap(&err, "collections.Shelf(%s)", studioID)
	list, count, err = shelf(ctx, s.db.Read(ctx), studioID, limit+1)
	if len(list) > limit {
		return list[:limit], true, count, err
	}
	return list, false, count, err
}

// All is every collection of a studio, for its members, with the pictures of
// their covers by the ids of the files. The caller has checked that the viewer is
// one. Two queries.
func (s *Service) All(ctx context.Context, studioID uuid.UUID) (list []Listed, pictures map[uuid.UUID]media.Picture, err error) {
	defer fault.Wrap(&err, "collections.All(%s)", studioID)
	err = s.db.TenantRead(ctx, studioID, func(r db.Reader) error {
		if list, err = all(ctx, r, studioID); err != nil {
			return err
		}
		var ids []uuid.UUID
		for _, l := range list {
			if l.Cover.MediaID != nil {
				ids = append(ids, *l.Cover.MediaID)
			}
		}
		pictures, err = s.files.StudioPictures(ctx, r, studioID, ids)
		return err
	})
	return list, pictures, err
}

// Member is a work in a collection, in any state.
type Member struct {
	works.Work `gorm:"embedded"`
	Position   int
}

// Own is a collection with its works, for members of its studio, and the
// pictures of their covers by the ids of the files. The caller has checked that
// the viewer is one. NotFound when it is not there. Three queries.
func (s *Service) Own(ctx context.Context, studioID uuid.UUID, publicID string) (c Collection, members []Member, pictures map[uuid.UUID]media.Picture, err error) {
	defer fault.Wrap(&err, "collections.Own(%s)", publicID)
	err = s.db.TenantRead(ctx, studioID, func(r db.Reader) error {
		if c, err = own(ctx, r, studioID, publicID); err != nil {
			return err
		}
		if members, err = Members(ctx, r, studioID, c.ID); err != nil {
			return err
		}
		var ids []uuid.UUID
		for _, m := range members {
			if m.CoverID != nil {
				ids = append(ids, *m.CoverID)
			}
		}
		pictures, err = s.files.StudioPictures(ctx, r, studioID, ids)
		return err
	})
	return c, members, pictures, err
}
