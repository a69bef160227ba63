package engagement

import (
	"context"
	"slices"
	"time"

	"github.com/google/uuid"

	"vitrine/app/fault"
	"vitrine/app/works"
)

// How much a page shows.
const (
	ThreadsPerPage = 20 // comments with their newest replies
	RepliesShown   = 4  // of one comment, below a work
	RepliesPerPage = 50 // of one comment, on its own page
	PerPage        = 24 // marks, and comments of a studio
)

// Cursor is a place in a list that is ordered by time and then id. The zero
// value is the beginning.
type Cursor = works.Cursor

// ParseCursor reads a cursor from a URL. What is no cursor is the beginning.
func ParseCursor(s string) Cursor { return works.ParseCursor(s) }

// Counts is what everybody sees of a work.
type Counts struct {
	Likes    int
	Comments int
}

// Marks is what a person has done with a work.
type Marks struct {
	Liked      bool
	Bookmarked bool
}

// Comment is what somebody wrote below a work. Of one that is not shown (deleted,
// hidden, its person suspended or blocked) only the place is left.
type Comment struct {
	ID        uuid.UUID  `json:"id"`
	PublicID  string     `json:"public_id"`
	StudioID  uuid.UUID  `json:"studio_id"`
	WorkID    uuid.UUID  `json:"work_id"`
	ParentID  *uuid.UUID `json:"parent_id"`
	UserID    *uuid.UUID `json:"user_id"` // nil when it is not shown
	Author    string     `json:"author"`  // the person's name; empty when it is not shown
	Body      string     `json:"body"`
	ByMember  bool       `json:"by_member"` // of the work's studio, when it was written
	Shown     bool       `json:"shown"`
	Hidden    bool       `json:"hidden"` // by a moderator
	CreatedAt time.Time  `json:"created_at"`
	EditedAt  *time.Time `json:"edited_at"`
}

// By tells whether a person wrote it.
func (c Comment) By(viewer *uuid.UUID) bool {
	return viewer != nil && c.UserID != nil && *c.UserID == *viewer
}

// Thread is a comment with its newest replies, in the order in which they came.
type Thread struct {
	Comment
	Replies []Comment `json:"replies"`
	Earlier bool      `json:"-"` // there are more replies than these
}

// Around is what people did with a work, as one of them sees it.
type Around struct {
	Counts
	Marks
	Followers int  // of its studio
	Following bool // the viewer follows it
	Locked    bool // nobody may write any more
	Threads   []Thread
	Next      Cursor // where older comments begin; the zero value when these are the last
}

// Latest is when the newest of these comments was written; the zero value when
// there is none.
func (a Around) Latest() (at time.Time) {
	for _, t := range a.Threads {
		for _, c := range slices.Concat([]Comment{t.Comment}, t.Replies) {
			if c.CreatedAt.After(at) {
				at = c.CreatedAt
			}
		}
	}
	return at
}

// Around reads it in one statement. Counters hold what was folded and what still
// waits, so they are never behind the viewer's own marks. Whoever calls has
// checked that the viewer, nil for a visitor, can see the work.
func (s *Service) Around(ctx context.Context, viewer *uuid.UUID, workID, studioID uuid.UUID, from Cursor) (out Around, err error) {
	defer fault.Wrap(&err, "engagement.Around(%s)", workID)
	return around(ctx, s.db.Read(ctx), viewer, workID, studioID, from)
}

// Thread is one comment below a work with its replies from the cursor on, the
// earliest first; next is the zero value on the last page. A comment that is a
// reply gives its thread. NotFound when nothing of it is left. One statement.
func (s *Service) Thread(ctx context.Context, viewer *uuid.UUID, workID uuid.UUID, publicID string, from Cursor) (out Thread, next Cursor, err error) {
	defer fault.Wrap(&err, "engagement.Thread(%s)", publicID)
	return thread(ctx, s.db.Read(ctx), viewer, workID, publicID, from)
}

// Own is a comment of a person, for the form that edits it. NotFound when it is
// not theirs or gone.
func (s *Service) Own(ctx context.Context, userID, workID uuid.UUID, publicID string) (out Comment, err error) {
	defer fault.Wrap(&err, "engagement.Own(%s)", publicID)
	return ownComment(ctx, s.db.Read(ctx), userID, workID, publicID)
}

