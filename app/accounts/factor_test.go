package accounts_test

import (
	"context"
	"strings"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/pquerna/otp/totp"

	"vitrine/app/accounts"
	"vitrine/app/fault"
	"vitrine/app/platform/bus"
	"vitrine/app/platform/idem"
)

// guarded is a person with a second factor.
type guarded struct {
	house
	user    uuid.UUID
	session uuid.UUID
	email   string
	secret  string
	codes   []string // for recovery
}

// codeAt is what the app shows at a time.
func codeAt(t *testing.T, secret string, at time.Time) string {
	t.Helper()
	code, err := totp.GenerateCode(secret, at)
	if err != nil {
		t.Fatal(err)
	}
	return code
}

func (h house) sessionOf(t *testing.T, token string) accounts.Session {
	t.Helper()
	s, err := h.Authenticate(t.Context(), token)
	if err != nil {
		t.Fatal(err)
	}
	return s
}

func newGuarded(t *testing.T) *guarded {
	t.Helper()
	g := &guarded{house: newHouse(t), email: "guarded@harbour.example"}
	opened := g.member(t, "Guarded", g.email)
	g.user, g.session = opened.UserID, g.sessionOf(t, opened.Token).ID
	if err := g.BeginFactor(t.Context(), g.user); err != nil {
		t.Fatal(err)
	}
	e, err := g.FindEnrolment(t.Context(), g.user)
	if err != nil {
		t.Fatal(err)
	}
	g.secret = e.Secret
	if g.codes, err = g.ConfirmFactor(t.Context(), g.user, g.session, codeAt(t, g.secret, g.clock.Now())); err != nil {
		t.Fatal(err)
	}
	g.clock.Advance(time.Minute) // the code of setting up was used
	return g
}

// half is a login whose password was right.
func (g *guarded) half(t *testing.T) string {
	t.Helper()
	opened, err := g.login(t.Context(), g.email, password)
	if err != nil || opened.Second == "" || opened.Token != "" || opened.Browser != "" {
		t.Fatalf("the password alone gave %+v, %v", opened, err)
	}
	return opened.Second
}

func (g *guarded) second(ctx context.Context, token, code string) (accounts.Opened, error) {
	return g.Second(ctx, accounts.SecondStep{Token: token, Code: code, Device: "test"})
}

func TestSecond_codeOfTheApp(t *testing.T) {
	t.Parallel()
	g := newGuarded(t)
	now := codeAt(t, g.secret, g.clock.Now())
	opened, err := g.second(t.Context(), g.half(t), now[:3]+" "+now[3:])
	if err != nil {
		t.Fatal(err)
	}
	if s := g.sessionOf(t, opened.Token); !s.Proven(g.clock.Now()) || s.UserID != g.user {
		t.Errorf("the session is %+v", s)
	}
	// The same code again, at once and in the same step's last second.
	_, err = g.second(t.Context(), g.half(t), now)
	want(t, err, fault.Invalid)
	if fault.FieldsOf(err)["code"] == "" {
		t.Errorf("a used code: %v", err)
	}
}

// TestSecond_clockEdges: one step before and one after are let in, two are not,
// and never one that is older than the last that was used.
func TestSecond_clockEdges(t *testing.T) {
	t.Parallel()
	g := newGuarded(t)
	step := 30 * time.Second
	g.clock.Advance(10 * step)
	for _, c := range []struct {
		off time.Duration
		ok  bool
	}{{-2 * step, false}, {2 * step, false}, {-step, true}, {-step, false}, {step, true}, {0, false}, {step, false}} {
		_, err := g.second(t.Context(), g.half(t), codeAt(t, g.secret, g.clock.Now().Add(c.off)))
		if (err == nil) != c.ok {
			t.Errorf("a code of %s from now: %v", c.off, err)
		}
	}
	// The edge of a step itself.
	g.clock.Advance(10*step - time.Duration(g.clock.Now().Unix()%30)*time.Second)
	if _, err := g.second(t.Context(), g.half(t), codeAt(t, g.secret, g.clock.Now().Add(-time.Second))); err != nil {
		t.Errorf("the code of a second ago: %v", err)
	}
}

