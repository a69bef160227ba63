// Package insights has the pages on which studios see how they do, and what
// public pages send back when they are looked at.
package insights

import (
	"github.com/google/uuid"

	"vitrine/app/analytics"
	"vitrine/app/studios"
	"vitrine/web/page"
	"vitrine/web/site"
)

// Context is one request and its answer, and who it comes from.
type Context = site.Context

// Pages holds what the handlers need.
type Pages struct {
	*site.Site
	Analytics *analytics.Service
	Views     *analytics.Recorder // nil counts nothing
}

// base is that of a page of a studio: nobody else finds it.
func (p *Pages) base(c *Context, title string) page.Base {
	b := p.Base(c, title)
	b.NoIndex, b.Nav, b.Styles = true, page.NavStudio, append(b.Styles, Style)
	return b
}

// Style is the stylesheet of these pages, and of whoever shows a Summary.
const Style = "insights.css"

// Stamp is what a public page of a studio sends back when it is looked at; a zero
// workID stands for the studio's own page. It is empty for the studio's members,
// who are not counted.
func (p *Pages) Stamp(c *Context, st studios.Studio, workID uuid.UUID) string {
	if p.Views == nil {
		return ""
	}
	if _, member := c.Viewer().Member(st.Slug); member {
		return ""
	}
	return p.Views.Stamp(analytics.Subject{StudioID: st.ID, WorkID: workID, Zone: st.TimeZone})
}
