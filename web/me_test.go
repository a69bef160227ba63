package web_test

import (
	"net/http"
	"net/url"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/PuerkitoBio/goquery"
	"github.com/pquerna/otp/totp"
)

// unproven takes every proof back, as fifteen minutes do.
func (s *site) unproven(t *testing.T) {
	t.Helper()
	s.Exec(t, "update sessions set proved_at = now() - interval '15 minutes'")
}

// signIn signs somebody in in a browser and gives where that led.
func (b *browser) signIn(email, next string) view {
	b.t.Helper()
	path := "/login"
	if next != "" {
		path += "?" + url.Values{"next": {next}}.Encode()
	}
	return b.post("/login", b.get(path).fill(b.t, "/login", map[string]string{"email": email, "password": password}))
}

// prove answers the page that asks who one is.
func (b *browser) prove(v view, fields map[string]string) view {
	b.t.Helper()
	action := v.Find("main form[method=post]").First().AttrOr("action", "")
	return b.post(action, v.fill(b.t, action, fields))
}

func TestProven_pageComesAfterThePassword(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	b := s.member(t, "Mara", "mara@harbour.example")
	const wanted = "/me/security/factor?a=b%26c"
	v := b.get(wanted)
	v.leads(t, "/me/confirm?next=%2Fme%2Fsecurity%2Ffactor%3Fa%3Db%2526c")
	ask := b.get(v.location)
	ask.want(t, http.StatusOK, "Confirm that it is you")
	if ask.Find("input[name=proof_code]").Length() != 0 {
		t.Error("a code is asked for where there is no second factor")
	}
	wrong := b.prove(ask, map[string]string{"proof_password": "not the password"})
	wrong.want(t, http.StatusUnprocessableEntity, "This is not your password.")
	if strings.Contains(wrong.body, "not the password") {
		t.Error("the page repeats a password")
	}
	b.prove(wrong, map[string]string{"proof_password": password}).leads(t, wanted)
	b.get(v.location).leads(t, wanted) // proven now
	s.unproven(t)
	b.get(wanted).leads(t, v.location)
}

// TestProven_next leads nowhere else.
func TestProven_next(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	b := s.member(t, "Mara", "mara@harbour.example")
	b.post("/me/confirm", url.Values{"proof_password": {password}}).leads(t, "/me/security")
	for _, next := range []string{"//evil.example", "https://evil.example/me", `/\evil.example`, "/me/confirm?next=/me/confirm", "javascript:alert(1)", "me", "/%0d%0aSet-Cookie:%20a=b//evil", "/login", "\t//evil.example", "/\x00/evil"} {
		for _, v := range []view{b.get("/me/confirm?" + url.Values{"next": {next}}.Encode()), b.post("/me/confirm", url.Values{"proof_password": {password}, "next": {next}})} {
			if at, err := url.Parse(v.location); err != nil || v.status != http.StatusSeeOther || at.Host != "" || at.Scheme != "" || !strings.HasPrefix(v.location, "/") || strings.HasPrefix(v.location, "//") || strings.ContainsAny(v.location, "\r\n\\") {
				t.Errorf("%q led to %d %q", next, v.status, v.location)
			}
		}
	}
}

// TestProven_formIsKept: a form that needs a proof is carried out after it, as it
// was typed, without its passwords.
func TestProven_formIsKept(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	b := s.member(t, "Mara", "mara@harbour.example")
	form := b.get("/me/address").fill(t, "/me/address", map[string]string{"email": `mara"><b>@new.example`, "extra_password": "hush", "twice": "one\r\ntwo"})
	form.Add("twice", "three")
	ask := b.post("/me/address", form)
	ask.want(t, http.StatusForbidden, "What you typed is kept")
	if strings.Contains(ask.body, "hush") || ask.Find("main b:not(bdi b)").Length() != 0 && strings.Contains(ask.body, "<b>@new") {
		t.Errorf("the page repeats what it must not:\n%s", ask.body)
	}
	wrong := b.prove(ask, map[string]string{"proof_password": "not the password"})
	wrong.want(t, http.StatusUnprocessableEntity, "This is not your password.")
	refused := b.prove(wrong, map[string]string{"proof_password": password})
	refused.want(t, http.StatusUnprocessableEntity, "This does not look like an email address.")
	if got := refused.Find("input[name=email]").AttrOr("value", ""); got != `mara"><b>@new.example` {
		t.Errorf("the address came back as %q", got)
	}
	s.unproven(t)
	form.Set("email", "mara@new.example")
	ask = b.post("/me/address", form)
	again := ask.fill(t, "/me/address", map[string]string{"proof_password": password})
	if again.Get("idempotency_key") != form.Get("idempotency_key") {
		t.Error("the form lost its key")
	}
	for range 2 {
		b.post("/me/address", again).leads(t, "/me/address")
	}
	s.deliverMails(t)
	if n := s.Count(t, "select count(*) from mails where kind = 'address'"); n != 1 {
		t.Errorf("%d mails", n)
	}
}

