package notifications_test

import (
	"context"
	"database/sql"
	"io"
	"log/slog"
	"net"
	"net/url"
	"os"
	"os/exec"
	"os/signal"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	gosmtp "github.com/emersion/go-smtp"

	"vitrine/app/accounts"
	"vitrine/app/notifications"
	"vitrine/app/platform/bus"
	"vitrine/app/platform/db"
	"vitrine/app/platform/id"
	"vitrine/app/platform/mail"
	"vitrine/app/platform/queue"
	"vitrine/app/studios"
)

// The child process finds its world in these.
const (
	childURL  = "MAIL_TEST_WORKER_URL"
	childSMTP = "MAIL_TEST_SMTP_URL"
)

// server is a mail server that takes every mail, and calls taken before it says so.
type server struct {
	mu    sync.Mutex
	raw   []string
	taken func(n int)
}

func (s *server) NewSession(*gosmtp.Conn) (gosmtp.Session, error) { return s, nil }
func (*server) Reset()                                            {}
func (*server) Logout() error                                     { return nil }
func (*server) Mail(string, *gosmtp.MailOptions) error            { return nil }
func (*server) Rcpt(string, *gosmtp.RcptOptions) error            { return nil }

func (s *server) Data(r io.Reader) error {
	raw, err := io.ReadAll(r)
	s.mu.Lock()
	s.raw = append(s.raw, string(raw))
	n := len(s.raw)
	s.mu.Unlock()
	s.taken(n)
	return err
}

func (s *server) all() []string {
	s.mu.Lock()
	defer s.mu.Unlock()
	return append([]string{}, s.raw...)
}

func (s *server) listen(t *testing.T) (at string) {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	serving := gosmtp.NewServer(s)
	serving.Domain = "sink.example"
	go func() { _ = serving.Serve(l) }()
	t.Cleanup(func() { _ = serving.Close() })
	return "smtp://" + l.Addr().String() + "?tls=none"
}

// deaths lets that many processes die between the moment in which the server has
// the mail and the commit of that, and one more live.
func deaths(t *testing.T, many int) (h house, s *server) {
	t.Helper()
	h = newHouse(t, nil)
	mailID := id.New()
	h.Exec(t, `insert into mails (id, kind, recipient, to_key, subject, text, html, unsubscribe, created_at)
		values ($1, 'notice_like', 'mara@harbour.example', 'mara@harbour.example', 'Ines liked Low Water', 'text', '<p>text</p>', 'https://vitrine.example/unsubscribe/abc', now())`, mailID)
	h.Exec(t, `insert into outbox (id, event, payload, created_at) values ($1, 'notifications.mail_composed.v1', jsonb_build_object('mail_id', $2::text), now())`, id.New(), mailID)
	held := make(chan *sql.Tx, 1)
	s = &server{taken: func(n int) {
		if n > many {
			return
		}
		// Whoever sent it cannot write that down any more.
		tx, err := h.Owner.BeginTx(context.Background(), nil)
		if err == nil {
			_, err = tx.Exec("select from mails where id = $1 for update", mailID)
		}
		if err != nil {
			t.Error(err)
		}
		held <- tx
	}}
	at := s.listen(t)
	for range many {
		child := childProcess(t, h.WorkerURL, at)
		select {
		case tx := <-held:
			h.Await(t, "select count(*) = 1 from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock'")
			if err := child.Process.Kill(); err != nil {
				t.Fatal(err)
			}
			_ = child.Wait()
			_ = tx.Rollback()
		case <-time.After(3 * time.Minute):
			t.Fatal("no mail arrived")
		}
		// What the lease's time would do.
		h.Exec(t, `update tasks set leased_until = now() - interval '1 minute' where owner is not null`)
	}
	child := childProcess(t, h.WorkerURL, at)
	h.Await(t, "select count(*) = 0 from tasks")
	h.Await(t, "select count(*) = 0 from outbox where sent_at is null")
	h.Await(t, "select count(*) = 0 from mails where state = 'queued'")
	if err := child.Process.Signal(syscall.SIGTERM); err != nil {
		t.Fatal(err)
	}
	if err := child.Wait(); err != nil {
		t.Errorf("the last process ended with %v", err)
	}
	return h, s
}

