package insights

import (
	"net/http"
	"strings"

	"vitrine/app/analytics"
)

// Beacon is POST /b/{stamp}?from={host}: the page of the stamp was looked at. The
// answer is the same whether that counts or not.
func (p *Pages) Beacon(c *Context) error {
	p.take(c, c.Param("stamp"), c.Query("from"))
	return c.NoContent(http.StatusNoContent)
}

// pixel is a transparent GIF of one pixel.
var pixel = []byte("GIF89a\x01\x00\x01\x00\x80\x00\x00\x00\x00\x00\x00\x00\x00!\xf9\x04\x01\x00\x00\x00\x00,\x00\x00\x00\x00\x01\x00\x01\x00\x00\x02\x02D\x01\x00;")

// Pixel is GET /b/{stamp}.gif: the same where scripts are off. The page that shows
// it is the page itself, so nothing is told of where somebody came from. One that
// another site shows does not count.
func (p *Pages) Pixel(c *Context) error {
	r := c.Request()
	if from := r.Header.Get("Sec-Fetch-Site"); r.Method == http.MethodGet && (from == "" || from == "same-origin") {
		p.take(c, strings.TrimSuffix(c.Param("stamp"), ".gif"), "")
	}
	return c.Bytes(http.StatusOK, "image/gif", pixel)
}

func (p *Pages) take(c *Context, stamp, from string) {
	if p.Views == nil {
		return
	}
	h := c.Request().Header
	ahead := h.Get("Sec-Purpose") + h.Get("Purpose") + h.Get("X-Purpose") + h.Get("X-Moz")
	p.Views.Take(stamp, analytics.Visit{Address: c.Address(), Agent: c.Request().UserAgent(), From: from,
		Ahead: strings.Contains(ahead, "prefetch") || strings.Contains(ahead, "preview") || strings.Contains(ahead, "prerender")})
}