func TestSecond_wrongCodes(t *testing.T) {
	t.Parallel()
	g := newGuarded(t)
	token := g.half(t)
	for _, bad := range []string{"", "000000", "abcdef", strings.Repeat("9", 5000), "１２３４５６", "\x00\x00\x00\x00\x00\x00"} {
		_, err := g.second(t.Context(), token, bad)
		if bad == "\x00\x00\x00\x00\x00\x00" {
			want(t, err, fault.Unauthenticated) // the sixth: this login is over
			break
		}
		want(t, err, fault.Invalid)
	}
	_, err := g.second(t.Context(), token, codeAt(t, g.secret, g.clock.Now()))
	want(t, err, fault.Unauthenticated)
	// Another login of the same person waits, and the person hears of it.
	_, err = g.second(t.Context(), g.half(t), codeAt(t, g.secret, g.clock.Now()))
	want(t, err, fault.TooMany)
	if fault.RetryAfterOf(err) <= 0 {
		t.Error("it is not said how long to wait")
	}
	if n := g.Count(t, "select count(*) from outbox where payload->>'what' = 'codes_guessed'"); n != 1 {
		t.Errorf("%d warnings", n)
	}
	g.clock.Advance(time.Minute)
	if _, err = g.second(t.Context(), g.half(t), codeAt(t, g.secret, g.clock.Now())); err != nil {
		t.Errorf("after the wait: %v", err)
	}
}

func TestSecond_hostileTokens(t *testing.T) {
	t.Parallel()
	g := newGuarded(t)
	code := codeAt(t, g.secret, g.clock.Now())
	for _, token := range []string{"", "x", strings.Repeat("a", 43), strings.Repeat("a", 4000)} {
		_, err := g.second(t.Context(), token, code)
		want(t, err, fault.Unauthenticated)
		if waits, err := g.WaitsForCode(t.Context(), token); waits || err != nil {
			t.Errorf("%.10q waits: %v", token, err)
		}
	}
	late := g.half(t)
	g.clock.Advance(accounts.SecondLife)
	_, err := g.second(t.Context(), late, codeAt(t, g.secret, g.clock.Now()))
	want(t, err, fault.Unauthenticated)
	// A login that waits is no session, and a session is no login that waits.
	early := g.half(t)
	_, err = g.Authenticate(t.Context(), early)
	want(t, err, fault.Unauthenticated)
	if n := g.Count(t, "select count(*) from pending_logins where hash = $1", []byte(early)); n != 0 {
		t.Error("a plain token is stored")
	}
}

// TestSecond_endedByAReset: a new password ends logins that wait, and does not
// switch the second factor off.
func TestSecond_endedByAReset(t *testing.T) {
	t.Parallel()
	g := newGuarded(t)
	before := g.half(t)
	opened, err := g.Reset(t.Context(), accounts.NewPassword{Key: idem.NewKey(), Token: g.resetLink(t, g.user), Password: "a newer short sentence"})
	if err != nil || opened.Token != "" || opened.Second == "" {
		t.Fatalf("the reset gave %+v, %v", opened, err)
	}
	_, err = g.second(t.Context(), before, codeAt(t, g.secret, g.clock.Now()))
	want(t, err, fault.Unauthenticated)
	if got, err := g.second(t.Context(), opened.Second, codeAt(t, g.secret, g.clock.Now())); err != nil || got.UserID != g.user {
		t.Errorf("with the code: %+v, %v", got, err)
	}
	if f, err := g.FindFactors(t.Context(), g.user); !f.On || err != nil {
		t.Errorf("the second factor is %+v, %v", f, err)
	}
}

func TestRecoveryCodes_eachOnce(t *testing.T) {
	t.Parallel()
	g := newGuarded(t)
	if len(g.codes) != 10 {
		t.Fatalf("%d codes", len(g.codes))
	}
	if n := g.Count(t, "select count(*) from recovery_codes where encode(hash, 'escape') like '%' || $1 || '%'", g.codes[0]); n != 0 {
		t.Error("a plain code is stored")
	}
	typed := strings.ToUpper(strings.ReplaceAll(g.codes[0], "-", " "))
	if _, err := g.second(t.Context(), g.half(t), typed); err != nil {
		t.Errorf("typed as %q: %v", typed, err)
	}
	_, err := g.second(t.Context(), g.half(t), g.codes[0])
	want(t, err, fault.Invalid)
	if f, err := g.FindFactors(t.Context(), g.user); err != nil || f.RecoveryCodes != 9 {
		t.Errorf("%+v, %v", f, err)
	}
	fresh, err := g.RemakeCodes(t.Context(), g.user)
	if err != nil || len(fresh) != 10 {
		t.Fatalf("%v, %v", fresh, err)
	}
	_, err = g.second(t.Context(), g.half(t), g.codes[1])
	want(t, err, fault.Invalid)
	if _, err := g.second(t.Context(), g.half(t), fresh[1]); err != nil {
		t.Errorf("a new code: %v", err)
	}
	for action, n := range map[string]int{"accounts.second_factor_on": 1, "accounts.recovery_codes_made": 1, "accounts.recovery_code_used": 2} {
		if got := g.Count(t, "select count(*) from audit where action = $1 and actor_id = $2", action, g.user); got != n {
			t.Errorf("%s was noted %d times, want %d", action, got, n)
		}
	}
}

