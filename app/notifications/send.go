package notifications

import (
	"context"
	"errors"
	"fmt"
	"strings"

	"github.com/google/uuid"

	"vitrine/app/platform/bus"
	"vitrine/app/platform/db"
	"vitrine/app/platform/mail"
)

// SendAttempts is how often a mail is tried before it is dead; its subscription
// has the same number.
const SendAttempts = 8

// mostUnsure is how often a mail is handed over without anybody knowing what became
// of it: a process that dies in the middle leaves it open whether the mail arrived,
// so it is sent once more, and never a third time.
const mostUnsure = 2

// twiceUnsure is what the log says of a mail that was left open that often.
const twiceUnsure = "It was handed over twice, and both times nobody heard whether it arrived. It is not sent by itself again."

// errHanded keeps a mail back that was handed over meanwhile, or too often.
var errHanded = errors.New("the mail was handed over already")

// OnMailComposed sends a mail. One that was sent is not sent again; one that
// the server refuses for good is failed and not tried again, and so is one whose
// handing over ended mostUnsure times without an answer; every other failure is
// returned, and the queue comes back.
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
	if row.Unsure >= mostUnsure {
		row.Error = twiceUnsure
		return s.giveUp(ctx, row)
	}
	begun := false
	failure := s.sender.Send(ctx, mail.Message{ID: row.ID, To: row.Recipient, Subject: row.Subject, Text: row.Text, HTML: row.HTML, At: row.CreatedAt, Unsubscribe: row.Unsubscribe,
		Handing: func(ctx context.Context) (err error) {
			begun, err = s.begin(ctx, row.ID)
			return err
		}})
	if errors.Is(failure, errHanded) {
		return nil // by another process, which tells how it ended
	}
	if begun && failure != nil && !errors.Is(failure, mail.ErrUnsure) {
		if err := s.db.Transact(context.WithoutCancel(ctx), func(tx db.Tx) error { return endHanding(tx, row.ID) }); err != nil {
			return err
		}
	}
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

// begin notes, in a transaction of its own, that the mail is handed over.
func (s *Service) begin(ctx context.Context, mailID uuid.UUID) (begun bool, err error) {
	err = s.db.Transact(ctx, func(tx db.Tx) error {
		begun, err = beginHanding(tx, mailID)
		return err
	})
	if err == nil && !begun {
		err = errHanded
	}
	return begun, err
}

// giveUp fails a mail that may have arrived. A person can look, and send it again.
func (s *Service) giveUp(ctx context.Context, row mailRow) error {
	row.State = Failed
	return s.db.Transact(ctx, func(tx db.Tx) error { return updateMail(tx, row) })
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