// AboutStudio tells how many people follow a studio, and whether the viewer does.
// One query.
func (s *Service) AboutStudio(ctx context.Context, viewer *uuid.UUID, studioID uuid.UUID) (followers int, following bool, err error) {
	defer fault.Wrap(&err, "engagement.AboutStudio(%s)", studioID)
	return aboutStudio(ctx, s.db.Read(ctx), viewer, studioID)
}

// AboutWork is the counters of one work as its page shows them. One query.
func (s *Service) AboutWork(ctx context.Context, workID uuid.UUID) (out Counts, err error) {
	defer fault.Wrap(&err, "engagement.AboutWork(%s)", workID)
	return aboutWork(ctx, s.db.Read(ctx), workID)
}

// CountsOf is the counters of works, at most some seconds old; works without any
// are missing. One query.
func (s *Service) CountsOf(ctx context.Context, workIDs []uuid.UUID) (out map[uuid.UUID]Counts, err error) {
	defer fault.Wrap(&err, "engagement.CountsOf(%d)", len(workIDs))
	return countsOf(ctx, s.db.Read(ctx), workIDs)
}

// MarksOf is what a person did with works; works without any mark are missing.
// One query.
func (s *Service) MarksOf(ctx context.Context, userID uuid.UUID, workIDs []uuid.UUID) (out map[uuid.UUID]Marks, err error) {
	defer fault.Wrap(&err, "engagement.MarksOf(%d)", len(workIDs))
	return marksOf(ctx, s.db.Read(ctx), userID, workIDs)
}

// Follow is that a person follows a studio, since when.
type Follow struct {
	UserID   uuid.UUID
	StudioID uuid.UUID
	At       time.Time
}

// Follows lists what a person follows, the latest first. One query.
func (s *Service) Follows(ctx context.Context, userID uuid.UUID, from Cursor, limit int) (list []Follow, next Cursor, err error) {
	defer fault.Wrap(&err, "engagement.Follows(%s)", userID)
	return followsOf(ctx, s.db.Read(ctx), userID, from, limit)
}

// FollowersOf lists who follows a studio, the latest first. One query.
func (s *Service) FollowersOf(ctx context.Context, studioID uuid.UUID, from Cursor, limit int) (list []Follow, next Cursor, err error) {
	defer fault.Wrap(&err, "engagement.FollowersOf(%s)", studioID)
	return followersOf(ctx, s.db.Read(ctx), studioID, from, limit)
}

// Bookmarks lists the works that a person keeps, the latest first. Works that
// cannot be seen at the moment are among them. One query.
func (s *Service) Bookmarks(ctx context.Context, userID uuid.UUID, from Cursor, limit int) (workIDs []uuid.UUID, next Cursor, err error) {
	defer fault.Wrap(&err, "engagement.Bookmarks(%s)", userID)
	return bookmarksOf(ctx, s.db.Read(ctx), userID, from, limit)
}

// Comments lists what was written below the works of a studio, the latest first,
// hidden ones among them. Whoever calls has checked that the viewer belongs to
// the studio. One query.
func (s *Service) Comments(ctx context.Context, studioID uuid.UUID, from Cursor, limit int) (list []Comment, next Cursor, err error) {
	defer fault.Wrap(&err, "engagement.Comments(%s)", studioID)
	return commentsOfStudio(ctx, s.db.Read(ctx), studioID, from, limit)
}

// LockedOf tells below which of the works nobody may write any more. One query.
func (s *Service) LockedOf(ctx context.Context, workIDs ...uuid.UUID) (out map[uuid.UUID]bool, err error) {
	defer fault.Wrap(&err, "engagement.LockedOf(%d)", len(workIDs))
	return lockedOf(ctx, s.db.Read(ctx), workIDs)
}

// ByIDs finds comments, for those who tell of them or judge them: also hidden
// ones. Deleted ones are missing. One query.
func (s *Service) ByIDs(ctx context.Context, ids []uuid.UUID) (out map[uuid.UUID]Comment, err error) {
	defer fault.Wrap(&err, "engagement.ByIDs(%d)", len(ids))
	return commentsByIDs(ctx, s.db.Read(ctx), ids)
}

// ByPublicID finds a comment by the id in its address, also a hidden one.
// NotFound when it is deleted or never was.
func (s *Service) ByPublicID(ctx context.Context, publicID string) (out Comment, err error) {
	defer fault.Wrap(&err, "engagement.ByPublicID(%s)", publicID)
	return commentByPublicID(ctx, s.db.Read(ctx), publicID)
}