// setUp switches a second factor on through the pages and gives its secret and
// the recovery codes.
func (b *browser) setUp(email string) (secret string, codes []string) {
	b.t.Helper()
	b.site.Exec(b.t, "update sessions set proved_at = now() where user_id = (select id from users where email_key = $1)", email)
	b.post("/me/security/factor", b.get("/me/security").fill(b.t, "/me/security/factor", nil)).leads(b.t, "/me/security/factor")
	page := b.get("/me/security/factor")
	secret = strings.ReplaceAll(page.Find("code.secret").Text(), " ", "")
	if d := page.Find("svg.qr path").AttrOr("d", ""); len(d) < 500 || len(secret) != 32 {
		b.t.Fatalf("the page shows %q and a path of %d", secret, len(d))
	}
	page.want(b.t, http.StatusOK, "Set up a second factor")
	b.post("/me/security/factor/confirm", page.fill(b.t, "/me/security/factor/confirm", map[string]string{"code": "000000"})).want(b.t, http.StatusUnprocessableEntity, "This is not the code")
	b.post("/me/security/factor/confirm", page.fill(b.t, "/me/security/factor/confirm", map[string]string{"code": code(b.t, secret)})).leads(b.t, "/me/security/codes")
	for range 2 { // a page that is loaded once more
		shown := b.get("/me/security/codes")
		shown.want(b.t, http.StatusOK, "Keep these recovery codes")
		codes = shown.Find(".codes code").Map(func(_ int, c *goquery.Selection) string { return c.Text() })
	}
	if len(codes) != 10 {
		b.t.Fatalf("%d codes", len(codes))
	}
	b.post("/me/security/factor/confirm", url.Values{"code": {"000000"}}).leads(b.t, "/me/security/codes") // the double click
	b.get("/me/security/codes").want(b.t, http.StatusOK, codes[9])
	b.post("/me/security/codes/kept", url.Values{}).leads(b.t, "/me/security")
	b.get("/me/security/codes").leads(b.t, "/me/security")
	return secret, codes
}

// code is what the app shows now.
func code(t *testing.T, secret string) string {
	t.Helper()
	c, err := totp.GenerateCode(secret, time.Now())
	must(t, err)
	return c
}

// later lets a code be used that was used: thirty seconds are long in a test.
func (s *site) later(t *testing.T) {
	t.Helper()
	s.Exec(t, "update second_factors set last_step = 0")
}

