package site

import (
	"net/url"

	"vitrine/web/page"
)

// ToCanonical moves a request that came by another spelling of the path. Paths
// are compared as text: their percent signs may differ.
func (c *Context) ToCanonical(path string) (moved bool, err error) {
	want, err := url.PathUnescape(path)
	if err != nil || c.Request().URL.Path == want {
		return false, nil //nolint:nilerr // our own path is always readable
	}
	if q := c.Request().URL.RawQuery; q != "" {
		path += "?" + q
	}
	return true, c.MovedPermanently(path)
}

// CachePublic lets caches keep a public page only if they ask each time: a
// takedown holds at once. A member's page carries their name.
func (c *Context) CachePublic() {
	c.Response().Header().Add("Vary", "Cookie") // compression has said Accept-Encoding
	if c.Viewer() != nil {
		c.Header("Cache-Control", "private, no-cache")
		return
	}
	c.Header("Cache-Control", "public, no-cache")
}

// NoAI is what the answer says to machines that would train on it, as a header.
const NoAI = "noai, noimageai"

// AskNoAI asks machines, in the header and in the head of the page, not to train
// on what it shows, if its makers want that.
func (c *Context) AskNoAI(b *page.Base, asked bool) {
	if asked {
		b.NoAI = true
		c.Response().Header().Add("X-Robots-Tag", NoAI)
	}
}
