package notifications

import (
	"context"
	"log/slog"
	"time"

	"vitrine/app/accounts"
	"vitrine/app/fault"
	"vitrine/app/platform/bus"
	"vitrine/app/platform/db"
	"vitrine/app/platform/id"
)

// Names of the subscribers; their inbox rows carry them.
const (
	SubscriberSignup   = "notifications.signup_mail"
	SubscriberReset    = "notifications.reset_mail"
	SubscriberPassword = "notifications.password_mail"
	SubscriberSend     = "notifications.send_mail"
)

// OnRegistered composes the mail of a sign-up: the link, or, to somebody who
// has an account already, that they do.
func (s *Service) OnRegistered(ctx context.Context, env bus.Envelope) error {
	ev, err := bus.Decode[accounts.Registered](env)
	if err != nil {
		return err
	}
	return s.compose(ctx, env, SubscriberSignup, func(tx db.Tx) (accounts.Letter, letter, error) {
		to, known, err := s.accounts.SignupLetter(ctx, tx, ev.SignupID)
		if err != nil {
			return to, letter{}, err
		}
		if known {
			return to, s.knownLetter(), nil
		}
		return to, s.signupLetter(to.Token), nil
	})
}

// OnResetAsked composes the mail with the link for a new password. For an
// address without an account there is nothing to do.
func (s *Service) OnResetAsked(ctx context.Context, env bus.Envelope) error {
	ev, err := bus.Decode[accounts.ResetAsked](env)
	if err != nil || ev.UserID == nil {
		return err
	}
	return s.compose(ctx, env, SubscriberReset, func(tx db.Tx) (accounts.Letter, letter, error) {
		to, err := s.accounts.ResetLetter(ctx, tx, *ev.UserID)
		return to, s.resetLetter(to.Token), err
	})
}

// OnPasswordChanged composes the mail that tells of a new password.
func (s *Service) OnPasswordChanged(ctx context.Context, env bus.Envelope) error {
	ev, err := bus.Decode[accounts.PasswordChanged](env)
	if err != nil {
		return err
	}
	return s.compose(ctx, env, SubscriberPassword, func(tx db.Tx) (accounts.Letter, letter, error) {
		to, err := s.accounts.PlainLetter(ctx, tx, ev.UserID)
		return to, s.passwordLetter(), err
	})
}

// compose writes a mail once for an event. A person or a sign-up that is gone
// needs none; an address that has had enough gets none.
func (s *Service) compose(ctx context.Context, env bus.Envelope, subscriber string, write func(tx db.Tx) (accounts.Letter, letter, error)) error {
	return s.db.Transact(ctx, func(tx db.Tx) error {
		if first, err := bus.Once(ctx, tx, env.ID, subscriber); err != nil || !first {
			return err
		}
		to, l, err := write(tx)
		if fault.Is(err, fault.NotFound) {
			return nil
		}
		if err != nil {
			return err
		}
		return s.writeWithin(ctx, tx, to, l)
	})
}

// writeWithin writes a mail unless its address has had enough of the kind.
func (s *Service) writeWithin(ctx context.Context, tx db.Tx, to accounts.Letter, l letter) error {
	n, err := countMails(ctx, tx.Reader(), to.ToKey, l.Kind, tx.Now().Add(-time.Hour))
	if err != nil {
		return err
	}
	if n >= perHour {
		s.log.LogAttrs(ctx, slog.LevelWarn, "A mail was not written: its address got as many in this hour as one may", slog.String("kind", l.Kind))
		return nil
	}
	return s.write(ctx, tx, to, l)
}

func (s *Service) write(ctx context.Context, tx db.Tx, to accounts.Letter, l letter) error {
	text, html, err := l.render()
	if err != nil {
		return err
	}
	row := mailRow{Mail: Mail{ID: id.New(), Kind: l.Kind, Recipient: to.To, Subject: l.Subject, Text: text, HTML: html}, ToKey: to.ToKey, Secret: to.Token, Unsubscribe: l.Stop}
	if err := insertMail(tx, row); err != nil {
		return err
	}
	return s.outbox.Publish(ctx, tx, MailComposed{MailID: row.ID})
}

// Forget removes mails older than Keep, at most 5,000, and says how many.
func (s *Service) Forget(_ context.Context, tx db.Tx) (int64, error) {
	res := tx.SQL().Exec(`delete from mails where id in (select id from mails where created_at < ? limit 5000)`, tx.Now().Add(-Keep))
	return res.RowsAffected, res.Error
}
