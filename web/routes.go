package web

import (
	"vitrine/app/platform/limit"
	"vitrine/app/studios"
	"vitrine/web/site"
)

// routes is the whole public port, read from top to bottom: every URL, with its
// guards named once per group. Admit and Limit say which room holds a request
// and which class counts it; whatever makes a page has both.
func (s *Server) routes(r *site.Router) {
	s.plainRoutes(r)
	s.fileRoutes(r)
	s.adminRoutes(r.Group(s.Apart, s.Limit(limit.Dynamic)))
	s.apiRoutes(r)
	pages := r.Group(s.Admit(site.Pages), s.Limit(limit.Dynamic))
	s.publicRoutes(pages)
	s.doorRoutes(pages)
	s.meRoutes(pages)
	s.memberRoutes(pages)
	s.docsRoutes(pages)
	s.devRoutes(pages)
}

func (s *Server) plainRoutes(r *site.Router) {
	// Health and assets: no session, no database, never refused.
	r.Get("/livez", s.livez)
	r.Get("/readyz", s.readyz)
	r.Get("/up", s.up)
	r.Get("/assets/*", s.asset)
	r.Get("/favicon.ico", s.favicon)
	r.Get("/robots.txt", s.robots)
}

// Files: renditions with their own rules on who sees them, uploads by the tus
// protocol, the compose form. They take as long as the line is slow.
func (s *Server) fileRoutes(r *site.Router) {
	out := r.Group(s.Admit(site.Files), s.Limit(limit.Files))
	out.Get("/m/:media/:name", s.showMedia)
	out.Get("/studio/:slug/media/:media/original", s.downloadOriginal)

	mine := out.Group(s.SignedIn, s.Proven)
	mine.Get("/me/export/:export/:volume", s.leave.Fetch)
	ours := out.Group(s.SignedIn, s.InStudio, s.leave.Needs(studios.TakeArchive), s.Proven)
	ours.Get("/studio/:slug/export/:export/:volume", s.leave.Fetch)

	in := r.Group(s.Admit(site.Uploads), s.Limit(limit.Files), site.OnPost(s.Limit(limit.Upload)))
	in.All("/studio/:slug/uploads/", s.uploads)
	in.All("/studio/:slug/uploads/:upload", s.uploads)

	form := r.Group(s.Admit(site.Uploads), s.Limit(limit.Dynamic), s.SignedIn, s.InStudio)
	form.Post("/studio/:slug/new/:key", s.compose)
	form.Post("/studio/:slug/works/:work", s.compose)

	// How the files do: the compose page asks again by itself.
	ask := r.Group(s.Admit(site.Pages), s.Limit(limit.Poll), s.InTime, s.SignedIn, s.InStudio)
	ask.Get("/studio/:slug/new/:key/files", s.showComposeFiles)
	ask.Get("/studio/:slug/works/:work/files", s.showComposeFiles)

	// What happens, for pages that are open: a connection, or questions.
	hear := r.Group(s.Admit(site.Pages), s.Limit(limit.Live), s.InTime, s.SignedIn)
	hear.Get("/live", s.live.Socket)
	hear.Get("/live/poll", s.live.Poll)
}

