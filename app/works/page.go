package works

import (
	"context"
	"database/sql/driver"
	"encoding/json"

	"github.com/google/uuid"

	"vitrine/app/fault"
	"vitrine/app/platform/db"
	"vitrine/app/platform/id"
	"vitrine/app/works/column"
)

// Page is what the public page of a work shows of works.
type Page struct {
	Work    Work
	Items   []Item
	Earlier *Card
	Later   *Card
	Near    []Card // published works of any studio that share tags
	// Within are the collections that are shown and hold the work.
	Within Within
}

// Within are collections of a work, read as a JSON array.
type Within []struct {
	PublicID string `json:"public_id"`
	Slug     string `json:"slug"`
	Title    string `json:"title"`
}

// Value writes the collections as JSON. gorm takes a list for a relation without
// it.
func (w Within) Value() (driver.Value, error) { return json.Marshal(w) }

// Scan reads the collections from the database.
func (w *Within) Scan(src any) error { return column.Scan(src, w) }

// ByPublicID is the public page of a work, for everybody when it is published
// and for whoever has the link when it is unlisted. Two queries; an unlisted
// work takes one more, since its studio's scope has to be entered.
//
// NotFound for everything else, hidden works among them.
func (s *Service) ByPublicID(ctx context.Context, publicID string) (p Page, err error) {
	defer fault.Wrap(&err, "works.ByPublicID(%s)", publicID)
	if !id.ValidPublic(publicID) {
		return Page{}, fault.New(fault.NotFound, "")
	}
	p, unlistedIn, err := publicPage(ctx, s.db.Read(ctx), publicID)
	if err != nil {
		return Page{}, err
	}
	if unlistedIn != uuid.Nil {
		err := s.db.TenantRead(ctx, unlistedIn, func(r db.Reader) error {
			p, err = unlistedPage(ctx, r, unlistedIn, publicID)
			return err
		})
		return p, err
	}
	err = relatives(ctx, s.db.Read(ctx), &p)
	return p, err
}
