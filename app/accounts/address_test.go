package accounts_test

import (
	"context"
	"testing"
	"time"

	"github.com/google/uuid"

	"vitrine/app/accounts"
	"vitrine/app/fault"
	"vitrine/app/platform/db"
	"vitrine/app/platform/idem"
)

// mover is a person who changes their address.
type mover struct {
	house
	user accounts.Opened
}

func newMover(t *testing.T) mover {
	t.Helper()
	h := newHouse(t)
	return mover{h, h.member(t, "Mover", "old@harbour.example")}
}

// ask asks for an address and gives the change's id.
func (m mover) ask(t *testing.T, email string) (change uuid.UUID) {
	t.Helper()
	to, err := m.AskAddress(t.Context(), accounts.AddressForm{Key: idem.NewKey(), UserID: m.user.UserID, Email: email})
	if err != nil || to != email {
		t.Fatalf("%q, %v", to, err)
	}
	m.Row(t, "select payload->>'change_id' from outbox where event = 'accounts.address_asked.v1' order by id desc limit 1")(&change)
	return change
}

// proof is the link in the mail to the new address.
func (m mover) proof(t *testing.T, change uuid.UUID) (l accounts.Letter) {
	t.Helper()
	transact(t, m.db, func(tx db.Tx) (err error) {
		l, _, err = m.AddressLetter(t.Context(), tx, change)
		return err
	})
	return l
}

// undo is the link in the mail to the old address.
func (m mover) undo(t *testing.T, change uuid.UUID) (l accounts.Letter) {
	t.Helper()
	transact(t, m.db, func(tx db.Tx) (err error) {
		l, err = m.UndoLetter(t.Context(), tx, change)
		return err
	})
	return l
}

// move changes the address and gives the link that undoes it.
func (m mover) move(t *testing.T, email string) (undo string) {
	t.Helper()
	change := m.ask(t, email)
	if err := m.ConfirmAddress(t.Context(), m.user.UserID, m.proof(t, change).Token); err != nil {
		t.Fatal(err)
	}
	return m.undo(t, change).Token
}

func (m mover) address(t *testing.T) (email string) {
	t.Helper()
	m.Row(t, "select email || ' ' || email_key from users where id = $1", m.user.UserID)(&email)
	return email
}

func TestAddress_changedByProof(t *testing.T) {
	t.Parallel()
	m := newMover(t)
	reset := m.resetLink(t, m.user.UserID)
	change := m.ask(t, "New@Harbour.example")
	l := m.proof(t, change)
	if l.To != "New@Harbour.example" || l.Token == "" {
		t.Fatalf("the letter is %+v", l)
	}
	if m.address(t) != "old@harbour.example old@harbour.example" {
		t.Error("it changed before it was proven")
	}
	// The link alone, for who is not signed in as this person, does nothing.
	stranger := m.member(t, "Stranger", "stranger@harbour.example").UserID
	want(t, m.ConfirmAddress(t.Context(), stranger, l.Token), fault.NotFound)
	want(t, m.ConfirmAddress(t.Context(), m.user.UserID, "nothing"), fault.NotFound)
	if err := m.ConfirmAddress(t.Context(), m.user.UserID, l.Token); err != nil {
		t.Fatal(err)
	}
	want(t, m.ConfirmAddress(t.Context(), m.user.UserID, l.Token), fault.Conflict)
	if got := m.address(t); got != "New@Harbour.example new@harbour.example" {
		t.Errorf("the address is %s", got)
	}
	// What went to the old mailbox opens nothing any more.
	_, err := m.Reset(t.Context(), accounts.NewPassword{Key: idem.NewKey(), Token: reset, Password: "a newer short sentence"})
	want(t, err, fault.Conflict)
	if _, err := m.login(t.Context(), "new@harbour.example", password); err != nil {
		t.Error(err)
	}
	if u := m.undo(t, change); u.To != "old@harbour.example" || u.Token == "" {
		t.Errorf("the notice is %+v", u)
	}
	if n := m.Count(t, "select count(*) from audit where action = 'accounts.address_changed'"); n != 1 {
		t.Errorf("%d entries", n)
	}
}

