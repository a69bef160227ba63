package works

import (
	"context"
	"slices"

	"github.com/google/uuid"

	"vitrine/app/fault"
	"vitrine/app/media"
	"vitrine/app/platform/db"
)

// Bench is a work as the compose page shows it, in any state.
type Bench struct {
	Work  Work // ID is nil for a creation key that nobody has used yet
	Items []Item
	Files map[uuid.UUID]media.Media // by id; a file that was deleted meanwhile is missing
	Usage media.Usage
	// Elsewhere tells in which work the original of a duplicate hangs.
	Elsewhere map[uuid.UUID]Work
}

// Bench reads what the compose page needs in one read-only transaction. The
// creation key of a new work is not NotFound; an unknown public id is. Whoever
// calls has checked that the person belongs to the studio. At most seven queries.
func (s *Service) Bench(ctx context.Context, studioID uuid.UUID, t Target) (b Bench, err error) {
	defer fault.Wrap(&err, "works.Bench(%s%s)", t.PublicID, t.CreationKey)
	err = s.db.TenantRead(ctx, studioID, func(r db.Reader) error {
		b.Work, b.Items, err = ownPage(ctx, r, studioID, t)
		if fault.Is(err, fault.NotFound) && t.PublicID == "" {
			b.Work = Work{StudioID: studioID, CreationKey: t.CreationKey, State: StateDraft, Licence: Reserved, NoAI: true, PublishZone: "UTC"}
			err = nil
		}
		if err != nil {
			return err
		}
		if b.Usage, err = s.files.Usage(ctx, r, studioID); err != nil {
			return err
		}
		return s.fillBench(ctx, r, studioID, &b)
	})
	return b, err
}

func (s *Service) fillBench(ctx context.Context, r db.Reader, studioID uuid.UUID, b *Bench) error {
	files, err := s.files.ByIDs(ctx, r, studioID, mediaIDs(b.Items))
	if err != nil {
		return err
	}
	b.Files = make(map[uuid.UUID]media.Media, len(files))
	var originals []uuid.UUID
	for _, f := range files {
		b.Files[f.ID] = f
		if f.State == media.StateDuplicate && f.DuplicateOf != nil {
			originals = append(originals, *f.DuplicateOf)
		}
	}
	if len(originals) == 0 {
		return nil
	}
	b.Elsewhere, err = holdersOf(ctx, r, studioID, originals)
	return err
}

// Desk is what the dashboard shows: a page of a studio's works in one state and
// how the studio stands.
type Desk struct {
	State  State
	Works  []Work
	Next   Cursor // by the last change; the zero value when this is the last page
	Counts map[State]int
	Covers map[uuid.UUID]media.Picture
	Usage  media.Usage
	// Unsettled are files that are on their way or need somebody, the newest
	// first, and Holders the works that they are in.
	Unsettled []media.Media
	Holders   map[uuid.UUID]Work
}

// unsettledLimit keeps a batch of a thousand files from filling the dashboard.
const unsettledLimit = 12

// Desk reads the dashboard in one read-only transaction: works of one state,
// the last changed first. Without a state it takes the first that has works,
// published ones before drafts. Whoever calls has checked that the person belongs to
// the studio. At most seven queries.
func (s *Service) Desk(ctx context.Context, studioID uuid.UUID, state State, from Cursor, limit int) (d Desk, err error) {
	defer fault.Wrap(&err, "works.Desk(%s, %s)", studioID, state)
	err = s.db.TenantRead(ctx, studioID, func(r db.Reader) error {
		if d.Counts, err = countStates(ctx, r, studioID); err != nil {
			return err
		}
		d.State = state
		if !state.Known() {
			d.State = firstState(d.Counts)
		}
		if d.Works, d.Next, err = listState(ctx, r, studioID, d.State, from, limit); err != nil {
			return err
		}
		if d.Covers, err = s.files.StudioPictures(ctx, r, studioID, coversOf(d.Works)); err != nil {
			return err
		}
		if d.Usage, err = s.files.Usage(ctx, r, studioID); err != nil {
			return err
		}
		if d.Unsettled, err = s.files.Unsettled(ctx, r, studioID, unsettledLimit); err != nil || len(d.Unsettled) == 0 {
			return err
		}
		ids := make([]uuid.UUID, len(d.Unsettled))
		for i, m := range d.Unsettled {
			ids[i] = m.ID
		}
		d.Holders, err = holdersOf(ctx, r, studioID, ids)
		return err
	})
	return d, err
}

func firstState(counts map[State]int) State {
	for _, state := range [...]State{StatePublished, StateDraft, StateScheduled, StateUnlisted} {
		if counts[state] > 0 {
			return state
		}
	}
	if counts[StateArchived] > 0 {
		return StateArchived
	}
	return StateDraft
}

func coversOf(list []Work) (ids []uuid.UUID) {
	for _, w := range list {
		if w.CoverID != nil {
			ids = append(ids, *w.CoverID)
		}
	}
	return ids
}

// Covers gives the pictures of cards, by the cover's id; files that are not
// public are left out. One query.
func (s *Service) Covers(ctx context.Context, cards ...Card) (map[uuid.UUID]media.Picture, error) {
	var ids []uuid.UUID
	for _, c := range cards {
		if c.CoverID != nil && !slices.Contains(ids, *c.CoverID) {
			ids = append(ids, *c.CoverID)
		}
	}
	return s.Pictures(ctx, ids)
}

// Pictures gives public pictures by the ids of their files. One query.
func (s *Service) Pictures(ctx context.Context, mediaIDs []uuid.UUID) (pictures map[uuid.UUID]media.Picture, err error) {
	defer fault.Wrap(&err, "works.Pictures")
	return s.files.Pictures(ctx, s.db.Read(ctx), mediaIDs)
}
