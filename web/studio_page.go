package web

import (
	"net/http"

	"vitrine/app/studios"
	"vitrine/app/works"
	"vitrine/web/page"
	"vitrine/web/show"
	"vitrine/web/ui"
	"vitrine/web/views"
)

// showStudio is a studio's public page. A former slug and other spellings move
// to the canonical address. Four queries.
func (s *Server) showStudio(c *Context) error {
	st, err := s.Studios.BySlug(c.Ctx(), c.Param("studio"))
	if err != nil {
		return err
	}
	if moved, err := toCanonical(c, show.StudioPath(st.Slug)); moved {
		return err
	}
	from := after(c)
	wall, err := s.Works.LatestOf(c.Ctx(), st.ID, from, works.PerPage)
	if err != nil {
		return err
	}
	count, err := s.Works.CountOf(c.Ctx(), st.ID)
	if err != nil {
		return err
	}
	cards, err := s.hangOf(c.Ctx(), wall.Cards, st)
	if err != nil {
		return err
	}
	path := show.StudioPath(st.Slug)
	v := views.StudioView{
		Name: st.Name, Description: show.Paragraphs(st.Description), Location: st.Location, Demo: st.Demo, FeedURL: path + "/feed.atom", Count: count,
		Share: ui.Share{URL: s.Absolute(path), Title: st.Name}, Wall: ui.Hang{Cards: cards, First: firstRow},
		Pages: ui.Pages{OlderURL: older(path, wall.Next), Older: "Older works"},
	}
	if m, ok := c.Viewer().Member(st.Slug); ok {
		v.DeskURL = "/studio/" + st.Slug
		if m.Role.Can(studios.EditWorks) {
			v.NewURL = v.DeskURL + "/new"
		}
	}
	b := s.Base(c, st.Name)
	b.Nav, b.FeedURL, b.Canonical = page.NavExplore, v.FeedURL, s.Absolute(pageURL(path, from))
	b.Description = show.Summary(st.Description, "Works by "+st.Name+", on "+page.Site+".")
	og := &page.OpenGraph{Type: "profile", Title: st.Name, Description: b.Description, URL: b.Canonical}
	for i := range cards {
		if !cards[i].Sensitive {
			og.Image, og.ImageAlt = s.Absolute(cards[i].Picture.Src), cards[i].Picture.Alt
			break
		}
	}
	b.OpenGraph = og
	cachePublic(c)
	return c.Render(http.StatusOK, views.Studio(b, v))
}
