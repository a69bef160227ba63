// Package app puts Vitrine together. This file is the composition root: the
// only place that knows every context, and where a switch picks an
// implementation.
package app

import (
	"context"
	"net/url"
	"time"

	"vitrine/app/accounts"
	"vitrine/app/analytics"
	"vitrine/app/analytics/ranking"
	"vitrine/app/demo"
	"vitrine/app/engagement"
	"vitrine/app/engagement/sources"
	"vitrine/app/feed"
	"vitrine/app/media"
	"vitrine/app/moderation"
	"vitrine/app/notifications"
	"vitrine/app/notifications/notices"
	"vitrine/app/platform/bus"
	"vitrine/app/platform/cdn"
	"vitrine/app/platform/clock"
	"vitrine/app/platform/db"
	"vitrine/app/platform/mail"
	"vitrine/app/platform/queue"
	"vitrine/app/platform/sessioncache"
	"vitrine/app/platform/telemetry"
	"vitrine/app/search"
	"vitrine/app/studios"
	"vitrine/app/works"
	"vitrine/jobs"
	"vitrine/web"
)

// contexts is one set of services on one database handle. There are two: one
// for requests, which row-level security binds, and one for jobs.
type contexts struct {
	accounts   *accounts.Service
	studios    *studios.Service
	media      *media.Service
	works      *works.Service
	beside     beside
	engagement *engagement.Service
	sources    *sources.Service
	feed       *feed.Service
	search     *search.Service
	analytics  *analytics.Service
	ranking    *ranking.Service
	moderation *moderation.Service
}

// product is everything that one process runs.
type product struct {
	*infra
	roles         roles
	base          *url.URL
	outbox        *bus.Outbox
	forWeb        contexts
	forJobs       contexts
	notifications *notifications.Service
	notices       *notices.Service // of jobs
	demo          *demo.Service
	views         *analytics.Recorder
	queue         queue.Queue
	jobs          *jobs.Runner
	health        *telemetry.Health
	web           *web.Server
}

// newProduct builds the product on its infrastructure, for a process that runs
// these roles; commands run none. Nothing is reached and nothing runs yet.
func newProduct(i *infra, r roles) (_ *product, err error) {
	p := &product{infra: i, roles: r, outbox: bus.NewOutbox()}
	p.outbox.Hint(i.void)
	if p.base, err = url.Parse(i.conf.BaseURL); err != nil {
		return nil, err
	}
	if p.forWeb, err = p.build(i.app, i.recent); err != nil {
		return nil, err
	}
	if p.forJobs, err = p.build(i.worker, i.recent.Dropping()); err != nil {
		return nil, err
	}
	p.health = telemetry.NewHealth(i.log, append([]telemetry.Check{
		{Name: "database", Run: i.app.Ping},
		{Name: "files", Run: i.blobs.Check},
		{Name: "media tools", Run: i.tools.Check},
	}, i.redisCheck()...)...)
	if err := p.buildJobs(); err != nil {
		return nil, err
	}
	p.buildViews()
	if err := p.buildWeb(); err != nil {
		return nil, err
	}
	p.meter()
	return p, nil
}

// build makes the contexts in their published order: each knows those before it.
func (p *product) build(d *db.DB, recent *sessioncache.Cache) (c contexts, err error) {
	if c.studios, err = studios.New(studios.Config{DB: d, Outbox: p.outbox, Recent: recent}); err != nil {
		return c, err
	}
	// accounts is lower than studios: it only asks that somebody founds one.
	if c.accounts, err = accounts.New(accounts.Config{DB: d, Outbox: p.outbox, Studios: c.studios, Secret: p.secret, Recent: recent}); err != nil {
		return c, err
	}
	c.studios.AskAbout(c.accounts)
	c.media, err = media.New(media.Config{DB: d, Outbox: p.outbox, Blobs: p.blobs, Tools: p.tools, Dir: p.dir.uploads(), PublicURL: p.conf.picturesAt(), Log: p.log})
	if err != nil {
		return c, err
	}
	p.onClose(func(context.Context) error { return c.media.Close() })
	c.works = works.New(d, p.outbox, c.media)
	if c.beside, err = newBeside(d, p.outbox, c, p.secret); err != nil {
		return c, err
	}
	// media is lower than works: it only asks that somebody hangs a new file.
	c.media.AttachTo(c.works)
	c.engagement, err = engagement.New(engagement.Config{DB: d, Outbox: p.outbox, Accounts: c.accounts, Studios: c.studios, Works: c.works})
	if err != nil {
		return c, err
	}
	c.sources = sources.New(d, c.studios, c.works)
	c.feed, err = feed.Open(feed.Config{Kind: p.conf.Switches["FEED"], Sources: c.sources, Works: c.works, Studios: c.studios})
	if err != nil {
		return c, err
	}
	c.analytics = p.analytics(d, c)
	c.search = search.New(d, c.works, c.studios)
	if c.ranking, err = ranking.New(ranking.Config{DB: d, Works: c.works, Studios: c.studios, Engagement: c.engagement}); err != nil {
		return c, err
	}
	c.moderation, err = moderation.New(moderation.Config{DB: d, Outbox: p.outbox, Accounts: c.accounts, Studios: c.studios, Works: c.works, Comments: c.engagement, Collections: c.beside.collections})
	if err != nil {
		return c, err
	}
	// Both are lower than moderation: works only asks whether somebody looks
	// first, and engagement whether words are spam.
	c.works.GuardWith(c.moderation)
	c.engagement.GuardWith(c.moderation)
	return c, nil
}

