package leave

import (
	"net/http"

	"vitrine/app/archive"
	"vitrine/app/studios"
	"vitrine/web/page"
	"vitrine/web/show"
	"vitrine/web/views"
)

// ShowDeleteMe is GET /me/delete.
func (p *Pages) ShowDeleteMe(c *Context) error {
	return p.deleteMe(c, http.StatusOK, "", views.Refusal{})
}

func (p *Pages) deleteMe(c *Context, status int, typed string, refusal views.Refusal) error {
	v, err := c.RequireViewer()
	if err != nil {
		return err
	}
	l, err := p.Archive.Leaving(c.Ctx(), v.UserID)
	if err != nil {
		return err
	}
	view := endView{What: v.Email, Typed: typed, Refusal: refusal}
	view.until(l.At)
	for _, o := range l.Alone {
		view.Alone = append(view.Alone, studioLink{o.Name, "/studio/" + o.Slug})
	}
	for _, o := range l.Shared {
		view.Shared = append(view.Shared, studioLink{o.Name, "/studio/" + o.Slug + "/members"})
	}
	return c.Render(status, endMe(p.base(c, "Delete your account"), view))
}

// DeleteMe is POST /me/delete. A form that was sent twice asks once.
func (p *Pages) DeleteMe(c *Context) error {
	v, err := c.RequireViewer()
	if err != nil {
		return err
	}
	if err := c.ParseForm(); err != nil {
		return err
	}
	typed := c.Form(archive.FieldConfirm)
	at, err := p.Archive.CloseAccount(c.Ctx(), v.UserID, v.Email, typed)
	if err != nil {
		refusal, status, err := c.Refused(err)
		if err != nil {
			return err
		}
		return p.deleteMe(c, status, typed, refusal)
	}
	c.Flash(page.Good, "Your account ends on "+day(at)+". We sent you a letter that says how to keep it.")
	return c.SeeOther("/me/delete")
}

// KeepMe is POST /me/delete/keep.
func (p *Pages) KeepMe(c *Context) error {
	v, err := c.RequireViewer()
	if err != nil {
		return err
	}
	kept, err := p.Archive.KeepAccount(c.Ctx(), v.UserID)
	if err != nil {
		return err
	}
	if kept {
		c.Flash(page.Good, "Your account is kept, and your studios are back on their pages.")
	}
	return c.SeeOther("/me/delete")
}

// ShowDeleteStudio is GET /studio/{slug}/delete.
func (p *Pages) ShowDeleteStudio(c *Context) error {
	return p.deleteStudio(c, http.StatusOK, "", views.Refusal{})
}

func (p *Pages) deleteStudio(c *Context, status int, typed string, refusal views.Refusal) error {
	m := c.Member()
	if err := m.Role.Check(studios.CloseStudio); err != nil {
		return err
	}
	st, err := p.Studios.ByID(c.Ctx(), m.StudioID)
	if err != nil {
		return err
	}
	v := endView{What: st.Slug, Typed: typed, Refusal: refusal, Path: "/studio/" + st.Slug, Own: st.PersonalOf != nil}
	v.until(st.ClosingAt)
	return c.Render(status, endStudio(p.base(c, "Delete "+m.Name), show.Room(m.Slug, m.Name, m.Role, views.RoomArchive), v))
}

// DeleteStudio is POST /studio/{slug}/delete. A form that was sent twice asks
// once.
func (p *Pages) DeleteStudio(c *Context) error {
	v, err := c.RequireViewer()
	if err != nil {
		return err
	}
	if err := c.ParseForm(); err != nil {
		return err
	}
	m, typed := c.Member(), c.Form(archive.FieldConfirm)
	at, err := p.Archive.CloseStudio(c.Ctx(), v.UserID, m.StudioID, typed)
	if err != nil {
		refusal, status, err := c.Refused(err)
		if err != nil {
			return err
		}
		return p.deleteStudio(c, status, typed, refusal)
	}
	c.Flash(page.Good, "The studio ends on "+day(at)+". Its members were told.")
	return c.SeeOther("/studio/" + m.Slug + "/delete")
}

// KeepStudio is POST /studio/{slug}/delete/keep.
func (p *Pages) KeepStudio(c *Context) error {
	v, err := c.RequireViewer()
	if err != nil {
		return err
	}
	m := c.Member()
	if err := p.Archive.KeepStudio(c.Ctx(), v.UserID, m.StudioID); err != nil {
		refusal, status, err := c.Refused(err)
		if err != nil {
			return err
		}
		return p.deleteStudio(c, status, "", refusal)
	}
	c.Flash(page.Good, "The studio is kept, and its works are back on their pages.")
	return c.SeeOther("/studio/" + m.Slug + "/delete")
}