// The JSON API: programs, bearer tokens alone, errors of its own. Whatever stands
// here stands in web/api/openapi.json.
func (s *Server) apiRoutes(r *site.Router) {
	api := r.Group(s.Admit(site.Pages), s.Limit(limit.Sessions), s.InTime, s.api.Caller, s.Limit(limit.API))
	api.Get("/api/v1/works", s.api.ListWorks)
	api.Post("/api/v1/works", s.api.CreateWork)
	api.Get("/api/v1/works/:id", s.api.ShowWork)
	api.Get("/api/v1/search", s.api.Search)
	api.Get("/api/v1/media/:id", s.api.ShowMedia)
	api.Delete("/api/v1/media/:id", s.api.DropMedia)
	api.Get("/api/v1/openapi.json", s.api.Document)

	// A file takes as long as the line is slow.
	file := r.Group(s.Admit(site.Uploads), s.Limit(limit.Sessions), s.api.Caller, s.Limit(limit.API), s.Limit(limit.Upload))
	file.Post("/api/v1/media", s.api.UploadMedia)

	ask := r.Group(s.Limit(limit.Sessions)) // what may be asked: no token, no database
	ask.Options("/api/v1/works", s.api.Options)
	ask.Options("/api/v1/works/:id", s.api.Options)
	ask.Options("/api/v1/search", s.api.Options)
	ask.Options("/api/v1/media", s.api.Options)
	ask.Options("/api/v1/media/:id", s.api.Options)
	ask.Options("/api/v1/openapi.json", s.api.Options)
}

// Public pages: everybody's, canonical addresses, ids in them.
func (s *Server) publicRoutes(r *site.Router) {
	public := r.Group(s.InTime)
	public.Get("/", s.home)
	public.Get("/explore", s.explore)
	public.Get("/explore/feed.atom", s.exploreFeed)
	public.Get("/t/:tag", s.tag)
	public.Get("/t/:tag/feed.atom", s.tagFeed)
	public.Group(s.Limit(limit.Search)).Get("/search", s.search)
	public.Get("/@:studio", s.showStudio)
	public.Get("/@:studio/", s.showStudio)
	public.Get("/@:studio/feed.atom", s.studioFeed)
	public.Get("/@:studio/:work", s.showWork)
	public.Get("/@:studio/:work/", s.showWork)
}

// Doors: setup, sign-up, login, reset. Forms, keys and links: never cached.
func (s *Server) doorRoutes(r *site.Router) {
	door := r.Group(s.InTime, s.Unshared)
	door.Get("/setup", s.showSetup)
	door.Post("/setup", s.setup)
	door.Get("/signup", s.showSignup)
	letters := door.Group(s.Limit(limit.Mail), s.Limit(limit.AllMail)) // what sends a mail to whoever is named
	letters.Group(s.Limit(limit.Signup)).Post("/signup", s.signup)
	door.Get("/signup/sent", s.showSignupSent)
	door.Get("/verify/:token", s.showVerify)
	door.Post("/verify/:token", s.verify)
	letters.Post("/verify/:token/again", s.verifyAgain)
	door.Get("/login", s.showLogin)
	door.Group(s.Limit(limit.Login)).Post("/login", s.login)
	door.Get("/login/second", s.me.ShowSecond)
	door.Group(s.Limit(limit.Login)).Post("/login/second", s.me.Second)
	door.Post("/logout", s.logout)
	door.Get("/reset", s.showResetAsk)
	letters.Post("/reset", s.resetAsk)
	door.Get("/reset/sent", s.showResetSent)
	door.Get("/reset/:token", s.showReset)
	door.Post("/reset/:token", s.reset)
	door.Get("/me/address/undone", s.me.ShowUndone)
	door.Get("/me/address/undo/:token", s.me.ShowUndo)
	door.Post("/me/address/undo/:token", s.me.Undo)
}

