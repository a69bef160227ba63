package notifications

import (
	"context"

	"github.com/google/uuid"

	"vitrine/app/accounts"
	"vitrine/app/fault"
	"vitrine/app/platform/bus"
	"vitrine/app/platform/db"
)

// Names of the subscribers; their inbox rows carry them.
const (
	SubscriberDecision         = "notifications.decision_mail"
	SubscriberUserSuspended    = "notifications.user_suspended_mail"
	SubscriberUserReinstated   = "notifications.user_reinstated_mail"
	SubscriberStudioSuspended  = "notifications.studio_suspended_mail"
	SubscriberStudioReinstated = "notifications.studio_reinstated_mail"
)

// Decision is what an author is told of a moderator's decision. moderation and
// studios tell it through jobs. The note is the moderator's, not a stranger's.
type Decision struct {
	To       uuid.UUID // who published the work
	Approved bool
	Note     string
	Path     string // of the work in the studio
}

// ReviewDecided composes the mail about a decision.
func (s *Service) ReviewDecided(ctx context.Context, env bus.Envelope, d Decision) error {
	return s.compose(ctx, env, SubscriberDecision, func(tx db.Tx) (accounts.Letter, letter, error) {
		to, err := s.accounts.PlainLetter(ctx, tx, d.To)
		return to, s.decisionLetter(d), err
	})
}

// StudioShut is what the owner of a studio is told of its suspension.
type StudioShut struct {
	Owner  uuid.UUID
	Reason string
	Path   string // of the studio's dashboard
}

// StudioSuspended composes the mail to the owner of a suspended studio.
func (s *Service) StudioSuspended(ctx context.Context, env bus.Envelope, n StudioShut) error {
	return s.compose(ctx, env, SubscriberStudioSuspended, func(tx db.Tx) (accounts.Letter, letter, error) {
		to, err := s.accounts.PlainLetter(ctx, tx, n.Owner)
		return to, s.studioSuspendedLetter(n), err
	})
}

// StudioReinstated composes the mail to the owner of a studio that is back.
func (s *Service) StudioReinstated(ctx context.Context, env bus.Envelope, n StudioShut) error {
	return s.compose(ctx, env, SubscriberStudioReinstated, func(tx db.Tx) (accounts.Letter, letter, error) {
		to, err := s.accounts.PlainLetter(ctx, tx, n.Owner)
		return to, s.studioReinstatedLetter(n), err
	})
}

// OnUserSuspended composes the mail to a suspended person. Somebody who was let
// in again meanwhile needs none.
func (s *Service) OnUserSuspended(ctx context.Context, env bus.Envelope) error {
	ev, err := bus.Decode[accounts.UserSuspended](env)
	if err != nil {
		return err
	}
	return s.compose(ctx, env, SubscriberUserSuspended, func(tx db.Tx) (accounts.Letter, letter, error) {
		st, err := s.accounts.Standing(ctx, tx.Reader(), ev.UserID)
		if err == nil && st.SuspendedAt == nil {
			err = fault.New(fault.NotFound, "")
		}
		if err != nil {
			return accounts.Letter{}, letter{}, err
		}
		to, err := s.accounts.PlainLetter(ctx, tx, ev.UserID)
		return to, s.userSuspendedLetter(st.Reason), err
	})
}

// OnUserReinstated composes the mail to a person who may come in again.
func (s *Service) OnUserReinstated(ctx context.Context, env bus.Envelope) error {
	ev, err := bus.Decode[accounts.UserReinstated](env)
	if err != nil {
		return err
	}
	return s.compose(ctx, env, SubscriberUserReinstated, func(tx db.Tx) (accounts.Letter, letter, error) {
		to, err := s.accounts.PlainLetter(ctx, tx, ev.UserID)
		return to, s.userReinstatedLetter(), err
	})
}

func (s *Service) decisionLetter(d Decision) letter {
	l := letter{Kind: "decision", Host: s.host, Quote: d.Note, Links: []link{{"Open the work", s.base + d.Path}}}
	if d.Approved {
		l.Subject = "Your work can be seen now"
		l.Lead = "A moderator looked at the work that you published, and it is open now."
		l.Close = "Thank you for waiting. A person looks at some first posts of new accounts; later ones go up at once."
		return l
	}
	l.Subject = "Your work was not put up"
	l.Lead = "A moderator looked at the work that you published and did not put it up. This is what they say:"
	l.Close = "Nothing of it is lost. You can change the work and ask again on its page."
	return l
}

func (s *Service) userSuspendedLetter(reason string) letter {
	return letter{
		Kind: "user_suspended", Subject: "Your account on Vitrine is suspended", Host: s.host, Quote: reason,
		Lead:  "Those who run this site suspended your account, and you are signed out everywhere. This is the reason they give:",
		Close: "Nothing of yours was deleted. To answer, write to those who run the site.",
	}
}

func (s *Service) userReinstatedLetter() letter {
	return letter{
		Kind: "user_reinstated", Subject: "Your account on Vitrine is open again", Host: s.host,
		Lead:  "Your account is not suspended any more. Everything is as you left it.",
		Links: []link{{"Sign in", s.base + "/login"}},
		Close: "We are glad to have you back.",
	}
}

func (s *Service) studioSuspendedLetter(n StudioShut) letter {
	return letter{
		Kind: "studio_suspended", Subject: "Your studio on Vitrine is suspended", Host: s.host, Quote: n.Reason,
		Lead:  "Those who run this site suspended your studio: its pages, works and files are not public any more, and nothing in it can be changed. This is the reason they give:",
		Links: []link{{"Open the studio", s.base + n.Path}},
		Close: "Nothing was deleted, and you can take everything with you. To answer, write to those who run the site.",
	}
}

func (s *Service) studioReinstatedLetter(n StudioShut) letter {
	return letter{
		Kind: "studio_reinstated", Subject: "Your studio on Vitrine is open again", Host: s.host,
		Lead:  "Your studio is not suspended any more. What was public is public again.",
		Links: []link{{"Open the studio", s.base + n.Path}},
		Close: "You need do nothing.",
	}
}
