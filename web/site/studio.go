package site

import (
	"net/http"
	"strings"
	"time"

	"vitrine/app/fault"
	"vitrine/app/studios"
	"vitrine/app/works"
)

// InStudio lets members of the studio in the path through, remembers it for the
// switcher, and leads a former slug to the present one. What a member may do
// there, each handler asks their role.
func (s *Site) InStudio(next Handler) Handler {
	return func(c *Context) error {
		v, err := c.RequireViewer()
		if err != nil {
			return err
		}
		slug := c.Param("slug")
		if _, ok := v.Member(slug); !ok {
			return s.movedStudio(c, v, slug)
		}
		if ck, err := c.Request().Cookie(StudioCookie); err != nil || ck.Value != slug {
			http.SetCookie(c.Response(), &http.Cookie{Name: StudioCookie, Value: slug, Path: "/", MaxAge: int((365 * 24 * time.Hour).Seconds()),
				HttpOnly: true, Secure: c.Secure(), SameSite: http.SameSiteLaxMode})
		}
		return next(c)
	}
}

// movedStudio answers for a studio that the viewer does not belong to under
// this slug: with its new address if they do belong to it, else with nothing.
func (s *Site) movedStudio(c *Context, v *Viewer, slug string) error {
	st, err := s.conf.Studios.BySlug(c.Ctx(), slug)
	if err != nil {
		return err
	}
	if _, ok := v.Member(st.Slug); !ok {
		return studios.None.Check(studios.SeeStudio)
	}
	if c.Request().Method != http.MethodGet && c.Request().Method != http.MethodHead {
		return fault.New(fault.Conflict, "The studio has a new address since you opened this page. Open it there and send the form again; going back keeps what you typed.")
	}
	u := *c.Request().URL
	u.Path, u.RawPath = strings.Replace(u.Path, "/studio/"+slug, "/studio/"+st.Slug, 1), ""
	return c.MovedPermanently(u.RequestURI())
}

// Member is the viewer's membership of the studio in the path. Behind InStudio
// there always is one; elsewhere its role may be studios.None.
func (c *Context) Member() Membership {
	m, _ := c.Viewer().Member(c.Param("slug"))
	return m
}

// ByScript tells whether a part of a page is asked for, rather than a page.
func (c *Context) ByScript() bool { return c.Request().Header.Get("HX-Request") == "true" }

// Actor is the viewer as works know them: in the studio in the path, by their
// role there. It needs InStudio.
func (c *Context) Actor() works.Actor {
	m := c.Member()
	return works.Actor{UserID: c.Viewer().UserID, StudioID: m.StudioID, Role: m.Role}
}
