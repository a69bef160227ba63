package notifications

import (
	"context"
	"time"

	"github.com/google/uuid"

	"vitrine/app/accounts"
	"vitrine/app/fault"
	"vitrine/app/platform/bus"
	"vitrine/app/platform/db"
)

// Names of the subscribers; their inbox rows carry them.
const (
	SubscriberAction          = "notifications.action_mail"
	SubscriberAppeal          = "notifications.appeal_mail"
	SubscriberTakedown        = "notifications.takedown_mail"
	SubscriberTakedownStudio  = "notifications.takedown_studio_mail"
	SubscriberTakedownDecided = "notifications.takedown_decided_mail"
	SubscriberReportDecided   = "notifications.report_decided_mail"
)

// Judged is what an author is told of what moderators did after a report.
// moderation and studios tell it through jobs; the reason is a moderator's.
type Judged struct {
	To     uuid.UUID
	Did    string // "took your work down", after "The moderators of this site"
	Reason string
	Path   string // where it can be answered
}

// ActionTaken composes the mail to the author of what moderators acted on.
func (s *Service) ActionTaken(ctx context.Context, env bus.Envelope, j Judged) error {
	return s.compose(ctx, env, SubscriberAction, func(tx db.Tx) (accounts.Letter, letter, error) {
		to, err := s.accounts.PlainLetter(ctx, tx, j.To)
		return to, letter{
			Kind: "action", Subject: "The moderators decided about something of yours", Host: s.host, Quote: j.Reason,
			Lead:  "Somebody reported it, and the moderators of this site " + j.Did + ". This is the reason they give:",
			Links: []link{{"Read it and answer", s.base + j.Path}},
			Close: "You can answer once.",
		}, err
	})
}

// AppealDecided composes the mail to whoever answered a decision.
func (s *Service) AppealDecided(ctx context.Context, env bus.Envelope, lifted bool, j Judged) error {
	return s.compose(ctx, env, SubscriberAppeal, func(tx db.Tx) (accounts.Letter, letter, error) {
		to, err := s.accounts.PlainLetter(ctx, tx, j.To)
		l := letter{
			Kind: "appeal", Subject: "Your answer was read, and the decision stands", Host: s.host, Quote: j.Reason,
			Lead:  "The moderators of this site looked again after your answer, and their decision stands. This is what they say:",
			Links: []link{{"Read all of it", s.base + j.Path}},
			Close: "You need do nothing.",
		}
		if lifted {
			l.Subject = "Your answer was read, and the decision is taken back"
			l.Lead = "The moderators of this site looked again after your answer, and took their decision back. This is what they say:"
		}
		return to, l, err
	})
}

// Claimed is what both sides of a claim are told. Neither mail repeats what the
// rights holder wrote: anybody can write anything there.
type Claimed struct {
	Number   string
	Email    string // of the rights holder
	EmailKey string
	Owner    uuid.UUID // of the studio
	Path     string    // where the studio reads it
}

// TakedownFiled composes the mail to the rights holder.
func (s *Service) TakedownFiled(ctx context.Context, env bus.Envelope, c Claimed) error {
	return s.compose(ctx, env, SubscriberTakedown, func(db.Tx) (accounts.Letter, letter, error) {
		return accounts.Letter{To: c.Email, ToKey: c.EmailKey}, letter{
			Kind: "takedown", Subject: "Your claim " + c.Number + " is filed", Host: s.host,
			Lead:  "Somebody, we hope you, asked on Vitrine for a work to be taken down and gave this address. The claim has the number " + c.Number + ". It is kept as it was sent, the studio is told, and the moderators decide.",
			Close: "You get a mail when they have. If it was not you, answer to those who run the site.",
		}, nil
	})
}

// TakedownTold composes the mail to the owner of the studio.
func (s *Service) TakedownTold(ctx context.Context, env bus.Envelope, c Claimed) error {
	return s.compose(ctx, env, SubscriberTakedownStudio, func(tx db.Tx) (accounts.Letter, letter, error) {
		to, err := s.accounts.PlainLetter(ctx, tx, c.Owner)
		return to, letter{
			Kind: "takedown_studio", Subject: "Somebody claims a work of your studio", Host: s.host,
			Lead:  "A rights holder asked for a work of your studio to be taken down. The claim has the number " + c.Number + ". The work stays until the moderators of this site decide.",
			Links: []link{{"Read what they state", s.base + c.Path}},
			Close: "You need do nothing. Whatever is decided, you are told why and can answer.",
		}, err
	})
}

// TakedownDecided composes the mail to a rights holder whose claim is decided.
func (s *Service) TakedownDecided(ctx context.Context, env bus.Envelope, acted bool, c Claimed) error {
	return s.compose(ctx, env, SubscriberTakedownDecided+":"+c.Number, func(db.Tx) (accounts.Letter, letter, error) {
		l := letter{
			Kind: "takedown_decided", Subject: "Your claim " + c.Number + " is decided", Host: s.host,
			Lead:  "The moderators of Vitrine looked at your claim " + c.Number + " and left the work as it is.",
			Close: "Your claim is kept as it was sent. To say more, answer to those who run the site.",
		}
		if acted {
			l.Lead = "The moderators of Vitrine looked at your claim " + c.Number + " and acted on it. The studio can answer once; should the decision change, the work may be shown again."
		}
		return accounts.Letter{To: c.Email, ToKey: c.EmailKey}, l, nil
	})
}

// Heard is what a visitor who reported something is told of what became of it.
// Anybody can give anybody's address, so it has no word of a stranger and leads
// nowhere.
type Heard struct {
	ReportID uuid.UUID
	Email    string
	At       time.Time // of the report
	What     string    // "work", after "a"
	Did      string    // "took it from every page", after "The moderators"
}

// ReportDecided composes the mail.
func (s *Service) ReportDecided(ctx context.Context, env bus.Envelope, h Heard) error {
	return s.compose(ctx, env, SubscriberReportDecided+":"+h.ReportID.String(), func(db.Tx) (accounts.Letter, letter, error) {
		to, key, problem := accounts.NormalAddress(h.Email)
		if problem != "" {
			return accounts.Letter{}, letter{}, fault.New(fault.NotFound, "")
		}
		return accounts.Letter{To: to, ToKey: key}, letter{
			Kind: "report_decided", Subject: "What became of your report", Host: s.host,
			Lead: "On " + h.At.UTC().Format("2 January 2006") + " somebody, we hope you, reported a " + h.What +
				" on Vitrine and gave this address. The moderators of this site looked at it and " + h.Did + ".",
			Close: "You need do nothing. Nobody else learns who reported it.",
		}, nil
	})
}
