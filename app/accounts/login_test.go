package accounts_test

import (
	"context"
	"strings"
	"testing"
	"time"

	"vitrine/app/accounts"
	"vitrine/app/fault"
	"vitrine/app/platform/idem"
)

func TestLogin_saysTheSameToEverybody(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	h.member(t, "Known", "known@harbour.example")
	h.register(t, "Waiting", "waiting@harbour.example", password)
	var said string
	for _, c := range []struct{ email, password string }{
		{"known@harbour.example", "not the password"},
		{"known@harbour.example", ""},
		{"known@harbour.example", strings.Repeat("long ", 300_000)},
		{"waiting@harbour.example", password},
		{"unseen@harbour.example", password},
		{"no address at all", password},
		{"", ""},
		{"a\x00b@harbour.example", "\xff\xfe"},
	} {
		_, err := h.login(t.Context(), c.email, c.password)
		want(t, err, fault.Invalid)
		if said == "" {
			said = fault.MessageOf(err)
		}
		if got := fault.MessageOf(err); got != said || fault.FieldsOf(err) != nil {
			t.Errorf("%q: %q, %v", c.email, got, fault.FieldsOf(err))
		}
	}
}

func TestLogin_rehashesOldHashes(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	user := h.member(t, "Old", "old@harbour.example").UserID
	stronger := h.with(t, accounts.Hashing{Memory: 128, Passes: 1})
	if _, err := stronger.Login(t.Context(), accounts.Login{Email: "old@harbour.example", Password: password}); err != nil {
		t.Fatal(err)
	}
	var hash string
	h.Row(t, "select password_hash from users where id = $1", user)(&hash)
	if !strings.HasPrefix(hash, "$argon2id$v=19$m=128,t=1,p=1$") {
		t.Errorf("the hash is still %s", hash)
	}
	// Both services go on working, and the older one turns it back: rolling changes.
	for _, s := range []*accounts.Service{h.Service, stronger} {
		if _, err := s.Login(t.Context(), accounts.Login{Email: "old@harbour.example", Password: password}); err != nil {
			t.Error(err)
		}
	}
}

func TestLogin_concurrentRehash(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	h.member(t, "Old", "old@harbour.example")
	stronger := h.with(t, accounts.Hashing{Memory: 128, Passes: 1})
	results := make(chan error, 5) // as many at once as may be tried
	for range cap(results) {
		go func() {
			_, err := stronger.Login(context.WithoutCancel(t.Context()), accounts.Login{Email: "old@harbour.example", Password: password})
			results <- err
		}()
	}
	for range cap(results) {
		if err := <-results; err != nil {
			t.Error(err)
		}
	}
}

func TestLogin_bounded(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	h.member(t, "Busy", "busy@harbour.example")
	slow := h.with(t, accounts.Hashing{Memory: 256 * 1024, Passes: 3, Concurrent: 1, Wait: time.Millisecond})
	results := make(chan error, 4)
	for range cap(results) {
		go func() {
			_, err := slow.Register(context.WithoutCancel(t.Context()), accounts.SignUp{Key: idem.NewKey(), Name: "X", Email: "x@harbour.example", Password: password})
			results <- err
		}()
	}
	shed := 0
	for range cap(results) {
		if err := <-results; fault.Is(err, fault.Unavailable) && fault.RetryAfterOf(err) > 0 {
			shed++
		} else if err != nil {
			t.Error(err)
		}
	}
	if shed == 0 {
		t.Error("nobody was turned away while the only turn was taken")
	}
}

func TestSession_rollsAndEnds(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	token := h.member(t, "Roll", "roll@harbour.example").Token
	seen := func() (at time.Time) {
		h.Row(t, "select seen_at from sessions")(&at)
		return at.UTC()
	}
	h.clock.Advance(30 * time.Minute)
	if s, err := h.Authenticate(t.Context(), token); err != nil || s.Renewed || !seen().Equal(noon) {
		t.Errorf("after half an hour: %+v, %v, seen %s", s, err, seen())
	}
	h.clock.Advance(20 * 24 * time.Hour)
	s, err := h.Authenticate(t.Context(), token)
	if err != nil || !s.Renewed || !seen().Equal(h.clock.Now()) || !s.ExpiresAt.Equal(h.clock.Now().Add(accounts.SessionLife)) {
		t.Errorf("after 20 days: %+v, %v, seen %s", s, err, seen())
	}
	h.clock.Advance(20 * 24 * time.Hour)
	if _, err := h.Authenticate(t.Context(), token); err != nil {
		t.Errorf("after 40 days with a visit in between: %v", err)
	}
	h.clock.Advance(accounts.SessionLife)
	_, err = h.Authenticate(t.Context(), token)
	want(t, err, fault.Unauthenticated)
	for _, bad := range []string{"", "x", strings.Repeat("x", 43), strings.Repeat("\x00", 43), strings.Repeat("x", 4000)} {
		_, err := h.Authenticate(t.Context(), bad)
		want(t, err, fault.Unauthenticated)
		if err := h.SignOut(t.Context(), bad); err != nil {
			t.Errorf("signing out of nothing: %v", err)
		}
	}
}

