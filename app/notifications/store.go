package notifications

import (
	"context"
	"time"

	"github.com/google/uuid"
	"gorm.io/gorm"

	"vitrine/app/platform/db"
)

// mailRow is a row of mails.
type mailRow struct {
	Mail        `gorm:"embedded"`
	ToKey       string
	Secret      string
	Unsubscribe string // a link; empty for mails that nobody can unsubscribe from
	Unsure      int    // how often a process ended while it handed the mail over
}

func insertMail(tx db.Tx, m mailRow) error {
	return tx.SQL().Exec(`insert into mails (id, kind, recipient, to_key, subject, text, html, secret, unsubscribe, created_at) values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
		m.ID, m.Kind, m.Recipient, m.ToKey, m.Subject, m.Text, m.HTML, m.Secret, m.Unsubscribe, tx.Now()).Error
}

// beginHanding notes that the mail is handed over from now on. It is not when the
// mail has left, or when mostUnsure processes ended while they did so.
func beginHanding(tx db.Tx, mailID uuid.UUID) (may bool, err error) {
	res := tx.SQL().Exec(`update mails set unsure = unsure + 1 where id = ? and state <> 'sent' and unsure < ?`, mailID, mostUnsure)
	return res.RowsAffected == 1, res.Error
}

// endHanding takes the note back: it is known how that attempt ended.
func endHanding(tx db.Tx, mailID uuid.UUID) error {
	return tx.SQL().Exec(`update mails set unsure = unsure - 1 where id = ? and unsure > 0`, mailID).Error
}

// updateMail writes how an attempt ended, unless another one sent the mail.
func updateMail(tx db.Tx, m mailRow) error {
	var sentAt *time.Time
	if m.State == Sent {
		now := tx.Now()
		sentAt = &now
	}
	return tx.SQL().Exec(`update mails set state = ?, attempts = ?, error = ?, text = ?, html = ?, secret = ?, sent_at = ? where id = ? and state <> 'sent'`,
		m.State, m.Attempts, cut(m.Error), m.Text, m.HTML, m.Secret, sentAt, m.ID).Error
}

const errorLimit = 1000

func cut(s string) string {
	if r := []rune(s); len(r) > errorLimit {
		return string(r[:errorLimit])
	}
	return s
}

func mailByID(ctx context.Context, r db.Reader, mailID uuid.UUID) (row mailRow, err error) {
	res := r.SQL(ctx).Raw(`select id, kind, recipient, to_key, subject, text, html, secret, unsubscribe, unsure, state, attempts, error, created_at, sent_at
		from mails where id = ?`, mailID).Scan(&row)
	if res.Error == nil && res.RowsAffected == 0 {
		return row, gorm.ErrRecordNotFound
	}
	return row, res.Error
}

func newestMails(ctx context.Context, r db.Reader, before uuid.UUID, limit int) (out []Mail, err error) {
	q := `select id, kind, recipient, subject, state, attempts, error, created_at, sent_at from mails`
	args := []any{}
	if before != uuid.Nil {
		q += ` where (created_at, id) < (select created_at, id from mails where id = ?)`
		args = append(args, before)
	}
	err = r.SQL(ctx).Raw(q+` order by created_at desc, id desc limit ?`, append(args, limit)...).Scan(&out).Error
	return out, err
}

// countMails counts what an address got of a kind since then.
func countMails(ctx context.Context, r db.Reader, key, kind string, since time.Time) (n int64, err error) {
	err = r.SQL(ctx).Raw(`select count(*) from mails where to_key = ? and kind = ? and created_at > ?`, key, kind, since).Scan(&n).Error
	return n, err
}
