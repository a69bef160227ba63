package app

import (
	"vitrine/app/notifications/notices"
	"vitrine/app/platform/db"
)

// buildNotices makes what tells people what others did. Requests read on the
// app's handle; jobs write on the worker's, and they alone write mails.
func (p *product) buildNotices(d *db.DB, c contexts) (*notices.Service, error) {
	conf := notices.Config{
		DB: d, Outbox: p.outbox, Accounts: c.accounts, Studios: c.studios, Works: c.works, Media: c.media, Engagement: c.engagement,
		Live: p.live, Secret: p.secret, Log: p.log,
	}
	if d == p.worker {
		conf.Post = p.notifications
	}
	return notices.New(conf)
}
