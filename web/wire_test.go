package web_test

import (
	"bufio"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"
	"time"

	"vitrine/app/platform/mail"
	"vitrine/web"
)

// hurried is a site that waits for the body of a form only so long, and that
// stands behind no proxy.
func hurried(t *testing.T, bodyTime time.Duration) *site {
	t.Helper()
	return newSite(t, func(c *web.Config, _ *mail.Config) { c.BodyTime, c.TrustedProxies = bodyTime, nil })
}

// wire is a connection to the server on which anything may be said.
type wire struct {
	net.Conn
	t  *testing.T
	in *bufio.Reader
}

func (s *site) wire(t *testing.T) *wire {
	t.Helper()
	c, err := new(net.Dialer).DialContext(t.Context(), "tcp", strings.TrimPrefix(s.url, "http://"))
	must(t, err)
	must(t, c.SetDeadline(time.Now().Add(30*time.Second)))
	t.Cleanup(func() { _ = c.Close() })
	return &wire{c, t, bufio.NewReader(c)}
}

func (w *wire) say(format string, args ...any) *wire {
	w.t.Helper()
	_, err := fmt.Fprintf(w, format, args...)
	must(w.t, err)
	return w
}

// hear reads one answer.
func (w *wire) hear() view {
	w.t.Helper()
	res, err := http.ReadResponse(w.in, nil)
	if err != nil {
		w.t.Fatalf("no answer came: %v", err)
	}
	defer func() { _ = res.Body.Close() }()
	return asView(w.t, res)
}

// session is the cookie of a browser, as it stands in a header.
func (b *browser) session(t *testing.T) string {
	t.Helper()
	at, err := url.Parse(b.site.url)
	must(t, err)
	for _, ck := range b.client.Jar.Cookies(at) {
		if strings.HasSuffix(ck.Name, "session") {
			return ck.Name + "=" + ck.Value
		}
	}
	t.Fatal("nobody is signed in")
	return ""
}

// TestErrorPage_thatCannotBeMade: when rendering fails, words and the right
// status are left.
func TestErrorPage_thatCannotBeMade(t *testing.T) {
	t.Parallel()
	s := newSite(t, func(c *web.Config, _ *mail.Config) { c.Clock = func() time.Time { panic("the view breaks") } })
	w := httptest.NewRecorder()
	s.handler.ServeHTTP(w, httptest.NewRequestWithContext(t.Context(), http.MethodGet, "/nothing-here", nil))
	if w.Code != http.StatusNotFound || !strings.HasPrefix(w.Body.String(), "Not Found. ") || w.Header().Get("Content-Type") != "text/plain; charset=utf-8" {
		t.Errorf("%d %v %q", w.Code, w.Header(), w.Body)
	}
}