// buildJobs makes what happens later.
func (p *product) buildJobs() (err error) {
	sender, err := mail.Open(mail.Config{Kind: p.conf.Mail, URL: p.conf.SMTPURL, From: p.conf.MailFrom, Log: p.log})
	if err != nil {
		return err
	}
	p.notifications, err = notifications.New(notifications.Config{
		DB: p.worker, Outbox: p.outbox, Accounts: p.forJobs.accounts, Studios: p.forJobs.studios, Sender: sender, BaseURL: p.base, Log: p.log,
	})
	if err != nil {
		return err
	}
	if p.notices, err = p.buildNotices(p.worker, p.forJobs); err != nil {
		return err
	}
	if err := p.buildDemo(); err != nil {
		return err
	}
	network, err := cdn.Open(p.conf.network())
	if err != nil {
		return err
	}
	handlers := jobs.Handlers{
		Retention: jobs.Retention{DB: p.worker, Views: p.forJobs.analytics, Accounts: p.forJobs.accounts, Mails: p.notifications, Notices: p.notices, Errors: p.errors, Prints: p.forJobs.moderation, Studios: p.forJobs.studios},
		Media:     jobs.Media{Service: p.forJobs.media},
		Works:     jobs.Works{Service: p.forJobs.works, Sitemap: p.forJobs.beside.sitemap},
		Analytics: jobs.Analytics{Service: p.forJobs.analytics}, Engagement: p.forJobs.engagement, Sources: p.forJobs.sources,
		Search: p.forJobs.search, Ranking: p.forJobs.ranking,
		Mails:      p.notifications,
		Notices:    jobs.Notices{Service: p.notices, Moderation: p.forJobs.moderation, Studios: p.forJobs.studios, Works: p.forJobs.works},
		Demo:       p.demo,
		Moderation: jobs.Moderation{Service: p.forJobs.moderation, Studios: p.forJobs.studios, Works: p.forJobs.works, Mails: p.notifications},
		Live:       jobs.Live{Pages: p.live, Studios: p.forJobs.studios, Log: p.log},
		Cache:      jobs.Cache{Kept: p.cache},
		CDN:        jobs.CDN{Network: network},
		Archive:    jobs.Archive{Service: p.buildArchive(p.worker, p.forJobs)},
	}
	p.queue, err = queue.Open(queue.Config{
		Kind: p.conf.Switches["DELIVERY"], RedisURL: p.conf.RedisURL, DB: p.worker, Outbox: p.outbox,
		Subscriptions: handlers.Subscriptions(), Concurrency: map[string]int{queue.Media: p.conf.MediaWorkers, queue.Bulk: bulkTasks},
		Drain: p.conf.Drain, Log: p.log, Metrics: p.metrics.Registry, Tracer: p.traces.Tracer("jobs"),
		Failed: p.taskFailed,
	})
	if err != nil {
		return err
	}
	p.metrics.Registry.MustRegister(queue.Depths(p.queue))
	p.jobs, err = jobs.New(jobs.Config{
		Queue: p.queue, DB: p.worker, Outbox: p.outbox, Schedules: jobs.Schedules(), Deadline: p.conf.Drain + 5*time.Second, Log: p.log,
	})
	return err
}

// buildDemo makes what fills an empty house. Its works stand on a handle with a
// calendar of its own, because they are dated back.
func (p *product) buildDemo() error {
	calendar := &demo.Calendar{}
	dated, err := p.openHandle("demo", db.RoleWorker, demoPool, workerQuery, calendar.Now)
	if err != nil {
		return err
	}
	p.demo = demo.New(demo.Config{
		DB: p.worker, Outbox: p.outbox, Accounts: p.forJobs.accounts, Studios: p.forJobs.studios, Media: p.forJobs.media, Engage: p.forJobs.engagement, Notices: p.notices, Views: p.forJobs.analytics,
		Works: works.New(dated, p.outbox, p.forJobs.media), Collections: p.forJobs.beside.collections, Calendar: calendar, Temp: p.dir.temp(), Log: p.log,
	})
	return nil
}

// buildWeb makes what people meet.
func (p *product) buildWeb() error {
	proxies, err := p.conf.proxies()
	if err != nil {
		return err
	}
	box, err := p.conf.glass()
	if err != nil {
		return err
	}
	desk, err := p.buildAdmin()
	if err != nil {
		return err
	}
	told, err := p.buildNotices(p.app, p.forWeb)
	if err != nil {
		return err
	}
	p.web, err = web.New(
		web.Config{BaseURL: p.base, MediaURL: p.conf.MediaURL, TrustedProxies: proxies, Dev: p.conf.Dev, Contact: p.conf.Contact, Log: p.log, Clock: clock.System, Limits: p.limits, Places: p.conf.places(), Glass: box, Cache: p.cache, Build: p.pagesOf()},
		web.Services{
			Accounts: p.forWeb.accounts, Studios: p.forWeb.studios, Media: p.forWeb.media, Works: p.forWeb.works, Collections: p.forWeb.beside.collections, Links: p.forWeb.beside.links, Sitemap: p.forWeb.beside.sitemap, Analytics: p.forWeb.analytics, Views: p.views, Engagement: p.forWeb.engagement, Feed: p.forWeb.feed, Search: p.forWeb.search, Ranking: p.forWeb.ranking, Moderation: p.forWeb.moderation,
			Mails: p.notifications, Notices: told, Archive: p.buildArchive(p.app, p.forWeb), Metrics: p.metrics, Traces: p.traces, Health: p.health, Demo: p.demo, Admin: desk, Live: p.live,
		})
	if err != nil {
		return err
	}
	p.metrics.Registry.MustRegister(p.web.Rooms(), p.web.Live())
	return nil
}
