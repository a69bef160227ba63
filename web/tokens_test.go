package web_test

import (
	"net/http"
	"net/url"
	"regexp"
	"strings"
	"testing"

	"github.com/PuerkitoBio/goquery"

	"vitrine/app/accounts"
)

var tokenText = regexp.MustCompile(accounts.TokenPattern)

// prove makes the person of a browser have just shown who they are.
func (s *site) prove(t *testing.T) {
	t.Helper()
	s.Exec(t, "update sessions set proved_at = now()")
}

// From the page of tokens to a request that one of them opens, and to its end.
func TestTokens_fromTheFormToTheirEnd(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	b := s.member(t, "Teresa Lima", teresa)
	s.prove(t)
	const at = "/me/tokens"
	form := func(fields map[string]string, scopes ...string) url.Values {
		f := b.get(at).fill(t, at, fields)
		f.Del("scopes")
		f["scopes"] = scopes
		if f.Get("days") == "" {
			f.Set("days", "90")
		}
		return f
	}
	wrong := b.post(at, form(map[string]string{"name": "<b>Camera</b>"}))
	wrong.want(t, 422, "Choose at least one thing")
	if wrong.Find("#name").AttrOr("value", "") != "<b>Camera</b>" {
		t.Error("what was typed is lost")
	}
	sent := form(map[string]string{"name": "<b>Camera</b>", "studio": "teresa-lima"}, "works:read", "works:write")
	b.post(at, sent).leads(t, at)
	shown := b.get(at)
	token := tokenText.FindString(shown.text())
	if token == "" || shown.header.Get("Cache-Control") != "no-store" {
		t.Fatalf("the new token is not shown: %.600s", shown.text())
	}
	if again := b.get(at); tokenText.MatchString(again.body) || !strings.Contains(again.text(), "<b>Camera</b>") || !strings.Contains(again.text(), "never used") || !strings.Contains(again.text(), "only in Teresa Lima") {
		t.Errorf("the second time: %.600s", again.text())
	}
	b.post(at, sent).want(t, http.StatusConflict, "shown only once")

	k := newContract(t)
	draft := request{path: "/api/v1/works?state=draft&studio=teresa-lima", token: token}
	if a := k.send(t, s.handler, draft); a.status != http.StatusOK {
		t.Errorf("the token opens nothing: %d %s", a.status, a.body)
	}
	if v := b.get(at); !strings.Contains(v.text(), "used within the hour") {
		t.Errorf("%.600s", v.text())
	}
	stranger := s.member(t, "Jon Aas", jon)
	stranger.post(at+"/revoke", url.Values{"token": {token[4:16]}}).leads(t, at)
	if a := k.send(t, s.handler, draft); a.status != http.StatusOK {
		t.Errorf("somebody else revoked it: %d", a.status)
	}
	b.post(at+"/revoke", url.Values{"token": {token[4:16]}}).leads(t, at)
	k.send(t, s.handler, draft).problem(t, http.StatusUnauthorized, "unauthenticated")
	if v := b.get(at); strings.Contains(v.text(), "Camera") {
		t.Error("a revoked token is listed")
	}

	// The mail says which program may do what, and names no secret.
	s.deliverMails(t)
	var mail string
	s.Row(t, "select text from mails where kind = 'token_made' and to_key = $1", teresa)(&mail)
	if !strings.Contains(mail, "“<b>Camera</b>”, with works:read, works:write") || !strings.Contains(mail, "http://vitrine.test/me/tokens") || tokenText.MatchString(mail) {
		t.Errorf("the mail says %s", mail)
	}
}

// Making one asks who it is, without losing what was typed; a foreign studio
// cannot be named.
func TestTokens_wantProof(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	b := s.member(t, "Teresa Lima", teresa)
	s.member(t, "Jon Aas", jon)
	s.Exec(t, "update sessions set proved_at = null")
	const at = "/me/tokens"
	f := b.get(at).fill(t, at, map[string]string{"name": "Camera", "days": "30", "studio": ""})
	f["scopes"] = []string{"works:read", "media:write"}
	asked := b.post(at, f)
	asked.want(t, http.StatusForbidden, "Confirm that it is you")
	if n := s.Count(t, "select count(*) from api_tokens"); n != 0 {
		t.Fatalf("%d tokens without a proof", n)
	}
	proof := url.Values{"proof_password": {password}}
	asked.Find("form input[type=hidden]").Each(func(_ int, in *goquery.Selection) {
		proof.Add(in.AttrOr("name", ""), in.AttrOr("value", ""))
	})
	b.post(at, proof).leads(t, at)
	if n := s.Count(t, "select count(*) from api_tokens where name = 'Camera' and scopes = 'works:read media:write'"); n != 1 {
		t.Error("what was typed was lost")
	}
	f = b.get(at).fill(t, at, map[string]string{"name": "Other", "days": "30", "studio": "jon-aas"})
	f["scopes"] = []string{"works:read"}
	if v := b.post(at, f); v.status != http.StatusNotFound {
		t.Errorf("a foreign studio: %d", v.status)
	}
}
