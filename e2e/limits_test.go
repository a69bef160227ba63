package e2e

import (
	"net/http"
	"strings"
	"testing"

	"vitrine/e2e/rig"
)

// TestLimits_asConfigured: the numbers of the configuration reach the real
// server, whose health and assets stay open.
func TestLimits_asConfigured(t *testing.T) {
	t.Parallel()
	site := rig.New(t, "DEMO=off", "LIMIT_DYNAMIC=6").Start() // three at once, one more every ten seconds
	visitor := site.Visit()
	for range 3 {
		if p := visitor.Get("/docs/adr"); p.Status != http.StatusOK {
			t.Fatalf("within the limit: %s", p)
		}
	}
	p := visitor.Get("/docs/adr")
	for n := 0; p.Status == http.StatusOK && n < 6; n++ { // who is slow to ask has got one more meanwhile
		p = visitor.Get("/docs/adr")
	}
	if p.Status != http.StatusTooManyRequests || p.Header.Get("Retry-After") == "" || !strings.Contains(p.Text(), "One moment, please") {
		t.Errorf("beyond the limit: %s", p)
	}
	for _, path := range []string{"/livez", "/up", "/robots.txt", "/assets/app.css"} {
		if p := visitor.Get(path); p.Status != http.StatusOK {
			t.Errorf("%s: %s", path, p)
		}
	}
	if got := p.Header.Get("Server-Timing"); !strings.HasPrefix(got, "total;dur=") {
		t.Errorf("the answer tells its time as %q", got)
	}
}
