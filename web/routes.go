package web

import (
	"vitrine/app/kept"
	"vitrine/app/platform/limit"
	"vitrine/app/studios"
	"vitrine/web/caching"
	"vitrine/web/site"
)

// routes is the whole public port, read from top to bottom: every URL, with its
// guards named once per group. Admit and Limit say which room holds a request
// and which class counts it; whatever makes a page has both. Caches says what
// caches may do with an answer; where it is not said, nobody keeps it.
func (s *Server) routes(r *site.Router) {
	s.plainRoutes(r)
	s.fileRoutes(r)
	s.adminRoutes(r.Group(s.Apart, s.Limit(limit.Dynamic)))
	s.apiRoutes(r)
	pages := r.Group(s.Admit(site.Pages), s.Limit(limit.Dynamic))
	s.publicRoutes(pages)
	s.doorRoutes(pages)
	s.reportRoutes(pages)
	s.meRoutes(pages)
	s.memberRoutes(pages)
	s.engageRoutes(pages)
	s.outsideRoutes(pages)
	s.docsRoutes(pages)
	s.devRoutes(pages)
}

func (s *Server) plainRoutes(r *site.Router) {
	// Health and assets: no session, no database, never refused.
	r.Get("/livez", s.livez)
	r.Get("/readyz", s.readyz)
	r.Get("/up", s.up)
	r.Caches(caching.Asset).Get("/assets/*", s.asset)
	r.Caches(caching.Fixed).Get("/favicon.ico", s.favicon)
	r.Caches(caching.Fixed).Get("/robots.txt", s.robots)

	// Pages that are looked at tell it. No session, no database: no room can be full.
	seen := r.Group(s.Limit(limit.Beacon), s.Unwritten)
	seen.Post("/b/:stamp", s.insights.Beacon)
	seen.Get("/b/:stamp", s.insights.Pixel)
}

// outsideRoutes lead to works by other ways than the walls: collections, links
// for those who have them, and what other sites and search engines ask for.
func (s *Server) outsideRoutes(r *site.Router) {
	public := r.Group(s.InTime).Caches(caching.Page)
	held := public.Group(s.Kept()) // for visitors, see app/kept
	held.Get("/@:studio/c", s.collect.Index)
	held.Get("/@:studio/c/:collection", s.collect.Show)
	public.Get("/embed/:id", s.embed.Show) // the only page that other sites may frame
	lists := public.Caches(caching.List)
	lists.Get("/oembed", s.embed.OEmbed)
	lists.Get("/sitemap.xml", s.sitemap.Index)
	lists.Get("/sitemap-:page", s.sitemap.Show)

	linked := r.Group(s.InTime, s.Unshared, s.share.Private) // a secret stands in the address
	linked.Get("/s/:token", s.share.Show)
	linked.Group(s.Limit(limit.Login)).Post("/s/:token", s.share.Unlock)
	linked.Get("/s/:token/:work", s.share.ShowWork)

	studio := r.Group(s.InTime, s.SignedIn, s.InStudio)
	studio.Get("/studio/:slug/collections", s.collect.List)
	studio.Get("/studio/:slug/collections/new", s.collect.ShowNew)
	studio.Post("/studio/:slug/collections/new", s.collect.New)
	studio.Get("/studio/:slug/collections/:collection", s.collect.ShowEdit)
	studio.Post("/studio/:slug/collections/:collection", s.collect.Edit)
	studio.Get("/studio/:slug/collections/:collection/add", s.collect.ShowAdd)
	studio.Post("/studio/:slug/collections/:collection/add", s.collect.Add)
	studio.Post("/studio/:slug/collections/:collection/delete", s.collect.Delete)
	studio.Post("/studio/:slug/collections/:collection/works/:work", s.collect.Do)
	studio.Get("/studio/:slug/links", s.share.List)
	studio.Post("/studio/:slug/links", s.share.Make)
	studio.Post("/studio/:slug/links/:link/revoke", s.share.Revoke)
}

