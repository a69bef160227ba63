package web

import (
	"net/http"

	"github.com/google/uuid"

	"vitrine/app/kept"
	"vitrine/app/works"
	"vitrine/web/page"
	"vitrine/web/show"
	"vitrine/web/ui"
	"vitrine/web/ui/hang"
	"vitrine/web/views"
)

// How much hangs on the front page.
const (
	wallLeast   = 6
	wallMost    = 9
	homeStudios = 5
	homeChoice  = 24 // the newest works that the window is chosen from
)

// home is the front page: one large work, the newest wall, a few studios. Four
// queries. Whoever is signed in sees what they follow instead.
func (s *Server) home(c *Context) error {
	if c.Viewer() != nil {
		return s.follows.Show(c)
	}
	wall, err := s.Works.Latest(c.Ctx(), works.Cursor{}, homeChoice)
	if err != nil {
		return err
	}
	shelves, err := s.Works.Shelves(c.Ctx(), homeStudios)
	if err != nil {
		return err
	}
	all := wall.Cards[:len(wall.Cards):len(wall.Cards)]
	for _, sh := range shelves {
		all = append(all, sh.Cards...)
	}
	who, err := s.Studios.ByIDs(c.Ctx(), show.StudioIDs(all))
	if err != nil {
		return err
	}
	pictures, err := s.Works.Covers(c.Ctx(), all...)
	if err != nil {
		return err
	}
	v := views.HomeView{}
	cards := show.Cards(wall.Cards, pictures, func(id uuid.UUID) (string, string) { return who[id].Slug, who[id].Name })
	v.Window, v.Wall = inTheWindow(cards)
	for _, sh := range shelves {
		v.Studios = append(v.Studios, show.Shelf(sh, who[sh.StudioID], pictures))
	}
	b := s.Base(c, "")
	b.FeedURL, b.Canonical = "/explore/feed.atom", s.Absolute("/")
	b.Description = "Photographs, films, posters, patterns. Hung with room around them, and a label that says who made what."
	og := &page.OpenGraph{Type: "website", Title: "Vitrine, where studios show their work", Description: b.Description, URL: b.Canonical}
	if v.Window != nil {
		og.Image, og.ImageAlt = s.Absolute(v.Window.Picture.Src), v.Window.Picture.Alt
	}
	b.OpenGraph = og
	c.Keep(kept.Home.Class, kept.OfCards(all)...)
	return c.Render(http.StatusOK, views.Home(b, v))
}

// inTheWindow takes the widest of the newest works for the window, up to three
// to one, and hangs the next ones below, as many as end in a full row. Sensitive
// works wait on the wall of explore.
func inTheWindow(cards []ui.Card) (*ui.Card, ui.Hang) {
	best, widest := -1, 0.0
	for i, c := range cards {
		if r := float64(c.Picture.Width) / float64(max(c.Picture.Height, 1)); !c.Sensitive && r > widest {
			best, widest = i, min(r, 3)
		}
	}
	wall := ui.Hang{Flush: true}
	var ratios []float64
	var window *ui.Card
	for i, c := range cards {
		switch {
		case i == best:
			c.Level, c.Picture.Sizes, c.Picture.Priority = 2, ui.SizesStage, true
			window = &c
		case !c.Sensitive && len(wall.Cards) < wallMost:
			wall.Cards = append(wall.Cards, c)
			ratios = append(ratios, float64(c.Picture.Width)/float64(max(c.Picture.Height, 1)))
		}
	}
	wall.Cards = wall.Cards[:hang.Flush(ratios, wallLeast, wallMost)]
	return window, wall
}
