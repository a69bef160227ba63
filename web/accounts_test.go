package web_test

import (
	"net/http"
	"net/url"
	"regexp"
	"strings"
	"testing"

	"vitrine/app/platform/mail"
	"vitrine/web"
)

func TestSetup(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	token, err := s.Accounts.PrepareSetup(t.Context())
	must(t, err)
	b := s.browser(t)
	b.get("/setup").want(t, http.StatusForbidden, "Setting up needs the link that was printed")
	b.get("/setup?token=wrong").want(t, http.StatusForbidden, "This key does not fit")
	b.get("/login").want(t, http.StatusOK, "Sign in")
	page := b.get("/setup?token=" + url.QueryEscape(token))
	page.want(t, http.StatusOK, "Open the house")
	bad := b.post("/setup", page.fill(t, "/setup", map[string]string{"email": "ines@harbour", "password": "short", "studio": "Harbour & Field"}))
	bad.want(t, http.StatusUnprocessableEntity, "This address lacks its ending")
	form := bad.fill(t, "/setup", nil)
	if form.Get("email") != "ines@harbour" || form.Get("studio") != "Harbour & Field" || form.Get("demo") == "" || form.Get("password") != "" || form.Get("token") != token {
		t.Errorf("the form came back with %v", form)
	}
	form.Set("email", "ines@harbour.example")
	form.Set("password", password)
	wrong := url.Values{}
	for k, v := range form {
		wrong[k] = v
	}
	wrong.Set("token", "wrong")
	b.post("/setup", wrong).want(t, http.StatusForbidden, "This key does not fit")
	for range 2 { // the second one is the double click
		b.post("/setup", form).leads(t, "/studio/harbour-field")
	}
	if v := b.get("/studio"); v.location != "/studio/harbour-field" {
		t.Errorf("signed in, /studio leads to %q", v.location)
	}
	b.get("/setup?token="+url.QueryEscape(token)).want(t, http.StatusConflict, "The house is open already")
	if n := s.Count(t, "select count(*) from users where admin"); n != 1 {
		t.Errorf("%d administrators", n)
	}
}

func TestSignup_toTheStudio(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	b := s.browser(t)
	bad := b.post("/signup", b.get("/signup").fill(t, "/signup", map[string]string{"name": "Teresa <b>Lima</b>", "email": "teresa@harbour", "password": "ridge"}))
	bad.want(t, http.StatusUnprocessableEntity, "Two things need another look.")
	for _, id := range []string{"email", "password"} {
		if bad.Find("#"+id+"[aria-invalid=true]").Length() != 1 || bad.Find("[role=alert] a[href='#"+id+"']").Length() != 1 {
			t.Errorf("the field %s is not marked and listed", id)
		}
	}
	form := bad.fill(t, "/signup", map[string]string{"email": "teresa@harbour.example", "password": password})
	if form.Get("name") != "Teresa <b>Lima</b>" {
		t.Errorf("the name came back as %q", form.Get("name"))
	}
	for range 2 {
		b.post("/signup", form).leads(t, "/signup/sent")
	}
	b.get("/signup/sent").want(t, http.StatusOK, "We have sent a mail to teresa@harbour.example.")
	s.deliverMails(t)
	if n := s.Count(t, "select count(*) from mails"); n != 1 {
		t.Errorf("%d mails", n)
	}
	path := s.linkTo(t, "teresa@harbour.example")
	for range 3 { // scanners open links, and nothing happens
		b.get(path).want(t, http.StatusOK, "This opens an account for teresa@harbour.example under the name Teresa <b>Lima</b>")
	}
	confirm := b.get(path).fill(t, path, nil)
	for range 2 {
		v := b.post(path, confirm)
		v.leads(t, "/studio/teresa-b-lima-b")
		checkSession(t, v, "session", false)
	}
	b.get(path).want(t, http.StatusGone, "This link has been used")
	s.browser(t).post(path, url.Values{"idempotency_key": {"another-key-of-somebody"}}).want(t, http.StatusGone, "This link has been used")
	b.get("/signup").leads(t, "/studio")
	b.get("/login").leads(t, "/studio")
	b.get("/studios/new").want(t, http.StatusOK, "Open another studio")
}

