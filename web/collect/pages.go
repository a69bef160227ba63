// Package collect has the pages of collections: the public one, the list of a
// studio's, and those on which its members make them and put works in order.
package collect

import (
	"net/http"

	"github.com/google/uuid"

	"vitrine/app/kept"
	"vitrine/app/media"
	"vitrine/app/studios"
	"vitrine/app/works"
	"vitrine/app/works/collections"
	"vitrine/web/linked"
	"vitrine/web/page"
	"vitrine/web/show"
	"vitrine/web/site"
	"vitrine/web/ui"
	"vitrine/web/views"
)

// Context is one request and its answer, and who it comes from.
type Context = site.Context

// Pages holds what the handlers need.
type Pages struct {
	*site.Site
	Collections *collections.Service
	Studios     *studios.Service
	Works       *works.Service
}

// publicView is the page of a collection as everybody sees it.
type publicView struct {
	Title      string
	About      []views.Paragraph
	StudioName string
	StudioURL  string
	Count      int
	Share      ui.Share
	EditURL    string // for those who may
	Wall       ui.Hang
	Pages      ui.Pages
}

// Show is GET /@{studio}/c/{slug}-{id}: a collection that is shown. Any other
// spelling of the address moves to the canonical one. Four queries.
func (p *Pages) Show(c *Context) error {
	param := c.Param("collection")
	col, count, err := p.Collections.Public(c.Ctx(), show.PublicID(param))
	if err != nil {
		return err
	}
	who, err := p.Studios.ByIDs(c.Ctx(), []uuid.UUID{col.StudioID})
	if err != nil {
		return err
	}
	st := who[col.StudioID]
	if !open(st) {
		return collections.Gone()
	}
	path := show.CollectionPath(st.Slug, col.Slug, col.PublicID)
	if moved, err := c.ToCanonical(path); moved {
		return err
	}
	from := place(c.Query("from"))
	cards, next, err := p.Collections.Hanging(c.Ctx(), col.ID, from, works.PerPage)
	if err != nil {
		return err
	}
	pictures, err := p.Works.Covers(c.Ctx(), cards...)
	if err != nil {
		return err
	}
	v := publicView{
		Title: col.Title, About: show.Paragraphs(col.About), StudioName: st.Name, StudioURL: show.StudioPath(st.Slug), Count: count,
		Share: ui.Share{URL: p.Absolute(path), Title: col.Title},
		Wall:  ui.Hang{Cards: show.CardsOf(cards, pictures, st), Leads: true},
	}
	if next > 0 {
		v.Pages.OlderURL, v.Pages.Older = path+"?from="+digits(next), "More of this collection"
	}
	if from > 0 {
		v.Pages.NewerURL, v.Pages.Newer = path, "From the beginning"
	}
	if m, ok := c.Viewer().Member(st.Slug); ok && m.Role.Can(studios.EditWorks) {
		v.EditURL = show.EditCollectionPath(m.Slug, col.PublicID)
	}
	return c.Render(http.StatusOK, publicPage(p.publicBase(c, col, st, path, v, cards, pictures), v))
}

// publicBase fills the head: what search engines and other sites show.
func (p *Pages) publicBase(c *Context, col collections.Collection, st studios.Studio, path string, v publicView, cards []works.Card, pictures map[uuid.UUID]media.Picture) page.Base {
	b := p.Base(c, col.Title+", "+st.Name)
	b.Nav, b.FeedURL, b.Canonical = page.NavExplore, show.StudioPath(st.Slug)+"/feed.atom", p.Absolute(path)
	if from := c.Query("from"); from != "" && v.Pages.NewerURL != "" {
		b.Canonical += "?from=" + digits(place(from))
	}
	c.AskNoAI(&b, st.NoAI)
	c.Keep(kept.OneShelf.Class, kept.OfShelf(st.ID, cards)...)
	b.Description = show.Summary(col.About, "A collection of "+ui.Count(v.Count, "work", "works")+" by "+st.Name+", on "+page.Site+".")
	og := &page.OpenGraph{Type: "website", Title: col.Title, Description: b.Description, URL: b.Canonical}
	for _, card := range cards {
		if card.CoverID == nil || card.Sensitive {
			continue
		}
		if pic, ok := pictures[*card.CoverID]; ok && !pic.Empty() {
			og.Image, og.ImageAlt = p.Absolute(pic.Src(show.CardWidth)), card.CoverAlt
			og.ImageW, og.ImageH = pic.SrcSize(show.CardWidth)
			break
		}
	}
	b.OpenGraph = og
	b.Head = linked.Data(linked.CollectionOf(col.Title, b.Canonical, b.Description, linked.Studio(st, p.Absolute), cards, st.Slug, p.Absolute))
	return b
}

// Index is GET /@{studio}/c: all collections of a studio that are shown. Three
// queries.
func (p *Pages) Index(c *Context) error {
	st, err := p.Studios.BySlug(c.Ctx(), c.Param("studio"))
	if err != nil {
		return err
	}
	path := show.StudioPath(st.Slug) + "/c"
	if moved, err := c.ToCanonical(path); moved {
		return err
	}
	list, _, _, err := p.Collections.Shelf(c.Ctx(), st.ID, collections.MaxCollections)
	if err != nil {
		return err
	}
	pictures, err := p.Works.Pictures(c.Ctx(), show.CollectionCovers(list))
	if err != nil {
		return err
	}
	b := p.Base(c, "Collections of "+st.Name)
	b.Nav, b.Canonical = page.NavExplore, p.Absolute(path)
	b.Description = "Collections of " + st.Name + ", on " + page.Site + "."
	c.AskNoAI(&b, st.NoAI)
	c.Keep(kept.Shelves.Class, kept.OfShelves(st.ID, list)...)
	return c.Render(http.StatusOK, indexPage(b, indexView{StudioName: st.Name, StudioURL: show.StudioPath(st.Slug), Tiles: show.Tiles(st.Slug, list, pictures)}))
}

// indexView is the list of a studio's collections.
type indexView struct {
	StudioName, StudioURL string
	Tiles                 []views.Tile
}

// open tells whether a studio has public pages.
func open(st studios.Studio) bool {
	return st.Slug != "" && !st.Shut()
}