func TestSecondStep(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	b := s.member(t, "Mara", "mara@harbour.example")
	secret, codes := b.setUp("mara@harbour.example")
	b.get("/me/security").want(t, http.StatusOK, "Ten recovery codes are left.")
	s.later(t)

	other := s.browser(t)
	v := other.signIn("mara@harbour.example", "/me/sessions")
	v.leads(t, "/login/second?next=%2Fme%2Fsessions")
	for _, ck := range v.cookies {
		if strings.HasSuffix(ck.Name, "session") && ck.Value != "" {
			t.Errorf("the password alone gave %s", ck)
		}
	}
	other.get("/me").leads(t, "/login?next=%2Fme")
	page := other.get(v.location)
	page.want(t, http.StatusOK, "The second step")
	// It is bound to its browser.
	s.browser(t).get(v.location).leads(t, "/login?next=%2Fme%2Fsessions")
	s.browser(t).post("/login/second", url.Values{"code": {codes[0]}, "next": {"/me"}}).leads(t, "/login?next=%2Fme")
	other.post("/login/second", page.fill(t, "/login/second", map[string]string{"code": "12 34 56"})).want(t, http.StatusUnprocessableEntity, "This code is not right")
	used := code(t, secret)
	in := other.post("/login/second", page.fill(t, "/login/second", map[string]string{"code": used}))
	in.leads(t, "/me/sessions")
	checkSession(t, in, "session", false)
	other.get("/me/sessions").want(t, http.StatusOK, "This device")

	// A used code, a recovery code, and that one again.
	third := s.browser(t)
	third.signIn("mara@harbour.example", "")
	third.post("/login/second", url.Values{"code": {used}}).want(t, http.StatusUnprocessableEntity, "used already")
	third.post("/login/second", url.Values{"code": {codes[4]}, "next": {"//evil.example"}}).leads(t, "/studio")
	fourth := s.browser(t)
	fourth.signIn("mara@harbour.example", "")
	fourth.post("/login/second", url.Values{"code": {codes[4]}}).want(t, http.StatusUnprocessableEntity, "used already")

	// The proof asks for it, too; switching it off needs that proof.
	s.unproven(t)
	s.later(t)
	off := b.post("/me/security/factor/off", url.Values{})
	off.want(t, http.StatusForbidden, "Confirm that it is you")
	b.prove(off, map[string]string{"proof_password": password}).want(t, http.StatusUnprocessableEntity, "Type the code")
	if f := b.get("/me/security"); !strings.Contains(f.text(), "On since") {
		t.Error("it is off without a proof")
	}
	b.prove(off, map[string]string{"proof_password": password, "proof_code": code(t, secret)}).leads(t, "/me/security")
	b.get("/me/security").want(t, http.StatusOK, "The second factor is off.")
	s.browser(t).signIn("mara@harbour.example", "").leads(t, "/studio")

	s.deliverMails(t)
	for kind, n := range map[string]int{"second_factor_on": 1, "second_factor_off": 1, "recovery_code_used": 1, "new_browser": 3} {
		if got := s.Count(t, "select count(*) from mails where kind = $1 and to_key = 'mara@harbour.example'", kind); got != n {
			t.Errorf("%d mails of %s, want %d", got, kind, n)
		}
	}
}

// TestSession_isMadeAnew: a cookie that somebody planted before the sign-in is
// worth nothing after it, at either step.
func TestSession_isMadeAnew(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	b := s.member(t, "Mara", "mara@harbour.example")
	_, codes := b.setUp("mara@harbour.example")
	at, err := url.Parse(s.url)
	must(t, err)
	planted := strings.Repeat("p", 43)
	victim := s.browser(t)
	for _, name := range []string{"session", "waiting", "known"} {
		victim.client.Jar.SetCookies(at, []*http.Cookie{{Name: name, Value: planted, Path: "/"}})
	}
	victim.signIn("mara@harbour.example", "")
	victim.post("/login/second", url.Values{"code": {codes[0]}}).leads(t, "/studio") // browsers send the nearer path first
	if ck := victim.sessionCookie(t); ck.Value == planted {
		t.Error("the session is the planted one")
	}
	thief := s.browser(t)
	thief.client.Jar.SetCookies(at, []*http.Cookie{{Name: "session", Value: planted, Path: "/"}})
	thief.get("/me").leads(t, "/login?next=%2Fme")
	if n := s.Count(t, "select count(*) from known_browsers where hash = sha256($1)", []byte(planted)); n != 0 {
		t.Error("the planted browser is known")
	}
}

