package web

import (
	"net/http"
	"net/url"

	"vitrine/app/kept"
	"vitrine/app/studios"
	"vitrine/app/works"
	"vitrine/web/page"
	"vitrine/web/site"
	"vitrine/web/ui"
	"vitrine/web/views"
)

// after reads the place in a list that a link names; what is no place is the
// beginning.
func after(c *Context) works.Cursor { return works.ParseCursor(c.Query("after")) }

// older is the link to the next page, empty on the last.
func older(path string, next works.Cursor) string {
	if after := next.String(); after != "" {
		return path + "?after=" + after
	}
	return ""
}

// explore is the newest works of all studios. Three queries.
func (s *Server) explore(c *Context) error {
	from := after(c)
	wall, err := s.Works.Latest(c.Ctx(), from, works.PerPage)
	if err != nil {
		return err
	}
	cards, err := s.hang(c.Ctx(), wall.Cards)
	if err != nil {
		return err
	}
	b := s.Base(c, "Explore")
	b.Nav, b.FeedURL, b.Canonical = page.NavExplore, "/explore/feed.atom", s.Absolute(pageURL("/explore", from))
	b.Description = "The newest photographs, films, posters and drawings of all studios."
	b.OpenGraph = &page.OpenGraph{Type: "website", Title: "Explore Vitrine", Description: b.Description, URL: b.Canonical}
	c.Keep(kept.Explore.Class, kept.OfCards(wall.Cards)...)
	return c.Render(http.StatusOK, views.Explore(b, views.ExploreView{
		Wall: ui.Hang{Cards: cards, Leads: true}, First: from == works.Cursor{}, NewURL: newURL(c.Viewer()),
		Pages: ui.Pages{OlderURL: older("/explore", wall.Next), Older: "More works"},
	}))
}

// pageURL is the canonical address of a page of a list.
func pageURL(path string, from works.Cursor) string {
	if after := from.String(); after != "" {
		return path + "?after=" + after
	}
	return path
}

// newURL is where a member begins a new work, in the first of their studios
// where they may; empty for everybody else.
func newURL(v *site.Viewer) string {
	if v == nil {
		return ""
	}
	for _, m := range v.Studios {
		if m.Role.Can(studios.EditWorks) {
			return "/studio/" + m.Slug + "/new"
		}
	}
	return ""
}

// tag is the newest works with a tag. Another spelling of the tag moves to its
// slug. Three queries.
func (s *Server) tag(c *Context) error {
	slug := works.TagSlug(c.Param("tag"))
	if moved, err := c.ToCanonical("/t/" + url.PathEscape(slug)); moved && slug != "" {
		return err
	}
	from := after(c)
	wall, label, err := s.Works.LatestTagged(c.Ctx(), slug, from, works.PerPage)
	if err != nil {
		return err
	}
	cards, err := s.hang(c.Ctx(), wall.Cards)
	if err != nil {
		return err
	}
	path := "/t/" + url.PathEscape(slug)
	b := s.Base(c, label)
	b.Nav, b.FeedURL, b.Canonical = page.NavExplore, path+"/feed.atom", s.Absolute(pageURL(path, from))
	b.Description = "Works with the tag " + label + ", on " + page.Site + "."
	b.OpenGraph = &page.OpenGraph{Type: "website", Title: label, Description: b.Description, URL: b.Canonical}
	c.Keep(kept.OneTag.Class, kept.OfTag(slug, wall.Cards)...)
	return c.Render(http.StatusOK, views.Tag(b, views.TagView{
		Label: label, Wall: ui.Hang{Cards: cards, Leads: true},
		Pages: ui.Pages{OlderURL: older(path, wall.Next), Older: "More works"},
	}))
}
