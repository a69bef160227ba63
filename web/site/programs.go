package site

import "strings"

// programs is the part of the site that programs use.
type programs struct {
	prefix string // "/api/"
	failed func(c *Context, err error)
}

// Programs says below which path programs ask: failed answers every error there,
// in place of a page. Handlers there look at tokens alone and never at a cookie,
// so a form of another site can do nothing with a person's session, and is not
// refused for where it comes from. Call it before requests come.
func (s *Site) Programs(prefix string, failed func(c *Context, err error)) {
	s.programs = programs{prefix, failed}
	s.cross.AddInsecureBypassPattern(prefix)
}

// asked tells whether a program asks.
func (p programs) asked(c *Context) bool {
	return p.failed != nil && strings.HasPrefix(c.Request().URL.Path+"/", p.prefix)
}
