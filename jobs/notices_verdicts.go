package jobs

import (
	"context"

	"github.com/google/uuid"

	"vitrine/app/moderation"
	"vitrine/app/notifications/notices"
	"vitrine/app/platform/bus"
)

// OnActionTaken tells, on the page, whoever answers for what moderators acted on.
// A complaint that was dismissed is nobody's news.
func (n Notices) OnActionTaken(ctx context.Context, env bus.Envelope) error {
	ev, err := bus.Decode[moderation.ActionTaken](env)
	if err != nil {
		return err
	}
	a, to, path, err := n.desk().answerable(ctx, ev.ActionID)
	if err != nil || a.Measure == moderation.Dismiss {
		return unlessGone(err)
	}
	return n.Service.OnDecided(ctx, notices.Decided{ID: a.ID, To: to, StudioID: a.StudioID, WorkID: a.WorkID,
		Sentence: "We looked at a report about " + judged(a.Subject) + " and " + taken[a.Measure], Note: a.Reason, Path: path, At: a.ActedAt})
}

// OnAppealDecided tells whoever answered an action what became of it.
func (n Notices) OnAppealDecided(ctx context.Context, env bus.Envelope) error {
	ev, err := bus.Decode[moderation.AppealDecided](env)
	if err != nil {
		return err
	}
	a, _, path, err := n.desk().answerable(ctx, ev.ActionID)
	if err != nil || a.Appeal == nil {
		return unlessGone(err)
	}
	said := "and it stays as it is"
	if a.Appeal.Outcome == moderation.Lifted {
		said = "and took the decision back"
	}
	at := env.At
	if a.Appeal.AnsweredAt != nil {
		at = *a.Appeal.AnsweredAt
	}
	return n.Service.OnDecided(ctx, notices.Decided{ID: uuid.NewSHA1(a.ID, []byte("appeal")), To: a.Appeal.ByID, StudioID: a.StudioID, WorkID: a.WorkID,
		Sentence: "We read your answer about " + judged(a.Subject) + " " + said, Note: a.Appeal.Answer, Path: path, At: at})
}

func (n Notices) desk() Moderation { return Moderation{Service: n.Moderation, Studios: n.Studios} }

// judged is what a decision is about, in words.
func judged(s moderation.Subject) string {
	switch s.Kind {
	case moderation.OfComment:
		return "your comment below " + s.Title
	case moderation.OfCollection:
		return "your collection " + s.Title
	case moderation.OfStudio:
		return "your studio"
	}
	return s.Title
}