func TestSessions_signedOutAtOnce(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	here := s.member(t, "Mara", "mara@harbour.example")
	there, elsewhere := s.browser(t), s.browser(t)
	there.header.Set("User-Agent", "Mozilla/5.0 (X11; Linux x86_64; rv:128.0) Gecko/20100101 Firefox/128.0 <b>&")
	there.signIn("mara@harbour.example", "")
	elsewhere.signIn("mara@harbour.example", "")
	list := here.get("/me/sessions")
	list.want(t, http.StatusOK, "Firefox on Linux")
	if list.Find(".devices li").Length() != 3 || !strings.Contains(list.Find(".devices li").First().Text(), "This device") || list.Find(".devices b").Length() != 0 {
		t.Errorf("the list is %s", list.text())
	}
	var session string
	s.Row(t, "select id from sessions where device like '%Firefox%'")(&session)
	stranger := s.member(t, "Stranger", "stranger@harbour.example")
	stranger.post("/me/sessions/end", url.Values{"session": {session}}).leads(t, "/me/sessions")
	there.get("/me").want(t, http.StatusOK, "Your account")
	here.post("/me/sessions/end", url.Values{"session": {session}}).leads(t, "/me/sessions")
	there.get("/me").leads(t, "/login?next=%2Fme")
	there.post("/me", url.Values{"name": {"x"}}).want(t, http.StatusUnauthorized, "Please sign in")
	for _, bad := range []string{"", "x", session, "' or 1=1"} {
		here.post("/me/sessions/end", url.Values{"session": {bad}}).leads(t, "/me/sessions")
	}
	here.post("/me/sessions/end-others", url.Values{}).leads(t, "/me/sessions")
	here.get("/me/sessions").want(t, http.StatusOK, "One other device is signed out.")
	elsewhere.get("/me").leads(t, "/login?next=%2Fme")
	stranger.get("/me").want(t, http.StatusOK, "Your account")
	if n := s.Count(t, "select count(*) from audit where action in ('accounts.session_ended', 'accounts.other_sessions_ended')"); n != 2 {
		t.Errorf("%d entries", n)
	}
}

func TestMe_nameAndPassword(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	b := s.member(t, "Mara", "mara@harbour.example")
	other := s.browser(t)
	other.signIn("mara@harbour.example", "")
	bad := b.post("/me", url.Values{"name": {strings.Repeat("<i>", 40)}})
	bad.want(t, http.StatusUnprocessableEntity, "80 characters at most.")
	if got := bad.Find("input[name=name]").AttrOr("value", ""); got != strings.Repeat("<i>", 40) {
		t.Errorf("the name came back as %q", got)
	}
	b.post("/me", b.get("/me").fill(t, "/me", map[string]string{"name": "Mara <b>Lind</b>"})).leads(t, "/me")
	v := b.get("/me")
	v.want(t, http.StatusOK, "Saved.")
	if !strings.Contains(v.Find("header .who").Text(), "Mara <b>Lind</b>") {
		t.Errorf("the menu says %q", v.Find("header .who").Text())
	}
	if got := v.Find(".tabs a").Map(func(_ int, a *goquery.Selection) string { return a.AttrOr("href", "") }); !slices.Contains(got, "/me/security") || v.Find(".tabs [aria-current=page]").AttrOr("href", "") != "/me" || v.Find("header a[href='/me']").Length() == 0 {
		t.Errorf("the ways are %v", got)
	}
	const fresh = "a newer short sentence"
	form := b.get("/me/security").fill(t, "/me/security/password", map[string]string{"current_password": "not the password", "new_password": fresh})
	wrong := b.post("/me/security/password", form)
	wrong.want(t, http.StatusUnprocessableEntity, "This is not your password.")
	if strings.Contains(wrong.body, fresh) {
		t.Error("the page repeats a password")
	}
	form.Set("current_password", password)
	for range 2 { // the double click
		b.post("/me/security/password", form).leads(t, "/me/security")
	}
	other.get("/me").leads(t, "/login?next=%2Fme")
	b.get("/me").want(t, http.StatusOK, "Your account")
	s.deliverMails(t)
	if n := s.Count(t, "select count(*) from mails where kind = 'password_changed'"); n != 1 {
		t.Errorf("%d notices", n)
	}
}

