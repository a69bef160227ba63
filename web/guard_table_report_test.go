package web_test

// reportLines: who reports, who reads what was decided, and who keeps whom away.
func (h *house) reportLines() lines {
	const nobody = "01890a5d-ac96-774b-bcce-b302099a8057"
	return lines{
		"GET /report":                               anybody("/report", ok),
		"POST /report":                              anybody("/report", invalid).with("at", "/nowhere"),
		"GET /report/takedown":                      anybody("/report/takedown", ok),
		"POST /report/takedown":                     anybody("/report/takedown", invalid).with("at", "/nowhere"),
		"GET /me/blocks":                            signedIn("/me/blocks", ok),
		"GET /me/blocks/new":                        signedIn("/me/blocks/new?comment=abcdefghijkm", none),
		"POST /me/blocks":                           signedIn("/me/blocks", none).with("how", "block", "comment", "abcdefghijkm"),
		"POST /me/blocks/remove":                    signedIn("/me/blocks/remove", to).with("how", "block", "subject", nobody),
		"GET /me/reports":                           signedIn("/me/reports", ok),
		"POST /me/reports/:action":                  signedIn("/me/reports/"+nobody, none).with("words", "No."),
		"GET /studio/:slug/reports":                 members("/studio/"+h.slug+"/reports", ok).secrets(),
		"POST /studio/:slug/reports/:action":        editors("/studio/"+h.slug+"/reports/"+nobody, none).with("words", "No."),
		"GET /admin/moderation/reports":             roots("/admin/moderation/reports", ok).secrets(),
		"GET /admin/moderation/answers":             roots("/admin/moderation/answers", ok).secrets(),
		"GET /admin/moderation/reports/:complaint":  roots("/admin/moderation/reports/"+nobody, none),
		"POST /admin/moderation/reports/:complaint": roots("/admin/moderation/reports/"+nobody, to).with("measure", "dismissed"),
		"POST /admin/moderation/reports/:complaint/answers/:action": roots("/admin/moderation/reports/"+nobody+"/answers/"+nobody, to).with("outcome", "kept", "answer", "So."),
	}
}
