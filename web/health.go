package web

import "net/http"

// robots keeps crawlers from pages that are nobody's but a member's.
const robotsText = "User-agent: *\nDisallow: /studio/\nDisallow: /login\nDisallow: /signup\nDisallow: /reset\nDisallow: /setup\nDisallow: /dev/\nDisallow: /admin\n"

// livez tells that the process runs; it asks nothing of any part.
func (s *Server) livez(c *Context) error { return c.Serve(http.HandlerFunc(s.Health.Live)) }

// readyz tells a balancer whether to send requests: not while starting or draining.
func (s *Server) readyz(c *Context) error { return c.Serve(http.HandlerFunc(s.Health.Readiness)) }

// up tells which parts are degraded.
func (s *Server) up(c *Context) error { return c.Serve(http.HandlerFunc(s.Health.Up)) }

func (s *Server) robots(c *Context) error {
	return c.Bytes(200, "text/plain; charset=utf-8", []byte(robotsText+"\nSitemap: "+s.Absolute("/sitemap.xml")+"\n"))
}

func (s *Server) asset(c *Context) error { return c.Serve(s.assets) }

// favicon answers the browsers that ask for it whatever the page says.
func (s *Server) favicon(c *Context) error { return c.MovedPermanently(s.assets.URL("favicon.svg")) }
