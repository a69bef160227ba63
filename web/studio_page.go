package web

import (
	"net/http"
	"net/url"

	"github.com/google/uuid"

	"vitrine/app/kept"
	"vitrine/app/studios"
	"vitrine/app/works"
	"vitrine/web/linked"
	"vitrine/web/page"
	"vitrine/web/show"
	"vitrine/web/ui"
	"vitrine/web/views"
)

// firstCollections is how many of its collections a studio's page shows.
const firstCollections = 4

// showStudio is a studio's public page. A former slug and other spellings move
// to the canonical address. Five queries.
func (s *Server) showStudio(c *Context) error {
	st, err := s.Studios.BySlug(c.Ctx(), c.Param("studio"))
	if err != nil {
		return err
	}
	if moved, err := c.ToCanonical(show.StudioPath(st.Slug)); moved {
		return err
	}
	from := after(c)
	wall, err := s.Works.LatestOf(c.Ctx(), st.ID, from, works.PerPage)
	if err != nil {
		return err
	}
	shelf, more, count, err := s.Collections.Shelf(c.Ctx(), st.ID, firstCollections)
	if err != nil {
		return err
	}
	followers, following, err := s.Engagement.AboutStudio(c.Ctx(), c.ViewerID(), st.ID)
	if err != nil {
		return err
	}
	pictures, err := s.Works.Pictures(c.Ctx(), append(show.CollectionCovers(shelf), show.CoverIDs(wall.Cards)...))
	if err != nil {
		return err
	}
	cards := show.CardsOf(wall.Cards, pictures, st)
	path := show.StudioPath(st.Slug)
	v := views.StudioView{
		Name: st.Name, Description: show.Paragraphs(st.Description), Location: st.Location, Demo: st.Demo, FeedURL: path + "/feed.atom", Count: count,
		Share: ui.Share{URL: s.Absolute(path), Title: st.Name}, Wall: ui.Hang{Cards: cards, Leads: true},
		Pages: ui.Pages{OlderURL: older(path, wall.Next), Older: "Older works"},
	}
	v.Acts = s.engage.AtStudio(c, st, followers, following)
	if from.ID == uuid.Nil {
		v.Collections = show.Tiles(st.Slug, shelf, pictures)
		if more {
			v.CollectionsURL = path + "/c"
		}
	}
	leads(c, st.Slug, &v)
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
	c.AskNoAI(&b, st.NoAI)
	b.Head = linked.Data(linked.ProfileOf(st, s.Absolute))
	b.OpenGraph, b.Seen = og, s.insights.Stamp(c, st, uuid.Nil)
	c.Keep(kept.OneStudio.Class, kept.OfStudio(st.ID, wall.Cards, shelf)...)
	return c.Render(http.StatusOK, views.Studio(b, v))
}

// leads are the links beside a studio: its members', or everybody else's.
func leads(c *Context, slug string, v *views.StudioView) {
	path := show.StudioPath(slug)
	if m, ok := c.Viewer().Member(slug); ok {
		v.DeskURL = "/studio/" + slug
		if m.Role.Can(studios.EditWorks) {
			v.NewURL = v.DeskURL + "/new"
		}
	} else {
		v.ReportURL = "/report?" + url.Values{"at": {path}}.Encode()
		if c.Viewer() != nil {
			v.MuteURL = "/me/blocks/new?" + url.Values{"studio": {slug}, "next": {path}}.Encode()
		}
	}
}
