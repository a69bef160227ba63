// Package engage has what people do with works and studios of others: the
// buttons beside them, comments and their pages, bookmarks, and the comments of
// a studio.
package engage

import (
	"github.com/a-h/templ"
	"github.com/google/uuid"

	"vitrine/app/engagement"
	"vitrine/app/fault"
	"vitrine/app/studios"
	"vitrine/app/works"
	"vitrine/web/show"
	"vitrine/web/site"
)

// Context is one request and its answer, and who it comes from.
type Context = site.Context

// Pages holds what the handlers need.
type Pages struct {
	*site.Site
	Engagement *engagement.Service
	Studios    *studios.Service
	Works      *works.Service
}

// subject is the work of a page, and whose it is.
type subject struct {
	works.Work
	Studio studios.Studio
}

func (s subject) path() string { return show.WorkPath(s.Studio.Slug, s.Slug, s.PublicID) }

// subject finds the work in the path as its public page does: NotFound for
// whatever nobody outside its studio can see. Two queries.
func (p *Pages) subject(c *Context) (subject, error) {
	found, err := p.Works.One(c.Ctx(), show.PublicID(c.Param("work")))
	if err != nil {
		return subject{}, err
	}
	who, err := p.Studios.ByIDs(c.Ctx(), []uuid.UUID{found.Work.StudioID})
	if err != nil {
		return subject{}, err
	}
	st, ok := who[found.Work.StudioID]
	if !ok {
		return subject{}, fault.New(fault.NotFound, "")
	}
	return subject{Work: found.Work, Studio: st}, nil
}

// manages tells whether the viewer may close the comments of a studio's works.
func manages(c *Context, slug string) bool {
	m, ok := c.Viewer().Member(slug)
	return ok && m.Role.Can(studios.EditWorks)
}

// doorTo is where a visitor signs in to come back.
func doorTo(path string) string { return "/login?" + next(path) }

// Beside makes what stands beside a work and below it: buttons, and comments.
func (p *Pages) Beside(c *Context, w works.Work, st studios.Studio, a engagement.Around) (buttons, talk templ.Component) {
	on := subject{Work: w, Studio: st}
	return acts(actsOf(c, on, a)), talkSection(p.talkOf(c, on, a))
}

// AtStudio makes the button in the head of a studio's page.
func (p *Pages) AtStudio(c *Context, st studios.Studio, followers int, following bool) templ.Component {
	path := show.StudioPath(st.Slug)
	m := mark{Kind: follow, On: following, Base: path, Next: path, Count: followers, Main: true}
	if c.Viewer() == nil {
		m.Door = doorTo(path)
	}
	return markForm(m)
}
