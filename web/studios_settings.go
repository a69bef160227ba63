package web

import (
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"time"

	"vitrine/app/fault"
	"vitrine/app/platform/idem"
	"vitrine/app/studios"
	"vitrine/web/page"
	"vitrine/web/views"
)

// inStudio lets members of the studio in the path through, remembers it for the
// switcher, and leads a former slug to the present one. What a member may do
// there, each handler asks their role.
func (s *Server) inStudio(next handler) handler {
	return func(c *Context) error {
		v, err := c.requireViewer()
		if err != nil {
			return err
		}
		slug := c.Param("slug")
		if _, ok := v.Member(slug); !ok {
			return s.movedStudio(c, v, slug)
		}
		if ck, err := c.Request().Cookie(studioCookie); err != nil || ck.Value != slug {
			http.SetCookie(c.Response(), &http.Cookie{Name: studioCookie, Value: slug, Path: "/", MaxAge: int((365 * 24 * time.Hour).Seconds()),
				HttpOnly: true, Secure: c.Secure(), SameSite: http.SameSiteLaxMode})
		}
		return next(c)
	}
}

// movedStudio answers for a studio that the viewer does not belong to under
// this slug: with its new address if they do belong to it, else with nothing.
func (s *Server) movedStudio(c *Context, v *Viewer, slug string) error {
	st, err := s.Studios.BySlug(c.Ctx(), slug)
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

// myStudio is GET /studio: the dashboard of the studio that was open last.
func (s *Server) myStudio(c *Context) error {
	v, err := c.requireViewer()
	if err != nil {
		return err
	}
	if len(v.Studios) == 0 {
		return c.SeeOther("/studios/new")
	}
	slug := v.Studios[0].Slug
	if ck, err := c.Request().Cookie(studioCookie); err == nil {
		if m, ok := v.Member(ck.Value); ok {
			slug = m.Slug
		}
	}
	return c.SeeOther("/studio/" + slug)
}

// showNewStudio is GET /studios/new.
func (s *Server) showNewStudio(c *Context) error {
	return s.newStudioForm(c, http.StatusOK, views.NewStudioForm{})
}

func (s *Server) newStudioForm(c *Context, status int, f views.NewStudioForm) error {
	f.Key = idem.NewKey()
	return c.Render(status, views.NewStudio(s.base(c, "Open another studio"), f))
}

// newStudio is POST /studios/new.
func (s *Server) newStudio(c *Context) error {
	v, err := c.requireViewer()
	if err != nil {
		return err
	}
	if err := c.ParseForm(); err != nil {
		return err
	}
	f := views.NewStudioForm{Name: c.Form("name")}
	slug, err := s.Studios.Open(c.Ctx(), v.UserID, studios.Opening{Key: c.Form("idempotency_key"), Name: f.Name})
	if err != nil {
		var status int
		if f.Refusal, status, err = c.refused(err); err != nil {
			return err
		}
		return s.newStudioForm(c, status, f)
	}
	c.Flash(page.Good, "The studio is open.")
	return c.SeeOther("/studio/" + slug)
}

// showStudioSettings is GET /studio/{slug}/settings.
func (s *Server) showStudioSettings(c *Context) error {
	st, err := s.settled(c)
	if err != nil {
		return err
	}
	return s.settingsForm(c, http.StatusOK, views.StudioSettingsForm{
		Current: st.Slug, Version: strconv.FormatInt(st.Version, 10),
		Name: st.Name, Slug: st.Slug, Description: st.Description, Location: st.Location,
	})
}

// settled finds the studio of the path for a member who may change it.
func (s *Server) settled(c *Context) (studios.Studio, error) {
	v, err := c.requireViewer()
	if err != nil {
		return studios.Studio{}, err
	}
	m, _ := v.Member(c.Param("slug"))
	if err := m.Role.Check(studios.ChangeSettings); err != nil {
		return studios.Studio{}, err
	}
	return s.Studios.ByID(c.Ctx(), m.StudioID)
}

func (s *Server) settingsForm(c *Context, status int, f views.StudioSettingsForm) error {
	b := s.base(c, "Settings")
	b.Nav = page.NavStudio
	f.Site = s.conf.BaseURL.Host + "/@"
	return c.Render(status, views.StudioSettings(b, f))
}

// studioSettings is POST /studio/{slug}/settings. The version takes the place
// of a key: a form that was sent twice changes nothing the second time.
func (s *Server) studioSettings(c *Context) error {
	st, err := s.settled(c)
	if err != nil {
		return err
	}
	if err := c.ParseForm(); err != nil {
		return err
	}
	f := views.StudioSettingsForm{Current: st.Slug, Version: c.Form("version"),
		Name: c.Form("name"), Slug: c.Form("slug"), Description: c.Form("description"), Location: c.Form("location")}
	version, _ := strconv.ParseInt(f.Version, 10, 64) // 0, which no studio has, is an old form
	changed, err := s.Studios.Update(c.Ctx(), c.Viewer().UserID, st.ID, studios.Profile{
		Version: version, Name: f.Name, Slug: f.Slug, Description: f.Description, Location: f.Location,
	})
	if err != nil {
		var status int
		if f.Refusal, status, err = c.refused(err); err != nil {
			return err
		}
		// Saving again is then a decision: whoever does it has been told.
		f.Version = strconv.FormatInt(st.Version, 10)
		return s.settingsForm(c, status, f)
	}
	c.Flash(page.Good, "Saved.")
	return c.SeeOther("/studio/" + url.PathEscape(changed.Slug) + "/settings")
}
