package web

// routes is the whole public port, read from top to bottom: every URL, with its
// guards named once per group.
func (s *Server) routes(r *router) {
	s.plainRoutes(r)
	s.publicRoutes(r)
	s.doorRoutes(r)
	s.memberRoutes(r)
	s.devRoutes(r)
}

func (s *Server) plainRoutes(r *router) {
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
}

// Public pages: everybody's, canonical addresses, ids in them.
func (s *Server) publicRoutes(r *router) {
	public := r.group(s.inTime)
	public.get("/", s.home)
	public.get("/explore", s.explore)
	public.get("/explore/feed.atom", s.exploreFeed)
	public.get("/t/:tag", s.tag)
	public.get("/t/:tag/feed.atom", s.tagFeed)
	public.get("/search", s.search)
	public.get("/@:studio", s.showStudio)
	public.get("/@:studio/", s.showStudio)
	public.get("/@:studio/feed.atom", s.studioFeed)
	public.get("/@:studio/:work", s.showWork)
	public.get("/@:studio/:work/", s.showWork)
}

// Doors: setup, sign-up, login, reset. Forms, keys and links: never cached.
func (s *Server) doorRoutes(r *router) {
	door := r.group(s.inTime, s.unshared)
	door.get("/setup", s.showSetup)
	door.post("/setup", s.setup)
	door.get("/signup", s.showSignup)
	door.post("/signup", s.signup)
	door.get("/signup/sent", s.showSignupSent)
	door.get("/verify/:token", s.showVerify)
	door.post("/verify/:token", s.verify)
	door.post("/verify/:token/again", s.verifyAgain)
	door.get("/login", s.showLogin)
	door.post("/login", s.login)
	door.post("/logout", s.logout)
	door.get("/reset", s.showResetAsk)
	door.post("/reset", s.resetAsk)
	door.get("/reset/sent", s.showResetSent)
	door.get("/reset/:token", s.showReset)
	door.post("/reset/:token", s.reset)
}

// Members, and what they do in a studio.
func (s *Server) memberRoutes(r *router) {
	member := r.group(s.inTime, s.signedIn)
	member.get("/studio", s.myStudio)
	member.get("/studios/new", s.showNewStudio)
	member.post("/studios/new", s.newStudio)

	// Who runs this installation.
	admin := r.group(s.inTime, s.signedIn, s.adminOnly)
	admin.post("/demo/fill", s.fillDemo)
	admin.post("/demo/remove", s.removeDemo)

	// One studio: inStudio lets its members in; each handler asks their role.
	studio := r.group(s.inTime, s.signedIn, s.inStudio)
	studio.get("/studio/:slug/settings", s.showStudioSettings)
	studio.post("/studio/:slug/settings", s.studioSettings)
	studio.get("/studio/:slug", s.dashboard)
	studio.get("/studio/:slug/new", s.newWork)
	studio.get("/studio/:slug/new/:key", s.showCompose)
	studio.get("/studio/:slug/new/:key/files", s.showComposeFiles)
	studio.get("/studio/:slug/works/:work", s.showCompose)
	studio.get("/studio/:slug/works/:work/files", s.showComposeFiles)

	// The compose form carries files, and takes as long as the line is slow.
	slow := r.group(s.signedIn, s.inStudio)
	slow.post("/studio/:slug/new/:key", s.compose)
	slow.post("/studio/:slug/works/:work", s.compose)
}

// Development only.
func (s *Server) devRoutes(r *router) {
	dev := r.group(s.devOnly, s.inTime)
	dev.get("/dev/ui", s.devUI)
	box := dev.group(s.mailboxOnly)
	box.get("/dev/mailbox", s.showMailbox)
	box.get("/dev/mailbox/:mail", s.showMail)
	box.get("/dev/mailbox/:mail/html", s.showMailHTML)
}
