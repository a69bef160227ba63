package e2e

import (
	"testing"

	"vitrine/e2e/browser"
	"vitrine/e2e/rig"
)

// decisions are the texts about the product itself.
func (*house) decisions() []look {
	return []look{
		{name: "decisions", path: "/docs/adr"},
		{name: "a decision with a table", path: "/docs/adr/0029-limits-and-admission"},
		{name: "a decision about switches", path: "/docs/adr/0012-reserved-switches"},
		{name: "where the sources disagree", path: "/docs/adr/0020-where-the-sources-disagree"},
		{name: "no such decision", path: "/docs/adr/0099-nothing", status: 404},
	}
}

// inGlass are pages with the glass box at their foot. It stays open in this
// browser, so these come last.
func (h *house) inGlass() []look {
	return []look{
		{name: "the glass box", path: "/me/glass"},
		{name: "explore in the glass box", path: "/me/glass", act: func(_ *testing.T, b *browser.Tab, _ *rig.Member) {
			b.Press(`main form[action="/me/glass"] button`)
			b.Go(h.site.URL + "/explore")
		}},
		{name: "a studio in the glass box", path: h.studio},
		{name: "a work in the glass box", path: h.at["several"]},
		{name: "nothing in the glass box", path: "/nothing/here", status: 404},
	}
}
