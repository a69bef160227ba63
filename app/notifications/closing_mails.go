package notifications

import (
	"context"
	"time"

	"github.com/google/uuid"

	"vitrine/app/accounts"
	"vitrine/app/accounts/closing"
	"vitrine/app/platform/bus"
	"vitrine/app/platform/db"
	"vitrine/app/studios"
)

// Names of the subscribers that tell of archives and endings.
const (
	SubscriberArchive      = "notifications.archive_mail"
	SubscriberClosing      = "notifications.closing_mail"
	SubscriberClosingNears = "notifications.closing_nears_mail"
	SubscriberStudioEnds   = "notifications.studio_closing_mail"
	SubscriberStudioNears  = "notifications.studio_closing_nears_mail"
)

// ArchiveMade composes the mail that an archive can be fetched; page is the path
// of the page with the links, behind the door of the account.
func (s *Service) ArchiveMade(ctx context.Context, env bus.Envelope, userID uuid.UUID, page string) error {
	return s.tell(ctx, env, SubscriberArchive, userID, s.archiveLetter(page))
}

// OnClosingAsked composes the mail that an account is to end.
func (s *Service) OnClosingAsked(ctx context.Context, env bus.Envelope) error {
	ev, err := bus.Decode[closing.Asked](env)
	if err != nil {
		return err
	}
	return s.tell(ctx, env, SubscriberClosing, ev.UserID, s.closingLetter(ev.At))
}

// OnClosingNears composes the last mail before an account ends.
func (s *Service) OnClosingNears(ctx context.Context, env bus.Envelope) error {
	ev, err := bus.Decode[closing.Nears](env)
	if err != nil {
		return err
	}
	return s.tell(ctx, env, SubscriberClosingNears, ev.UserID, s.closingNearsLetter(ev.At))
}

// OnStudioClosingAsked composes the mail to a member whose studio is to end.
func (s *Service) OnStudioClosingAsked(ctx context.Context, env bus.Envelope) error {
	ev, err := bus.Decode[studios.ClosingAsked](env)
	if err != nil {
		return err
	}
	return s.tell(ctx, env, SubscriberStudioEnds, ev.UserID, s.studioEndsLetter(ev.At, false))
}

// OnStudioClosingNears composes the last mail to a member whose studio is to end.
func (s *Service) OnStudioClosingNears(ctx context.Context, env bus.Envelope) error {
	ev, err := bus.Decode[studios.ClosingNears](env)
	if err != nil {
		return err
	}
	return s.tell(ctx, env, SubscriberStudioNears, ev.UserID, s.studioEndsLetter(ev.At, true))
}

// tell composes a mail without a secret to a person.
func (s *Service) tell(ctx context.Context, env bus.Envelope, subscriber string, userID uuid.UUID, l letter) error {
	return s.compose(ctx, env, subscriber, func(tx db.Tx) (accounts.Letter, letter, error) {
		to, err := s.accounts.PlainLetter(ctx, tx, userID)
		return to, l, err
	})
}

func on(at time.Time) string { return at.UTC().Format("2 January 2006") }

func (s *Service) archiveLetter(page string) letter {
	return letter{
		Kind: "archive_made", Subject: "Your archive from Vitrine is ready", Host: s.host,
		Lead:  "The archive that you asked for is made: everything that was written, and the original files. Sign in to fetch it.",
		Links: []link{{"Fetch the archive", s.base + page}},
		Close: "It is kept for 7 days. If you did not ask for it, choose a new password: somebody else can use your account.",
	}
}

func (s *Service) closingLetter(at time.Time) letter {
	return letter{
		Kind: "closing_asked", Subject: "Your account on Vitrine will be deleted", Host: s.host,
		Lead: "You asked for the end of your account. Your own studios are on no page any more. On " + on(at) +
			" everything of yours is removed for good: works, files, settings. Until then you can take it back.",
		Links: []link{{"Keep my account", s.base + "/me/delete"}, {"Fetch an archive of everything first", s.base + "/me/export"}},
		Close: "If it was not you, keep the account and choose a new password: somebody else can use it.",
	}
}

func (s *Service) closingNearsLetter(at time.Time) letter {
	return letter{
		Kind: "closing_nears", Subject: "Your account on Vitrine will be deleted in two days", Host: s.host,
		Lead:  "On " + on(at) + " your account and everything of yours is removed for good, as you asked. This is the last letter about it.",
		Links: []link{{"Keep my account", s.base + "/me/delete"}, {"Fetch an archive of everything first", s.base + "/me/export"}},
		Close: "If that is what you want, you need do nothing.",
	}
}

func (s *Service) studioEndsLetter(at time.Time, soon bool) letter {
	l := letter{
		Kind: "studio_closing_asked", Subject: "A studio of yours on Vitrine will be deleted", Host: s.host,
		Lead: "The owner of a studio that you belong to asked for its end. Its works are on no page any more. On " + on(at) +
			" everything in it is removed for good: works, files, members. Until then its owner can take it back.",
		Links: []link{{"Open your studios", s.base + "/studio"}},
		Close: "Its owner and its admins can fetch an archive of everything on the studio's export page.",
	}
	if soon {
		l.Kind, l.Subject = "studio_closing_nears", "A studio of yours on Vitrine will be deleted in two days"
		l.Lead = "On " + on(at) + " a studio that you belong to is removed for good, as its owner asked. This is the last letter about it."
	}
	return l
}
