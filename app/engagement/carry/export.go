package carry

import (
	"context"
	"time"

	"github.com/google/uuid"

	"vitrine/app/fault"
	"vitrine/app/platform/db"
)

// Put writes a record into a list of an archive.
type Put = func(list string, record any) error

// Followed is a studio that a person follows, in their archive.
type Followed struct {
	StudioID uuid.UUID `json:"studio_id"`
	Slug     string    `json:"slug"`
	Name     string    `json:"name"`
	At       time.Time `json:"at"`
}

// Marked is a work that a person likes or keeps. Of a work that nobody outside
// its studio sees right now, only the studio is told.
type Marked struct {
	Work     string    `json:"work"` // public id
	Title    string    `json:"title"`
	StudioID uuid.UUID `json:"studio_id"`
	At       time.Time `json:"at"`
	WorkID   uuid.UUID `json:"-"`
}

// Shunned is a person or a studio that somebody keeps away.
type Shunned struct {
	How string    `json:"how"` // block, mute_person or mute_studio
	ID  uuid.UUID `json:"id"`
	At  time.Time `json:"at"`
}

// Comment is a comment in an archive: of a person, or below a studio's works.
type Comment struct {
	ID        string     `json:"id"`       // public id
	Work      string     `json:"work"`     // public id; empty in a person's archive while nobody sees the work
	ReplyTo   *string    `json:"reply_to"` // public id of the comment above it
	Author    string     `json:"author"`   // a name
	ByMember  bool       `json:"by_member"`
	Body      string     `json:"body"`
	Hidden    bool       `json:"hidden"` // by a moderator
	CreatedAt time.Time  `json:"created_at"`
	EditedAt  *time.Time `json:"edited_at"`
	WorkID    uuid.UUID  `json:"-"`
	Key       uuid.UUID  `json:"-"`
}

// Tally is how a work stands with people.
type Tally struct {
	Work     string    `json:"work"` // public id
	Likes    int64     `json:"likes"`
	Comments int64     `json:"comments"`
	Closed   bool      `json:"comments_closed"`
	WorkID   uuid.UUID `json:"-"`
}

// Audience is how many people follow a studio. Who they are is theirs to tell.
type Audience struct {
	Followers int64 `json:"followers"`
}

// place is where a page of a list ends, by time and id, both falling.
type place struct {
	at time.Time
	id uuid.UUID
}

// page is how many rows are read at once.
const page = 500

// pages reads a list to its end.
func pages(read func(from place) (n int, last place, err error)) error {
	from := place{at: time.Date(9999, 1, 1, 0, 0, 0, 0, time.UTC)}
	for {
		n, last, err := read(from)
		if err != nil || n < page {
			return err
		}
		from = last
	}
}

// ExportPerson gives what a person did: follows, likes, bookmarks, comments, and
// whom they keep away.
func (s *Service) ExportPerson(ctx context.Context, userID uuid.UUID, put Put) (err error) {
	defer fault.Wrap(&err, "carry.ExportPerson(%s)", userID)
	r := s.db.Read(ctx)
	err = pages(func(from place) (int, place, error) {
		list, err := followsOf(ctx, r, userID, from)
		for _, f := range list {
			if err := put("follows", f); err != nil {
				return 0, from, err
			}
			from = place{f.At, f.StudioID}
		}
		return len(list), from, err
	})
	if err != nil {
		return err
	}
	for _, kind := range []string{"likes", "bookmarks"} {
		if err := s.exportMarks(ctx, r, userID, kind, put); err != nil {
			return err
		}
	}
	if err := s.exportComments(ctx, r, "user_id", userID, put, s.publicIDs); err != nil {
		return err
	}
	shunned, err := shunnedBy(ctx, r, userID)
	for _, one := range shunned {
		if err := put("kept_away", one); err != nil {
			return err
		}
	}
	return err
}

func (s *Service) exportMarks(ctx context.Context, r db.Reader, userID uuid.UUID, kind string, put Put) error {
	return pages(func(from place) (int, place, error) {
		list, err := marksOf(ctx, r, kind, userID, from)
		if err != nil || len(list) == 0 {
			return 0, from, err
		}
		ids := make([]uuid.UUID, len(list))
		for i, m := range list {
			ids[i] = m.WorkID
		}
		cards, err := s.works.ByIDs(ctx, ids)
		if err != nil {
			return 0, from, err
		}
		at := map[uuid.UUID]int{}
		for i, c := range cards {
			at[c.ID] = i
		}
		for _, m := range list {
			if i, ok := at[m.WorkID]; ok {
				m.Work, m.Title = cards[i].PublicID, cards[i].Title
			}
			if err := put(kind, m); err != nil {
				return 0, from, err
			}
			from = place{m.At, m.WorkID}
		}
		return len(list), from, nil
	})
}

// publicIDs names works as everybody sees them right now.
func (s *Service) publicIDs(ctx context.Context, ids []uuid.UUID) (map[uuid.UUID]string, error) {
	cards, err := s.works.ByIDs(ctx, ids)
	out := make(map[uuid.UUID]string, len(cards))
	for _, c := range cards {
		out[c.ID] = c.PublicID
	}
	return out, err
}

// Named gives the public ids of works.
type Named = func(ctx context.Context, ids []uuid.UUID) (map[uuid.UUID]string, error)

// exportComments gives the comments of a person or below a studio's works.
func (s *Service) exportComments(ctx context.Context, r db.Reader, column string, of uuid.UUID, put Put, named Named) error {
	return pages(func(from place) (int, place, error) {
		list, err := commentsOf(ctx, r, column, of, from)
		if err != nil || len(list) == 0 {
			return 0, from, err
		}
		ids := make([]uuid.UUID, len(list))
		for i, c := range list {
			ids[i] = c.WorkID
		}
		names, err := named(ctx, ids)
		if err != nil {
			return 0, from, err
		}
		for _, c := range list {
			c.Work = names[c.WorkID]
			if err := put("comments", c); err != nil {
				return 0, from, err
			}
			from = place{c.CreatedAt, c.Key}
		}
		return len(list), from, nil
	})
}

// ExportStudio gives what others did with a studio: how many follow it, how each
// work stands, and what was written below. named knows its works in any state.
func (s *Service) ExportStudio(ctx context.Context, studioID uuid.UUID, put Put, named Named) (err error) {
	defer fault.Wrap(&err, "carry.ExportStudio(%s)", studioID)
	r := s.db.Read(ctx)
	followers, err := followersOf(ctx, r, studioID)
	if err != nil {
		return err
	}
	if err := put("audience", Audience{followers}); err != nil {
		return err
	}
	tallies, err := talliesOf(ctx, r, studioID)
	if err != nil {
		return err
	}
	ids := make([]uuid.UUID, len(tallies))
	for i, t := range tallies {
		ids[i] = t.WorkID
	}
	names, err := named(ctx, ids)
	if err != nil {
		return err
	}
	for _, t := range tallies {
		t.Work = names[t.WorkID]
		if err := put("tallies", t); err != nil {
			return err
		}
	}
	return s.exportComments(ctx, r, "studio_id", studioID, put, named)
}