func TestAddress_throughTheMail(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	b := s.member(t, "Mara", "mara@harbour.example")
	s.member(t, "Known", "known@harbour.example")
	ask := func(email string) string {
		s.Exec(t, "update sessions set proved_at = now()")
		b.post("/me/address", b.get("/me/address").fill(t, "/me/address", map[string]string{"email": email})).leads(t, "/me/address")
		return strings.ReplaceAll(formKey.ReplaceAllString(b.get("/me/address").text(), ""), email, "")
	}
	if known, unknown := ask("known@harbour.example"), ask("mara@new.example"); known != unknown {
		t.Errorf("the answers differ:\n%s\n%s", known, unknown)
	}
	link := s.linkTo(t, "mara@new.example")
	if n := s.Count(t, "select count(*) from mails where to_key = 'known@harbour.example' and kind = 'address_known'"); n != 0 {
		t.Errorf("%d mails for a wish that was replaced", n)
	}
	visitor := s.browser(t)
	visitor.get(link).leads(t, "/login?next="+url.QueryEscape(link))
	thief := s.member(t, "Thief", "thief@harbour.example")
	thief.get(link).want(t, http.StatusNotFound, "This link is not known")
	thief.post(link, url.Values{}).want(t, http.StatusNotFound, "This link is not known")
	page := b.get(link)
	page.want(t, http.StatusOK, "mara@new.example becomes the address that you sign in with")
	if page.header.Get("Referrer-Policy") != "no-referrer" {
		t.Error("the link's address is told to other sites")
	}
	for range 2 { // scanners open links
		b.get(link)
	}
	b.post(link, page.fill(t, link, nil)).leads(t, "/me/address")
	b.get("/me/address").want(t, http.StatusOK, "mara@new.example")
	b.get(link).want(t, http.StatusGone, "This link does nothing any more")

	undo := s.linkTo(t, "mara@harbour.example")
	if !strings.HasPrefix(undo, "/me/address/undo/") {
		t.Fatalf("the notice leads to %s", undo)
	}
	back := visitor.get(undo)
	back.want(t, http.StatusOK, "mara@harbour.example becomes the address of the account again.")
	s.browser(t).get("/me/address/"+strings.TrimPrefix(undo, "/me/address/undo/")).leads(t, "/login?next="+url.QueryEscape("/me/address/"+strings.TrimPrefix(undo, "/me/address/undo/")))
	visitor.post(undo, back.fill(t, undo, nil)).leads(t, "/me/address/undone")
	visitor.get("/me/address/undone").want(t, http.StatusOK, "The account is yours again")
	visitor.get(undo).want(t, http.StatusGone, "This link does nothing any more")
	b.get("/me").leads(t, "/login?next=%2Fme")
	if v := s.browser(t).signIn("mara@harbour.example", ""); v.status != http.StatusUnprocessableEntity {
		t.Errorf("the old password led to %d %s", v.status, v.location)
	}
	reset := s.linkTo(t, "mara@harbour.example")
	if !strings.HasPrefix(reset, "/reset/") {
		t.Fatalf("the last letter leads to %s", reset)
	}
	visitor.post(reset, visitor.get(reset).fill(t, reset, map[string]string{"password": "a newer short sentence"})).leads(t, "/studio")
}

// TestRescueFactor_byAnAdministrator: with a proof of their own, and said in the
// audit.
func TestRescueFactor_byAnAdministrator(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	s.member(t, "Mara", "mara@harbour.example").setUp("mara@harbour.example")
	root := s.member(t, "Root", "root@harbour.example")
	s.Exec(t, "update users set admin = true where email_key = 'root@harbour.example'")
	path := "/admin/users/" + s.userOf(t, "mara@harbour.example").String()
	action := path + "/second-factor/off"
	page := root.get(path)
	page.want(t, http.StatusOK, "How you know that it is them")
	root.prove(root.post(action, url.Values{}), map[string]string{"proof_password": password}).want(t, http.StatusUnprocessableEntity, "Say in up to 500 characters")
	s.unproven(t)
	ask := root.post(action, page.fill(t, action, map[string]string{"known": "We have <b>met</b>."}))
	ask.want(t, http.StatusForbidden, "Confirm that it is you")
	root.prove(ask, map[string]string{"proof_password": password}).leads(t, path)
	if v := root.get(path); v.Find(`form[action="`+action+`"]`).Length() != 0 || !strings.Contains(v.text(), "We have <b>met</b>.") {
		t.Errorf("afterwards the page says %s", v.text())
	}
	s.browser(t).signIn("mara@harbour.example", "").leads(t, "/studio")
}
