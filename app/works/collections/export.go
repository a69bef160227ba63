package collections

import (
	"context"
	"time"

	"github.com/google/uuid"

	"vitrine/app/fault"
	"vitrine/app/platform/db"
	"vitrine/app/works"
	"vitrine/app/works/naming"
)

// Exported is a collection in an archive.
type Exported struct {
	ID        string       `json:"id"` // public id: what stands in links
	Title     string       `json:"title"`
	About     string       `json:"about"`
	Shown     bool         `json:"shown"`  // as its studio wants it
	Hidden    bool         `json:"hidden"` // by moderators
	Cover     string       `json:"cover"`  // public id of a work; empty: the first
	CreatedAt time.Time    `json:"created_at"`
	UpdatedAt time.Time    `json:"updated_at"`
	Works     works.Labels `json:"works"` // public ids, in order
}

// Export gives every collection of a studio, in the order of making. For jobs,
// with the worker's handle.
func (s *Service) Export(ctx context.Context, studioID uuid.UUID, put func(Exported) error) (err error) {
	defer fault.Wrap(&err, "collections.Export(%s)", studioID)
	var list []Exported
	err = s.db.Read(ctx).SQL(ctx).Raw(`select c.public_id as id, c.title, c.about, c.wanted as shown, c.hidden, coalesce((select w.public_id from works w where w.id = c.cover_id), '') as cover, c.created_at, c.updated_at,
			coalesce((select json_agg(w.public_id order by m.position) from collection_works m join works w on w.id = m.work_id where m.collection_id = c.id), '[]') as works
		from collections c where c.studio_id = ? order by c.created_at, c.id`, studioID).Scan(&list).Error
	for _, c := range list {
		if err == nil {
			err = put(c)
		}
	}
	return err
}

// Restore makes a collection of an archive in a transaction of the caller, in
// the studio's scope. publicIDs are the works by their ids in the archive. It
// keeps its id, so that links to it work, unless that is another studio's; then
// it has one that follows from its own, so what was made before stays as it is.
// What moderators hid there is hidden here.
// Invalid when its words cannot be those of a collection.
func (s *Service) Restore(ctx context.Context, tx db.Tx, studioID uuid.UUID, e Exported, publicIDs map[string]string) (err error) {
	defer fault.Wrap(&err, "collections.Restore(%s)", e.ID)
	publicID, err := freeID(tx, studioID, e.ID)
	if err != nil {
		return err
	}
	w, err := Words{Title: e.Title, About: e.About, Shown: e.Shown}.parse()
	if err != nil {
		return err
	}
	c := Collection{StudioID: studioID, PublicID: publicID, Title: w.Title, Slug: naming.Slug(w.Title), About: w.About, Wanted: w.Shown, Hidden: e.Hidden}
	if n, err := count(tx, studioID); err != nil || n >= MaxCollections {
		return err
	}
	var here []string
	for _, source := range e.Works {
		if p, ok := publicIDs[source]; ok {
			here = append(here, p)
		}
	}
	order, err := idsOf(tx, studioID, here)
	if err != nil {
		return err
	}
	if chosen, err := idsOf(tx, studioID, []string{publicIDs[e.Cover]}); err != nil {
		return err
	} else if len(chosen) == 1 {
		c.CoverID = &chosen[0]
	}
	if err := restore(ctx, tx, c, e.CreatedAt, order); err != nil {
		return err
	}
	return s.outbox.Publish(ctx, tx, Changed{StudioID: studioID})
}