// TestKilled_sentAtMostTwice kills a process between the hand-over to the mail
// server and the commit. The mail goes out once more and is the same one.
func TestKilled_sentAtMostTwice(t *testing.T) {
	t.Parallel()
	h, s := deaths(t, 1)
	all := s.all()
	if len(all) != 2 {
		t.Fatalf("the mail arrived %d times, want 2", len(all))
	}
	messageID := func(raw string) string {
		_, rest, _ := strings.Cut(raw, "Message-ID: ")
		line, _, _ := strings.Cut(rest, "\r\n")
		return line
	}
	if messageID(all[0]) == "" || messageID(all[0]) != messageID(all[1]) {
		t.Errorf("%q and %q are not the same mail", messageID(all[0]), messageID(all[1]))
	}
	for _, want := range []string{"List-Unsubscribe: <https://vitrine.example/unsubscribe/abc>", "List-Unsubscribe-Post: List-Unsubscribe=One-Click"} {
		if !strings.Contains(all[1], want) {
			t.Errorf("the mail lacks %s:\n%s", want, all[1])
		}
	}
	if n := h.Count(t, "select count(*) from mails where state = 'sent'"); n != 1 {
		t.Error("the log does not say that it was sent")
	}
}

// TestKilled_twice: a mail whose fate is unknown twice is not sent a third time,
// and the log says so to a person, who may.
func TestKilled_twice(t *testing.T) {
	t.Parallel()
	h, s := deaths(t, 2)
	if n := len(s.all()); n != 2 {
		t.Errorf("the mail arrived %d times, want 2", n)
	}
	if n := h.Count(t, "select count(*) from mails where state = 'failed' and error like 'It was handed over twice%'"); n != 1 {
		t.Error("the log does not say what happened")
	}
}

func childProcess(t *testing.T, worker, smtp string) *exec.Cmd {
	t.Helper()
	cmd := exec.Command(os.Args[0], "-test.run=^TestChildProcess$")
	cmd.Env = append(os.Environ(), childURL+"="+worker, childSMTP+"="+smtp)
	cmd.Stderr = os.Stderr
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = cmd.Process.Kill() })
	return cmd
}

// TestChildProcess is the process that sends; alone it does nothing.
func TestChildProcess(t *testing.T) {
	worker, smtp := os.Getenv(childURL), os.Getenv(childSMTP)
	if worker == "" {
		t.Skip("This is the sending process of TestKilled, which starts it by itself.")
	}
	ctx, stop := signal.NotifyContext(context.Background(), syscall.SIGTERM)
	defer stop()
	if err := send(ctx, worker, smtp); err != nil {
		t.Fatal(err)
	}
}

func send(ctx context.Context, worker, smtp string) error {
	d, err := db.Open(db.Config{URL: worker, QueryTimeout: time.Minute, WaitTimeout: time.Minute})
	if err != nil {
		return err
	}
	outbox, log := bus.NewOutbox(), slog.New(slog.DiscardHandler)
	st, err := studios.New(studios.Config{DB: d, Outbox: outbox})
	if err != nil {
		return err
	}
	people, err := accounts.New(accounts.Config{DB: d, Outbox: outbox, Studios: st})
	if err != nil {
		return err
	}
	sender, err := mail.Open(mail.Config{Kind: mail.KindSMTP, URL: smtp, From: "vitrine@vitrine.example", Log: log})
	if err != nil {
		return err
	}
	s, err := notifications.New(notifications.Config{DB: d, Outbox: outbox, Accounts: people, Studios: st, Sender: sender, BaseURL: &url.URL{Scheme: "https", Host: "vitrine.example"}, Log: log})
	if err != nil {
		return err
	}
	q, err := queue.Open(queue.Config{Kind: "inline", DB: d, Outbox: outbox, Log: log, Subscriptions: []queue.Subscription{
		{Event: notifications.MailComposed{}.EventName(), Name: notifications.SubscriberSend, Queue: queue.Critical, Timeout: time.Minute, MaxAttempts: notifications.SendAttempts, Handle: s.OnMailComposed},
	}})
	if err != nil {
		return err
	}
	return q.Run(ctx)
}
