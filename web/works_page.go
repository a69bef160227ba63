package web

import (
	"net/http"
	"net/url"

	"github.com/a-h/templ"
	"github.com/google/uuid"

	"vitrine/app/engagement"
	"vitrine/app/fault"
	"vitrine/app/kept"
	"vitrine/app/media"
	"vitrine/app/studios"
	"vitrine/app/works"
	"vitrine/web/embed"
	"vitrine/web/linked"
	"vitrine/web/page"
	"vitrine/web/show"
	"vitrine/web/ui"
	"vitrine/web/views"
)

// showWork is a work's public page: everybody sees a published one, whoever has
// the link an unlisted one. Any other spelling of the address moves to the
// canonical one. Five queries.
func (s *Server) showWork(c *Context) error {
	p, err := s.Works.ByPublicID(c.Ctx(), show.PublicID(c.Param("work")))
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
	if moved, err := c.ToCanonical(show.WorkPath(st.Slug, p.Work.Slug, p.Work.PublicID)); moved {
		return err
	}
	pictures, err := s.Works.Pictures(c.Ctx(), show.PictureIDs(p, around))
	if err != nil {
		return err
	}
	acts, err := s.Engagement.Around(c.Ctx(), c.ViewerID(), p.Work.ID, st.ID, engagement.Cursor{})
	if err != nil {
		return err
	}
	if p.Work.Public() {
		c.Keep(kept.OneWork.Since(s.Now().Sub(acts.Latest())), kept.OfWork(p)...)
	}
	v := show.Work(p, st, pictures)
	v.Share = ui.Share{URL: s.Absolute(show.WorkPath(st.Slug, p.Work.Slug, p.Work.PublicID)), Title: v.Title}
	m, member := c.Viewer().Member(st.Slug)
	switch {
	case !member:
		v.ReportURL = "/report?" + url.Values{"at": {show.WorkPath(st.Slug, p.Work.Slug, p.Work.PublicID)}}.Encode()
	case m.Role.Can(studios.EditWorks):
		v.EditURL = show.EditPath(st.Slug, p.Work.PublicID)
	}
	v.Acts, v.Talk = s.engage.Beside(c, p.Work, st, acts)
	name := func(id uuid.UUID) (string, string) { return who[id].Slug, who[id].Name }
	v.Near = ui.Hang{Cards: show.Cards(p.Near, pictures, name), Small: true}
	v.Turn = ui.Turn{Earlier: show.Neighbour(p.Earlier, pictures, name), Later: show.Neighbour(p.Later, pictures, name)}
	b := s.workBase(c, p, st, pictures, v)
	b.Seen = s.insights.Stamp(c, st, p.Work.ID)
	return c.Render(http.StatusOK, views.Work(b, v))
}

// workBase fills the head: what search engines and other sites show.
func (s *Server) workBase(c *Context, p works.Page, st studios.Studio, pictures map[uuid.UUID]media.Picture, v views.WorkView) page.Base {
	w := p.Work
	b := s.Base(c, v.Title+", "+st.Name)
	b.Nav, b.FeedURL = page.NavExplore, v.FeedURL
	c.AskNoAI(&b, w.NoAI || st.NoAI)
	b.NoIndex = w.State != works.StatePublished
	b.Canonical = v.Share.URL
	b.Description = show.Summary(w.Story, v.Title+" by "+st.Name+", on "+page.Site+".")
	og := &page.OpenGraph{Type: "article", Title: v.Title, Description: b.Description, URL: b.Canonical}
	if v.Stage != nil && !w.Sensitive {
		pic, item := show.First(p, pictures)
		og.Image, og.ImageAlt = s.Absolute(pic.Src(show.CardWidth)), item.Alt
		og.ImageW, og.ImageH = pic.SrcSize(show.CardWidth)
	}
	b.OpenGraph = og
	if w.Public() {
		b.Head = templ.Join(linked.Data(linked.WorkOf(p, st, pictures, s.Absolute)), embed.Discovery(s.Absolute, b.Canonical, v.Title))
	}
	return b
}
