package accounts_test

import (
	"context"
	"strings"
	"testing"
	"time"

	"github.com/google/uuid"

	"vitrine/app/accounts"
	"vitrine/app/fault"
	"vitrine/app/platform/idem"
)

func TestProof_lastsFifteenMinutes(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	opened := h.member(t, "Sure", "sure@harbour.example")
	s := h.sessionOf(t, opened.Token)
	if s.Proven(h.clock.Now()) {
		t.Error("a link that was opened is a proof")
	}
	again, err := h.login(t.Context(), "sure@harbour.example", password)
	if err != nil {
		t.Fatal(err)
	}
	for after, proven := range map[time.Duration]bool{0: true, accounts.ProofLife - time.Microsecond: true, accounts.ProofLife: false, 24 * time.Hour: false, -time.Minute: true, -time.Hour: false} {
		if got := h.sessionOf(t, again.Token).Proven(h.clock.Now().Add(after)); got != proven {
			t.Errorf("%s after signing in: proven %v", after, got)
		}
	}
	proof := accounts.Proof{UserID: s.UserID, SessionID: s.ID, Password: password}
	if err := h.Prove(t.Context(), proof); err != nil {
		t.Fatal(err)
	}
	if !h.sessionOf(t, opened.Token).Proven(h.clock.Now()) {
		t.Error("a right password is no proof")
	}
	for name, bad := range map[string]accounts.Proof{
		"nothing":           {UserID: s.UserID, SessionID: s.ID},
		"another password":  {UserID: s.UserID, SessionID: s.ID, Password: "another short sentence"},
		"a long one":        {UserID: s.UserID, SessionID: s.ID, Password: strings.Repeat("x", 100_000)},
		"bytes":             {UserID: s.UserID, SessionID: s.ID, Password: "\x00\xff"},
		"the stored marker": {UserID: s.UserID, SessionID: s.ID, Password: "!"},
	} {
		if err := h.Prove(t.Context(), bad); fault.FieldsOf(err)["password"] == "" {
			t.Errorf("%s: %v", name, err)
		}
	}
	// Another person's session is not proven by my password.
	stranger := h.member(t, "Stranger", "stranger@harbour.example")
	proof.SessionID = h.sessionOf(t, stranger.Token).ID
	want(t, h.Prove(t.Context(), proof), fault.Unauthenticated)
	if h.sessionOf(t, stranger.Token).Proven(h.clock.Now()) {
		t.Error("a stranger's session was proven")
	}
	proof.UserID = uuid.New()
	want(t, h.Prove(t.Context(), proof), fault.NotFound)
}

func TestProof_asksForTheCode(t *testing.T) {
	t.Parallel()
	g := newGuarded(t)
	p := accounts.Proof{UserID: g.user, SessionID: g.session, Password: password}
	if err := g.Prove(t.Context(), p); fault.FieldsOf(err)["code"] == "" {
		t.Errorf("without a code: %v", err)
	}
	p.Code = codeAt(t, g.secret, g.clock.Now())
	if err := g.Prove(t.Context(), p); err != nil {
		t.Error(err)
	}
	if err := g.Prove(t.Context(), p); fault.FieldsOf(err)["code"] == "" {
		t.Errorf("the same code again: %v", err)
	}
	for range 4 { // the used code was the first
		_ = g.Prove(t.Context(), p)
	}
	want(t, g.Prove(t.Context(), p), fault.TooMany)
	g.clock.Advance(time.Minute)
	p.Code = g.codes[0]
	if err := g.Prove(t.Context(), p); err != nil {
		t.Errorf("a recovery code after the wait: %v", err)
	}
}