// TestRecoveryCodes_concurrent: of many who bring one code, one is let in.
func TestRecoveryCodes_concurrent(t *testing.T) {
	t.Parallel()
	g := newGuarded(t)
	for name, code := range map[string]string{"recovery": g.codes[3], "app": codeAt(t, g.secret, g.clock.Now())} {
		tokens := []string{g.half(t), g.half(t), g.half(t), g.half(t)}
		results := make(chan error, len(tokens))
		for _, token := range tokens {
			go func() {
				_, err := g.second(context.WithoutCancel(t.Context()), token, code)
				results <- err
			}()
		}
		won := 0
		for range tokens {
			if err := <-results; err == nil {
				won++
			} else if !fault.Is(err, fault.Invalid) {
				t.Errorf("%s: %v", name, err)
			}
		}
		if won != 1 {
			t.Errorf("%s: %d were let in by one code", name, won)
		}
		g.Exec(t, "delete from throttles")
	}
	// One login, sent twice at once: one session.
	token, code := g.half(t), g.codes[4]
	sessions := g.Count(t, "select count(*) from sessions")
	results := make(chan error, 3)
	for range cap(results) {
		go func() {
			_, err := g.second(context.WithoutCancel(t.Context()), token, code)
			results <- err
		}()
	}
	for range cap(results) {
		<-results
	}
	if n := g.Count(t, "select count(*) from sessions"); n != sessions+1 {
		t.Errorf("%d sessions of one login", n-sessions)
	}
}

func TestFactor_enrolment(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	opened := h.member(t, "Fresh", "fresh@harbour.example")
	user, session := opened.UserID, h.sessionOf(t, opened.Token).ID
	_, err := h.FindEnrolment(t.Context(), user)
	want(t, err, fault.NotFound)
	_, err = h.ConfirmFactor(t.Context(), user, session, "000000")
	want(t, err, fault.NotFound)
	_, err = h.RemakeCodes(t.Context(), user)
	want(t, err, fault.Conflict)
	if err := h.BeginFactor(t.Context(), user); err != nil {
		t.Fatal(err)
	}
	first, err := h.FindEnrolment(t.Context(), user)
	if err != nil || !strings.Contains(first.URL, "issuer=Vitrine") || !strings.Contains(first.URL, first.Secret) {
		t.Fatalf("%+v, %v", first, err)
	}
	// Until it is confirmed, it asks nobody; beginning again makes another secret.
	if o, err := h.login(t.Context(), "fresh@harbour.example", password); err != nil || o.Token == "" {
		t.Errorf("%+v, %v", o, err)
	}
	if err := h.BeginFactor(t.Context(), user); err != nil {
		t.Fatal(err)
	}
	_, err = h.ConfirmFactor(t.Context(), user, session, codeAt(t, first.Secret, h.clock.Now()))
	want(t, err, fault.Invalid)
	second, _ := h.FindEnrolment(t.Context(), user)
	h.clock.Advance(25 * time.Hour)
	_, err = h.ConfirmFactor(t.Context(), user, session, codeAt(t, second.Secret, h.clock.Now()))
	want(t, err, fault.NotFound) // it has waited too long
	if err := h.BeginFactor(t.Context(), user); err != nil {
		t.Fatal(err)
	}
	third, _ := h.FindEnrolment(t.Context(), user)
	if _, err := h.ConfirmFactor(t.Context(), user, session, codeAt(t, third.Secret, h.clock.Now())); err != nil {
		t.Fatal(err)
	}
	want(t, h.BeginFactor(t.Context(), user), fault.Conflict)
	_, err = h.FindEnrolment(t.Context(), user)
	want(t, err, fault.NotFound)
	for range 2 { // off, and off again
		if err := h.DropFactor(t.Context(), user); err != nil {
			t.Fatal(err)
		}
	}
	if o, err := h.login(t.Context(), "fresh@harbour.example", password); err != nil || o.Token == "" {
		t.Errorf("without it: %+v, %v", o, err)
	}
	if n := h.Count(t, "select count(*) from outbox where event = 'accounts.security_noted.v1' and payload->>'what' like 'second_factor%'"); n != 2 {
		t.Errorf("%d notices, want one of on and one of off", n)
	}
}