func checkSession(t *testing.T, v view, name string, secure bool) {
	t.Helper()
	for _, ck := range v.cookies {
		if ck.Name == name {
			if !ck.HttpOnly || ck.Secure != secure || ck.SameSite != http.SameSiteLaxMode || ck.Path != "/" || ck.Domain != "" || ck.MaxAge != 30*24*3600 {
				t.Errorf("the cookie is %s", ck)
			}
			return
		}
	}
	t.Errorf("no cookie %s in %v", name, v.cookies)
}

// changing parts of a page: the key of the form, and the address itself.
var formKey = regexp.MustCompile(`[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[0-9a-f]{4}-[0-9a-f]{12}`)

// TestDoors_tellNothing compares every answer, byte for byte apart from the
// address, for one that has an account, one that waits, and one nobody has seen.
func TestDoors_tellNothing(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	s.member(t, "Known", "known@harbour.example")
	waiting := s.browser(t)
	waiting.post("/signup", waiting.get("/signup").fill(t, "/signup", map[string]string{"name": "W", "email": "waits@harbour.example", "password": password}))
	s.deliverMails(t)
	answers := map[string][]string{}
	for _, who := range []string{"known", "waits", "fresh"} {
		email := who + "@harbour.example"
		for name, ask := range map[string]func(*browser) []view{
			"sign-up": func(b *browser) []view {
				v := b.post("/signup", b.get("/signup").fill(t, "/signup", map[string]string{"name": "X", "email": email, "password": password}))
				return []view{v, b.get("/signup/sent")}
			},
			"reset": func(b *browser) []view {
				v := b.post("/reset", b.get("/reset").fill(t, "/reset", map[string]string{"email": email}))
				return []view{v, b.get("/reset/sent")}
			},
			"login": func(b *browser) []view {
				return []view{b.post("/login", b.get("/login").fill(t, "/login", map[string]string{"email": email, "password": "not the password"}))}
			},
		} {
			var all strings.Builder
			for _, v := range ask(s.browser(t)) {
				header := v.header.Clone()
				header.Del("Date")
				header.Del("Set-Cookie")
				header.Del("Server-Timing") // anybody can measure it; the work is the same
				must(t, header.Write(&all))
				all.WriteString(formKey.ReplaceAllString(strings.ReplaceAll(v.body, email, "ADDRESS"), "KEY"))
			}
			answers[name] = append(answers[name], all.String())
		}
	}
	for name, texts := range answers {
		for i, text := range texts[1:] {
			if text != texts[0] {
				at := 0
				for at < min(len(text), len(texts[0])) && text[at] == texts[0][at] {
					at++
				}
				t.Errorf("%s: answer %d differs from that for a known address after %q", name, i+1, text[max(0, at-80):at])
			}
		}
	}
}

func TestLogin(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	s.member(t, "Mara", "mara@harbour.example")
	b := s.browser(t)
	if v := b.get("/studio/mara/settings?tab=1"); v.location != "/login?next=%2Fstudio%2Fmara%2Fsettings%3Ftab%3D1" {
		t.Fatalf("a visitor was led to %q", v.location)
	}
	page := b.get("/login?next=%2Fstudio%2Fmara%2Fsettings%3Ftab%3D1")
	bad := b.post("/login", page.fill(t, "/login", map[string]string{"email": "mara@harbour.example", "password": "wrong one, this"}))
	bad.want(t, http.StatusUnprocessableEntity, "do not belong together")
	form := bad.fill(t, "/login", nil)
	if form.Get("email") != "mara@harbour.example" || form.Get("password") != "" || strings.Contains(bad.body, "wrong one, this") {
		t.Errorf("the form came back with %v", form)
	}
	form.Set("password", password)
	v := b.post("/login", form)
	v.leads(t, "/studio/mara/settings?tab=1")
	checkSession(t, v, "session", false)
	b.get("/studio/mara/settings").want(t, http.StatusOK, "Settings")
	first := b.site.Count(t, "select count(*) from sessions")
	b.post("/login", form) // signing in again replaces this browser's session
	if n := s.Count(t, "select count(*) from sessions"); n != first {
		t.Errorf("%d sessions, want %d", n, first)
	}
	if v := b.get("/logout"); v.status != http.StatusNotFound {
		t.Errorf("GET /logout answered %d", v.status)
	}
	b.get("/studio/mara/settings").want(t, http.StatusOK, "Settings")
	b.post("/logout", nil).leads(t, "/")
	if v := b.get("/studio/mara/settings"); v.status != http.StatusSeeOther {
		t.Errorf("signed out, the settings answer %d", v.status)
	}
	b.post("/logout", nil).leads(t, "/") // twice does no harm
}