func TestSignOut_endsOneSession(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	one := h.member(t, "Two", "two@harbour.example").Token
	other, err := h.login(t.Context(), "two@harbour.example", password)
	if err != nil {
		t.Fatal(err)
	}
	if err := h.SignOut(t.Context(), one); err != nil {
		t.Fatal(err)
	}
	_, err = h.Authenticate(t.Context(), one)
	want(t, err, fault.Unauthenticated)
	if _, err := h.Authenticate(t.Context(), other.Token); err != nil {
		t.Errorf("the other device: %v", err)
	}
	if n := h.Count(t, "select count(*) from sessions where hash = $1 or device like '%' || $2 || '%'", []byte(other.Token), other.Token); n != 0 {
		t.Error("a plain token is stored")
	}
}

func TestDevice_isShortened(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	h.member(t, "Dev", "dev@harbour.example")
	for _, device := range []string{strings.Repeat("ü", 100_000), "a\x00b\r\nc", "\xff\xfe", ""} {
		if _, err := h.Login(t.Context(), accounts.Login{Email: "dev@harbour.example", Password: password, Device: device}); err != nil {
			t.Errorf("%.20q: %v", device, err)
		}
	}
}

func TestReset(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	old := h.member(t, "Forgot", "forgot@harbour.example")
	first, second := h.resetLink(t, old.UserID), h.resetLink(t, old.UserID)
	const fresh = "a newer short sentence"
	for typed, why := range map[string]string{"short": "too short", "forgot@harbour.example": "the address", "FORGOT@Harbour.example": "the address"} {
		_, err := h.Reset(t.Context(), accounts.NewPassword{Key: idem.NewKey(), Token: first, Password: typed})
		if fault.FieldsOf(err)["password"] == "" {
			t.Errorf("a password that is %s gave %v", why, err)
		}
	}
	form := accounts.NewPassword{Key: idem.NewKey(), Token: first, Password: fresh, Device: "test"}
	opened, err := h.Reset(t.Context(), form)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := h.Authenticate(t.Context(), opened.Token); err != nil {
		t.Errorf("the browser that chose the password: %v", err)
	}
	_, err = h.Authenticate(t.Context(), old.Token)
	want(t, err, fault.Unauthenticated)
	_, err = h.login(t.Context(), "forgot@harbour.example", password)
	want(t, err, fault.Invalid)
	if again, err := h.Reset(t.Context(), form); err != nil || again.UserID != old.UserID {
		t.Errorf("the double click: %+v, %v", again, err)
	}
	form.Password = "somebody else's sentence"
	_, err = h.Reset(t.Context(), form)
	want(t, err, fault.Conflict)
	for _, token := range []string{first, second} {
		_, err = h.Reset(t.Context(), accounts.NewPassword{Key: idem.NewKey(), Token: token, Password: fresh})
		want(t, err, fault.Conflict)
	}
	_, err = h.Reset(t.Context(), accounts.NewPassword{Key: idem.NewKey(), Token: "nothing", Password: fresh})
	want(t, err, fault.NotFound)
	late := h.resetLink(t, old.UserID)
	h.clock.Advance(accounts.ResetLife)
	_, err = h.Reset(t.Context(), accounts.NewPassword{Key: idem.NewKey(), Token: late, Password: fresh})
	want(t, err, fault.Conflict)
	if n := h.Count(t, "select count(*) from outbox where event = 'accounts.password_changed.v1'"); n != 1 {
		t.Errorf("%d changes were told", n)
	}
}

// TestLinks_areOfOneKind: a link of one mail does nothing on the other's page.
func TestLinks_areOfOneKind(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	user := h.member(t, "Kind", "kind@harbour.example").UserID
	reset, verify := h.resetLink(t, user), h.link(t, h.register(t, "Other", "other@harbour.example", password))
	_, err := h.Verify(t.Context(), accounts.VerifyForm{Key: idem.NewKey(), Token: reset})
	want(t, err, fault.NotFound)
	_, err = h.Reset(t.Context(), accounts.NewPassword{Key: idem.NewKey(), Token: verify, Password: password})
	want(t, err, fault.NotFound)
}
