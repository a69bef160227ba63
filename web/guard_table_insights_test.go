package web_test

import (
	"github.com/google/uuid"
)

// insightLines: how a studio does, and what tells it.
func (h *house) insightLines() lines {
	at := "/studio/" + h.slug + "/analytics"
	gone := at + "/reports/" + uuid.NewString()
	return lines{
		"POST /b/:stamp":                                    anybody("/b/none", 204).with(),
		"GET /b/:stamp":                                     anybody("/b/none.gif", ok),
		"GET /studio/:slug/analytics":                       members(at, ok).secrets(),
		"POST /studio/:slug/analytics/reports":              members(at+"/reports", invalid).with("idempotency_key", "short", "days", "7"),
		"GET /studio/:slug/analytics/reports/:report":       members(gone, none),
		"GET /studio/:slug/analytics/reports/:report/print": members(gone+"/print", none),
		"GET /studio/:slug/analytics/reports/:report/:file": members(gone+"/days.csv", none),
	}
}