// TestLogin_growingDelay: five wrong passwords are free, then one waits longer
// and longer, whether the address has an account or not, and nobody is kept out
// of a browser that was known.
func TestLogin_growingDelay(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	known := h.member(t, "Known", "known@harbour.example")
	if known.Browser == "" || !known.NewBrowser {
		t.Fatalf("the browser is not remembered: %+v", known)
	}
	wrong := func(email string) error {
		_, err := h.login(t.Context(), email, "not the password")
		return err
	}
	said := map[string][]string{}
	for _, email := range []string{"known@harbour.example", "KNOWN@Harbour.Example", "unseen@harbour.example"} {
		if email == "KNOWN@Harbour.Example" {
			want(t, wrong(email), fault.TooMany) // the same address, however it is typed
			continue
		}
		for range 5 {
			want(t, wrong(email), fault.Invalid)
		}
		for range 6 {
			err := wrong(email)
			want(t, err, fault.TooMany)
			said[email] = append(said[email], fault.MessageOf(err))
			h.clock.Advance(fault.RetryAfterOf(err))
			want(t, wrong(email), fault.Invalid)
		}
	}
	if a, b := strings.Join(said["known@harbour.example"], "|"), strings.Join(said["unseen@harbour.example"], "|"); a != b || !strings.Contains(a, "30 seconds") || !strings.Contains(a, "15 minutes") {
		t.Errorf("the two are told\n%s\n%s", a, b)
	}
	want(t, wrong("known@harbour.example"), fault.Invalid)
	_, err := h.login(t.Context(), "known@harbour.example", password)
	want(t, err, fault.TooMany) // the right one waits as well
	from := accounts.Login{Email: "known@harbour.example", Password: password, Browser: known.Browser}
	if _, err := h.Login(t.Context(), from); err != nil {
		t.Errorf("the owner's browser: %v", err)
	}
	for name, forged := range map[string]string{"none": "", "made up": strings.Repeat("a", 43), "many": strings.Repeat("a.", 5000), "dots": "...."} {
		from.Browser = forged
		if _, err := h.Login(t.Context(), from); !fault.Is(err, fault.TooMany) {
			t.Errorf("with a cookie that is %s: %v", name, err)
		}
	}
	// A known browser has a count of its own, which a right password ends.
	from.Browser = known.Browser
	for _, typed := range []string{"no", "no", "no", "no", password, "no", "no", "no", "no", "no"} {
		from.Password = typed
		if _, err := h.Login(t.Context(), from); fault.Is(err, fault.TooMany) {
			t.Errorf("%q: %v", typed, err)
		}
	}
	from.Password = password
	_, err = h.Login(t.Context(), from)
	want(t, err, fault.TooMany)
	h.clock.Advance(25 * time.Hour)
	for range 5 {
		want(t, wrong("known@harbour.example"), fault.Invalid) // forgotten after a day
	}
}

// TestLogin_concurrentGuesses: a hundred at once are a hundred.
func TestLogin_concurrentGuesses(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	h.member(t, "Target", "target@harbour.example")
	results := make(chan error, 40)
	for range cap(results) {
		go func() {
			_, err := h.login(context.WithoutCancel(t.Context()), "target@harbour.example", "not the password")
			results <- err
		}()
	}
	looked := 0
	for range cap(results) {
		if err := <-results; fault.Is(err, fault.Invalid) {
			looked++
		} else if !fault.Is(err, fault.TooMany) {
			t.Error(err)
		}
	}
	if looked != 5 {
		t.Errorf("%d passwords were looked at, want 5", looked)
	}
}

// TestLogin_newBrowser: a sign-in where somebody has not been before is told, and
// a cookie that was planted does not make a browser known.
func TestLogin_newBrowser(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	at := h.member(t, "Home", "home@harbour.example")
	notices := func() int {
		return h.Count(t, "select count(*) from outbox where payload->>'what' = 'new_browser'")
	}
	if notices() != 0 {
		t.Error("opening an account is told as a new device")
	}
	login := accounts.Login{Email: "home@harbour.example", Password: password, Browser: at.Browser, Device: "x"}
	if o, err := h.Login(t.Context(), login); err != nil || o.NewBrowser || notices() != 0 {
		t.Errorf("the same browser: %+v, %v, %d notices", o, err, notices())
	}
	planted := strings.Repeat("p", 43)
	login.Browser = planted
	o, err := h.Login(t.Context(), login)
	if err != nil || !o.NewBrowser || notices() != 1 {
		t.Errorf("another browser: %+v, %v, %d notices", o, err, notices())
	}
	if n := h.Count(t, "select count(*) from known_browsers"); n != 2 {
		t.Errorf("%d browsers", n)
	}
	login.Browser = planted // whoever planted it
	if o, err := h.Login(t.Context(), login); err != nil || !o.NewBrowser {
		t.Errorf("a planted cookie became known: %+v, %v", o, err)
	}
	// One browser may be several people's.
	other := h.member(t, "Other", "other@harbour.example")
	login.Email, login.Browser = "other@harbour.example", o.Browser
	both, err := h.Login(t.Context(), login)
	if err != nil || !strings.Contains(both.Browser, o.Browser[:43]) || !both.NewBrowser {
		t.Errorf("%+v, %v", both, err)
	}
	login.Browser = both.Browser
	for _, email := range []string{"home@harbour.example", "other@harbour.example"} {
		login.Email = email
		if o, err := h.Login(t.Context(), login); err != nil || o.NewBrowser {
			t.Errorf("%s is not known: %+v, %v", email, o, err)
		}
	}
	_ = other
	// A program without cookies is a new browser each time; the oldest are forgotten.
	for range 25 {
		if _, err := h.login(t.Context(), "other@harbour.example", password); err != nil {
			t.Fatal(err)
		}
	}
	if n := h.Count(t, "select count(*) from known_browsers where user_id = $1", other.UserID); n != 20 {
		t.Errorf("%d browsers are known", n)
	}
}

