package show

import (
	"vitrine/app/moderation"
	"vitrine/app/works"
	"vitrine/web/page"
	"vitrine/web/ui"
)

// HiddenWords says in a few words why nobody outside sees a work; empty when
// nothing hides it. The reason that is somebody's to act on comes first.
func HiddenWords(w works.Work) string {
	switch h := w.HiddenFor; {
	case h.Has(works.HiddenBySuspension):
		return "hidden while the studio is suspended"
	case h.Has(works.HiddenByClosing):
		return "hidden while the studio is closing"
	case h.Has(works.HiddenByAction):
		return "taken down by the moderators of this site"
	case h.Has(works.HiddenForReview):
		return "a person looks at it first, usually within a day"
	case h.Has(works.HiddenByModeration):
		return "not put up by the moderators of this site"
	}
	return ""
}

// Looked tells an author how the moderators stand to their work; nil when there
// is nothing to tell. The review is the work's last one, if it has any.
func Looked(w works.Work, r moderation.Review, ok bool) *ui.Flash {
	switch h := w.HiddenFor; {
	case h.Has(works.HiddenByAction):
		return &ui.Flash{Kind: page.Bad, Strong: "The moderators took this work down.", Message: "They give their reason on the page Reports of the studio, and you can answer it there. Nobody outside the studio sees the work until then."}
	case h.Has(works.HiddenForReview):
		return &ui.Flash{Kind: page.Warn, Strong: "A person looks at it first; usually within a day.",
			Message: "That is how it is with some first posts of new accounts. You get a mail when it is decided, and can go on editing until then."}
	case h.Has(works.HiddenByModeration) && ok && r.State == moderation.Refused:
		return &ui.Flash{Kind: page.Bad, Strong: "A moderator did not put this work up.",
			Message: "They say: “" + r.Note + "” You can change the work and ask again; nobody outside the studio sees it until then."}
	case h.Has(works.HiddenByModeration):
		return &ui.Flash{Kind: page.Bad, Strong: "The moderators of this site took this work down.", Message: "You can change it and ask them to look again."}
	}
	return nil
}

// BadgeOf is the state of a work in a list; what nobody outside sees, although
// it is published, does not look as if they did.
func BadgeOf(w works.Work) ui.Badge {
	switch h := w.HiddenFor; {
	case !w.State.Reachable() || h == 0:
		return ui.Badge{State: ui.State(w.State)}
	case h.Has(works.HiddenBySuspension | works.HiddenByClosing):
		return ui.Badge{Label: "Hidden"}
	case h.Has(works.HiddenForReview):
		return ui.Badge{State: ui.Waiting, Label: "Waits"}
	case h.Has(works.HiddenByAction):
		return ui.Badge{State: ui.Failed, Label: "Taken down"}
	case h.Has(works.HiddenByModeration):
		return ui.Badge{State: ui.Failed, Label: "Not put up"}
	}
	return ui.Badge{Label: "Hidden"}
}
