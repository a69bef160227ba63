package accounts_test

import (
	"context"
	"testing"

	"vitrine/app/accounts"
	"vitrine/app/fault"
	"vitrine/app/platform/idem"
)

func (h house) prepare(t *testing.T) string {
	t.Helper()
	token, err := h.PrepareSetup(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	return token
}

func (h house) setupState(t *testing.T, token string) accounts.SetupState {
	t.Helper()
	state, err := h.FindSetup(t.Context(), token)
	if err != nil {
		t.Fatal(err)
	}
	return state
}

func TestSetup(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	if got := h.setupState(t, "x"); got != accounts.SetupWrong {
		t.Errorf("before the first start: %v", got)
	}
	stale := h.prepare(t)
	// Strangers who sign up first do not close the door.
	h.member(t, "Stranger", "stranger@harbour.example")
	token := h.prepare(t)
	for bad, state := range map[string]accounts.SetupState{"": accounts.SetupWrong, stale: accounts.SetupWrong, token: accounts.SetupOpen} {
		if got := h.setupState(t, bad); got != state {
			t.Errorf("%q: %v, want %v", bad, got, state)
		}
	}
	form := accounts.SetupForm{Key: idem.NewKey(), Token: stale, Email: "ines@harbour.example", Password: password, Studio: "Harbour & Field", Demo: true, Device: "test"}
	_, err := h.Setup(t.Context(), form)
	want(t, err, fault.Forbidden)
	form.Token = token
	form.Email = "STRANGER@harbour.example"
	_, err = h.Setup(t.Context(), form)
	if fault.FieldsOf(err)["email"] == "" {
		t.Errorf("a taken address gave %v", err)
	}
	form.Email = "ines@harbour.example"
	opened, err := h.Setup(t.Context(), form)
	if err != nil {
		t.Fatal(err)
	}
	if s, err := h.Authenticate(t.Context(), opened.Token); err != nil || !s.Admin || opened.Studio != "harbour-field" {
		t.Errorf("%+v in %q, %v", s, opened.Studio, err)
	}
	if again, err := h.Setup(t.Context(), form); err != nil || again.UserID != opened.UserID || again.Studio != opened.Studio {
		t.Errorf("the double click: %+v, %v", again, err)
	}
	form.Key = idem.NewKey()
	form.Email = "late@harbour.example"
	_, err = h.Setup(t.Context(), form)
	want(t, err, fault.Conflict)
	if got := h.prepare(t); got != "" {
		t.Error("a start after the setup made a new token")
	}
	if got := h.setupState(t, token); got != accounts.SetupDone {
		t.Errorf("afterwards: %v", got)
	}
	if n := h.Count(t, `select count(*) from outbox where event = 'accounts.setup_completed.v1' and (payload->>'demo')::boolean`); n != 1 {
		t.Errorf("%d setups were told", n)
	}
}

func TestSetup_race(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	token := h.prepare(t)
	results := make(chan error, 4)
	for _, who := range []string{"a", "b", "c", "d"} {
		go func() {
			_, err := h.Setup(context.WithoutCancel(t.Context()), accounts.SetupForm{Key: idem.NewKey(), Token: token,
				Email: who + "@harbour.example", Password: password, Studio: "Studio " + who})
			results <- err
		}()
	}
	won := 0
	for range cap(results) {
		if err := <-results; err == nil {
			won++
		} else {
			want(t, err, fault.Conflict)
		}
	}
	if n := h.Count(t, "select count(*) from users"); won != 1 || n != 1 {
		t.Errorf("%d setups went through and made %d people", won, n)
	}
}

func TestSetup_fields(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	_, err := h.Setup(t.Context(), accounts.SetupForm{Key: idem.NewKey(), Token: h.prepare(t)})
	fields := fault.FieldsOf(err)
	for _, name := range []string{"email", "password", "studio"} {
		if fields[name] == "" {
			t.Errorf("nothing is said about %s: %v", name, err)
		}
	}
}
