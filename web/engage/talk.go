package engage

import (
	"net/url"

	"vitrine/app/engagement"
	"vitrine/app/platform/idem"
	"vitrine/web/ui"
	"vitrine/web/views"
)

// note is a comment as a page shows it.
type note struct {
	ID      string // public
	Name    string
	Body    []views.Paragraph
	Studio  bool // its author belonged to the studio
	Edited  bool
	When    string // "4 days ago"
	At      string // for machines
	URL     string // of its thread
	EditURL string // for its author
	Report  string // for other members
	Block   string // and to keep its author away
	Shown   bool
	Replies []note
	Earlier bool    // there are more replies than these
	Reply   *saying // the form below it; nil where nobody may write
}

// saying is the form of a comment or a reply.
type saying struct {
	views.Refusal
	Action string
	Parent string // the public id of what is replied to; empty for none
	To     string // its author
	Key    string
	Body   string
}

func (s saying) id() string {
	if s.Parent == "" {
		return "say"
	}
	return "say-" + s.Parent
}

func (s saying) label() string {
	if s.Parent == "" {
		return "Say something"
	}
	return "Reply to " + s.To
}

// talk is the comments of a work.
type talk struct {
	Count  int
	Path   string // of the work
	Notes  []note
	Older  string // where older ones are
	Locked bool
	Say    *saying // nil for visitors, and where comments are closed
	Door   string  // where a visitor signs in; empty for members
	Manage string  // where the studio's members look after comments
}

func (t talk) heading() string {
	switch t.Count {
	case 0:
		return "Comments"
	case 1:
		return "One comment"
	}
	if t.Count <= 12 {
		return ui.NumberWord(t.Count) + " comments"
	}
	return ui.Thousands(t.Count) + " comments"
}

func (t talk) path() string { return t.Path + "/comments" }

// talkOf is what a page shows below a work.
func (p *Pages) talkOf(c *Context, w subject, a engagement.Around) talk {
	t := talk{Count: a.Comments, Path: w.path(), Locked: a.Locked}
	t.Notes = p.notesOf(c, t.Path, a.Threads, a.Locked)
	if a.Next != (engagement.Cursor{}) {
		t.Older = t.path() + "?after=" + a.Next.String()
	}
	switch {
	case c.Viewer() == nil:
		t.Door = doorTo(t.Path)
	case !a.Locked:
		t.Say = &saying{Action: t.path(), Key: idem.NewKey()}
	}
	if manages(c, w.Studio.Slug) {
		t.Manage = "/studio/" + w.Studio.Slug + "/comments"
	}
	return t
}

func (p *Pages) notesOf(c *Context, path string, threads []engagement.Thread, locked bool) []note {
	out := make([]note, 0, len(threads))
	for _, thread := range threads {
		n := p.noteOf(c, path, thread.Comment)
		n.Earlier = thread.Earlier
		for _, r := range thread.Replies {
			n.Replies = append(n.Replies, p.noteOf(c, path, r))
		}
		if c.Viewer() != nil && n.Shown && !locked {
			n.Reply = &saying{Action: path + "/comments", Parent: n.ID, To: n.Name, Key: idem.NewKey()}
		}
		out = append(out, n)
	}
	return out
}

func (p *Pages) noteOf(c *Context, path string, one engagement.Comment) note {
	n := p.plainNote(one)
	n.URL = path + "/comments/" + one.PublicID
	switch viewer := c.ViewerID(); {
	case viewer == nil || !one.Shown:
	case one.By(viewer):
		n.EditURL = n.URL + "/edit"
	default:
		n.Report = "/report?comment=" + one.PublicID
		n.Block = "/me/blocks/new?" + url.Values{"comment": {one.PublicID}, "next": {path}}.Encode()
	}
	return n
}

// hint stands below the form that opens a conversation.
func (s saying) hint() string {
	if s.Parent != "" {
		return ""
	}
	return "Be as kind as you would be at the opening. You can edit or delete it later."
}
