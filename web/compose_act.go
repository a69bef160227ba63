package web

import (
	"errors"
	"strings"

	"github.com/google/uuid"

	"vitrine/app/fault"
	"vitrine/app/works"
	"vitrine/web/compose"
	"vitrine/web/page"
	"vitrine/web/share"
	"vitrine/web/show"
)

// carryOut does what the pressed button says and gives the address to go on at.
// Every button saves what was typed, in the same transaction as its own effect.
func (s *Server) carryOut(c *Context, at composing, bench works.Bench, f compose.Form) (next string, err error) {
	edit, key := f.Edit(), f.Get("idempotency_key")
	if err := s.putInPlace(c, at, f, key); err != nil {
		return "", err
	}
	verb, file, err := compose.Intent(f.Get("intent"))
	if err != nil || len(f.Refused) > 0 {
		// A button of no file, or a file that was not taken: save, and say so.
		verb = "save"
	}
	if file != uuid.Nil {
		return at.path + "#files", s.carryOutOn(c, at, bench, edit, verb, file, key)
	}
	switch verb {
	case "publish", "schedule", "unlist", "archive", "draft":
		return s.changeState(c, at, f, edit, verb, key)
	case "delete":
		if err := s.Works.Delete(c.Ctx(), at.actor, at.target, key); err != nil {
			return "", err
		}
		c.Flash(page.Good, "The work is deleted. Its page is gone.")
		return "/studio/" + at.slug, nil
	case "share":
		return s.leadToLink(c, at, bench, edit)
	default: // save, upload, and whatever a button of another day says
		err := s.saveTyped(c, at, edit)
		if f.Arrived > 0 {
			return at.path + "#files", err
		}
		if err == nil && verb == "save" && f.Get("autosave") == "" {
			c.Flash(page.Good, "Saved.")
		}
		return at.path, err
	}
}

// leadToLink saves what was typed and leads to the form of a link to the work. A
// work of which nothing is there yet cannot be shown.
func (s *Server) leadToLink(c *Context, at composing, bench works.Bench, edit *works.Edit) (next string, err error) {
	if err := s.saveTyped(c, at, edit); err != nil {
		return "", err
	}
	publicID := bench.Work.PublicID
	if publicID == "" {
		if bench, err = s.Works.Bench(c.Ctx(), at.actor.StudioID, at.target); err != nil {
			return "", err
		}
		publicID = bench.Work.PublicID
	}
	if publicID == "" {
		return "", fault.Field(works.FieldFiles, "There is nothing to share yet. Add a file or a title first.")
	}
	return share.NewPath(at.slug, publicID), nil
}

// putInPlace moves files that were sent instead of others to their places.
func (s *Server) putInPlace(c *Context, at composing, f compose.Form, key string) error {
	for old, fresh := range f.Replaced {
		_, err := s.Works.ReplaceMedia(c.Ctx(), at.actor, at.target, nil, old, fresh, placeKey(key, old))
		if err != nil && !fault.Is(err, fault.NotFound) { // the old one is gone: the new one stays at the end
			return err
		}
	}
	return nil
}

// placeKey lets one form put several files in place.
func placeKey(key string, old uuid.UUID) string {
	return strings.ReplaceAll(old.String(), "-", "") + "-" + cutKey(key)
}

func cutKey(key string) string { return key[:min(len(key), 24)] }

// changeState carries out the buttons that decide who sees the work.
func (s *Server) changeState(c *Context, at composing, f compose.Form, edit *works.Edit, verb, key string) (next string, err error) {
	var w works.Work
	said := ""
	switch verb {
	case "publish":
		w, err = s.Works.Publish(c.Ctx(), at.actor, at.target, edit, key)
		said = "Published. This is how visitors see it."
	case "schedule":
		when := works.When{Local: f.Get(works.FieldWhen), Zone: f.Get(works.FieldZone)}
		w, err = s.Works.Schedule(c.Ctx(), at.actor, at.target, edit, when, key)
		if err == nil && w.PublishAt != nil {
			said = "Scheduled. It opens by itself " + show.Opening(w) + "."
		}
	case "unlist":
		w, err = s.Works.Unlist(c.Ctx(), at.actor, at.target, edit, key)
		said = "Only those who have this link can see the work."
	case "archive":
		w, err = s.Works.Archive(c.Ctx(), at.actor, at.target, edit, key)
		said = "Archived. Nobody outside the studio sees it."
	default:
		w, err = s.Works.Unpublish(c.Ctx(), at.actor, at.target, edit, key)
		said = "It is a draft again. Nobody outside the studio sees it."
	}
	if err != nil {
		return "", s.saveAtLeast(c, at, edit, err)
	}
	if w.State.Reachable() && w.HiddenFor.Has(works.HiddenForReview) {
		said = "Sent. A person looks at it first; usually within a day."
	}
	c.Flash(page.Good, said)
	if w.Visible() && (verb == "publish" || verb == "unlist") {
		return show.WorkPath(at.slug, w.Slug, w.PublicID), nil
	}
	return at.path, nil
}

// saveAtLeast keeps what was typed when the button itself could not do its work,
// for instance because no file is ready yet.
func (s *Server) saveAtLeast(c *Context, at composing, edit *works.Edit, cause error) error {
	kind := fault.KindOf(cause)
	if errors.Is(cause, works.ErrStale) || kind != fault.Invalid && kind != fault.Conflict {
		return cause
	}
	// What cannot be saved is what the cause says anyway, and stands in the form.
	if err := s.saveTyped(c, at, edit); err != nil && fault.KindOf(err) != fault.Invalid {
		return err
	}
	return cause
}

// saveTyped saves what was typed, if the form had anything to type into.
func (s *Server) saveTyped(c *Context, at composing, edit *works.Edit) error {
	if edit == nil {
		return nil
	}
	_, err := s.Works.Save(c.Ctx(), at.actor, at.target, *edit)
	return err
}

// carryOutOn does what a button of one file says.
func (s *Server) carryOutOn(c *Context, at composing, bench works.Bench, edit *works.Edit, verb string, file uuid.UUID, key string) error {
	ctx := c.Ctx()
	switch verb {
	case "up", "down":
		by := 1
		if verb == "up" {
			by = -1
		}
		_, err := s.Works.Move(ctx, at.actor, at.target, edit, file, by, key)
		return err
	case "remove":
		_, err := s.Works.RemoveMedia(ctx, at.actor, at.target, edit, file, key)
		return err
	case "use":
		if m, ok := bench.Files[file]; ok && m.DuplicateOf != nil {
			_, err := s.Works.ReplaceMedia(ctx, at.actor, at.target, edit, file, *m.DuplicateOf, key)
			return err
		}
	}
	if err := s.saveTyped(c, at, edit); err != nil {
		return err
	}
	if _, ours := bench.Files[file]; !ours {
		return nil
	}
	switch verb {
	case "retry":
		return s.Media.Retry(ctx, at.actor.Sender(), file)
	case "keep":
		return s.Media.KeepBoth(ctx, at.actor.Sender(), file)
	}
	return nil // "replace" was done as its file arrived
}
