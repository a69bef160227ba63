package accounts_test

import (
	"context"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/google/uuid"

	"vitrine/app/accounts"
	"vitrine/app/fault"
	"vitrine/app/platform/bus"
	"vitrine/app/platform/clock"
	"vitrine/app/platform/db"
	"vitrine/app/platform/dbtest"
	"vitrine/app/platform/idem"
	"vitrine/app/studios"
)

var noon = time.Date(2030, 1, 2, 12, 0, 0, 0, time.UTC)

const password = "a short sentence works"

// cheap keeps the tests quick; hasher_test.go looks at the real parameters.
var cheap = accounts.Hashing{Memory: 64, Passes: 1}

// house is the service on a database of its own, with a clock moved by hand.
type house struct {
	*dbtest.Database
	*accounts.Service
	studios *studios.Service
	db      *db.DB
	clock   *clock.Manual
}

func newHouse(t *testing.T) house {
	t.Helper()
	h := house{Database: dbtest.New(t), clock: clock.NewManual(noon)}
	var err error
	if h.db, err = db.Open(db.Config{URL: h.AppURL, Clock: h.clock.Now, WaitTimeout: 10 * time.Second}); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = h.db.Close() })
	outbox := bus.NewOutbox()
	if h.studios, err = studios.New(studios.Config{DB: h.db, Outbox: outbox}); err != nil {
		t.Fatal(err)
	}
	h.Service = h.with(t, cheap)
	return h
}

func (h house) with(t *testing.T, hashing accounts.Hashing) *accounts.Service {
	t.Helper()
	s, err := accounts.New(accounts.Config{DB: h.db, Outbox: bus.NewOutbox(), Studios: h.studios, Clock: h.clock.Now, Hashing: hashing, Secret: "the secret of an installation"})
	if err != nil {
		t.Fatal(err)
	}
	return s
}

// register fills in the form and gives the sign-up's id, from its event.
func (h house) register(t *testing.T, name, email, password string) uuid.UUID {
	t.Helper()
	before := h.Count(t, "select count(*) from signups")
	if _, err := h.Register(t.Context(), accounts.SignUp{Key: idem.NewKey(), Name: name, Email: email, Password: password}); err != nil {
		t.Fatal(err)
	}
	if after := h.Count(t, "select count(*) from signups"); after != before+1 {
		t.Fatalf("the form made %d sign-ups", after-before)
	}
	var id uuid.UUID
	h.Row(t, `select payload->>'signup_id' from outbox where event = 'accounts.registered.v1' order by id desc limit 1`)(&id)
	return id
}

// link composes the mail of a sign-up and gives its token.
func (h house) link(t *testing.T, signup uuid.UUID) string {
	t.Helper()
	var l accounts.Letter
	transact(t, h.db, func(tx db.Tx) (err error) {
		l, _, err = h.SignupLetter(t.Context(), tx, signup)
		return err
	})
	return l.Token
}

// resetLink composes the mail for a new password and gives its token.
func (h house) resetLink(t *testing.T, user uuid.UUID) string {
	t.Helper()
	var l accounts.Letter
	transact(t, h.db, func(tx db.Tx) (err error) {
		l, err = h.ResetLetter(t.Context(), tx, user)
		return err
	})
	return l.Token
}

func transact(t *testing.T, d *db.DB, fn func(tx db.Tx) error) {
	t.Helper()
	if err := d.Transact(t.Context(), fn); err != nil {
		t.Fatal(err)
	}
}

// member signs somebody up and verifies the address.
func (h house) member(t *testing.T, name, email string) accounts.Opened {
	t.Helper()
	opened, err := h.Verify(t.Context(), accounts.VerifyForm{Key: idem.NewKey(), Token: h.link(t, h.register(t, name, email, password)), Device: "test"})
	if err != nil {
		t.Fatal(err)
	}
	return opened
}

func (h house) login(ctx context.Context, email, password string) (accounts.Opened, error) {
	return h.Login(ctx, accounts.Login{Email: email, Password: password, Device: "test"})
}

