package docs

import (
	"net/http"

	"vitrine/web/page"
	"vitrine/web/site"
)

// ShowGlass is GET /me/glass: what the glass box is, and its switch.
func (p *Pages) ShowGlass(c *site.Context) error {
	b := p.Base(c, "The glass box")
	b.NoIndex = true
	return c.Render(http.StatusOK, glassPage(b, c.GlassOn(), site.OwnPath(c.Query("next"))))
}

// SetGlass is POST /me/glass: turns it on or off in this browser, and leads back
// to the page that the member came from.
func (p *Pages) SetGlass(c *site.Context) error {
	if err := c.ParseForm(); err != nil {
		return err
	}
	on := c.Form("on") == "1"
	c.SetGlass(on)
	next := site.OwnPath(c.Form("next"))
	switch {
	case next == "":
		next = "/me/glass"
	case on:
		c.Flash(page.Good, "The glass box stands at the foot of each page.")
	}
	return c.SeeOther(next)
}
