package rig

import (
	"net/http"
	"strings"
	"testing"
)

// nobody ends all web processes: whoever comes is told so in their own way, also
// who has sent a form.
func nobody(t *testing.T, top *Topology) {
	for _, s := range top.Web() {
		s.Kill()
	}
	visitor := top.Site(t).Visit()
	for _, c := range []struct{ method, path, accept, says string }{
		{http.MethodGet, "/explore", "text/html,*/*;q=0.8", "<h1>We will be right back</h1>"},
		{http.MethodPost, "/login", "text/html,*/*;q=0.8", "asks whether to send it once more"},
		{http.MethodGet, "/api/v1/works", "application/json", "Vitrine cannot answer just now."},
		{http.MethodPatch, "/studio/harbour-field/uploads/none", "*/*", "Vitrine cannot answer just now."},
	} {
		p := visitor.Send(c.method, c.path, http.Header{"Accept": {c.accept}}, nil)
		if p.Status != http.StatusServiceUnavailable || !strings.Contains(p.Raw, c.says) || p.Header.Get("Retry-After") == "" || p.Header.Get("Cache-Control") != "no-store" {
			t.Errorf("%s %s is answered with %d %v: %.300s", c.method, c.path, p.Status, p.Header, p.Raw)
		}
	}
	if status := visitor.Get("/away.html").Status; status == http.StatusOK {
		t.Error("the page of those who are away is a page of the site")
	}
	for _, s := range top.Web() {
		start(t, s)
	}
	trusted(t, top)
}