// TestAddress_tellsNothing: the form answers the same for an address that has an
// account, and its owner is told.
func TestAddress_tellsNothing(t *testing.T) {
	t.Parallel()
	m := newMover(t)
	m.member(t, "Known", "known@harbour.example")
	rows := func() int {
		return m.Count(t, "select (select count(*) from outbox) * 100 + (select count(*) from address_changes)")
	}
	before := rows()
	taken := m.ask(t, "known@harbour.example")
	known := rows() - before
	before = rows()
	free := m.ask(t, "unseen@harbour.example")
	if unknown := rows() - before; known != unknown {
		t.Errorf("a known address writes %d, an unknown one %d", known, unknown)
	}
	transact(t, m.db, func(tx db.Tx) error {
		_, _, err := m.AddressLetter(t.Context(), tx, taken)
		want(t, err, fault.NotFound) // replaced by the later wish
		return nil
	})
	taken = m.ask(t, "Known@harbour.example")
	transact(t, m.db, func(tx db.Tx) error {
		l, known, err := m.AddressLetter(t.Context(), tx, taken)
		if !known || l.Token != "" || l.To != "Known@harbour.example" {
			t.Errorf("%+v, %v, %v", l, known, err)
		}
		_, _, err = m.AddressLetter(t.Context(), tx, free)
		want(t, err, fault.NotFound)
		return nil
	})
	for email, why := range map[string]string{"": "empty", "x": "none", "old@harbour.example": "mine already", "a\r\nb@harbour.example": "a header"} {
		if _, err := m.AskAddress(t.Context(), accounts.AddressForm{Key: idem.NewKey(), UserID: m.user.UserID, Email: email}); fault.FieldsOf(err)["email"] == "" {
			t.Errorf("%s: %v", why, err)
		}
	}
	key := idem.NewKey()
	before = m.Count(t, "select count(*) from outbox")
	for range 2 { // the double click
		if _, err := m.AskAddress(t.Context(), accounts.AddressForm{Key: key, UserID: m.user.UserID, Email: "twice@harbour.example"}); err != nil {
			t.Fatal(err)
		}
	}
	if n := m.Count(t, "select count(*) from outbox") - before; n != 1 {
		t.Errorf("%d mails for one form", n)
	}
}

func TestAddress_takenMeanwhile(t *testing.T) {
	t.Parallel()
	m := newMover(t)
	link := m.proof(t, m.ask(t, "wanted@harbour.example")).Token
	signup := m.link(t, m.register(t, "Quick", "wanted@harbour.example", password))
	if _, err := m.Verify(t.Context(), accounts.VerifyForm{Key: idem.NewKey(), Token: signup}); err != nil {
		t.Fatal(err)
	}
	err := m.ConfirmAddress(t.Context(), m.user.UserID, link)
	want(t, err, fault.Conflict)
	if got := m.address(t); got != "old@harbour.example old@harbour.example" {
		t.Errorf("the address is %s", got)
	}
	late := m.proof(t, m.ask(t, "late@harbour.example")).Token
	m.clock.Advance(accounts.AddressLife)
	want(t, m.ConfirmAddress(t.Context(), m.user.UserID, late), fault.Conflict)
	if p, err := m.FindAddress(t.Context(), late); err != nil || p.State != accounts.LinkExpired {
		t.Errorf("%+v, %v", p, err)
	}
}

// TestUndo_bringsItBack: the old mailbox has seven days, and everything that the
// password opened is over.
func TestUndo_bringsItBack(t *testing.T) {
	t.Parallel()
	m := newMover(t)
	undo := m.move(t, "new@harbour.example")
	thief, err := m.login(t.Context(), "new@harbour.example", password)
	if err != nil {
		t.Fatal(err)
	}
	program, _, err := m.MakeToken(t.Context(), m.user.UserID, accounts.NewToken{Key: idem.NewKey(), Name: "thief's", Scopes: []string{"works:read"}, Days: 30})
	if err != nil {
		t.Fatal(err)
	}
	m.clock.Advance(accounts.UndoLife - time.Second)
	if err := m.UndoAddress(t.Context(), undo); err != nil {
		t.Fatal(err)
	}
	if got := m.address(t); got != "old@harbour.example old@harbour.example" {
		t.Errorf("the address is %s", got)
	}
	_, err = m.Authenticate(t.Context(), thief.Token)
	want(t, err, fault.Unauthenticated)
	_, err = m.AuthenticateToken(t.Context(), program)
	want(t, err, fault.Unauthenticated)
	for _, email := range []string{"old@harbour.example", "new@harbour.example"} {
		_, err = m.login(t.Context(), email, password)
		want(t, err, fault.Invalid)
	}
	if n := m.Count(t, "select count(*) from outbox where event = 'accounts.address_restored.v1'"); n != 1 {
		t.Errorf("%d notices", n)
	}
	want(t, m.UndoAddress(t.Context(), undo), fault.Conflict)
	// The way back in.
	if _, err := m.Reset(t.Context(), accounts.NewPassword{Key: idem.NewKey(), Token: m.resetLink(t, m.user.UserID), Password: "a newer short sentence"}); err != nil {
		t.Error(err)
	}
}

