// Package notices has the page of notifications, what one wants to hear, and what
// stands behind the links that end mails.
package notices

import (
	"net/http"
	"time"

	"github.com/google/uuid"

	"vitrine/app/fault"
	"vitrine/app/notifications/notices"
	"vitrine/web/page"
	"vitrine/web/show"
	"vitrine/web/site"
	"vitrine/web/ui"
)

// Context is one request and its answer, and who it comes from.
type Context = site.Context

// Pages holds what the handlers need.
type Pages struct {
	*site.Site
	Notices *notices.Service
}

const path = "/notifications"

func (p *Pages) base(c *Context, title string) page.Base {
	b := p.Base(c, title)
	b.NoIndex = true
	b.Styles = append(b.Styles, "notices.css")
	return b
}

// Show is GET /notifications, and for the script of the page the list alone.
// Looking marks nothing as read.
func (p *Pages) Show(c *Context) error {
	v, err := c.RequireViewer()
	if err != nil {
		return err
	}
	shelf := notices.ParseShelf(c.Query("kind"))
	from := notices.ParsePlace(c.Query("after"))
	got, err := p.Notices.List(c.Ctx(), v.UserID, shelf, from)
	if err != nil {
		return err
	}
	unread := c.Unread()
	out := view{Shelf: shelf, First: from.At.IsZero(), Tabs: tabs(shelf, unread), Unread: unread.Total()}
	if shelf != notices.All {
		out.Unread = unread[shelf]
	}
	if len(got.Lines) > 0 {
		out.Until = got.Lines[0].At.Format(time.RFC3339Nano)
	}
	if !got.Next.At.IsZero() {
		out.Older = shelfPath(shelf, "after="+got.Next.String())
	}
	now := p.Now().In(zoneOf(v, got.Zone))
	for _, line := range got.Lines {
		out.add(now, line)
	}
	if c.ByScript() {
		return c.Render(http.StatusOK, noticesList(out))
	}
	b := p.base(c, "Notifications")
	b.Scripts = append(b.Scripts, "notices.js")
	return c.Render(http.StatusOK, noticesPage(b, out))
}

func tabs(current notices.Shelf, unread notices.Unread) ui.Tabs {
	t := ui.Tabs{Label: "Kinds", Items: []ui.Tab{{Label: "All", URL: path, Count: -1, Current: current == notices.All}}}
	for _, shelf := range notices.Shelves {
		n := unread[shelf]
		if n == 0 {
			n = -1
		}
		t.Items = append(t.Items, ui.Tab{Label: shelfNames[shelf], URL: shelfPath(shelf, ""), Count: n, Current: shelf == current})
	}
	return t
}

var shelfNames = map[notices.Shelf]string{notices.Comments: "Comments", notices.Likes: "Likes", notices.Follows: "Follows", notices.Studio: "Studio"}

func shelfPath(shelf notices.Shelf, more string) string {
	query := ""
	if shelf != notices.All {
		query = "?kind=" + string(shelf)
	}
	switch {
	case more == "":
		return path + query
	case query == "":
		return path + "?" + more
	}
	return path + query + "&" + more
}

// zoneOf is the clock that a person lives by: the one they chose, else that of
// their own studio, which is the first of theirs.
func zoneOf(v *site.Viewer, chosen string) *time.Location {
	if chosen == "" && len(v.Studios) > 0 {
		chosen = v.Studios[0].TimeZone
	}
	zone, err := time.LoadLocation(chosen)
	if err != nil {
		return time.UTC
	}
	return zone
}

// ReadAll is POST /notifications/read: what the page showed is read.
func (p *Pages) ReadAll(c *Context) error {
	v, err := c.RequireViewer()
	if err != nil {
		return err
	}
	if err := c.ParseForm(); err != nil {
		return err
	}
	until, err := time.Parse(time.RFC3339Nano, c.Form("until"))
	if err != nil {
		return fault.New(fault.Invalid, "This form is incomplete. Open your notifications and press the button there.")
	}
	shelf := notices.ParseShelf(c.Form("kind"))
	if err := p.Notices.ReadAll(c.Ctx(), v.UserID, shelf, until); err != nil {
		return err
	}
	return c.SeeOther(shelfPath(shelf, ""))
}

// ReadOne is POST /notifications/:notice/read.
func (p *Pages) ReadOne(c *Context) error {
	v, err := c.RequireViewer()
	if err != nil {
		return err
	}
	if err := c.ParseForm(); err != nil {
		return err
	}
	noticeID, err := uuid.Parse(c.Param("notice"))
	if err != nil {
		return fault.New(fault.NotFound, "There is no such notice. It may be older than 90 days.")
	}
	if err := p.Notices.Read(c.Ctx(), v.UserID, noticeID); err != nil {
		return err
	}
	return c.SeeOther(shelfPath(notices.ParseShelf(c.Form("kind")), ""))
}

// picture is the cover of a notice's work.
func picture(line notices.Line) *ui.Picture {
	if line.Picture == nil || line.Card == nil {
		return nil
	}
	pic := show.Picture(*line.Picture, "", "", line.Card.CoverFocal)
	pic.Sizes = ui.SizesThumb
	return &pic
}
