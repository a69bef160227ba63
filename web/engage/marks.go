package engage

import (
	"context"
	"net/http"
	"net/url"
	"strings"

	"github.com/google/uuid"

	"vitrine/app/engagement"
	"vitrine/app/fault"
	"vitrine/app/studios"
	"vitrine/web/show"
	"vitrine/web/site"
	"vitrine/web/ui"
)

// kind is one of the marks.
type kind string

const (
	like     kind = "like"
	bookmark kind = "bookmark"
	follow   kind = "follow"
)

// words are what a button says before and after.
var words = map[kind][2]string{like: {"Like", "Liked"}, bookmark: {"Bookmark", "Bookmarked"}, follow: {"Follow", "Following"}}

// mark is a button that sets a mark or takes it back. It names what shall be, so
// that pressing it twice, or on a page that is old, has one effect.
type mark struct {
	Kind  kind
	On    bool
	Base  string // of the work or the studio
	Next  string // where the form leads without scripts
	Count int    // shown from one up
	Door  string // where a visitor signs in instead; empty for members
	Main  bool   // the one main action of the page
}

func (m mark) action() string {
	if m.On {
		return m.Base + "/un" + string(m.Kind)
	}
	return m.Base + "/" + string(m.Kind)
}

// word is what the button says while the mark is on or not.
func (m mark) word(on bool) string {
	if on {
		return words[m.Kind][1]
	}
	return words[m.Kind][0]
}

func (m mark) pressed() string {
	if m.On {
		return "true"
	}
	return "false"
}

func (m mark) class() string {
	switch {
	case m.Kind == like:
		return "btn like"
	case m.Kind == bookmark:
		return "btn btn-icon keep"
	case m.Main && !m.On:
		return "btn btn-ink"
	case m.Main:
		return "btn"
	}
	return "btn btn-follow"
}

func (m mark) count() string {
	if m.Count < 1 {
		return ""
	}
	return ui.Thousands(m.Count)
}

func next(path string) string { return url.Values{"next": {path}}.Encode() }

// actsOf are the buttons beside a work.
func actsOf(c *Context, w subject, a engagement.Around) []mark {
	path, studio := w.path(), "/@"+w.Studio.Slug
	marks := []mark{
		{Kind: like, On: a.Liked, Base: path, Next: path, Count: a.Likes},
		{Kind: bookmark, On: a.Bookmarked, Base: path, Next: path},
	}
	if _, member := c.Viewer().Member(w.Studio.Slug); !member {
		marks = append(marks, mark{Kind: follow, On: a.Following, Base: studio, Next: path})
	}
	if c.Viewer() == nil {
		for i := range marks {
			marks[i].Door = doorTo(path)
		}
	}
	return marks
}

// Like is POST /@{studio}/{work}/like.
func (p *Pages) Like(c *Context) error { return p.onWork(c, like, true, p.Engagement.Like) }

// Unlike is POST /@{studio}/{work}/unlike.
func (p *Pages) Unlike(c *Context) error { return p.onWork(c, like, false, p.Engagement.Unlike) }

// Bookmark is POST /@{studio}/{work}/bookmark.
func (p *Pages) Bookmark(c *Context) error {
	return p.onWork(c, bookmark, true, p.Engagement.Bookmark)
}

// Unbookmark is POST /@{studio}/{work}/unbookmark.
func (p *Pages) Unbookmark(c *Context) error {
	return p.onWork(c, bookmark, false, p.Engagement.Unbookmark)
}

// onWork does it and leads back to the work, or answers a script with the button
// as it is from now on.
func (p *Pages) onWork(c *Context, k kind, on bool, act func(ctx context.Context, userID uuid.UUID, publicID string) error) error {
	v, err := c.RequireViewer()
	if err != nil {
		return err
	}
	work := show.PublicID(c.Param("work"))
	if err := act(c.Ctx(), v.UserID, work); err != nil {
		return err
	}
	path := upOne(c)
	if !c.ByScript() {
		return c.SeeOther(path)
	}
	m := mark{Kind: k, On: on, Base: path, Next: path}
	if k == like {
		if m.Count, err = p.likes(c, work); err != nil {
			return err
		}
	}
	return c.Render(http.StatusOK, markForm(m))
}

// likes counts those of a work; of one that is not seen any more nobody is told.
func (p *Pages) likes(c *Context, work string) (int, error) {
	found, err := p.Works.One(c.Ctx(), work)
	if fault.Is(err, fault.NotFound) {
		return 0, nil
	}
	if err != nil {
		return 0, err
	}
	counts, err := p.Engagement.AboutWork(c.Ctx(), found.Work.ID)
	return counts.Likes, err
}

// upOne is the path above the one that was asked for.
func upOne(c *Context) string {
	path := c.Request().URL.EscapedPath()
	return path[:strings.LastIndexByte(path, '/')]
}

// Follow is POST /@{studio}/follow.
func (p *Pages) Follow(c *Context) error { return p.onStudio(c, true, p.Engagement.Follow) }

// Unfollow is POST /@{studio}/unfollow.
func (p *Pages) Unfollow(c *Context) error { return p.onStudio(c, false, p.Engagement.Unfollow) }

func (p *Pages) onStudio(c *Context, on bool, act func(ctx context.Context, userID, studioID uuid.UUID) error) error {
	v, err := c.RequireViewer()
	if err != nil {
		return err
	}
	if err := c.ParseForm(); err != nil {
		return err
	}
	st, shut, err := p.house(c, on)
	if err != nil {
		return err
	}
	if err := act(c.Ctx(), v.UserID, st.ID); err != nil {
		return err
	}
	path := "/@" + st.Slug
	back := site.OwnPath(c.Form("next"))
	if back == "" || shut && back == path {
		back = path
		if shut {
			back = show.FollowedPath
		}
	}
	if !c.ByScript() {
		return c.SeeOther(back)
	}
	m := mark{Kind: follow, On: on, Base: path, Next: back, Main: back == path}
	if m.Main {
		if m.Count, _, err = p.Engagement.AboutStudio(c.Ctx(), &v.UserID, st.ID); err != nil {
			return err
		}
	}
	return c.Render(http.StatusOK, markForm(m))
}

// house finds the studio of the path. Whoever leaves it finds it also while it is
// shut: suspended, or about to end.
func (p *Pages) house(c *Context, on bool) (st studios.Studio, shut bool, err error) {
	st, err = p.Studios.BySlug(c.Ctx(), c.Param("studio"))
	if on || !fault.Is(err, fault.NotFound) {
		return st, false, err
	}
	st, err = p.Studios.AnyBySlug(c.Ctx(), c.Param("studio"))
	return st, true, err
}
