package notifications

import (
	"context"
	"math"
	"regexp"
	"strings"
	"time"

	"github.com/google/uuid"

	"vitrine/app/accounts"
	"vitrine/app/fault"
	"vitrine/app/platform/audit"
	"vitrine/app/platform/bus"
	"vitrine/app/platform/clock"
	"vitrine/app/platform/db"
	"vitrine/app/platform/keyset"
)

// Desk is the mail log as those who run the installation see it, on a handle of
// its own. It shows no link that carries a secret: whoever runs the site may not
// take over accounts by reading mails that have not left yet.
type Desk struct {
	db     *db.DB
	outbox *bus.Outbox
	clock  clock.Clock
}

// NewDesk makes a desk on a handle of the worker's role.
func NewDesk(d *db.DB, outbox *bus.Outbox, now clock.Clock) *Desk {
	return &Desk{db: d, outbox: outbox, clock: now}
}

// LogFilter narrows the log; its zero value narrows nothing.
type LogFilter struct {
	State   State
	Address string // as typed; the whole address
}

// Log lists mails, newest first, without their texts, limit of them; after is
// the place that an earlier page gave, or empty. next is empty at the end.
func (d *Desk) Log(ctx context.Context, f LogFilter, after string, limit int) (out []Mail, next string, err error) {
	defer fault.Wrap(&err, "notifications.Desk.Log")
	query, args := logSQL(f, after)
	err = d.db.Read(ctx).SQL(ctx).Raw(query+` order by created_at desc, id desc limit ?`, append(args, limit+1)...).Scan(&out).Error
	if len(out) > limit {
		out = out[:limit]
		m := out[limit-1]
		next = keyset.Encode(uint64(max(0, m.CreatedAt.UnixMicro())), m.ID)
	}
	for i := range out {
		out[i].Error = mask(out[i].Error, "")
	}
	return out, next, err
}

func logSQL(f LogFilter, after string) (query string, args []any) {
	query = `select id, kind, recipient, subject, state, attempts, error, created_at, sent_at from mails where true`
	if f.State != "" {
		query, args = query+` and state = ?`, append(args, f.State)
	}
	if f.Address != "" {
		query, args = query+` and to_key = ?`, append(args, addressKey(f.Address))
	}
	if order, last, ok := keyset.Decode(after); ok && order <= math.MaxInt64 {
		query, args = query+` and (created_at, id) < (?::timestamptz, ?::uuid)`, append(args, time.UnixMicro(int64(order)).UTC(), last)
	}
	return query, args
}

// addressKey is what the log finds an address by.
func addressKey(typed string) string {
	_, key, problem := accounts.NormalAddress(typed)
	if problem != "" {
		return strings.ToLower(strings.TrimSpace(typed))
	}
	return key
}

// Counts tells how many mails of each state the log holds.
func (d *Desk) Counts(ctx context.Context) (out map[State]int64, err error) {
	defer fault.Wrap(&err, "notifications.Desk.Counts")
	var rows []struct {
		State State
		N     int64
	}
	err = d.db.Read(ctx).SQL(ctx).Raw(`select state, count(*) as n from mails group by state`).Scan(&rows).Error
	out = map[State]int64{}
	for _, r := range rows {
		out[r.State] = r.N
	}
	return out, err
}

// Preview is one mail of the log. Its text is without secrets and it has no
// HTML.
type Preview struct {
	Mail
	Masked  bool   // something was taken out of the text
	Refusal string // why it cannot be sent again, a sentence; empty when it can
}

// Mail finds one mail. NotFound when there is none.
func (d *Desk) Mail(ctx context.Context, mailID uuid.UUID) (out Preview, err error) {
	defer fault.Wrap(&err, "notifications.Desk.Mail(%s)", mailID)
	row, err := mailByID(ctx, d.db.Read(ctx), mailID)
	if db.NotFound(err) {
		return out, fault.New(fault.NotFound, "There is no such mail. The log forgets them after 30 days.")
	}
	if err != nil {
		return out, err
	}
	out = Preview{Mail: row.Mail, Refusal: row.refusal(d.clock())}
	out.Text, out.HTML, out.Error = mask(row.Text, row.Secret), "", mask(row.Error, row.Secret)
	out.Masked = out.Text != row.Text || strings.Contains(row.Text, gap)
	return out, nil
}

// hidden stands where a secret was.
const hidden = "[hidden]"

// What looks like a secret of ours: tokens are 43 such characters, and whatever
// follows a door's name in a link opens it.
var (
	secretLike = regexp.MustCompile(`[A-Za-z0-9_-]*[A-Za-z0-9][A-Za-z0-9_-]{19,}`)
	doorLike   = regexp.MustCompile(`(?i)(https?://[^\s/]+(?:/[a-z]+)*/(?:verify|reset|join|setup|undo|confirm|address|email|invite|restore|keep|unsubscribe)/)[^\s"<>]+`)
)

// mask takes a mail's own secret out of a text, and whatever looks like one.
func mask(s, secret string) string {
	if secret != "" {
		s = strings.ReplaceAll(s, secret, hidden)
	}
	s = doorLike.ReplaceAllString(s, "${1}"+hidden)
	return secretLike.ReplaceAllStringFunc(s, func(m string) string {
		if strings.IndexFunc(m, func(r rune) bool { return r < 'a' && r != '-' }) < 0 {
			return m // small letters and hyphens: a long name, which no token of ours is
		}
		return hidden
	})
}

// linkLife is the longest that a link in a mail works: one that is sent later
// would only disappoint.
const linkLife = 24 * time.Hour

// refusal says why the mail cannot be sent again.
func (m mailRow) refusal(now time.Time) string {
	switch {
	case m.State != Failed:
		return "Only a mail that failed can be sent again."
	case m.Secret == "" && strings.Contains(m.Text, gap):
		return "The mail server refused this mail for good, and its link was removed then. The person can ask for a new one on the page that sent it."
	case m.Secret != "" && now.Sub(m.CreatedAt) > linkLife:
		return "The link in this mail does not work any more. The person can ask for a new one on the page that sent it."
	}
	return ""
}

// Resend lets a failed mail be sent once more, from the first attempt on. The
// act is audited. NotFound when there is no such mail; Conflict with a sentence
// when it is not failed, or when its link is gone or too old.
func (d *Desk) Resend(ctx context.Context, actor, mailID uuid.UUID) (err error) {
	defer fault.Wrap(&err, "notifications.Desk.Resend(%s)", mailID)
	return d.db.Transact(ctx, func(tx db.Tx) error {
		if err := tx.SQL().Exec(`select from mails where id = ? for update`, mailID).Error; err != nil {
			return err
		}
		row, err := mailByID(ctx, tx.Reader(), mailID)
		if db.NotFound(err) {
			return fault.New(fault.NotFound, "There is no such mail. The log forgets them after 30 days.")
		}
		if err != nil {
			return err
		}
		if why := row.refusal(tx.Now()); why != "" {
			return fault.New(fault.Conflict, why)
		}
		if err := tx.SQL().Exec(`update mails set state = ?, unsure = 0 where id = ?`, Queued, mailID).Error; err != nil {
			return err
		}
		if err := d.outbox.Publish(ctx, tx, MailComposed{MailID: mailID}); err != nil {
			return err
		}
		return audit.Write(ctx, tx, audit.Entry{ActorID: actor, Action: "mails.resent", Subject: audit.Subject("mail", mailID), Note: row.Kind})
	})
}
