package engage

import (
	"net/http"
	"time"

	"github.com/google/uuid"

	"vitrine/app/engagement"
	"vitrine/app/fault"
	"vitrine/app/studios"
	"vitrine/app/works"
	"vitrine/web/page"
	"vitrine/web/show"
	"vitrine/web/ui"
	"vitrine/web/views"
)

// studioComments is what people wrote below the works of a studio.
type studioComments struct {
	Room    views.Room
	Path    string
	Manages bool // the viewer may delete them and close others
	Rows    []studioRow
	Pages   ui.Pages
}

type studioRow struct {
	note
	WorkID    string // public; empty when the work is not public
	WorkTitle string
	WorkURL   string
	Locked    bool
}

// lock is where the comments of the row's work are closed or opened.
func (r studioRow) lock(path string) string {
	if r.Locked {
		return path + "/open/" + r.WorkID
	}
	return path + "/close/" + r.WorkID
}

// ShowStudioComments is GET /studio/{slug}/comments, for its members. Three
// queries.
func (p *Pages) ShowStudioComments(c *Context) error {
	m := c.Member()
	if err := m.Role.Check(studios.SeeStudio); err != nil {
		return err
	}
	from := engagement.ParseCursor(c.Query("after"))
	list, more, err := p.Engagement.Comments(c.Ctx(), m.StudioID, from, engagement.PerPage)
	if err != nil {
		return err
	}
	ids := make([]uuid.UUID, 0, len(list))
	for _, one := range list {
		ids = append(ids, one.WorkID)
	}
	cards, err := p.Works.ByIDs(c.Ctx(), ids)
	if err != nil {
		return err
	}
	locked, err := p.Engagement.LockedOf(c.Ctx(), ids...)
	if err != nil {
		return err
	}
	byID := map[uuid.UUID]works.Card{}
	for _, card := range cards {
		byID[card.ID] = card
	}
	v := studioComments{Room: show.Room(m.Slug, m.Name, m.Role, views.RoomComments), Path: "/studio/" + m.Slug + "/comments", Manages: m.Role.Can(studios.EditWorks)}
	for _, one := range list {
		row := studioRow{note: p.plainNote(one), Locked: locked[one.WorkID]}
		if card, public := byID[one.WorkID]; public {
			row.WorkID, row.WorkTitle, row.WorkURL = card.PublicID, card.Name(), show.WorkPath(m.Slug, card.Slug, card.PublicID)
			row.URL = row.WorkURL + "/comments/" + one.PublicID
		}
		v.Rows = append(v.Rows, row)
	}
	if more != (engagement.Cursor{}) {
		v.Pages.OlderURL, v.Pages.Older = v.Path+"?after="+more.String(), "Older comments"
	}
	if from != (engagement.Cursor{}) {
		v.Pages.NewerURL, v.Pages.Newer = v.Path, "Newest comments"
	}
	b := p.Base(c, "Comments on works of "+m.Name)
	b.Nav, b.NoIndex = page.NavStudio, true
	return c.Render(http.StatusOK, studioPage(b, v))
}

// plainNote is a comment without what a viewer can do with it.
func (p *Pages) plainNote(one engagement.Comment) note {
	n := note{
		ID: one.PublicID, Name: one.Author, Body: show.Paragraphs(one.Body), Studio: one.ByMember, Edited: one.EditedAt != nil, Shown: one.Shown,
		When: show.Since(p.Now().Sub(one.CreatedAt)), At: one.CreatedAt.UTC().Format(time.RFC3339),
	}
	if n.Name == "" {
		n.Name = "Somebody"
	}
	return n
}

// DeleteOfStudio is POST /studio/{slug}/comments/{comment}/delete, for the
// studio's editors. One that is gone is no error.
func (p *Pages) DeleteOfStudio(c *Context) error {
	return p.manage(c, "The comment is deleted.", func(by uuid.UUID, studioID uuid.UUID) error {
		one, err := p.Engagement.ByPublicID(c.Ctx(), c.Param("comment"))
		if fault.Is(err, fault.NotFound) {
			return nil
		}
		if err == nil && one.StudioID != studioID {
			return fault.New(fault.NotFound, "")
		}
		if err != nil {
			return err
		}
		return p.Engagement.DeleteComment(c.Ctx(), by, c.Param("comment"))
	})
}

// CloseComments is POST /studio/{slug}/comments/close/{work}.
func (p *Pages) CloseComments(c *Context) error {
	return p.manage(c, "Nobody can comment on this work any more. What is there stays.", func(by, studioID uuid.UUID) error {
		return p.Engagement.Lock(c.Ctx(), by, studioID, c.Param("work"), true)
	})
}

// OpenComments is POST /studio/{slug}/comments/open/{work}.
func (p *Pages) OpenComments(c *Context) error {
	return p.manage(c, "The comments of this work are open.", func(by, studioID uuid.UUID) error {
		return p.Engagement.Lock(c.Ctx(), by, studioID, c.Param("work"), false)
	})
}

func (p *Pages) manage(c *Context, done string, act func(by, studioID uuid.UUID) error) error {
	v, err := c.RequireViewer()
	if err != nil {
		return err
	}
	m := c.Member()
	if err := m.Role.Check(studios.EditWorks); err != nil {
		return err
	}
	if err := act(v.UserID, m.StudioID); err != nil {
		return err
	}
	c.Flash(page.Good, done)
	return c.SeeOther("/studio/" + m.Slug + "/comments")
}
