package web_test

// adminLines: what those who run the installation see and do. Their pages need
// no proof of who one is; acts that take something away are confirmed in place.
func (h *house) adminLines() lines {
	const nobody = "01890a5d-ac96-774b-bcce-b302099a8057"
	return lines{
		"POST /demo/fill":   roots("/demo/fill", none).with(), // there is none in this house
		"POST /demo/remove": roots("/demo/remove", none).with(),

		"GET /admin":                        roots("/admin", ok).secrets(),
		"GET /admin/errors":                 roots("/admin/errors", ok).secrets(),
		"GET /admin/errors/:error":          roots("/admin/errors/"+nobody, none),
		"POST /admin/errors/:error/resolve": roots("/admin/errors/"+nobody+"/resolve", none).with(),
		"POST /admin/errors/:error/reopen":  roots("/admin/errors/"+nobody+"/reopen", none).with(),
		"GET /admin/jobs":                   roots("/admin/jobs", ok).secrets(),
		"GET /admin/jobs/:task":             roots("/admin/jobs/"+nobody, none),
		"POST /admin/jobs/:task/replay":     roots("/admin/jobs/"+nobody+"/replay", to).with(),
		"POST /admin/jobs/:task/drop":       roots("/admin/jobs/"+nobody+"/drop", to).with("reason", "Nobody wants it."),
		"POST /admin/jobs/replay":           roots("/admin/jobs/replay", to).with("event", "works.published.v1", "subscriber", "search.index"),
		"GET /admin/mails":                  roots("/admin/mails", ok).secrets(),
		"GET /admin/mails/:mail":            roots("/admin/mails/"+nobody, none),
		"POST /admin/mails/:mail/resend":    roots("/admin/mails/"+nobody+"/resend", to).with(),
		"GET /admin/audit":                  roots("/admin/audit", ok).secrets(),
	}
}
