package web_test

import (
	"bytes"
	"mime/multipart"
	"net/http"
	"net/url"
	"strings"
	"testing"

	"vitrine/app/platform/idem"
)

// A form that meets a failure comes back on the error page with what was typed,
// and one press sends it as it stood.
func TestAgain_formsOutliveAFailure(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	b := s.member(t, "Mara", "mara@harbour.example")
	path := b.get("/studio/mara/new").location
	compose := b.get(path)
	form := compose.fill(t, path, map[string]string{"title": `"><b>Fog</b>`, "story": "Two lines,\r\nkept apart.", "intent": "save"})

	var body bytes.Buffer
	w := multipart.NewWriter(&body)
	for name, list := range form {
		for _, v := range list {
			must(t, w.WriteField(name, v))
		}
	}
	part, err := w.CreateFormFile("files", "fog.jpg")
	must(t, err)
	_, _ = part.Write([]byte("not asked for"))
	must(t, w.Close())

	for name, send := range map[string]func() view{
		"urlencoded": func() view { return b.post(path, form) },
		"multipart": func() view {
			return b.do(http.MethodPost, path, w.FormDataContentType(), bytes.NewReader(body.Bytes()))
		},
	} {
		s.Exec(t, `alter table sessions rename to away`)
		lost := send()
		s.Exec(t, `alter table away rename to sessions`)
		lost.want(t, http.StatusInternalServerError, "What you typed is kept on this page.")
		if got := strings.Contains(lost.text(), "have to be chosen again"); got != (name == "multipart") {
			t.Errorf("%s: it says of files: %s", name, lost.text())
		}
		again := url.Values{}
		for _, input := range lost.Find("form[data-again] input").EachIter() {
			again.Add(input.AttrOr("name", ""), input.AttrOr("value", ""))
		}
		for field, want := range form {
			// A browser writes line ends as CRLF when it sends a form, whatever the page has.
			if got := again[field]; strings.Join(got, "|") != strings.ReplaceAll(strings.Join(want, "|"), "\r\n", "\n") {
				t.Errorf("%s: %s came back as %q, want %q", name, field, got, want)
			}
		}
		for range 2 {
			if v := b.post(lost.Find("form[data-again]").AttrOr("action", ""), again); v.status != http.StatusSeeOther {
				t.Errorf("%s: sent again it is answered with %d: %s", name, v.status, v.text())
			}
		}
	}
	if n := s.Count(t, `select count(*) from works`); n != 1 {
		t.Errorf("%d works, want one", n)
	}
}

// No page repeats a password, and nothing that another site sent can be sent
// from here by a press.
func TestAgain_givesBackNoPasswordAndNoForgery(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	s.Exec(t, `alter table users rename to away`)
	form := url.Values{"email": {"mara@harbour.example"}, "password": {"the secret of the harbour"}, "idempotency_key": {idem.NewKey()}}
	b := s.browser(t)
	v := b.post("/login", form)
	v.want(t, http.StatusInternalServerError, "What you typed is kept")
	if strings.Contains(v.body, "the secret of the harbour") {
		t.Error("the password is on the page")
	}
	req, err := http.NewRequestWithContext(t.Context(), http.MethodPost, s.url+"/login", strings.NewReader(form.Encode()))
	must(t, err)
	req.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	req.Header.Set("Origin", "https://elsewhere.example")
	req.Header.Set("Sec-Fetch-Site", "cross-site")
	res, err := s.browser(t).client.Do(req)
	must(t, err)
	defer func() { _ = res.Body.Close() }()
	forged := asView(t, res)
	if forged.status != http.StatusForbidden || forged.Find("form[data-again]").Length() != 0 {
		t.Errorf("a form of another site is answered with %d and can be sent again: %s", forged.status, forged.text())
	}
}
