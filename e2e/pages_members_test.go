package e2e

import (
	"net/http"
	"testing"

	"vitrine/e2e/browser"
	"vitrine/e2e/rig"
)

// members are the pages about who belongs to a studio, for its owner.
func (h *house) members() []look {
	at := h.studio + "/members"
	opened := `document.querySelectorAll("main details").forEach((d) => { d.open = true })`
	return []look{
		{name: "members", path: at},
		{name: "an invitation refused", path: at, status: http.StatusUnprocessableEntity, act: func(_ *testing.T, b *browser.Tab, _ *rig.Member) {
			b.Fill("#email", "nobody@harbour")
			b.Press("form[action$='/invite'] button")
		}},
		{name: "an open invitation", path: at, script: opened, act: func(_ *testing.T, b *browser.Tab, _ *rig.Member) {
			b.Fill("#email", "noor@quarry.example")
			b.Press("form[action$='/invite'] button")
		}},
		{name: "audit", path: h.studio + "/audit"},
		{name: "an empty audit", path: h.studio + "/audit?action=studios.member_left"},
		{name: "handing a studio on", path: at + "/transfer"},
	}
}

// invited are the pages behind links of invitations that nobody can use.
func (h *house) invited() []look {
	return []look{{name: "no such invitation", path: "/join/nothing", status: http.StatusNotFound}}
}
