package mail

import (
	"bufio"
	"context"
	"errors"
	"io"
	"log/slog"
	"net"
	netmail "net/mail"
	"strings"
	"sync"
	"testing"
	"time"

	gosmtp "github.com/emersion/go-smtp"
	"github.com/google/uuid"
)

// sink is a real SMTP server that keeps what it gets.
type sink struct {
	mu    sync.Mutex
	mails []received
}

type received struct {
	from string
	to   []string
	raw  string
}

func (s *sink) NewSession(*gosmtp.Conn) (gosmtp.Session, error) { return &session{sink: s}, nil }

func (s *sink) all() []received {
	s.mu.Lock()
	defer s.mu.Unlock()
	return append([]received{}, s.mails...)
}

type session struct {
	sink *sink
	mail received
}

func (s *session) Reset()        { s.mail = received{} }
func (s *session) Logout() error { return nil }

func (s *session) Mail(from string, _ *gosmtp.MailOptions) error {
	s.mail.from = from
	return nil
}

func (s *session) Rcpt(to string, _ *gosmtp.RcptOptions) error {
	switch {
	case strings.HasPrefix(to, "nobody@"):
		return &gosmtp.SMTPError{Code: 550, EnhancedCode: gosmtp.EnhancedCode{5, 1, 1}, Message: "no such mailbox: " + to}
	case strings.HasPrefix(to, "later@"):
		return &gosmtp.SMTPError{Code: 451, EnhancedCode: gosmtp.EnhancedCode{4, 7, 1}, Message: "greylisted"}
	}
	s.mail.to = append(s.mail.to, to)
	return nil
}

func (s *session) Data(r io.Reader) error {
	raw, err := io.ReadAll(r)
	s.mail.raw = string(raw)
	s.sink.mu.Lock()
	defer s.sink.mu.Unlock()
	s.sink.mails = append(s.sink.mails, s.mail)
	return err
}

// startSink serves on a free port until the test ends.
func startSink(t *testing.T) (*sink, string) {
	t.Helper()
	s := &sink{}
	server := gosmtp.NewServer(s)
	server.Domain = "sink.example"
	server.EnableSMTPUTF8 = true
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	go func() { _ = server.Serve(l) }()
	t.Cleanup(func() { _ = server.Close() })
	return s, "smtp://" + l.Addr().String()
}

func open(t *testing.T, c Config) Sender {
	t.Helper()
	c.From = "Vitrine Mail <vitrine@bücher.example>"
	c.Log = slog.New(slog.DiscardHandler)
	s, err := Open(c)
	if err != nil {
		t.Fatal(err)
	}
	return s
}

func message() Message {
	return Message{ID: uuid.MustParse("0192b3a4-0000-7000-8000-000000000001"), To: "mara@harbour.example", Subject: "Größe, שלום, 日本",
		Text: "Open https://vitrine.example/verify/abc\n.\nA line with one dot stands above.\n", HTML: "<p>Open <a href=\"https://vitrine.example/verify/abc\">the link</a></p>",
		At: time.Date(2026, 3, 1, 9, 0, 0, 0, time.UTC)}
}

