package web

import (
	"errors"
	"net/http"
	"net/url"

	"vitrine/app/fault"
	"vitrine/app/platform/idem"
	"vitrine/app/studios"
	"vitrine/app/works"
	"vitrine/web/compose"
	"vitrine/web/page"
	"vitrine/web/show"
	"vitrine/web/site"
	"vitrine/web/views"
)

// composing is the compose page of one request: whose studio, which work, where
// the page itself is.
type composing struct {
	actor  works.Actor
	slug   string
	target works.Target
	path   string
}

func (a composing) page() compose.Page { return compose.Page{Slug: a.slug, Path: a.path} }

// composing finds out who composes what. Viewers of a studio may only look, and
// there is nothing to look at here that the public page or the dashboard lacks.
func (s *Server) composing(c *Context) (composing, error) {
	v, err := c.RequireViewer()
	if err != nil {
		return composing{}, err
	}
	m, _ := v.Member(c.Param("slug"))
	if err := m.Role.Check(studios.EditWorks); err != nil {
		return composing{}, err
	}
	at := composing{
		actor: works.Actor{UserID: v.UserID, StudioID: m.StudioID, Role: m.Role},
		slug:  m.Slug,
	}
	if key := c.Param("key"); key != "" {
		if !idem.Valid(key) {
			return composing{}, fault.New(fault.NotFound, "This address of a new work has a slip in it. Start a new work from your studio.")
		}
		at.target.CreationKey = key
		at.path = "/studio/" + m.Slug + "/new/" + key
		return at, nil
	}
	at.target.PublicID = c.Param("work")
	at.path = show.EditPath(m.Slug, url.PathEscape(at.target.PublicID))
	return at, nil
}

// newWork gives a new work its address. The random key in it makes reload and
// the back button safe: whatever is sent from there is the same work.
func (s *Server) newWork(c *Context) error {
	at, err := s.composing(c)
	if err != nil {
		return err
	}
	return c.SeeOther("/studio/" + at.slug + "/new/" + idem.NewKey())
}

// showCompose is the compose page of a new or existing work. It makes no row.
func (s *Server) showCompose(c *Context) error {
	at, err := s.composing(c)
	if err != nil {
		return err
	}
	bench, err := s.Works.Bench(c.Ctx(), at.actor.StudioID, at.target)
	if err != nil {
		return err
	}
	return s.renderCompose(c, http.StatusOK, at, bench, compose.FormOf(bench), nil)
}

// showComposeFiles is the part of the page that follows the files, for the
// script that asks how they are doing.
func (s *Server) showComposeFiles(c *Context) error {
	at, err := s.composing(c)
	if err != nil {
		return err
	}
	bench, err := s.Works.Bench(c.Ctx(), at.actor.StudioID, at.target)
	if err != nil {
		return err
	}
	return c.Render(http.StatusOK, views.ComposeFiles(compose.Files(at.page(), bench, compose.FormOf(bench), nil)))
}

// compose takes the form: files as they stream in, then every field, then the
// button that was pressed. Whatever the button, what was typed is saved first.
func (s *Server) compose(c *Context) error {
	at, err := s.composing(c)
	if err != nil {
		return err
	}
	bench, err := s.Works.Bench(c.Ctx(), at.actor.StudioID, at.target)
	if err != nil {
		return err
	}
	form, err := s.readCompose(c, at, bench.Work.CreationKey)
	if err != nil {
		return err
	}
	next, err := s.carryOut(c, at, bench, form)
	if err == nil && len(form.Refused) > 0 {
		err = fault.Field(works.FieldFiles, form.Refusals())
	}
	if err != nil {
		return s.refuseCompose(c, at, form, err)
	}
	if form.Get("autosave") != "" {
		return s.answerAutosave(c, at)
	}
	return c.SeeOther(next)
}

// refuseCompose shows the form again with what is wrong. Files that arrived have
// their rows already; nothing has to be chosen or typed twice.
func (s *Server) refuseCompose(c *Context, at composing, form compose.Form, cause error) error {
	kind := fault.KindOf(cause)
	if kind != fault.Invalid && kind != fault.Conflict {
		return cause
	}
	if form.Get("autosave") != "" {
		message := fault.MessageOf(cause)
		if message == "" {
			message = "Not saved yet: something in the form needs another look. Press Save to see what."
		}
		return c.Bytes(site.Status(kind), "text/plain; charset=utf-8", []byte(message))
	}
	bench, err := s.Works.Bench(c.Ctx(), at.actor.StudioID, at.target)
	if err != nil {
		return err
	}
	// A key is spent when its action has been carried out; this one was not, and
	// a page that is older than its key would not help.
	form.Values.Set("idempotency_key", idem.NewKey())
	if errors.Is(cause, works.ErrStale) {
		form.Theirs = compose.Differences(bench, form)
	}
	return s.renderCompose(c, site.Status(kind), at, bench, form, cause)
}

// answerAutosave tells the script that everything is saved.
func (s *Server) answerAutosave(c *Context, at composing) error {
	bench, err := s.Works.Bench(c.Ctx(), at.actor.StudioID, at.target)
	if err != nil {
		return err
	}
	return c.Bytes(http.StatusOK, "text/plain; charset=utf-8", []byte(compose.Status(bench.Work, s.Now())))
}

func (s *Server) renderCompose(c *Context, status int, at composing, bench works.Bench, form compose.Form, cause error) error {
	c.AllowBlob()
	title := "New work"
	if bench.Work.Title != "" {
		title = "Edit " + bench.Work.Title
	}
	b := s.Base(c, title)
	b.Nav, b.NoIndex, b.Scripts = page.NavNew, true, []string{"upload.js", "compose.js"}
	v := compose.View(at.page(), bench, form, cause, s.Now())
	if w := bench.Work; w.HiddenFor.Has(works.HiddenForReview | works.HiddenByModeration | works.HiddenByAction) {
		review, ok, err := s.Moderation.Latest(c.Ctx(), at.actor.StudioID, w.ID)
		if err != nil {
			return err
		}
		v.Looked = show.Looked(w, review, ok)
	}
	if bench.Work.SensitiveHeld {
		v.Sensitive.Checked, v.Sensitive.Hint = true, "The moderators marked it; see Reports of the studio to answer."
	}
	var err error
	if v.Shares, err = s.share.OfWork(c, at.actor.StudioID, at.slug, bench.Work); err != nil {
		return err
	}
	if shut := c.Member().Shut(); shut != nil {
		v.Looked = shut
	}
	return c.Render(status, views.Compose(b, v))
}
