package engagement

import (
	"context"
	"time"

	"github.com/google/uuid"

	"vitrine/app/fault"
)

// Weights are what acts count.
type Weights struct{ Like, Comment, Follow float64 }

// Span is a stretch of time in which acts count.
type Span struct {
	// From is its beginning; the zero value is all time, which goes by the
	// counters.
	From, To time.Time
	// HalfLife is the age at which an act counts half; zero: all count the same.
	// All time has none.
	HalfLife time.Duration
}

// WorkActivity is what people did with a work in a span.
type WorkActivity struct {
	WorkID   uuid.UUID
	StudioID uuid.UUID
	Score    float64
	Likes    int64
	Comments int64 // persons who commented; of all time, comments
}

// StudioActivity is what people did with a studio and its works in a span.
type StudioActivity struct {
	StudioID  uuid.UUID
	WorkID    *uuid.UUID // that did most for it
	Score     float64
	Likes     int64
	Comments  int64
	Followers int64 // new ones
}

// BusiestWorks are the works with the highest scores, the newer of two equals
// first. What suspended people did does not count, nor what a studio writes below
// its own works. A person's comments below a work count once, with the first in
// the span. Works may have left the public since. It reads each act of the span
// and needs the worker's handle.
func (s *Service) BusiestWorks(ctx context.Context, span Span, w Weights, limit int) (out []WorkActivity, err error) {
	defer fault.Wrap(&err, "engagement.BusiestWorks")
	return busiestWorks(ctx, s.db.Read(ctx), span, w, limit)
}

// BusiestStudios are the studios with the highest scores: those of their works in
// sum, and their new followers. As above.
func (s *Service) BusiestStudios(ctx context.Context, span Span, w Weights, limit int) (out []StudioActivity, err error) {
	defer fault.Wrap(&err, "engagement.BusiestStudios")
	return busiestStudios(ctx, s.db.Read(ctx), span, w, limit)
}
