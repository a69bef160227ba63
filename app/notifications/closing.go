package notifications

import (
	"context"
	"time"

	"vitrine/app/fault"
	"vitrine/app/platform/db"
)

// Exported is a mail in a person's archive.
type Exported struct {
	Kind      string     `json:"kind"`
	To        string     `json:"to"`
	Subject   string     `json:"subject"`
	Text      string     `json:"text"` // without its secret
	State     State      `json:"state"`
	CreatedAt time.Time  `json:"created_at"`
	SentAt    *time.Time `json:"sent_at"`
}

// Export gives the mails of the log that went to a person's addresses, the
// oldest first.
func (s *Service) Export(ctx context.Context, keys []string, put func(Exported) error) (err error) {
	defer fault.Wrap(&err, "notifications.Export")
	rows, err := mailsTo(ctx, s.db.Read(ctx), keys)
	if err != nil {
		return err
	}
	for _, row := range rows {
		row.redact()
		if err := put(Exported{row.Kind, row.Recipient, row.Subject, row.Text, row.State, row.CreatedAt, row.SentAt}); err != nil {
			return err
		}
	}
	return nil
}

// Erase removes the mails that went to a person's addresses.
func (s *Service) Erase(_ context.Context, tx db.Tx, keys []string) error {
	return tx.SQL().Exec(`delete from mails where to_key in ?`, keys).Error
}

func mailsTo(ctx context.Context, r db.Reader, keys []string) (rows []mailRow, err error) {
	err = r.SQL(ctx).Raw(`select kind, recipient, subject, text, secret, state, created_at, sent_at from mails where to_key in ? order by created_at, id`, keys).Scan(&rows).Error
	return rows, err
}
