package notifications_test

import (
	"context"
	"encoding/json"
	"errors"
	"log/slog"
	"net/url"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/google/uuid"

	"vitrine/app/accounts"
	"vitrine/app/fault"
	"vitrine/app/notifications"
	"vitrine/app/platform/bus"
	"vitrine/app/platform/clock"
	"vitrine/app/platform/db"
	"vitrine/app/platform/dbtest"
	"vitrine/app/platform/idem"
	"vitrine/app/platform/mail"
	"vitrine/app/studios"
)

const password = "a short sentence works"

// outside stands in for a mail server's answers; mail_test.go has a real one.
type outside struct {
	mail.Sender
	answers []error
	sent    []mail.Message
}

func (*outside) Kind() string { return mail.KindSMTP }

func (o *outside) Send(ctx context.Context, m mail.Message) error {
	if len(o.answers) > 0 {
		answer := o.answers[0]
		o.answers = o.answers[1:]
		if answer != nil {
			return answer
		}
	}
	o.sent = append(o.sent, m)
	return o.Sender.Send(ctx, m)
}

type house struct {
	*dbtest.Database
	*notifications.Service
	accounts *accounts.Service
	clock    *clock.Manual
	worker   *db.DB
}

// newHouse has everything on the worker's handle, as jobs do; a nil sender is
// the mailbox.
func newHouse(t *testing.T, out *outside) house {
	t.Helper()
	log := slog.New(slog.DiscardHandler)
	h := house{Database: dbtest.New(t), clock: clock.NewManual(time.Date(2030, 1, 2, 12, 0, 0, 0, time.UTC))}
	var err error
	if h.worker, err = db.Open(db.Config{URL: h.WorkerURL, Clock: h.clock.Now, QueryTimeout: time.Minute, WaitTimeout: time.Minute}); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = h.worker.Close() })
	outbox := bus.NewOutbox()
	st, err := studios.New(studios.Config{DB: h.worker, Outbox: outbox})
	if err != nil {
		t.Fatal(err)
	}
	h.accounts, err = accounts.New(accounts.Config{DB: h.worker, Outbox: outbox, Studios: st, Clock: h.clock.Now, Hashing: accounts.Hashing{Memory: 64, Passes: 1}})
	if err != nil {
		t.Fatal(err)
	}
	box, err := mail.Open(mail.Config{Kind: mail.KindMailbox, From: "vitrine@vitrine.example", Log: log})
	if err != nil {
		t.Fatal(err)
	}
	sender := box
	if out != nil {
		out.Sender = box
		sender = out
	}
	h.Service, err = notifications.New(notifications.Config{DB: h.worker, Outbox: outbox, Accounts: h.accounts, Sender: sender,
		BaseURL: &url.URL{Scheme: "https", Host: "vitrine.example"}, Log: log})
	if err != nil {
		t.Fatal(err)
	}
	return h
}

// newest gives the envelope of the newest event of a name.
func (h house) newest(t *testing.T, name string) bus.Envelope {
	t.Helper()
	env := bus.Envelope{Name: name, Attempt: 1}
	var payload string
	h.Row(t, "select id, payload from outbox where event = $1 order by id desc limit 1", name)(&env.ID, &payload)
	env.Payload = json.RawMessage(payload)
	return env
}

func (h house) register(t *testing.T, email string) bus.Envelope {
	t.Helper()
	if _, err := h.accounts.Register(t.Context(), accounts.SignUp{Key: idem.NewKey(), Name: "Win <b>money</b> at https://spam.example", Email: email, Password: password}); err != nil {
		t.Fatal(err)
	}
	return h.newest(t, "accounts.registered.v1")
}

// run hands the envelope to a handler, more than once: delivery is at least once.
func run(t *testing.T, handle func(context.Context, bus.Envelope) error, env bus.Envelope) {
	t.Helper()
	for range 2 {
		if err := handle(t.Context(), env); err != nil {
			t.Fatal(err)
		}
	}
}

func (h house) only(t *testing.T) notifications.Mail {
	t.Helper()
	all, err := h.Newest(t.Context(), uuid.Nil, 10)
	if err != nil || len(all) == 0 {
		t.Fatalf("%d mails, %v", len(all), err)
	}
	m, err := h.Mail(t.Context(), all[0].ID)
	if err != nil {
		t.Fatal(err)
	}
	return m
}

var verifyLink = regexp.MustCompile(`https://vitrine\.example/verify/([A-Za-z0-9_-]{43})`)

