// Package sources knows what a follower's feed is made of: which studios they
// follow, what those are called, and whom to follow for a beginning. It is apart
// from package engagement because nobody acts here, but it keeps to the same
// tables.
package sources

import (
	"context"
	"encoding/json"
	"fmt"
	"time"

	"github.com/google/uuid"

	"vitrine/app/fault"
	"vitrine/app/platform/bus"
	"vitrine/app/platform/db"
	"vitrine/app/studios"
	"vitrine/app/works"
)

// Service has the use cases. Reading needs the app's handle, keeping the
// worker's.
type Service struct {
	db      *db.DB
	studios *studios.Service
	works   *works.Service
}

// New prepares the service; it reaches nothing.
func New(d *db.DB, s *studios.Service, w *works.Service) *Service {
	return &Service{db: d, studios: s, works: w}
}

// Source is a studio as a follower's page names it.
type Source struct {
	StudioID  uuid.UUID
	Slug      string // empty for some seconds, when the studio was opened just before
	Name      string
	Followers int64 // of suggested ones
}

// List is what a member's feed is made of.
type List struct {
	Followed  []Source // without those that the member has muted
	Quiet     int      // how many those are
	Suggested []Source // whom to follow, only for somebody who follows nobody
}

// Of gives the studios that a member follows, all of them, and suggests some of
// those that published lately to whoever follows none, the most followed first;
// never the member's own. One query.
func (s *Service) Of(ctx context.Context, member uuid.UUID, own []uuid.UUID, suggest int) (l List, err error) {
	defer fault.Wrap(&err, "sources.Of(%s)", member)
	rows, err := sourcesOf(ctx, s.db.Read(ctx), member, own, suggest)
	for _, row := range rows {
		switch {
		case row.Suggested:
			l.Suggested = append(l.Suggested, row.Source)
		case row.Muted:
			l.Quiet++
		default:
			l.Followed = append(l.Followed, row.Source)
		}
	}
	return l, err
}

// touched is what the events have in common that may change a label: Created,
// Changed and Renamed of studios, and whatever happens to what a studio shows.
type touched struct {
	StudioID uuid.UUID `json:"studio_id"`
}

// OnStudioTouched keeps the label of a studio that was opened, renamed, or shows
// something else than before.
func (s *Service) OnStudioTouched(ctx context.Context, env bus.Envelope) error {
	var ev touched
	if err := json.Unmarshal(env.Payload, &ev); err != nil {
		return fmt.Errorf("%w: %s (%s): %w", bus.ErrUnreadable, env.Name, env.ID, err)
	}
	if ev.StudioID == uuid.Nil {
		return fmt.Errorf("%w: %s (%s) names no studio", bus.ErrUnreadable, env.Name, env.ID)
	}
	return s.Keep(ctx, ev.StudioID)
}

// Keep makes the label of a studio what the studio is right now. Whatever
// happened, it reads again, one after the other for one studio, so that the last
// one to read is the last one to write. It needs the worker's handle and may be
// repeated.
func (s *Service) Keep(ctx context.Context, studioID uuid.UUID) (err error) {
	defer fault.Wrap(&err, "sources.Keep(%s)", studioID)
	return s.db.Transact(ctx, func(tx db.Tx) error {
		if err := hold(tx, studioID); err != nil {
			return err
		}
		st, err := s.studios.ByID(ctx, studioID)
		if fault.Is(err, fault.NotFound) {
			return nil // its label went with it
		}
		if err != nil {
			return err
		}
		wall, err := s.works.LatestOf(ctx, studioID, works.Cursor{}, 1)
		if err != nil {
			return err
		}
		var shownAt *time.Time
		if len(wall.Cards) > 0 {
			shownAt = &wall.Cards[0].PublishedAt
		}
		return storeLabel(tx, st, shownAt)
	})
}
