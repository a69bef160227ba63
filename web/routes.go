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

	// Files: renditions with their own rules on who sees them, uploads by the tus
	// protocol. They take as long as the line is slow.
	r.get("/m/:media/:name", s.showMedia)
	r.get("/studio/:slug/media/:media/original", s.downloadOriginal)
	r.all("/studio/:slug/uploads/", s.uploads)
	r.all("/studio/:slug/uploads/:upload", s.uploads)

	// Development only.
	dev := r.group(s.devOnly, s.inTime)
	dev.get("/dev/ui", s.devUI)
}
