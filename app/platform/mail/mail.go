// Package mail sends one mail. Who writes to whom, and the log of what was
// sent, belong to the notifications context; only jobs send.
package mail

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	netmail "net/mail"
	"net/url"
	"strings"
	"time"
	"unicode"

	"github.com/google/uuid"
	"golang.org/x/net/idna"
)

// Message is a mail to one person, in both forms.
type Message struct {
	ID      uuid.UUID // becomes the Message-ID, the same each time it is sent
	To      string    // an address without a display name
	Subject string    // one line
	Text    string
	HTML    string
	At      time.Time
	// Unsubscribe is where a program may POST, without signing in, to end mails of
	// this kind: RFC 8058. Empty for mails that nobody can unsubscribe from.
	Unsubscribe string
	// Handing is called once the server is there and before it gets the mail; an
	// error keeps the mail back. Until then a death of the process is known to have
	// sent nothing. Nil is nothing to do.
	Handing func(ctx context.Context) error
}

// Sender hands a mail on. Sending is at least once: a connection that breaks
// at the end leaves it open whether the server has the mail, and it is sent
// again with the same Message-ID.
type Sender interface {
	// Send gives an *Error when a server answered; any other error means that
	// it could not be reached, or, when it wraps ErrUnsure, that the connection broke
	// before the server said whether it has the mail. A message that cannot be put
	// into headers safely is refused before any connection.
	Send(ctx context.Context, m Message) error
	// Kind is the one that it was opened as.
	Kind() string
}

// The kinds of Config.
const (
	KindMailbox = "mailbox" // nothing leaves: the mail log is the mailbox
	KindSMTP    = "smtp"
)

// Config picks the sender.
type Config struct {
	Kind string        // MAIL
	URL  string        // SMTP_URL: smtp://user:password@host:587 or smtps://…:465; ?tls=none|opportunistic|required for smtp
	From string        // MAIL_FROM: "Name <address>" or an address
	Wait time.Duration // for each step of a conversation; 15 s when zero
	Log  *slog.Logger  // slog.Default when nil
}

// Open makes the sender; it reaches nothing. A kind, address or URL that cannot
// be used is an error that names its key and repeats no password.
func Open(c Config) (Sender, error) {
	if c.Wait == 0 {
		c.Wait = 15 * time.Second
	}
	if c.Log == nil {
		c.Log = slog.Default()
	}
	from, err := netmail.ParseAddress(c.From)
	if err != nil {
		return nil, fmt.Errorf("MAIL_FROM=%s is not an address; it should look like Vitrine <vitrine@example.org>", c.From)
	}
	if from.Address, err = deliverable(from.Address); err != nil {
		return nil, fmt.Errorf("MAIL_FROM=%s: %w", c.From, err)
	}
	switch c.Kind {
	case KindMailbox:
		return mailbox{log: c.Log}, nil
	case KindSMTP:
		u, err := url.Parse(c.URL)
		if err != nil || u.Hostname() == "" || u.Scheme != "smtp" && u.Scheme != "smtps" {
			return nil, errors.New("SMTP_URL cannot be used; it should look like smtp://user:password@mail.example.org:587 or smtps://user:password@mail.example.org:465")
		}
		return newSMTP(c, u, from)
	}
	return nil, fmt.Errorf("MAIL=%s is not known; it is %s or %s", c.Kind, KindMailbox, KindSMTP)
}

// Error is an answer of the mail server.
type Error struct {
	Code    int    // of SMTP, 0 when unknown
	Refused bool   // for good: sending the same mail again gives the same answer
	Detail  string // the server's own words, which may name the recipient
}

func (e *Error) Error() string { return fmt.Sprintf("the mail server answered %d", e.Code) }

// ErrUnsure is wrapped by errors after which nobody knows whether the server has
// the mail.
var ErrUnsure = errors.New("the connection broke while the mail was handed over; it may have arrived")

// handing calls the message's own function, if it has one.
func (m Message) handing(ctx context.Context) error {
	if m.Handing == nil {
		return nil
	}
	return m.Handing(ctx)
}

// check refuses what could break out of a header and gives the address as it is
// sent to.
func check(m Message) (to string, err error) {
	if m.Subject == "" || strings.IndexFunc(m.Subject, unicode.IsControl) >= 0 {
		return "", errors.New("the subject of a mail is empty or has control characters")
	}
	if m.Text == "" || m.HTML == "" {
		return "", errors.New("a mail needs a text and an HTML version")
	}
	if u := m.Unsubscribe; u != "" && (strings.ContainsAny(u, "<>, ") || strings.IndexFunc(u, unicode.IsControl) >= 0 || !strings.HasPrefix(u, "http")) {
		return "", errors.New("the link that unsubscribes from a mail is no plain address")
	}
	a, err := netmail.ParseAddress(m.To)
	if err != nil || a.Name != "" || a.Address != m.To || strings.IndexFunc(m.To, unicode.IsControl) >= 0 {
		return "", errors.New("the recipient of a mail is not a plain address")
	}
	return deliverable(m.To)
}

// deliverable writes an address's domain in ASCII, as every server takes it.
func deliverable(addr string) (string, error) {
	at := strings.LastIndexByte(addr, '@')
	if at <= 0 {
		return "", errors.New("an address needs an @")
	}
	domain, err := idna.ToASCII(addr[at+1:])
	if err != nil || domain == "" {
		return "", errors.New("the domain of an address cannot be used")
	}
	return addr[:at+1] + domain, nil
}

// mailbox keeps mails at home, for development.
type mailbox struct{ log *slog.Logger }

func (mailbox) Kind() string { return KindMailbox }

// Send logs that there is a mail. Its recipient and text stand in the mail log
// and nowhere else.
func (b mailbox) Send(ctx context.Context, m Message) error {
	if _, err := check(m); err != nil {
		return err
	}
	if err := m.handing(ctx); err != nil {
		return err
	}
	b.log.LogAttrs(ctx, slog.LevelInfo, "A mail lies in the mailbox", slog.String("mail", m.ID.String()), slog.String("subject", m.Subject))
	return nil
}
