package rig

import (
	"bytes"
	"fmt"
	"io"
	"mime/multipart"
	"net/http"
	"net/http/cookiejar"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/PuerkitoBio/goquery"
)

// Member is a person with a browser that has no scripts and no pictures:
// cookies, pages, forms.
type Member struct {
	t      *testing.T
	site   *Site
	client *http.Client
}

// Page is an answer: where redirects led, and the document.
type Page struct {
	*goquery.Document
	Status int
	Path   string
	Header http.Header
	Raw    string
}

// Visit gives a new person at the site.
func (s *Site) Visit() *Member {
	jar, err := cookiejar.New(nil)
	if err != nil {
		s.t.Fatal(err)
	}
	return &Member{t: s.t, site: s, client: &http.Client{Jar: jar, Timeout: patience}}
}

// SetUp opens the house with the token of the last start.
func (m *Member) SetUp(email, password, studio string) *Page {
	m.t.Helper()
	p := m.Submit(m.Get("/setup?token="+url.QueryEscape(m.site.Token)), "main form",
		url.Values{"email": {email}, "password": {password}, "studio": {studio}, "demo": nil})
	if p.Status != http.StatusOK || !strings.HasPrefix(p.Path, "/studio/") {
		m.t.Fatalf("the setup ended at %s with %d:\n%.1000s", p.Path, p.Status, p.Text())
	}
	m.site.Token = "" // it works once
	return p
}

// Cookies are those that the member's browser sends to the site.
func (m *Member) Cookies() []*http.Cookie {
	m.t.Helper()
	at, err := url.Parse(m.site.URL)
	if err != nil {
		m.t.Fatal(err)
	}
	return m.client.Jar.Cookies(at)
}

// Get opens a page.
func (m *Member) Get(path string) *Page {
	m.t.Helper()
	req, err := http.NewRequestWithContext(m.t.Context(), http.MethodGet, m.site.URL+path, nil)
	if err != nil {
		m.t.Fatal(err)
	}
	return m.do(req)
}

// Submit sends a form of a page as a browser would: its fields as they stand,
// with the given ones in their place. Files go with SubmitFiles.
func (m *Member) Submit(p *Page, form string, values url.Values) *Page {
	m.t.Helper()
	return m.SubmitFiles(p, form, values, nil)
}

// File is a file for a form.
type File struct {
	Field, Name string
	Content     []byte
}

// SubmitFiles is Submit with files, as multipart when the form says so.
func (m *Member) SubmitFiles(p *Page, form string, values url.Values, files []File) *Page {
	m.t.Helper()
	action, contentType, body := m.filled(p, form, values, files)
	return m.Send(http.MethodPost, action, http.Header{"Content-Type": {contentType}}, body)
}

// filled is what a form would send, and where to.
func (m *Member) filled(p *Page, form string, values url.Values, files []File) (action, contentType string, body []byte) {
	m.t.Helper()
	f := p.Find(form).First()
	if f.Length() == 0 {
		m.t.Fatalf("%s has no form %s:\n%.1000s", p.Path, form, p.Text())
	}
	all := Fields(f)
	for k, v := range values {
		all[k] = v
	}
	action = f.AttrOr("action", p.Path)
	if f.AttrOr("enctype", "") != "multipart/form-data" {
		return action, "application/x-www-form-urlencoded", []byte(all.Encode())
	}
	var b bytes.Buffer
	w := multipart.NewWriter(&b)
	for k, vs := range all {
		for _, v := range vs {
			_ = w.WriteField(k, v)
		}
	}
	for _, file := range files {
		part, err := w.CreateFormFile(file.Field, file.Name)
		if err != nil {
			m.t.Fatal(err)
		}
		_, _ = part.Write(file.Content)
	}
	_ = w.Close()
	return action, w.FormDataContentType(), b.Bytes()
}

// Send sends a request of any kind, with the member's cookies.
func (m *Member) Send(method, path string, header http.Header, body []byte) *Page {
	m.t.Helper()
	return m.do(m.request(method, path, header, bytes.NewReader(body)))
}

func (m *Member) request(method, path string, header http.Header, body io.Reader) *http.Request {
	m.t.Helper()
	req, err := http.NewRequestWithContext(m.t.Context(), method, m.site.URL+path, body)
	if err != nil {
		m.t.Fatal(err)
	}
	for name, values := range header {
		req.Header[name] = values
	}
	return req
}

// Fields reads what a form would send, its buttons left out.
func Fields(form *goquery.Selection) url.Values {
	out := url.Values{}
	form.Find("input[name], textarea[name], select[name]").Each(func(_ int, s *goquery.Selection) {
		name := s.AttrOr("name", "")
		switch kind := s.AttrOr("type", ""); {
		case goquery.NodeName(s) == "textarea":
			out.Add(name, s.Text())
		case goquery.NodeName(s) == "select":
			out.Add(name, s.Find("option[selected]").AttrOr("value", ""))
		case kind == "file" || kind == "submit":
		case kind == "checkbox" || kind == "radio":
			if _, on := s.Attr("checked"); on {
				out.Add(name, s.AttrOr("value", "on"))
			}
		default:
			out.Add(name, s.AttrOr("value", ""))
		}
	})
	return out
}

func (m *Member) do(req *http.Request) *Page {
	m.t.Helper()
	res, err := m.client.Do(req)
	if err != nil {
		m.t.Fatalf("%s %s: %v", req.Method, req.URL.Path, err)
	}
	defer func() { _ = res.Body.Close() }()
	raw, err := io.ReadAll(res.Body)
	if err != nil {
		m.t.Fatalf("%s %s: %v", req.Method, req.URL.Path, err)
	}
	doc, err := goquery.NewDocumentFromReader(bytes.NewReader(raw))
	if err != nil {
		m.t.Fatal(err)
	}
	return &Page{Document: doc, Status: res.StatusCode, Path: res.Request.URL.Path, Header: res.Header, Raw: string(raw)}
}

// Await opens a page again and again until it is as wanted.
func (m *Member) Await(path, what string, ok func(p *Page) bool) *Page {
	m.t.Helper()
	tick := time.NewTicker(50 * time.Millisecond)
	defer tick.Stop()
	for deadline := time.Now().Add(patience); ; <-tick.C {
		p := m.Get(path)
		if ok(p) {
			return p
		}
		if time.Now().After(deadline) {
			m.t.Fatalf("waited %s on %s for: %s\n%.2000s", patience, path, what, p.Text())
		}
	}
}

// String is for failures.
func (p *Page) String() string {
	text := p.Raw
	if p.Document != nil {
		text = p.Text()
	}
	return fmt.Sprintf("%d %s\n%.1000s", p.Status, p.Path, text)
}
