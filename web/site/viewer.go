package site

import (
	"time"

	"github.com/google/uuid"

	"vitrine/app/fault"
	"vitrine/app/platform/sessioncache"
	"vitrine/app/studios"
	"vitrine/web/page"
)

// Viewer is the person who is signed in, with the studios they belong to.
type Viewer struct {
	UserID    uuid.UUID
	SessionID uuid.UUID
	Name      string
	Email     string
	Verified  bool
	Admin     bool       // of this installation
	ClosingAt *time.Time // when the account ends; nil while nobody asked for that
	Proven    bool       // has lately shown, in this session, who they are
	Studios   []Membership
	copied    bool // the session is a copy, see accounts.Service.Authenticate
}

// Membership is one studio of the viewer.
type Membership struct {
	StudioID   uuid.UUID
	Slug, Name string
	Role       studios.Role
	TimeZone   string // of the studio, by its IANA name
	// SuspendedAt is since when the studio is shut to the public, and why; nil
	// while it is not.
	SuspendedAt     *time.Time
	SuspendedReason string
	ClosingAt       *time.Time // when it ends; nil while nobody asked for that
}

// Member finds the viewer's membership by a studio's slug.
func (v *Viewer) Member(slug string) (Membership, bool) {
	if v != nil {
		for _, m := range v.Studios {
			if m.Slug == slug {
				return m, true
			}
		}
	}
	return Membership{}, false
}

// StudioCookie is the studio the switcher showed last, a hint.
const StudioCookie = "studio"

// Viewer is the person who is signed in; nil for a visitor, and also while the
// session cannot be looked up: a public page then still comes.
func (c *Context) Viewer() *Viewer {
	v, _ := c.lookUp()
	return v
}

// ViewerID is who looks; nil for a visitor.
func (c *Context) ViewerID() *uuid.UUID {
	if v := c.Viewer(); v != nil {
		return &v.UserID
	}
	return nil
}

// RequireViewer is Viewer for pages that need one. Unauthenticated sends to the
// login page; a database that does not answer is not a reason to log in again.
func (c *Context) RequireViewer() (*Viewer, error) {
	v, err := c.lookUp()
	if err != nil {
		return nil, err
	}
	if v == nil {
		return nil, fault.New(fault.Unauthenticated, "Sign in to go on.")
	}
	return v, nil
}

// RequireViewerNow is RequireViewer by the rows themselves: what follows must not
// stand on what was so a minute ago.
func (c *Context) RequireViewerNow() (*Viewer, error) {
	if v, err := c.RequireViewer(); err != nil || !v.copied {
		return v, err
	}
	before := c.Ctx()
	defer c.WithContext(before)
	c.WithContext(sessioncache.Rows(before))
	c.viewer, c.viewerErr = c.site.identify(c, c.SessionToken())
	return c.RequireViewer()
}

// position is from where on a page that is made now must ask.
func (s *Site) position() string {
	if s.conf.Live == nil {
		return ""
	}
	return s.conf.Live.Position()
}

// lookUp asks once per request, and not at all without a cookie.
func (c *Context) lookUp() (*Viewer, error) {
	c.viewerOnce.Do(func() {
		if token := c.SessionToken(); token != "" {
			// What happens from here on may not be on the page yet.
			from := c.site.position()
			if c.apart {
				c.viewer, c.viewerErr = c.site.identifyApart(c, token)
			} else {
				c.viewer, c.viewerErr = c.site.identify(c, token)
			}
			// Pages apart come without the database of people, which live messages need.
			if c.viewer != nil && !c.apart {
				c.liveFrom = from
			}
		}
	})
	return c.viewer, c.viewerErr
}

// identify finds the person behind a session cookie, and where they belong. A
// cookie that is no good any more is nobody, not an error.
func (s *Site) identify(c *Context, token string) (*Viewer, error) {
	return s.identifyBy(c, Apart{Accounts: s.conf.Accounts, Studios: s.conf.Studios}, token)
}

func (s *Site) identifyBy(c *Context, by Apart, token string) (*Viewer, error) {
	session, err := by.Accounts.Authenticate(c.Ctx(), token)
	if fault.Is(err, fault.Unauthenticated) {
		return nil, nil //nolint:nilnil // a visitor
	}
	if err != nil {
		return nil, err
	}
	if session.Renewed {
		c.SetSession(token)
	}
	memberships, err := by.Studios.RecentOfMember(c.Ctx(), session.UserID)
	if err != nil {
		return nil, err
	}
	v := &Viewer{UserID: session.UserID, SessionID: session.ID, Name: session.Name, Email: session.Email, Verified: true, Admin: session.Admin, Proven: session.Proven(s.Now()), ClosingAt: session.ClosingAt, copied: session.Copied}
	for _, m := range memberships {
		v.Studios = append(v.Studios, Membership{StudioID: m.StudioID, Slug: m.Slug, Name: m.Name, Role: m.Role, TimeZone: m.TimeZone,
			SuspendedAt: m.SuspendedAt, SuspendedReason: m.SuspendedReason, ClosingAt: m.ClosingAt})
	}
	return v, nil
}

// pageViewer is the viewer as layouts show it.
func pageViewer(c *Context) *page.Viewer {
	v := c.Viewer()
	if v == nil {
		return nil
	}
	out := &page.Viewer{Name: v.Name, Initials: page.InitialsOf(v.Name), Verified: v.Verified, Admin: v.Admin, Ends: v.ends(c.Param("slug")), Unread: c.Unread().Total()}
	current := c.Param("slug")
	if ck, err := c.Request().Cookie(StudioCookie); current == "" && err == nil {
		current = ck.Value
	}
	for i, m := range v.Studios {
		s := page.Studio{Slug: m.Slug, Name: m.Name, Role: string(m.Role)}
		out.Studios = append(out.Studios, s)
		if m.Slug == current || i == 0 {
			out.Current = &s
		}
	}
	return out
}
