package web_test

import (
	"encoding/base64"
	"fmt"
	"mime"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"

	"github.com/PuerkitoBio/goquery"
)

// elsewhere are addresses of another site, in the ways that have fooled checks.
var elsewhere = []string{
	"https://evil.example", "http://evil.example/studio", "//evil.example", "///evil.example", "////evil.example", `/\evil.example`, `\/evil.example`, `\\evil.example`, `/\/evil.example`,
	"https:evil.example", "https:/evil.example", "https:///evil.example", "HTTPS://evil.example", "//evil.example/%2f..", "/%2f/evil.example", "/%5cevil.example", "/%09/evil.example", "/\t/evil.example",
	"\t//evil.example", " //evil.example", "\n//evil.example", "\x00//evil.example", "/\r/evil.example", "/.//evil.example", "/..//evil.example", "/studio/..//evil.example", "/studio/..%2f/evil.example",
	"//user@evil.example", "https://vitrine.test@evil.example", "https://vitrine.test.evil.example", "//vitrine.test:80@evil.example", "javascript:alert(1)", "java\nscript:alert(1)", "data:text/html,<script>alert(1)</script>", "vbscript:x",
	"//evil.example\\@vitrine.test", "//\u3002evil.example", "/\u2215evil.example", "//evil。example", "?next=//evil.example", "#//evil.example", "@evil.example", ".evil.example", ":80@evil.example", "%0d%0aLocation:%20https://evil.example", "/a\r\nLocation: https://evil.example", "https%3a%2f%2fevil.example", "%2f%2fevil.example",
}