func TestUndo_expires(t *testing.T) {
	t.Parallel()
	m := newMover(t)
	undo := m.move(t, "new@harbour.example")
	m.clock.Advance(accounts.UndoLife)
	want(t, m.UndoAddress(t.Context(), undo), fault.Conflict)
	want(t, m.UndoAddress(t.Context(), "nothing"), fault.NotFound)
	if p, err := m.FindUndo(t.Context(), undo); err != nil || p.State != accounts.LinkExpired {
		t.Errorf("%+v, %v", p, err)
	}
	// Links do nothing on each other's pages.
	proof := m.proof(t, m.ask(t, "third@harbour.example")).Token
	want(t, m.UndoAddress(t.Context(), proof), fault.NotFound)
	want(t, m.ConfirmAddress(t.Context(), m.user.UserID, undo), fault.NotFound)
	if got := m.address(t); got != "new@harbour.example new@harbour.example" {
		t.Errorf("the address is %s", got)
	}
}

// TestUndo_chain: a thief who changes the address twice has a link in their own
// first mailbox. It ends when the owner undoes the first change; theirs does not
// end the owner's.
func TestUndo_chain(t *testing.T) {
	t.Parallel()
	for _, thiefFirst := range []bool{false, true} {
		m := newMover(t)
		owners := m.move(t, "thief-one@elsewhere.example")
		m.clock.Advance(time.Minute)
		thiefs := m.move(t, "thief-two@elsewhere.example")
		m.clock.Advance(time.Minute)
		open := m.proof(t, m.ask(t, "thief-three@elsewhere.example")).Token
		if thiefFirst {
			if err := m.UndoAddress(t.Context(), thiefs); err != nil {
				t.Fatal(err)
			}
		}
		if err := m.UndoAddress(t.Context(), owners); err != nil {
			t.Fatal(err)
		}
		want(t, m.UndoAddress(t.Context(), thiefs), fault.Conflict)
		want(t, m.ConfirmAddress(t.Context(), m.user.UserID, open), fault.Conflict)
		if got := m.address(t); got != "old@harbour.example old@harbour.example" {
			t.Errorf("the address is %s", got)
		}
	}
}

// TestUndo_races: of an undo and a further change at once, the undo wins in the
// end or the change is void; the address is one of the two, and theirs alone.
func TestUndo_races(t *testing.T) {
	t.Parallel()
	m := newMover(t)
	undo := m.move(t, "new@harbour.example")
	m.clock.Advance(time.Minute)
	next := m.proof(t, m.ask(t, "next@harbour.example")).Token
	results := make(chan error, 4)
	ctx := context.WithoutCancel(t.Context())
	for range 2 {
		go func() { results <- m.UndoAddress(ctx, undo) }()
		go func() { results <- m.ConfirmAddress(ctx, m.user.UserID, next) }()
	}
	for range 4 {
		if err := <-results; err != nil && !fault.Is(err, fault.Conflict) {
			t.Error(err)
		}
	}
	if got := m.address(t); got != "old@harbour.example old@harbour.example" {
		t.Errorf("after the undo the address is %s", got)
	}
	if n := m.Count(t, "select count(*) from outbox where event = 'accounts.address_restored.v1'"); n != 1 {
		t.Errorf("it was undone %d times", n)
	}
}

// TestUndo_keepsTheSecondFactor: a mailbox alone never switches it off.
func TestUndo_keepsTheSecondFactor(t *testing.T) {
	t.Parallel()
	g := newGuarded(t)
	m := mover{g.house, accounts.Opened{UserID: g.user}}
	undo := m.move(t, "new@harbour.example")
	if err := m.UndoAddress(t.Context(), undo); err != nil {
		t.Fatal(err)
	}
	o, err := m.Reset(t.Context(), accounts.NewPassword{Key: idem.NewKey(), Token: m.resetLink(t, g.user), Password: "a newer short sentence"})
	if err != nil || o.Second == "" || o.Token != "" {
		t.Errorf("%+v, %v", o, err)
	}
}

// TestUndo_addressGivenAway: somebody opened an account with the old address
// meanwhile; it is theirs.
func TestUndo_addressGivenAway(t *testing.T) {
	t.Parallel()
	m := newMover(t)
	undo := m.move(t, "new@harbour.example")
	m.member(t, "Next", "old@harbour.example")
	want(t, m.UndoAddress(t.Context(), undo), fault.Conflict)
	if _, err := m.login(t.Context(), "new@harbour.example", password); err != nil {
		t.Errorf("nothing else was changed: %v", err)
	}
}
