package web_test

import (
	"bytes"
	"fmt"
	"io"
	"mime/multipart"
	"net/http"
	"net/url"
	"strings"
	"testing"
	"unicode"
	"unicode/utf8"

	"vitrine/app/platform/idem"
	"vitrine/app/studios"
)

// hostile are values that a form or a URL may hold. No answer to any of them is
// a 5xx, and none of them breaks out of the page that shows it.
var hostile = map[string]string{
	"empty":          "",
	"spaces":         " \t\r\n ",
	"NUL":            "a\x00b",
	"only NUL":       "\x00",
	"control":        "a\x01\x02\x1b[31mb\x7f",
	"invalid UTF-8":  "a\xff\xfe\xc3\x28b",
	"overlong UTF-8": "\xc0\xaf\xe0\x80\xaf",
	"surrogate":      "\xed\xa0\x80",
	"CRLF":           "a\r\nSet-Cookie: pwned=1\r\n\r\n<b>b</b>",
	"HTML":           `"><script>alert(1)</script><img src=x onerror=alert(1)>`,
	"attribute":      `' onmouseover='alert(1)' x='`,
	"template":       "{{.}} ${7*7} <%= 7*7 %>",
	"SQL":            "'; drop table users; --",
	"placeholder":    "? $1 @name %s",
	"emoji":          "👩‍👩‍👧‍👦🏳️‍🌈",
	"RTL":            "\u202eevil\u2066שלום عالم",
	"invisible":      "\u200b\u200d\ufeff",
	"combining":      strings.Repeat("Z\u0351\u036b\u0343", 500),
	"path":           "../../../../etc/passwd",
	"long":           strings.Repeat("x", 20_000),
	"1 MB":           strings.Repeat("x", 1_000_000),
	"1 MB of emoji":  strings.Repeat("🐟", 80_000),
	"number":         "-9223372036854775809",
	"float":          "1e309",
	"percent":        "%00%0d%0a%ff",
	"semicolons":     "a;b=c&d=e",
}

// door is a form of this site, with values that it would take.
type door struct {
	path   string // of the page
	action string
	good   map[string]string
	shown  []string // fields that come back filled in
}

func (s *site) doors(t *testing.T) (*browser, []door) {
	t.Helper()
	b := s.member(t, "Mara", "mara@harbour.example")
	token, err := s.Accounts.PrepareSetup(t.Context())
	must(t, err)
	visitor := s.browser(t)
	visitor.post("/signup", visitor.get("/signup").fill(t, "/signup", map[string]string{"name": "W", "email": "waits@harbour.example", "password": password}))
	verify := s.linkTo(t, "waits@harbour.example")
	visitor.post("/reset", visitor.get("/reset").fill(t, "/reset", map[string]string{"email": "mara@harbour.example"}))
	reset := s.linkTo(t, "mara@harbour.example")
	return b, []door{
		{"/report?at=/@mara", "/report", map[string]string{"at": "/@mara", "ground": "spam", "words": "Look.", "email": "v@harbour.example"}, []string{"words", "email"}},
		{"/report/takedown", "/report/takedown", map[string]string{"at": "/@mara", "owned": "Mine.", "statement": "Not theirs.", "name": "Ines", "holder": "", "email": "i@harbour.example",
			"contact": "Quay", "signature": "Ines", "sworn": "on"}, []string{"owned", "statement", "name", "holder", "email", "contact", "signature"}},
		{"/setup?token=" + url.QueryEscape(token), "/setup", map[string]string{"token": token, "email": "ines@harbour.example", "password": password, "studio": "House", "demo": "on"}, []string{"email", "studio"}},
		{"/signup", "/signup", map[string]string{"name": "Noor", "email": "noor@harbour.example", "password": password}, []string{"name", "email"}},
		{verify, verify, map[string]string{"password": ""}, nil},
		{verify, verify + "/again", nil, nil},
		{"/login", "/login", map[string]string{"email": "mara@harbour.example", "password": password, "next": "/studio"}, []string{"email"}},
		{"/reset", "/reset", map[string]string{"email": "mara@harbour.example"}, []string{"email"}},
		{reset, reset, map[string]string{"password": password}, nil},
		{"/studios/new", "/studios/new", map[string]string{"name": "Second"}, []string{"name"}},
		{"/notifications/settings", "/notifications/settings", map[string]string{"hour": "8", "zone": "", "like_mail": "on"}, nil},
		{"/studio/mara/settings", "/studio/mara/settings", map[string]string{"name": "Mara", "slug": "mara", "description": "", "location": "", "version": "1"}, []string{"name", "slug", "description", "location"}},
	}
}