// TestSender_contract runs over every implementation.
func TestSender_contract(t *testing.T) {
	s, url := startSink(t)
	for _, c := range []Config{{Kind: KindMailbox}, {Kind: KindSMTP, URL: url}} {
		t.Run(c.Kind, func(t *testing.T) {
			sender := open(t, c)
			if sender.Kind() != c.Kind {
				t.Errorf("Kind() = %s, want %s", sender.Kind(), c.Kind)
			}
			if err := sender.Send(t.Context(), message()); err != nil {
				t.Errorf("a good mail: %v", err)
			}
			before := len(s.all())
			for name, change := range map[string]func(*Message){
				"CRLF in the subject":   func(m *Message) { m.Subject = "Hello\r\nBcc: all@example.org" },
				"LF in the subject":     func(m *Message) { m.Subject = "Hello\nBcc: all@example.org" },
				"NUL in the subject":    func(m *Message) { m.Subject = "Hello\x00" },
				"no subject":            func(m *Message) { m.Subject = "" },
				"CRLF in the recipient": func(m *Message) { m.To = "mara@harbour.example\r\nRCPT TO:<all@example.org>" },
				"two recipients":        func(m *Message) { m.To = "mara@harbour.example, all@example.org" },
				"a display name":        func(m *Message) { m.To = "Mara <mara@harbour.example>" },
				"no recipient":          func(m *Message) { m.To = "" },
				"no text":               func(m *Message) { m.Text = "" },
				"no HTML":               func(m *Message) { m.HTML = "" },
				"CRLF in the link":      func(m *Message) { m.Unsubscribe = "https://a.example/u\r\nBcc: all@example.org" },
				"two links":             func(m *Message) { m.Unsubscribe = "https://a.example/u>, <mailto:all@example.org" },
				"a mail kept back":      func(m *Message) { m.Handing = func(context.Context) error { return errors.New("not now") } },
			} {
				m := message()
				change(&m)
				if err := sender.Send(t.Context(), m); err == nil {
					t.Errorf("%s: the mail was taken", name)
				}
			}
			if got := len(s.all()); got != before {
				t.Errorf("%d refused mails reached the server", got-before)
			}
		})
	}
}

func TestSMTP_delivers(t *testing.T) {
	s, url := startSink(t)
	m := message()
	m.To = "mara@bücher.example"
	if err := open(t, Config{Kind: KindSMTP, URL: url}).Send(t.Context(), m); err != nil {
		t.Fatal(err)
	}
	all := s.all()
	if len(all) != 1 {
		t.Fatalf("%d mails arrived, want 1", len(all))
	}
	if got := all[0]; got.from != "vitrine@xn--bcher-kva.example" || len(got.to) != 1 || got.to[0] != "mara@xn--bcher-kva.example" {
		t.Errorf("the envelope is from %s to %v", got.from, got.to)
	}
	parsed, err := netmail.ReadMessage(strings.NewReader(all[0].raw))
	if err != nil {
		t.Fatal(err)
	}
	if got := parsed.Header.Get("Message-Id"); got != "<"+m.ID.String()+"@xn--bcher-kva.example>" {
		t.Errorf("Message-ID = %s", got)
	}
	for _, want := range []string{"text/plain", "text/html", "multipart/alternative", "Auto-Submitted: auto-generated", "verify/abc"} {
		if !strings.Contains(all[0].raw, want) {
			t.Errorf("the mail lacks %q:\n%s", want, all[0].raw)
		}
	}
}

func TestSMTP_answers(t *testing.T) {
	_, url := startSink(t)
	sender := open(t, Config{Kind: KindSMTP, URL: url})
	for to, want := range map[string]Error{
		"nobody@harbour.example": {Code: 550, Refused: true},
		"later@harbour.example":  {Code: 451},
	} {
		m := message()
		m.To = to
		var got *Error
		if err := sender.Send(t.Context(), m); !errors.As(err, &got) || got.Code != want.Code || got.Refused != want.Refused {
			t.Errorf("%s: %v, want %+v", to, err, want)
		} else if strings.Contains(got.Error(), "@") {
			t.Errorf("%s: the error for logs names the recipient: %v", to, got)
		}
	}
}

func TestSMTP_unreachable(t *testing.T) {
	sender := open(t, Config{Kind: KindSMTP, URL: "smtp://127.0.0.1:1"}) // which the kernel gives to nobody
	var answered *Error
	if err := sender.Send(t.Context(), message()); err == nil || errors.As(err, &answered) {
		t.Errorf("a server that is down gave %v", err)
	}
}

func TestSMTP_silentServerIsBounded(t *testing.T) {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = l.Close() })
	sender := open(t, Config{Kind: KindSMTP, URL: "smtp://" + l.Addr().String(), Wait: 200 * time.Millisecond})
	ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
	defer cancel()
	if err := sender.Send(ctx, message()); err == nil || ctx.Err() != nil {
		t.Errorf("a server that says nothing gave %v, %v", err, ctx.Err())
	}
}

