package web_test

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	chrome "vitrine/e2e/browser"
)

// TestMe_look walks through the account's pages in a browser at each width and
// theme: axe finds nothing, nothing scrolls sideways, the console stays quiet.
func TestMe_look(t *testing.T) {
	if testing.Short() {
		t.Skip("A browser is slow; run without -short to look at the account's pages in it.")
	}
	t.Parallel()
	axe, err := os.ReadFile(filepath.Join("testdata", "axe.min.js"))
	must(t, err)
	for _, o := range []chrome.Options{{Width: 320}, {Width: 390, Dark: true}, {Width: 1440}} {
		t.Run(fmt.Sprintf("%d dark %v", o.Width, o.Dark), func(t *testing.T) {
			s := newSite(t)
			s.member(t, "Teresa Lima", "teresa@harbour.example")
			s.browser(t).signIn("teresa@harbour.example", "")
			b := chrome.Open(t, o)
			look := func(name string) {
				t.Helper()
				b.Shoot(fmt.Sprintf("me-%s-%d-%v", name, o.Width, o.Dark))
				if chrome.Eval[bool](b, "document.documentElement.scrollWidth > innerWidth") {
					t.Errorf("%s scrolls sideways", name)
				}
				for _, violation := range b.Axe(string(axe)) {
					t.Errorf("%s: %s", name, violation)
				}
			}
			visit := func(name, path string) {
				t.Helper()
				b.Go(s.url + path)
				look(name)
			}
			b.Go(s.url + "/login")
			b.Fill("#email", "teresa@harbour.example")
			b.Fill("#password", password)
			b.Press("main form button")
			b.Eventually("the studio", "location.pathname.startsWith('/studio')")
			visit("profile", "/me")
			visit("address", "/me/address")
			visit("sessions", "/me/sessions")
			visit("security-off", "/me/security")
			s.unproven(t)
			b.Press("form[action='/me/security/factor'] button")
			b.See("#proof_password")
			look("proof-form")
			b.Fill("#proof_password", "not the password")
			b.Press("main form button")
			b.See("main [role=alert]")
			look("proof-refused")
			b.Fill("#proof_password", password)
			b.Press("main form button")
			b.See("svg.qr")
			look("enrol")
			b.Fill("#code", code(t, strings.ReplaceAll(chrome.Eval[string](b, "document.querySelector('code.secret').textContent"), " ", "")))
			b.Press("form[action='/me/security/factor/confirm'] button")
			b.See(".codes")
			look("codes")
			b.Press("form[action='/me/security/codes/kept'] button")
			b.See("form[action='/me/security/codes']")
			look("security-on")
			s.unproven(t)
			visit("proof", "/me/confirm")
			s.Exec(t, "delete from sessions")
			b.Go(s.url + "/login?next=/me")
			b.Fill("#email", "teresa@harbour.example")
			b.Fill("#password", password)
			b.Press("main form button")
			b.See("form[action='/login/second']")
			look("second")
			for _, problem := range b.Problems() {
				if !strings.Contains(problem, "status of 403") && !strings.Contains(problem, "status of 422") {
					t.Errorf("the console says: %s", problem)
				}
			}
		})
	}
}