// Files: renditions with their own rules on who sees them, uploads by the tus
// protocol, the compose form. They take as long as the line is slow.
func (s *Server) fileRoutes(r *site.Router) {
	out := r.Group(s.Admit(site.Files), s.Limit(limit.Files))
	out.Caches(caching.Picture).Get("/m/:media/:name", s.showMedia)
	out.Group(s.Unshared, s.share.Private).Get("/s/:token/m/:media/:name", s.share.File)
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
	ask.Get("/studio/:slug/analytics/reports/:report", s.insights.ShowReport)

	// What happens, for pages that are open: a connection, or questions.
	hear := r.Group(s.Admit(site.Pages), s.Limit(limit.Live), s.InTime, s.SignedIn)
	hear.Get("/live", s.live.Socket)
	hear.Get("/live/poll", s.live.Poll)
}

// The JSON API: programs, bearer tokens alone, errors of its own. Whatever stands
// here stands in web/api/openapi.json.
func (s *Server) apiRoutes(r *site.Router) {
	api := r.Group(s.Admit(site.Pages), s.Limit(limit.Sessions), s.InTime, s.api.Caller, s.Limit(limit.API)).Caches(caching.Program)
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

	ask := r.Group(s.Limit(limit.Sessions)).Caches(caching.Fixed) // what may be asked: no token, no database
	ask.Options("/api/v1/works", s.api.Options)
	ask.Options("/api/v1/works/:id", s.api.Options)
	ask.Options("/api/v1/search", s.api.Options)
	ask.Options("/api/v1/media", s.api.Options)
	ask.Options("/api/v1/media/:id", s.api.Options)
	ask.Options("/api/v1/openapi.json", s.api.Options)
}

// Public pages: everybody's, canonical addresses, ids in them.
func (s *Server) publicRoutes(r *site.Router) {
	public := r.Group(s.InTime).Caches(caching.Page)
	held := public.Group(s.Kept()) // for visitors, see app/kept
	held.Get("/", s.home)
	held.Get("/explore", s.explore)
	feeds := public.Caches(caching.List)
	feeds.Get("/explore/feed.atom", s.exploreFeed)
	held.Get("/explore/popular", s.discover.ShowPopular)
	held.Get("/leaderboard", s.discover.ShowBoard)
	held.Get("/t/:tag", s.tag)
	feeds.Get("/t/:tag/feed.atom", s.tagFeed)
	public.Group(s.Limit(limit.Search), s.Kept(kept.Found.Param)).Get("/search", s.discover.ShowSearch)
	held.Get("/@:studio", s.showStudio)
	public.Get("/@:studio/", s.showStudio)
	feeds.Get("/@:studio/feed.atom", s.studioFeed)
	held.Get("/@:studio/:work", s.showWork)
	public.Get("/@:studio/:work/", s.showWork)
}

// Doors: setup, sign-up, login, reset. Forms, keys and links: never kept.
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
	door.Get("/unsubscribe/:token", s.notices.ShowUnsubscribe)
	door.Post("/unsubscribe/:token", s.notices.Unsubscribe)
	door.Get("/me/address/undone", s.me.ShowUndone)
	door.Get("/me/address/undo/:token", s.me.ShowUndo)
	door.Post("/me/address/undo/:token", s.me.Undo)
}

