package search

import (
	"context"
	"slices"
	"strings"

	"github.com/google/uuid"

	"vitrine/app/fault"
	"vitrine/app/platform/db"
	"vitrine/app/studios"
	"vitrine/app/works"
)

// Service is the use cases of search.
type Service struct {
	db      *db.DB
	works   *works.Service
	studios *studios.Service
}

// New makes the service: with a handle of the app's role it finds, with one of
// the worker's it keeps the documents.
func New(d *db.DB, w *works.Service, s *studios.Service) *Service {
	return &Service{db: d, works: w, studios: s}
}

// Result is one page of what was found.
type Result struct {
	Query   string // as it was understood
	Cut     bool   // the query was longer than MaxQuery
	Filters Filters
	View    View

	Hits  []Hit
	Total int // works of all pages, at most Most
	Next  Cursor
	// Counts are of the works that Total counts: with Most of them there may be
	// more, and each count says at least how many.
	Counts map[Facet][]Count
	// Broad is how many works there are without the filters, at most Most, when
	// there is none with them.
	Broad int

	// Similar tells that no work has what was asked for as it was asked. Meant is
	// then the query as it may have been meant, which Hits have, or empty; Partly
	// tells that Hits have some of the words.
	Similar bool
	Partly  bool
	Meant   string

	Studios      []Studio
	StudiosTotal int // at most Most
	// Tags have the words, or are those of most works when nothing was found.
	Tags      []Tag
	TagsTotal int // at most Most

	// Shown are the public works that something of this stands on: each work, studio
	// or tag is here for at least one of them.
	Shown []works.Card
}

// Hit is a found work that is public right now.
type Hit struct {
	works.Card
	StudioName string
	StudioSlug string
}

// Studio is a found studio that shows works right now.
type Studio struct {
	ID       uuid.UUID
	Slug     string
	Name     string
	Location string
	Works    int          // at most Most
	Newest   []works.Card // up to three
}

// Tag is a found tag that a work has right now.
type Tag struct {
	Slug  string
	Label string
	Works int // at most Most
}

// Most is where counting stops: of more works that match, the newest are ranked
// and counted.
const Most = 1000

// How many studios and tags a page shows: beside works, and on pages of their own.
const (
	fewStudios, fewTags   = 3, 8
	manyStudios, manyTags = 24, 36
)

// Find looks for works, studios and tags. It never refuses: control characters
// and operators that make no sense are passed over, and a query without any word
// or filter finds nothing. Two queries.
func (s *Service) Find(ctx context.Context, q Query, limit int) (res Result, err error) {
	defer fault.Wrap(&err, "search.Find")
	res.Query, res.Cut = clean(q.Text)
	res.Filters, res.View = q.Filters, q.View
	asked := question{words: parse(res.Query), narrowed: q.Filters.tokens(), from: q.From, limit: limit, studios: fewStudios, tags: fewTags}
	if len(asked.each) == 0 && len(asked.narrowed) == 0 {
		return res, nil
	}
	switch {
	case q.View == Studios:
		asked.limit, asked.studios, asked.tags = 0, manyStudios, 1
	case q.View == Tags:
		asked.limit, asked.studios, asked.tags = 0, 1, manyTags
	case q.From != Cursor{}:
		asked.studios, asked.tags = 1, 1 // how many there are, on each page
	}
	a, err := find(ctx, s.db.Read(ctx), asked)
	if err != nil {
		return res, err
	}
	if len(a.Hits) > asked.limit {
		a.Hits = a.Hits[:asked.limit]
		if asked.limit > 0 {
			last := a.Hits[asked.limit-1]
			res.Next = Cursor{Score: last.Score, ID: last.ID}
		}
	}
	res.Total, res.Broad, res.Counts = a.Total, a.Broad, inOrder(a.Facets)
	res.Similar, res.Partly = a.How != exactly && a.Total > 0, a.How == partly && a.Total > 0
	if err := s.stillPublic(ctx, &res, a); err != nil {
		return res, err
	}
	if a.How == meant && len(res.Hits) > 0 && !slices.Equal(a.Meant, asked.each) {
		res.Meant = strings.Join(a.Meant, " ")
	}
	return res, nil
}

// stillPublic asks works, since the documents may be seconds behind: a studio or
// a tag is shown for one of its works that is public.
func (s *Service) stillPublic(ctx context.Context, res *Result, a answer) error {
	cards, err := s.works.ByIDs(ctx, a.works())
	if err != nil {
		return err
	}
	res.Shown = cards
	public := make(map[uuid.UUID]works.Card, len(cards))
	for _, card := range cards {
		public[card.ID] = card
	}
	for _, h := range a.Hits {
		if card, ok := public[h.ID]; ok {
			res.Hits = append(res.Hits, Hit{Card: card, StudioName: h.StudioName, StudioSlug: h.StudioSlug})
		}
	}
	for _, st := range a.Studios.List {
		found := Studio{ID: st.ID, Slug: st.Slug, Name: st.Name, Location: st.Location, Works: st.Works}
		for _, id := range st.Samples {
			if card, ok := public[id]; ok {
				found.Newest = append(found.Newest, card)
			}
		}
		if len(found.Newest) > 0 {
			res.Studios = append(res.Studios, found)
		}
	}
	for _, t := range a.Tags.List {
		if slices.ContainsFunc(t.Samples, func(id uuid.UUID) bool { _, ok := public[id]; return ok }) {
			res.Tags = append(res.Tags, Tag{Slug: t.Slug, Label: t.Label, Works: t.Works})
		}
	}
	res.StudiosTotal, res.TagsTotal = a.Studios.Total, a.Tags.Total
	return nil
}
