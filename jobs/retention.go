package jobs

import (
	"context"
	"fmt"
	"time"

	"vitrine/app/platform/audit"
	"vitrine/app/platform/bus"
	"vitrine/app/platform/db"
	"vitrine/app/platform/idem"
	"vitrine/app/works/links"
)

// RetentionFellDue fires each hour.
type RetentionFellDue struct {
	Slot time.Time `json:"slot"`
}

// EventName is jobs.retention_fell_due.v1.
func (RetentionFellDue) EventName() string { return "jobs.retention_fell_due.v1" }

// EventPriority lets everything else of the queue go first.
func (RetentionFellDue) EventPriority() int { return -10 }

// How long the bus remembers. Idempotency keys are kept as long as idem says.
const (
	KeepInbox = 30 * 24 * time.Hour // no replay beyond, see queue.Replayable
	KeepSent  = 7 * 24 * time.Hour  // rows of the outbox, for a person who asks what happened
	KeepDead  = 90 * 24 * time.Hour // tasks that died, for a person who asks why
)

// forgetBatch keeps the locks and the vacuum of one transaction small.
const forgetBatch = 5000

// Retention removes what need not be remembered any longer.
type Retention struct {
	DB       *db.DB // of the worker role
	Accounts Forgetter
	Mails    Forgetter
	Notices  Forgetter
	Errors   Forgetter
	Prints   Forgetter // of moderation
	Studios  Forgetter
	Views    Forgetter
}

// Forgetter is a context that has rows which end some day. Forget removes at
// most a batch of them and says how many.
type Forgetter interface {
	Forget(ctx context.Context, tx db.Tx) (int64, error)
}

// OnFellDue removes old rows of the inbox, the outbox, the slots, the
// idempotency keys and the contexts, in batches, until none are left. It needs no inbox row of
// its own: doing it twice does nothing more.
func (r Retention) OnFellDue(ctx context.Context, _ bus.Envelope) error {
	type kind struct {
		what  string
		batch func(ctx context.Context, tx db.Tx) (int64, error)
	}
	kinds := []kind{
		{"inbox", forgetInbox},
		{"sent events", forgetSent},
		{"slots", forgetSlots},
		{"dead tasks", forgetDead},
		{"idempotency keys", idem.Forget},
		{"entries of the audit", audit.Forget},
		{"share links", links.Forget},
	}
	if r.Accounts != nil {
		kinds = append(kinds, kind{"sessions, links and sign-ups", r.Accounts.Forget})
	}
	if r.Mails != nil {
		kinds = append(kinds, kind{"mails", r.Mails.Forget})
	}
	if r.Notices != nil {
		kinds = append(kinds, kind{"notices", r.Notices.Forget})
	}
	if r.Errors != nil {
		kinds = append(kinds, kind{"errors", r.Errors.Forget})
	}
	if r.Prints != nil {
		kinds = append(kinds, kind{"prints of posts", r.Prints.Forget})
	}
	if r.Studios != nil {
		kinds = append(kinds, kind{"invitations", r.Studios.Forget})
	}
	if r.Views != nil {
		kinds = append(kinds, kind{"views", r.Views.Forget})
	}
	for _, forget := range kinds {
		for {
			var n int64
			err := r.DB.Transact(ctx, func(tx db.Tx) (err error) {
				n, err = forget.batch(ctx, tx)
				return err
			})
			if err != nil {
				return fmt.Errorf("removing old %s: %w", forget.what, err)
			}
			if n < forgetBatch {
				break
			}
		}
	}
	return nil
}

func forgetInbox(_ context.Context, tx db.Tx) (int64, error) {
	res := tx.SQL().Exec(`delete from inbox where (event_id, subscriber) in (
		select event_id, subscriber from inbox where created_at < ? order by created_at limit ?)`, tx.Now().Add(-KeepInbox), forgetBatch)
	return res.RowsAffected, res.Error
}

func forgetSent(_ context.Context, tx db.Tx) (int64, error) {
	res := tx.SQL().Exec(`delete from outbox where id in (
		select id from outbox where sent_at < ? order by sent_at limit ?)`, tx.Now().Add(-KeepSent), forgetBatch)
	return res.RowsAffected, res.Error
}

// forgetDead counts from the event, whose age decides whether it can be replayed.
func forgetDead(_ context.Context, tx db.Tx) (int64, error) {
	res := tx.SQL().Exec(`delete from tasks where id in (
		select id from tasks where state = 'dead' and event_at < ? order by id limit ?)`, tx.Now().Add(-KeepDead), forgetBatch)
	return res.RowsAffected, res.Error
}

// forgetSlots keeps the latest slot of each schedule, so that a rare one does
// not fire again.
func forgetSlots(_ context.Context, tx db.Tx) (int64, error) {
	res := tx.SQL().Exec(`delete from schedule_slots where (job, slot) in (
		select job, slot from schedule_slots s where slot < ? and exists (select from schedule_slots n where n.job = s.job and n.slot > s.slot)
		limit ?)`, tx.Now().Add(-KeepSlots), forgetBatch)
	return res.RowsAffected, res.Error
}