func TestSignupMail(t *testing.T) {
	t.Parallel()
	h := newHouse(t, nil)
	run(t, h.OnRegistered, h.register(t, "mara@harbour.example"))
	if n := h.Count(t, "select count(*) from mails"); n != 1 {
		t.Fatalf("%d mails of one event", n)
	}
	m := h.only(t)
	link := verifyLink.FindStringSubmatch(m.Text)
	if m.State != notifications.Queued || m.Recipient != "mara@harbour.example" || link == nil || !strings.Contains(m.HTML, link[0]) {
		t.Fatalf("%+v", m)
	}
	if strings.Contains(m.Text+m.HTML+m.Subject, "money") {
		t.Error("what a stranger typed stands in a mail")
	}
	if n := h.Count(t, "select count(*) from outbox where payload::text like '%' || $1 || '%'", link[1]); n != 0 {
		t.Error("the plain secret stands in the outbox")
	}
	run(t, h.OnMailComposed, h.newest(t, "notifications.mail_composed.v1"))
	m = h.only(t)
	if m.State != notifications.Sent || m.SentAt == nil || !strings.Contains(m.Text, link[0]) {
		t.Errorf("in the mailbox: %+v", m)
	}
	if opened, err := h.accounts.Verify(t.Context(), accounts.VerifyForm{Key: idem.NewKey(), Token: link[1]}); err != nil || opened.Studio == "" {
		t.Errorf("the link of the mail: %+v, %v", opened, err)
	}
	// The same address again: another mail, without a secret.
	run(t, h.OnRegistered, h.register(t, "MARA@harbour.example"))
	m = h.only(t)
	if m.Kind != "signup_known" || verifyLink.MatchString(m.Text) || !strings.Contains(m.Text, "https://vitrine.example/login") || !strings.Contains(m.Text, "https://vitrine.example/reset") {
		t.Errorf("%+v", m)
	}
}

func TestResetMail(t *testing.T) {
	t.Parallel()
	h := newHouse(t, nil)
	run(t, h.OnRegistered, h.register(t, "mara@harbour.example"))
	token := verifyLink.FindStringSubmatch(h.only(t).Text)[1]
	if _, err := h.accounts.Verify(t.Context(), accounts.VerifyForm{Key: idem.NewKey(), Token: token}); err != nil {
		t.Fatal(err)
	}
	for _, email := range []string{"nobody@harbour.example", "mara@harbour.example"} {
		if _, err := h.accounts.AskReset(t.Context(), idem.NewKey(), email); err != nil {
			t.Fatal(err)
		}
		run(t, h.OnResetAsked, h.newest(t, "accounts.reset_asked.v1"))
	}
	if n := h.Count(t, "select count(*) from mails where kind = 'reset'"); n != 1 {
		t.Fatalf("%d reset mails, want one for the address that is known", n)
	}
	link := regexp.MustCompile(`https://vitrine\.example/reset/([A-Za-z0-9_-]{43})`).FindStringSubmatch(h.only(t).Text)
	if link == nil {
		t.Fatal("the mail has no link")
	}
	if _, err := h.accounts.Reset(t.Context(), accounts.NewPassword{Key: idem.NewKey(), Token: link[1], Password: "a newer short sentence"}); err != nil {
		t.Fatal(err)
	}
	run(t, h.OnPasswordChanged, h.newest(t, "accounts.password_changed.v1"))
	if m := h.only(t); m.Kind != "password_changed" || m.Recipient != "mara@harbour.example" {
		t.Errorf("%+v", m)
	}
}

func TestMails_perAddressAreBounded(t *testing.T) {
	t.Parallel()
	h := newHouse(t, nil)
	for range 8 {
		run(t, h.OnRegistered, h.register(t, "target@harbour.example"))
	}
	if n := h.Count(t, "select count(*) from mails"); n != 5 {
		t.Errorf("%d mails to one address in an hour, want 5", n)
	}
	h.clock.Advance(time.Hour)
	run(t, h.OnRegistered, h.register(t, "target@harbour.example"))
	if n := h.Count(t, "select count(*) from mails"); n != 6 {
		t.Errorf("%d mails after an hour, want 6", n)
	}
}

func TestSend_cutsTheSecretOut(t *testing.T) {
	t.Parallel()
	out := &outside{}
	h := newHouse(t, out)
	run(t, h.OnRegistered, h.register(t, "mara@harbour.example"))
	run(t, h.OnMailComposed, h.newest(t, "notifications.mail_composed.v1"))
	if len(out.sent) != 1 || !verifyLink.MatchString(out.sent[0].Text) {
		t.Fatalf("%d mails were sent, want 1 with its link", len(out.sent))
	}
	token := verifyLink.FindStringSubmatch(out.sent[0].Text)[1]
	if n := h.Count(t, "select count(*) from mails m where m::text like '%' || $1 || '%'", token); n != 0 {
		t.Error("the secret is still in the log")
	}
	if m := h.only(t); m.State != notifications.Sent || !strings.Contains(m.Text, "[removed]") {
		t.Errorf("%+v", m)
	}
}

