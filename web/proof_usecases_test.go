package web_test

import (
	"strings"
	"testing"

	"vitrine/app/works"
)

// whole are use cases that read all of a studio, and why.
var whole = map[string]string{
	"studios.Export":    "everything is taken along",
	"studios.Members":   "everybody is told or carried along; pages use Roll",
	"studios.Roster":    "everybody is told",
	"works.CountBefore": "asked for new studios, in which there is little",
}

// TestPlans_ofEveryUseCase calls each use case that reads, for the studio with
// 10,000 works and 5,000 members, and looks at the plan of each statement: those
// that no page asks for yet, and those of tasks, are held to the same.
func TestPlans_ofEveryUseCase(t *testing.T) {
	h := newLargeHouse(t)
	big := h.bigTables(t)
	p := h.explained(t)
	owner, all := h.userOf(t, "owner@harbour.example"), bodies(t)
	looked := 0
	for _, u := range h.uses(t) {
		if reads, writes := does(all, u.name, map[string]bool{}); !reads || writes || whole[u.name] != "" {
			continue
		}
		for range 7 { // from the sixth on, a plan may be one for any values
			for _, w := range []works.Work{h.draft, h.hung} {
				p.take()
				c := crossing{h: h, user: owner, studio: h.studio, claims: h.studio, work: w}
				_, _ = c.call(u)
			}
		}
		for _, got := range p.take() {
			looked++
			for _, wrong := range got.wrong(big) {
				t.Errorf("%s %s:\n%.500s\n%s", u.name, wrong, strings.Join(strings.Fields(got.Query), " "), got.steps())
			}
		}
	}
	if looked < 40 {
		t.Errorf("only %d statements", looked)
	}
}