// TestSlowBodies: a form that does not come holds nothing for long, and is
// answered; one that comes slowly is waited for.
func TestSlowBodies(t *testing.T) {
	t.Parallel()
	s := hurried(t, 1500*time.Millisecond)
	b := s.member(t, "Mara", "mara@harbour.example")
	cookie := b.session(t)
	const head = "POST %s HTTP/1.1\r\nHost: vitrine.test\r\nCookie: %s\r\nContent-Type: %s\r\nContent-Length: %d\r\n\r\n"
	const form, files = "application/x-www-form-urlencoded", "multipart/form-data; boundary=xx"
	compose := "/studio/mara/new/0123456789abcdef"
	for name, c := range map[string]struct {
		path, kind, first string
		status            int
	}{
		"login, nothing":    {"/login", form, "", http.StatusUnprocessableEntity},
		"login, a part":     {"/login", form, "email=mara", http.StatusUnprocessableEntity},
		"settings":          {"/studio/mara/settings", form, "name=M", http.StatusUnprocessableEntity},
		"nobody reads it":   {"/nothing-here", form, "a=b", http.StatusNotFound},
		"read by no page":   {"/explore", form, "a=b", http.StatusNotFound},
		"logout":            {"/logout", form, "a=b", http.StatusSeeOther},
		"compose, nothing":  {compose, files, "", http.StatusUnprocessableEntity},
		"compose, in field": {compose, files, "--xx\r\nContent-Disposition: form-data; name=\"title\"\r\n\r\nRid", http.StatusUnprocessableEntity},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			began := time.Now()
			v := s.wire(t).say(head, c.path, cookieUnlessLogout(cookie, c.path), c.kind, 5000).say("%s", c.first).hear()
			if v.status != c.status {
				t.Errorf("%d, want %d: %.300s", v.status, c.status, v.text())
			}
			if c.status == http.StatusUnprocessableEntity && !strings.Contains(v.text(), "broke off on the way") {
				t.Errorf("it says %.300s", v.text())
			}
			if took := time.Since(began); took > 15*time.Second {
				t.Errorf("the connection was held for %s", took)
			}
		})
	}
	t.Run("compose, slowly", func(t *testing.T) {
		t.Parallel()
		body := "--xx\r\nContent-Disposition: form-data; name=\"form_key\"\r\n\r\nkey\r\n--xx\r\nContent-Disposition: form-data; name=\"title\"\r\n\r\nSlow ridge\r\n--xx--\r\n"
		w := s.wire(t).say(head, compose, cookie, files, len(body))
		tick := time.NewTicker(150 * time.Millisecond)
		defer tick.Stop()
		for i := 0; i < len(body); i += 8 { // nearly three seconds in all, and never as long as a form may be silent
			<-tick.C
			w.say("%s", body[i:min(i+8, len(body))])
		}
		if v := w.hear(); v.status != http.StatusSeeOther || s.Count(t, "select count(*) from works where title = 'Slow ridge'") != 1 {
			t.Errorf("%d: %.300s", v.status, v.text())
		}
	})
}

// cookieUnlessLogout keeps the session alive for the other cases.
func cookieUnlessLogout(cookie, path string) string {
	if path == "/logout" {
		return "a=b"
	}
	return cookie
}

// TestEndlessBodies: a body without end is cut off at the form's limit.
func TestEndlessBodies(t *testing.T) {
	t.Parallel()
	s := hurried(t, 10*time.Second)
	cookie := s.member(t, "Mara", "mara@harbour.example").session(t)
	chunk := fmt.Sprintf("%x\r\n%s\r\n", 32<<10, strings.Repeat("x", 32<<10))
	for path, kind := range map[string]string{
		"/login": "application/x-www-form-urlencoded", "/signup": "multipart/form-data; boundary=xx", "/studio/mara/settings": "application/x-www-form-urlencoded",
		"/studio/mara/new/0123456789abcdef": "application/x-www-form-urlencoded", "/studio/mara/works/nothing": "multipart/form-data; boundary=xx", "/verify/x": "text/plain",
	} {
		w := s.wire(t).say("POST %s HTTP/1.1\r\nHost: vitrine.test\r\nCookie: %s\r\nContent-Type: %s\r\nTransfer-Encoding: chunked\r\n\r\n", path, cookie, kind)
		sent := 0
		for sent < 64<<20 {
			n, err := io.WriteString(w, chunk)
			if sent += n; err != nil {
				break // the server has closed its side
			}
		}
		if sent >= 64<<20 {
			t.Errorf("%s took %d MB", path, sent>>20)
		}
	}
}

