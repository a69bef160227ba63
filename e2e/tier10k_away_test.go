package e2e

import (
	"testing"

	"vitrine/e2e/browser"
	"vitrine/e2e/rig"
)

// TestAway_formIsSentAgain sends a form while no web process is there, and once more
// from the page that the balancer answers with.
func TestAway_formIsSentAgain(t *testing.T) {
	if testing.Short() {
		t.Skip("A browser meets a whole topology, which takes a quarter of a minute; run without -short.")
	}
	t.Parallel()
	top := rig.Up(t, rig.Plan{Tier: "10k"})
	top.Site(t).Visit().SetUp(ownerEmail, password, "Harbour & Field")
	b := browser.Open(t, browser.Options{})
	b.Go(top.URL + "/login?next=/studio/harbour-field")
	b.Fill("#email", ownerEmail)
	b.Fill("#password", password)
	for _, s := range top.Web() {
		s.Kill()
	}
	b.Press("main form button")
	b.Eventually("to be told that nobody is there", `document.querySelector("h1").innerText === "We will be right back"`)
	for _, width := range []int64{390, 1440} {
		for _, dark := range []bool{false, true} {
			b.Look(width, dark)
			for _, problem := range b.Axe(axe(t)) {
				t.Errorf("%d px, dark %t: %s", width, dark, problem)
			}
			if browser.Eval[bool](b, "document.documentElement.scrollWidth > innerWidth") {
				t.Errorf("%d px: it is wider than the window", width)
			}
		}
	}
	for _, s := range top.Web() {
		if err := s.Start(t.Context()); err != nil {
			t.Fatal(err)
		}
	}
	for _, s := range top.Web() {
		top.AwaitTrust(t, s)
	}
	b.Click("main a")
	b.Eventually("to be signed in", `location.pathname === "/studio/harbour-field"`)
}
