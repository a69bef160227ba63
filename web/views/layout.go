// Package views holds the pages: one templ file per page or family of pages,
// each a function of page.Base and the page's own typed data. Pages are made of
// the parts in web/ui.
package views

import (
	"net/url"
	"strconv"
	"strings"

	"github.com/a-h/templ"

	"vitrine/web/page"
	"vitrine/web/ui"
)

// htmxConfig keeps htmx inside the content security policy: no style elements,
// no eval, no scripts from answers, no other hosts, no pages kept in storage.
const htmxConfig = `{"includeIndicatorStyles":false,"allowEval":false,"allowScriptTags":false,"selfRequestsOnly":true,"historyCacheSize":0}`

// Side is the work shown beside a form.
type Side struct {
	Picture ui.Picture
	Title   string
	By      string // "Studio Halden, still life, 2025"
}

func currentStudio(b page.Base) *page.Studio {
	if b.Viewer == nil {
		return nil
	}
	return b.Viewer.Current
}

// ending is what of the viewer's is to be removed, except on the page that says
// so itself.
func ending(b page.Base) *page.Ending {
	if b.Viewer == nil || b.Viewer.Ends == nil || b.Viewer.Ends.URL == b.Path {
		return nil
	}
	return b.Viewer.Ends
}

// governs tells whether the viewer may open the studio's settings.
func governs(s *page.Studio) bool { return s.Role == "owner" || s.Role == "admin" }

// bellLabel is what the bell says; live.js writes the same when the number changes.
func bellLabel(unread int) string {
	if unread == 0 {
		return "Notifications"
	}
	return "Notifications, " + ui.Thousands(unread) + " unread"
}

func feedTitle(b page.Base) string {
	if b.Title == "" {
		return "New works on " + page.Site
	}
	return b.Title
}

func ogType(g page.OpenGraph) string {
	if g.Type == "" {
		return "website"
	}
	return g.Type
}

func number(n int) string { return strconv.Itoa(n) }

// reportURL leads to the form with what is on the page filled in.
func reportURL(b page.Base) templ.SafeURL {
	if strings.HasPrefix(b.Path, "/@") && !b.NoIndex {
		return templ.URL("/report?" + url.Values{"at": {b.Path}}.Encode())
	}
	return "/report"
}
