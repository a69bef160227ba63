package moderation

import (
	"context"
	"time"

	"github.com/google/uuid"

	"vitrine/app/fault"
	"vitrine/app/works"
)

// Kind is what a complaint is about.
type Kind string

// The kinds.
const (
	OfWork       Kind = "work"
	OfComment    Kind = "comment"
	OfStudio     Kind = "studio"
	OfCollection Kind = "collection"
)

// Subject is what somebody reports.
type Subject struct {
	Kind      Kind
	SubjectID uuid.UUID
	StudioID  uuid.UUID  // whose thing it is
	WorkID    *uuid.UUID // the work, or the one that a comment stands under
	PublicID  string     // of that work, or of a collection
	AuthorID  uuid.UUID  // who wrote the comment; uuid.Nil: the studio answers for it
	Title     string     // of the work or the collection, or the studio's name
	Anchor    string     // public id of a comment
	Quote     string     // what a comment says, or stands below a collection's title
}

// Target names something on a page of the site; one of the fields is set.
type Target struct {
	Work       string // public id
	Comment    string // public id
	Studio     string // slug
	Collection string // public id
}

var errNothing = fault.New(fault.NotFound, "There is nothing to report at this address. It may be gone already.")

// Find is what a visitor reports. NotFound when nobody outside its studio can
// see it.
func (s *Service) Find(ctx context.Context, t Target) (sub Subject, err error) {
	defer fault.Wrap(&err, "moderation.Find(%s%s%s%s)", t.Work, t.Comment, t.Studio, t.Collection)
	switch {
	case t.Work != "":
		p, err := s.works.ByPublicID(ctx, t.Work)
		if err != nil {
			return sub, err
		}
		return subjectOf(p.Work), nil
	case t.Comment != "":
		return s.findRemark(ctx, t.Comment)
	case t.Collection != "":
		return s.findCollection(ctx, t.Collection)
	case t.Studio != "":
		st, err := s.studios.BySlug(ctx, t.Studio)
		return Subject{Kind: OfStudio, SubjectID: st.ID, StudioID: st.ID, Title: st.Name}, err
	}
	return sub, errNothing
}

// findCollection finds a collection that is shown, by a studio that is there.
func (s *Service) findCollection(ctx context.Context, publicID string) (sub Subject, err error) {
	if s.collections == nil {
		return sub, errNothing
	}
	c, err := s.collections.ByPublicID(ctx, publicID)
	if err != nil {
		return sub, err
	}
	st, err := s.studios.ByID(ctx, c.StudioID)
	if err != nil || st.Shut() {
		return sub, noThing(err)
	}
	return Subject{Kind: OfCollection, SubjectID: c.ID, StudioID: c.StudioID, PublicID: c.PublicID, Title: c.Title, Quote: c.About}, nil
}

func subjectOf(w works.Work) Subject {
	return Subject{Kind: OfWork, SubjectID: w.ID, StudioID: w.StudioID, WorkID: &w.ID, PublicID: w.PublicID, Title: w.Name()}
}

// findRemark finds a comment below a work, both of which can be seen.
func (s *Service) findRemark(ctx context.Context, publicID string) (sub Subject, err error) {
	if s.comments == nil {
		return sub, errNothing
	}
	c, err := s.comments.ByPublicID(ctx, publicID)
	if err != nil || !c.Shown || c.UserID == nil {
		return sub, noThing(err)
	}
	cards, err := s.works.ByIDs(ctx, []uuid.UUID{c.WorkID})
	if err != nil || len(cards) == 0 {
		return sub, noThing(err)
	}
	w := cards[0]
	return Subject{
		Kind: OfComment, SubjectID: c.ID, StudioID: c.StudioID, WorkID: &w.ID, PublicID: w.PublicID,
		AuthorID: *c.UserID, Title: w.Name(), Anchor: c.PublicID, Quote: c.Body,
	}, nil
}

func noThing(err error) error {
	if err == nil {
		return errNothing
	}
	return err
}

// Stage is how far a complaint has come.
type Stage string

// The stages.
const (
	Open      Stage = "open"
	Acted     Stage = "acted"
	Dismissed Stage = "dismissed"
)

// Complaint is everything that was reported about one thing until moderators
// decided.
type Complaint struct {
	ID        uuid.UUID
	Subject   `gorm:"embedded"`
	Claimant  string // who says that the work is theirs
	Claim     string // what they say
	Reports   int    // how many people reported it
	Stage     Stage  `gorm:"column:state"`
	OpenedAt  time.Time
	DecidedAt *time.Time
	DecidedBy *uuid.UUID
	Note      string // why it was dismissed, for moderators
}

// Complaints is a page of those that wait, the oldest first; next is the zero
// value on the last page. It needs the worker's handle. One query.
func (s *Service) Complaints(ctx context.Context, from Place) (list []Complaint, next Place, err error) {
	defer fault.Wrap(&err, "moderation.Complaints")
	list, err = openComplaints(ctx, s.db.Read(ctx), from, PerPage+1)
	return paged(list, err, func(c Complaint) Place { return Place{c.OpenedAt, c.ID} })
}

// Settled is a page of those that were decided, the newest first, as Complaints
// is.
func (s *Service) Settled(ctx context.Context, from Place) (list []Complaint, next Place, err error) {
	defer fault.Wrap(&err, "moderation.Settled")
	list, err = settledComplaints(ctx, s.db.Read(ctx), from, PerPage+1)
	return paged(list, err, func(c Complaint) Place { return Place{*c.DecidedAt, c.ID} })
}

// paged cuts a list that was read one row further than a page.
func paged[T any](list []T, err error, at func(T) Place) ([]T, Place, error) {
	if err != nil || len(list) <= PerPage {
		return list, Place{}, err
	}
	return list[:PerPage], at(list[PerPage-1]), nil
}

// Load is how much waits for moderators.
type Load struct {
	Posts      int // first posts
	Complaints int
	Appeals    int
}

// Load counts it. It needs the worker's handle. One query.
func (s *Service) Load(ctx context.Context) (l Load, err error) {
	defer fault.Wrap(&err, "moderation.Load")
	return loadOf(ctx, s.db.Read(ctx))
}