func TestOpen_refuses(t *testing.T) {
	for name, c := range map[string]Config{
		"an unknown kind":   {Kind: "pigeon", From: "a@b.example"},
		"no sender":         {Kind: KindMailbox},
		"a broken sender":   {Kind: KindMailbox, From: "Vitrine <vitrine"},
		"no URL":            {Kind: KindSMTP, From: "a@b.example"},
		"another protocol":  {Kind: KindSMTP, From: "a@b.example", URL: "https://mail.example"},
		"an unknown policy": {Kind: KindSMTP, From: "a@b.example", URL: "smtp://u:secret@mail.example?tls=maybe"},
		"a broken URL":      {Kind: KindSMTP, From: "a@b.example", URL: "smtp://u:secret@mail example:x"},
	} {
		if _, err := Open(c); err == nil {
			t.Errorf("%s was taken", name)
		} else if strings.Contains(err.Error(), "secret") {
			t.Errorf("%s: the error repeats the password: %v", name, err)
		}
	}
}

// TestSMTP_unsubscribes: both headers of RFC 8058 and, with no link, neither.
func TestSMTP_unsubscribes(t *testing.T) {
	s, url := startSink(t)
	sender := open(t, Config{Kind: KindSMTP, URL: url})
	m := message()
	m.Unsubscribe = "https://vitrine.example/unsubscribe/" + strings.Repeat("aB3-_", 24)
	for _, m := range []Message{m, message()} {
		if err := sender.Send(t.Context(), m); err != nil {
			t.Fatal(err)
		}
	}
	for i, want := range []string{"<" + m.Unsubscribe + ">", ""} {
		parsed, err := netmail.ReadMessage(strings.NewReader(s.all()[i].raw))
		if err != nil {
			t.Fatal(err)
		}
		if got := parsed.Header.Get("List-Unsubscribe"); strings.ReplaceAll(got, " ", "") != want {
			t.Errorf("List-Unsubscribe = %q, want %q", got, want)
		}
		if got := parsed.Header.Get("List-Unsubscribe-Post"); (got == "List-Unsubscribe=One-Click") != (want != "") {
			t.Errorf("List-Unsubscribe-Post = %q", got)
		}
	}
}

// TestSMTP_breaksInTheMiddle: when the line breaks after the mail and before the
// answer, nobody knows whether it arrived; before the mail, everybody does.
func TestSMTP_breaksInTheMiddle(t *testing.T) {
	for name, c := range map[string]struct {
		until  string
		unsure bool
	}{"at the greeting": {"EHLO", false}, "before the mail": {"DATA", false}, "after the mail": {".", true}} {
		t.Run(name, func(t *testing.T) {
			l, err := net.Listen("tcp", "127.0.0.1:0")
			if err != nil {
				t.Fatal(err)
			}
			t.Cleanup(func() { _ = l.Close() })
			go breakOff(l, c.until)
			sender := open(t, Config{Kind: KindSMTP, URL: "smtp://" + l.Addr().String() + "?tls=none"})
			err = sender.Send(t.Context(), message())
			if err == nil || errors.Is(err, ErrUnsure) != c.unsure {
				t.Errorf("%v", err)
			}
		})
	}
}

// breakOff talks as a mail server does until it reads that line.
func breakOff(l net.Listener, until string) {
	conn, err := l.Accept()
	if err != nil {
		return
	}
	defer func() { _ = conn.Close() }()
	_, _ = io.WriteString(conn, "220 sink.example\r\n")
	lines := bufio.NewScanner(conn)
	for data := false; lines.Scan(); {
		line := lines.Text()
		if line == until || line != "." && strings.HasPrefix(line, until) && !data {
			return
		}
		switch {
		case data:
			data = line != "."
		case line == "DATA":
			data = true
			_, _ = io.WriteString(conn, "354 go on\r\n")
		default:
			_, _ = io.WriteString(conn, "250 fine\r\n")
		}
	}
}