// A person's own account. Proven asks once more who it is.
func (s *Server) meRoutes(r *site.Router) {
	me := r.Group(s.InTime, s.SignedIn)
	me.Get("/me", s.me.ShowProfile)
	me.Post("/me", s.me.Profile)
	me.Get("/me/confirm", s.ShowConfirm)
	me.Group(s.Limit(limit.Login)).Post("/me/confirm", s.Confirm)
	me.Get("/me/sessions", s.me.ShowSessions)
	me.Post("/me/sessions/end", s.me.EndSession)
	me.Post("/me/sessions/end-others", s.me.EndOthers)
	me.Get("/me/security", s.me.ShowSecurity)
	me.Group(s.Limit(limit.Login)).Post("/me/security/password", s.me.Password)
	me.Get("/me/address", s.me.ShowAddress)

	me.Get("/me/tokens", s.tokens.Show)
	me.Post("/me/tokens/revoke", s.tokens.Revoke)

	// Taking everything along, and leaving.
	me.Get("/me/export", s.leave.ShowExport)
	me.Get("/me/delete", s.leave.ShowDeleteMe)
	me.Post("/me/delete/keep", s.leave.KeepMe)

	proven := me.Group(s.Proven)
	proven.Post("/me/export", s.leave.Export)
	proven.Post("/me/delete", s.leave.DeleteMe)
	proven.Post("/me/tokens", s.tokens.Make)
	proven.Post("/me/security/factor", s.me.BeginFactor)
	proven.Get("/me/security/factor", s.me.ShowFactor)
	proven.Post("/me/security/factor/confirm", s.me.ConfirmFactor)
	proven.Post("/me/security/factor/off", s.me.DropFactor)
	proven.Post("/me/security/codes", s.me.RemakeCodes)
	proven.Get("/me/security/codes", s.me.ShowCodes)
	proven.Post("/me/security/codes/kept", s.me.CodesKept)
	proven.Group(s.Limit(limit.Mail), s.Limit(limit.AllMail)).Post("/me/address", s.me.Address)

	linked := me.Group(s.Unshared) // a secret stands in the address
	linked.Get("/me/address/:token", s.me.ShowConfirmAddress)
	linked.Post("/me/address/:token", s.me.ConfirmAddress)
}

// Members, and what they do in a studio.
func (s *Server) memberRoutes(r *site.Router) {
	member := r.Group(s.InTime, s.SignedIn)
	member.Get("/studio", s.myStudio)
	member.Get("/studios/new", s.showNewStudio)
	member.Post("/studios/new", s.newStudio)

	// Who runs this installation.
	admin := r.Group(s.InTime, s.SignedIn, s.AdminOnly)
	admin.Post("/demo/fill", s.fillDemo)
	admin.Post("/demo/remove", s.removeDemo)

	// One studio: InStudio lets its members in; each handler asks their role.
	studio := r.Group(s.InTime, s.SignedIn, s.InStudio)
	studio.Get("/studio/:slug/settings", s.showStudioSettings)
	studio.Post("/studio/:slug/settings", s.studioSettings)
	studio.Get("/studio/:slug", s.dashboard)
	studio.Get("/studio/:slug/new", s.newWork)
	studio.Get("/studio/:slug/new/:key", s.showCompose)
	studio.Get("/studio/:slug/works/:work", s.showCompose)

	// Who belongs to it. An invitation is a mail to whoever is named.
	invites := studio.Group(s.Limit(limit.Mail), s.Limit(limit.AllMail))
	studio.Get("/studio/:slug/members", s.members.ShowMembers)
	invites.Post("/studio/:slug/members/invite", s.members.Invite)
	invites.Post("/studio/:slug/members/invitations/:invitation/again", s.members.InviteAgain)
	studio.Post("/studio/:slug/members/invitations/:invitation/withdraw", s.members.Withdraw)
	studio.Post("/studio/:slug/members/leave", s.members.Leave)
	studio.Post("/studio/:slug/members/:member/role", s.members.ChangeRole)
	studio.Post("/studio/:slug/members/:member/remove", s.members.Remove)
	proven := studio.Group(s.members.OwnerOnly, s.Proven)
	proven.Get("/studio/:slug/members/transfer", s.members.ShowTransfer)
	proven.Post("/studio/:slug/members/transfer", s.members.Transfer)
	studio.Get("/studio/:slug/audit", s.members.ShowAudit)
	studio.Get("/studio/:slug/audit.csv", s.members.DownloadAudit)

	// Taking the studio along, and its end.
	takes := studio.Group(s.leave.Needs(studios.TakeArchive))
	takes.Get("/studio/:slug/export", s.leave.ShowExport)
	takes.Group(s.Proven).Post("/studio/:slug/export", s.leave.Export)
	ends := studio.Group(s.leave.Needs(studios.CloseStudio))
	ends.Get("/studio/:slug/delete", s.leave.ShowDeleteStudio)
	ends.Group(s.Proven).Post("/studio/:slug/delete", s.leave.DeleteStudio)
	ends.Post("/studio/:slug/delete/keep", s.leave.KeepStudio)

	// Behind the link of an invitation: a secret stands in the address.
	r.Group(s.InTime, s.Unshared).Get("/join/:code", s.members.ShowJoin)
	r.Group(s.InTime, s.SignedIn, s.Unshared).Post("/join/:code", s.members.Join)
}

