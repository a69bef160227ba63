package web

// routes is the whole public port, read from top to bottom: every URL, with its
// guards named once per group.
func (s *Server) routes(r *router) {
	// Health and assets: no session, no database.
	r.get("/livez", s.livez)
	r.get("/readyz", s.readyz)
	r.get("/up", s.up)
	r.get("/assets/*", s.asset)
	r.get("/favicon.ico", s.favicon)
	r.get("/robots.txt", s.robots)

	// Development only.
	dev := r.group(s.devOnly, s.inTime)
	dev.get("/dev/ui", s.devUI)
}
