package web

import (
	"net/http"
	"net/url"
	"strings"

	"github.com/google/uuid"

	"vitrine/app/fault"
	"vitrine/app/media"
	"vitrine/app/studios"
	"vitrine/app/works"
	"vitrine/web/page"
	"vitrine/web/show"
	"vitrine/web/ui"
	"vitrine/web/views"
)

// showWork is a work's public page: everybody sees a published one, whoever has
// the link an unlisted one. Any other spelling of the address moves to the
// canonical one. Four queries.
func (s *Server) showWork(c *Context) error {
	p, err := s.Works.ByPublicID(c.Ctx(), publicID(c.Param("work")))
	if err != nil {
		return err
	}
	around := show.Relatives(p)
	who, err := s.Studios.ByIDs(c.Ctx(), append(show.StudioIDs(around), p.Work.StudioID))
	if err != nil {
		return err
	}
	st, ok := who[p.Work.StudioID]
	if !ok {
		return fault.New(fault.NotFound, "")
	}
	if moved, err := toCanonical(c, show.WorkPath(st.Slug, p.Work.Slug, p.Work.PublicID)); moved {
		return err
	}
	pictures, err := s.Works.Pictures(c.Ctx(), show.PictureIDs(p, around))
	if err != nil {
		return err
	}
	cachePublic(c)
	if p.Work.NoAI {
		c.Header("X-Robots-Tag", "noai, noimageai")
	}
	v := show.Work(p, st, pictures)
	v.Share = ui.Share{URL: s.Absolute(show.WorkPath(st.Slug, p.Work.Slug, p.Work.PublicID)), Title: v.Title}
	if m, ok := c.Viewer().Member(st.Slug); ok && m.Role.Can(studios.EditWorks) {
		v.EditURL = show.EditPath(st.Slug, p.Work.PublicID)
	}
	name := func(id uuid.UUID) (string, string) { return who[id].Slug, who[id].Name }
	v.Near = ui.Hang{Cards: show.Cards(p.Near, pictures, name), Small: true}
	v.Turn = ui.Turn{Earlier: show.Neighbour(p.Earlier, pictures, name), Later: show.Neighbour(p.Later, pictures, name)}
	return c.Render(http.StatusOK, views.Work(s.workBase(c, p, st, pictures, v), v))
}

// publicID is the last part of "slug-id"; whatever it is, works checks it.
func publicID(param string) string {
	return param[strings.LastIndexByte(param, '-')+1:]
}

// toCanonical moves a request that came by another spelling of the path. Paths
// are compared as text: their percent signs may differ.
func toCanonical(c *Context, path string) (moved bool, err error) {
	want, err := url.PathUnescape(path)
	if err != nil || c.Request().URL.Path == want {
		return false, nil //nolint:nilerr // our own path is always readable
	}
	if q := c.Request().URL.RawQuery; q != "" {
		path += "?" + q
	}
	return true, c.MovedPermanently(path)
}

// cachePublic lets caches keep a public page only if they ask each time: a
// takedown holds at once. A member's page carries their name.
func cachePublic(c *Context) {
	c.Response().Header().Add("Vary", "Cookie") // compression has said Accept-Encoding
	if c.Viewer() != nil {
		c.Header("Cache-Control", "private, no-cache")
		return
	}
	c.Header("Cache-Control", "public, no-cache")
}

// workBase fills the head: what search engines and other sites show.
func (s *Server) workBase(c *Context, p works.Page, st studios.Studio, pictures map[uuid.UUID]media.Picture, v views.WorkView) page.Base {
	w := p.Work
	b := s.Base(c, v.Title+", "+st.Name)
	b.Nav, b.FeedURL, b.NoAI = page.NavExplore, v.FeedURL, w.NoAI
	b.NoIndex = w.State != works.StatePublished
	b.Canonical = v.Share.URL
	b.Description = show.Summary(w.Story, v.Title+" by "+st.Name+", on "+page.Site+".")
	og := &page.OpenGraph{Type: "article", Title: v.Title, Description: b.Description, URL: b.Canonical}
	if v.Stage != nil && !w.Sensitive {
		pic, item := show.First(p, pictures)
		og.Image, og.ImageAlt = s.Absolute(pic.Src(cardWidth)), item.Alt
		og.ImageW, og.ImageH = pic.SrcSize(cardWidth)
	}
	b.OpenGraph = og
	return b
}

// cardWidth is that of the picture on other sites' cards.
const cardWidth = 1280