// What somebody says is wrong with a work, a comment or a studio, and what its
// author reads and answers. Forms that anybody may send.
func (s *Server) reportRoutes(r *site.Router) {
	open := r.Group(s.InTime, s.Unshared)
	open.Get("/report", s.report.ShowReport)
	open.Get("/report/takedown", s.report.ShowTakedown)
	sent := open.Group(s.Limit(limit.Report))
	sent.Post("/report", s.report.Report)
	sent.Group(s.Limit(limit.Mail), s.Limit(limit.AllMail)).Post("/report/takedown", s.report.Takedown) // it mails whoever is named

	me := r.Group(s.InTime, s.SignedIn)
	me.Get("/me/blocks", s.report.ShowBlocks)
	me.Get("/me/blocks/new", s.report.ShowBlock)
	me.Post("/me/blocks", s.report.Block)
	me.Post("/me/blocks/remove", s.report.Unblock)
	me.Get("/me/reports", s.report.ShowMyReports)
	me.Post("/me/reports/:action", s.report.AnswerMine)

	studio := r.Group(s.InTime, s.SignedIn, s.InStudio)
	studio.Get("/studio/:slug/reports", s.report.ShowStudioReports)
	studio.Post("/studio/:slug/reports/:action", s.report.AnswerStudio)
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

	// What one is told, and what one wants to hear.
	me.Get("/notifications", s.notices.Show)
	me.Post("/notifications/read", s.notices.ReadAll)
	me.Post("/notifications/:notice/read", s.notices.ReadOne)
	me.Get("/notifications/settings", s.notices.ShowSettings)
	me.Post("/notifications/settings", s.notices.Settings)

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
	member.Get("/feed", s.follows.Show)
	member.Get("/me/following", s.follows.ShowStudios)
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
	studio.Get("/studio/:slug/analytics", s.insights.Show)
	studio.Post("/studio/:slug/analytics/reports", s.insights.Ask)
	studio.Get("/studio/:slug/analytics/reports/:report/print", s.insights.Print)
	studio.Get("/studio/:slug/analytics/reports/:report/:file", s.insights.Fetch)
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

// What people do with works and studios of others. Each act is a form that names
// what shall be, and an answer to a script where one asks.
func (s *Server) engageRoutes(r *site.Router) {
	public := r.Group(s.InTime).Caches(caching.Page)
	public.Get("/@:studio/:work/comments", s.engage.ShowComments)
	public.Get("/@:studio/:work/comments/:comment", s.engage.ShowThread)

	act := r.Group(s.InTime, s.SignedIn)
	act.Post("/@:studio/follow", s.engage.Follow)
	act.Post("/@:studio/unfollow", s.engage.Unfollow)
	act.Post("/@:studio/:work/like", s.engage.Like)
	act.Post("/@:studio/:work/unlike", s.engage.Unlike)
	act.Post("/@:studio/:work/bookmark", s.engage.Bookmark)
	act.Post("/@:studio/:work/unbookmark", s.engage.Unbookmark)
	act.Get("/me/bookmarks", s.engage.ShowBookmarks)
	act.Get("/@:studio/:work/comments/:comment/edit", s.engage.ShowEdit)
	act.Post("/@:studio/:work/comments/:comment/delete", s.engage.Delete)
	say := act.Group(s.Limit(limit.Comment))
	say.Post("/@:studio/:work/comments", s.engage.Comment)
	say.Post("/@:studio/:work/comments/:comment/edit", s.engage.Edit)

	studio := act.Group(s.InStudio)
	studio.Get("/studio/:slug/comments", s.engage.ShowStudioComments)
	studio.Post("/studio/:slug/comments/:comment/delete", s.engage.DeleteOfStudio)
	studio.Post("/studio/:slug/comments/close/:work", s.engage.CloseComments)
	studio.Post("/studio/:slug/comments/open/:work", s.engage.OpenComments)
}

// How Vitrine was decided, and how its pages are made.
func (s *Server) docsRoutes(r *site.Router) {
	public := r.Group(s.InTime).Caches(caching.Page)
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
	admin.Get("/admin/moderation/reports", s.admin.ShowReports)
	admin.Get("/admin/moderation/reports/:complaint", s.admin.ShowHearing)
	admin.Post("/admin/moderation/reports/:complaint", s.admin.Act)
	admin.Post("/admin/moderation/reports/:complaint/answers/:action", s.admin.Rule)
	admin.Get("/admin/moderation/answers", s.admin.ShowAnswers)
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
