package e2e

import (
	"net/http"
	"testing"

	"vitrine/e2e/browser"
	"vitrine/e2e/rig"
)

// outside are the pages of collections and share links, for a studio's owner.
func (h *house) outside() []look {
	at := h.studio + "/collections"
	opened := `document.querySelectorAll("main details").forEach((d, i) => { d.open = i % 2 == 0 })`
	return []look{
		{name: "no collections", path: at},
		{name: "a new collection", path: at + "/new"},
		{name: "a collection refused", path: at + "/new", status: http.StatusUnprocessableEntity, act: func(_ *testing.T, b *browser.Tab, _ *rig.Member) {
			b.Fill("#title", " ")
			b.Press("main form button")
		}},
		{name: "works for a collection", path: at + "/new", act: func(_ *testing.T, b *browser.Tab, _ *rig.Member) {
			b.Fill("#title", "North light")
			b.Press("main form button")
		}},
		{name: "links", path: h.studio + "/links"},
		{name: "a link refused", path: h.studio + "/links", status: http.StatusUnprocessableEntity, act: func(_ *testing.T, b *browser.Tab, _ *rig.Member) {
			b.Press("main form[action$='/links'] button.btn-ink")
		}},
		{name: "collections", path: at, script: opened},
	}
}

// fromOutside are pages that people come to by links and frames.
func (h *house) fromOutside() []look {
	return []look{
		{name: "no such link", path: "/s/nothing", status: http.StatusNotFound},
		{name: "no such collection", path: h.public + "/c/gone-22222222222", status: http.StatusNotFound},
		{name: "a studio without collections", path: h.public + "/c"},
	}
}