// TestForms_hostileValues puts each value into each field of each form, alone.
func TestForms_hostileValues(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	member, doors := s.doors(t)
	visitor := s.browser(t)
	for _, d := range doors {
		b := visitor
		if strings.HasPrefix(d.path, "/studio") {
			b = member
		}
		fields := append([]string{"idempotency_key"}, sortedKeys(d.good)...)
		for _, field := range fields {
			for name, value := range hostile {
				// A key of its own, so that an earlier form does not answer for this one.
				form := url.Values{"idempotency_key": {idem.NewKey()}}
				for k, v := range d.good {
					form.Set(k, v)
				}
				// Only the value at hand may be wrong, unless it is right: then the
				// password is, so that nothing is used up.
				if field != "password" && form.Has("password") {
					form.Set("password", "short")
				}
				if field != "slug" && form.Has("slug") {
					form.Set("slug", "admin")
				}
				form.Set(field, value)
				v := b.post(d.action, form)
				where := fmt.Sprintf("%s, %s in %s", d.action, name, field)
				checkAnswer(t, v, where)
				if v.status != http.StatusUnprocessableEntity {
					continue
				}
				for _, shown := range d.shown {
					if got, want := v.value(shown), asShown(form.Get(shown)); got != want {
						t.Errorf("%s: the field %s came back as %.80q, want %.80q", where, shown, got, want)
					}
				}
			}
		}
	}
}

// asShown is what can be shown of a value: text, with line breaks as parsers of
// HTML read them.
func asShown(v string) string {
	return strings.NewReplacer("\x00", "", "\r\n", "\n").Replace(strings.ToValidUTF8(v, "\uFFFD"))
}

// value is what a field of the page holds.
func (v view) value(field string) string {
	f := v.Find("main #" + field)
	if f.Is("textarea") {
		return f.Text()
	}
	out, _ := f.Attr("value")
	return out
}

// checkAnswer holds for every answer to hostile input: no 5xx, a sentence when
// it is refused, and nothing of the value outside of text.
func checkAnswer(t *testing.T, v view, where string) {
	t.Helper()
	if v.status >= 500 || v.status < 200 {
		t.Errorf("%s: the answer is %d:\n%.400s", where, v.status, v.text())
	}
	if v.status >= 400 && len(v.text()) < 20 {
		t.Errorf("%s: %d without a sentence: %q", where, v.status, v.text())
	}
	if v.Find("main script, main img[onerror], main [onmouseover]").Length() > 0 {
		t.Errorf("%s: the value became markup", where)
	}
	if !utf8.ValidString(v.body) || strings.ContainsRune(v.body, 0) {
		t.Errorf("%s: the page is not valid text", where)
	}
	for _, ck := range v.cookies {
		if ck.Name == "pwned" {
			t.Errorf("%s: the value became a header", where)
		}
	}
}

func sortedKeys(m map[string]string) []string {
	var out []string
	for k := range m {
		out = append(out, k)
	}
	return out
}

