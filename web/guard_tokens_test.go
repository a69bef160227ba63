package web_test

import (
	"encoding/base64"
	"net/http"
	"strings"
	"testing"

	"vitrine/app/accounts"
	"vitrine/app/platform/db"
	"vitrine/app/platform/idem"
)

// TestRoutes_withTokensThatAreNone asks for each route of the API with tokens that
// are made up, changed, expired, revoked, of somebody suspended, or sent in another
// place: none opens anything, and none shows more than a visitor sees.
func TestRoutes_withTokensThatAreNone(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	owner := h.userOf(t, "owner@harbour.example")
	token := func() (plain, publicID string) {
		plain, made, err := h.Accounts.MakeToken(t.Context(), owner, accounts.NewToken{Key: idem.NewKey(), Name: "test", Scopes: []string{"works:read", "works:write", "media:write"}, Days: 30})
		must(t, err)
		return plain, made.PublicID
	}
	good, _ := token()
	expired, id := token()
	h.Exec(t, "update api_tokens set created_at = now() - interval '2 days', expires_at = now() - interval '1 minute' where public_id = $1", id)
	revoked, id := token()
	must(t, h.Accounts.RevokeToken(t.Context(), owner, id))
	changed := []byte(good)
	changed[20], changed[21] = changed[21], changed[20]
	bearer := func(s string) []string { return []string{"Authorization", "Bearer " + s} }
	sent := map[string][]string{
		"expired": bearer(expired), "revoked": bearer(revoked), "changed": bearer(string(changed)), "cut": bearer(good[:30]), "longer": bearer(good + "x"), "empty": bearer(""), "session": bearer(h.people["owner"].Value),
		"made up": bearer("vit_7hGq2LkPz9Rt_" + strings.Repeat("a", 42)), "NUL": bearer("vit_\x00"), "basic": {"Authorization", "Basic " + base64.StdEncoding.EncodeToString([]byte("owner@harbour.example:"+password))},
		"as a cookie": {"Cookie", "token=" + good + "; access_token=" + good}, "in another header": {"X-Api-Key", good}, "twice": {"Authorization", "Bearer " + expired, "Authorization", "Bearer " + good},
	}
	walk := func(t *testing.T, sent map[string][]string) {
		t.Helper()
		walked := 0
		for route, l := range h.table(t) {
			method, _, _ := strings.Cut(route, " ")
			if !l.tokens || method == http.MethodOptions {
				continue
			}
			for name, header := range sent {
				walked++
				v := h.ask(t, "visitor", method, l.path, nil, header...)
				if v.status != http.StatusUnauthorized && (v.status != l.of(0, method) || v.status >= 500) {
					t.Errorf("%s with a token that is %s: %d, want 401 or %d", route, name, v.status, l.of(0, method))
				}
				if strings.Contains(v.body, draftTitle) || strings.Contains(v.body, good) {
					t.Errorf("%s with a token that is %s shows %.200s", route, name, v.body)
				}
			}
		}
		if walked < len(sent)*5 {
			t.Errorf("only %d walks", walked)
		}
	}
	walk(t, sent)
	draft := func(header []string) view {
		return h.ask(t, "visitor", http.MethodGet, "/api/v1/works?state=draft&studio="+h.slug, nil, header...)
	}
	if v := draft(bearer(good)); v.status != http.StatusOK || !strings.Contains(v.body, draftTitle) {
		t.Errorf("a token that is one gives %d %.200s", v.status, v.body)
	}
	for name, header := range sent {
		if v := draft(header); v.status == http.StatusOK && strings.Contains(v.body, draftTitle) {
			t.Errorf("a token that is %s shows drafts", name)
		}
	}
	if v := h.ask(t, "visitor", http.MethodGet, "/api/v1/works?state=draft&studio="+h.slug+"&access_token="+good+"&token="+good, nil); strings.Contains(v.body, draftTitle) {
		t.Error("a token in the address is believed")
	}
	must(t, h.Worker.Transact(t.Context(), func(tx db.Tx) error {
		_, err := h.Accounts.Suspend(t.Context(), tx, owner, h.userOf(t, "root@harbour.example"), "They sold what was not theirs.")
		return err
	}))
	for route, l := range h.table(t) {
		if method, _, _ := strings.Cut(route, " "); l.tokens && method != http.MethodOptions {
			if v := h.ask(t, "visitor", method, l.path, nil, bearer(good)...); v.status != http.StatusUnauthorized && v.status != http.StatusForbidden && v.status != l.of(0, method) {
				t.Errorf("%s with a token of somebody suspended: %d %.200s", route, v.status, v.body)
			}
		}
	}
	if v := draft(bearer(good)); strings.Contains(v.body, draftTitle) {
		t.Error("a token of somebody suspended shows drafts")
	}
}
