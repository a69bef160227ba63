package engage

import (
	"net/http"

	"vitrine/app/engagement"
	"vitrine/app/fault"
	"vitrine/web/page"
	"vitrine/web/show"
	"vitrine/web/views"
)

// base is that of a page about the comments of a work. The work's own page is
// the one that others find.
func (p *Pages) base(c *Context, title string, w subject) page.Base {
	b := p.Base(c, title)
	b.Nav, b.NoIndex, b.Canonical = page.NavExplore, true, p.Absolute(w.path())
	return b
}

// Comment is POST /@{studio}/{work}/comments.
func (p *Pages) Comment(c *Context) error {
	v, err := c.RequireViewer()
	if err != nil {
		return err
	}
	if err := c.ParseForm(); err != nil {
		return err
	}
	s := saying{Body: c.Form("body"), Parent: c.Form("parent"), Key: c.Form("idempotency_key")}
	_, err = p.Engagement.Comment(c.Ctx(), engagement.Note{
		UserID: v.UserID, Work: show.PublicID(c.Param("work")), Parent: s.Parent, Body: s.Body, Key: s.Key,
	})
	if err == nil {
		return c.SeeOther(upOne(c) + "#talk")
	}
	var status int
	if s.Refusal, status, err = c.Refused(err); err != nil {
		return err
	}
	return p.showTalk(c, status, engagement.Cursor{}, &s)
}

// ShowComments is GET /@{studio}/{work}/comments: all of them, in pages.
func (p *Pages) ShowComments(c *Context) error {
	return p.showTalk(c, http.StatusOK, engagement.ParseCursor(c.Query("after")), nil)
}

// showTalk makes the page, with the form as it was sent. Three queries.
func (p *Pages) showTalk(c *Context, status int, from engagement.Cursor, sent *saying) error {
	w, err := p.subject(c)
	if err != nil {
		return err
	}
	around, err := p.Engagement.Around(c.Ctx(), c.ViewerID(), w.ID, w.StudioID, from)
	if err != nil {
		return err
	}
	t := p.talkOf(c, w, around)
	if sent != nil {
		sent.Action, sent.To = t.path(), p.author(t.Notes, sent.Parent)
		t.Say, t.Locked = sent, false
	}
	newer := ""
	if from != (engagement.Cursor{}) {
		newer = t.path()
	}
	b := p.base(c, "Comments on "+w.Name(), w)
	if sent != nil {
		c.Unkept() // it holds what somebody typed
	}
	return c.Render(status, talkPage(b, workHead{Title: w.Name(), URL: t.Path, Lang: w.Lang}, t, newer))
}

// author is who wrote a comment that is on the page.
func (p *Pages) author(notes []note, id string) string {
	for _, n := range notes {
		if n.ID == id {
			return n.Name
		}
	}
	return "the comment"
}

// ShowThread is GET /@{studio}/{work}/comments/{comment}: one comment with its
// replies. Four queries.
func (p *Pages) ShowThread(c *Context) error {
	w, err := p.subject(c)
	if err != nil {
		return err
	}
	from := engagement.ParseCursor(c.Query("after"))
	thread, more, err := p.Engagement.Thread(c.Ctx(), c.ViewerID(), w.ID, c.Param("comment"), from)
	if err != nil {
		return err
	}
	locked, err := p.Engagement.LockedOf(c.Ctx(), w.ID)
	if err != nil {
		return err
	}
	path := w.path()
	thread.Earlier = false
	v := threadView{
		Work:  workHead{Title: w.Name(), URL: path, Lang: w.Lang},
		Notes: p.notesOf(c, path, []engagement.Thread{thread}, locked[w.ID]),
		All:   path + "/comments",
	}
	if more != (engagement.Cursor{}) {
		v.Later = path + "/comments/" + thread.PublicID + "?after=" + more.String()
	}
	if from != (engagement.Cursor{}) {
		v.Earlier = path + "/comments/" + thread.PublicID
	}
	return c.Render(http.StatusOK, threadPage(p.base(c, "A comment on "+w.Name(), w), v))
}

// ShowEdit is GET /@{studio}/{work}/comments/{comment}/edit, for its author.
func (p *Pages) ShowEdit(c *Context) error {
	v, err := c.RequireViewer()
	if err != nil {
		return err
	}
	w, err := p.subject(c)
	if err != nil {
		return err
	}
	one, err := p.Engagement.Own(c.Ctx(), v.UserID, w.ID, c.Param("comment"))
	if err != nil {
		return err
	}
	return p.edit(c, http.StatusOK, w, editing{Body: one.Body})
}

// editing is the form that changes a comment.
type editing struct {
	views.Refusal
	Path string // of the comment
	Body string
	Back string
}

func (p *Pages) edit(c *Context, status int, w subject, e editing) error {
	e.Path = w.path() + "/comments/" + c.Param("comment")
	e.Back = w.path() + "#c-" + c.Param("comment")
	b := p.base(c, "Your comment", w)
	return c.Render(status, editPage(b, workHead{Title: w.Name(), URL: w.path(), Lang: w.Lang}, e))
}

// Edit is POST /@{studio}/{work}/comments/{comment}/edit.
func (p *Pages) Edit(c *Context) error {
	v, err := c.RequireViewer()
	if err != nil {
		return err
	}
	if err := c.ParseForm(); err != nil {
		return err
	}
	w, err := p.subject(c)
	if err != nil {
		return err
	}
	e := editing{Body: c.Form("body")}
	if err = p.Engagement.EditComment(c.Ctx(), v.UserID, c.Param("comment"), e.Body); err == nil {
		c.Flash(page.Good, "Your comment is changed.")
		return c.SeeOther(w.path() + "#talk")
	}
	var status int
	if e.Refusal, status, err = c.Refused(err); err != nil {
		return err
	}
	return p.edit(c, status, w, e)
}

// Delete is POST /@{studio}/{work}/comments/{comment}/delete, for its author and
// for the studio's editors, whatever has become of the work. One that is gone is
// no error.
func (p *Pages) Delete(c *Context) error {
	v, err := c.RequireViewer()
	if err != nil {
		return err
	}
	if err := p.Engagement.DeleteComment(c.Ctx(), v.UserID, c.Param("comment")); err != nil {
		return err
	}
	w, err := p.subject(c)
	if err != nil && !fault.Is(err, fault.NotFound) {
		return err
	}
	c.Flash(page.Good, "The comment is deleted.")
	if err != nil {
		return c.SeeOther("/") // the work is not seen any more
	}
	return c.SeeOther(w.path() + "#talk")
}
