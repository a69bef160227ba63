// Package feed has the page of what a follower sees. It is the front page of
// whoever is signed in.
package feed

import (
	"net/http"

	"github.com/google/uuid"

	"vitrine/app/engagement"
	"vitrine/app/feed"
	"vitrine/app/media"
	"vitrine/app/studios"
	"vitrine/app/works"
	"vitrine/web/page"
	"vitrine/web/show"
	"vitrine/web/site"
	"vitrine/web/ui"
	"vitrine/web/views"
)

// Context is one request and its answer, and who it comes from.
type Context = site.Context

// Pages holds what the handlers need.
type Pages struct {
	*site.Site
	Feed       *feed.Service
	Engagement *engagement.Service
	Studios    *studios.Service
	Works      *works.Service
}

// path is where the feed has an address of its own, for its later pages.
const path = "/feed"

// Show is GET /feed, and GET / for whoever is signed in. Three queries.
func (p *Pages) Show(c *Context) error {
	v, err := c.RequireViewer()
	if err != nil {
		return err
	}
	from := works.ParseCursor(c.Query("after"))
	got, err := p.Feed.Of(c.Ctx(), v.UserID, studiosOf(v), from, works.PerPage)
	if err != nil {
		return err
	}
	cards := got.Cards
	for _, sg := range got.Suggested {
		cards = append(cards, sg.Cards...)
	}
	pictures, err := p.Works.Covers(c.Ctx(), cards...)
	if err != nil {
		return err
	}
	hung := show.Cards(got.Cards, pictures, func(id uuid.UUID) (string, string) { return got.Labels[id].Slug, got.Labels[id].Name })
	out := view{
		Wall: ui.Hang{Cards: hung, Leads: true}, First: from == works.Cursor{}, Following: got.Following, Quiet: got.Quiet,
		Suggested: shelves(got.Suggested, pictures),
	}
	if after := got.Next.String(); after != "" {
		out.Pages = ui.Pages{OlderURL: path + "?after=" + after, Older: "Older works"}
	}
	b := p.Base(c, "Following")
	b.Nav, b.NoIndex = page.NavFollowing, true
	return c.Render(http.StatusOK, following(b, out))
}

func studiosOf(v *site.Viewer) []uuid.UUID {
	ids := make([]uuid.UUID, len(v.Studios))
	for i, m := range v.Studios {
		ids[i] = m.StudioID
	}
	return ids
}

// view is a page of the feed.
type view struct {
	Wall      ui.Hang
	Pages     ui.Pages
	First     bool // the newest page, not a later one
	Following int  // studios that it is made of
	Quiet     int  // studios that are followed and muted
	Suggested []views.Shelf
}

// note says what the page is made of.
func (v view) note() string {
	note := ""
	if v.Following > 0 {
		note = ui.Count(v.Following, "studio", "studios")
	}
	if v.Quiet > 0 {
		if note != "" {
			note += ", "
		}
		note += ui.Thousands(v.Quiet) + " muted"
	}
	return note
}

// empty says why nothing hangs, and what to do about it.
func (v view) empty() ui.Empty {
	explore := &ui.Link{Label: "Explore", URL: "/explore", Look: ui.Ink}
	switch {
	case !v.First:
		return ui.Empty{Heading: "The wall ends here", Text: "There are no older works of the studios you follow.", Link: &ui.Link{Label: "To the newest", URL: path, Look: ui.Ink}}
	case v.Following > 0:
		return ui.Empty{Heading: "Nothing hangs here yet", Text: "The studios you follow are still choosing. Their first works open here.", Link: explore}
	case v.Quiet > 0:
		return ui.Empty{Heading: "It is quiet here", Text: "You have muted every studio you follow. Their pages are where they were.", Link: explore}
	}
	return ui.Empty{Heading: "Follow a few studios", Text: "Whatever they publish hangs here, the newest first. The button is on every studio’s page.", Link: explore}
}

func shelves(list []feed.Suggestion, pictures map[uuid.UUID]media.Picture) []views.Shelf {
	out := make([]views.Shelf, 0, len(list))
	for _, sg := range list {
		sh := show.Shelf(works.Shelf{StudioID: sg.StudioID, Cards: sg.Cards}, studios.Studio{ID: sg.StudioID, Slug: sg.Slug, Name: sg.Name}, pictures)
		sh.Note = "Published lately"
		if sg.Followers > 0 {
			sh.Note = ui.Count(int(sg.Followers), "follower", "followers")
		}
		out = append(out, sh)
	}
	return out
}