// TestRawRequests says what no browser says.
func TestRawRequests(t *testing.T) {
	t.Parallel()
	s := hurried(t, 500*time.Millisecond)
	for name, c := range map[string]struct {
		request string
		status  []int // any of
	}{
		"absurd host":         {"GET / HTTP/1.1\r\nHost: evil.example\r\n\r\n", []int{200}},
		"host of HTML":        {"GET / HTTP/1.1\r\nHost: <script>\r\n\r\n", []int{400}},
		"long host":           {"GET / HTTP/1.1\r\nHost: " + strings.Repeat("evil.", 2000) + "example\r\n\r\n", []int{200}},
		"no host":             {"GET / HTTP/1.1\r\n\r\n", []int{400}},
		"two hosts":           {"GET / HTTP/1.1\r\nHost: a\r\nHost: evil.example\r\n\r\n", []int{400}},
		"absolute form":       {"GET http://evil.example/studio HTTP/1.1\r\nHost: vitrine.test\r\n\r\n", []int{303}},
		"authority in path":   {"GET //evil.example/%2e%2e HTTP/1.1\r\nHost: vitrine.test\r\n\r\n", []int{404}},
		"asterisk":            {"OPTIONS * HTTP/1.1\r\nHost: vitrine.test\r\n\r\n", []int{200, 404}},
		"NUL in the path":     {"GET /a\x00b HTTP/1.1\r\nHost: vitrine.test\r\n\r\n", []int{400}},
		"bytes in the path":   {"GET /@\xff\xfe HTTP/1.1\r\nHost: vitrine.test\r\n\r\n", []int{400, 404}},
		"broken percent":      {"GET /%zz HTTP/1.1\r\nHost: vitrine.test\r\n\r\n", []int{400}},
		"CR in a header":      {"GET / HTTP/1.1\r\nHost: vitrine.test\r\nX: a\rSet-Cookie: pwned=1\r\n\r\n", []int{400}},
		"folded header":       {"GET / HTTP/1.1\r\nHost: vitrine.test\r\nX: a\r\n b\r\n\r\n", []int{200, 400}},
		"chunked and length":  {"POST /login HTTP/1.1\r\nHost: vitrine.test\r\nContent-Type: application/x-www-form-urlencoded\r\nContent-Length: 4\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\nGET /smuggled HTTP/1.1\r\n\r\n", []int{400, 422}},
		"two lengths":         {"POST /login HTTP/1.1\r\nHost: vitrine.test\r\nContent-Length: 4\r\nContent-Length: 5\r\n\r\nabcde", []int{400}},
		"negative length":     {"POST /login HTTP/1.1\r\nHost: vitrine.test\r\nContent-Length: -1\r\n\r\n", []int{400}},
		"huge length":         {"POST /login HTTP/1.1\r\nHost: vitrine.test\r\nContent-Type: application/x-www-form-urlencoded\r\nContent-Length: 9223372036854775807\r\n\r\nemail=x", []int{422}},
		"odd encoding":        {"POST /login HTTP/1.1\r\nHost: vitrine.test\r\nTransfer-Encoding: xchunked\r\n\r\n", []int{400, 501}},
		"broken chunk":        {"POST /login HTTP/1.1\r\nHost: vitrine.test\r\nContent-Type: application/x-www-form-urlencoded\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n", []int{422}},
		"negative chunk":      {"POST /login HTTP/1.1\r\nHost: vitrine.test\r\nContent-Type: application/x-www-form-urlencoded\r\nTransfer-Encoding: chunked\r\n\r\n-1\r\n", []int{422}},
		"expects":             {"POST /login HTTP/1.1\r\nHost: vitrine.test\r\nExpect: the unexpected\r\nContent-Length: 1\r\n\r\nx", []int{417}},
		"upgrade":             {"GET / HTTP/1.1\r\nHost: vitrine.test\r\nConnection: Upgrade, HTTP2-Settings\r\nUpgrade: h2c\r\nHTTP2-Settings: x\r\n\r\n", []int{200}},
		"HTTP/1.0":            {"GET /explore HTTP/1.0\r\n\r\n", []int{200}},
		"HTTP/9":              {"GET / HTTP/9.9\r\nHost: vitrine.test\r\n\r\n", []int{505}},
		"no method":           {" / HTTP/1.1\r\nHost: vitrine.test\r\n\r\n", []int{400}},
		"rubbish":             {"\x16\x03\x01\x02\x00\x01\x00\r\n\r\n", []int{400}},
		"2 MB of cookies":     {"GET / HTTP/1.1\r\nHost: vitrine.test\r\nCookie: session=" + strings.Repeat("x", 2<<20) + "\r\n\r\n", []int{431}},
		"500 KB of cookies":   {"GET /studio HTTP/1.1\r\nHost: vitrine.test\r\nCookie: session=" + strings.Repeat("x", 500<<10) + "\r\n\r\n", []int{303}},
		"2,000 cookies":       {"GET /studio HTTP/1.1\r\nHost: vitrine.test\r\nCookie: " + strings.Repeat("session=a; ", 2000) + "\r\n\r\n", []int{303}},
		"cookies of rubbish":  {"GET /login HTTP/1.1\r\nHost: vitrine.test\r\nCookie: =;;;session;flash=%%%;sent=\"\";studio=../../x; \xff=\xfe\r\n\r\n", []int{200}},
		"a flash of HTML":     {"GET /login HTTP/1.1\r\nHost: vitrine.test\r\nCookie: flash=eyJLaW5kIjoiPGI-IiwiTWVzc2FnZSI6IjxzY3JpcHQ-YWxlcnQoMSk8L3NjcmlwdD4ifQ\r\n\r\n", []int{200}},
		"proxies that lie":    {"GET /login HTTP/1.1\r\nHost: vitrine.test\r\nX-Forwarded-Proto: https\r\nX-Forwarded-Host: evil.example\r\nForwarded: host=evil.example;proto=https\r\nX-Forwarded-For: 127.0.0.1, ::1\r\nX-Real-IP: 127.0.0.1\r\n\r\n", []int{200}},
		"another method":      {"POST /studios/new HTTP/1.1\r\nHost: vitrine.test\r\nX-HTTP-Method-Override: GET\r\nContent-Length: 0\r\n\r\n", []int{401}},
		"another URL":         {"GET /livez HTTP/1.1\r\nHost: vitrine.test\r\nX-Original-URL: /dev/mailbox\r\nX-Rewrite-URL: /dev/mailbox\r\n\r\n", []int{200}},
		"ranges of a page":    {"GET /explore HTTP/1.1\r\nHost: vitrine.test\r\nRange: bytes=0-1,2-3,-5,9999-\r\nIf-None-Match: \"\xff\", W/\r\nIf-Modified-Since: yesterday\r\n\r\n", []int{200}},
		"odd wishes":          {"GET /explore HTTP/1.1\r\nHost: vitrine.test\r\nAccept: text/*;q=NaN\r\nAccept-Language: \xff\r\nAccept-Encoding: " + strings.Repeat("gzip;q=0.0001, ", 3000) + "\r\n\r\n", []int{200}},
		"gzip is not wanted":  {"GET /explore HTTP/1.1\r\nHost: vitrine.test\r\nAccept-Encoding: br, gzip;q=0\r\n\r\n", []int{200}},
		"nothing is accepted": {"GET /explore HTTP/1.1\r\nHost: vitrine.test\r\nAccept-Encoding: identity;q=0, *;q=0\r\n\r\n", []int{200}},
	} {
		t.Run(name, func(t *testing.T) {
			w := s.wire(t)
			_, _ = io.WriteString(w, c.request) // the server may answer before it has read all
			v := w.hear()
			if !contains(c.status, v.status) {
				t.Errorf("%d, want one of %v: %.300s", v.status, c.status, v.body)
			}
			if strings.Contains(v.body, "evil.example") || strings.Contains(fmt.Sprint(v.header), "evil.example") {
				t.Errorf("the answer repeats what it should not: %.80s %v", v.body, v.header)
			}
			if v.header.Get("Strict-Transport-Security") != "" || v.header.Get("Set-Cookie") == "pwned=1" || v.Find("main script").Length() > 0 {
				t.Errorf("the answer was talked into %v", v.header)
			}
			if strings.Contains(name, "gzip") || strings.HasPrefix(name, "nothing") {
				if v.header.Get("Content-Encoding") != "" || !strings.Contains(fmt.Sprint(v.header.Values("Vary")), "Accept-Encoding") {
					t.Errorf("encoded as %q, Vary %q", v.header.Get("Content-Encoding"), v.header.Values("Vary"))
				}
			}
		})
	}
}

func contains(list []int, n int) bool {
	for _, x := range list {
		if x == n {
			return true
		}
	}
	return false
}
