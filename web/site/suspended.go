package site

import (
	"vitrine/app/accounts"
	"vitrine/web/page"
	"vitrine/web/ui"
	"vitrine/web/views"
)

// shutOut is the page that a suspended person meets wherever one must be signed
// in, and after signing in with the right password.
func (s *Site) shutOut(shut *accounts.Suspended) views.Notice {
	n := views.Notice{
		Heading: "This account is suspended",
		Lead: "Those who run this site suspended it on " + shut.Since.UTC().Format("2 January 2006") + ". You are signed out everywhere; nothing of yours was deleted. " +
			"This is the reason they give:",
		Quote: shut.Reason,
		Links: []ui.Link{{Label: "Go to the first page", URL: "/"}},
	}
	if s.conf.Contact != "" {
		n.Links = append([]ui.Link{{Label: "Write to " + s.conf.Contact, URL: "mailto:" + s.conf.Contact, Look: ui.Ink}}, n.Links...)
	} else {
		n.Text = "To answer, write to those who run the site."
	}
	return n
}

// Shut tells the members of a suspended studio why nothing in it can be
// changed; nil for the others.
func (m Membership) Shut() *ui.Flash {
	if m.SuspendedAt == nil {
		return nil
	}
	return &ui.Flash{Kind: page.Bad, Strong: "This studio is suspended.",
		Message: "Nobody outside it sees it, and nothing in it can be changed. The reason given: “" + m.SuspendedReason + "” You can still take everything with you."}
}
