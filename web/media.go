package web

import (
	"mime"
	"net/http"
	"time"

	"github.com/google/uuid"

	"vitrine/app/fault"
	"vitrine/app/media"
	"vitrine/app/studios"
	"vitrine/web/site"
)

// filePolicy is the Content-Security-Policy of files: whatever a browser makes
// of one, it may load nothing and run nothing.
const filePolicy = "default-src 'none'; sandbox"

// showMedia is GET /m/{media}/{name}: a rendition. What a public work shows is
// everybody's, and may be kept for ten minutes in the browser and one minute at
// a CDN, so that a takedown is everywhere within that minute. Anything else is
// for members of its studio, and for moderators who were asked about its work;
// to others it does not exist.
func (s *Server) showMedia(c *Context) error {
	mediaID, err := uuid.Parse(c.Param("media"))
	if err != nil {
		return fault.Caused(fault.NotFound, "", err)
	}
	name := c.Param("name")
	f, err := s.Media.PublicFile(c.Ctx(), mediaID, name)
	if fault.Is(err, fault.NotFound) {
		if v := c.Viewer(); v != nil {
			f, err = s.memberFile(c, v, mediaID, name)
			c.Unkept()
		}
	}
	if err != nil {
		return err
	}
	if s.noAI.asked(c.Ctx(), f.StudioID) {
		c.Header("X-Robots-Tag", site.NoAI)
	}
	c.Header("Content-Disposition", "inline")
	return s.sendFile(c, f)
}

// memberFile finds a rendition for a member of its studio.
func (s *Server) memberFile(c *Context, v *site.Viewer, mediaID uuid.UUID, name string) (media.File, error) {
	studio, err := s.Media.StudioOf(c.Ctx(), mediaID)
	if err != nil {
		return media.File{}, err
	}
	for _, m := range v.Studios {
		if m.StudioID == studio && m.Role.Can(studios.SeeStudio) {
			return s.Media.StudioFile(c.Ctx(), studio, mediaID, name)
		}
	}
	// Whoever is asked about a work sees its pictures.
	if v.Admin {
		asked, err := s.Admin.Moderation.Shows(c.Ctx(), studio, mediaID)
		if err != nil {
			return media.File{}, err
		}
		if asked {
			return s.Media.StudioFile(c.Ctx(), studio, mediaID, name)
		}
	}
	return media.File{}, fault.New(fault.NotFound, "")
}

// downloadOriginal is GET /studio/{slug}/media/{media}/original: the file as it
// was uploaded, place and camera data included, so for members alone and never
// shown by the browser.
func (s *Server) downloadOriginal(c *Context) error {
	v, err := c.RequireViewer()
	if err != nil {
		return err
	}
	m, _ := v.Member(c.Param("slug"))
	if err := m.Role.Check(studios.SeeStudio); err != nil {
		return err
	}
	mediaID, err := uuid.Parse(c.Param("media"))
	if err != nil {
		return fault.Caused(fault.NotFound, "", err)
	}
	f, err := s.Media.Original(c.Ctx(), m.StudioID, mediaID)
	if err != nil {
		return err
	}
	disposition := mime.FormatMediaType("attachment", map[string]string{"filename": f.Name})
	if disposition == "" {
		disposition = "attachment"
	}
	c.Header("Content-Disposition", disposition)
	return s.sendFile(c, f)
}

// slowest is the line for which the deadline of a download is made.
const slowest = 32 << 10 // bytes per second

// sendFile streams a file, or the part of it that is asked for.
func (s *Server) sendFile(c *Context, f media.File) error {
	h := c.Response().Header()
	h.Set("Content-Security-Policy", filePolicy)
	h.Set("X-Content-Type-Options", "nosniff")
	if f.ETag != "" {
		h.Set("ETag", f.ETag)
		if c.Request().Header.Get("If-None-Match") == f.ETag { // a CDN asks so each minute: the store is not asked
			return c.NoContent(http.StatusNotModified)
		}
	}
	o, err := s.Media.Open(c.Ctx(), f)
	if err != nil {
		return err
	}
	defer func() { _ = o.Close() }()
	h.Set("Content-Type", f.ContentType)
	patience := time.Minute + time.Duration(o.Size()/slowest)*time.Second
	_ = http.NewResponseController(c.Response()).SetWriteDeadline(time.Now().Add(patience)) // a recorder in a test has none
	// No name and no time: the type is known and the ETag says it all.
	http.ServeContent(c.Response(), c.Request(), "", time.Time{}, o)
	return nil
}