// TestForms_missingAndRepeated sends forms that no page of ours would send.
func TestForms_missingAndRepeated(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	member, doors := s.doors(t)
	for _, d := range doors {
		b := s.browser(t)
		if strings.HasPrefix(d.path, "/studio") {
			b = member
		}
		repeated := url.Values{}
		for k, v := range d.good {
			repeated[k] = []string{v, "another", v}
		}
		var multi bytes.Buffer
		w := multipart.NewWriter(&multi)
		must(t, w.WriteField("email", "x"))
		must(t, w.Close())
		for name, send := range map[string]func() view{
			"nothing": func() view { return b.post(d.action, nil) },
			"no key":  func() view { return b.post(d.action, repeated) },
			"JSON": func() view {
				return b.do(http.MethodPost, d.action, "application/json", strings.NewReader(`{"email":1}`))
			},
			"no type":  func() view { return b.do(http.MethodPost, d.action, "", strings.NewReader("email=x")) },
			"odd type": func() view { return b.do(http.MethodPost, d.action, ";;;", strings.NewReader("email=x")) },
			"broken encoding": func() view {
				return b.do(http.MethodPost, d.action, "application/x-www-form-urlencoded", strings.NewReader("email=%zz&%=;&&=="))
			},
			"multipart": func() view {
				return b.do(http.MethodPost, d.action, w.FormDataContentType(), bytes.NewReader(multi.Bytes()))
			},
			"broken multipart": func() view {
				return b.do(http.MethodPost, d.action, "multipart/form-data; boundary=x", strings.NewReader("--x\r\nnonsense"))
			},
			"no boundary": func() view { return b.do(http.MethodPost, d.action, "multipart/form-data", strings.NewReader("--x")) },
			"5 MB": func() view {
				return b.do(http.MethodPost, d.action, "application/x-www-form-urlencoded", io.LimitReader(endless{}, 5<<20))
			},
			"many fields": func() view {
				return b.do(http.MethodPost, d.action, "application/x-www-form-urlencoded", strings.NewReader(strings.Repeat("a=b&", 100_000)))
			},
		} {
			v := send()
			checkAnswer(t, v, d.action+", "+name)
			// Signing in, settings and reports, of which one counts, need no key; of
			// repeated values the first counts.
			if keyless := d.action == "/login" || d.action == "/studio/mara/settings" || d.action == "/report"; v.status < 400 && !(keyless && name == "no key") {
				t.Errorf("%s, %s: the answer is %d to %q", d.action, name, v.status, v.location)
			}
		}
	}
}

// endless is a body of one letter.
type endless struct{}

func (endless) Read(p []byte) (int, error) {
	for i := range p {
		p[i] = 'x'
	}
	return len(p), nil
}

// TestPages_hostileURLsAndHeaders asks for every page with odd parameters.
func TestPages_hostileURLsAndHeaders(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	member := s.member(t, "Mara", "mara@harbour.example")
	pages := []string{"/setup", "/signup", "/signup/sent", "/login", "/reset", "/reset/sent", "/studios/new", "/studio", "/studio/mara/settings", "/dev/mailbox"}
	for name, value := range hostile {
		if len(value) > 20_000 {
			continue // net/http refuses a request line of 1 MB by itself
		}
		for _, page := range pages {
			q := url.Values{"token": {value}, "next": {value}, "before": {value}, "email": {value, "b"}}
			checkAnswer(t, member.get(page+"?"+q.Encode()), page+"? "+name)
		}
		for _, prefix := range []string{"/verify/", "/reset/", "/studio/", "/dev/mailbox/"} {
			for _, suffix := range []string{"", "/settings", "/again", "/html"} {
				v := member.get(prefix + url.PathEscape(value) + suffix)
				checkAnswer(t, v, prefix+name+suffix)
				checkAnswer(t, member.post(prefix+url.PathEscape(value)+suffix, nil), "POST "+prefix+name+suffix)
			}
		}
		// What Go's client agrees to send at all.
		plain := strings.Map(func(r rune) rune {
			if unicode.IsControl(r) {
				return -1
			}
			return r
		}, value)
		b := s.browser(t)
		for _, ck := range []string{"session", "__Host-session", "studio", "flash", "sent"} {
			b.header["Cookie"] = append(b.header["Cookie"], ck+"="+plain)
		}
		for _, h := range []string{"User-Agent", "Accept-Language", "Referer", "X-Forwarded-For", "X-Forwarded-Proto", "Range", "If-None-Match", "Accept-Encoding"} {
			b.header.Set(h, plain)
		}
		for _, page := range pages {
			checkAnswer(t, b.get(page), page+" with headers of "+name)
		}
		delete(b.header, "Accept-Encoding")
		b.header.Set("Cookie", "")
		v := b.post("/login", url.Values{"email": {"mara@harbour.example"}, "password": {password}})
		checkAnswer(t, v, "login with headers of "+name)
		if v.status != http.StatusSeeOther {
			t.Errorf("a login with the headers %q was answered with %d", name, v.status)
		}
	}
	if v := member.get("/studio/mara/settings?a=%zz;b&&=="); v.status != http.StatusOK {
		t.Errorf("a broken query string is answered with %d", v.status)
	}
}

