package notifications

import (
	"context"
	"errors"
	"log/slog"
	"net/url"
	"strings"
	"time"

	"github.com/google/uuid"

	"vitrine/app/accounts"
	"vitrine/app/fault"
	"vitrine/app/platform/bus"
	"vitrine/app/platform/db"
	"vitrine/app/platform/mail"
	"vitrine/app/studios"
)

// Keep is how long the mail log remembers.
const Keep = 30 * 24 * time.Hour

// perHour bounds the mails of one kind to one address: anybody can type it.
const perHour = 5

// Config of the service.
type Config struct {
	DB       *db.DB // of the worker role: the app's role may not read mails
	Outbox   *bus.Outbox
	Accounts *accounts.Service // on the worker's handle too
	Studios  *studios.Service  // likewise
	Sender   mail.Sender
	BaseURL  *url.URL // as people reach the site
	Log      *slog.Logger
}

// Service composes, sends and keeps mails.
type Service struct {
	db       *db.DB
	outbox   *bus.Outbox
	accounts *accounts.Service
	studios  *studios.Service
	sender   mail.Sender
	base     string
	host     string
	log      *slog.Logger
}

// New prepares the service; it reaches nothing.
func New(c Config) (*Service, error) {
	if c.DB == nil || c.Outbox == nil || c.Accounts == nil || c.Sender == nil || c.BaseURL == nil {
		return nil, errors.New("notifications needs a database, an outbox, accounts, a sender and the site's address")
	}
	if c.Log == nil {
		c.Log = slog.Default()
	}
	return &Service{db: c.DB, outbox: c.Outbox, accounts: c.Accounts, studios: c.Studios, sender: c.Sender,
		base: strings.TrimSuffix(c.BaseURL.String(), "/"), host: c.BaseURL.Host, log: c.Log}, nil
}

// Mailbox tells whether mails stay here, to be read on the development page.
func (s *Service) Mailbox() bool { return s.sender.Kind() == mail.KindMailbox }

// State is how far a mail has come.
type State string

// The states.
const (
	Queued State = "queued"
	Sent   State = "sent" // or put into the mailbox
	Failed State = "failed"
)

// Mail is an entry of the mail log.
type Mail struct {
	ID        uuid.UUID
	Kind      string
	Recipient string
	Subject   string
	Text      string // without its secret once it has left
	HTML      string
	State     State
	Attempts  int    // that failed
	Error     string // of the last attempt, for administrators
	CreatedAt time.Time
	SentAt    *time.Time
}

// Newest lists mails, newest first, without their texts; before is the id of
// the last one of the page before, or zero.
func (s *Service) Newest(ctx context.Context, before uuid.UUID, limit int) (out []Mail, err error) {
	defer fault.Wrap(&err, "notifications.Newest")
	return newestMails(ctx, s.db.Read(ctx), before, limit)
}

// Mail finds one mail. NotFound when there is none.
func (s *Service) Mail(ctx context.Context, mailID uuid.UUID) (out Mail, err error) {
	defer fault.Wrap(&err, "notifications.Mail(%s)", mailID)
	row, err := mailByID(ctx, s.db.Read(ctx), mailID)
	if db.NotFound(err) {
		return out, fault.New(fault.NotFound, "There is no such mail. The log forgets them after 30 days.")
	}
	return row.Mail, err
}

// MailComposed tells that a mail waits to be sent.
type MailComposed struct {
	MailID uuid.UUID `json:"mail_id"`
}

// EventName names the event.
func (MailComposed) EventName() string { return "notifications.mail_composed.v1" }