func TestSend_failures(t *testing.T) {
	t.Parallel()
	out := &outside{answers: []error{&mail.Error{Code: 451, Detail: "451 greylisted mara@harbour.example"}, errors.New("connection refused")}}
	h := newHouse(t, out)
	run(t, h.OnRegistered, h.register(t, "mara@harbour.example"))
	env := h.newest(t, "notifications.mail_composed.v1")
	for range 2 {
		if err := h.OnMailComposed(t.Context(), env); err == nil || strings.Contains(err.Error(), "@") {
			t.Errorf("a failed attempt gave %v", err)
		}
	}
	if m := h.only(t); m.State != notifications.Queued || m.Attempts != 2 || m.Error != "connection refused" {
		t.Errorf("%+v", m)
	}
	out.answers = []error{errors.New("still down")}
	env.Attempt = notifications.SendAttempts
	if err := h.OnMailComposed(t.Context(), env); err == nil {
		t.Error("the last failed attempt was no error")
	}
	if m := h.only(t); m.State != notifications.Failed || !verifyLink.MatchString(m.Text) {
		t.Errorf("a mail that was given up cannot be replayed: %+v", m)
	}
	run(t, h.OnMailComposed, env) // a person replays the dead letter
	if m := h.only(t); m.State != notifications.Sent || m.Error != "" || len(out.sent) != 1 {
		t.Errorf("%+v", m)
	}
}

func TestSend_refusedForGood(t *testing.T) {
	t.Parallel()
	out := &outside{answers: []error{&mail.Error{Code: 550, Refused: true, Detail: strings.Repeat("no such mailbox ", 200)}}}
	h := newHouse(t, out)
	run(t, h.OnRegistered, h.register(t, "nobody@harbour.example"))
	if err := h.OnMailComposed(t.Context(), h.newest(t, "notifications.mail_composed.v1")); err != nil {
		t.Errorf("a mail that can never arrive is tried again: %v", err)
	}
	if m := h.only(t); m.State != notifications.Failed || verifyLink.MatchString(m.Text) || len(m.Error) != 1000 {
		t.Errorf("%+v", m)
	}
}

func TestMails_areNotForTheApp(t *testing.T) {
	t.Parallel()
	h := newHouse(t, nil)
	var n int
	if err := h.App.Read(t.Context()).SQL(t.Context()).Raw("select count(*) from mails").Scan(&n).Error; err == nil {
		t.Error("the role that answers requests may read mails")
	}
}

func TestNewest_pages(t *testing.T) {
	t.Parallel()
	h := newHouse(t, nil)
	for _, who := range []string{"a", "b", "c"} {
		run(t, h.OnRegistered, h.register(t, who+"@harbour.example"))
	}
	page, err := h.Newest(t.Context(), uuid.Nil, 2)
	if err != nil || len(page) != 2 || page[0].Recipient != "c@harbour.example" {
		t.Fatalf("%+v, %v", page, err)
	}
	rest, err := h.Newest(t.Context(), page[1].ID, 2)
	if err != nil || len(rest) != 1 || rest[0].Recipient != "a@harbour.example" {
		t.Errorf("%+v, %v", rest, err)
	}
	if _, err := h.Mail(t.Context(), uuid.New()); !fault.Is(err, fault.NotFound) {
		t.Errorf("a mail that is not there: %v", err)
	}
	h.clock.Advance(notifications.Keep + time.Hour)
	if err := h.worker.Transact(t.Context(), func(tx db.Tx) error {
		n, err := h.Forget(t.Context(), tx)
		if n != 3 {
			t.Errorf("%d mails were forgotten, want 3", n)
		}
		return err
	}); err != nil {
		t.Fatal(err)
	}
}

func TestHandlers_refuseOtherEvents(t *testing.T) {
	t.Parallel()
	h := newHouse(t, nil)
	env := bus.Envelope{ID: uuid.New(), Name: "works.published.v1", Payload: json.RawMessage(`{}`)}
	for name, handle := range map[string]func(context.Context, bus.Envelope) error{
		"OnRegistered": h.OnRegistered, "OnResetAsked": h.OnResetAsked, "OnPasswordChanged": h.OnPasswordChanged, "OnMailComposed": h.OnMailComposed,
	} {
		if err := handle(t.Context(), env); err == nil {
			t.Errorf("%s took another event", name)
		}
	}
	// What is gone meanwhile needs no mail.
	gone := bus.Envelope{ID: uuid.New(), Name: "accounts.registered.v1", Payload: json.RawMessage(`{"signup_id":"` + uuid.NewString() + `"}`)}
	if err := h.OnRegistered(t.Context(), gone); err != nil {
		t.Errorf("a sign-up that is gone: %v", err)
	}
}