func want(t *testing.T, err error, kind fault.Kind) {
	t.Helper()
	if !fault.Is(err, kind) {
		t.Errorf("the error is %v, want one of kind %q", err, kind)
	}
}

func TestRegister_andVerify(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	signup := h.register(t, "  Teresa   Lima ", "Teresa@Harbour.example", password)
	if _, err := h.login(t.Context(), "teresa@harbour.example", password); !fault.Is(err, fault.Invalid) {
		t.Errorf("an address that was not proven signed in: %v", err)
	}
	token := h.link(t, signup)
	p, err := h.FindSignup(t.Context(), token)
	if err != nil || p != (accounts.PendingSignup{State: accounts.LinkGood, Email: "Teresa@Harbour.example", Name: "Teresa Lima"}) {
		t.Fatalf("FindSignup: %+v, %v", p, err)
	}
	opened, err := h.Verify(t.Context(), accounts.VerifyForm{Key: idem.NewKey(), Token: token, Device: "test"})
	if err != nil {
		t.Fatal(err)
	}
	if opened.Studio != "teresa-lima" {
		t.Errorf("the studio is %q", opened.Studio)
	}
	s, err := h.Authenticate(t.Context(), opened.Token)
	if err != nil || s.Email != "Teresa@Harbour.example" || s.Name != "Teresa Lima" || s.Admin {
		t.Errorf("the session is %+v, %v", s, err)
	}
	of, err := h.studios.OfMember(t.Context(), opened.UserID)
	if err != nil || len(of) != 1 || of[0].Slug != "teresa-lima" || of[0].Role != studios.Owner || !of[0].Personal {
		t.Errorf("the studios are %+v, %v", of, err)
	}
	if _, err := h.login(t.Context(), "TERESA@harbour.EXAMPLE", password); err != nil {
		t.Errorf("signing in with another spelling: %v", err)
	}
	if n := h.Count(t, "select count(*) from outbox where event = 'accounts.verified.v1'"); n != 1 {
		t.Errorf("%d verified events", n)
	}
}

func TestRegister_sentTwice(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	form := accounts.SignUp{Key: idem.NewKey(), Name: "Mara", Email: "mara@harbour.example", Password: password}
	for range 3 {
		if _, err := h.Register(t.Context(), form); err != nil {
			t.Fatal(err)
		}
	}
	if n := h.Count(t, "select count(*) from outbox"); n != 1 {
		t.Errorf("%d events of one form", n)
	}
	// Somebody who went back and corrected the address sends the same key.
	form.Email = "mara@harbor.example"
	if _, err := h.Register(t.Context(), form); err != nil {
		t.Fatal(err)
	}
	if n := h.Count(t, "select count(*) from signups where email = 'mara@harbor.example'"); n != 1 {
		t.Error("the corrected form was taken for the first one")
	}
	form.Key = "short"
	_, err := h.Register(t.Context(), form)
	want(t, err, fault.Invalid)
}

// TestRegister_tellsNothing compares what the database does for an address that
// has an account, one that waits, and one that nobody has seen.
func TestRegister_tellsNothing(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	h.member(t, "Known", "known@harbour.example")
	h.register(t, "Waiting", "waiting@harbour.example", password)
	for _, who := range []string{"known", "waiting", "unseen"} {
		signups, events := h.Count(t, "select count(*) from signups"), h.Count(t, "select count(*) from outbox")
		to, err := h.Register(t.Context(), accounts.SignUp{Key: idem.NewKey(), Name: "X", Email: who + "@harbour.example", Password: password})
		if err != nil || to != who+"@harbour.example" {
			t.Errorf("%s: %q, %v", who, to, err)
		}
		if s, e := h.Count(t, "select count(*) from signups")-signups, h.Count(t, "select count(*) from outbox")-events; s != 1 || e != 1 {
			t.Errorf("%s: %d sign-ups and %d events, want one of each", who, s, e)
		}
		events = h.Count(t, "select count(*) from outbox")
		if _, err := h.AskReset(t.Context(), idem.NewKey(), who+"@harbour.example"); err != nil {
			t.Errorf("%s: AskReset: %v", who, err)
		}
		if e := h.Count(t, "select count(*) from outbox") - events; e != 1 {
			t.Errorf("%s: asking for a reset wrote %d events, want 1", who, e)
		}
	}
}

