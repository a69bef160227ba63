package notifications

import (
	"context"
	"errors"
	"fmt"
	"strings"

	"vitrine/app/platform/bus"
	"vitrine/app/platform/db"
	"vitrine/app/platform/mail"
)

// SendAttempts is how often a mail is tried before it is dead; its subscription
// has the same number.
const SendAttempts = 8

// OnMailComposed sends a mail. One that was sent is not sent again; one that
// the server refuses for good is failed and not tried again; every other
// failure is returned, and the queue comes back.
func (s *Service) OnMailComposed(ctx context.Context, env bus.Envelope) error {
	ev, err := bus.Decode[MailComposed](env)
	if err != nil {
		return err
	}
	row, err := mailByID(ctx, s.db.Read(ctx), ev.MailID)
	if db.NotFound(err) || err == nil && row.State == Sent {
		return nil
	}
	if err != nil {
		return err
	}
	failure := s.sender.Send(ctx, mail.Message{ID: row.ID, To: row.Recipient, Subject: row.Subject, Text: row.Text, HTML: row.HTML, At: row.CreatedAt})
	if failure != nil && ctx.Err() != nil {
		return failure // interrupted, which is no attempt
	}
	refused, err := s.note(ctx, row, failure, env.Attempt)
	if err != nil || refused {
		return err
	}
	if failure != nil {
		return fmt.Errorf("the mail %s was not sent: %w", row.ID, failure)
	}
	return nil
}

// note writes down how an attempt ended. What has left, or never will, loses
// its secret; a mail that was given up keeps it, because a person may replay it.
func (s *Service) note(ctx context.Context, row mailRow, failure error, attempt int) (refused bool, err error) {
	next := row
	if failure == nil {
		next.State, next.Error = Sent, ""
	} else {
		next.Attempts++
		next.Error = failure.Error()
		var answer *mail.Error
		if errors.As(failure, &answer) {
			next.Error, refused = answer.Detail, answer.Refused
		}
		if refused || attempt >= SendAttempts {
			next.State = Failed
		}
	}
	if refused || failure == nil && !s.Mailbox() {
		next.redact()
	}
	return refused, s.db.Transact(ctx, func(tx db.Tx) error { return updateMail(tx, next) })
}

// gap stands where a secret was.
const gap = "[removed]"

// redact cuts the secret out of the log.
func (m *mailRow) redact() {
	if m.Secret == "" {
		return
	}
	m.Text = strings.ReplaceAll(m.Text, m.Secret, gap)
	m.HTML = strings.ReplaceAll(m.HTML, m.Secret, gap)
	m.Secret = ""
}
