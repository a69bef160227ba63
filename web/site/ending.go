package site

import (
	"time"

	"vitrine/app/studios"
	"vitrine/web/page"
)

// ends is what pages say to somebody whose account is to end, and to the members
// of a studio that is, on its pages.
func (v *Viewer) ends(slug string) *page.Ending {
	if v.ClosingAt != nil {
		return &page.Ending{Strong: "Your account ends on " + inWords(*v.ClosingAt) + ".", Message: "Then everything of yours is removed for good.", Link: "Keep it", URL: "/me/delete"}
	}
	m, ok := v.Member(slug)
	if !ok || m.ClosingAt == nil {
		return nil
	}
	e := page.Ending{Strong: "This studio ends on " + inWords(*m.ClosingAt) + ".", Message: "It is on no page any more, and nothing in it can be changed. Then everything in it is removed for good."}
	if m.Role.Can(studios.CloseStudio) {
		e.Link, e.URL = "Keep it", "/studio/"+m.Slug+"/delete"
	} else {
		e.Message += " Its owner can keep it."
	}
	return &e
}

func inWords(at time.Time) string { return at.UTC().Format("2 January 2006") }