func TestSignupLetter_ofKnownAddress(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	h.member(t, "Known", "known@harbour.example")
	signup := h.register(t, "Stranger", "KNOWN@harbour.example", "another short sentence")
	transact(t, h.db, func(tx db.Tx) error {
		l, known, err := h.SignupLetter(t.Context(), tx, signup)
		if !known || l.Token != "" || l.To != "KNOWN@harbour.example" {
			t.Errorf("the letter is %+v, known %v", l, known)
		}
		return err
	})
	if _, err := h.login(t.Context(), "known@harbour.example", password); err != nil {
		t.Errorf("the stranger's form changed the account: %v", err)
	}
	_, err := h.login(t.Context(), "known@harbour.example", "another short sentence")
	want(t, err, fault.Invalid)
}

// TestVerify_strangersForm: a stranger signs the victim's address up, before or
// after the victim does. Whichever link the victim opens, the stranger's
// password never becomes that of the victim's account.
func TestVerify_strangersForm(t *testing.T) {
	t.Parallel()
	for _, order := range []string{"before", "after"} {
		t.Run(order, func(t *testing.T) {
			t.Parallel()
			h := newHouse(t)
			const email, theirs = "victim@harbour.example", "the stranger's sentence"
			var mine, other string
			if order == "before" {
				other = h.link(t, h.register(t, "Stranger", email, theirs))
				mine = h.link(t, h.register(t, "Victim", email, password))
			} else {
				mine = h.link(t, h.register(t, "Victim", email, password))
				other = h.link(t, h.register(t, "Stranger", email, theirs))
			}
			for _, typed := range []string{"", password} {
				_, err := h.Verify(t.Context(), accounts.VerifyForm{Key: idem.NewKey(), Token: other, Password: typed})
				if fault.FieldsOf(err)["password"] == "" {
					t.Errorf("the stranger's link with the password %q gave %v", typed, err)
				}
			}
			if p, err := h.FindSignup(t.Context(), mine); err != nil || !p.AskPassword {
				t.Errorf("the page does not ask for the password: %+v, %v", p, err)
			}
			opened, err := h.Verify(t.Context(), accounts.VerifyForm{Key: idem.NewKey(), Token: mine, Password: password})
			if err != nil {
				t.Fatal(err)
			}
			if s, err := h.Authenticate(t.Context(), opened.Token); err != nil || s.Name != "Victim" {
				t.Errorf("the account is %+v, %v", s, err)
			}
			_, err = h.login(t.Context(), email, theirs)
			want(t, err, fault.Invalid)
			_, err = h.Verify(t.Context(), accounts.VerifyForm{Key: idem.NewKey(), Token: other, Password: theirs})
			want(t, err, fault.Conflict)
		})
	}
}

