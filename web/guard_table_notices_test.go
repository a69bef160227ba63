package web_test

// noticeLines: what people are told, what they want to hear, and the links that
// end mails, which work for everybody who has one.
func (h *house) noticeLines() lines {
	const nobody = "018f0000-0000-7000-8000-000000000000"
	return lines{
		"GET /notifications":               signedIn("/notifications", ok),
		"POST /notifications/read":         signedIn("/notifications/read", to).with("until", "2026-01-02T15:04:05Z"),
		"POST /notifications/:notice/read": signedIn("/notifications/"+nobody+"/read", to).with(),
		"GET /notifications/settings":      signedIn("/notifications/settings", ok),
		"POST /notifications/settings":     signedIn("/notifications/settings", invalid).with(),
		"GET /unsubscribe/:token":          anybody("/unsubscribe/none", none),
		"POST /unsubscribe/:token":         anybody("/unsubscribe/none", none).with(),
	}
}
