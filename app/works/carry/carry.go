// Package carry takes the works of a studio out of the product and into
// another: everything that a studio wrote, in every state, for its archive; the
// draft that a work from an archive begins as; and the end of all works of a
// studio that is being removed. It is apart from package works because none of
// it is a use case of people, but it keeps to the same tables.
package carry

import (
	"context"
	"time"

	"github.com/google/uuid"

	"vitrine/app/fault"
	"vitrine/app/platform/db"
	"vitrine/app/works"
)

// Service has the use cases. All of them are for jobs, with the worker's handle.
type Service struct {
	db *db.DB
}

// New prepares the service; it reaches nothing.
func New(d *db.DB) *Service { return &Service{db: d} }

// Work is a work in an archive.
type Work struct {
	ID           string       `json:"id"` // public id: what stands in links
	State        works.State  `json:"state"`
	Hidden       []string     `json:"hidden" gorm:"-"` // why nobody outside the studio sees it
	Title        string       `json:"title"`
	TitleGuessed bool         `json:"title_guessed"` // from a file name
	Slug         string       `json:"slug"`
	Story        string       `json:"story"`
	Credits      string       `json:"credits"` // one per line, "Role: names"
	Licence      string       `json:"licence"`
	Year         *int         `json:"year"`
	Sensitive    bool         `json:"sensitive"`
	AIMade       bool         `json:"ai_made" gorm:"column:ai_made"`
	NoAI         bool         `json:"noai" gorm:"column:noai"`
	Lang         string       `json:"lang"`
	Tags         works.Labels `json:"tags"`
	PublishAt    *time.Time   `json:"publish_at"`   // when a scheduled work opens
	PublishZone  string       `json:"publish_zone"` // IANA name of the zone it was typed in
	PublishedAt  *time.Time   `json:"published_at"` // when it opened first
	CreatedBy    uuid.UUID    `json:"created_by"`
	CreatedAt    time.Time    `json:"created_at"`
	UpdatedAt    time.Time    `json:"updated_at"`
	Media        []Item       `json:"media" gorm:"-"` // in order
}

// Item is a picture or film in a work.
type Item struct {
	ID       uuid.UUID `json:"id"` // of a record of media.jsonl
	Filename string    `json:"filename"`
	Alt      string    `json:"alt"`
	Caption  string    `json:"caption"`
	Focal    int       `json:"focal"` // one of nine points, 0 is the centre
}

// reasons are the words of an archive for why a work is hidden.
var reasons = []struct {
	why  works.Hiding
	word string
}{
	{works.HiddenByModeration, "moderation"}, {works.HiddenForReview, "review"}, {works.HiddenBySuspension, "suspension"}, {works.HiddenByClosing, "closing"}, {works.HiddenByAction, "moderation"},
}

// page is how many works are read at a time.
const page = 200

// Export gives every work of a studio in the order of making, one page in
// memory at a time.
func (s *Service) Export(ctx context.Context, studioID uuid.UUID, put func(Work) error) (err error) {
	defer fault.Wrap(&err, "carry.Export(%s)", studioID)
	var after uuid.UUID
	for {
		list, last, err := exported(ctx, s.db.Read(ctx), studioID, after)
		if err != nil {
			return err
		}
		for _, w := range list {
			if err := put(w); err != nil {
				return err
			}
		}
		if len(list) < page {
			return nil
		}
		after = last
	}
}

// CreationKey names the work that a work of an archive becomes.
func CreationKey(publicID string) string { return "import-" + publicID }

// Begin makes the draft that a work from an archive begins as, in a transaction
// in the studio's scope: with its dates, and with its public id when that is
// free, so that links to it work. Begun before, nothing is changed.
func (s *Service) Begin(_ context.Context, tx db.Tx, studioID, owner uuid.UUID, w Work) (publicID string, err error) {
	defer fault.Wrap(&err, "carry.Begin(%s)", w.ID)
	return begin(tx, studioID, owner, w)
}

// ID finds a work of a studio by its public id. NotFound when it is gone.
func (s *Service) ID(_ context.Context, tx db.Tx, studioID uuid.UUID, publicID string) (workID uuid.UUID, err error) {
	var ids []uuid.UUID
	if err := tx.SQL().Raw(`select id from works where studio_id = ? and public_id = ?`, studioID, publicID).Scan(&ids).Error; err != nil {
		return workID, err
	}
	if len(ids) == 0 {
		return workID, fault.New(fault.NotFound, "This work is not here any more.")
	}
	return ids[0], nil
}

// Erase removes all works of a studio, a batch in each transaction, with what is
// derived from them outside of search. Interrupted, it goes on. The studio's
// works are hidden already, so nothing is told.
func (s *Service) Erase(ctx context.Context, studioID uuid.UUID) (err error) {
	defer fault.Wrap(&err, "carry.Erase(%s)", studioID)
	for {
		var n int64
		err := s.db.Tenant(ctx, studioID, func(tx db.Tx) (err error) {
			n, err = erase(tx, studioID)
			return err
		})
		if err != nil {
			return err
		}
		if n == 0 {
			break
		}
	}
	return s.db.Transact(ctx, dropTags)
}

// Left counts the works of a studio. The transaction holds the studio.
func (s *Service) Left(_ context.Context, tx db.Tx, studioID uuid.UUID) (n int, err error) {
	err = tx.SQL().Raw(`select count(*) from (select from works where studio_id = ? limit 1) w`, studioID).Scan(&n).Error
	return n, err
}

// EraseAuthor takes a person's id off the works and share links that they made in
// studios of others, which keep them.
func (s *Service) EraseAuthor(ctx context.Context, userID uuid.UUID) (err error) {
	defer fault.Wrap(&err, "carry.EraseAuthor(%s)", userID)
	return s.db.Transact(ctx, func(tx db.Tx) error {
		if err := tx.SQL().Exec(`update share_links set created_by = ? where created_by = ?`, uuid.Nil, userID).Error; err != nil {
			return err
		}
		return tx.SQL().Exec(`update works set created_by = ? where created_by = ?`, uuid.Nil, userID).Error
	})
}
