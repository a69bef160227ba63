package web_test

import (
	"net/http"
	"net/url"
	"slices"
	"strings"
	"testing"

	"vitrine/app/platform/db"
	"vitrine/app/works"
)

// TestRoutes_asSuspended walks the whole route table with the session of somebody
// who is suspended: a visitor on every route, whatever they were before.
func TestRoutes_asSuspended(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	for _, who := range []string{"owner", "editor"} {
		must(t, h.Worker.Transact(t.Context(), func(tx db.Tx) error {
			_, err := h.Accounts.Suspend(t.Context(), tx, h.userOf(t, who+"@harbour.example"), h.userOf(t, "root@harbour.example"), "They sold what was not theirs.")
			return err
		}))
	}
	before := h.digestBy(t, h.studio, "studio_id")
	for route, l := range h.table(t) {
		method, _, _ := strings.Cut(route, " ")
		visitor := h.ask(t, "visitor", method, l.path, l.form, l.header...)
		for _, who := range []string{"owner", "editor"} {
			where := route + " as the suspended " + who
			v := h.ask(t, who, method, l.path, l.form, l.header...)
			mayBeTold := l.status[0] == atDoor || l.of(0, method) == http.StatusUnauthorized
			if !mayBeTold || v.status != http.StatusForbidden {
				h.likeVisitor(t, where, visitor, v)
			}
			h.checkHeaders(t, where, who, v, l)
			for _, secret := range []string{draftTitle, fileName} {
				if strings.Contains(v.body, secret) {
					t.Errorf("%s shows %q to the suspended %s", route, secret, who)
				}
			}
		}
	}
	if h.digestBy(t, h.studio, "studio_id") != before {
		t.Error("somebody who is suspended changed the studio")
	}
	v := h.ask(t, "visitor", http.MethodPost, "/login", url.Values{"email": {"owner@harbour.example"}, "password": {password}})
	if v.status != http.StatusForbidden || !strings.Contains(v.text(), "They sold what was not theirs.") {
		t.Errorf("signing in: %d %.300s", v.status, v.text())
	}
	for _, ck := range v.cookies {
		if strings.HasSuffix(ck.Name, "session") && ck.Value != "" {
			t.Error("somebody who is suspended got a session")
		}
	}
	if v := h.ask(t, "visitor", http.MethodPost, "/login", url.Values{"email": {"owner@harbour.example"}, "password": {"another one entirely"}}); strings.Contains(v.text(), "suspended") {
		t.Error("a wrong password is told that the account is suspended")
	}
}

// TestRoutes_ofASuspendedStudio walks the table when the studio is suspended: its
// public pages are gone for everybody but its members, who read why, and nobody
// changes anything in it.
func TestRoutes_ofASuspendedStudio(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	must(t, h.Worker.Transact(t.Context(), func(tx db.Tx) error {
		if err := h.Works.HideStudio(t.Context(), tx, h.studio, works.HiddenBySuspension); err != nil {
			return err
		}
		_, err := h.Studios.Suspend(t.Context(), tx, h.studio, h.userOf(t, "root@harbour.example"), "Everything here belongs to others.")
		return err
	}))
	before := h.digestBy(t, h.studio, "studio_id")
	inside := []string{"viewer", "editor", "admin", "owner"}
	for route, l := range h.table(t) {
		method, pattern, _ := strings.Cut(route, " ")
		for _, who := range everybody {
			v := h.ask(t, who, method, l.path, l.form, l.header...)
			if v.status >= 500 {
				t.Errorf("%s as %s: %d %.200s", route, who, v.status, v.text())
			}
			member := slices.Contains(inside, who)
			if strings.HasPrefix(pattern, "/@:studio") && v.status == http.StatusOK && !member {
				t.Errorf("%s is shown to %s", route, who)
			}
			if strings.HasPrefix(pattern, "/m/") && v.status == http.StatusOK && !member {
				t.Errorf("%s is served to %s", route, who)
			}
			if !member && (strings.Contains(v.body, "Open ridge") || strings.Contains(v.body, draftTitle)) {
				t.Errorf("%s shows a work of the studio to %s", route, who)
			}
			if l.ends && who != "visitor" {
				h.people[who] = signInAgain(t, h, who)
			}
		}
		if after := h.digestBy(t, h.studio, "studio_id"); after != before {
			t.Errorf("%s changed the studio", route)
			before = after
		}
	}
	h.ask(t, "owner", http.MethodGet, "/studio/"+h.slug, nil).want(t, http.StatusOK, "Everything here belongs to others.")
	if v := h.ask(t, "owner", http.MethodPost, "/studio/"+h.slug+"/settings", url.Values{"name": {"New"}, "slug": {h.slug}, "version": {"1"}}); v.status != http.StatusForbidden {
		t.Errorf("the settings of a suspended studio: %d", v.status)
	}
}
