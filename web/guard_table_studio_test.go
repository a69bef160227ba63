package web_test

import "vitrine/app/platform/idem"

// studioLines: dashboards, works, files, settings.
func (h *house) studioLines() lines {
	studio, key := "/studio/"+h.slug, idem.NewKey()
	draft := studio + "/works/" + h.draft.PublicID
	up := studio + "/uploads/"
	at := up + h.upload.String()
	// Uploads are spoken to by scripts: a visitor is told, not led to a page.
	files := func(path string, status int) line { return editors(path, status).visitors(who) }
	return lines{
		"GET /studio":                 signedIn("/studio", to),
		"GET /studios/new":            signedIn("/studios/new", ok),
		"POST /studios/new":           signedIn("/studios/new", invalid).with(),
		"GET /studio/:slug/settings":  admins(studio+"/settings", ok),
		"POST /studio/:slug/settings": admins(studio+"/settings", invalid).with("version", "1"),

		"GET /studio/:slug":                       members(studio+"?state=draft", ok).secrets(),
		"GET /studio/:slug/new":                   editors(studio+"/new", to),
		"GET /studio/:slug/new/:key":              editors(studio+"/new/"+key, ok),
		"GET /studio/:slug/new/:key/files":        editors(studio+"/new/"+key+"/files", ok),
		"POST /studio/:slug/new/:key":             editors(studio+"/new/"+key, to).with(),
		"GET /studio/:slug/works/:work":           editors(draft, ok).secrets(),
		"GET /studio/:slug/works/:work/files":     editors(draft+"/files", ok).secrets(),
		"POST /studio/:slug/works/:work":          editors(draft, to).with(),
		"GET /studio/:slug/media/:media/original": members(studio+"/media/"+h.media.String()+"/original", ok).secrets(),

		"GET /studio/:slug/uploads/":            files(up, none),
		"HEAD /studio/:slug/uploads/":           files(up, none),
		"POST /studio/:slug/uploads/":           files(up, missing),
		"PATCH /studio/:slug/uploads/":          files(up, none),
		"DELETE /studio/:slug/uploads/":         files(up, none),
		"OPTIONS /studio/:slug/uploads/":        files(up, ok),
		"GET /studio/:slug/uploads/:upload":     files(at, none),
		"HEAD /studio/:slug/uploads/:upload":    files(at, ok),
		"POST /studio/:slug/uploads/:upload":    files(at, none),
		"PATCH /studio/:slug/uploads/:upload":   files(at, missing),
		"DELETE /studio/:slug/uploads/:upload":  files(at, missing),
		"OPTIONS /studio/:slug/uploads/:upload": files(at, ok),
	}
}
