package engage

import (
	"net/http"

	"github.com/google/uuid"

	"vitrine/app/engagement"
	"vitrine/web/show"
	"vitrine/web/ui"
)

// bookmarks is the page of the works that a person keeps.
type bookmarks struct {
	Wall  ui.Hang
	Away  int // of this page, works that cannot be seen at the moment
	Pages ui.Pages
}

func (b bookmarks) away() string {
	if b.Away == 1 {
		return "One more work that you keep here cannot be seen at the moment."
	}
	return ui.NumberWord(b.Away) + " more works that you keep here cannot be seen at the moment."
}

// ShowBookmarks is GET /me/bookmarks. Four queries.
func (p *Pages) ShowBookmarks(c *Context) error {
	v, err := c.RequireViewer()
	if err != nil {
		return err
	}
	from := engagement.ParseCursor(c.Query("after"))
	ids, more, err := p.Engagement.Bookmarks(c.Ctx(), v.UserID, from, engagement.PerPage)
	if err != nil {
		return err
	}
	cards, err := p.Works.ByIDs(c.Ctx(), ids)
	if err != nil {
		return err
	}
	who, err := p.Studios.ByIDs(c.Ctx(), show.StudioIDs(cards))
	if err != nil {
		return err
	}
	pictures, err := p.Works.Covers(c.Ctx(), cards...)
	if err != nil {
		return err
	}
	hung := show.Cards(cards, pictures, func(id uuid.UUID) (string, string) { return who[id].Slug, who[id].Name })
	out := bookmarks{Wall: ui.Hang{Cards: hung, Leads: true}, Away: len(ids) - len(hung)}
	if more != (engagement.Cursor{}) {
		out.Pages.OlderURL, out.Pages.Older = "/me/bookmarks?after="+more.String(), "Older bookmarks"
	}
	if from != (engagement.Cursor{}) {
		out.Pages.NewerURL, out.Pages.Newer = "/me/bookmarks", "Newest bookmarks"
	}
	b := p.Base(c, "Bookmarks")
	b.NoIndex = true
	return c.Render(http.StatusOK, bookmarksPage(b, out))
}
