package web

import (
	"net/http"
	"net/url"
	"strconv"

	"vitrine/app/platform/idem"
	"vitrine/app/studios"
	"vitrine/web/page"
	"vitrine/web/show"
	"vitrine/web/site"
	"vitrine/web/views"
)

// myStudio is GET /studio: the dashboard of the studio that was open last.
func (s *Server) myStudio(c *Context) error {
	v, err := c.RequireViewer()
	if err != nil {
		return err
	}
	if len(v.Studios) == 0 {
		return c.SeeOther("/studios/new")
	}
	slug := v.Studios[0].Slug
	if ck, err := c.Request().Cookie(site.StudioCookie); err == nil {
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
	return c.Render(status, views.NewStudio(s.Base(c, "Open another studio"), f))
}

// newStudio is POST /studios/new.
func (s *Server) newStudio(c *Context) error {
	v, err := c.RequireViewer()
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
		if f.Refusal, status, err = c.Refused(err); err != nil {
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
		Name: st.Name, Slug: st.Slug, Description: st.Description, Location: st.Location, TimeZone: st.TimeZone, NoAI: st.NoAI,
	})
}

// settled finds the studio of the path for a member who may change it.
func (s *Server) settled(c *Context) (studios.Studio, error) {
	v, err := c.RequireViewer()
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
	b := s.Base(c, "Settings")
	b.Nav = page.NavStudio
	f.Site = s.Host() + "/@"
	m := c.Member()
	f.Room = show.Room(m.Slug, m.Name, m.Role, views.RoomSettings)
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
		Name: c.Form("name"), Slug: c.Form("slug"), Description: c.Form("description"), Location: c.Form("location"), TimeZone: c.Form("time_zone"), NoAI: c.Form("noai") != ""}
	version, _ := strconv.ParseInt(f.Version, 10, 64) // 0, which no studio has, is an old form
	changed, err := s.Studios.Update(c.Ctx(), c.Viewer().UserID, st.ID, studios.Profile{
		Version: version, Name: f.Name, Slug: f.Slug, Description: f.Description, Location: f.Location, TimeZone: f.TimeZone, NoAI: f.NoAI,
	})
	if err != nil {
		var status int
		if f.Refusal, status, err = c.Refused(err); err != nil {
			return err
		}
		// Saving again is then a decision: whoever does it has been told.
		f.Version = strconv.FormatInt(st.Version, 10)
		return s.settingsForm(c, status, f)
	}
	c.Flash(page.Good, "Saved.")
	return c.SeeOther("/studio/" + url.PathEscape(changed.Slug) + "/settings")
}
