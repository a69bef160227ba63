package web_test

import (
	"net/http"
	"net/http/httptest"
	"testing"
)

// TestYardsticks_measureTheSame: what stands for explore in a measurement shows
// what explore shows, and no public route leads there.
func TestYardsticks_measureTheSame(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	sticks := h.server.Yardsticks()
	ask := func(path string) view {
		w := httptest.NewRecorder()
		sticks.ServeHTTP(w, httptest.NewRequestWithContext(t.Context(), http.MethodGet, path, nil))
		res := w.Result()
		defer func() { _ = res.Body.Close() }()
		return asView(t, res)
	}
	page := h.ask(t, "visitor", http.MethodGet, "/explore", nil)
	for _, path := range []string{"/memory", "/memory", "/memory/chain"} {
		if v := ask(path); v.status != http.StatusOK || v.body != page.body {
			t.Errorf("%s: %d, %d bytes; explore has %d", path, v.status, len(v.body), len(page.body))
		}
	}
	if ask("/memory/chain").header.Get("Content-Security-Policy") == "" || ask("/memory").header.Get("Content-Security-Policy") != "" {
		t.Error("only the chain passes the guards")
	}
	cards := page.Find("main li").Length()
	if v := ask("/floor"); cards == 0 || v.Find("li").Length() != cards {
		t.Errorf("the floor lists %d, explore %d", v.Find("li").Length(), cards)
	}
	for _, path := range []string{"/floor", "/memory", "/memory/chain"} {
		if v := h.ask(t, "visitor", http.MethodGet, path, nil); v.status != http.StatusNotFound {
			t.Errorf("the public port answers %s with %d", path, v.status)
		}
	}
}