func TestLogin_next(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	b := s.member(t, "Mara", "mara@harbour.example")
	for next, to := range map[string]string{
		"":                                "/studio",
		"/explore?q=a%20b":                "/explore?q=a%20b",
		"//evil.example/":                 "/studio",
		`/\evil.example/`:                 "/studio",
		"/\t/evil.example":                "/studio",
		"/\n/evil.example":                "/studio",
		"https://evil.example/":           "/studio",
		"javascript:alert(1)":             "/studio",
		"evil.example":                    "/studio",
		"/%2f%2fevil.example":             "/studio",
		"/login":                          "/studio",
		"/logout":                         "/studio",
		"/a\r\nSet-Cookie: x=y":           "/studio",
		"/" + strings.Repeat("x", 10_000): "/studio",
		"/%zz":                            "/studio",
	} {
		b.get("/login?"+url.Values{"next": {next}}.Encode()).leads(t, to)
		b.post("/login", url.Values{"email": {"mara@harbour.example"}, "password": {password}, "next": {next}}).leads(t, to)
	}
}

func TestLogin_overHTTPS(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	s.member(t, "Mara", "mara@harbour.example")
	b := s.browser(t)
	b.header.Set("X-Forwarded-Proto", "https")
	v := b.post("/login", url.Values{"email": {"mara@harbour.example"}, "password": {password}})
	v.leads(t, "/studio")
	checkSession(t, v, "__Host-session", true)
	if v.header.Get("Strict-Transport-Security") == "" {
		t.Error("HSTS is missing")
	}
}

func TestReset(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	elsewhere := s.member(t, "Mara", "mara@harbour.example")
	b := s.browser(t)
	b.post("/reset", b.get("/reset").fill(t, "/reset", map[string]string{"email": "mara@harbour.example"})).leads(t, "/reset/sent")
	b.get("/reset/sent").want(t, http.StatusOK, "mara@harbour.example.")
	path := s.linkTo(t, "mara@harbour.example")
	page := b.get(path)
	page.want(t, http.StatusOK, "Choose a new password")
	bad := b.post(path, page.fill(t, path, map[string]string{"password": "mara@harbour.example"}))
	bad.want(t, http.StatusUnprocessableEntity, "Your address is no secret")
	form := bad.fill(t, path, map[string]string{"password": "a newer short sentence"})
	for range 2 {
		b.post(path, form).leads(t, "/studio")
	}
	b.get("/studios/new").want(t, http.StatusOK, "Your password is changed")
	if v := elsewhere.get("/studios/new"); v.status != http.StatusSeeOther {
		t.Errorf("the other device is still signed in: %d", v.status)
	}
	b.get(path).want(t, http.StatusGone, "This link has been used")
	b.get("/reset/nothing").want(t, http.StatusNotFound, "This link is not known")
	s.Exec(t, "update links set used_at = null, expires_at = now() - interval '1 minute'")
	b.get(path).want(t, http.StatusGone, "This link has expired")
	b.post(path, form).leads(t, "/studio") // the same form, sent again: answered as the first time
}

func TestVerify_expiredSendsAnother(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	b := s.browser(t)
	b.post("/signup", b.get("/signup").fill(t, "/signup", map[string]string{"name": "Late", "email": "late@harbour.example", "password": password}))
	path := s.linkTo(t, "late@harbour.example")
	s.Exec(t, "update links set expires_at = now() - interval '1 minute'")
	page := b.get(path)
	page.want(t, http.StatusGone, "We can send another one to late@harbour.example.")
	again := page.fill(t, path+"/again", nil)
	for range 2 {
		b.post(path+"/again", again).leads(t, "/signup/sent")
	}
	fresh := s.linkTo(t, "late@harbour.example")
	if fresh == path || s.Count(t, "select count(*) from mails") != 2 {
		t.Fatal("no new link was sent")
	}
	b.post(fresh, b.get(fresh).fill(t, fresh, nil)).leads(t, "/studio/late")
	b.post(path+"/again", url.Values{"idempotency_key": {"another-key-of-somebody"}}).want(t, http.StatusGone, "This link has been used")
	b.post("/verify/nothing/again", again).want(t, http.StatusNotFound, "This link is not known")
	b.post("/verify/nothing", again).want(t, http.StatusNotFound, "This link is not known")
}

