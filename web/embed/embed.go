// Package embed shows works on other sites: oEmbed, which tells them how, and the
// card that they put into a frame.
package embed

import (
	"net/http"
	"strings"

	"github.com/google/uuid"

	"vitrine/app/fault"
	"vitrine/app/media"
	"vitrine/app/studios"
	"vitrine/app/works"
	"vitrine/web/show"
	"vitrine/web/site"
	"vitrine/web/ui"
)

// Context is one request and its answer, and who it comes from.
type Context = site.Context

// Pages holds what the handlers need.
type Pages struct {
	*site.Site
	Works   *works.Service
	Studios *studios.Service
}

// shown is a published work, whose it is, and its pictures.
type shown struct {
	page     works.Page
	studio   studios.Studio
	pictures map[uuid.UUID]media.Picture
}

// find gives a work that everybody can see. One that is unlisted is not shown on
// other sites: whoever has its link would pass it on to all their readers. Four
// queries.
func (p *Pages) find(c *Context, publicID string) (s shown, err error) {
	if s.page, err = p.Works.ByPublicID(c.Ctx(), publicID); err != nil {
		return s, err
	}
	gone := fault.New(fault.NotFound, "This work is not shown here any more.")
	if !s.page.Work.Public() {
		return s, gone
	}
	who, err := p.Studios.ByIDs(c.Ctx(), []uuid.UUID{s.page.Work.StudioID})
	if err != nil {
		return s, err
	}
	if s.studio = who[s.page.Work.StudioID]; s.studio.Slug == "" {
		return s, gone
	}
	s.pictures, err = p.Works.Pictures(c.Ctx(), show.PictureIDs(s.page, nil))
	return s, err
}

func (s shown) path() string {
	return show.WorkPath(s.studio.Slug, s.page.Work.Slug, s.page.Work.PublicID)
}

func (s shown) noAI() bool { return s.page.Work.NoAI || s.studio.NoAI }

// card is the page in the frame.
type card struct {
	Title, Lang, URL      string
	StudioName, StudioURL string
	Note                  string
	Canonical             string
	Stage                 *ui.Picture
	Film                  *ui.Video
	Sensitive             bool
	NoAI                  bool
}

// Show is GET /embed/{id}: the card of a published work. It is the only page that
// other sites may put into a frame, and says nothing of whoever looks. Four
// queries.
func (p *Pages) Show(c *Context) error {
	s, err := p.find(c, c.Param("id"))
	if err != nil {
		return err
	}
	w := s.page.Work
	v := card{Title: w.Name(), Lang: w.Lang, URL: p.Absolute(s.path()), StudioName: s.studio.Name, StudioURL: p.Absolute(show.StudioPath(s.studio.Slug)),
		Canonical: p.Absolute(s.path()), Sensitive: w.Sensitive, NoAI: s.noAI()}
	whole := show.Work(s.page, s.studio, s.pictures)
	v.Note = whole.Note
	if whole.Stage != nil {
		v.Stage, v.Film = &whole.Stage.Picture, whole.Stage.Film
		v.Stage.Sizes = "100vw"
	}
	c.AllowFrame()
	robots := "noindex"
	if v.NoAI {
		robots += ", " + site.NoAI
	}
	c.Header("X-Robots-Tag", robots)
	return c.Render(http.StatusOK, cardPage(v))
}

// workOf reads the public id out of the address of a work of this site.
func (p *Pages) workOf(address string) (publicID string, ok bool) {
	rest, ok := strings.CutPrefix(address, p.Absolute("/@"))
	if !ok {
		// The other scheme is the same page.
		_, site, found := strings.Cut(p.Absolute("/@"), "://")
		_, asked, found2 := strings.Cut(address, "://")
		if rest, ok = strings.CutPrefix(asked, site); !found || !found2 || !ok {
			return "", false
		}
	}
	if i := strings.IndexAny(rest, "?#"); i >= 0 {
		rest = rest[:i]
	}
	parts := strings.Split(strings.TrimSuffix(rest, "/"), "/")
	if len(parts) != 2 {
		return "", false
	}
	return show.PublicID(parts[1]), true
}
