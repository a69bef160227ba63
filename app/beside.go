package app

import (
	"vitrine/app/platform/bus"
	"vitrine/app/platform/db"
	"vitrine/app/works/collections"
	"vitrine/app/works/links"
	"vitrine/app/works/sitemap"
)

// beside is what works has beside its walls: parts of the same context in
// packages of their own.
type beside struct {
	collections *collections.Service
	links       *links.Service
	sitemap     *sitemap.Service
}

func newBeside(d *db.DB, outbox *bus.Outbox, c contexts, secret string) (b beside, err error) {
	b.collections, b.sitemap = collections.New(d, outbox, c.media), sitemap.New(d, c.studios)
	b.links, err = links.New(links.Config{DB: d, Works: c.works, Media: c.media, Secret: secret})
	return b, err
}
