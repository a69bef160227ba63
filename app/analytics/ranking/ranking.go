package ranking

import (
	"context"
	"errors"
	"time"

	"github.com/google/uuid"

	"vitrine/app/engagement"
	"vitrine/app/fault"
	"vitrine/app/platform/clock"
	"vitrine/app/platform/db"
	"vitrine/app/platform/keyset"
	"vitrine/app/studios"
	"vitrine/app/works"
)

// What an act counts, and for how long. The pages and the decision record say the
// same numbers; a test holds them together.
const (
	LikeWeight    = 1
	CommentWeight = 2
	FollowWeight  = 2
	HalfLife      = 72 * time.Hour
	Window        = 30 * 24 * time.Hour // of the popular list: ten half-lives, after which an act counts a thousandth
	Week          = 7 * 24 * time.Hour
	Month         = 30 * 24 * time.Hour
)

// Every is how often lists are made, and Keep how long one is kept after the next
// was made, for whoever pages in it.
const (
	Every = 5 * time.Minute
	Keep  = time.Hour
)

// List is one of the lists.
type List string

// The lists.
const (
	Popular      List = "popular"
	WorksWeek    List = "works-week"
	WorksMonth   List = "works-month"
	WorksAll     List = "works-all"
	StudiosWeek  List = "studios-week"
	StudiosMonth List = "studios-month"
	StudiosAll   List = "studios-all"
)

// How long a list is at most.
const (
	MaxPopular = 960
	MaxBoard   = 50
)

// plan is how a list is made.
type plan struct {
	list   List
	ofAll  bool // studios, not works
	back   time.Duration
	fading time.Duration
	most   int
}

var plans = []plan{
	{Popular, false, Window, HalfLife, MaxPopular},
	{WorksWeek, false, Week, 0, MaxBoard}, {WorksMonth, false, Month, 0, MaxBoard}, {WorksAll, false, 0, 0, MaxBoard},
	{StudiosWeek, true, Week, 0, MaxBoard}, {StudiosMonth, true, Month, 0, MaxBoard}, {StudiosAll, true, 0, 0, MaxBoard},
}

// Config of the service.
type Config struct {
	DB         *db.DB
	Works      *works.Service
	Studios    *studios.Service
	Engagement *engagement.Service
	Clock      clock.Clock // clock.System when nil
}

// Service has the use cases: Page is for the app's handle, the others for the
// worker's.
type Service struct {
	Config
}

// New prepares the service; it reaches nothing.
func New(c Config) (*Service, error) {
	if c.DB == nil || c.Works == nil || c.Studios == nil || c.Engagement == nil {
		return nil, errors.New("ranking needs a database, works, studios and engagement")
	}
	if c.Clock == nil {
		c.Clock = clock.System
	}
	return &Service{c}, nil
}

// Entry is a line of a list.
type Entry struct {
	Position   int // from 1
	StudioID   uuid.UUID
	StudioSlug string // when the list was made
	StudioName string
	WorkID     *uuid.UUID // in a list of studios the work that did most for it, if any
	Score      float64
	Likes      int64
	Comments   int64
	Followers  int64 // new ones, in a list of studios
}

// Cursor is a place in a list that was made at a moment. The zero value is the
// beginning of the latest.
type Cursor struct {
	Position uint64
	Ranking  uuid.UUID
}

// String writes the cursor for a URL; the beginning is the empty string.
func (c Cursor) String() string { return keyset.Encode(c.Position, c.Ranking) }

// ParseCursor reads a cursor from a URL. What is no cursor is the beginning.
func ParseCursor(s string) Cursor {
	position, id, ok := keyset.Decode(s)
	if !ok || position > MaxPopular {
		return Cursor{}
	}
	return Cursor{Position: position, Ranking: id}
}

// Page is a part of a list.
type Page struct {
	Entries []Entry
	MadeAt  time.Time // zero when there are none
	Next    Cursor    // the zero value when this is the last part
}

// Page gives a part of a list, one query. Works and studios are as they were when
// the list was made: whoever shows them asks whether they are public still.
func (s *Service) Page(ctx context.Context, list List, from Cursor, limit int) (p Page, err error) {
	defer fault.Wrap(&err, "ranking.Page(%s)", list)
	return page(ctx, s.DB.Read(ctx), list, from, limit)
}
