package notices

import (
	"context"
	"time"

	"github.com/google/uuid"

	"vitrine/app/fault"
	"vitrine/app/studios"
)

// SubscriberReported is the name of the subscriber that tells who reported.
const SubscriberReported = "notifications.report_decided"

// What somebody reported.
const (
	AWork       = "work"
	AComment    = "comment"
	AStudio     = "studio"
	ACollection = "collection"
)

// Reported is what those who reported something are told of what became of it.
// moderation tells it through jobs. Nothing in it is a stranger's word.
type Reported struct {
	ID       uuid.UUID // of the complaint; each is told once
	To       []uuid.UUID
	StudioID uuid.UUID
	WorkID   *uuid.UUID // the work, or the one that the comment stands under
	What     string     // AWork, …
	Did      string     // "took it from every page", after "We looked at it and"
	At       time.Time
}

// OnReported tells them.
func (s *Service) OnReported(ctx context.Context, r Reported) (err error) {
	defer fault.Wrap(&err, "notices.OnReported(%s)", r.ID)
	return s.tell(ctx, news{Kind: Report, Subject: r.ID, Ref: r.ID, Actor: r.ID, StudioID: r.StudioID, WorkID: r.WorkID, Standing: public,
		Label: r.What, Note: cut(r.Did, 2000), At: r.At}, r.To, nil)
}

// outcome says what became of a report. It names what everybody can see right now
// and nothing else: what was taken down is not told again here.
func (k known) outcome(l *Line, r row, newest part, st studios.Studio) {
	l.Path = "/notifications"
	open := !st.Shut()
	house := Piece{Text: st.Name, Name: true, foreign: true, instead: "that it was about"}
	what := Phrase{{Text: "a " + newest.Label}}
	switch {
	case newest.Label == AWork || newest.Label == AComment:
		if r.WorkID == nil {
			break
		}
		card, seen := k.cards[*r.WorkID]
		if !seen {
			break
		}
		l.Card, l.Path = &card, workPath(st.Slug, card.Slug, card.PublicID)
		work := Piece{Text: card.Name(), Name: true, Lang: card.Lang, foreign: true, instead: "that it was about"}
		what = Phrase{{Text: "the work "}, work}
		if newest.Label == AComment {
			work.instead = "a work"
			what = Phrase{{Text: "a comment below "}, work}
		}
	case newest.Label == AStudio && open:
		l.Path = "/@" + st.Slug
		what = Phrase{{Text: "the studio "}, house}
	case newest.Label == ACollection && open:
		l.Path = "/@" + st.Slug + "/c"
		house.instead = "a studio"
		what = Phrase{{Text: "a collection of "}, house}
	}
	l.Words = append(append(Phrase{{Text: "We looked at your report about "}}, what...), Piece{Text: " and " + newest.Note})
}
