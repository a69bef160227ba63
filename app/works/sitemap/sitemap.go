// Package sitemap lists everything that search engines may find: works, studios
// that show some, and collections. A page holds PerPage addresses and begins at a
// place in the order of opening, so that pages that are full do not change when
// something is published. Where pages begin a job writes down; what is on them is
// read when they are asked for, so nothing that was taken down is ever listed.
package sitemap

import (
	"context"
	"time"

	"github.com/google/uuid"

	"vitrine/app/fault"
	"vitrine/app/platform/db"
	"vitrine/app/studios"
)

// PerPage is how many addresses a page begins with. The last page grows until the
// job runs again; twice as many are its end, far below the 50,000 of the protocol.
const PerPage = 5_000

// Kind is what a page lists.
type Kind string

// The kinds.
const (
	Works       Kind = "works"
	Studios     Kind = "studios"
	Collections Kind = "collections"
)

// Known tells whether k is a kind.
func (k Kind) Known() bool { return k == Works || k == Studios || k == Collections }

// Page is one page of the sitemap.
type Page struct {
	Kind      Kind
	Number    int // from 1
	FromAt    time.Time
	FromID    uuid.UUID
	URLs      int `gorm:"column:urls"`
	ChangedAt time.Time
}

// Entry is an address: of a work or collection with its words, of a studio by
// its id alone.
type Entry struct {
	StudioID  uuid.UUID
	Slug      string
	PublicID  string
	ChangedAt time.Time
}

// Service is the use cases.
type Service struct {
	db      *db.DB
	studios *studios.Service
}

// New makes the service; it reaches nothing.
func New(d *db.DB, s *studios.Service) *Service { return &Service{db: d, studios: s} }

// Index is all pages that there are. One query.
func (s *Service) Index(ctx context.Context) (pages []Page, err error) {
	defer fault.Wrap(&err, "sitemap.Index")
	return pagesOf(ctx, s.db.Read(ctx))
}

// Entries is what stands on a page. NotFound when there is no such page. At most
// three queries.
func (s *Service) Entries(ctx context.Context, kind Kind, number int) (list []Entry, err error) {
	defer fault.Wrap(&err, "sitemap.Entries(%s, %d)", kind, number)
	r := s.db.Read(ctx)
	from, to, err := bounds(ctx, r, kind, number)
	if err != nil {
		return nil, err
	}
	switch kind {
	case Works:
		return worksBetween(ctx, r, from, to)
	case Collections:
		return collectionsBetween(ctx, r, from, to)
	case Studios:
		found, err := s.studios.Directory(ctx, from.FromID, to.FromID, 2*PerPage)
		if err != nil {
			return nil, err
		}
		return showing(ctx, r, found)
	}
	return nil, fault.New(fault.NotFound, "")
}

// Rebuild finds where pages begin, for a job with the worker's handle. It may be
// repeated.
func (s *Service) Rebuild(ctx context.Context) (err error) {
	defer fault.Wrap(&err, "sitemap.Rebuild")
	var pages []Page
	for _, kind := range []Kind{Works, Studios, Collections} {
		found, err := s.divide(ctx, kind)
		if err != nil {
			return err
		}
		pages = append(pages, found...)
	}
	return s.db.Transact(ctx, func(tx db.Tx) error { return store(tx, pages) })
}

// divide walks over everything of a kind, a page in memory at a time.
func (s *Service) divide(ctx context.Context, kind Kind) (pages []Page, err error) {
	var after Page
	for {
		page, last, more, err := s.next(ctx, kind, after)
		if err != nil {
			return nil, err
		}
		if page.URLs > 0 {
			page.Kind, page.Number = kind, len(pages)+1
			pages = append(pages, page)
		}
		if !more {
			return pages, nil
		}
		after = last
	}
}

func (s *Service) next(ctx context.Context, kind Kind, after Page) (page, last Page, more bool, err error) {
	r := s.db.Read(ctx)
	if kind != Studios {
		rows, err := placesAfter(ctx, r, kind, after)
		page, last = summary(rows)
		return page, last, len(rows) == PerPage, err
	}
	found, err := s.studios.Directory(ctx, afterID(after.FromID), uuid.Nil, PerPage)
	if err != nil || len(found) == 0 {
		return page, last, false, err
	}
	list, err := showing(ctx, r, found)
	page = Page{FromAt: found[0].CreatedAt, FromID: found[0].ID, URLs: len(list)}
	for _, e := range list {
		if e.ChangedAt.After(page.ChangedAt) {
			page.ChangedAt = e.ChangedAt
		}
	}
	return page, Page{FromID: found[len(found)-1].ID}, len(found) == PerPage, err
}

// afterID is the id that comes next, so that "from" begins behind one.
func afterID(id uuid.UUID) uuid.UUID {
	if id == uuid.Nil {
		return id
	}
	for i := len(id) - 1; i >= 0; i-- {
		if id[i]++; id[i] != 0 {
			break
		}
	}
	return id
}

func summary(rows []place) (page, last Page) {
	for i, row := range rows {
		if i == 0 {
			page.FromAt, page.FromID = row.At, row.ID
		}
		if row.ChangedAt.After(page.ChangedAt) {
			page.ChangedAt = row.ChangedAt
		}
		last = Page{FromAt: row.At, FromID: row.ID}
	}
	page.URLs = len(rows)
	return page, last
}
