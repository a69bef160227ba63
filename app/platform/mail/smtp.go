package mail

import (
	"context"
	"errors"
	"fmt"
	netmail "net/mail"
	"net/url"
	"strconv"
	"strings"

	gomail "github.com/wneessen/go-mail"
)

// smtp sends through a mail server, with one connection for each mail: mails
// are few, and a connection kept open is one more thing that can have died.
type smtp struct {
	host    string
	from    *netmail.Address
	options []gomail.Option
}

func newSMTP(c Config, u *url.URL, from *netmail.Address) (Sender, error) {
	s := &smtp{host: u.Hostname(), from: from, options: []gomail.Option{gomail.WithTimeout(c.Wait), gomail.WithoutNoop()}}
	port := "587"
	if u.Scheme == "smtps" {
		port = "465"
		s.options = append(s.options, gomail.WithSSL())
	}
	if u.Port() != "" {
		port = u.Port()
	}
	n, err := strconv.Atoi(port)
	if err != nil {
		return nil, fmt.Errorf("SMTP_URL has the port %s, which is none", port)
	}
	s.options = append(s.options, gomail.WithPort(n))
	policy, err := tlsPolicy(u)
	if err != nil {
		return nil, err
	}
	s.options = append(s.options, gomail.WithTLSPolicy(policy))
	if u.User.Username() != "" {
		password, _ := u.User.Password()
		s.options = append(s.options, gomail.WithSMTPAuth(gomail.SMTPAuthAutoDiscover),
			gomail.WithUsername(u.User.Username()), gomail.WithPassword(password))
	}
	if _, err := gomail.NewClient(s.host, s.options...); err != nil {
		return nil, fmt.Errorf("SMTP_URL cannot be used: %w", err)
	}
	return s, nil
}

// tlsPolicy asks for encryption wherever a password is sent; a relay without
// one, on the same machine or network, may have no certificate.
func tlsPolicy(u *url.URL) (gomail.TLSPolicy, error) {
	switch tls := u.Query().Get("tls"); tls {
	case "":
		if u.Scheme == "smtp" && u.User.Username() == "" {
			return gomail.TLSOpportunistic, nil
		}
		return gomail.TLSMandatory, nil
	case "none":
		return gomail.NoTLS, nil
	case "opportunistic":
		return gomail.TLSOpportunistic, nil
	case "required":
		return gomail.TLSMandatory, nil
	default:
		return 0, fmt.Errorf("SMTP_URL has tls=%s, which is not known; it is none, opportunistic or required", tls)
	}
}

func (*smtp) Kind() string { return KindSMTP }

func (s *smtp) Send(ctx context.Context, m Message) error {
	to, err := check(m)
	if err != nil {
		return err
	}
	msg := gomail.NewMsg(gomail.WithCharset(gomail.CharsetUTF8), gomail.WithEncoding(gomail.EncodingQP))
	msg.FromMailAddress(s.from)
	if err := msg.To(to); err != nil {
		return fmt.Errorf("addressing the mail %s: %w", m.ID, err)
	}
	msg.Subject(m.Subject)
	msg.SetDateWithValue(m.At)
	msg.SetMessageIDWithValue(m.ID.String() + s.from.Address[strings.LastIndexByte(s.from.Address, '@'):])
	// Keeps out-of-office answers from coming back.
	msg.SetGenHeader("Auto-Submitted", "auto-generated")
	msg.SetBodyString(gomail.TypeTextPlain, m.Text)
	msg.AddAlternativeString(gomail.TypeTextHTML, m.HTML)
	if m.Unsubscribe != "" {
		msg.SetGenHeader(gomail.HeaderListUnsubscribe, "<"+m.Unsubscribe+">")
		msg.SetGenHeader(gomail.HeaderListUnsubscribePost, "List-Unsubscribe=One-Click")
	}
	// A client is not safe for several mails at once, and making one is free.
	client, err := gomail.NewClient(s.host, s.options...)
	if err != nil {
		return err
	}
	if err := client.DialWithContext(ctx); err != nil {
		return answer(err)
	}
	// How the conversation ends changes nothing: the server has answered by then.
	defer func() { _ = client.Close() }()
	if err := m.handing(ctx); err != nil {
		return err
	}
	return answer(client.Send(msg))
}

// answer turns the library's error into ours.
func answer(err error) error {
	var sent *gomail.SendError
	if !errors.As(err, &sent) {
		return err
	}
	if sent.ErrorCode() == 0 {
		if sent.Reason == gomail.ErrWriteContent || sent.Reason == gomail.ErrSMTPDataClose {
			return fmt.Errorf("%w: %w", ErrUnsure, err)
		}
		return err
	}
	// Only what is said about this recipient or this text is final: 5xx to the
	// sender or to the login is a matter of configuration, and can be mended.
	about := sent.Reason == gomail.ErrSMTPRcptTo || sent.Reason == gomail.ErrSMTPData || sent.Reason == gomail.ErrSMTPDataClose
	return &Error{Code: sent.ErrorCode(), Refused: about && sent.ErrorCode() >= 500, Detail: sent.Error()}
}