// leaves tells whether a browser that follows a Location from this site lands on
// another one. Browsers drop tabs and line breaks and take \ for /.
func leaves(location string) bool {
	l := strings.NewReplacer("\t", "", "\n", "", "\r", "", `\`, "/").Replace(strings.Trim(location, " \x00\x01\x1f"))
	if l == "" {
		return false
	}
	at, err := url.Parse("http://vitrine.test/studio/mara/settings")
	if err != nil {
		return true
	}
	u, err := at.Parse(l)
	return err != nil || u.Scheme != "http" || u.Host != "vitrine.test" || u.User != nil
}

// TestRoutes_leadNowhereElse gives each route each trick in each parameter and
// cookie that might end in a Location: nobody is led to another site.
func TestRoutes_leadNowhereElse(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	names := []string{"next", "to", "back", "return", "return_to", "url", "redirect", "slug", "after", "continue"}
	for route, l := range h.table(t) {
		method, _, _ := strings.Cut(route, " ")
		if method == http.MethodHead || method == http.MethodOptions {
			continue
		}
		path, _, _ := strings.Cut(l.path, "?")
		for i, trick := range elsewhere {
			query, form := url.Values{}, url.Values{}
			for field, values := range l.form {
				form[field] = values
			}
			for _, name := range names {
				query.Set(name, trick)
				form.Set(name, trick)
			}
			if method == http.MethodGet {
				form = nil
			}
			cookie := "studio=" + url.QueryEscape(trick) + "; flash=" + base64.RawURLEncoding.EncodeToString([]byte(trick)) + "; next=" + url.QueryEscape(trick)
			for _, who := range []string{"visitor", "owner"} {
				if who == "visitor" && i%3 > 0 { // they meet the same redirects, and fewer
					continue
				}
				v := h.ask(t, who, method, path+"?"+query.Encode(), form, append([]string{"Cookie", cookie, "Referer", "https://evil.example/"}, l.header...)...)
				if leaves(v.location) {
					t.Errorf("%s as %s leads with %q to %q", route, who, trick, v.location)
				}
				if v.status >= 500 {
					t.Errorf("%s as %s with %q: %d", route, who, trick, v.status)
				}
				if v.Find(`meta[http-equiv=refresh]`).Length() > 0 || v.header.Get("Refresh") != "" {
					t.Errorf("%s as %s: the page moves on by itself", route, who)
				}
				v.Find("a[href], form[action]").Each(func(_ int, s *goquery.Selection) {
					href := s.AttrOr("href", s.AttrOr("action", ""))
					if strings.Contains(href, "evil.example") && leaves(href) {
						t.Errorf("%s as %s: the page links to %q", route, who, href)
					}
				})
				if l.ends && who == "owner" {
					h.people[who] = signInAgain(t, h, who)
				}
			}
		}
	}
}

// TestLogin_leadsNowhereElse: a login that succeeds leads on within the site.
func TestLogin_leadsNowhereElse(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	s.member(t, "Mara", "mara@harbour.example")
	for _, trick := range elsewhere {
		b := s.browser(t)
		v := b.post("/login", url.Values{"email": {"mara@harbour.example"}, "password": {password}, "next": {trick}})
		if v.status != http.StatusSeeOther || leaves(v.location) {
			t.Errorf("next=%q: %d to %q", trick, v.status, v.location)
		}
		s.Exec(t, "delete from throttles")
	}
}

// TestHeaders_holdOneLine: what people call their files ends in a header, as one
// line that reads back as one name, and is never shown in the page's place.
func TestHeaders_holdOneLine(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	for _, name := range []string{
		"a\r\nSet-Cookie: pwned=1\r\n\r\n<b>.jpg", `a"; filename="b.html`, "a\"b\\c.jpg", "../../etc/passwd", `..\..\boot.ini`, "a;b=c.jpg", "a%0d%0aX: y.jpg", "日本語 ü.jpg", "\u202egpj.exe", "a\tb.jpg", "=cmd|'/c calc'!A1.jpg", strings.Repeat("x", 200),
	} {
		h.Exec(t, "update media set filename = $1 where id = $2", name, h.media)
		v := h.ask(t, "owner", http.MethodGet, "/studio/"+h.slug+"/media/"+h.media.String()+"/original", nil)
		if v.status != http.StatusOK {
			t.Errorf("%q: %d", name, v.status)
			continue
		}
		got := v.header.Values("Content-Disposition")
		if len(got) != 1 || strings.ContainsAny(got[0], "\r\n\x00") {
			t.Errorf("%q: Content-Disposition is %q", name, got)
			continue
		}
		kind, params, err := mime.ParseMediaType(got[0])
		if err != nil || kind != "attachment" || len(params) != 1 {
			t.Errorf("%q: the header %q reads %s %q, %v", name, got[0], kind, params, err)
		}
		for _, ck := range v.cookies {
			if ck.Name == "pwned" {
				t.Errorf("%q became a header", name)
			}
		}
	}
}

// TestFiles_stayInTheirDirectory climbs out of each directory that files are
// served from, in the ways a path can be written.
func TestFiles_stayInTheirDirectory(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	climbs := []string{"../", "..%2f", "%2e%2e/", "%2e%2e%2f", "..%5c", `..\`, "....//", "..;/", "%252e%252e%252f", "..%c0%af", "..%ef%bc%8f", ".%00./", "%2e%2e%5c", "./../", "..//", "/..//"}
	for _, from := range []string{
		"/assets/", "/m/", "/m/" + h.media.String() + "/", "/m/" + h.media.String() + "/w320.jpg/", "/studio/" + h.slug + "/media/", "/studio/" + h.slug + "/media/" + h.media.String() + "/original/",
		"/studio/" + h.slug + "/uploads/", "/studio/" + h.slug + "/uploads/" + h.upload.String() + "/", "/dev/mailbox/", "/@" + h.slug + "/",
	} {
		for _, climb := range climbs {
			for _, goal := range []string{"etc/passwd", "etc%2fpasswd", "go.mod", "proc/self/environ", "original/" + h.media.String(), "app.css.map", ".env"} {
				for _, who := range []string{"visitor", "owner"} {
					path := from + strings.Repeat(climb, 8) + goal
					v := h.ask(t, who, http.MethodGet, path, nil)
					if v.status == http.StatusOK && !strings.Contains(v.header.Get("Content-Type"), "text/html") || strings.Contains(v.body, "root:x:0") || strings.Contains(v.body, "module vitrine") || strings.Contains(v.body, "PATH=") {
						t.Errorf("%s as %s: %d %s %.60q", path, who, v.status, v.header.Get("Content-Type"), v.body)
					}
					if v.status >= 500 {
						t.Errorf("%s as %s: %d", path, who, v.status)
					}
				}
			}
		}
	}
}

// foreignHost are what a request may say of where it was sent, none of it true.
var foreignHost = []string{"X-Forwarded-Host", "evil.example", "X-Host", "evil.example", "X-Forwarded-Server", "evil.example", "Forwarded", "host=evil.example", "X-Original-URL", "/dev/mailbox", "X-Rewrite-URL", "/dev/mailbox", "X-Forwarded-Port", "99", "X-HTTP-Host-Override", "evil.example"}

// TestHost_isNobodysToChoose: no answer and no mail carries a host that the
// request claims; links come from BASE_URL alone.
func TestHost_isNobodysToChoose(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	table := h.table(t)
	for route, l := range table {
		method, _, _ := strings.Cut(route, " ")
		if method != http.MethodGet {
			continue
		}
		for _, who := range []string{"visitor", "owner", "root"} {
			v := h.askHost(t, who, method, l.path, nil)
			if strings.Contains(v.body, "evil.example") || strings.Contains(fmt.Sprint(v.header), "evil.example") || leaves(v.location) && !l.tokens {
				t.Errorf("%s as %s repeats the host that was claimed: %q %v", route, who, v.location, v.header)
			}
		}
	}
	for path, form := range map[string]url.Values{
		"/signup": {"name": {"New"}, "email": {"new@harbour.example"}, "password": {password}, "idempotency_key": {"0123456789abcdef"}},
		"/reset":  {"email": {"owner@harbour.example"}, "idempotency_key": {"0123456789abcdeg"}},
	} {
		if v := h.askHost(t, "visitor", http.MethodPost, path, form); v.status != http.StatusSeeOther {
			t.Errorf("%s: %d %.200s", path, v.status, v.text())
		}
	}
	before := h.Count(t, "select count(*) from mails")
	h.deliverMails(t)
	if n := h.Count(t, "select count(*) from mails"); n < before+2 {
		t.Errorf("%d mails, want two more than %d", n, before)
	}
	if n := h.Count(t, "select count(*) from mails where text || html || subject like '%evil.example%'"); n > 0 {
		t.Errorf("%d mails link to the host that a request claimed", n)
	}
}

// askHost is ask with claims about the host.
func (h *house) askHost(t *testing.T, who, method, path string, form url.Values) view {
	t.Helper()
	header := append([]string{"X-Forwarded-For", "203.0.113.9"}, foreignHost...)
	inner := h.handler
	defer func() { h.handler = inner }()
	h.handler = http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		r.Host = "evil.example"
		inner.ServeHTTP(w, r)
	})
	return h.ask(t, who, method, path, form, header...)
}

// TestCookies_fromASiblingSite: over HTTPS the session is a __Host- cookie, which
// no other host can set, and the plain name counts for nothing.
func TestCookies_fromASiblingSite(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	s.member(t, "Mara", "mara@harbour.example")
	secure := s.browser(t)
	secure.header.Set("X-Forwarded-Proto", "https")
	v := secure.post("/login", url.Values{"email": {"mara@harbour.example"}, "password": {password}})
	var mine *http.Cookie
	for _, ck := range v.cookies {
		if ck.Domain != "" || !ck.HttpOnly || !ck.Secure && ck.MaxAge >= 0 || ck.SameSite != http.SameSiteLaxMode && ck.SameSite != http.SameSiteStrictMode {
			t.Errorf("the cookie %s of a login over HTTPS is %+v", ck.Name, ck)
		}
		if strings.HasSuffix(ck.Name, "session") && ck.Value != "" {
			mine = ck
		}
	}
	if v.status != http.StatusSeeOther || mine == nil || mine.Name != "__Host-session" || mine.Path != "/" {
		t.Fatalf("the login gives %d, %+v", v.status, mine)
	}
	at := func(cookie string) view {
		b := s.browser(t)
		b.header.Set("X-Forwarded-Proto", "https")
		b.header.Set("Cookie", cookie)
		return b.get("/studio/mara")
	}
	if v := at(mine.Name + "=" + mine.Value); v.status != http.StatusOK {
		t.Errorf("the session itself gives %d", v.status)
	}
	for _, tossed := range []string{"session=" + mine.Value, "__host-session=" + mine.Value, "__Secure-session=" + mine.Value} {
		if v := at(tossed); v.status == http.StatusOK {
			t.Errorf("a session that another host may have set is believed: %s", strings.Split(tossed, "=")[0])
		}
	}
	// A message that somebody else put there is text, and short.
	for _, flash := range []string{`{"kind":"good","text":"<script>alert(1)</script><img src=x onerror=alert(1)>"}`, strings.Repeat("x", 3000), `{"Kind":"<b>","Text":"` + strings.Repeat("y", 3000) + `"}`, "\xff\xfe", "null", "[]"} {
		b := s.browser(t)
		b.header.Set("Cookie", "flash="+base64.RawURLEncoding.EncodeToString([]byte(flash)))
		checkAnswer(t, b.get("/explore"), "the message "+flash[:min(20, len(flash))])
	}
}

// TestWire_requestsAreNotMixedUp says what servers behind proxies have
// misunderstood: two lengths, lengths that are none, bodies of two kinds. What is
// hidden in the body of one request is never carried out as another.
func TestWire_requestsAreNotMixedUp(t *testing.T) {
	t.Parallel()
	s := hurried(t, 0)
	inner := s.handler
	hidden := make(chan string, 100)
	listener := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if strings.HasPrefix(r.URL.Path, "/hidden") {
			hidden <- r.URL.Path
		}
		inner.ServeHTTP(w, r)
	}))
	t.Cleanup(listener.Close)
	s.url = listener.URL
	const inside = "GET /hidden HTTP/1.1\r\nHost: vitrine.test\r\n\r\n"
	for name, head := range map[string]string{
		"two lengths":            fmt.Sprintf("Content-Length: 0\r\nContent-Length: %d\r\n\r\n", len(inside)),
		"two lengths, reversed":  fmt.Sprintf("Content-Length: %d\r\nContent-Length: 0\r\n\r\n", len(inside)),
		"a list of lengths":      fmt.Sprintf("Content-Length: 0, %d\r\n\r\n", len(inside)),
		"a signed length":        fmt.Sprintf("Content-Length: +%d\r\n\r\n", len(inside)),
		"a negative length":      "Content-Length: -1\r\n\r\n",
		"a hexadecimal length":   "Content-Length: 0x0\r\n\r\n",
		"an unknown coding":      "Transfer-Encoding: xchunked\r\n\r\n",
		"two codings":            "Transfer-Encoding: chunked, identity\r\n\r\n",
		"two headers of coding":  "Transfer-Encoding: chunked\r\nTransfer-Encoding: identity\r\n\r\n",
		"a space before a colon": "Transfer-Encoding : chunked\r\n\r\n0\r\n\r\n",
		"a folded header":        "Transfer-Encoding:\r\n chunked\r\nX : y\r\n\r\n0\r\n\r\n",
		"a header of two lines":  "X: a\rTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
		"a NUL":                  "X: a\x00b\r\n\r\n",
		"no host":                "\r\n",
		"a bad chunk":            "Transfer-Encoding: chunked\r\n\r\nzz\r\n\r\n",
		"a chunk too long":       "Transfer-Encoding: chunked\r\n\r\nfffffffffffffffff\r\n\r\n",
	} {
		host := "Host: vitrine.test\r\n"
		if name == "no host" {
			host = ""
		}
		w := s.wire(t)
		_, _ = fmt.Fprintf(w, "POST /login HTTP/1.1\r\n%sContent-Type: application/x-www-form-urlencoded\r\n%s%s", host, head, inside)
		if v := w.hear(); v.status < 400 || v.status > 501 {
			t.Errorf("%s: %d", name, v.status)
		}
	}
	// A length within which the other request lies is its body.
	w := s.wire(t)
	if v := w.say("POST /login HTTP/1.1\r\nHost: vitrine.test\r\nContent-Type: application/x-www-form-urlencoded\r\nContent-Length: %d\r\n\r\n%s", len(inside), inside).hear(); v.status != http.StatusUnprocessableEntity {
		t.Errorf("a request in a body: %d", v.status)
	}
	close(hidden)
	for path := range hidden {
		t.Errorf("%s was carried out from inside another request", path)
	}
}

// TestRoutes_wantProof walks the routes that want a fresh proof of who one is
// with sessions whose proof is older: nobody gets through, and whoever may is
// asked.
func TestRoutes_wantProof(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	h.Exec(t, "update sessions set proved_at = now() - interval '16 minutes'")
	walked := 0
	for route, l := range h.table(t) {
		if !l.proven {
			continue
		}
		method, _, _ := strings.Cut(route, " ")
		for i, who := range everybody[1:] {
			v := h.ask(t, who, method, l.path, l.form, l.header...)
			asked := v.status == http.StatusSeeOther && strings.HasPrefix(v.location, "/me/confirm?next=") || v.Find("input[name=proof_password]").Length() == 1 && v.status < 500
			if refused := l.status[i+1] == no || l.status[i+1] == none; !asked && !(refused && v.status == l.status[i+1]) {
				t.Errorf("%s as %s: %d to %q without a proof: %.200s", route, who, v.status, v.location, v.text())
			}
			walked++
		}
	}
	if walked < 30 {
		t.Errorf("only %d walks", walked)
	}
}

// TestAnswers_letNoOtherSiteRead: no answer opens itself to scripts of others.
func TestAnswers_letNoOtherSiteRead(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	for route, l := range h.table(t) {
		method, _, _ := strings.Cut(route, " ")
		for _, origin := range []string{"https://evil.example", "null"} {
			v := h.ask(t, "owner", method, l.path, l.form, append([]string{"Origin", origin, "Access-Control-Request-Method", "POST", "Access-Control-Request-Headers", "x"}, l.header...)...)
			for name := range v.header {
				got := v.header.Get(name)
				// Pages of others may read what the API shows to everybody, and how a
				// public work is embedded; they send neither cookies nor tokens.
				public := strings.HasPrefix(l.path, "/oembed") && name == "Access-Control-Allow-Origin" && got == "*" || strings.HasPrefix(l.path, "/api/") && (name == "Access-Control-Allow-Origin" && got == "*" || name == "Access-Control-Allow-Methods" && got == "GET, HEAD, OPTIONS" ||
					name == "Access-Control-Allow-Headers" && !strings.Contains(got, "Authorization") || name == "Access-Control-Expose-Headers" || name == "Access-Control-Max-Age")
				if strings.HasPrefix(name, "Access-Control-") && !public {
					t.Errorf("%s tells %s %s: %q", route, origin, name, got)
				}
			}
			if l.ends {
				h.people["owner"] = signInAgain(t, h, "owner")
			}
		}
	}
}

// restless are tables that a page may write while it is only looked at.
var restless = map[string]string{
	"sessions":  "when a session was seen last",
	"throttles": "attempts are counted",
}

// TestRoutes_lookingChangesNothing walks every page as everybody: no row is
// another than before, so that a link on another site carries nothing out.
func TestRoutes_lookingChangesNothing(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	tables := h.strings(t, "select relname from pg_class where relnamespace = 'public'::regnamespace and relkind in ('r', 'p') order by 1")
	var parts []string
	for _, table := range tables {
		if restless[table] == "" {
			parts = append(parts, "select '"+table+" ' || coalesce(md5(string_agg(x::text, ',' order by x::text)), '') from "+table+" x")
		}
	}
	sums := func() []string { return h.strings(t, strings.Join(parts, " union all ")+" order by 1") }
	before := sums()
	for route, l := range h.table(t) {
		if method, _, _ := strings.Cut(route, " "); method != http.MethodGet {
			continue
		}
		for _, who := range everybody {
			h.ask(t, who, http.MethodGet, l.path, nil, l.header...)
		}
		after := sums()
		for i := range after {
			if after[i] != before[i] {
				table, _, _ := strings.Cut(after[i], " ")
				t.Errorf("%s changes %s by being looked at", route, table)
			}
		}
		before = after
	}
}
