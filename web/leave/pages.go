// Package leave has the pages on which people take everything with them and end
// their account or their studio, or think better of it.
package leave

import (
	"fmt"
	"mime"
	"net/http"
	"strconv"
	"strings"
	"time"

	"github.com/google/uuid"

	"vitrine/app/archive"
	"vitrine/app/fault"
	"vitrine/app/platform/idem"
	"vitrine/app/studios"
	"vitrine/web/page"
	"vitrine/web/show"
	"vitrine/web/site"
	"vitrine/web/views"
)

// Context is one request and its answer, and who it comes from.
type Context = site.Context

// Pages holds what the handlers need.
type Pages struct {
	*site.Site
	Archive *archive.Service
	Studios *studios.Service
}

// base is that of a page of the account or of a studio: nobody else finds it.
func (p *Pages) base(c *Context, title string) page.Base {
	b := p.Base(c, title)
	b.NoIndex = true
	if c.Param("slug") != "" {
		b.Nav = page.NavStudio
	}
	return b
}

// Needs lets members of the studio through whose role may do something, before
// anybody is asked for a proof. It stands behind InStudio.
func (p *Pages) Needs(a studios.Action) site.Guard {
	return func(next site.Handler) site.Handler {
		return func(c *Context) error {
			if err := c.Member().Role.Check(a); err != nil {
				return err
			}
			return next(c)
		}
	}
}

// subject is whose archive the path is about, and the path of its page.
func subject(c *Context) (archive.Subject, string, error) {
	v, err := c.RequireViewer()
	if err != nil {
		return archive.Subject{}, "", err
	}
	if c.Param("slug") == "" {
		return archive.Subject{Kind: archive.User, ID: v.UserID}, "/me/export", nil
	}
	m := c.Member()
	return archive.Subject{Kind: archive.Studio, ID: m.StudioID}, "/studio/" + m.Slug + "/export", m.Role.Check(studios.TakeArchive)
}

// ShowExport is GET /me/export and GET /studio/{slug}/export.
func (p *Pages) ShowExport(c *Context) error { return p.export(c, http.StatusOK, views.Refusal{}) }

func (p *Pages) export(c *Context, status int, refusal views.Refusal) error {
	of, path, err := subject(c)
	if err != nil {
		return err
	}
	e, ok, err := p.Archive.Last(c.Ctx(), of)
	if err != nil {
		return err
	}
	v := exportView{Path: path, Key: idem.NewKey(), Refusal: refusal, Studio: of.Kind == archive.Studio}
	if ok && e.ExpiresAt.After(p.Now()) {
		v.fill(e)
	}
	if !v.Studio {
		return c.Render(status, exportMe(p.base(c, "Your archive"), v))
	}
	m := c.Member()
	v.Owns, v.DeleteURL = m.Role.Can(studios.CloseStudio), "/studio/"+m.Slug+"/delete"
	return c.Render(status, exportStudio(p.base(c, "Archive of "+m.Name), show.Room(m.Slug, m.Name, m.Role, views.RoomArchive), v))
}

// Export is POST /me/export and POST /studio/{slug}/export.
func (p *Pages) Export(c *Context) error {
	of, path, err := subject(c)
	if err != nil {
		return err
	}
	if err := c.ParseForm(); err != nil {
		return err
	}
	if err := p.Archive.Ask(c.Ctx(), c.Viewer().UserID, of, c.Form("idempotency_key")); err != nil {
		refusal, status, err := c.Refused(err)
		if err != nil {
			return err
		}
		return p.export(c, status, refusal)
	}
	c.Flash(page.Good, "The archive is being made. A mail comes when it is ready; you can leave this page.")
	return c.SeeOther(path)
}

// slowest is the line for which the deadline of a download is made.
const slowest = 32 << 10 // bytes per second

// Fetch is GET /me/export/{export}/{volume} and the same of a studio: one zip
// file, or the part of it that is asked for, so that a download that broke off
// goes on.
func (p *Pages) Fetch(c *Context) error {
	of, _, err := subject(c)
	if err != nil {
		return err
	}
	exportID, err := uuid.Parse(c.Param("export"))
	if err != nil {
		return fault.Caused(fault.NotFound, "", err)
	}
	number, err := strconv.Atoi(c.Param("volume"))
	if err != nil {
		return fault.Caused(fault.NotFound, "", err)
	}
	name := "account"
	if of.Kind == archive.Studio {
		name = c.Member().Slug
	}
	asked := c.Request().Header.Get("Range")
	d, err := p.Archive.Fetch(c.Ctx(), c.Viewer().UserID, of, exportID, number, name, asked == "" || strings.HasPrefix(asked, "bytes=0-"))
	if err != nil {
		return err
	}
	defer func() { _ = d.Close() }()
	h := c.Response().Header()
	h.Set("Content-Type", "application/zip")
	h.Set("Content-Disposition", mime.FormatMediaType("attachment", map[string]string{"filename": d.Name}))
	h.Set("ETag", d.ETag)
	patience := time.Minute + time.Duration(d.Size()/slowest)*time.Second
	_ = http.NewResponseController(c.Response()).SetWriteDeadline(time.Now().Add(patience)) // a recorder in a test has none
	// No name and no time: the type is known and the ETag says it all.
	http.ServeContent(c.Response(), c.Request(), "", time.Time{}, d)
	return nil
}

func day(t time.Time) string     { return t.UTC().Format("2 January 2006") }
func machine(t time.Time) string { return t.UTC().Format(time.RFC3339) }

// inBytes writes a number of bytes as people read it: "48.9 MB".
func inBytes(n int64) string {
	switch {
	case n < 1_000_000:
		return fmt.Sprintf("%d kB", max(1, n/1000))
	case n < 1_000_000_000:
		return strings.Replace(fmt.Sprintf("%.1f MB", float64(n)/1e6), ".0 ", " ", 1)
	default:
		return strings.Replace(fmt.Sprintf("%.1f GB", float64(n)/1e9), ".0 ", " ", 1)
	}
}
