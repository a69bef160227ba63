package app

import (
	"vitrine/app/accounts/closing"
	"vitrine/app/archive"
	"vitrine/app/platform/db"
	"vitrine/app/works"
)

// buildArchive makes what lets people leave and arrive. Requests ask on the
// app's handle; jobs do the work on the worker's, and they alone read mails.
func (p *product) buildArchive(d *db.DB, c contexts) *archive.Service {
	conf := archive.Config{
		DB: d, Outbox: p.outbox, Blobs: p.blobs, Accounts: closing.New(d, p.outbox, p.recent.Dropping()),
		Studios: c.studios, Media: c.media, Works: c.works, Search: c.search, Log: p.log,
	}
	if d == p.worker {
		conf.Mails, conf.Moderation, conf.Engagement, conf.Notices = p.notifications, c.moderation, c.engagement, p.notices
		// Whoever imports answers for the words of the archive, so no gate looks at them.
		conf.Works = works.New(d, p.outbox, c.media)
	}
	return archive.New(conf)
}
