package feed

import (
	"net/http"

	"github.com/google/uuid"

	"vitrine/app/engagement"
	"vitrine/web/page"
	"vitrine/web/show"
	"vitrine/web/ui"
)

// perList is how many studios a page of the list has.
const perList = 50

// followed is a studio in the list.
type followed struct {
	Name, URL, Note string
	Shut            bool // it has no page at the moment, and can be unfollowed all the same
}

// list is the page of whom a member follows.
type list struct {
	Studios []followed
	Pages   ui.Pages
	First   bool // the newest page, not a later one
}

// ShowStudios is GET /me/following: the studios that a member follows, the
// latest first. Two queries.
func (p *Pages) ShowStudios(c *Context) error {
	v, err := c.RequireViewer()
	if err != nil {
		return err
	}
	from := engagement.ParseCursor(c.Query("after"))
	follows, next, err := p.Engagement.Follows(c.Ctx(), v.UserID, from, perList)
	if err != nil {
		return err
	}
	ids := make([]uuid.UUID, len(follows))
	for i, f := range follows {
		ids[i] = f.StudioID
	}
	found, err := p.Studios.ByIDs(c.Ctx(), ids)
	if err != nil {
		return err
	}
	out := list{First: from == engagement.Cursor{}}
	for _, f := range follows {
		st, ok := found[f.StudioID]
		if !ok {
			continue
		}
		note := "Since " + f.At.UTC().Format("2 January 2006")
		switch {
		case st.Shut():
			note = "Not open at the moment. " + note
		case st.Location != "":
			note = st.Location + ". " + note
		}
		out.Studios = append(out.Studios, followed{Name: st.Name, URL: show.StudioPath(st.Slug), Note: note, Shut: st.Shut()})
	}
	if after := next.String(); after != "" {
		out.Pages = ui.Pages{OlderURL: show.FollowedPath + "?after=" + after, Older: "More studios"}
	}
	b := p.Base(c, "Studios you follow")
	b.Nav, b.NoIndex = page.NavFollowing, true
	return c.Render(http.StatusOK, studiosPage(b, out))
}

func (l list) empty() ui.Empty {
	if !l.First {
		return ui.Empty{Heading: "The list ends here", Text: "There are no more studios that you follow.", Link: &ui.Link{Label: "To the beginning", URL: show.FollowedPath, Look: ui.Ink}}
	}
	return ui.Empty{Heading: "You follow nobody yet", Text: "Whatever the studios you follow publish hangs on your front page, the newest first.", Link: &ui.Link{Label: "Studios to begin with", URL: path, Look: ui.Ink}}
}
