package jobs

import (
	"context"

	"github.com/google/uuid"

	"vitrine/app/moderation"
	"vitrine/app/notifications"
	"vitrine/app/notifications/notices"
	"vitrine/app/platform/bus"
)

// reported are what somebody reports, after "a".
var reported = map[moderation.Kind]string{
	moderation.OfWork: notices.AWork, moderation.OfComment: notices.AComment, moderation.OfStudio: notices.AStudio, moderation.OfCollection: notices.ACollection,
}

// heard is what those who reported are told that a measure did.
func heard(m moderation.Measure) string {
	if m == moderation.Dismiss {
		return "left it as it is"
	}
	return taken[m]
}

// OnComplaintDecided tells the members among those who reported what became of
// it, on their page.
func (n Notices) OnComplaintDecided(ctx context.Context, env bus.Envelope) error {
	return eachReporter(ctx, env, n.Moderation, func(o moderation.Result, list []moderation.Reporter) error {
		var to []uuid.UUID
		for _, r := range list {
			if r.MemberID != nil {
				to = append(to, *r.MemberID)
			}
		}
		return n.Service.OnReported(ctx, notices.Reported{ID: o.ComplaintID, To: to, StudioID: o.StudioID, WorkID: o.WorkID, What: reported[o.Kind], Did: heard(o.Measure), At: o.At})
	})
}

// OnReportDecided tells the visitors among them, by mail.
func (m Moderation) OnReportDecided(ctx context.Context, env bus.Envelope) error {
	return eachReporter(ctx, env, m.Service, func(o moderation.Result, list []moderation.Reporter) error {
		for _, r := range list {
			if r.MemberID != nil {
				continue
			}
			if err := m.Mails.ReportDecided(ctx, env, notifications.Heard{ReportID: r.ID, Email: r.Email, At: r.At, What: reported[o.Kind], Did: heard(o.Measure)}); err != nil {
				return err
			}
		}
		return nil
	})
}

// eachReporter reads who reported, a page at a time. What is gone by now, with
// its studio, is nobody's news.
func eachReporter(ctx context.Context, env bus.Envelope, desk *moderation.Service, tell func(o moderation.Result, list []moderation.Reporter) error) error {
	ev, err := bus.Decode[moderation.ComplaintDecided](env)
	if err != nil {
		return err
	}
	o, err := desk.Result(ctx, ev.ComplaintID)
	if err != nil {
		return unlessGone(err)
	}
	for from := (moderation.Place{}); ; {
		list, next, err := desk.Reporters(ctx, o, from)
		if err != nil || len(list) == 0 {
			return err
		}
		if err := tell(o, list); err != nil {
			return err
		}
		if from = next; from.ID == uuid.Nil {
			return nil
		}
	}
}
