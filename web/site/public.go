package site

import (
	"net/url"

	"vitrine/web/caching"
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

// sayCaching writes the policy of the route into an answer that is about to leave.
func (c *Context) sayCaching(p caching.Policy) {
	status, _ := c.Answered()
	a := caching.Answer{Status: status, Secret: c.secret}
	switch p.Credential {
	case "Cookie":
		a.Own = c.SessionToken() != "" || c.HasFlash()
	case "Authorization":
		a.Own = c.Request().Header.Get("Authorization") != ""
	}
	p.Set(c.Response().Header(), a)
}

// Unkept keeps this one answer out of every cache, whatever its route says: it
// holds what is nobody else's.
func (c *Context) Unkept() { c.secret = true }

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