func TestVerify_onceAndInTime(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	_, err := h.Verify(t.Context(), accounts.VerifyForm{Key: idem.NewKey(), Token: strings.Repeat("x", 43)})
	want(t, err, fault.NotFound)

	token := h.link(t, h.register(t, "Late", "late@harbour.example", password))
	h.clock.Advance(accounts.VerifyLife)
	_, err = h.Verify(t.Context(), accounts.VerifyForm{Key: idem.NewKey(), Token: token})
	want(t, err, fault.Conflict)
	if p, _ := h.FindSignup(t.Context(), token); p.State != accounts.LinkExpired {
		t.Errorf("the state is %v", p.State)
	}
	to, err := h.SendAgain(t.Context(), idem.NewKey(), token)
	if err != nil || to != "late@harbour.example" {
		t.Fatalf("SendAgain: %q, %v", to, err)
	}
	var signup uuid.UUID
	h.Row(t, `select payload->>'signup_id' from outbox order by id desc limit 1`)(&signup)
	form := accounts.VerifyForm{Key: idem.NewKey(), Token: h.link(t, signup)}
	first, err := h.Verify(t.Context(), form)
	if err != nil {
		t.Fatal(err)
	}
	// The double click: the same form again, while its answer is on the way.
	second, err := h.Verify(t.Context(), form)
	if err != nil || second.UserID != first.UserID || second.Studio != first.Studio || second.Token == first.Token {
		t.Errorf("the same form gave %+v, %v", second, err)
	}
	h.clock.Advance(time.Hour)
	_, err = h.Verify(t.Context(), form)
	want(t, err, fault.Conflict)
	form.Key = idem.NewKey()
	_, err = h.Verify(t.Context(), form)
	want(t, err, fault.Conflict)
	_, err = h.SendAgain(t.Context(), idem.NewKey(), token)
	want(t, err, fault.Conflict)
	if n := h.Count(t, "select count(*) from users"); n != 1 {
		t.Errorf("%d people", n)
	}
}

// TestVerify_race: two sign-ups of one address are verified at the same moment,
// and a third one by two clicks at once.
func TestVerify_race(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	const email = "twin@harbour.example"
	var tokens []string
	for i := range 3 {
		tokens = append(tokens, h.link(t, h.register(t, fmt.Sprintf("Twin %d", i), email, password)))
	}
	tokens = append(tokens, tokens[2])
	results := make(chan error, len(tokens))
	for _, token := range tokens {
		go func() {
			_, err := h.Verify(context.WithoutCancel(t.Context()), accounts.VerifyForm{Key: idem.NewKey(), Token: token, Password: password})
			results <- err
		}()
	}
	won := 0
	for range tokens {
		if err := <-results; err == nil {
			won++
		} else {
			want(t, err, fault.Conflict)
		}
	}
	if n := h.Count(t, "select count(*) from users"); won != 1 || n != 1 {
		t.Errorf("%d links worked and made %d people", won, n)
	}
	if n := h.Count(t, "select count(*) from studios"); n != 1 {
		t.Errorf("%d studios", n)
	}
}

func TestProvision(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	known := h.member(t, "Known", "known@harbour.example")
	people := []accounts.Person{{ID: uuid.New(), Email: "a@demo.example", Name: "A"}, {ID: uuid.New(), Email: "known@harbour.example", Name: "B"}}
	transact(t, h.db, func(tx db.Tx) error { return h.Provision(t.Context(), tx, people) })
	found, err := h.ByIDs(t.Context(), []uuid.UUID{people[0].ID, people[1].ID, known.UserID})
	if err != nil || len(found) != 2 || found[people[0].ID].Name != "A" || found[known.UserID].Name != "Known" {
		t.Errorf("%+v, %v", found, err)
	}
	for _, try := range []string{"", "!", "anything at all"} {
		_, err := h.login(t.Context(), "a@demo.example", try)
		want(t, err, fault.Invalid)
	}
}

func TestForget(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	opened := h.member(t, "Stays", "stays@harbour.example")
	h.link(t, h.register(t, "Never", "never@harbour.example", password))
	h.clock.Advance(accounts.SessionLife + time.Hour)
	worker, err := db.Open(db.Config{URL: h.WorkerURL, Clock: h.clock.Now, WaitTimeout: 10 * time.Second})
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = worker.Close() }()
	var n int64
	transact(t, worker, func(tx db.Tx) (err error) {
		n, err = h.Forget(t.Context(), tx)
		return err
	})
	if n != 5 { // a session, two links, two sign-ups
		t.Errorf("%d rows were forgotten, want 5", n)
	}
	if left := h.Count(t, "select (select count(*) from sessions) + (select count(*) from links) + (select count(*) from signups)"); left != 0 {
		t.Errorf("%d rows are left", left)
	}
	if users, err := h.ByIDs(t.Context(), []uuid.UUID{opened.UserID}); err != nil || len(users) != 1 {
		t.Errorf("the person is gone: %v, %v", users, err)
	}
}
