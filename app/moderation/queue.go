package moderation

import (
	"context"
	"time"

	"github.com/google/uuid"

	"vitrine/app/accounts"
	"vitrine/app/fault"
	"vitrine/app/media"
	"vitrine/app/platform/db"
	"vitrine/app/platform/keyset"
	"vitrine/app/studios"
	"vitrine/app/works"
)

// PerPage is how many reviews a page of the queue holds.
const PerPage = 20

// Place is where a page of a list begins: behind that review.
type Place struct {
	At time.Time
	ID uuid.UUID
}

// String writes the place for a URL; the beginning is the empty string.
func (p Place) String() string { return keyset.Encode(uint64(p.At.UnixMicro()), p.ID) } //nolint:gosec // dates after 1970

// ParsePlace reads what String wrote; anything else is the beginning.
func ParsePlace(s string) Place {
	at, id, ok := keyset.Decode(s)
	if !ok {
		return Place{}
	}
	return Place{At: time.UnixMicro(int64(at)).UTC(), ID: id} //nolint:gosec // wraps to a date that matches nothing
}

// Item is a review with what a moderator sees of it in a list.
type Item struct {
	Review
	Work   works.Work
	Studio studios.Studio
	Author accounts.User // zero when the account is gone
	Cover  media.Picture // empty when nothing can be shown
}

// Queue is a page of the works that wait, the oldest first; next is the zero
// value on the last page. It needs the worker's handle. Five queries.
func (s *Service) Queue(ctx context.Context, from Place) (list []Item, next Place, err error) {
	defer fault.Wrap(&err, "moderation.Queue")
	return s.list(ctx, from, waitingPage, func(r Review) time.Time { return r.AskedAt })
}

// Decisions is a page of what was decided, the newest first, as Queue is.
func (s *Service) Decisions(ctx context.Context, from Place) (list []Item, next Place, err error) {
	defer fault.Wrap(&err, "moderation.Decisions")
	return s.list(ctx, from, decidedPage, func(r Review) time.Time { return *r.DecidedAt })
}

// Waiting is how many works wait.
func (s *Service) Waiting(ctx context.Context) (n int, err error) {
	defer fault.Wrap(&err, "moderation.Waiting")
	return countWaiting(ctx, s.db.Read(ctx))
}

func (s *Service) list(ctx context.Context, from Place, page func(context.Context, db.Reader, Place, int) ([]Review, error), at func(Review) time.Time) (list []Item, next Place, err error) {
	rows, err := page(ctx, s.db.Read(ctx), from, PerPage+1)
	if err != nil {
		return nil, next, err
	}
	if len(rows) > PerPage {
		rows = rows[:PerPage]
		last := rows[PerPage-1]
		next = Place{At: at(last), ID: last.ID}
	}
	list, err = s.fill(ctx, rows)
	return list, next, err
}

// fill reads what the reviews are about.
func (s *Service) fill(ctx context.Context, rows []Review) ([]Item, error) {
	var workIDs, studioIDs, people []uuid.UUID
	for _, r := range rows {
		workIDs, studioIDs, people = append(workIDs, r.WorkID), append(studioIDs, r.StudioID), append(people, r.AskedBy)
	}
	ws, covers, err := s.works.AnyByIDs(ctx, workIDs)
	if err != nil {
		return nil, err
	}
	who, err := s.accounts.ByIDs(ctx, people)
	if err != nil {
		return nil, err
	}
	where, err := s.studios.ByIDs(ctx, studioIDs)
	if err != nil {
		return nil, err
	}
	list := make([]Item, len(rows))
	for i, r := range rows {
		list[i] = Item{Review: r, Work: ws[r.WorkID], Studio: where[r.StudioID], Author: who[r.AskedBy]}
		if cover := list[i].Work.CoverID; cover != nil {
			list[i].Cover = covers[*cover]
		}
	}
	return list, nil
}

// Case is a review with everything that a moderator needs to decide.
type Case struct {
	Item
	Bench    works.Bench
	Pictures map[uuid.UUID]media.Picture // of the bench; those that have a size
	Earlier  []Review                    // of the same work, the newest first
	Before   int                         // works of the studio that nobody holds back, up to works.PostsCounted
}

// Case reads it. NotFound when there is no such review, or its work is gone. It
// needs the worker's handle.
func (s *Service) Case(ctx context.Context, reviewID uuid.UUID) (c Case, err error) {
	defer fault.Wrap(&err, "moderation.Case(%s)", reviewID)
	r, err := s.ByID(ctx, reviewID)
	if err != nil {
		return c, err
	}
	items, err := s.fill(ctx, []Review{r})
	if err != nil {
		return c, err
	}
	c.Item = items[0]
	if c.Work.ID == uuid.Nil {
		return c, errNoReview
	}
	if c.Bench, err = s.works.Bench(ctx, r.StudioID, works.Target{PublicID: c.Work.PublicID}); err != nil {
		return c, err
	}
	if c.Pictures, err = s.works.PicturesOf(ctx, c.Bench); err != nil {
		return c, err
	}
	if c.Before, err = s.works.CountBefore(ctx, c.Work); err != nil {
		return c, err
	}
	c.Earlier, err = earlierOf(ctx, s.db.Read(ctx), r)
	return c, err
}

// Shows tells whether a file is in a work that moderators were asked about, so
// that they may see it. It needs the worker's handle.
func (s *Service) Shows(ctx context.Context, studioID, mediaID uuid.UUID) (ok bool, err error) {
	defer fault.Wrap(&err, "moderation.Shows(%s)", mediaID)
	held, err := s.works.Holders(ctx, studioID, mediaID)
	if err != nil || len(held) == 0 {
		return false, err
	}
	if ok, err = anyReview(ctx, s.db.Read(ctx), studioID, held); err != nil || ok {
		return ok, err
	}
	return anyComplaint(ctx, s.db.Read(ctx), studioID, held)
}

// PublicWorks is how many works of a studio everybody can see.
func (s *Service) PublicWorks(ctx context.Context, studioID uuid.UUID) (int, error) {
	return s.works.CountOf(ctx, studioID)
}