func TestDevices_endOneAndAllOthers(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	here := h.member(t, "Many", "many@harbour.example")
	me := h.sessionOf(t, here.Token)
	var others []accounts.Opened
	for _, agent := range []string{
		"Mozilla/5.0 (X11; Linux x86_64; rv:128.0) Gecko/20100101 Firefox/128.0",
		"Mozilla/5.0 (iPhone; CPU iPhone OS 17_5 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/17.5 Mobile/15E148 Safari/604.1",
		"Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/126.0.0.0 Safari/537.36 Edg/126.0.0.0",
		"<script>alert(1)</script>",
	} {
		h.clock.Advance(time.Minute)
		o, err := h.Login(t.Context(), accounts.Login{Email: "many@harbour.example", Password: password, Device: agent})
		if err != nil {
			t.Fatal(err)
		}
		others = append(others, o)
	}
	stranger := h.member(t, "Stranger", "stranger@harbour.example")
	list, err := h.Devices(t.Context(), me.UserID)
	if err != nil || len(list) != 5 {
		t.Fatalf("%v, %v", list, err)
	}
	words := ""
	for _, d := range list {
		words += d.Words + "; "
	}
	if words != "A browser that does not say what it is; Edge on Windows; Safari on an iPhone; Firefox on Linux; A browser that does not say what it is; " {
		t.Errorf("the devices are %s", words)
	}
	// A stranger ends none of mine.
	want(t, h.EndSession(t.Context(), stranger.UserID, list[1].ID), fault.NotFound)
	if err := h.EndSession(t.Context(), me.UserID, list[1].ID); err != nil {
		t.Fatal(err)
	}
	_, err = h.Authenticate(t.Context(), others[2].Token)
	want(t, err, fault.Unauthenticated)
	want(t, h.EndSession(t.Context(), me.UserID, list[1].ID), fault.NotFound)
	if n, err := h.EndOtherSessions(t.Context(), me.UserID, me.ID); err != nil || n != 3 {
		t.Errorf("%d ended, %v", n, err)
	}
	for _, o := range others {
		_, err = h.Authenticate(t.Context(), o.Token)
		want(t, err, fault.Unauthenticated)
	}
	h.sessionOf(t, here.Token)
	h.sessionOf(t, stranger.Token)
	if n, err := h.EndOtherSessions(t.Context(), me.UserID, me.ID); err != nil || n != 0 {
		t.Errorf("%d ended, %v", n, err)
	}
}

func TestChangePassword(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	opened := h.member(t, "Changes", "changes@harbour.example")
	me := h.sessionOf(t, opened.Token)
	other, err := h.login(t.Context(), "changes@harbour.example", password)
	if err != nil {
		t.Fatal(err)
	}
	link := h.resetLink(t, me.UserID)
	const fresh = "a newer short sentence"
	form := accounts.PasswordChange{Key: idem.NewKey(), UserID: me.UserID, SessionID: me.ID, Current: password, New: fresh, Browser: opened.Browser}
	for name, bad := range map[string]accounts.PasswordChange{
		"new_password":     {Key: idem.NewKey(), UserID: me.UserID, SessionID: me.ID, Current: password, New: "short"},
		"current_password": {Key: idem.NewKey(), UserID: me.UserID, SessionID: me.ID, Current: "a wrong short sentence", New: fresh},
	} {
		if err := h.ChangePassword(t.Context(), bad); fault.FieldsOf(err)[name] == "" {
			t.Errorf("%s: %v", name, err)
		}
	}
	for range 2 { // the double click
		if err := h.ChangePassword(t.Context(), form); err != nil {
			t.Fatal(err)
		}
	}
	form.Key = idem.NewKey()
	if err := h.ChangePassword(t.Context(), form); fault.FieldsOf(err)["current_password"] == "" {
		t.Errorf("the old password still counts: %v", err)
	}
	h.sessionOf(t, opened.Token)
	_, err = h.Authenticate(t.Context(), other.Token)
	want(t, err, fault.Unauthenticated)
	_, err = h.Reset(t.Context(), accounts.NewPassword{Key: idem.NewKey(), Token: link, Password: fresh})
	want(t, err, fault.Conflict)
	if n := h.Count(t, "select count(*) from known_browsers where user_id = $1", me.UserID); n != 1 {
		t.Errorf("%d browsers are known, want this one", n)
	}
	if n := h.Count(t, "select count(*) from outbox where event = 'accounts.password_changed.v1'"); n != 1 {
		t.Errorf("%d notices", n)
	}
	if _, err := h.login(t.Context(), "changes@harbour.example", fresh); err != nil {
		t.Error(err)
	}
	for range 5 {
		form.Key, form.Current = idem.NewKey(), "a wrong short sentence"
		_ = h.ChangePassword(t.Context(), form)
	}
	form.Current = fresh
	want(t, h.ChangePassword(t.Context(), form), fault.TooMany)
}

func TestRename(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	opened := h.member(t, "Before", "name@harbour.example")
	if err := h.Rename(t.Context(), opened.UserID, "  After \x00 all "); err != nil {
		t.Fatal(err)
	}
	if s := h.sessionOf(t, opened.Token); s.Name != "After all" {
		t.Errorf("the name is %q", s.Name)
	}
	for _, bad := range []string{"", "   ", strings.Repeat("x", 81)} {
		if err := h.Rename(t.Context(), opened.UserID, bad); fault.FieldsOf(err)["name"] == "" {
			t.Errorf("%q: %v", bad, err)
		}
	}
}
