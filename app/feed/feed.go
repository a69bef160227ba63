package feed

import (
	"context"
	"fmt"

	"github.com/google/uuid"

	"vitrine/app/engagement/sources"
	"vitrine/app/fault"
	"vitrine/app/studios"
	"vitrine/app/works"
)

// Query is the way to make a feed that asks for it when it is read.
const Query = "query"

// Config of the service.
type Config struct {
	Kind    string // the switch FEED
	Sources *sources.Service
	Works   *works.Service
	Studios *studios.Service
}

// Service has the use cases.
type Service struct {
	sources *sources.Service
	works   *works.Service
	studios *studios.Service
}

// Open makes the service of a kind; it reaches nothing.
func Open(c Config) (*Service, error) {
	if c.Kind != Query {
		return nil, fmt.Errorf("feed: %q is no way to make a feed; it must be %s", c.Kind, Query)
	}
	return &Service{sources: c.Sources, works: c.Works, studios: c.Studios}, nil
}

// How much is suggested to somebody who follows nobody.
const (
	suggested = 6
	perShelf  = 3
)

// Page is a page of a member's feed.
type Page struct {
	works.Wall
	Labels    map[uuid.UUID]sources.Source // of the studios on the page
	Following int                          // studios that it is made of
	Quiet     int                          // studios that are followed and muted
	Suggested []Suggestion                 // when nobody is followed
}

// Suggestion is a studio that somebody who follows nobody may like.
type Suggestion struct {
	sources.Source
	Cards []works.Card // its newest
}

// Of gives a page of a member's feed from the cursor on: the newest works of the
// studios that they follow and have not muted. own are the member's studios,
// which are not suggested. Two queries; a third in the seconds after a studio
// was opened.
func (s *Service) Of(ctx context.Context, member uuid.UUID, own []uuid.UUID, from works.Cursor, limit int) (p Page, err error) {
	defer fault.Wrap(&err, "feed.Of(%s)", member)
	list, err := s.sources.Of(ctx, member, own, suggested)
	if err != nil {
		return p, err
	}
	p.Following, p.Quiet = len(list.Followed), list.Quiet
	if len(list.Suggested) > 0 {
		p.Suggested, err = s.suggest(ctx, list.Suggested)
		return p, err
	}
	ids, labels := make([]uuid.UUID, 0, len(list.Followed)), make(map[uuid.UUID]sources.Source, len(list.Followed))
	for _, f := range list.Followed {
		ids = append(ids, f.StudioID)
		labels[f.StudioID] = f
	}
	if p.Wall, err = s.works.LatestAmong(ctx, ids, from, limit, limit+1); err != nil {
		return p, err
	}
	p.Labels, err = s.name(ctx, p.Cards, labels)
	return p, err
}

// name finds the labels of the works' studios among those that are known, and
// asks for what is not known yet.
func (s *Service) name(ctx context.Context, cards []works.Card, known map[uuid.UUID]sources.Source) (map[uuid.UUID]sources.Source, error) {
	out := map[uuid.UUID]sources.Source{}
	var missing []uuid.UUID
	for _, c := range cards {
		if _, seen := out[c.StudioID]; seen {
			continue
		}
		out[c.StudioID] = known[c.StudioID]
		if known[c.StudioID].Slug == "" {
			missing = append(missing, c.StudioID)
		}
	}
	if len(missing) == 0 {
		return out, nil
	}
	found, err := s.studios.ByIDs(ctx, missing)
	for id, st := range found {
		out[id] = sources.Source{StudioID: id, Slug: st.Slug, Name: st.Name}
	}
	return out, err
}

// suggest hangs a few works of each studio; one without any is left out.
func (s *Service) suggest(ctx context.Context, list []sources.Source) (out []Suggestion, err error) {
	ids := make([]uuid.UUID, len(list))
	for i, one := range list {
		ids[i] = one.StudioID
	}
	wall, err := s.works.LatestAmong(ctx, ids, works.Cursor{}, len(ids)*perShelf, perShelf)
	if err != nil {
		return nil, err
	}
	for _, one := range list {
		sg := Suggestion{Source: one}
		for _, c := range wall.Cards {
			if c.StudioID == one.StudioID {
				sg.Cards = append(sg.Cards, c)
			}
		}
		if len(sg.Cards) > 0 {
			out = append(out, sg)
		}
	}
	return out, nil
}