func TestSettings(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	b := s.member(t, "Mara", "mara@harbour.example")
	page := b.get("/studio/mara/settings")
	form := page.fill(t, "/studio/mara/settings", map[string]string{"name": `Kiln & "Loom" <b>`, "slug": "Kiln-Loom", "description": "\nLine one\nLine two", "location": "Ağrı"})
	for range 2 {
		v := b.post("/studio/mara/settings", form)
		if v.location == "/studio/kiln-loom/settings" {
			continue
		}
		v.want(t, http.StatusConflict, "The studio has a new address")
	}
	if v := b.get("/studio/mara/settings?x=1"); v.status != http.StatusMovedPermanently || v.location != "/studio/kiln-loom/settings?x=1" {
		t.Errorf("the former address answers %d to %q", v.status, v.location)
	}
	again := b.get("/studio/kiln-loom/settings")
	again.want(t, http.StatusOK, "Saved.")
	if again.value("name") != `Kiln & "Loom" <b>` || again.value("description") != "Line one\nLine two" || again.value("location") != "Ağrı" {
		t.Errorf("the form shows %q, %q, %q", again.value("name"), again.value("description"), again.value("location"))
	}
	// Two windows: the second one is told, and may decide.
	first := again.fill(t, "/studio/kiln-loom/settings", map[string]string{"location": "Here"})
	second := again.fill(t, "/studio/kiln-loom/settings", map[string]string{"location": "There"})
	b.post("/studio/kiln-loom/settings", first).leads(t, "/studio/kiln-loom/settings")
	told := b.post("/studio/kiln-loom/settings", second)
	told.want(t, http.StatusConflict, "Somebody changed these settings")
	if told.value("location") != "There" {
		t.Errorf("what was typed is lost: %q", told.value("location"))
	}
	b.post("/studio/kiln-loom/settings", told.fill(t, "/studio/kiln-loom/settings", nil)).leads(t, "/studio/kiln-loom/settings")
	// Members with lesser roles, and strangers.
	noor := s.member(t, "Noor", "noor@harbour.example")
	noor.get("/studio/kiln-loom/settings").want(t, http.StatusNotFound, "There is no such studio")
	noor.post("/studio/kiln-loom/settings", first).want(t, http.StatusNotFound, "There is no such studio")
	for role, status := range map[string]int{"viewer": http.StatusForbidden, "editor": http.StatusForbidden, "admin": http.StatusOK} {
		s.Exec(t, "delete from memberships where user_id = $1 and role <> 'owner'", s.userOf(t, "noor@harbour.example"))
		s.Exec(t, "insert into memberships (studio_id, user_id, role, created_at, updated_at) select id, $1, $2, now(), now() from studios where slug = 'kiln-loom'", s.userOf(t, "noor@harbour.example"), role)
		if v := noor.get("/studio/kiln-loom/settings"); v.status != status {
			t.Errorf("a %s gets %d, want %d", role, v.status, status)
		}
	}
}

func TestNewStudio(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	b := s.member(t, "Mara", "mara@harbour.example")
	page := b.get("/studios/new")
	bad := b.post("/studios/new", page.fill(t, "/studios/new", map[string]string{"name": strings.Repeat("ü", 81)}))
	bad.want(t, http.StatusUnprocessableEntity, "80 characters at most")
	form := bad.fill(t, "/studios/new", map[string]string{"name": "Salt Office"})
	for range 2 {
		b.post("/studios/new", form).leads(t, "/studio/salt-office")
	}
	b.get("/studio/salt-office/settings").want(t, http.StatusOK, "Settings")
	b.get("/studio").leads(t, "/studio/salt-office") // the one that was open last
	switcher := b.get("/studios/new").Find("header .menu a[href^='/studio/']")
	if !strings.Contains(switcher.Text(), "Salt Office") || !strings.Contains(switcher.Text(), "Mara") {
		t.Errorf("the switcher lists %q", switcher.Text())
	}
	if n := s.Count(t, "select count(*) from studios"); n != 2 {
		t.Errorf("%d studios", n)
	}
}

// TestRoutes_reserveTheirWords: no studio can be called like a part of the site.
func TestRoutes_reserveTheirWords(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	for _, r := range s.server.Routes() {
		word, _, _ := strings.Cut(strings.TrimPrefix(r.Path, "/"), "/")
		if word == "" || strings.ContainsAny(word, ":*.@") {
			continue // no slug looks like that
		}
		if !studios.Reserved(word) {
			t.Errorf("%s %s: %q is not reserved, so a studio may take it", r.Method, r.Path, word)
		}
	}
}
