package e2e

import (
	"net/http"
	"testing"

	"vitrine/e2e/browser"
	"vitrine/e2e/rig"
)

// notices are the pages about what one is told, for somebody to whom little has
// happened; web's own tests look at them when a lot has.
func (h *house) notices() []look {
	return []look{
		{name: "notifications", path: "/notifications"},
		{name: "notifications of a kind", path: "/notifications?kind=likes"},
		{name: "what one hears", path: "/notifications/settings"},
		{name: "what one hears, saved", path: "/notifications/settings", act: func(_ *testing.T, b *browser.Tab, _ *rig.Member) { b.Press("main form button") }},
		{name: "a link that unsubscribes from nothing", path: "/unsubscribe/nothing", status: http.StatusNotFound},
	}
}
