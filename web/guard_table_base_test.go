package web_test

// baseLines: health, assets, public pages, and development.
func (h *house) baseLines() lines {
	wall := "/@" + h.slug
	work := wall + "/" + h.hung.Slug + "-" + h.hung.PublicID
	shared := func(path string, status int) line { return line{path: path, status: all(status), shared: true} }
	return lines{
		"GET /livez": open("/livez"), "GET /readyz": open("/readyz"), "GET /up": open("/up"), "GET /robots.txt": open("/robots.txt"),
		"GET /assets/*": open("/assets/app.css"), "GET /favicon.ico": shared("/favicon.ico", moved),
		"GET /m/:media/:name": members("/m/"+h.media.String()+"/w320.jpg", ok).visitors(none),

		"GET /":                       open("/"),
		"GET /explore":                open("/explore"),
		"GET /explore/feed.atom":      open("/explore/feed.atom"),
		"GET /t/:tag":                 open("/t/ridge"),
		"GET /t/:tag/feed.atom":       open("/t/ridge/feed.atom"),
		"GET /search":                 open("/search?q=ridge"),
		"GET /@:studio":               open(wall),
		"GET /@:studio/":              shared(wall+"/", moved),
		"GET /@:studio/feed.atom":     open(wall + "/feed.atom"),
		"GET /@:studio/:work":         open(work),
		"GET /@:studio/:work/":        shared(work+"/", moved),
		"GET /dev/ui":                 anybody("/dev/ui", ok),
		"GET /dev/mailbox":            anybody("/dev/mailbox", ok),
		"GET /dev/mailbox/:mail":      anybody("/dev/mailbox/"+h.mail.String(), ok),
		"GET /dev/mailbox/:mail/html": anybody("/dev/mailbox/"+h.mail.String()+"/html", ok),
	}
}
