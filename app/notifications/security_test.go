package notifications_test

import (
	"encoding/json"
	"regexp"
	"strings"
	"testing"

	"github.com/google/uuid"

	"vitrine/app/accounts"
	"vitrine/app/platform/bus"
	"vitrine/app/platform/id"
	"vitrine/app/platform/idem"
)

// noted is the event that tells a person of something.
func noted(t *testing.T, ev accounts.SecurityNoted) bus.Envelope {
	t.Helper()
	raw, err := json.Marshal(ev)
	if err != nil {
		t.Fatal(err)
	}
	return bus.Envelope{ID: id.New(), Name: ev.EventName(), Payload: raw, Attempt: 1}
}

func (h house) member(t *testing.T, email string) uuid.UUID {
	t.Helper()
	run(t, h.OnRegistered, h.register(t, email))
	opened, err := h.accounts.Verify(t.Context(), accounts.VerifyForm{Key: idem.NewKey(), Token: verifyLink.FindStringSubmatch(h.only(t).Text)[1]})
	if err != nil {
		t.Fatal(err)
	}
	return opened.UserID
}

// TestSecurityMail: everything that a person should hear of has its letter, once
// for each event, five in an hour at most, and without a stranger's words.
func TestSecurityMail(t *testing.T) {
	t.Parallel()
	h := newHouse(t, nil)
	user := h.member(t, "mara@harbour.example")
	for what, says := range map[accounts.Security]string{
		accounts.FactorOn: "signing in asks for a code", accounts.FactorOff: "Your password alone opens", accounts.CodesMade: "Ten new recovery codes",
		accounts.CodeUsed: "Codes that are left: 3.", accounts.CodesGuessed: "several wrong codes", accounts.NewBrowser: "not seen before: Firefox on Linux.",
	} {
		for range 7 {
			run(t, h.OnSecurityNoted, noted(t, accounts.SecurityNoted{UserID: user, What: what, Left: 3, Device: accounts.DeviceWords("Firefox/1 Linux <b>https://spam.example</b>")}))
		}
		if n := h.Count(t, "select count(*) from mails where kind = $1", string(what)); n != 5 {
			t.Errorf("%s: %d mails in an hour", what, n)
		}
		if n := h.Count(t, "select count(*) from mails where kind = $1 and to_key = 'mara@harbour.example' and text like '%' || $2 || '%' and text like '%https://vitrine.example/%' and text not like '%spam%' and secret = ''", string(what), says); n != 5 {
			t.Errorf("%s: %d mails that say %q:\n%s", what, n, says, h.only(t).Text)
		}
	}
	if err := h.OnSecurityNoted(t.Context(), noted(t, accounts.SecurityNoted{UserID: user, What: "something else"})); err == nil {
		t.Error("a letter was written about nothing that is known")
	}
	run(t, h.OnSecurityNoted, noted(t, accounts.SecurityNoted{UserID: id.New(), What: accounts.FactorOn})) // a person who is gone
}

var addressLinks = regexp.MustCompile(`https://vitrine\.example/me/address/(?:undo/)?([A-Za-z0-9_-]{43})`)

// TestAddressMails: the link goes to the new address, the way back to the old one,
// and nobody is written to more than five times in an hour.
func TestAddressMails(t *testing.T) {
	t.Parallel()
	h := newHouse(t, nil)
	user := h.member(t, "mara@harbour.example")
	h.member(t, "known@harbour.example")
	ask := func(email string) {
		t.Helper()
		if _, err := h.accounts.AskAddress(t.Context(), accounts.AddressForm{Key: idem.NewKey(), UserID: user, Email: email}); err != nil {
			t.Fatal(err)
		}
		run(t, h.OnAddressAsked, h.newest(t, "accounts.address_asked.v1"))
	}
	for range 7 {
		ask("known@harbour.example")
		ask("victim@elsewhere.example")
	}
	for kind, to := range map[string]string{"address_known": "known@harbour.example", "address": "victim@elsewhere.example"} {
		if n := h.Count(t, "select count(*) from mails where kind = $1 and to_key = $2", kind, to); n != 5 {
			t.Errorf("%d mails of %s to %s", n, kind, to)
		}
	}
	ask("new@harbour.example")
	m := h.only(t)
	link := addressLinks.FindStringSubmatch(m.Text)
	if m.Recipient != "new@harbour.example" || link == nil || strings.Contains(m.Text, "undo") {
		t.Fatalf("%+v", m)
	}
	if err := h.accounts.ConfirmAddress(t.Context(), user, link[1]); err != nil {
		t.Fatal(err)
	}
	run(t, h.OnAddressChanged, h.newest(t, "accounts.address_changed.v1"))
	m = h.only(t)
	link = addressLinks.FindStringSubmatch(m.Text)
	if m.Recipient != "mara@harbour.example" || link == nil || !strings.Contains(link[0], "/undo/") || strings.Contains(m.Text, "new@") {
		t.Fatalf("%+v", m)
	}
	if err := h.accounts.UndoAddress(t.Context(), link[1]); err != nil {
		t.Fatal(err)
	}
	run(t, h.OnAddressRestored, h.newest(t, "accounts.address_restored.v1"))
	if m = h.only(t); m.Recipient != "mara@harbour.example" || !strings.Contains(m.Text, "https://vitrine.example/reset/") {
		t.Errorf("%+v", m)
	}
	// A change that was undone needs no notice any more.
	n := h.Count(t, "select count(*) from mails")
	env := h.newest(t, "accounts.address_changed.v1")
	env.ID = id.New()
	run(t, h.OnAddressChanged, env)
	if after := h.Count(t, "select count(*) from mails"); after != n {
		t.Error("a change that was undone is told again")
	}
}