func TestVerify_contestedAsksForThePassword(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	b := s.browser(t)
	for _, p := range []string{"the stranger's sentence", password} {
		b.post("/signup", b.get("/signup").fill(t, "/signup", map[string]string{"name": "Twice", "email": "twice@harbour.example", "password": p}))
	}
	path := s.linkTo(t, "twice@harbour.example")
	page := b.get(path)
	page.want(t, http.StatusOK, "This address was signed up more than once.")
	bad := b.post(path, page.fill(t, path, map[string]string{"password": "not this one either"}))
	bad.want(t, http.StatusUnprocessableEntity, "This is not the password of the form")
	b.post(path, bad.fill(t, path, map[string]string{"password": password})).leads(t, "/studio/twice")
}

func TestDoors_areNotCachedNorIndexed(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	b := s.browser(t)
	for _, path := range []string{"/setup", "/signup", "/signup/sent", "/login", "/reset", "/reset/sent", "/verify/x", "/reset/x"} {
		v := b.get(path)
		if v.header.Get("Cache-Control") != "no-store" || v.header.Get("Referrer-Policy") != "no-referrer" {
			t.Errorf("%s: %v", path, v.header)
		}
		if secret := strings.HasPrefix(path, "/verify") || strings.HasPrefix(path, "/reset/"); secret && (v.Find("link[rel=canonical]").Length() != 0 || v.Find("meta[name=robots][content=noindex]").Length() != 1) {
			t.Errorf("%s names itself", path)
		}
	}
}

func TestForms_ofOtherSitesAreRefused(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	b := s.member(t, "Mara", "mara@harbour.example")
	b.header.Set("Sec-Fetch-Site", "cross-site")
	b.header.Set("Origin", "https://evil.example")
	for _, path := range []string{"/login", "/logout", "/signup", "/reset", "/studios/new", "/studio/mara/settings"} {
		b.post(path, url.Values{"email": {"mara@harbour.example"}, "password": {password}, "name": {"X"}}).want(t, http.StatusForbidden, "sent from another site")
	}
	b.header = http.Header{}
	b.get("/studios/new").want(t, http.StatusOK, "Open another studio")
}

func TestMailbox(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	b := s.browser(t)
	b.get("/dev/mailbox").want(t, http.StatusOK, "No mail yet")
	b.post("/signup", b.get("/signup").fill(t, "/signup", map[string]string{"name": "Mara", "email": "mara@harbour.example", "password": password}))
	path := s.linkTo(t, "mara@harbour.example")
	list := b.get("/dev/mailbox?before=nonsense")
	list.want(t, http.StatusOK, "mara@harbour.example")
	one, _ := list.Find(".mails a").First().Attr("href")
	page := b.get(one)
	page.want(t, http.StatusOK, "Open your studio on Vitrine")
	if page.Find(`a[href="http://vitrine.test`+path+`"]`).Length() != 1 {
		t.Errorf("the link of the mail cannot be followed:\n%s", page.text())
	}
	html := b.get(one + "/html")
	if csp := html.header.Get("Content-Security-Policy"); !strings.Contains(csp, "default-src 'none'") || !strings.Contains(csp, "sandbox") {
		t.Errorf("the HTML version has the policy %q", csp)
	}
	if html.Find(`a[href="http://vitrine.test`+path+`"]`).Length() != 1 {
		t.Error("the HTML version has no link")
	}
	for _, bad := range []string{"/dev/mailbox/x", "/dev/mailbox/00000000-0000-0000-0000-000000000000", "/dev/mailbox/00000000-0000-0000-0000-000000000000/html"} {
		if v := b.get(bad); v.status != http.StatusNotFound {
			t.Errorf("%s answered %d", bad, v.status)
		}
	}
}

func TestMailbox_onlyInDevelopment(t *testing.T) {
	t.Parallel()
	for name, change := range map[string]siteOption{
		"production": func(c *web.Config, _ *mail.Config) { c.Dev = false },
		"smtp":       func(_ *web.Config, m *mail.Config) { m.Kind, m.URL = mail.KindSMTP, "smtp://127.0.0.1:1" },
	} {
		b := newSite(t, change).browser(t)
		if v := b.get("/dev/mailbox"); v.status != http.StatusNotFound {
			t.Errorf("%s: the mailbox answers %d", name, v.status)
		}
		if v := b.get("/signup/sent"); strings.Contains(v.body, "/dev/mailbox") && name == "production" {
			t.Errorf("%s: the page leads to the mailbox", name)
		}
	}
}
