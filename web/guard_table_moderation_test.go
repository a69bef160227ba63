package web_test

// moderationLines: what moderators see and decide.
func (h *house) moderationLines() lines {
	const nobody = "01890a5d-ac96-774b-bcce-b302099a8057"
	return lines{
		"GET /admin/moderation":               roots("/admin/moderation", ok).secrets(),
		"GET /admin/moderation/:review":       roots("/admin/moderation/"+nobody, none),
		"POST /admin/moderation/:review":      roots("/admin/moderation/"+nobody, to).with("decision", "approve", "version", "1"),
		"GET /admin/users":                    roots("/admin/users", ok).secrets(),
		"GET /admin/users/:user":              roots("/admin/users/"+nobody, none),
		"POST /admin/users/:user/suspend":     roots("/admin/users/"+nobody+"/suspend", to).with("reason", "Nobody is nobody.").proof(),
		"POST /admin/users/:user/restore":     roots("/admin/users/"+nobody+"/restore", to).with().proof(),
		"GET /admin/studios":                  roots("/admin/studios", ok).secrets(),
		"GET /admin/studios/:studio":          roots("/admin/studios/"+nobody, none),
		"POST /admin/studios/:studio/suspend": roots("/admin/studios/"+nobody+"/suspend", to).with("reason", "None is none.").proof(),
		"POST /admin/studios/:studio/restore": roots("/admin/studios/"+nobody+"/restore", to).with().proof(),
	}
}