// How Vitrine was decided, and how its pages are made.
func (s *Server) docsRoutes(r *site.Router) {
	public := r.Group(s.InTime)
	public.Get("/docs/api", s.api.Page)
	public.Get("/docs/adr", s.docs.Index)
	public.Get("/docs/adr/:name", s.docs.Show)

	member := r.Group(s.InTime, s.SignedIn)
	member.Get("/me/glass", s.docs.ShowGlass)
	member.Post("/me/glass", s.docs.SetGlass)
}

// Who runs this installation. No room can be full for them, and they are
// recognised by connections of their own.
func (s *Server) adminRoutes(r *site.Router) {
	admin := r.Group(s.InTime, s.SignedIn, s.AdminOnly)
	admin.Get("/admin", s.admin.ShowHealth)
	admin.Get("/admin/errors", s.admin.ShowErrors)
	admin.Get("/admin/errors/:error", s.admin.ShowError)
	admin.Post("/admin/errors/:error/resolve", s.admin.ResolveError)
	admin.Post("/admin/errors/:error/reopen", s.admin.ReopenError)
	admin.Get("/admin/jobs", s.admin.ShowJobs)
	admin.Post("/admin/jobs/replay", s.admin.ReplayKind)
	admin.Get("/admin/jobs/:task", s.admin.ShowDead)
	admin.Post("/admin/jobs/:task/replay", s.admin.ReplayDead)
	admin.Post("/admin/jobs/:task/drop", s.admin.DropDead)
	admin.Get("/admin/mails", s.admin.ShowMails)
	admin.Get("/admin/mails/:mail", s.admin.ShowMail)
	admin.Post("/admin/mails/:mail/resend", s.admin.ResendMail)
	admin.Get("/admin/audit", s.admin.ShowAudit)
	admin.Get("/admin/moderation", s.admin.ShowQueue)
	admin.Get("/admin/moderation/:review", s.admin.ShowCase)
	admin.Post("/admin/moderation/:review", s.admin.Decide)
	sure := admin.Group(s.Proven) // what shuts people out, or lets them in
	admin.Get("/admin/users", s.admin.ShowUsers)
	admin.Get("/admin/users/:user", s.admin.ShowUser)
	sure.Post("/admin/users/:user/suspend", s.admin.SuspendUser)
	sure.Post("/admin/users/:user/restore", s.admin.RestoreUser)
	sure.Post("/admin/users/:user/second-factor/off", s.admin.RescueFactor)
	admin.Get("/admin/studios", s.admin.ShowStudios)
	admin.Get("/admin/studios/:studio", s.admin.ShowStudio)
	sure.Post("/admin/studios/:studio/suspend", s.admin.SuspendStudio)
	sure.Post("/admin/studios/:studio/restore", s.admin.RestoreStudio)
}

// Development only.
func (s *Server) devRoutes(r *site.Router) {
	dev := r.Group(s.DevOnly, s.InTime)
	dev.Get("/dev/ui", s.devUI)
	box := dev.Group(s.mailboxOnly)
	box.Get("/dev/mailbox", s.showMailbox)
	box.Get("/dev/mailbox/:mail", s.showMail)
	box.Get("/dev/mailbox/:mail/html", s.showMailHTML)
}
