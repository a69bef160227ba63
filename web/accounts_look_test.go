package web_test

import (
	"fmt"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"testing"

	chrome "vitrine/e2e/browser"
)

// TestDoors_look walks through the doors in a browser at each width and theme:
// axe finds nothing, nothing scrolls sideways, and the console stays quiet.
func TestDoors_look(t *testing.T) {
	if testing.Short() {
		t.Skip("A browser is slow; run without -short to look at the doors in it.")
	}
	t.Parallel()
	axe, err := os.ReadFile(filepath.Join("testdata", "axe.min.js"))
	must(t, err)
	for _, o := range []chrome.Options{{Width: 320}, {Width: 390, Dark: true}, {Width: 1440}} {
		t.Run(fmt.Sprintf("%d dark %v", o.Width, o.Dark), func(t *testing.T) {
			s := newSite(t)
			token, err := s.Accounts.PrepareSetup(t.Context())
			must(t, err)
			b := chrome.Open(t, o)
			look := func(name string) {
				t.Helper()
				b.Shoot(fmt.Sprintf("%s-%d-%v", name, o.Width, o.Dark))
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
			visit("setup", "/setup?token="+url.QueryEscape(token))
			visit("setup-without-token", "/setup")
			visit("login", "/login")
			visit("reset", "/reset")
			visit("reset-unknown", "/reset/x")
			visit("mailbox-empty", "/dev/mailbox")
			visit("signup", "/signup")
			b.Fill("#name", "Teresa Lima")
			b.Fill("#email", "teresa@harbour")
			b.Fill("#password", "ridge")
			b.Press("main form button")
			b.See("main [role=alert]")
			look("signup-refused")
			b.Fill("#email", "teresa@harbour.example")
			b.Fill("#password", password)
			b.Press("main form button")
			b.See("a[href='/dev/mailbox']")
			look("signup-sent")
			path := s.linkTo(t, "teresa@harbour.example")
			visit("mailbox", "/dev/mailbox")
			visit("verify", path)
			b.Press("main form button")
			b.Eventually("the studio", "location.pathname === '/studio/teresa-lima'")
			visit("settings", "/studio/teresa-lima/settings")
			visit("new-studio", "/studios/new")
			visit("verify-used", path)
			// The console notes each answer of 400 and above; four of these pages are one.
			refused := map[string]bool{"403": true, "404": true, "422": true, "410": true}
			for _, problem := range b.Problems() {
				_, status, _ := strings.Cut(problem, "responded with a status of ")
				status, _, _ = strings.Cut(status, " ")
				if !refused[status] {
					t.Errorf("the console says: %s", problem)
				}
				delete(refused, status)
			}
		})
	}
}