// TestFactor_sealed: neither a copy of the database nor another person's row
// opens the secret, and a person whose secret cannot be opened has their
// recovery codes.
func TestFactor_sealed(t *testing.T) {
	t.Parallel()
	g := newGuarded(t)
	other := g.member(t, "Other", "other@harbour.example").UserID
	g.Exec(t, "insert into second_factors (user_id, secret, created_at, confirmed_at) select $1, secret, created_at, confirmed_at from second_factors where user_id = $2", other, g.user)
	o, err := g.login(t.Context(), "other@harbour.example", password)
	if err != nil || o.Second == "" {
		t.Fatalf("%+v, %v", o, err)
	}
	if _, err := g.second(t.Context(), o.Second, codeAt(t, g.secret, g.clock.Now())); err == nil || fault.Is(err, fault.Invalid) {
		t.Errorf("another person's secret: %v", err)
	}
	elsewhere, err := accounts.New(accounts.Config{DB: g.db, Outbox: bus.NewOutbox(), Studios: g.studios, Clock: g.clock.Now, Hashing: cheap, Secret: "another installation's secret"})
	if err != nil {
		t.Fatal(err)
	}
	if _, err := elsewhere.Second(t.Context(), accounts.SecondStep{Token: g.half(t), Code: codeAt(t, g.secret, g.clock.Now())}); err == nil {
		t.Error("another secret opened it")
	}
	if _, err := elsewhere.Second(t.Context(), accounts.SecondStep{Token: g.half(t), Code: g.codes[0]}); err != nil {
		t.Errorf("a recovery code: %v", err)
	}
	without, err := accounts.New(accounts.Config{DB: g.db, Outbox: bus.NewOutbox(), Studios: g.studios, Clock: g.clock.Now, Hashing: cheap})
	if err != nil {
		t.Fatal(err)
	}
	want(t, without.BeginFactor(t.Context(), other), fault.Unavailable)
}

func TestCodes_shownToTheirSession(t *testing.T) {
	t.Parallel()
	g := newGuarded(t)
	sealed, err := g.KeepCodes(g.session, g.codes)
	if err != nil || strings.Contains(sealed, g.codes[0]) || len(sealed) > 900 {
		t.Fatalf("%q, %v", sealed, err)
	}
	if got := g.ShowCodes(g.session, sealed); len(got) != 10 || got[9] != g.codes[9] {
		t.Errorf("%v", got)
	}
	for _, bad := range []string{"", "x", sealed[1:], sealed[:20], strings.Repeat("A", 300)} {
		if got := g.ShowCodes(g.session, bad); got != nil {
			t.Errorf("%.20q shows %v", bad, got)
		}
	}
	if got := g.ShowCodes(uuid.New(), sealed); got != nil {
		t.Error("another session sees them")
	}
	g.clock.Advance(11 * time.Minute)
	if got := g.ShowCodes(g.session, sealed); got != nil {
		t.Error("they are shown after eleven minutes")
	}
}

// TestSecond_dropRaces: switching off while somebody signs in ends in one of the
// two, never in an error of ours.
func TestSecond_dropRaces(t *testing.T) {
	t.Parallel()
	g := newGuarded(t)
	token, code := g.half(t), codeAt(t, g.secret, g.clock.Now())
	results := make(chan error, 2)
	go func() {
		_, err := g.second(context.WithoutCancel(t.Context()), token, code)
		results <- err
	}()
	go func() { results <- g.DropFactor(context.WithoutCancel(t.Context()), g.user) }()
	for range 2 {
		if err := <-results; err != nil && !fault.Is(err, fault.Unauthenticated) {
			t.Error(err)
		}
	}
}

// TestRescueFactor: an administrator lets in who has lost everything, in their
// own name, and the person hears of it.
func TestRescueFactor(t *testing.T) {
	t.Parallel()
	g := newGuarded(t)
	admin := g.member(t, "Root", "root@harbour.example").UserID
	for _, bad := range []string{"", "  ", strings.Repeat("x", 501)} {
		if err := g.RescueFactor(t.Context(), g.user, admin, bad); fault.FieldsOf(err)["known"] == "" {
			t.Errorf("%.10q: %v", bad, err)
		}
	}
	waiting := g.half(t)
	if err := g.RescueFactor(t.Context(), g.user, admin, "We have met, and they named their last work."); err != nil {
		t.Fatal(err)
	}
	want(t, g.RescueFactor(t.Context(), g.user, admin, "Once more."), fault.Conflict)
	_, err := g.second(t.Context(), waiting, g.codes[0])
	want(t, err, fault.Unauthenticated)
	if o, err := g.login(t.Context(), g.email, password); err != nil || o.Token == "" {
		t.Errorf("%+v, %v", o, err)
	}
	if n := g.Count(t, "select count(*) from audit where action = 'accounts.second_factor_off' and actor_id = $1 and subject = 'user:' || $2 and note like 'We have met%'", admin, g.user.String()); n != 1 {
		t.Errorf("%d entries", n)
	}
	if n := g.Count(t, "select count(*) from outbox where payload->>'what' = 'second_factor_off'"); n != 1 {
		t.Errorf("%d notices", n)
	}
}
